"""Which operations a type's handlers call, and with what: read off its schema, its kind and the service model.

Nothing here calls.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

from emulator.aws import java
from emulator.aws.model import ServiceModel, Shape
from emulator.engine.catalogue import singulars
from emulator.engine.resource import Resource
from emulator.engine.store import Record
from emulator.registry.departure import Departure
from emulator.registry.handler import Properties, Schema
from emulator.registry.schema import CREATE_ONLY, WRITE_ONLY, pointers, tags_property
from emulator.registry.translation import Translation

_RANDOM = 13  # characters at the end of a name that tell it from others

Members = dict[str, Any]


class Whom(NamedTuple):
    """The resource that a call is about: as the client called it, as the service calls it, and as it is kept."""

    identifier: str
    key: Members
    record: Record

    @property
    def phase(self) -> str:
        """Where in its life it is; empty text where it has none."""
        return self.record.state.status if self.record.state else ""


class Operations:
    """The operations of one type."""

    def __init__(self, schema: Schema, departure: Departure, resource: Resource) -> None:
        self.resource = resource
        self.tags = tags_property(schema)
        self._schema = schema
        self._departure = departure
        self._model: ServiceModel = resource.model

    @cached_property
    def translation(self) -> Translation:
        """Between properties and members. Where a type says Arn and the kind says ActionArn, both know it."""
        kind, arn = self.resource.name, self.resource.arn_member
        said: dict[str, str | tuple[str, ...]] = {
            name: name.removeprefix(kind) for name in self._schema["properties"] if name.startswith(kind)
        }
        return Translation(
            self._schema, self._model, {**said, **({"Arn": arn} if arn else {}), **self._departure.names}
        )

    # --- What there is ------------------------------------------------------------------------------------------------

    def name(self, verb: str) -> str:
        """Return the operation that does a verb."""
        if verb == "List":
            return self._list
        return self._departure.operations.get(verb) or self.resource.operation(verb)

    @cached_property
    def _list(self) -> str:
        names = (name for name in self._model.operations if name.startswith("List"))
        return next(name for name in names if self.resource.name in singulars(name.removeprefix("List")))

    def takes(self, verb: str) -> Shape:
        """Return what a verb takes."""
        return self._model.input(self.name(verb))

    @property
    def updates(self) -> bool:
        """Whether there is an operation that updates the kind."""
        return self.name("Update") in self._model.operations

    @cached_property
    def described(self) -> Shape:
        """What is said of one resource."""
        output = self._model.output(self.name("Describe"))
        assert output is not None  # what describes something says something
        wrapped = self.resource.wrapped(output)
        return wrapped[1] if wrapped else output

    def unwrapped(self, answer: Members) -> Members:
        """Return what Describe's answer says of the resource."""
        output = self._model.output(self.name("Describe"))
        wrapped = self.resource.wrapped(output) if output else None
        return answer[wrapped[0]] if wrapped else answer

    def summaries(self, answer: Members) -> tuple[list[Any], Shape]:
        """Return what a list has, and of what shape each is."""
        output = self._model.output(self._list)
        assert output is not None  # what lists has an output
        shapes = {name: self._model.shape(inner) for name, inner in output.members.items()}
        name, listed = next((name, shape) for name, shape in shapes.items() if shape.type == "list")
        return answer[name], self._model.shape(listed.member)

    # --- What is sent -------------------------------------------------------------------------------------------------

    def params(self, verb: str, properties: Properties, present: Mapping[str, Any] | None = None) -> Members:
        """Return what a verb is to be told: properties as its members."""
        taken = {name: value for name, value in properties.items() if name not in self._departure.attributes}
        shape = self.takes(verb)
        params = self.translation.members(taken, shape)
        sending = self._departure.sending
        return sending(verb, params, properties, present or {}) if sending else params

    def creation(self, properties: Properties, name: str) -> Members:
        """Return what Create is to be told; a name that the client left out is taken from what was offered."""
        params = self.params("Create", properties)
        shape = self.takes("Create")
        for member in self.resource.keys[0]:
            if member in shape.required and member not in params and member not in self.resource.minted:
                params[member] = fitting(name, self._model.shape(shape.members[member]))
        return params

    def changes_by_update(self, name: str) -> bool:
        """Say whether an update can change a property."""
        departure = self._departure
        if name == self.tags or name in {*departure.attributes, *departure.seen_to, *departure.unsent}:
            return True
        if not self.updates:
            return False
        shape = self.takes("Update")
        member = self.translation.destination(shape, name)
        return member not in (None, *self.resource.identifying) or f"{name}ToAdd" in shape.members

    def changes(self, present: Properties, previous: Properties, wished: Properties) -> Members:
        """Return what Update is to be told: what is to be different, and what it always wants to know."""
        different = {
            name: value
            for name, value in wished.items()
            if value not in (previous.get(name), present.get(name)) and name not in {self.tags, *self._once}
        }
        removals = self._removals(previous, wished)
        if not (different or removals):
            return {}
        beside = {name: wished[name] for name in self._unread if name in wished}  # it says how to change the rest
        changed = removals | self.params("Update", {**beside, **different}, present)
        if not changed.keys() - self.resource.identifying:
            return {}
        everything = self.params("Update", wished, present)
        return {name: everything[name] for name in self.takes("Update").required if name in everything} | changed

    @cached_property
    def _unread(self) -> frozenset[str]:
        """Properties that nobody can read, other than those that only a creation is told."""
        return frozenset(steps[0] for steps in pointers(self._schema, WRITE_ONLY) if len(steps) == 1) - self._once

    @cached_property
    def _once(self) -> frozenset[str]:
        """Properties that only a creation is told and nobody can read again, such as a client's token."""
        written, created = (pointers(self._schema, keyword) for keyword in (WRITE_ONLY, CREATE_ONLY))
        return frozenset(path[0] for path in written if path in created)

    def _removals(self, previous: Properties, wished: Properties) -> Members:
        """Return what takes away what is no longer wished, in the ways that the kind knows."""
        gone: Members = {}
        for name in sorted(previous.keys() - wished.keys() - {self.tags}):
            gone = self._removed(gone, name)
        members = self.takes("Update").members
        for name, before in sorted(previous.items()):
            left = [key for key in before if key not in wished.get(name, {})] if isinstance(before, dict) else []
            if f"{name}ToRemove" in members and left:
                gone[f"{name}ToRemove"] = left
        return gone

    def _removed(self, gone: Members, name: str) -> Members:
        """Return the members of an update that take a property away, with one property more."""
        shape, update = self.takes("Update"), self.resource.kind.update
        member = self.translation.destination(shape, name)
        shown = self.translation.destination(self.described, name)
        flag = next((flag for flag, cleared in update.clears.items() if cleared in (member, shown)), None)
        if flag:
            return {**gone, flag: True}
        if not member or member not in shape.members or f"{name}ToRemove" in shape.members:
            return gone
        if update.drops:
            return {**gone, update.drops: [*gone.get(update.drops, ()), member]}
        return gone | self._emptied(member, self._model.shape(shape.members[member]))

    def _emptied(self, member: str, shape: Shape) -> Members:
        """Return the empty value of a member, if the service takes one."""
        if shape.type in ("list", "map") and not shape.min:
            return {member: [] if shape.type == "list" else {}}
        empties = member in self.resource.kind.update.emptied or (shape.type == "string" and not shape.min)
        fits = not shape.enum and (shape.pattern is None or java.compile(shape.pattern).fullmatch(""))
        return {member: ""} if empties and (fits or member in self.resource.kind.update.emptied) else {}

    def addressed(self, operation: str, whom: Whom) -> Members:
        """Return the params by which an operation is told whom it is about: the key, or else the ARN."""
        shape = self._model.input(operation)
        params = {name: value for name, value in whom.key.items() if name in shape.members}
        if len(params) == len(whom.key):
            return params
        member = str(self.resource.arn_member)
        return {member if member in shape.members else shape.required[0]: whom.record.arn}

    # --- What is answered ---------------------------------------------------------------------------------------------

    def created(self, params: Members, answer: Members) -> Properties:
        """Return what is known of a resource once Create was called: what was sent, and what was answered."""
        output = self._model.output(self.name("Create"))
        said = self.translation.properties(params, self.takes("Create"))
        return said | (self.translation.properties(answer, output) if output else {})


def fitting(name: str, shape: Shape) -> str:
    """Return a name that a shape takes: other characters become hyphens, and too long a name loses its middle."""
    most = int(shape.max or 63)
    text = re.sub(r"[^A-Za-z0-9-]+", "-", name).strip("-")
    if len(text) > most:
        text = text[: most - _RANDOM].rstrip("-") + text[-_RANDOM:]
    return text
