"""Whether properties are what a type's schema asks for; if not, all that is wrong, in the words of AWS's validator.

AWS validates with a library that speaks of JSON as Java does, and hides what a message could betray of a value: only
for some keywords does it say what it expected.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from emulator.aws import java
from emulator.aws.errors import Sentence
from emulator.registry.schema import Schema, resolved

_SEEN = "AWS's validator of resource models, in public issues"
_SOURCE = "the library that AWS's validator is built on"

MISSING_KEY = Sentence("{at}: required key [{name}] not found", "A", _SEEN)
EXTRANEOUS_KEY = Sentence("{at}: extraneous key [{name}] is not permitted", "A", _SEEN)
WRONG_TYPE = Sentence("{at}: expected type: {wanted}, found: {found}", "A", _SEEN)
HIDDEN = Sentence("{at}: failed validation constraint for keyword [{keyword}]", "B", _SEEN)
TOO_SHORT = Sentence("{at}: expected minLength: {bound}, actual: {size}", "B", _SOURCE)
TOO_LONG = Sentence("{at}: expected maxLength: {bound}, actual: {size}", "B", _SOURCE)
TOO_FEW = Sentence("{at}: expected minimum item count: {bound}, found: {size}", "B", _SOURCE)
TOO_MANY = Sentence("{at}: expected maximum item count: {bound}, found: {size}", "B", _SOURCE)
NOT_UNIQUE = Sentence("{at}: array items are not unique", "B", _SOURCE)
TOO_SMALL = Sentence("{at}: minimum size: [{bound}], found: [{size}]", "B", _SOURCE)
TOO_BIG = Sentence("{at}: maximum size: [{bound}], found: [{size}]", "B", _SOURCE)
NONE_OF = Sentence("{at}: #: no subschema matched out of the total {count} subschemas", "B", _SOURCE)
NOT_ONE_OF = Sentence("{at}: #: {matched} subschemas matched instead of one", "B", _SOURCE)

Faults = Iterator[str]

_JAVA = {
    "string": "String",
    "boolean": "Boolean",
    "integer": "Integer",
    "number": "Number",
    "array": "JSONArray",
    "object": "JSONObject",
    "null": "Null",
}
_FOUND = {
    str: "String",
    bool: "Boolean",
    int: "Integer",
    float: "Double",
    list: "JSONArray",
    dict: "JSONObject",
    type(None): "Null",
}
_CLASSES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def faults(schema: Schema, properties: Any) -> list[str]:
    """Return all that is wrong with the properties of a resource."""
    return list(dict.fromkeys(_faults(schema, {"type": "object", **schema}, properties, "#")))


def _faults(schema: Schema, node: Schema, value: Any, at: str) -> Faults:
    node = resolved(schema, node)
    kinds = node.get("type", ())
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(value.__class__ in _CLASSES[kind] for kind in kinds):
        yield from _wrong_type(kinds, value, at)
        return
    look = _LOOKS.get(value.__class__)
    if look:
        yield from look(schema, node, value, at)
    if "enum" in node and value not in node["enum"]:
        yield HIDDEN(at=at, keyword="enum")
    yield from _combined(schema, node, value, at)


def _wrong_type(kinds: list[str], value: Any, at: str) -> Faults:
    if len(kinds) > 1:
        yield NONE_OF(at=at, count=len(kinds))
    for kind in kinds:
        yield WRONG_TYPE(at=at, wanted=_JAVA[kind], found=_FOUND[value.__class__])


def _object(schema: Schema, node: Schema, value: dict[str, Any], at: str) -> Faults:
    for name in node.get("required", ()):
        if name not in value:
            yield MISSING_KEY(at=at, name=name)
    yield from _bounds(node, len(value), at, minProperties=TOO_SMALL, maxProperties=TOO_BIG)
    known, patterns = node.get("properties", {}), node.get("patternProperties", {})
    for name, inner in value.items():
        within = f"{at}/{name}"
        matching = [said for pattern, said in patterns.items() if _found(pattern, name)]
        for said in [*matching, *([known[name]] if name in known else ())]:
            yield from _faults(schema, said, inner, within)
        if name not in known and not matching:
            more = node.get("additionalProperties", True)
            if more is False:
                yield EXTRANEOUS_KEY(at=at, name=name)
            elif isinstance(more, dict):
                yield from _faults(schema, more, inner, within)


def _array(schema: Schema, node: Schema, value: list[Any], at: str) -> Faults:
    yield from _bounds(node, len(value), at, minItems=TOO_FEW, maxItems=TOO_MANY)
    if node.get("uniqueItems") and len({json.dumps(one, sort_keys=True) for one in value}) < len(value):
        yield NOT_UNIQUE(at=at)
    for number, inner in enumerate(value if "items" in node else ()):
        yield from _faults(schema, node["items"], inner, f"{at}/{number}")


def _string(_: Schema, node: Schema, value: str, at: str) -> Faults:
    yield from _bounds(node, len(value), at, minLength=TOO_SHORT, maxLength=TOO_LONG)
    if "pattern" in node and not _found(node["pattern"], value):
        yield HIDDEN(at=at, keyword="pattern")


def _number(_: Schema, node: Schema, value: float, at: str) -> Faults:
    if value < node.get("minimum", value):
        yield HIDDEN(at=at, keyword="minimum")
    if value > node.get("maximum", value):
        yield HIDDEN(at=at, keyword="maximum")


def _bounds(node: Schema, size: int, at: str, **sentences: Sentence) -> Faults:
    for keyword, sentence in sentences.items():
        bound = node.get(keyword, size)
        if size < bound if keyword.startswith("min") else size > bound:
            yield sentence(at=at, bound=bound, size=size)


def _combined(schema: Schema, node: Schema, value: Any, at: str) -> Faults:
    for one in node.get("allOf", ()):
        yield from _faults(schema, one, value, at)
    for keyword in ("anyOf", "oneOf"):
        each = [list(_faults(schema, one, value, at)) for one in node.get(keyword, ())]
        matched = sum(not found for found in each)
        if each and matched != 1 and (keyword == "oneOf" or not matched):
            yield NONE_OF(at=at, count=len(each)) if keyword == "anyOf" else NOT_ONE_OF(at=at, matched=matched)
            yield from (fault for found in each for fault in found)


def _found(pattern: str, text: str) -> bool:
    return java.compile(pattern).search(text) is not None


_LOOKS: Mapping[type, Callable[[Schema, Schema, Any, str], Faults]] = {
    dict: _object,
    list: _array,
    str: _string,
    int: _number,
    float: _number,
}
