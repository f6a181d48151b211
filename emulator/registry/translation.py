"""Properties to members and back: one walk down a type's schema and the service model's shapes, side by side.

Where the two say the same thing in two ways, the walk knows both: a map is a list of Key and Value, a time is ISO text,
an object is JSON text. What a client reads has the very JSON type that the schema says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from emulator.aws.model import ServiceModel, Shape
from emulator.aws.wire import moment
from emulator.registry.schema import Schema, at, put, resolved


class Translation:
    """Between one type's properties and the members of one service.

    ``names`` maps paths of properties to the members that take their place where a shape has none of their name. A
    member may lie deeper, ``EndpointMetadata.EndpointName``; an empty one is the shape itself, whose members the
    property gathers.
    """

    def __init__(self, schema: Schema, model: ServiceModel, names: Mapping[str, str | tuple[str, ...]]) -> None:
        self._schema = schema
        self._model = model
        self._names = names

    def members(self, properties: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
        """Return properties as the members of a shape; those that it has no place for are left out."""
        sent: dict[str, Any] = self._sent(self._schema, shape, properties, "")
        return sent

    def properties(self, members: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
        """Return the members of a shape as properties; what the schema does not know is left out."""
        shown: dict[str, Any] = self._shown(self._schema, shape, members, "")
        return shown

    def destination(self, shape: Shape, path: str) -> str | None:
        """Return the member of a shape that stands for a property, or the path to it; None if it has none."""
        name = path.rpartition(".")[2].removesuffix("[]")
        if name in shape.members:
            return name
        others = self._names.get(path, ())
        others = (others,) if isinstance(others, str) else others
        return next((other for other in others if not other or other.partition(".")[0] in shape.members), None)

    def _inside(self, shape: Shape, path: str) -> Shape:
        """Return the shape that a path of members leads to."""
        for step in filter(None, path.split(".")):
            shape = self._model.shape(shape.members[step])
        return shape

    # --- To the service -----------------------------------------------------------------------------------------------

    def _sent(self, node: Schema, shape: Shape, value: Any, path: str) -> Any:
        node = resolved(self._schema, node)
        if shape.type == "structure":
            return self._structure_sent(node, shape, value, path)
        if shape.type == "map":
            return self._map_sent(node, shape, value, path)
        if shape.type == "list":
            member = self._model.shape(shape.member)
            if isinstance(value, dict):  # what there is one of here, there may be several of there
                return [self._sent(node, member, value, path)]
            if isinstance(value, list):
                return [self._sent(node.get("items", {}), member, one, f"{path}[]") for one in value]
            return value  # the service refuses it
        return _scalar_sent(node, shape, value)

    def _structure_sent(self, node: Schema, shape: Shape, value: Any, path: str) -> Any:
        if node.get("type") == "boolean":
            return {} if value else None
        if "properties" not in node or not isinstance(value, dict):
            return value
        sent: dict[str, Any] = {}
        for name, inner in self._known(node, value):
            inside = f"{path}.{name}" if path else name
            to = self.destination(shape, inside)
            if to is None:
                continue
            translated = self._sent(node["properties"][name], self._inside(shape, to), inner, inside)
            if not to:
                sent |= translated
            elif translated is not None:
                put(sent, tuple(to.split(".")), translated)
        return sent

    def _map_sent(self, node: Schema, shape: Shape, value: Any, path: str) -> Any:
        value = _parsed(value)
        inner = self._model.shape(shape.value)
        if isinstance(value, list):
            return {one["Key"]: self._sent({}, inner, one.get("Value"), path) for one in value}
        if not isinstance(value, dict):
            return value  # the service refuses it
        values = _values(node)
        return {key: self._sent(values, inner, one, f"{path}[]") for key, one in value.items()}

    # --- From the service ---------------------------------------------------------------------------------------------

    def _shown(self, node: Schema, shape: Shape, value: Any, path: str) -> Any:
        node = resolved(self._schema, node)
        if shape.type == "structure":
            return self._structure_shown(node, shape, value, path)
        if shape.type == "map":
            return self._map_shown(node, shape, value, path)
        if shape.type == "list":
            member = self._model.shape(shape.member)
            if "properties" in node:
                return self._shown(node, member, value[0], path) if value else None
            return [self._shown(node.get("items", {}), member, one, f"{path}[]") for one in value]
        return _scalar_shown(node, shape, value)

    def _structure_shown(self, node: Schema, shape: Shape, value: Any, path: str) -> Any:
        if node.get("type") == "boolean":
            return True
        if "properties" not in node:
            return value
        shown: dict[str, Any] = {}
        for name, inner in node["properties"].items():
            inside = f"{path}.{name}" if path else name
            to = self.destination(shape, inside)
            for found in () if to is None else at(value, tuple(filter(None, to.split(".")))):
                if found is not None:
                    shown[name] = self._shown(inner, self._inside(shape, str(to)), found, inside)
        return shown

    def _map_shown(self, node: Schema, shape: Shape, value: Any, path: str) -> Any:
        inner = self._model.shape(shape.value)
        if node.get("type") == "array":
            return [{"Key": key, "Value": self._shown({}, inner, one, path)} for key, one in value.items()]
        values = _values(node)
        return {key: self._shown(values, inner, one, f"{path}[]") for key, one in value.items()}

    # --- What nobody has a place for ----------------------------------------------------------------------------------

    def _known(self, node: Schema, value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        return ((name, inner) for name, inner in value.items() if name in node["properties"] and inner is not None)

    def homeless(self, shape: Shape) -> list[str]:
        """Return the paths of all properties that a shape has no place for."""
        return list(self._homeless(self._schema, shape, "", ()))

    def _homeless(self, node: Schema, shape: Shape, path: str, above: tuple[tuple[int, str], ...]) -> Iterator[str]:
        node = resolved(self._schema, node)
        if (id(node), shape.name) in above:
            return
        above = (*above, (id(node), shape.name))
        if shape.type == "list":
            several = node.get("type") == "array"
            inner = node.get("items", {}) if several else node
            yield from self._homeless(inner, self._model.shape(shape.member), path + "[]" * several, above)
        elif shape.type == "structure" and "properties" in node:
            for name, inner in node["properties"].items():
                inside = f"{path}.{name}" if path else name
                to = self.destination(shape, inside)
                if to is None:
                    yield inside
                else:
                    yield from self._homeless(inner, self._inside(shape, to), inside, above)


def _values(node: Schema) -> Schema:
    """Return what a schema says about the values of a map."""
    for inner in node.get("patternProperties", {}).values():
        said: Schema = inner
        return said
    more = node.get("additionalProperties")
    return more if isinstance(more, dict) else {}


def _parsed(value: Any) -> Any:
    """Return what a JSON text says; the text itself where it is none."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _scalar_sent(node: Schema, shape: Shape, value: Any) -> Any:
    if shape.type == "string" and node.get("type") != "string" and isinstance(value, (dict, list)):
        return as_text(value)
    if shape.type == "timestamp" and isinstance(value, str):
        return seconds(value)
    return _spelled(shape.enum, value)


def _scalar_shown(node: Schema, shape: Shape, value: Any) -> Any:
    wanted = node.get("type")
    if shape.type == "timestamp":
        return instant(value) if wanted == "string" else value
    if wanted == "object" and "properties" in node and isinstance(value, str):
        return json.loads(value)
    if wanted == "string" and not isinstance(value, str):
        return json.dumps(value)
    if wanted == "integer" and not isinstance(value, bool):
        return int(value)
    if wanted == "boolean" and isinstance(value, str):
        return value.lower() == "true"
    return _spelled(node.get("enum", ()), value)


def _spelled(choices: Sequence[Any], value: Any) -> Any:
    """Return a value as one of some choices, where they differ by case and no more: ``IPV4`` is ``ipv4`` elsewhere."""
    if value in choices or not isinstance(value, str):
        return value
    return next((one for one in choices if str(one).lower() == value.lower()), value)


def as_text(document: Any) -> str:
    """Return a document as JSON, as the service is sent it."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


def instant(moment: float) -> str:
    """Return a time as Java prints one: with as many thirds of digits behind the second as it needs."""
    thousandths = round(moment * 1000)
    text = datetime.fromtimestamp(thousandths // 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{thousandths % 1000:03}Z" if thousandths % 1000 else f"{text}Z"


def seconds(text: str) -> Any:
    """Return an ISO text as seconds since 1970; a text that is none is left to the service to refuse."""
    try:
        return moment(text)
    except ValueError:
        return text
