"""Seeds: what is there from the start, as exported state or as the calls that a user would make."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from typing import Any, NoReturn, Protocol

from emulator.aws.errors import ServiceError
from emulator.engine import state
from emulator.engine.scope import Scope, Settings, check_place
from emulator.engine.state import Kept


class Seeded(Kept, Protocol):
    """What takes seeds: an emulator."""

    settings: Settings

    def at(self, account: str, region: str) -> AbstractContextManager[Scope]:
        """Give the scope of one call in a place, where nobody else reads or writes meanwhile."""


_BESIDE = ("account", "region")


def load(emulator: Seeded, document: str | Mapping[str, Any] | list[Any]) -> dict[str, int]:
    """Take in a seed or exported state, as JSON or YAML or as what these say; ValueError if it is refused.

    What is refused leaves nothing behind.
    """
    try:
        said = read(document) if isinstance(document, str) else document
        if isinstance(said, Mapping):
            return {"places": state.load(emulator, said)}
        if isinstance(said, list):
            return {"calls": _make(emulator, said)}
    except RecursionError:
        raise ValueError("This is deeper than anyone means it.") from None
    raise ValueError(f"Expected exported state (an object), or a list of calls, and not {str(said)[:40]!r}.")


def read(text: str) -> Any:
    """Return what JSON or YAML says."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except ValueError as error:
        if text.lstrip()[:1] in ("{", "["):
            raise ValueError(f"This is no whole JSON: {error}.") from error
    import yaml  # noqa: PLC0415 - only who writes YAML needs it

    try:
        return json.loads(json.dumps(yaml.safe_load(text), default=str))  # dates are texts
    except (yaml.YAMLError, TypeError) as error:
        raise ValueError(f"This is neither JSON nor YAML: {' '.join(str(error).split())}.") from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _make(emulator: Seeded, entries: list[Any]) -> int:
    """Make the calls of a seed, all or none, while nobody else is in the places that they are for."""
    asked = [_entry(emulator, number, entry) for number, entry in enumerate(entries, 1)]
    where = sorted({place for place, _, _ in asked})
    with emulator.store.together(*(emulator.store.place(*one) for one in where)), ExitStack() as entered:
        scopes = {one: entered.enter_context(emulator.at(*one)) for one in where}
        for number, (place, operation, params) in enumerate(asked, 1):
            try:
                scopes[place].call(operation, params)
            except ServiceError as error:
                why = f"{error.code}: {error.message}" if error.message else error.code
                raise ValueError(f"Entry {number}, {operation}, is refused. {why}") from error
    return len(asked)


def _entry(emulator: Seeded, number: int, entry: Any) -> tuple[tuple[str, str], str, dict[str, Any]]:
    """Return the place, the operation and the input of an entry."""
    operations = [name for name in entry if name not in _BESIDE] if isinstance(entry, Mapping) else []
    if len(operations) != 1:
        raise ValueError(f"Entry {number} is not one operation with its input, with account and region or without.")
    operation, settings = operations[0], emulator.settings
    if not isinstance(operation, str) or emulator.catalogue.find(operation) is None:
        raise ValueError(f"Entry {number} asks for {operation}, which is no operation that is answered.")
    if not isinstance(entry[operation] or {}, dict):
        raise ValueError(f"Entry {number}: the input of {operation} is not an object.")  # noqa: TRY004 - of what was said
    account, region = entry.get("account", settings.account), entry.get("region", settings.region)
    check_place(f"Entry {number}: ", account=account, region=region)
    return (account, region), operation, entry[operation] or {}
