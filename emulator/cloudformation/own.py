"""The resource types that are CloudFormation's own: stacks within stacks, wait conditions, and the CDK's metadata."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from emulator.aws.errors import ServiceError
from emulator.cloudformation import errors
from emulator.cloudformation.functions import text
from emulator.cloudformation.phases import GONE, UPDATABLE
from emulator.cloudformation.sentences import TemplateError
from emulator.cloudformation.stacks import STACK, Source, Stack, Stacks
from emulator.registry.handler import (
    FAILED,
    IN_PROGRESS,
    SUCCESS,
    Caller,
    HandlerError,
    Page,
    Progress,
    Properties,
    ResourceType,
    Schema,
    Wish,
)

_DONE = {"CREATE": "created", "UPDATE": "updated", "DELETE": "deleted"}


class Engine(Protocol):
    """What stacks within stacks need of the stack engine."""

    stacks: Stacks

    def get(self, name: str) -> Stack:
        """Return a stack as it is by now."""

    def new_within(self, parent: Stack, name: str, **said: Any) -> Stack:
        """Return a stack within another that is not there yet."""

    def source(self, stack: Stack, params: Mapping[str, Any], previous: Source | None = None) -> Source:
        """Return what a stack is to be made from; ServiceError if that cannot be."""

    def same(self, stack: Stack, source: Source) -> bool:
        """Say whether a source would change nothing about a stack."""

    def create(self, stack: Stack, source: Source, **how: Any) -> None:
        """Begin to make a stack."""

    def update(self, stack: Stack, source: Source, **how: Any) -> None:
        """Begin to make a stack what it is not yet."""

    def delete(self, stack: Stack, **how: Any) -> None:
        """Begin to delete a stack."""


def own_types(engine: Engine, parent: Stack | None) -> dict[str, ResourceType]:
    """Return the types by name, as the resources of a stack."""
    types: list[ResourceType] = [
        Nested(engine, parent),
        Still(engine.stacks, "AWS::CloudFormation::WaitConditionHandle", _handle),
        WaitCondition(engine.stacks),
        Still(engine.stacks, "AWS::CDK::Metadata", lambda stacks, _: stacks.chance.uuid()),
    ]
    return {one.name: one for one in types}


class Own:
    """What the types have in common."""

    name: str
    schema: Schema

    def list(self, caller: Caller, model: Properties, token: str | None, size: int | None) -> Page:  # noqa: ARG002 - the contract's
        """Refuse: nobody lists them but the operations of CloudFormation."""
        raise HandlerError("InvalidRequest", errors.NOT_LISTED(type=self.name))


_NESTED: Schema = {
    "typeName": STACK,
    "properties": {
        "StackName": {"type": "string"},
        "StackId": {"type": "string"},
        "Outputs": {"type": "object"},
        "NotificationARNs": {"type": "array", "items": {"type": "string"}},
        "Parameters": {"type": "object"},
        "Tags": {"type": "array", "items": {"type": "object"}},
        "TemplateURL": {"type": "string"},
        "TimeoutInMinutes": {"type": "integer"},
    },
    "required": ["TemplateURL"],
    "readOnlyProperties": ["/properties/StackId", "/properties/Outputs"],
    "primaryIdentifier": ["/properties/StackId"],
    "tagging": {"taggable": True, "tagProperty": "/properties/Tags"},
}


class Nested(Own):
    """``AWS::CloudFormation::Stack``: a stack that is a resource of another."""

    name = STACK
    schema = _NESTED

    def __init__(self, engine: Engine, parent: Stack | None) -> None:
        self._engine = engine
        self._parent = parent

    def create(self, caller: Caller, wish: Wish) -> Progress:  # noqa: ARG002 - the engine knows
        """Begin to create a stack."""
        parent, said = self._parent, wish.properties
        assert parent is not None, "nobody creates one without a template"
        kept = {"NotificationARNs": said.get("NotificationARNs", [])}
        stack = self._engine.new_within(parent, wish.name, root=parent.root or parent.id, kept=kept)
        try:
            source = self._engine.source(stack, as_params(said))
        except (ServiceError, TemplateError) as error:
            return Progress(FAILED, message=error.message)
        minutes = said.get("TimeoutInMinutes")
        self._engine.create(stack, source, keep=True, timeout=minutes and minutes * 60.0)
        return self._ended(self._engine.get(stack.id), "CREATE")

    def update(self, caller: Caller, identifier: str, previous: Properties, wish: Wish) -> Progress:  # noqa: ARG002 - likewise
        """Begin to update a stack; what would change nothing is done."""
        try:
            stack = self._engine.get(identifier)
            if stack.status not in UPDATABLE:
                raise errors.NOT_UPDATABLE.error(stack=stack.id, status=stack.status)
            source = self._engine.source(stack, as_params(wish.properties), stack.source)
            if self._engine.same(stack, source):
                return Progress(SUCCESS, identifier)
            self._engine.update(stack, source)
        except (ServiceError, TemplateError) as error:
            return Progress(FAILED, identifier, message=error.message)
        return self._ended(stack, "UPDATE")

    def same(self, identifier: str, properties: Properties) -> bool:
        """Say whether a stack is what its template and its parameters come to by now."""
        try:
            stack = self._engine.get(identifier)
            return self._engine.same(stack, self._engine.source(stack, as_params(properties), stack.source))
        except (ServiceError, TemplateError):
            return False  # the update tells why

    def delete(self, caller: Caller, identifier: str) -> Progress:  # noqa: ARG002 - likewise
        """Begin to delete a stack."""
        stack = self._stack(identifier)
        if stack.status != GONE:
            self._engine.delete(stack)
        return self._ended(stack, "DELETE")

    def look(self, caller: Caller, action: str, identifier: str) -> Progress:  # noqa: ARG002 - likewise
        """Return how far a stack has come by now."""
        return self._ended(self._stack(identifier), action)

    def read(self, caller: Caller, identifier: str) -> Properties:  # noqa: ARG002 - likewise
        """Return what a stack is."""
        stack = self._stack(identifier)
        outputs = {one["OutputKey"]: one["OutputValue"] for one in stack.outputs}
        return {"StackName": stack.name, "StackId": stack.id, "Outputs": outputs}

    def _stack(self, identifier: str) -> Stack:
        try:
            return self._engine.get(identifier)
        except ServiceError as error:
            raise HandlerError("NotFound", error.message or "") from None

    def _ended(self, stack: Stack, action: str) -> Progress:
        """Return how an action stands, by the status of its stack."""
        if stack.deployment is not None:
            return Progress(IN_PROGRESS, stack.id)
        if stack.status == f"{action}_COMPLETE":
            return Progress(SUCCESS, stack.id)
        reason = self._why(stack) or stack.status
        return Progress(FAILED, stack.id, message=errors.EMBEDDED(stack=stack.id, what=_DONE[action], reason=reason))

    def _why(self, stack: Stack) -> str | None:
        """Return why a stack is not what it was to be: of a rollback, why there was one."""
        events = [
            event for _, event in self._engine.stacks.events(stack).items() if event["PhysicalResourceId"] == stack.id
        ]
        told = [one.get("ResourceStatusReason") for one in events if "ROLLBACK_IN_PROGRESS" in one["ResourceStatus"]]
        return stack.reason or (told[-1] if told else None)


def as_params(said: Properties) -> dict[str, Any]:
    """Return the properties of a stack within a stack as the params of a call."""
    parameters = [
        {"ParameterKey": name, "ParameterValue": ",".join(map(text, one)) if isinstance(one, list) else text(one)}
        for name, one in said.get("Parameters", {}).items()
    ]
    return {"TemplateURL": said.get("TemplateURL"), "Parameters": parameters, "Tags": said.get("Tags", [])}


class Still(Own):
    """A type that has nothing behind it: a resource of it is there as soon as it is wished for."""

    def __init__(self, stacks: Stacks, name: str, identify: Callable[[Stacks, Wish], str]) -> None:
        self.name = name
        self.schema = {"typeName": name, "properties": {}, "primaryIdentifier": []}
        self._stacks = stacks
        self._identify = identify

    def create(self, caller: Caller, wish: Wish) -> Progress:  # noqa: ARG002 - the contract's
        """Create one."""
        return Progress(SUCCESS, self._identify(self._stacks, wish))

    def update(self, caller: Caller, identifier: str, previous: Properties, wish: Wish) -> Progress:  # noqa: ARG002 - likewise
        """Take whatever is wished."""
        return Progress(SUCCESS, identifier)

    def delete(self, caller: Caller, identifier: str) -> Progress:  # noqa: ARG002 - likewise
        """Delete it."""
        return Progress(SUCCESS, identifier)

    def look(self, caller: Caller, action: str, identifier: str) -> Progress:  # noqa: ARG002 - likewise
        """Return that it is done."""
        return Progress(SUCCESS, identifier)

    def read(self, caller: Caller, identifier: str) -> Properties:  # noqa: ARG002 - likewise
        """Return that there is nothing to it."""
        return {}


class WaitCondition(Still):
    """A condition that waits for signals. Nobody can send any here, so it ends at once or by its timeout."""

    def __init__(self, stacks: Stacks) -> None:
        super().__init__(stacks, "AWS::CloudFormation::WaitCondition", _condition)
        self.schema = {
            "typeName": self.name,
            "properties": {
                "Count": {"type": "integer"},
                "Handle": {"type": "string"},
                "Timeout": {"type": "integer"},
                "Data": {"type": "object"},
            },
            "readOnlyProperties": ["/properties/Data"],
            "createOnlyProperties": ["/properties/Count", "/properties/Handle", "/properties/Timeout"],
            "primaryIdentifier": [],
        }
        self._waits = stacks.shelf("cloudformation.waits")

    def create(self, caller: Caller, wish: Wish) -> Progress:
        """Begin to wait."""
        identifier = _condition(self._stacks, wish)
        said = wish.properties
        until = self._stacks.clock.now() + float(said.get("Timeout", 300))
        self._waits.put(identifier, {"until": until, "expected": int(said.get("Count", 1))})
        return self.look(caller, "CREATE", identifier)

    def delete(self, caller: Caller, identifier: str) -> Progress:
        """Stop waiting."""
        self._waits.remove(identifier)
        return super().delete(caller, identifier)

    def look(self, caller: Caller, action: str, identifier: str) -> Progress:  # noqa: ARG002 - the contract's
        """Return whether it still waits."""
        wait = self._waits.get(identifier)
        if wait is None or not wait["expected"]:
            return Progress(SUCCESS, identifier)
        if self._stacks.clock.now() < wait["until"]:
            return Progress(IN_PROGRESS, identifier)
        return Progress(FAILED, identifier, message=errors.WAIT_TIMED_OUT(count=0, expected=wait["expected"]))

    def read(self, caller: Caller, identifier: str) -> Properties:  # noqa: ARG002 - likewise
        """Return what was signalled: nothing."""
        return {"Data": "{}"}


def _handle(stacks: Stacks, wish: Wish) -> str:
    region = stacks.caller.region
    return f"https://cloudformation-waitcondition-{region}.s3.{region}.amazonaws.com/{stacks.arn('')}{wish.name}"


def _condition(stacks: Stacks, wish: Wish) -> str:
    return stacks.arn(f"waitcondition/{wish.name}")
