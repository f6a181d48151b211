"""All resource types there are: SageMaker's, and those that others supply."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from emulator.engine.emulator import Emulator
from emulator.engine.identity import snake
from emulator.registry import schema, types
from emulator.registry.departure import Departure
from emulator.registry.handler import ResourceType
from emulator.registry.kind_type import KindType


class Supplier(Protocol):
    """Who has types of other services."""

    def names(self) -> Iterable[str]:
        """Return the names of the types it has."""

    def find(self, name: str) -> ResourceType | None:
        """Return the type of that name; None if it has none."""


class Registry:
    """The resource types of one emulator: ``emulator.beside(Registry)``."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._schemas = schema.load(emulator.model.metadata["service"])
        self._types: dict[str, ResourceType] = {}
        self._suppliers: list[Callable[[], Supplier]] = []

    def supply(self, make: Callable[[], Supplier]) -> None:
        """Have types of other services come from someone, who is made when something not our own is asked for."""
        self._suppliers.append(cache(make))

    def find(self, name: str) -> ResourceType | None:
        """Return the type of that name; None if nobody has it."""
        if name not in self._types:
            if name in self._schemas:
                self._types[name] = KindType(self._emulator, self._schemas[name], departure(name))
            else:
                found = (supplier().find(name) for supplier in self._suppliers)
                return next((one for one in found if one is not None), None)
        return self._types[name]

    def names(self) -> list[str]:
        """Return the names of all types."""
        return sorted({*self._schemas, *(name for supplier in self._suppliers for name in supplier().names())})

    @property
    def schemas(self) -> Mapping[str, schema.Schema]:
        """The schemas of our own types, by name."""
        return self._schemas


def departure(name: str) -> Departure:
    """Return how a type departs from the rule; one that has no file of its own does not."""
    file = snake(name.rpartition("::")[2])
    if file not in _files():
        return Departure()
    return cast("Departure", import_module(f"{types.__name__}.{file}").TYPE)


@cache
def _files() -> frozenset[str]:
    return frozenset(module.name for module in iter_modules(types.__path__))
