"""Properties to members and back: one walk down a type's schema and the service model's shapes, side by side.

Where the two say the same thing in two ways, the walk knows both: a map is a list of Key and Value, a time is ISO text,
an object is JSON text. What a client reads has the very JSON type that the schema says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from emulator.aws.model import ServiceModel, Shape
from emulator.registry.schema import Schema, resolved

Walk = Callable[[Schema, Shape, Any, str], Any]


class Translation:
    """Between one type's properties and the members of one service. ``names`` maps paths of properties to members."""

    def __init__(self, schema: Schema, model: ServiceModel, names: Mapping[str, str]) -> None:
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
        other = self._names.get(path)
        return other if other is not None and other.partition(".")[0] in shape.members else None

    # --- To the service -----------------------------------------------------------------------------------------------

    def _sent(self, node: Schema, shape: Shape, value: Any, path: str) -> Any:
        node = resolved(self._schema, node)
        if shape.type == "structure":
            return self._structure_sent(node, shape, value, path)
        if shape.type == "map":
            return self._map_sent(node, shape, value, path)
        if shape.type == "list" and isinstance(value, list):
            member = self._model.shape(shape.member)
            return [self._sent(node.get("items", {}), member, one, f"{path}[]") for one in value]
        return _scalar_sent(shape, value)

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
            *way, last = to.split(".")
            holder, at = sent, shape
            for step in way:
                holder, at = holder.setdefault(step, {}), self._model.shape(at.members[step])
            translated = self._sent(node["properties"][name], self._model.shape(at.members[last]), inner, inside)
            if translated is not None:
                holder[last] = translated
        return sent

    def _map_sent(self, node: Schema, shape: Shape, value: Any, path: str) -> Any:
        if isinstance(value, str):
            value = json.loads(value)
        inner = self._model.shape(shape.value)
        if isinstance(value, list):
            return {one["Key"]: self._sent({}, inner, one["Value"], path) for one in value}
        values = _values(node)
        return {key: self._sent(values, inner, one, f"{path}[]") for key, one in value.items()}

    # --- From the service ---------------------------------------------------------------------------------------------

    def _shown(self, node: Schema, shape: Shape, value: Any, path: str) -> Any:
        node = resolved(self._schema, node)
        if shape.type == "structure":
            return self._structure_shown(node, shape, value, path)
        if shape.type == "map":
            return self._map_shown(node, shape, value, path)
        if shape.type == "list" and isinstance(value, list):
            member = self._model.shape(shape.member)
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
            found, at = self._found(shape, value, to) if to else (None, shape)
            if found is not None:
                shown[name] = self._shown(inner, at, found, inside)
        return shown

    def _found(self, shape: Shape, value: Any, path: str) -> tuple[Any, Shape]:
        for step in path.split("."):
            value = None if value is None else value.get(step)
            shape = self._model.shape(shape.members[step])
        return value, shape

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
            yield from self._homeless(node.get("items", {}), self._model.shape(shape.member), f"{path}[]", above)
        elif shape.type == "structure" and "properties" in node:
            for name, inner in node["properties"].items():
                inside = f"{path}.{name}" if path else name
                to = self.destination(shape, inside)
                if to is None:
                    yield inside
                else:
                    at = shape
                    for step in to.split("."):
                        at = self._model.shape(at.members[step])
                    yield from self._homeless(inner, at, inside, above)


def _values(node: Schema) -> Schema:
    """Return what a schema says about the values of a map."""
    for inner in node.get("patternProperties", {}).values():
        said: Schema = inner
        return said
    more = node.get("additionalProperties")
    return more if isinstance(more, dict) else {}


def _scalar_sent(shape: Shape, value: Any) -> Any:
    if shape.type == "string" and isinstance(value, (dict, list)):
        return as_text(value)
    if shape.type == "timestamp" and isinstance(value, str):
        return seconds(value)
    return value


def _scalar_shown(node: Schema, shape: Shape, value: Any) -> Any:
    wanted = node.get("type")
    if shape.type == "timestamp":
        return instant(value) if wanted == "string" else value
    if wanted == "object" and isinstance(value, str):
        return json.loads(value)
    if wanted == "string" and not isinstance(value, str):
        return json.dumps(value)
    if wanted == "integer" and not isinstance(value, bool):
        return int(value)
    if wanted == "boolean" and isinstance(value, str):
        return value.lower() == "true"
    return value


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
        parsed = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return text
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)).timestamp()
