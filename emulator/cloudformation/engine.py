"""The stack engine for the time of one call: it begins deployments, and goes on with those that are under way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from emulator.aws.errors import ServiceError
from emulator.cloudformation import errors, making, target
from emulator.cloudformation.asked import Asked
from emulator.cloudformation.deployment import Machine
from emulator.cloudformation.difference import DYNAMIC, MODIFY, Change, Detail, Tags, compare, outputs
from emulator.cloudformation.handlers import Find, unlike
from emulator.cloudformation.known import Outside
from emulator.cloudformation.outside import Beyond, fetch
from emulator.cloudformation.own import own_types
from emulator.cloudformation.phases import REVIEW
from emulator.cloudformation.sentences import TemplateError
from emulator.cloudformation.stacks import CHANGE_SETS, Deployment, Source, Stack, Stacks
from emulator.cloudformation.target import Goal, Standing
from emulator.engine.scope import Scope
from emulator.registry.handler import ResourceType
from emulator.registry.registry import Registry

LONGEST_NAME = 128
_NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]*")


class Types(Protocol):
    """Where resource types come from."""

    def find(self, name: str) -> ResourceType | None:
        """Return the type of that name; None if nobody has it."""


class Engine:
    """Stacks, and the resource types that they are made of, in one account and region."""

    def __init__(self, asked: Asked, scope: Scope, types: Types) -> None:
        self.asked = asked
        self.stacks = Stacks(scope, asked.caller)
        self._types = types

    def find(self, name: str) -> ResourceType | None:
        """Return a resource type; None if nobody has it."""
        return self.found(None)(name)

    def found(self, stack: Stack | None) -> Find:
        """Return how resource types are found for the resources of a stack."""
        own = own_types(self, stack)
        return lambda name: own.get(name) or self._types.find(name)

    def schema(self, name: str) -> Mapping[str, Any] | None:
        """Return the schema of a resource type; None if nobody has it."""
        found = self.find(name)
        return None if found is None else found.schema

    def fetch(self, url: str) -> str:
        """Return the template at a URL; ServiceError if there is none."""
        return fetch(self.asked, url)

    # --- What a stack is to be ----------------------------------------------------------------------------------------

    def outside(self, stack: Stack) -> Outside:
        """Return what a stack may look up beyond itself."""
        return Beyond(self.asked, self.stacks, stack)

    def goal(self, stack: Stack, source: Source | None = None) -> Goal:
        """Return what a stack is to be, by what it is made from or by something else."""
        resources = Standing(self.stacks, stack, self.find)
        return Goal(self.stacks, stack, source or stack.source, resources, self.outside(stack))

    def source(self, stack: Stack, params: Mapping[str, Any], previous: Source | None = None) -> Source:
        """Return what a call wants a stack to be made from."""
        return making.source(params, self.fetch, self.outside(stack), previous)

    def changes(self, stack: Stack, source: Source, *, told: bool = False) -> list[Change]:
        """Return what would change about a stack made from something else; ``told`` masks what is not to be echoed."""
        goals = [self.goal(stack, one) for one in (source, stack.source) if one.body]
        after, *before = [one.told if told else one.known for one in goals]
        physical = {one.logical: one.physical for one in stack.resources.values() if one.physical}
        tags = Tags(stack.source.tags, source.tags)
        found = compare(before[0] if before else None, after, self.schema, physical, tags)
        return [*found, *self._below(stack, goals[0], {one.logical for one in found})]

    def _below(self, stack: Stack, goal: Goal, but: set[str]) -> Iterator[Change]:
        """Yield the resources that are not what the same properties come to by now."""
        for one in stack.resources.values():
            kind = self.find(one.type)
            stays = kind is not None and one.physical and one.logical not in but
            if kind is not None and stays and unlike(kind, one, goal.properties(one.logical)):
                said = goal.shown(one.logical) or goal.properties(one.logical)
                detail = Detail("Properties", evaluation=DYNAMIC, source="Automatic")
                yield Change(
                    MODIFY, one.logical, one.type, one.physical, "False", details=[detail], before=said, after=said
                )

    def same(self, stack: Stack, source: Source) -> bool:
        """Say whether a source would change nothing about a stack."""
        if stack.source.tags != source.tags or self.changes(stack, source):
            return False
        return outputs(self.goal(stack).known) == outputs(self.goal(stack, source).known)

    # --- Going on -----------------------------------------------------------------------------------------------------

    def machine(self, stack: Stack) -> Machine:
        """Return what moves a stack."""
        return Machine(self.stacks, stack, self.found(stack), self.goal)

    def refresh(self, name: str | None = None) -> None:
        """Bring the stack of a name or ARN to the present, or every stack."""
        moving = self.stacks.moving()
        if name is not None:
            stack = self.stacks.find(name) if moving else None
            moving = [stack.id] if stack is not None and stack.id in moving else []
        for ident in moving:
            self.machine(self.stacks.get(ident)).advance()

    def get(self, name: str) -> Stack:
        """Return a stack as it is by now; ServiceError if there is none."""
        self.refresh(name)
        return self.stacks.get(name)

    def living(self, name: str) -> Stack:
        """Return a stack as it is by now; ServiceError if there is none, or it is deleted."""
        return self.stacks.living(name)

    # --- Change sets of a stack ---------------------------------------------------------------------------------------

    def change_sets(self, stack: Stack) -> dict[str, dict[str, Any]]:
        """Return the change sets of a stack by ARN, the oldest first."""
        return {ident: one for ident, one in self.stacks.shelf(CHANGE_SETS).items() if one["stack"] == stack.id}

    def find_change_set(self, name: str, stack_name: str | None) -> dict[str, Any] | None:
        """Return a change set by its ARN, or by its name and that of its stack; None if the stack has none such."""
        if name.startswith("arn:"):
            found: dict[str, Any] | None = self.stacks.shelf(CHANGE_SETS).get(name)
            return found
        if stack_name is None:
            raise errors.NEEDS_STACK.error()
        stack = self.stacks.find(stack_name)
        if stack is None:
            raise errors.NO_STACK_HERE.error(name=stack_name)
        return next((one for one in self.change_sets(stack).values() if one["name"] == name), None)

    def change_set(self, name: str, stack_name: str | None) -> dict[str, Any]:
        """Return a change set; ServiceError if there is none."""
        found = self.find_change_set(name, stack_name)
        if found is None:
            raise errors.NO_CHANGE_SET.error(name=name)
        return found

    def change_sets_obsolete(self, stack: Stack) -> None:
        """Note that the change sets of a stack are overtaken by another change of it."""
        for ident, one in self.change_sets(stack).items():
            if one["execution"] == "AVAILABLE":
                self.stacks.shelf(CHANGE_SETS).put(ident, {**one, "execution": "OBSOLETE"})

    # --- Deployments --------------------------------------------------------------------------------------------------

    def begin(self, stack: Stack, deployment: Deployment, reason: str | None = errors.USER) -> None:
        """Set a stack on its way, and let it go as far as it can."""
        machine = self.machine(stack)
        machine.begin(deployment, reason)
        machine.advance()

    # --- Beginnings ---------------------------------------------------------------------------------------------------

    def new(self, name: str, **said: Any) -> Stack:
        """Return a stack that is not there yet; ServiceError if it cannot have that name."""
        if _NAME.fullmatch(name) is None:
            raise errors.BAD_NAME.error(name=name)
        if len(name) > LONGEST_NAME:
            raise errors.NAME_TOO_LONG.error(name=name, limit=LONGEST_NAME)
        ident = self.stacks.arn(f"stack/{name}/{self.stacks.chance.uuid()}")
        return Stack(ident, name, self.stacks.clock.now(), **said)

    def new_within(self, parent: Stack, name: str, **said: Any) -> Stack:
        """Return a stack within another that is not there yet; a name too long for it, made up here, is shortened."""
        name = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 13]}-{name[-12:]}"
        return self.new(name, parent=parent.id, **said)

    def create(self, stack: Stack, source: Source, kept: dict[str, Any] | None = None, **how: Any) -> None:
        """Begin to make a stack; ``kept`` are its options, if they are not what they were."""
        self._make_from(stack, source, kept)
        self.begin(stack, Deployment("CREATE", **how))

    def update(self, stack: Stack, source: Source, kept: dict[str, Any] | None = None, **how: Any) -> None:
        """Begin to make a stack what it is not yet; ``kept`` are its options, if they are not what they were."""
        deployment, halted = Deployment("UPDATE", source=stack.source, was=_of(stack), **how), stack.halted
        if halted is not None and halted.source is not None:  # what it would be rolled back to is older
            deployment.source, deployment.was, deployment.undo = halted.source, halted.was, halted.undo
            deployment.leftover, deployment.spoiled = halted.leftover, halted.spoiled
            deployment.imports = {**halted.imports, **deployment.imports}
        self._make_from(stack, source, kept)
        stack.updated = self.stacks.clock.now()
        self.begin(stack, deployment)

    def take_in(self, stack: Stack, source: Source, kept: dict[str, Any], **how: Any) -> None:
        """Begin to make resources that are there a stack's own."""
        deployment = Deployment("IMPORT", source=stack.source, was=_of(stack), **how)
        self._make_from(stack, source, kept)
        self.begin(stack, deployment)

    def _make_from(self, stack: Stack, source: Source, kept: dict[str, Any] | None) -> None:
        stack.source, stack.kept = source, stack.kept if kept is None else kept
        stack.description = target.read(source.body).description

    def delete(self, stack: Stack, **how: Any) -> None:
        """Begin to delete a stack, unless another imports what it exports."""
        for name in stack.exports:
            users = self.stacks.importers(name)
            if users and stack.status != "DELETE_FAILED":
                return self._not_deleted(stack, errors.DELETE_CANCELED(name=name, users=", ".join(users)))
        halted = stack.halted
        leftover = [*halted.leftover, *halted.spoiled] if halted is not None else []
        self.begin(stack, Deployment("DELETE", leftover=leftover, **how))
        return None

    def _not_deleted(self, stack: Stack, reason: str) -> None:
        was = stack.status
        for status, why in (("DELETE_IN_PROGRESS", errors.USER), (was, reason)):
            stack.status, stack.reason = status, why
            self.stacks.note(stack)
        self.stacks.put(stack)

    def go_on(self, stack: Stack, phase: str, token: str | None, skip: Iterable[str] = ()) -> None:
        """Roll back what had halted, as far as it can be."""
        halted = stack.halted
        assert halted is not None, "only what has halted goes on"
        halted.token, halted.skip, halted.keep = token, list(skip), False
        machine = self.machine(stack)
        machine.resume(halted, phase)
        machine.advance()

    def review(self, stack: Stack) -> None:
        """Note a stack that a change set is to create."""
        stack.status, stack.reason = REVIEW, errors.USER
        self.stacks.note(stack)
        self.stacks.put(stack)


def _of(stack: Stack) -> dict[str, Any]:
    """Return what a deployment changes about a stack itself."""
    return {"kept": stack.kept, "description": stack.description}


@contextmanager
def engine(asked: Asked) -> Iterator[Engine]:
    """Give the engine of a call, while nobody else is at work where it acts."""
    caller = asked.caller
    with asked.emulator.at(caller.account, caller.region) as scope:
        try:
            yield Engine(asked, scope, asked.emulator.beside(Registry))
        except TemplateError as error:
            raise ServiceError(errors.VALIDATION, error.message) from None


Operation = Callable[[Engine, Mapping[str, Any]], "dict[str, Any] | None"]


def answer(operation: Operation, asked: Asked, params: Mapping[str, Any]) -> dict[str, Any] | None:
    """Answer a call, once what it is about has been brought to the present: a refusal does not undo time's work."""
    name = params.get("StackName") or params.get("ChangeSetName")
    with engine(asked) as before:
        before.refresh(before.stacks.about(name) if name else None)
    with engine(asked) as now:
        return operation(now, params)
