"""How a stack asks the handlers of its resources: whatever goes wrong, it is told; and with the tags of the stack."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

from emulator.aws.errors import DroppedError
from emulator.cloudformation import errors
from emulator.cloudformation.difference import Way, way
from emulator.cloudformation.functions import text
from emulator.cloudformation.sentences import TemplateError
from emulator.cloudformation.stacks import Resource
from emulator.registry.handler import FAILED, SUCCESS, HandlerError, Progress, Properties, ResourceType, Schema
from emulator.registry.schema import can, resolved, tags_property

log = logging.getLogger(__name__)

Find = Callable[[str], "ResourceType | None"]


def attempt(act: Callable[[], Progress]) -> Progress:
    """Let a handler act; whatever goes wrong is a progress that failed, and says why."""
    try:
        return act()
    except HandlerError as error:
        return Progress(FAILED, code=error.code, message=error.message)
    except TemplateError as error:
        return Progress(FAILED, message=error.message)
    except DroppedError:
        return Progress(FAILED, code="NetworkFailure", message=errors.DROPPED())
    except Exception as error:
        log.exception("a handler failed")
        return Progress(FAILED, code="InternalFailure", message=errors.INTERNAL(error=error))


def removed(act: Callable[[], Progress]) -> Progress:
    """Let a handler delete; what is not there any more is as good as deleted."""
    progress = attempt(act)
    return Progress(SUCCESS) if progress.code == "NotFound" else progress


@runtime_checkable
class Deep(Protocol):
    """A type whose resources are made from more than their properties say."""

    def same(self, identifier: str, properties: Properties) -> bool:
        """Say whether a resource is what its properties come to by now."""


def unlike(kind: ResourceType, one: Resource, properties: Properties) -> bool:
    """Say whether a resource is not what its properties come to by now, the same as they may be."""
    return isinstance(kind, Deep) and not kind.same(one.physical, given(kind.schema, properties, one.tags))


def course(kind: ResourceType, old: Resource, new: Resource) -> Way:
    """Return how a resource becomes what it is to be; a type that cannot be updated has another one created."""
    schema = kind.schema
    found = way(schema, old.properties, new.properties)
    if found is Way.SAME and (unlike(kind, old, new.properties) or (old.tags != new.tags and tags_property(schema))):
        found = Way.UPDATE
    if found is Way.UPDATE and "handlers" in schema and not can(schema, "update"):
        found = Way.REPLACE
    return found


# --- What a handler is given ------------------------------------------------------------------------------------------


def given(schema: Schema, properties: Properties, tags: Mapping[str, str]) -> Properties:
    """Return properties as a handler is given them: with the types of the schema, and the tags of the stack."""
    return tagged(schema, typed(schema, schema, properties), tags)


def typed(schema: Schema, node: Schema, value: Any) -> Any:
    """Return a value with the JSON types of its schema: in a template a number may be text, and text a number."""
    node = resolved(schema, node)
    if isinstance(value, dict):
        known, more = node.get("properties", {}), _more(node)
        return {name: typed(schema, known.get(name, more), one) for name, one in value.items()}
    if isinstance(value, list):
        return [typed(schema, node.get("items", {}), one) for one in value]
    wanted = node.get("type")
    if isinstance(value, str):
        return _READ.get(wanted, str)(value) if isinstance(wanted, str) else value
    return text(value) if wanted == "string" and isinstance(value, bool | int | float) else value


def _more(node: Schema) -> Schema:
    said = [*node.get("patternProperties", {}).values(), node.get("additionalProperties")]
    return next((one for one in said if isinstance(one, dict)), {})


def _number(value: str) -> Any:
    try:
        return float(value) if "." in value or "e" in value.lower() else int(value)
    except ValueError:
        return value


_READ: Mapping[str, Callable[[str], Any]] = {
    "integer": _number,
    "number": _number,
    "boolean": lambda value: {"true": True, "false": False}.get(value.lower(), value),
}


# --- The tags of a stack ----------------------------------------------------------------------------------------------


def tagged(schema: Schema, properties: Properties, tags: Mapping[str, str]) -> Properties:
    """Return properties with the tags of a stack added; those that the template says itself take precedence."""
    name = tags_property(schema)
    if not tags or name is None:
        return properties
    own = properties.get(name)
    if isinstance(own, dict) or (own is None and _is_map(schema, name)):
        return {**properties, name: {**tags, **(own or {})}}
    own = own or []
    keys = {tag.get("Key") for tag in own if isinstance(tag, dict)}
    added = [{"Key": key, "Value": value} for key, value in tags.items() if key not in keys]
    return {**properties, name: [*own, *added]}


def untagged(schema: Schema, properties: Properties, tags: Mapping[str, str], wished: Properties) -> Properties:
    """Return what was read without the tags that only the stack, or AWS itself, has put there."""
    name = tags_property(schema)
    if name is None or name not in properties:
        return properties
    said, own = properties[name], wished.get(name)
    if isinstance(said, dict):
        keep: Any = {key: said[key] for key in said if key in (own or {}) or not _added(key, said[key], tags)}
    else:
        keys = {tag.get("Key") for tag in own or ()}
        keep = [tag for tag in said if tag.get("Key") in keys or not _added(tag.get("Key"), tag.get("Value"), tags)]
    rest = {key: value for key, value in properties.items() if key != name}
    return {**rest, name: keep} if keep or own is not None else rest


def _added(key: Any, value: Any, tags: Mapping[str, str]) -> bool:
    return str(key).startswith("aws:") or tags.get(key) == value


def _is_map(schema: Schema, name: str) -> bool:
    return resolved(schema, schema["properties"][name]).get("type") == "object"
