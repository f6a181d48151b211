"""What identifies a resource of a type: as properties, and as the one text that clients pass around."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from emulator.registry import errors
from emulator.registry.handler import HandlerError, Properties
from emulator.registry.schema import Pointer, Schema, at, pointer, pointers, put

SEPARATOR = "|"


def identifier(schema: Schema, properties: Mapping[str, Any]) -> str | None:
    """Return the primary identifier as text, its values in the schema's order; None if one of them is missing."""
    values = [at(properties, steps) for steps in pointers(schema, "primaryIdentifier")]
    return SEPARATOR.join(str(found[0]) for found in values) if all(values) else None


def only(schema: Schema, properties: Mapping[str, Any]) -> Properties:
    """Return of some properties those of the primary identifier alone."""
    return _of(pointers(schema, "primaryIdentifier"), properties)


def parsed(schema: Schema, text: str) -> Properties:
    """Return the properties that an identifier stands for: those of the primary one, or of an additional one.

    Written as JSON, an identifier names its properties, by name or by pointer, in any order; only so can it be an
    additional one. HandlerError if it is neither.
    """
    steps = pointers(schema, "primaryIdentifier")
    said = _json(text)
    if said is None:
        values = text.split(SEPARATOR, len(steps) - 1)
        if len(values) < len(steps):
            raise _invalid(schema, text)
        said = {"/".join(one): value for one, value in zip(steps, values, strict=True)}
    found: Properties = {}
    for name, value in said.items():
        put(found, pointer(name) if name.startswith("/properties/") else tuple(name.split("/")), value)
    ways = [steps, *([pointer(one) for one in way] for way in schema.get("additionalIdentifiers", ()))]
    if not any(len(way) == len(said) and all(at(found, one) for one in way) for way in ways):
        raise _invalid(schema, text)
    return found


def _of(several: list[Pointer], properties: Mapping[str, Any]) -> Properties:
    found: Properties = {}
    for steps in several:
        for value in at(properties, steps):
            put(found, steps, value)
    return found


def _json(text: str) -> dict[str, Any] | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        said = json.loads(text)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _invalid(schema: Schema, text: str) -> HandlerError:
    sentence = errors.NO_IDENTIFIER(identifier=text, type=schema["typeName"])
    return HandlerError(errors.INVALID_REQUEST, errors.INVALID(reason=sentence))
