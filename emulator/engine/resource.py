"""A kind read against the service model: every blank of its declaration filled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import zip_longest
from typing import Any

from emulator.aws import arn, errors
from emulator.aws.errors import Refusal
from emulator.aws.model import ServiceModel, Shape
from emulator.aws.wire import timestamp
from emulator.engine import identity, paths, tags
from emulator.engine.identity import Template
from emulator.engine.kind import Kind, Making, Minted, Versions
from emulator.engine.lifecycle import GONE, Lifecycle, suggested
from emulator.engine.store import Key, Record

ENTERED = "entered"  # the note of a record's past phases, each with its time
CHANGED = "changed"  # the note that a record was modified, if only at the moment of its creation
ARN_ID = "ArnId"  # what tells resources apart that are called by nothing but their ARN
CREATED = ("CreationTime", "CreatedTime", "CreatedAt", "CreateDate", "CreationDate", "RegistrationTime")
MODIFIED = ("LastModifiedTime", "LastModifiedAt", "LastUpdatedDate", "LastUpdatedTime")
REASONS = ("FailureReason", "FailureMessage", "StatusMessage", "StatusReason", "Error", "ErrorDetails")

Projection = tuple[tuple[str, Shape] | None, dict[str, Shape | None]]


class Resource:
    """One kind of resource, complete. What it is called, how it lives, and how its records are shown."""

    def __init__(self, kind: Kind, model: ServiceModel) -> None:
        self.kind = kind
        self.name = kind.name
        self.model = model
        self.words = identity.words(kind.name)
        self.title = kind.title or kind.name
        self.noun = kind.noun or self.words.lower()
        self._projections: dict[str, Projection] = {}

    # --- What the model says about it ---------------------------------------------------------------------------------

    def operation(self, verb: str) -> str:
        """Return the name of the operation that does a verb to this kind."""
        return self.kind.operations.get(verb, verb + self.name)

    def _input(self, verb: str) -> Mapping[str, str]:
        name = self.operation(verb)
        return self.model.input(name).members if name in self.model.operations else {}

    def _output(self, verb: str) -> Mapping[str, str]:
        name = self.operation(verb)
        output = self.model.output(name) if name in self.model.operations else None
        if output is None:
            return {}
        wrapped = self.wrapped(output)
        return wrapped[1].members if wrapped else output.members

    def wrapped(self, output: Shape) -> tuple[str, Shape] | None:
        """Return the member that an output wraps all it says in, and the shape in there; None if it wraps nothing."""
        within = self.kind.within in output.members
        if len(output.members) != 1 and not within:
            return None
        name = str(self.kind.within) if within else next(iter(output.members))
        shape = self.model.shape(output.members[name])
        return (name, shape) if shape.type == "structure" else None

    @cached_property
    def shown_members(self) -> Mapping[str, str]:
        """The members of Describe's answer and their shapes; of Create's input where nothing describes the kind."""
        return self._output("Describe") or self._input("Create")

    @cached_property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        """The member tuples that can identify a resource: mostly one, two where versions may also stand alone."""
        if self.kind.keys:
            return self.kind.keys
        if versions := self.kind.versions:
            numbered = (self.kind.parents[0].by, versions.number)
            return ((versions.alone,), numbered) if versions.alone else (numbered,)
        for verb in ("Describe", "Delete", "Create"):
            name = self.operation(verb)
            if name in self.model.operations and (required := self.model.input(name).required):
                return ((ARN_ID,) if required == (self.arn_member,) else required,)
        raise LookupError(f"the model does not say what identifies a {self.name}")

    @cached_property
    def versions(self) -> Versions:
        """What it says about its versions; only to be asked of a kind that has them."""
        assert self.kind.versions is not None
        return self.kind.versions

    @cached_property
    def minted(self) -> Mapping[str, Minted]:
        """The members that the service makes up: those declared, and those that identify but no caller can give."""
        given = self._input("Create")
        unknown = {name for names in self.keys for name in names if not self.kind.versions and name not in given}
        return {**dict.fromkeys(sorted(unknown), Minted()), **self.kind.minted}

    @cached_property
    def identifying(self) -> frozenset[str]:
        """The members that identify a resource; no update changes them."""
        return frozenset({name for names in self.keys for name in names} | {self.arn_member or ""})

    @cached_property
    def set_aside(self) -> frozenset[str]:
        """What Create takes and a record does not keep among its members: tags, client token, aliases."""
        create = self.operation("Create")
        token = self.model.input(create).token if create in self.model.operations else ""
        aliases = self.kind.versions.aliases if self.kind.versions else None
        return frozenset({"Tags", token, aliases or ""})

    @cached_property
    def grown(self) -> frozenset[str]:
        """The members that updates add to instead of replacing them: those with …ToAdd or …ToRemove beside them."""
        update = self._input("Update")
        grown = {name for name in self.shown_members if {f"{name}ToAdd", f"{name}ToRemove"} & update.keys()}
        return frozenset(grown - self.kind.update.replaced) | self.kind.update.appended

    @cached_property
    def arn_member(self) -> str | None:
        """The member that holds the ARN: the one in what Create answers, preferably named after the kind."""
        names = [name for name in (*self._output("Create"), *self._output("Describe")) if name.endswith("Arn")]
        own = [name for name in names if name.removesuffix("Arn") in (self.name, "")]
        return self.kind.arn_member or next(iter(own or names), None)

    @cached_property
    def arn_members(self) -> tuple[str, ...]:
        """The members that show the ARN: that of Create's answer, and Describe's where it is called otherwise."""
        named = {self.arn_member, *({"Arn"} & self.shown_members.keys())}
        return tuple(sorted(name for name in named if name))

    @cached_property
    def templates(self) -> tuple[Template, ...]:
        """The form of the ARN's resource part for each way to be identified."""
        versions = self.kind.versions
        numbers = frozenset({versions.number}) if versions else frozenset[str]()
        if self.kind.arn:
            return (Template(self.kind.arn, numbers),)
        shape = {**self._output("Describe"), **self._output("Create")}.get(self.arn_member or "")
        start = identity.arn_type(self.model.shape(shape).pattern) if shape else None
        blanks = dict.fromkeys("/".join(f"{{{name}}}" for name in key) for key in self.keys)
        return tuple(Template(f"{start or identity.kebab(self.name)}/{blank}", numbers) for blank in blanks)

    @cached_property
    def created_member(self) -> str | None:
        """The member that says when it was created."""
        return _first(CREATED, self.shown_members)

    @cached_property
    def modified_member(self) -> str | None:
        """The member that says when it was last modified."""
        return _first(MODIFIED, self.shown_members)

    @cached_property
    def reason_member(self) -> str | None:
        """The member that says why it failed."""
        return _first(REASONS, self.shown_members)

    @cached_property
    def status_member(self) -> str | None:
        """The member that says where in its life it is."""
        return self.kind.status or _first((f"{self.name}Status", "Status"), self.shown_members)

    @cached_property
    def lifecycle(self) -> Lifecycle | None:
        """How it lives; None if it is there or not, and nothing between. Undeclared, it is what the enum suggests."""
        if self.kind.lifecycle or self.status_member is None or self.status_member in self._input("Create"):
            return self.kind.lifecycle
        return suggested(self.model.shape(self.shown_members[self.status_member]).enum)

    @cached_property
    def filling(self) -> paths.Filling:
        """What a new one of it is filled with."""
        return paths.filling(self.kind.defaults)

    @cached_property
    def remembers(self) -> bool:
        """Whether its records remember the states they were in."""
        return bool(self.kind.history or self.kind.moments)

    @property
    def plain(self) -> bool:
        """Whether one name always means one record, and what is told of it follows from that record alone."""
        return not (self.kind.versions or self.kind.shown or self.kind.views)

    @cached_property
    def taggable(self) -> bool:
        """Whether it can carry tags: whether it can be created with them."""
        said = self.kind.taggable
        return "Tags" in self._input("Create") if said is None else said

    # --- What it refuses ----------------------------------------------------------------------------------------------

    @cached_property
    def missing(self) -> Refusal:
        """The answer when there is no such resource. What Describe does not declare is a ValidationException."""
        return self.kind.missing or Refusal(
            self._declared("Describe", errors.NOT_FOUND) or errors.VALIDATION, errors.NAME_DOES_NOT_EXIST
        )

    @cached_property
    def taken(self) -> Refusal:
        """The answer when the name is taken."""
        code = self._declared("Create", errors.IN_USE, errors.ALREADY_EXISTS, errors.CONFLICT)
        return self.kind.taken or Refusal(code or errors.VALIDATION, errors.TITLE_ALREADY_EXISTS_AT)

    def refused(self, verb: str, record: Record) -> errors.ServiceError:
        """Return the answer to a call that the status of a resource does not allow."""
        code = self._declared(verb, errors.IN_USE, errors.CONFLICT) or errors.VALIDATION
        status = record.state.status if record.state else ""
        life = self.lifecycle
        going = life and (stage := life.times.get(status)) and stage.then == GONE
        sentence = errors.BEING_DELETED if going else errors.CANNOT_DO_IN_STATUS
        refusal = self.kind.refusals.get(verb) or self.kind.refused or Refusal(code, sentence)
        shown = life.shown(status) if life else status
        moves = life.calls.get(verb, {}) if life else {}
        return refusal.error(
            **self.called(record.arn, record.key),
            verb=verb.lower(),
            status=shown,
            allowed=", ".join(moves),
            target=next(iter(moves.values()), ""),
        )

    def _declared(self, verb: str, *codes: str) -> str | None:
        operation = self.model.operations.get(self.operation(verb))
        return next((code for code in codes if operation and code in operation.errors), None)

    # --- What it is called --------------------------------------------------------------------------------------------

    def arn(self, key: Key, account: str, region: str, minted: Mapping[str, Any] | None = None) -> str:
        """Return the ARN of a key; where its ARN holds what the service made up, of that too."""
        names, template = self._forms[len(key)]
        if minted or names != template.members:
            values = {**dict(zip(names, key, strict=True)), **(minted or {})}
            key = tuple(values.get(name, part) for name, part in zip_longest(template.members, key))
        return arn.prefix(self.model.metadata["service"], region, account) + template.fill(key)

    @cached_property
    def _forms(self) -> Mapping[int, tuple[tuple[str, ...], Template]]:
        """The members of a key and the form of its ARN, by how many parts the key has."""
        forms = {len(one.members): one for one in reversed(self.templates)}
        return {len(names): (names, forms.get(len(names), self.templates[0])) for names in reversed(self.keys)}

    @cached_property
    def arn_tells_key(self) -> bool:
        """Whether the key can be read from the ARN; else records have to be looked up by it."""
        return all(one.members in self.keys and ":lower}" not in one.text for one in self.templates)

    def identify(self, text: str, account: str, region: str) -> Key | None:
        """Return the key that a name, a path of names (``group/3``) or an ARN stands for; None if it cannot be one."""
        if text.startswith("arn:"):
            resource = identity.resource_part(text, account, region)
        elif self._named:
            return (text,) if text and "/" not in text else None
        else:
            resource = self.templates[0].start + text
        if resource is None:
            return None
        return next((self.folded(key) for one in self.templates if (key := one.read(resource)) is not None), None)

    @cached_property
    def _named(self) -> bool:
        """Whether a name is all that there is to a key."""
        return len(self.templates) == 1 and self.templates[0].plain and not self.kind.folds

    def folded(self, key: Key) -> Key:
        """Return a key as records are kept under it: whatever its case, where the kind does not tell cases apart."""
        return tuple(part.lower() if isinstance(part, str) else part for part in key) if self.kind.folds else key

    def called(self, its_arn: str, key: Key) -> dict[str, Any]:
        """Return the words that sentences about one resource use."""
        return {
            "arn": its_arn,
            "name": key[0] if self.kind.versions else key[-1],
            "title": self.title,
            "noun": self.noun,
            "words": self.words,
            "key_member": self.keys[0][-1],
        }

    # --- How it is shown ----------------------------------------------------------------------------------------------

    def fields(self, record: Record, account: str, region: str, now: float = 0.0) -> dict[str, Any]:
        """Return all that can be said of a record, by member name."""
        fields = record.members
        for name in self.arn_members:
            fields[name] = record.arn
        if self.created_member:
            fields[self.created_member] = timestamp(record.created)
        changed = self.kind.modified_at_birth or record.modified > record.created or CHANGED in record.own
        if self.modified_member and changed:
            fields[self.modified_member] = timestamp(record.modified)
        state = record.state
        if state is not None and self.status_member:
            fields |= self._phase(self.status_member, state.status)
            if self.kind.history or self.kind.moments:
                fields |= self._past(record)
            if state.reason is not None and self.reason_member:
                fields[self.reason_member] = state.reason
        if record.tags and "Tags" in self.shown_members:
            fields["Tags"] = tags.listed(record.tags)
        if self.kind.shown:
            making = Making(fields, state, account, region, now)
            fields |= {name: value for name, show in self.kind.shown.items() if (value := show(making)) is not None}
        return fields

    def _phase(self, member: str, phase: str) -> dict[str, Any]:
        """Return what a phase of its life shows: a status, unless it is one that shows none, and maybe the phase."""
        status = self.lifecycle.shown(phase) if self.lifecycle else phase
        shown = {member: status} if status else {}
        return shown | ({self.kind.secondary: phase} if self.kind.secondary else {})

    def _past(self, record: Record) -> dict[str, Any]:
        """Return what a record's past tells: the phases so far, and when those that matter were last entered."""
        entered: list[tuple[str, float]] = record.own.get(ENTERED, [])
        past: dict[str, Any] = {}
        if self.kind.history:
            ends = [timestamp(since) for _, since in entered[1:]]
            past[self.kind.history] = [
                {"Status": phase, "StartTime": timestamp(since)} | ({"EndTime": end} if end is not None else {})
                for (phase, since), end in zip_longest(entered, ends)
            ]
        for member, phases in self.kind.moments.items():
            if times := [since for phase, since in entered if phase in phases]:
                past[member] = timestamp(times[-1])
        return past

    def project(self, shape: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return a record's fields as an output shape shows them: members it lacks stay away.

        Members that Create takes in the same shape are copied; others are cut to what the output shape has, which
        also keeps secrets in.
        """
        wrapped, members = self._projection(shape)
        if wrapped and wrapped[0] not in fields:
            return {wrapped[0]: self.project(wrapped[1].name, fields)}
        return {
            name: fields[name] if inner is None else self._cut(inner, fields[name])
            for name, inner in members.items()
            if name in fields
        }

    def _projection(self, shape: str) -> Projection:
        """Return what an output shape wraps all in, and its members with their shapes where a value is cut to them."""
        try:
            return self._projections[shape]
        except KeyError:
            taken = self._input("Create")
            members: dict[str, Shape | None] = {
                name: None if taken.get(name) == inner else _cutting(self.model.shape(inner))
                for name, inner in self.model.shape(shape).members.items()
            }
            self._projections[shape] = self.wrapped(self.model.shape(shape)), members
            return self._projections[shape]

    def _cut(self, shape: Shape, value: Any) -> Any:
        if shape.type == "structure" and isinstance(value, dict):
            return {
                name: self._cut(self.model.shape(inner), value[name])
                for name, inner in shape.members.items()
                if name in value
            }
        if shape.type == "list" and isinstance(value, list):
            return [self._cut(self.model.shape(shape.member), one) for one in value]
        return value


def _cutting(shape: Shape) -> Shape | None:
    """Return the shape if a value can be cut to it at all."""
    return shape if shape.type in ("structure", "list") else None


def _first(names: Iterable[str], members: Mapping[str, str]) -> str | None:
    return next((name for name in names if name in members), None)
