"""A resource type that is a kind of the emulated service's: its handlers are calls of the service."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from emulator.aws.call import Call
from emulator.aws.errors import Refusal, ServiceError
from emulator.engine.emulator import Emulator
from emulator.engine.families import ended
from emulator.engine.scope import Scope
from emulator.engine.store import Record
from emulator.registry import errors, identifiers, labels
from emulator.registry.departure import Acting, Departure, Step
from emulator.registry.handler import (
    DELETE,
    FAILED,
    IN_PROGRESS,
    SUCCESS,
    Caller,
    HandlerError,
    Page,
    Progress,
    Properties,
    Schema,
    Wish,
)
from emulator.registry.operations import Members, Operations, Whom
from emulator.registry.schema import CREATE_ONLY, READ_ONLY, WRITE_ONLY, at, can, pointers, without_all
from emulator.registry.steps import Steps
from emulator.registry.translation import as_text


class KindType:
    """One resource type, served by the operations of a kind."""

    def __init__(self, emulator: Emulator, schema: Schema, departure: Departure) -> None:
        self.name: str = schema["typeName"]
        self.schema = schema
        self.departure = departure
        self._emulator = emulator
        self._steps = emulator.beside(Steps)

    @cached_property
    def operations(self) -> Operations:
        """The operations of the kind behind the type; a retired type has none."""
        resource = self._emulator.catalogue.resource(self.name.rpartition("::")[2])
        return Operations(self.schema, self.departure, resource)

    # --- The handlers -------------------------------------------------------------------------------------------------

    def create(self, caller: Caller, wish: Wish) -> Progress:
        """Begin to create a resource."""
        self._refuse_unable("create")
        self._refuse_read_only(wish.properties)
        params = self.operations.creation(self._taggable(wish.properties), wish.name)
        self._add_token("Create", params, wish.token)
        try:
            answer = self._call(caller, self.operations.name("Create"), params) or {}
        except ServiceError as refused:
            raise self._not_created(caller, params, refused) from None
        known = {**wish.properties, **self.operations.created(params, answer)}
        identifier = identifiers.identifier(self.schema, known)
        assert identifier is not None  # what Create takes and answers identifies what it makes
        try:
            return self._create_rest(caller, self._whom(caller, identifier), wish.properties)
        except HandlerError as failed:
            return Progress(FAILED, identifier, failed.code, failed.message)

    def update(self, caller: Caller, identifier: str, previous: Properties, wish: Wish) -> Progress:
        """Begin to make a resource what is wished."""
        self._refuse_unable("update")
        whom = self._whom(caller, identifier)
        present = self._read(caller, whom)
        wished = self._taggable(without_all(wish.properties, pointers(self.schema, READ_ONLY)))
        self._refuse_unchangeable(identifier, present, previous, wished)
        whom = whom._replace(identifier=identifiers.identifier(self.schema, present) or identifier)
        steps: list[Step] = []
        if self.operations.updates and (changes := self.operations.changes(present, previous, wished)):
            steps += self._stepwise("Update", whom, self._add_token("Update", changes, wish.token))
        if self.departure.after:
            steps += self.departure.after(self._acting(caller, whom), present, wished)
        progress = self._begin(caller, "Update", whom, steps)
        self._set_attributes(caller, whom, present, wished)
        self._set_tags(caller, whom, present, wished)
        return progress

    def delete(self, caller: Caller, identifier: str) -> Progress:
        """Begin to delete a resource."""
        self._refuse_unable("delete")
        whom = self._whom(caller, identifier)
        properties = self._properties(self._described(caller, whom), whom)
        whom = whom._replace(identifier=identifiers.identifier(self.schema, properties) or identifier)
        params = self.operations.params("Delete", whom.key, whom.record.members)
        going = whom.phase in self._led_to("Delete")
        token = self._emulator.chance.uuid()
        steps = () if going else self._stepwise("Delete", whom, self._add_token("Delete", params, token))
        return self._begin(caller, "Delete", whom, steps)

    def look(self, caller: Caller, action: str, identifier: str) -> Progress:
        """Return how far an action on a resource has come by now; where it has a status, that is one look at it."""
        verb = action.capitalize()
        try:
            whom = self._whom(caller, identifier)
            described = self._described(caller, whom)
        except HandlerError as refused:
            if action == DELETE and refused.code == errors.NOT_FOUND:
                return Progress(SUCCESS, identifier)
            return Progress(FAILED, identifier, refused.code, refused.message)
        if self._passes(whom.phase):
            return Progress(IN_PROGRESS, identifier)
        if failure := self._failure(action, whom, described):
            self._steps.put(caller, self._to_do(verb, whom), [])
            return failure
        step = self._steps.take(caller, self._to_do(verb, whom))
        if step:
            self._tried(caller, identifier, step.operation, step.params)
            return self.look(caller, action, identifier)  # where no time passes, it has come to rest already
        return Progress(IN_PROGRESS if action == DELETE else SUCCESS, identifier)

    def read(self, caller: Caller, identifier: str) -> Properties:
        """Return what a resource is: every property that is not write-only and has a value."""
        self._refuse_unable("read")
        return self._read(caller, self._whom(caller, identifier))

    def list(self, caller: Caller, model: Properties, token: str | None, size: int | None) -> Page:
        """Return the identifiers of some of the resources there are."""
        self._refuse_unable("list")
        self._refuse_unspecific(model)
        params = {**self.operations.params("List", model), **self.departure.listed}
        params |= {"NextToken": token} if token else {}
        params |= {"MaxResults": size} if size else {}
        answer = self._tried(caller, None, self.operations.name("List"), params) or {}
        return Page([*self._listed(answer, model)], answer.get("NextToken"))

    # --- Beginning, and coming to an end ------------------------------------------------------------------------------

    def _create_rest(self, caller: Caller, whom: Whom, properties: Properties) -> Progress:
        """Do what Create could not be told."""
        late = {name: value for name, value in properties.items() if name in self.departure.late}
        steps: Sequence[Step] = ()
        if late:
            operation = self.operations.name("Update")
            params = self.operations.params("Update", late) | self.operations.addressed(operation, whom)
            steps = [Step("Update", operation, params)]
        self._steps.put(caller, self._to_do("Create", whom), steps)
        self._set_attributes(caller, whom, {}, properties)
        settles = bool(steps) or bool(whom.phase and self._led_to("Create"))
        return Progress(IN_PROGRESS if settles else SUCCESS, whom.identifier)

    def _stepwise(self, verb: str, whom: Whom, params: Members) -> Sequence[Step]:
        """Return the calls that a verb takes: what runs may have to be stopped before, and started again."""
        must_stop = whom.phase in self.departure.stopped.get(verb, ())
        verbs = ["Stop"] * must_stop + [verb] + ["Start"] * (must_stop and verb in self.departure.restarted)
        steps = []
        for one in verbs:
            operation = self.operations.name(one)
            given = params if one == verb else self.operations.params(one, whom.key, whom.record.members)
            steps.append(Step(one, operation, self.operations.addressed(operation, whom) | given))
        return steps

    def _begin(self, caller: Caller, verb: str, whom: Whom, steps: Sequence[Step]) -> Progress:
        """Take the first steps, up to one that takes time, and keep the others for when that is done."""
        settles = verb == "Delete" and not steps  # it is going already
        taken = 0
        while taken < len(steps) and not settles:
            step = steps[taken]
            self._tried(caller, whom.identifier, step.operation, step.params)
            settles = bool(self._led_to(step.verb))
            taken += 1
        self._steps.put(caller, self._to_do(verb, whom), steps[taken:])
        return Progress(IN_PROGRESS if settles else SUCCESS, whom.identifier)

    def _to_do(self, verb: str, whom: Whom) -> str:
        """Return the name under which the steps of an action are kept."""
        return f"{verb} {whom.record.arn}"

    def _led_to(self, verb: str) -> frozenset[str]:
        """Return the phases that a verb leads through by itself."""
        life = self.operations.resource.lifecycle
        return life.led_to(verb) if life else frozenset()

    def _passes(self, phase: str) -> bool:
        """Say whether a phase ends by itself, and soon: not at a date that a client gave, or never."""
        life = self.operations.resource.lifecycle
        if life is None:
            return False
        stage = life.times.get(phase)
        return bool(stage and not stage.until and not stage.steady) or bool(life.works.get(phase))

    def _failure(self, action: str, whom: Whom, described: Members) -> Progress | None:
        """Return how an action failed, if it did: a phase that failed has a reason, or says so."""
        state = whom.record.state
        if state is None or state.status in self.departure.accepted:
            return None
        if state.reason is None and "fail" not in state.status.lower():
            return None
        default = (errors.NOT_STABILIZED, errors.UNSTABLE_BECAUSE if state.reason else errors.UNSTABLE)
        code, sentence = self.departure.failed.get(action, default)
        status = described.get(self.operations.resource.status_member or "", state.status)
        words = {"type": self.name, "identifier": whom.identifier, "status": status, "reason": state.reason}
        return Progress(FAILED, whom.identifier, code, sentence(**words))

    # --- Reading ------------------------------------------------------------------------------------------------------

    def _read(self, caller: Caller, whom: Whom) -> Properties:
        shown = self._properties(self._described(caller, whom), whom)
        if self._carries_tags(whom):
            shown |= self._tags_of(caller, whom)
        for name, attribute in self.departure.attributes.items():
            shown |= self._attribute(caller, whom, name, attribute)
        read: Properties = without_all(shown, pointers(self.schema, WRITE_ONLY))
        return read

    def _described(self, caller: Caller, whom: Whom) -> Members:
        """Return what Describe says of a resource."""
        operation = self.operations.name("Describe")
        answer = self._tried(caller, whom.identifier, operation, self.operations.addressed(operation, whom)) or {}
        return self.operations.unwrapped(answer)

    def _properties(self, described: Members, whom: Whom) -> Properties:
        identity = {name: value for name, value in whom.key.items() if name in self.schema["properties"]}
        identity |= {name: whom.key[part] for name, part in self.departure.keys.items()}
        shown = {name: value for name, show in self.departure.shown.items() if (value := show(described)) is not None}
        return identity | self.operations.translation.properties(described, self.operations.described) | shown

    def _carries_tags(self, whom: Whom) -> bool:
        """Say whether this one can carry tags: versions may be refused any."""
        versions = self.operations.resource.kind.versions
        return bool(self.operations.tags) and not (versions and versions.untagged and versions.number in whom.key)

    def _tags_of(self, caller: Caller, whom: Whom) -> Properties:
        answer = self._tried(caller, whom.identifier, "ListTags", {"ResourceArn": whom.record.arn}) or {}
        return {str(self.operations.tags): answer["Tags"]} if answer.get("Tags") else {}

    def _attribute(self, caller: Caller, whom: Whom, name: str, attribute: str) -> Properties:
        resource = self.operations.resource
        if attribute not in whom.record.own:
            return {}
        operation = f"Get{resource.name}{attribute}"
        answer = self._tried(caller, whom.identifier, operation, self.operations.addressed(operation, whom)) or {}
        return {name: answer[resource.kind.attributes[attribute].member]}

    def _listed(self, answer: Members, model: Properties) -> Iterable[Properties]:
        summaries, shape = self.operations.summaries(answer)
        resource = self.operations.resource
        for summary in summaries:
            if str(summary.get(resource.status_member)) not in resource.kind.ended:
                properties = self.operations.translation.properties(summary, shape)
                yield identifiers.only(self.schema, {**model, **properties})

    # --- Writing what Update does not ---------------------------------------------------------------------------------

    def _set_attributes(self, caller: Caller, whom: Whom, present: Properties, wished: Properties) -> None:
        for name, attribute in self.departure.attributes.items():
            document = wished.get(name)
            if present.get(name) != document:
                operation = f"{'Delete' if document is None else 'Put'}{self.operations.resource.name}{attribute}"
                params = self.operations.addressed(operation, whom)
                if document is not None:
                    member = self.operations.resource.kind.attributes[attribute].member
                    params[member] = document if isinstance(document, str) else as_text(document)
                self._tried(caller, whom.identifier, operation, params)

    def _taggable(self, properties: Properties) -> Properties:
        """Return properties without tags, if what has them carries none."""
        if self.departure.untagged is None or not self.departure.untagged(properties):
            return properties
        return {name: value for name, value in properties.items() if name != self.operations.tags}

    def _set_tags(self, caller: Caller, whom: Whom, present: Properties, wished: Properties) -> None:
        """Make the tags those wished for, in their order."""
        name = self.operations.tags or ""
        unwanted, new = labels.difference(present.get(name, []), wished.get(name, []))
        arn = {"ResourceArn": whom.record.arn}
        if unwanted:
            self._tried(caller, whom.identifier, "DeleteTags", {**arn, "TagKeys": unwanted})
        if new:
            self._tried(caller, whom.identifier, "AddTags", {**arn, "Tags": new})

    def _add_token(self, verb: str, params: Members, token: str) -> Members:
        """Add the token that makes a call idempotent, in a form that the service takes."""
        shape = self.operations.takes(verb)
        if shape.token and shape.token not in params:
            fits = self._emulator.validator.fits(shape.members[shape.token])(token)
            params[shape.token] = token if fits else str(uuid5(NAMESPACE_OID, token))
        return params

    # --- Who is meant -------------------------------------------------------------------------------------------------

    def _whom(self, caller: Caller, identifier: str) -> Whom:
        """Return whom an identifier means; NotFound if there is no such resource, or it is over."""
        properties = identifiers.parsed(self.schema, identifier)
        members = self.operations.translation.members(properties, self.operations.described)
        members |= {part: properties[name] for name, part in self.departure.keys.items() if name in properties}
        resource = self.operations.resource
        with self._emulator.at(caller.account, caller.region) as scope:
            record = self._found(scope, members)
        if record is None or ended(resource, record):
            raise errors.missing(self.name, identifier)
        names = next(names for names in resource.keys if len(names) == len(record.key))
        return Whom(identifier, dict(zip(names, record.key, strict=True)), record)

    def _found(self, scope: Scope, members: Mapping[str, Any]) -> Record | None:
        """Return the record that members identify: by a key, by the ARN, or by what only one has."""
        resource = self.operations.resource
        for names in resource.keys:
            if all(name in members for name in names):
                return scope.find(resource, resource.folded(tuple(members[name] for name in names)))
        arn = str(members.get(resource.arn_member or "", ""))
        key = scope.identify(resource, arn) if arn.startswith("arn:") else None  # a name is no ARN
        if arn or not members:
            return scope.find(resource, key) if key else None
        said = members.items()
        records = list(scope.table(resource).records.values())
        known = (dict(zip(resource.keys[0], record.key, strict=False)) | record.members for record in records)
        there = (record for record, has in zip(records, known, strict=True) if said <= has.items())
        return next((scope.find(resource, record.key) for record in there), None)

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

    def _refuse_unchangeable(
        self, identifier: str, present: Properties, previous: Properties, wished: Properties
    ) -> None:
        """Refuse to change what only Create takes, whether the schema says so or nothing else takes it."""
        unread = pointers(self.schema, WRITE_ONLY)  # where none is known of before, nobody can tell whether it changes
        fixed = [
            "/".join(steps)
            for steps in pointers(self.schema, CREATE_ONLY)
            if (now := at(wished, steps)) and now != (at(previous, steps) or now)
        ]
        fixed += [
            name
            for name, value in wished.items()
            if value not in (present.get(name), previous.get(name))
            and not self.operations.changes_by_update(name)
            and ((name,) not in unread or name in previous)
        ]
        if fixed:
            sentence = errors.NOT_UPDATED(type=self.name, identifier=identifier)
            raise HandlerError(errors.NOT_UPDATABLE, sentence)

    def _refuse_unspecific(self, model: Properties) -> None:
        wanted = self.schema["handlers"]["list"].get("handlerSchema", {}).get("required", ())
        absent = [name for name in wanted if name not in model]
        if absent:
            sentence = errors.LIST_NEEDS(type=self.name, names=", ".join(absent))
            raise HandlerError(errors.INVALID_REQUEST, sentence)

    def _not_created(self, caller: Caller, params: Members, refused: ServiceError) -> HandlerError:
        """Return the answer to a refused create: that it exists already, if that is why."""
        operations = self.operations
        if not _says(operations.resource.taken, refused):
            return errors.from_service(refused, self.name, None, operations.name("Create"))
        said = operations.created(params, {})
        with self._emulator.at(caller.account, caller.region) as scope:
            there = self._found(
                scope, {name: value for name, value in params.items() if name in operations.described.members}
            )
        if there is not None:
            arn = {str(operations.resource.arn_member): there.arn}
            said |= operations.translation.properties(arn, operations.described)
        return errors.taken(self.name, identifiers.identifier(self.schema, said) or str(refused.message))

    # --- Calling ------------------------------------------------------------------------------------------------------

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

        return Acting(call, whom.key, whom.phase)


def _says(refusal: Refusal, error: ServiceError) -> bool:
    """Say whether an error is a refusal, with whatever words in its blanks."""
    pattern = ".*".join(map(re.escape, re.split(r"\{\w+\}", refusal.sentence.text)))
    return error.code == refusal.code and re.fullmatch(pattern, error.message or "", re.DOTALL) is not None
