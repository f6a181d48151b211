"""A resource type that is a kind of the emulated service's: its handlers are calls of the service.

Which calls, and which member a property goes to and comes from, follows from the type's schema, the service model and
the kind; a type's own file says where it departs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple
from uuid import NAMESPACE_OID, uuid5

from emulator.aws import java
from emulator.aws.call import Call
from emulator.aws.errors import ServiceError
from emulator.aws.model import Shape
from emulator.engine.catalogue import singulars
from emulator.engine.emulator import Emulator
from emulator.engine.families import ended
from emulator.engine.resource import Resource
from emulator.engine.store import Record
from emulator.registry import errors, identifiers, labels
from emulator.registry.departure import Acting, Departure
from emulator.registry.handler import (
    CREATE,
    DELETE,
    FAILED,
    IN_PROGRESS,
    SUCCESS,
    UPDATE,
    Caller,
    HandlerError,
    Page,
    Progress,
    Properties,
    Schema,
    Wish,
)
from emulator.registry.schema import (
    CREATE_ONLY,
    READ_ONLY,
    WRITE_ONLY,
    at,
    can,
    pointers,
    tags_property,
    without_all,
)
from emulator.registry.translation import Translation, as_text

_RANDOM = 13  # characters at the end of a name that tell it from others
_VERBS = {CREATE: "Create", UPDATE: "Update", DELETE: "Delete"}

Members = dict[str, Any]


class Whom(NamedTuple):
    """The resource that a call is about: as the client called it, as the service calls it, and as it is kept."""

    identifier: str
    key: Members
    record: Record


class KindType:
    """One resource type, served by the operations of a kind."""

    def __init__(self, emulator: Emulator, schema: Schema, departure: Departure) -> None:
        self.name: str = schema["typeName"]
        self.schema = schema
        self.departure = departure
        self._emulator = emulator
        self._model = emulator.model
        self._tags = tags_property(schema)

    @cached_property
    def resource(self) -> Resource:
        """The kind behind the type."""
        return self._emulator.catalogue.resource(self.departure.kind or self.name.rpartition("::")[2])

    @cached_property
    def translation(self) -> Translation:
        """Between properties and members. Where a type says Arn and the kind says ActionArn, both know it."""
        kind, arn = self.resource.name, self.resource.arn_member
        said = {name: name.removeprefix(kind) for name in self.schema["properties"] if name.startswith(kind)}
        return Translation(self.schema, self._model, {**said, **({"Arn": arn} if arn else {}), **self.departure.names})

    # --- The handlers -------------------------------------------------------------------------------------------------

    def create(self, caller: Caller, wish: Wish) -> Progress:
        """Begin to create a resource."""
        self._refuse_unable("create")
        self._refuse_read_only(wish.properties)
        params = self._params("Create", wish.properties)
        self._add_name(params, wish.name)
        self._add_token(params, wish.token)
        try:
            answer = self._call(caller, self._operation("Create"), params) or {}
        except ServiceError as refused:
            raise self._not_created(caller, params, refused) from None
        identifier = self._identifier(params, wish.properties, answer)
        try:
            self._follow(caller, self._whom(caller, identifier), {}, wish.properties)
        except HandlerError as failed:
            return Progress(FAILED, identifier, failed.code, failed.message)
        return self._begun("Create", identifier)

    def update(self, caller: Caller, identifier: str, previous: Properties, wish: Wish) -> Progress:
        """Begin to make a resource what is wished."""
        self._refuse_unable("update")
        whom = self._whom(caller, identifier)
        present = self._read(caller, whom)
        wished = without_all(wish.properties, pointers(self.schema, READ_ONLY))
        self._refuse_create_only(identifier, previous, wished)
        changes = self._changes(present, previous, wished, whom)
        if changes is not None:
            operation = self._operation("Update")
            self._add_token(changes, wish.token, operation)
            self._tried(caller, identifier, operation, changes)
        self._follow(caller, whom, present, wished)
        identifier = identifiers.identifier(self.schema, present) or identifier
        return Progress(SUCCESS, identifier) if changes is None else self._begun("Update", identifier)

    def delete(self, caller: Caller, identifier: str) -> Progress:
        """Begin to delete a resource."""
        self._refuse_unable("delete")
        whom = self._whom(caller, identifier)
        described = self._described(caller, whom)
        if self._status(described) not in self._going:
            operation = self._operation("Delete")
            self._tried(caller, identifier, operation, self._addressed(operation, whom))
        found = identifiers.identifier(self.schema, self._properties(caller, described, whom))
        return self._begun("Delete", found or identifier)

    def look(self, caller: Caller, action: str, identifier: str) -> Progress:
        """Return how far an action on a resource has come by now; where it has a status, that is one look at it."""
        try:
            described = self._described(caller, self._whom(caller, identifier))
        except HandlerError as refused:
            if refused.code != errors.NOT_FOUND:
                raise
            if action == DELETE:
                return Progress(SUCCESS, identifier)
            return Progress(FAILED, identifier, refused.code, refused.message)
        status = self._status(described)
        if status in self._pending:
            return Progress(IN_PROGRESS, identifier)
        if "fail" in status.lower() and status not in self.departure.accepted:
            return self._failed(action, identifier, status, described)
        return Progress(IN_PROGRESS if action == DELETE else SUCCESS, identifier)

    def read(self, caller: Caller, identifier: str) -> Properties:
        """Return what a resource is: every property that is not write-only and has a value."""
        self._refuse_unable("read")
        return self._read(caller, self._whom(caller, identifier))

    def list(self, caller: Caller, model: Properties, token: str | None, size: int | None) -> Page:
        """Return the identifiers of some of the resources there are."""
        self._refuse_unable("list")
        self._refuse_unspecific(model)
        shape = self._model.input(self._list)
        params = {**self.translation.members(model, shape), **self.departure.listed}
        params |= {"NextToken": token} if token else {}
        params |= {"MaxResults": size} if size else {}
        answer = self._tried(caller, None, self._list, params) or {}
        return Page([*self._listed(answer, model)], answer.get("NextToken"))

    # --- What an action comes to --------------------------------------------------------------------------------------

    def _begun(self, verb: str, identifier: str) -> Progress:
        """Return how an action stands right after it was called: done, unless its kind has to settle first."""
        life = self.resource.lifecycle
        settles = life is not None and bool(life.led_to(verb) or (verb == "Create" and life.moves(life.begins)))
        return Progress(IN_PROGRESS if settles else SUCCESS, identifier)

    def _failed(self, action: str, identifier: str, status: str, described: Members) -> Progress:
        words = {"type": self.name, "identifier": identifier, "status": status}
        reason = described.get(self.resource.reason_member or "", "")
        default = (errors.NOT_STABILIZED, errors.UNSTABLE_BECAUSE if reason else errors.UNSTABLE)
        code, sentence = self.departure.failed.get(action, default)
        return Progress(FAILED, identifier, code, sentence(**words, reason=reason))

    @cached_property
    def _pending(self) -> frozenset[str]:
        """The statuses that time ends, other than those that only a date ends."""
        life = self.resource.lifecycle
        if life is None:
            return frozenset()
        passing = {status for status, stage in life.times.items() if not (stage.until or stage.steady)}
        return frozenset(life.shown(status) for status in {*passing, *life.works})

    @cached_property
    def _going(self) -> frozenset[str]:
        """The statuses of what is being deleted."""
        life = self.resource.lifecycle
        return frozenset(life.shown(status) for status in life.led_to("Delete")) if life else frozenset()

    def _status(self, described: Members) -> str:
        return str(described.get(self.resource.status_member or "", ""))

    # --- Reading ------------------------------------------------------------------------------------------------------

    def _read(self, caller: Caller, whom: Whom) -> Properties:
        shown = self._properties(caller, self._described(caller, whom), whom)
        if self._tags and self._carries_tags(whom):
            shown |= self._tags_of(caller, whom)
        for name, attribute in self.departure.attributes.items():
            shown |= self._attribute(caller, whom, name, attribute)
        read: Properties = without_all(shown, pointers(self.schema, WRITE_ONLY))
        return read

    def _described(self, caller: Caller, whom: Whom) -> Members:
        """Return what Describe says of a resource."""
        operation = self._operation("Describe")
        answer = self._tried(caller, whom.identifier, operation, self._addressed(operation, whom)) or {}
        wrapped = self.resource.wrapped(self._output("Describe"))
        said: Members = answer[wrapped[0]] if wrapped else answer
        return said

    def _properties(self, caller: Caller, described: Members, whom: Whom) -> Properties:
        if self.departure.reading:
            described = self.departure.reading(described, self._acting(caller, whom))
        identity = {name: value for name, value in whom.key.items() if name in self.schema["properties"]}
        return identity | self.translation.properties(described, self._described_shape)

    def _tags_of(self, caller: Caller, whom: Whom) -> Properties:
        answer = self._tried(caller, whom.identifier, "ListTags", {"ResourceArn": whom.record.arn}) or {}
        listed = answer.get("Tags", [])
        name = str(self._tags)
        return {name: labels.shown(self.schema["properties"][name], listed)} if listed else {}

    def _carries_tags(self, whom: Whom) -> bool:
        """Say whether this one can carry tags: versions may be refused any."""
        versions = self.resource.kind.versions
        return not (versions and versions.untagged and versions.number in whom.key)

    def _attribute(self, caller: Caller, whom: Whom, name: str, attribute: str) -> Properties:
        if attribute not in whom.record.own:
            return {}
        operation = f"Get{self.resource.name}{attribute}"
        answer = self._tried(caller, whom.identifier, operation, self._addressed(operation, whom)) or {}
        return {name: answer[self.resource.kind.attributes[attribute].member]}

    # --- Listing ------------------------------------------------------------------------------------------------------

    @cached_property
    def _list(self) -> str:
        """The operation that lists the kind."""
        names = (name for name in self._model.operations if name.startswith("List"))
        found = self.departure.operations.get("List")
        return found or next(name for name in names if self.resource.name in singulars(name.removeprefix("List")))

    def _listed(self, answer: Members, model: Properties) -> Iterable[Properties]:
        output = self._model.output(self._list)
        assert output is not None  # what lists has an output
        name, shape = next(
            (name, self._model.shape(inner.member))
            for name, inner in ((name, self._model.shape(one)) for name, one in output.members.items())
            if inner.type == "list"
        )
        for summary in answer[name]:
            if self._status(summary) not in self.resource.kind.ended:
                properties = self.translation.properties(summary, shape) if shape.type == "structure" else {}
                yield identifiers.only(self.schema, {**model, **properties})

    def _refuse_unspecific(self, model: Properties) -> None:
        wanted = self.schema["handlers"]["list"].get("handlerSchema", {}).get("required", ())
        absent = [name for name in wanted if name not in model]
        if absent:
            sentence = errors.LIST_NEEDS(type=self.name, names=", ".join(absent))
            raise HandlerError(errors.INVALID_REQUEST, sentence)

    # --- Writing ------------------------------------------------------------------------------------------------------

    def _params(self, verb: str, properties: Mapping[str, Any]) -> Members:
        """Return what a verb is to be told: properties as its members."""
        taken = {name: value for name, value in properties.items() if name not in self.departure.attributes}
        shape = self._model.input(self._operation(verb))
        params = self.translation.members(taken, shape)
        if self._tags in taken and "Tags" in shape.members:
            params["Tags"] = labels.sent(taken[str(self._tags)])
        if self.departure.sending:
            params = self.departure.sending(verb, params, properties)
        return {**self.departure.given, **params} if verb == "Create" else params

    def _changes(self, present: Properties, previous: Properties, wished: Properties, whom: Whom) -> Members | None:
        """Return what Update is to be told; None if there is nothing to tell, or nobody to."""
        operation = self._operation("Update")
        if operation not in self._model.operations:
            return None
        shape = self._model.input(operation)
        different = {name: value for name, value in wished.items() if present.get(name) != value and name != self._tags}
        changed = self._params("Update", different) | self._removals(shape, previous, wished)
        if not changed.keys() - self.resource.identifying:
            return None
        everything = self._params("Update", wished)
        needed = {name: everything[name] for name in shape.required if name in everything}
        return needed | changed | self._addressed(operation, whom)

    def _removals(self, shape: Shape, previous: Properties, wished: Properties) -> Members:
        """Return what takes away the properties that are no longer wished, in the ways that the kind knows."""
        update = self.resource.kind.update
        gone: Members = {}
        for name in previous.keys() - wished.keys() - {self._tags}:
            member = self.translation.destination(shape, name) or self.translation.destination(
                self._output("Describe"), name
            )
            flag = next((flag for flag, cleared in update.clears.items() if cleared == member), None)
            inner = self._model.shape(shape.members[str(member)]) if member in shape.members else None
            if update.drops and inner:
                gone.setdefault(update.drops, []).append(member)
            elif flag:
                gone[flag] = True
            elif inner and inner.type in ("list", "map") and not inner.min:
                gone[str(member)] = [] if inner.type == "list" else {}
            elif inner and (member in update.emptied or (inner.type == "string" and not inner.min and not inner.enum)):
                gone[str(member)] = ""
        for name in wished.keys() & previous.keys():
            before, now = previous[name], wished[name]
            listed = f"{name}ToRemove"
            if listed in shape.members and isinstance(now, dict) and before.keys() - now.keys():
                gone[listed] = sorted(before.keys() - now.keys())
        return gone

    def _follow(self, caller: Caller, whom: Whom, present: Properties, wished: Properties) -> None:
        """Do what is no part of Create or Update: attributes, tags, and what a type's own file says."""
        for name, attribute in self.departure.attributes.items():
            if present.get(name) != wished.get(name):
                self._set_attribute(caller, whom, attribute, wished.get(name))
        if present and self._tags and present.get(self._tags) != wished.get(self._tags):
            self._set_tags(caller, whom, present.get(self._tags, []), wished.get(self._tags, []))
        if self.departure.after:
            self.departure.after(self._acting(caller, whom), present, wished)

    def _set_attribute(self, caller: Caller, whom: Whom, attribute: str, document: Any) -> None:
        operation = f"{'Delete' if document is None else 'Put'}{self.resource.name}{attribute}"
        params = self._addressed(operation, whom)
        if document is not None:
            member = self.resource.kind.attributes[attribute].member
            params[member] = document if isinstance(document, str) else as_text(document)
        self._tried(caller, whom.identifier, operation, params)

    def _set_tags(self, caller: Caller, whom: Whom, before: Any, now: Any) -> None:
        """Make the tags those wished for, in their order."""
        unwanted, new = labels.difference(labels.sent(before), labels.sent(now))
        arn = {"ResourceArn": whom.record.arn}
        if unwanted:
            self._tried(caller, whom.identifier, "DeleteTags", {**arn, "TagKeys": unwanted})
        if new:
            self._tried(caller, whom.identifier, "AddTags", {**arn, "Tags": new})

    def _add_name(self, params: Members, name: str) -> None:
        """Name a resource whose name the client left out, where the service does not make one up."""
        shape = self._model.input(self._operation("Create"))
        for member in self.resource.keys[0]:
            if member in shape.required and member not in params and member not in self.resource.minted:
                params[member] = fitting(name, self._model.shape(shape.members[member]))

    def _add_token(self, params: Members, token: str, operation: str | None = None) -> None:
        shape = self._model.input(operation or self._operation("Create"))
        if shape.token and shape.token not in params and token:
            inner = self._model.shape(shape.members[shape.token])
            fits = self._emulator.validator.fits(inner.name)(token)
            params[shape.token] = token if fits else str(uuid5(NAMESPACE_OID, token))

    # --- Who is meant -------------------------------------------------------------------------------------------------

    def _whom(self, caller: Caller, identifier: str) -> Whom:
        """Return whom an identifier means; NotFound if there is no such resource, or it is over."""
        properties = identifiers.parsed(self.schema, identifier)
        members = self.translation.members(properties, self._described_shape)
        resource = self.resource
        names = next((names for names in resource.keys if all(name in members for name in names)), ())
        with self._emulator.at(caller.account, caller.region) as scope:
            arn = str(members.get(resource.arn_member or "", ""))
            key = tuple(members[name] for name in names) or (arn and scope.identify(resource, arn))
            record = scope.find(resource, resource.folded(key)) if key else None
        if record is None or ended(resource, record):
            raise errors.missing(self.name, identifier)
        names = next(names for names in resource.keys if len(names) == len(record.key))
        return Whom(identifier, dict(zip(names, record.key, strict=True)), record)

    @cached_property
    def _described_shape(self) -> Shape:
        output = self._output("Describe")
        wrapped = self.resource.wrapped(output)
        return wrapped[1] if wrapped else output

    def _addressed(self, operation: str, whom: Whom) -> Members:
        """Return the params by which an operation is told whom it is about: the key, or else the ARN."""
        shape = self._model.input(operation)
        params = {name: value for name, value in whom.key.items() if name in shape.members}
        if len(params) == len(whom.key):
            return params
        member = self.resource.arn_member
        return {str(member) if member in shape.members else shape.required[0]: whom.record.arn}

    def _identifier(self, params: Members, properties: Properties, answer: Members) -> str:
        """Return the identifier of what was just created."""
        shape = self._model.input(self._operation("Create"))
        sent = {name: value for name, value in params.items() if name != "Tags"}
        said = self.translation.properties(sent, shape) | self.translation.properties(answer, self._output("Create"))
        found = identifiers.identifier(self.schema, {**properties, **said})
        assert found is not None  # what Create takes and answers identifies what it makes
        return found

    # --- Refusing -----------------------------------------------------------------------------------------------------

    def _refuse_unable(self, action: str) -> None:
        if not can(self.schema, action):
            sentence = errors.NO_HANDLER(type=self.name, action=action.upper())
            raise HandlerError(errors.INVALID_REQUEST, sentence)

    def _refuse_read_only(self, properties: Properties) -> None:
        names = ["/".join(steps) for steps in pointers(self.schema, READ_ONLY) if at(properties, steps)]
        if names:
            sentence = errors.READ_ONLY_SET(names=", ".join(names))
            raise HandlerError(errors.INVALID_REQUEST, errors.INVALID(reason=sentence))

    def _refuse_create_only(self, identifier: str, previous: Properties, wished: Properties) -> None:
        for steps in pointers(self.schema, CREATE_ONLY):
            now = at(wished, steps)
            if now and now != (at(previous, steps) or now):
                sentence = errors.NOT_UPDATED(type=self.name, identifier=identifier)
                raise HandlerError(errors.NOT_UPDATABLE, sentence)

    def _not_created(self, caller: Caller, params: Members, refused: ServiceError) -> HandlerError:
        """Return the answer to a refused create: that it exists already, if it does."""
        operation = self._operation("Create")
        if refused.code == self.resource.taken.code:
            said = self.translation.properties(params, self._model.input(operation))
            with self._emulator.at(caller.account, caller.region) as scope:
                key = tuple(params.get(name) for name in self.resource.keys[0])
                there = scope.find(self.resource, self.resource.folded(key)) if all(key) else None
            if there is not None:
                shown = {**params, str(self.resource.arn_member): there.arn}
                said |= self.translation.properties(shown, self._described_shape)
                return errors.taken(self.name, identifiers.identifier(self.schema, said) or there.arn)
        return errors.from_service(refused, self.name, None, operation)

    # --- Calling ------------------------------------------------------------------------------------------------------

    def _operation(self, verb: str) -> str:
        return self.departure.operations.get(verb) or self.resource.operation(verb)

    def _output(self, verb: str) -> Shape:
        output = self._model.output(self._operation(verb))
        assert output is not None  # Create and Describe answer something
        return output

    def _call(self, caller: Caller, operation: str, params: Members) -> Members | None:
        return self._emulator.answer(Call(operation, params, caller.account, caller.region, caller.key))

    def _tried(self, caller: Caller, identifier: str | None, operation: str, params: Members) -> Members | None:
        """Call the service; what it refuses becomes what a handler refuses."""
        try:
            return self._call(caller, operation, params)
        except ServiceError as refused:
            raise errors.from_service(refused, self.name, identifier, operation) from None

    def _acting(self, caller: Caller, whom: Whom) -> Acting:
        def call(operation: str, **params: Any) -> Members | None:
            return self._tried(caller, whom.identifier, operation, params)

        return Acting(call, whom.key)


def fitting(name: str, shape: Shape) -> str:
    """Return a name that a shape takes: other characters become hyphens, and too long a name loses its middle."""
    most = int(shape.max or 63)
    text = re.sub(r"[^A-Za-z0-9-]+", "-", name).strip("-")
    if len(text) > most:
        text = text[: most - _RANDOM].rstrip("-") + text[-_RANDOM:]
    if shape.pattern and not java.compile(shape.pattern).fullmatch(text):
        text = re.sub(r"-+", "-", text).strip("-")
    return text
