"""A resource type of the tests' own, for lives that no real type leads on demand: slow, failing, undeletable."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from emulator.engine.emulator import Emulator
from emulator.registry.handler import (
    FAILED,
    IN_PROGRESS,
    SUCCESS,
    Caller,
    HandlerError,
    Page,
    Progress,
    Properties,
    ResourceType,
    Wish,
)

NAME = "Made::Up::Thing"


SCHEMA: dict[str, Any] = {
    "typeName": NAME,
    "properties": {
        "Name": {"type": "string"},
        "Value": {"type": "string"},
        "Perhaps": {"type": "string"},
        "Count": {"type": "integer"},
        "Secret": {"type": "string"},
        "Fails": {"type": "string"},
        "Seconds": {"type": "integer"},
        "Tags": {"type": "array", "items": {"type": "object"}},
        "Id": {"type": "string"},
    },
    "additionalProperties": False,
    "primaryIdentifier": ["/properties/Id"],
    "createOnlyProperties": ["/properties/Name"],
    "conditionalCreateOnlyProperties": ["/properties/Perhaps"],
    "readOnlyProperties": ["/properties/Id"],
    "writeOnlyProperties": ["/properties/Secret"],
    "tagging": {"taggable": True, "tagProperty": "/properties/Tags"},
    "handlers": {"create": {}, "read": {}, "update": {}, "delete": {}, "list": {}},
}


class Thing:
    """Things live in the memory of the test. ``Fails`` names the action that fails, ``Seconds`` how long each takes."""

    name = NAME
    schema = SCHEMA

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self.there: dict[str, Properties] = {}
        self.wishes: list[Wish] = []
        self._until: dict[str, float] = {}

    def create(self, caller: Caller, wish: Wish) -> Progress:
        self.wishes.append(wish)
        ident = wish.name
        if wish.properties.get("Fails") == "refuse":
            raise HandlerError("InvalidRequest", "No such thing.")
        self.there[ident] = {**wish.properties, "Id": ident}
        return self._begin(ident, "create")

    def update(self, caller: Caller, identifier: str, previous: Properties, wish: Wish) -> Progress:
        self.wishes.append(wish)
        self._known(identifier)
        if "another" in (wish.properties.get("Perhaps"), wish.properties.get("Value")):
            raise HandlerError("NotUpdatable", "Another thing might be that.")
        if wish.properties.get("Fails") == "update":
            raise HandlerError("NotStabilized", "It will not change.")
        self.there[identifier] = {**wish.properties, "Id": identifier}
        return self._begin(identifier, "update")

    def delete(self, caller: Caller, identifier: str) -> Progress:
        if self._known(identifier).get("Fails") == "delete":
            raise HandlerError("ResourceConflict", "It will not go.")
        return self._begin(identifier, "delete")

    def look(self, caller: Caller, action: str, identifier: str) -> Progress:
        if self._emulator.clock.now() < self._until[identifier]:
            return Progress(IN_PROGRESS, identifier)
        if action == "DELETE":
            del self.there[identifier]
        elif self.there[identifier].get("Fails") == action.lower():
            return Progress(FAILED, identifier, "NotStabilized", "It came to nothing.")
        return Progress(SUCCESS, identifier)

    def read(self, caller: Caller, identifier: str) -> Properties:
        return {name: value for name, value in self._known(identifier).items() if name != "Secret"}

    def list(self, caller: Caller, model: Properties, token: str | None, size: int | None) -> Page:
        return Page([{"Id": ident} for ident in self.there])

    def _known(self, identifier: str) -> Properties:
        if identifier not in self.there:
            raise HandlerError("NotFound", f"There is no {identifier}.")
        return self.there[identifier]

    def _begin(self, ident: str, action: str) -> Progress:
        seconds = int(self.there[ident].get("Seconds", 0))
        self._until[ident] = self._emulator.clock.now() + seconds
        return Progress(IN_PROGRESS, ident)


class Supplier:
    """Who has the type."""

    def __init__(self, thing: Thing) -> None:
        self.thing = thing

    def names(self) -> Iterable[str]:
        return [NAME]

    def find(self, name: str) -> ResourceType | None:
        return self.thing if name == NAME else None


def template(outputs: dict[str, Any] | None = None, /, **resources: Any) -> dict[str, Any]:
    """Return a template of things: each by its properties, ``After`` what it depends on, ``With`` what else is said."""
    made = {}
    for logical, said in resources.items():
        properties = {name: value for name, value in said.items() if name not in ("After", "With")}
        made[logical] = {"Type": NAME, "Properties": properties, **said.get("With", {})}
        if "After" in said:
            made[logical]["DependsOn"] = said["After"]
    return {"Resources": made, **({"Outputs": outputs} if outputs else {})}
