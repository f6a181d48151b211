"""Whether properties are what a type's schema asks for; if not, all that is wrong with them, in AWS's words.

CloudFormation and Cloud Control check with the same validator before a handler is called. It hides the values of what
it refuses, so that secrets stay secret: then only the keyword is told.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from emulator.aws import java
from emulator.aws.errors import Sentence
from emulator.registry.schema import Schema, resolved

_JAVA = "the validator of resource schemas, in Java"

EXTRANEOUS = Sentence("{at}: extraneous key [{name}] is not permitted", "A", "recorded from Cloud Control")
MISTYPED = Sentence("{at}: expected type: {wanted}, found: {found}", "A", "recorded from Cloud Control")
ABSENT = Sentence("{at}: required key [{name}] not found", "B", _JAVA)
UNMET = Sentence("{at}: failed validation constraint for keyword [{keyword}]", "A", _JAVA)
TOO_LONG = Sentence("{at}: expected maxLength: {bound}, actual: {actual}", "B", _JAVA)
TOO_SHORT = Sentence("{at}: expected minLength: {bound}, actual: {actual}", "B", _JAVA)
TOO_MANY = Sentence("{at}: expected maximum item count: {bound}, found: {actual}", "B", _JAVA)
TOO_FEW = Sentence("{at}: expected minimum item count: {bound}, found: {actual}", "B", _JAVA)
TWICE = Sentence("{at}: array items are not unique", "B", _JAVA)
TOO_LARGE = Sentence("{at}: maximum size: [{bound}], found: [{actual}]", "B", _JAVA)
TOO_SMALL = Sentence("{at}: minimum size: [{bound}], found: [{actual}]", "B", _JAVA)
NOT_ONE = Sentence("{at}: #: {matched} subschemas matched instead of one", "B", _JAVA)
NOT_ANY = Sentence("{at}: #: no subschema matched out of the total {total} subschemas", "B", _JAVA)

REFUSED = Sentence("Model validation failed ({faults})", "A", "recorded from Cloud Control")

_WANTED = {
    "string": "String",
    "integer": "Integer",
    "number": "Number",
    "boolean": "Boolean",
    "array": "JSONArray",
    "object": "JSONObject",
    "null": "Null",
}
_FOUND = {bool: "Boolean", str: "String", int: "Integer", float: "BigDecimal", list: "JSONArray", dict: "JSONObject"}
_Faults = Iterator[str]


def validate(schema: Schema, properties: Any) -> list[str]:
    """Return all faults of properties; none if they are what the schema asks for."""
    return list(_faults(schema, schema, properties, "#"))


def _faults(schema: Schema, node: Schema, value: Any, at: str) -> _Faults:
    node = resolved(schema, node)
    wanted = node.get("type")
    if wanted is not None and not any(_is(value, one) for one in _several(wanted)):
        yield _mistyped(wanted, value, at)
        return
    for keyword, check in _CHECKS.items():
        if keyword in node:
            yield from check(node[keyword], value, at)
    if isinstance(value, dict):
        yield from _object_faults(schema, node, value, at)
    elif isinstance(value, list) and "items" in node:
        for number, one in enumerate(value):
            yield from _faults(schema, node["items"], one, f"{at}/{number}")
    yield from _combined(schema, node, value, at)


def _object_faults(schema: Schema, node: Schema, value: Mapping[str, Any], at: str) -> _Faults:
    for name in node.get("required", ()):
        if name not in value:
            yield ABSENT(at=at, name=name)
    named, patterns = node.get("properties", {}), node.get("patternProperties", {})
    more = node.get("additionalProperties", True)
    for name, inner in value.items():
        inside = f"{at}/{name}"
        fitting = [said for pattern, said in patterns.items() if java.compile(pattern).search(name)]
        if name in named:
            yield from _faults(schema, named[name], inner, inside)
        for said in fitting:
            yield from _faults(schema, said, inner, inside)
        if name not in named and not fitting:
            if more is False:
                yield EXTRANEOUS(at=at, name=name)
            elif isinstance(more, dict):
                yield from _faults(schema, more, inner, inside)


def _combined(schema: Schema, node: Schema, value: Any, at: str) -> _Faults:
    for part in node.get("allOf", ()):
        yield from _faults(schema, part, value, at)
    if "anyOf" in node:
        tried = [list(_faults(schema, part, value, at)) for part in node["anyOf"]]
        if all(tried):
            yield NOT_ANY(at=at, total=len(tried))
    if "oneOf" in node:
        tried = [list(_faults(schema, part, value, at)) for part in node["oneOf"]]
        matched = sum(not faults for faults in tried)
        if matched != 1:
            yield NOT_ONE(at=at, matched=matched)
            yield from (fault for faults in tried for fault in faults if not matched)


# --- One value --------------------------------------------------------------------------------------------------------


def _several(wanted: str | list[str]) -> list[str]:
    return [wanted] if isinstance(wanted, str) else wanted


def _is(value: Any, wanted: str) -> bool:
    found = _found(value)
    return found == _WANTED[wanted] or (wanted == "number" and found in ("Integer", "BigDecimal"))


def _found(value: Any) -> str:
    """Return the name of a value's type, as Java's JSON has it."""
    return "Null" if value is None else _FOUND[type(value)]


def _mistyped(wanted: str | list[str], value: Any, at: str) -> str:
    if isinstance(wanted, list):
        return NOT_ANY(at=at, total=len(wanted))
    return MISTYPED(at=at, wanted=_WANTED[wanted], found=_found(value))


def _unmet(keyword: str, holds: Callable[[Any, Any], bool], kinds: tuple[type, ...]) -> Callable[..., _Faults]:
    """Return the check of a keyword of which only the name is told."""

    def check(bound: Any, value: Any, at: str) -> _Faults:
        if isinstance(value, kinds) and not isinstance(value, bool) and not holds(bound, value):
            yield UNMET(at=at, keyword=keyword)

    return check


def _sized(kind: type, sentence: Sentence, holds: Callable[[int, int], bool]) -> Callable[..., _Faults]:
    """Return the check of a keyword that limits how large something is."""

    def check(bound: int, value: Any, at: str) -> _Faults:
        if isinstance(value, kind) and not holds(bound, len(value)):  # type: ignore[arg-type] # these have a length
            yield sentence(at=at, bound=bound, actual=len(value))  # type: ignore[arg-type] # likewise

    return check


def _unique(wanted: bool, value: Any, at: str) -> _Faults:
    if wanted and isinstance(value, list):
        seen = [json.dumps(one, sort_keys=True) for one in value]
        if len(set(seen)) < len(seen):
            yield TWICE(at=at)


def _enumerated(allowed: list[Any], value: Any, at: str) -> _Faults:
    if not any(type(value) is type(one) and value == one for one in allowed):
        yield UNMET(at=at, keyword="enum")


def _at_most(bound: float, value: float) -> bool:
    return value <= bound


def _at_least(bound: float, value: float) -> bool:
    return value >= bound


_NUMBERS = (int, float)
_CHECKS: dict[str, Callable[..., _Faults]] = {
    "minLength": _sized(str, TOO_SHORT, _at_least),
    "maxLength": _sized(str, TOO_LONG, _at_most),
    "pattern": _unmet("pattern", lambda pattern, value: java.compile(pattern).search(value) is not None, (str,)),
    "enum": _enumerated,
    "minimum": _unmet("minimum", _at_least, _NUMBERS),
    "maximum": _unmet("maximum", _at_most, _NUMBERS),
    "multipleOf": _unmet("multipleOf", lambda bound, value: math.fmod(value, bound) == 0, _NUMBERS),
    "minItems": _sized(list, TOO_FEW, _at_least),
    "maxItems": _sized(list, TOO_MANY, _at_most),
    "uniqueItems": _unique,
    "minProperties": _sized(dict, TOO_SMALL, _at_least),
    "maxProperties": _sized(dict, TOO_LARGE, _at_most),
}
