"""The schemas of the registry: where they are, and what can be read off one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

Pointer = tuple[str, ...]  # /properties/Device/DeviceName is ("Device", "DeviceName"); * stands for every element

Schema = Mapping[str, Any]

READ_ONLY, WRITE_ONLY, CREATE_ONLY = "readOnlyProperties", "writeOnlyProperties", "createOnlyProperties"


class Schemas(Mapping[str, Schema]):
    """Schemas by type name. One is parsed when it is first asked for."""

    def __init__(self, text: str) -> None:
        header, *lines = text.splitlines()
        self.header: dict[str, str] = json.loads(header)
        self._lines: dict[str, str] = dict(line.split("\t", 1) for line in lines)
        self._parsed: dict[str, Schema] = {}

    def __getitem__(self, name: str) -> Schema:
        try:
            return self._parsed[name]
        except KeyError:
            parsed: Schema = json.loads(self._lines[name])
            self._parsed[name] = parsed
            return parsed

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


@cache
def load(service: str) -> Schemas:
    """Return the schemas of a service's types that ship with the emulator."""
    return Schemas((Path(__file__).parent / "schemas" / f"{service}.schemas").read_text("utf-8"))


# --- What a schema says -----------------------------------------------------------------------------------------------


def resolved(schema: Schema, node: Schema) -> Schema:
    """Return what a part of a schema says, or what it refers to."""
    while "$ref" in node:
        found: Any = schema
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def pointers(schema: Schema, keyword: str) -> list[Pointer]:
    """Return the properties that a keyword lists: ``readOnlyProperties``, ``primaryIdentifier``."""
    return [pointer(text) for text in schema.get(keyword, ())]


def pointer(text: str) -> Pointer:
    """Return the steps of a property's pointer."""
    return tuple(step for step in text.split("/")[1:] if step not in ("properties", "items"))


def can(schema: Schema, action: str) -> bool:
    """Say whether a type has a handler: ``create``, ``read``, ``update``, ``delete``, ``list``."""
    return action in schema.get("handlers", {})


def tags_property(schema: Schema) -> str | None:
    """Return the property that holds the tags, if the type can carry any."""
    tagging = schema.get("tagging", {})
    if not tagging.get("taggable", "Tags" in schema["properties"]):
        return None
    return pointer(tagging.get("tagProperty", "/properties/Tags"))[0]


# --- Values at pointers -----------------------------------------------------------------------------------------------


def at(value: Any, steps: Pointer) -> list[Any]:
    """Return every value at a pointer; none where it leads nowhere."""
    if not steps:
        return [value]
    first, *rest = steps
    if first == "*" and isinstance(value, list):
        return [found for one in value for found in at(one, tuple(rest))]
    if isinstance(value, dict) and first in value:
        return at(value[first], tuple(rest))
    return []


def without(value: Any, steps: Pointer) -> Any:
    """Return a value without what is at a pointer; what it shares with the original is what has not changed."""
    first, *rest = steps
    if first == "*" and isinstance(value, list):
        return [without(one, tuple(rest)) for one in value] if rest else []
    if not isinstance(value, dict) or first not in value:
        return value
    if not rest:
        return {name: inner for name, inner in value.items() if name != first}
    return {**value, first: without(value[first], tuple(rest))}


def without_all(value: Any, several: list[Pointer]) -> Any:
    """Return a value without what is at any of several pointers."""
    for steps in several:
        value = without(value, steps)
    return value


def put(value: dict[str, Any], steps: Pointer, inner: Any) -> None:
    """Put something at a pointer, into structures that are made where there are none."""
    *way, last = steps
    for step in way:
        value = value.setdefault(step, {})
    value[last] = inner
