"""Stacks as documents on shelves: how one is found, kept, and told what happened to it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from emulator.aws import arn
from emulator.cloudformation import errors
from emulator.cloudformation.phases import GONE
from emulator.engine.clock import Chance, Timepiece, text
from emulator.engine.scope import Scope
from emulator.engine.shelf import Shelf
from emulator.registry.handler import Caller, Properties

STACK = "AWS::CloudFormation::Stack"
CHANGE_SETS = "cloudformation.change_sets"

_STACKS, _NAMES, _MOVING, _SHARED, _EVENTS = (
    f"cloudformation.{one}" for one in ("stacks", "names", "moving", "shared", "events")
)
_APART = 0.001  # seconds between the events of a stack at least: clients put them in order by their times


@dataclass
class Source:
    """What a stack is made from: a template, its parameters, tags."""

    body: str
    parameters: dict[str, list[Any]] = field(default_factory=dict)  # as given, as Ref gives them, as looked up
    tags: dict[str, str] = field(default_factory=dict)


@dataclass
class Resource:
    """A resource of a stack: what it is by now, and what it was last wished to be."""

    logical: str
    type: str
    status: str = ""
    changed: float = 0.0
    physical: str = ""
    reason: str | None = None
    properties: Properties = field(default_factory=dict)
    shown: Properties | None = None  # how they are told, where something of them is not to be echoed
    tags: dict[str, str] = field(default_factory=dict)  # those of the stack, when it was last wished
    attributes: dict[str, Any] = field(default_factory=dict)  # what a template says of it besides its properties
    depends: list[str] = field(default_factory=list)
    asked: dict[str, Any] = field(default_factory=dict)  # its attributes, as they were when somebody last needed them
    unsettled: str | None = None  # the action that was cancelled, whose end nobody has seen yet
    unsure: bool = False  # an update of it has failed: it may be what it was, or what it was to be
    drift: dict[str, Any] | None = None

    def policy(self, name: str) -> str:
        """Return its DeletionPolicy or UpdateReplacePolicy."""
        said: str = self.attributes.get(name, "Delete")
        return said


@dataclass
class Task:
    """What is to be done to one resource in a phase, after which other tasks, and how far it has come."""

    logical: str
    after: list[str] = field(default_factory=list)
    state: str = "waiting"
    does: str = ""
    token: str = ""
    ended: dict[str, Any] | None = None  # the end that came at once, to be told after what begins beside it
    resource: dict[str, Any] | None = None  # what is replaced, or removed without being the stack's any more


@dataclass
class Deployment:
    """A stack on its way through the phases, so far that anyone can go on with it."""

    phase: str
    id: str = ""
    tasks: dict[str, Task] = field(default_factory=dict)
    undo: dict[str, dict[str, Any] | None] = field(default_factory=dict)  # resources as they were before it
    leftover: list[dict[str, Any]] = field(default_factory=list)  # what is to be deleted when it is over
    spoiled: list[dict[str, Any]] = field(default_factory=list)  # the same, also if it is rolled back
    source: Source | None = None  # what the stack was made from before it
    was: dict[str, Any] = field(default_factory=dict)  # what else it changes about the stack itself, as it was before
    imports: dict[str, dict[str, Any]] = field(default_factory=dict)  # what identifies the resources that it takes in
    failure: str | None = None  # why it fails, where that is not told by its resources
    token: str | None = None
    keep: bool = False  # what failed is not to be rolled back
    on_failure: str = "ROLLBACK"
    retain: list[str] = field(default_factory=list)
    forced: bool = False  # what cannot be deleted is left where it is
    spare: bool = False  # what is to be retained is deleted all the same where its creation is rolled back
    skip: list[str] = field(default_factory=list)  # what a rollback goes on without
    policy: str | None = None  # that holds for this update, instead of the stack's own
    began: float = 0.0
    timeout: float | None = None

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Deployment:
        """Return what a document says."""
        tasks = {key: Task(**task) for key, task in document["tasks"].items()}
        source = document["source"] and Source(**document["source"])
        return cls(**{**document, "tasks": tasks, "source": source})


@dataclass
class Stack:
    """One stack."""

    id: str
    name: str
    created: float
    status: str = ""
    reason: str | None = None
    updated: float | None = None
    deleted: float | None = None
    description: str | None = None
    source: Source = field(default_factory=lambda: Source(""))
    kept: dict[str, Any] = field(default_factory=dict)  # options that are only kept and shown, as they were given
    resources: dict[str, Resource] = field(default_factory=dict)
    outputs: list[dict[str, Any]] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)
    protected: bool = False
    policy: str | None = None
    change_set: str | None = None
    parent: str | None = None
    root: str | None = None
    deployment: Deployment | None = None  # while one is under way
    halted: Deployment | None = None  # the last one, where it can be gone on with or rolled back
    operation: str = ""  # the id of the last deployment
    tokens: dict[str, str] = field(default_factory=dict)  # of clients, with the operation each was used for
    drift: dict[str, Any] = field(default_factory=lambda: {"StackDriftStatus": "NOT_CHECKED"})

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Stack:
        """Return what a document says."""
        resources = {logical: Resource(**one) for logical, one in document["resources"].items()}
        ways = {name: document[name] and Deployment.read(document[name]) for name in ("deployment", "halted")}
        return cls(**{**document, **ways, "resources": resources, "source": Source(**document["source"])})

    @property
    def exports(self) -> dict[str, str]:
        """The values that it exports, by name."""
        return {one["ExportName"]: one["OutputValue"] for one in self.outputs if "ExportName" in one}


class Stacks:
    """The stacks of one account and region, for the time of one call."""

    def __init__(self, scope: Scope, caller: Caller) -> None:
        self.place = scope.place
        self.clock: Timepiece = scope.clock
        self.chance: Chance = scope.chance
        self.caller = caller

    def arn(self, resource: str) -> str:
        """Return the ARN of something of CloudFormation's here."""
        return arn.prefix("cloudformation", self.caller.region, self.caller.account) + resource

    def shelf(self, name: str) -> Shelf:
        """Return a shelf of CloudFormation's."""
        return self.place.shelf(name)

    def find(self, name: str) -> Stack | None:
        """Return a stack by its ARN, or one that is not deleted by its name."""
        ident = name if name.startswith("arn:") else self.shelf(_NAMES).get(name)
        document = ident and self.shelf(_STACKS).get(ident)
        return Stack.read(document) if document else None

    def get(self, name: str) -> Stack:
        """Return a stack; ServiceError if there is none."""
        stack = self.find(name)
        if stack is None:
            raise errors.NO_STACK.error(name=name)
        return stack

    def living(self, name: str) -> Stack:
        """Return a stack that is not deleted; ServiceError if there is none."""
        stack = self.get(name)
        if stack.status == GONE:
            raise errors.NO_STACK.error(name=name)
        return stack

    def put(self, stack: Stack) -> None:
        """Keep a stack as it is now. One that is deleted is found by its ARN only."""
        self.shelf(_STACKS).put(stack.id, asdict(stack))
        if stack.deployment is None:
            self.shelf(_MOVING).remove(stack.id)
        else:
            self.shelf(_MOVING).put(stack.id, True)
        if stack.exports or stack.imports:
            self.shelf(_SHARED).put(stack.id, [stack.name, stack.exports, stack.imports])
        else:
            self.shelf(_SHARED).remove(stack.id)
        names = self.shelf(_NAMES)
        if stack.status != GONE:
            if names.get(stack.name) != stack.id:
                names.put(stack.name, stack.id)
        elif names.get(stack.name) == stack.id:
            names.remove(stack.name)

    def all(self) -> Iterator[Stack]:
        """Yield all stacks, the newest first, deleted ones too."""
        shelf = self.shelf(_STACKS)
        return (Stack.read(shelf.get(ident)) for ident in reversed(list(shelf)))

    def alive(self) -> Iterator[Stack]:
        """Yield the stacks that are not deleted, the newest first."""
        names, shelf = self.shelf(_NAMES), self.shelf(_STACKS)
        return (Stack.read(shelf.get(ident)) for ident in reversed([ident for _, ident in names.items()]))

    def about(self, name: str) -> str:
        """Return the stack that a name or an ARN is about, be it that of a change set."""
        change_set = self.shelf(CHANGE_SETS).get(name) if ":changeSet/" in name else None
        found: str = change_set["stack"] if change_set else name
        return found

    def moving(self) -> list[str]:
        """Return the ARNs of the stacks that are under way."""
        return list(self.shelf(_MOVING))

    def holder(self, kind: str, physical: str) -> str | None:
        """Return the ARN of the stack that has a resource of a type, by its physical id; None if none has."""
        found = (
            stack.id
            for stack in self.alive()
            for one in stack.resources.values()
            if (one.type, one.physical) == (kind, physical) and one.status not in ("DELETE_COMPLETE", "DELETE_SKIPPED")
        )
        return next(found, None)

    # --- Exports ------------------------------------------------------------------------------------------------------

    def exports(self) -> Iterator[tuple[str, str, str]]:
        """Yield what is exported: by which stack, under which name, which value."""
        for ident, (_, exports, _) in self.shelf(_SHARED).items():
            yield from ((ident, name, value) for name, value in exports.items())

    def exporter(self, name: str, but: str = "") -> tuple[str, str] | None:
        """Return the ARN of the stack that exports a name, and the value, leaving one stack out."""
        found = ((ident, value) for ident, export, value in self.exports() if export == name and ident != but)
        return next(found, None)

    def importers(self, name: str) -> list[str]:
        """Return the names of the stacks that import what is exported under a name."""
        return [stack for _, (stack, _, imports) in self.shelf(_SHARED).items() if name in imports]

    # --- Events -------------------------------------------------------------------------------------------------------

    def events(self, stack: Stack) -> Shelf:
        """Return the events of a stack, the oldest first."""
        return self.shelf(f"{_EVENTS}/{stack.id}")

    def note(self, stack: Stack, resource: Resource | None = None) -> None:
        """Note that a stack, or a resource of it, has come to its present status."""
        deployment = stack.deployment
        events = self.events(stack)
        number = len(events) + 1
        last = events.get(f"{number - 1:06}")
        now = max(self.clock.now(), round(last["Timestamp"] + _APART, 3) if last else 0.0)
        one = resource or Resource(stack.name, STACK, stack.status, now, stack.id, stack.reason)
        ident = self.chance.uuid() if resource is None else f"{one.logical}-{one.status}-{text(now)}-{number}"
        event = {
            "StackId": stack.id,
            "StackName": stack.name,
            "EventId": ident,
            "LogicalResourceId": one.logical,
            "PhysicalResourceId": one.physical,
            "ResourceType": one.type,
            "Timestamp": now,
            "ResourceStatus": one.status,
            "ResourceStatusReason": one.reason,
            "ResourceProperties": _text(one.properties if one.shown is None else one.shown),
            "OperationId": deployment and deployment.id,
            "ClientRequestToken": deployment and deployment.token,
        }
        events.put(f"{number:06}", {name: value for name, value in event.items() if value is not None})


def _text(properties: Properties) -> str | None:
    return json.dumps(properties, separators=(",", ":")) if properties else None
