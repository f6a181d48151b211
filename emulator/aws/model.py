"""The service model: which operations there are, and the shapes they take and give.

Read from a compact text file that ``make model`` generates from botocore's (one shape a line, no documentation).
A shape's line is looked for and parsed when the shape is first asked for, so starting costs no more than the reading.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson


class Shape(NamedTuple):
    """One type of the model. ``members`` maps names to shape names; bounds count characters, elements or units."""

    name: str
    type: str
    members: Mapping[str, str] = MappingProxyType({})
    required: tuple[str, ...] = ()
    member: str = ""
    key: str = ""
    value: str = ""
    min: float | None = None
    max: float | None = None
    pattern: str | None = None
    enum: tuple[str, ...] = ()
    sensitive: bool = False
    union: bool = False
    token: str = ""  # the member that makes a call idempotent


class Operation(NamedTuple):
    """One operation: the names of its input and output shapes, and the errors it declares."""

    name: str
    input: str
    output: str | None
    errors: tuple[str, ...]


class ServiceModel:
    """One service, read from its compact file."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        middle = text.index(b"\n")
        self._begin = text.index(b"\n", middle + 1) + 1  # of the shapes' lines, which are in the order of their names
        header, operations = text[:middle], text[middle : self._begin]
        self.metadata: dict[str, Any] = orjson.loads(header)
        self.operations: dict[str, Operation] = {
            name: Operation(name, takes, gives, tuple(errors))
            for name, (takes, gives, errors) in orjson.loads(operations).items()
        }
        self._shapes: dict[str, Shape] = {}

    @cached_property
    def targets(self) -> Mapping[str, str]:
        """The operations, by what a request says it is aimed at."""
        return {f"{self.metadata['target']}.{name}": name for name in self.operations}

    def shape(self, name: str) -> Shape:
        """Return the shape of that name; KeyError if the model has none."""
        try:
            return self._shapes[name]
        except KeyError:
            said = orjson.loads(self._line(name))
            said["required"] = tuple(said.get("required", ()))
            said["enum"] = tuple(said.get("enum", ()))
            shape = self._shapes[name] = Shape(name, **said)
            return shape

    def input(self, operation: str) -> Shape:
        """Return what an operation takes."""
        return self.shape(self.operations[operation].input)

    def output(self, operation: str) -> Shape | None:
        """Return what an operation gives, or None where the answer has no body."""
        output = self.operations[operation].output
        return None if output is None else self.shape(output)

    def shapes(self) -> Iterator[Shape]:
        """Yield every shape of the model."""
        lines = self._text[self._begin :].splitlines()
        return (self.shape(line.partition(b"\t")[0].decode()) for line in lines)

    def _line(self, name: str) -> bytes:
        """Return what the line of a shape says; KeyError if there is none."""
        wanted, places = name.encode(), range(self._begin, len(self._text))
        place = bisect_left(places, wanted, key=lambda place: self._at(place)[0])
        found, line = self._at(self._begin + place)
        if found != wanted:
            raise KeyError(name)
        return line

    def _at(self, place: int) -> tuple[bytes, bytes]:
        """Return the name of the shape whose line a place in the text is in, and what the line says of it."""
        begin = self._text.rfind(b"\n", 0, place) + 1
        name, _, said = self._text[begin : self._text.find(b"\n", place)].partition(b"\t")
        return name, said

    @property
    def statuses(self) -> Mapping[str, int]:
        """The HTTP status of those modelled errors, by code, that have another one than 400."""
        return self.metadata.get("statuses", {})  # type: ignore[no-any-return] # the header says so

    @property
    def modelled_errors(self) -> frozenset[str]:
        """The error codes that the model declares; all others come from the framework around the service."""
        return frozenset(self.metadata["errors"])


@cache
def load(service: str) -> ServiceModel:
    """Return the model of a service that ships with the emulator."""
    return ServiceModel((Path(__file__).parent / "models" / f"{service}.model").read_bytes())


def operations() -> set[str]:
    """Return the operations of every service whose model ships with the emulator; no shape is looked at."""
    found: set[str] = set()
    for path in (Path(__file__).parent / "models").glob("*.model"):
        with path.open(encoding="utf-8") as lines:
            next(lines)
            found |= orjson.loads(next(lines)).keys()
    return found
