"""What is done to the resources of a stack on its way, one task each: begun, looked at, done, failed or given up."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import cached_property, partial
from typing import Any, Protocol

from emulator.cloudformation import errors, policy
from emulator.cloudformation.difference import Way, may_replace
from emulator.cloudformation.handlers import Find, attempt, course, given, removed
from emulator.cloudformation.phases import BUILD, PHASES, RESTORE
from emulator.cloudformation.sentences import TemplateError
from emulator.cloudformation.stacks import Deployment, Resource, Stack, Stacks, Task
from emulator.registry import identifiers
from emulator.registry.errors import NOT_UPDATABLE
from emulator.registry.handler import (
    CREATE,
    DELETE,
    FAILED,
    IN_PROGRESS,
    SUCCESS,
    UPDATE,
    HandlerError,
    Progress,
    Properties,
    ResourceType,
    Wish,
)
from emulator.registry.validation import validate

REPLACE, IMPORT = "REPLACE", "IMPORT"
WAITING, BEGUN, RUNNING, DONE, LOST = "waiting", "begun", "running", "done", "failed"

_VERB = {CREATE: "CREATE", UPDATE: "UPDATE", REPLACE: "UPDATE", IMPORT: "IMPORT"}
_LOOKS = {IMPORT: CREATE, CREATE: CREATE, UPDATE: UPDATE, REPLACE: CREATE, DELETE: DELETE}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class Target(Protocol):
    """What a stack is to be."""

    @property
    def logical(self) -> list[str]:
        """The names of its resources, those that conditions leave out not among them."""

    def blank(self, logical: str) -> Resource:
        """Return a resource as the template declares it, with nothing resolved yet."""

    def properties(self, logical: str) -> Properties:
        """Return the properties of a resource; TemplateError if something they need is not there."""

    def shown(self, logical: str) -> Properties | None:
        """Return the properties of a resource as they are told; None where they are told as they are."""

    def looked_up(self, properties: Properties) -> Properties:
        """Return properties with every dynamic reference in them looked up; TemplateError where there is nothing."""

    def outputs(self) -> list[dict[str, Any]]:
        """Return the outputs; TemplateError if something they need is not there."""

    def imports(self) -> list[str]:
        """Return the names of the exports that it imports."""


class Work:
    """The tasks of one stack, for the time of one advance. A resource in progress is looked at once meanwhile."""

    def __init__(self, stacks: Stacks, stack: Stack, find: Find, target: Callable[[Stack], Target]) -> None:
        self._stacks = stacks
        self._stack = stack
        self._find = find
        self._read = target
        self.looked: set[str] = set()

    @property
    def deployment(self) -> Deployment:
        """How far the stack is on its way."""
        assert self._stack.deployment is not None, "it is on its way"
        return self._stack.deployment

    @cached_property
    def target(self) -> Target:
        """What the stack is to be."""
        return self._read(self._stack)

    def prepare(self, does: str, key: str) -> bool:
        """Make out what a task has to do, and tell that it begins; say whether it does."""
        prepare = {BUILD: self._prepare_build, RESTORE: self._prepare_restore}.get(does, self._prepare_removal)
        task = self.deployment.tasks[key]
        prepare(task)
        return task.state != WAITING

    def _prepare_build(self, task: Task) -> None:
        logical = task.logical
        old, new = self._stack.resources.get(logical), self.target.blank(logical)
        there = old if old is not None and old.physical and old.status != "CREATE_FAILED" else None
        fault = self._resolve(new)
        found = Way.NEW if there is None else Way.UPDATE
        if there is not None and fault is None:
            found = course(self._type(new), there, new)
            found = Way.UPDATE if found is Way.SAME and there.unsure else found
        if found is Way.SAME and there is not None:
            there.attributes, there.depends = new.attributes, new.depends
            task.state = DONE
            return
        self._touch(task, old)
        if old is not None:
            new.physical, new.unsettled = old.physical, old.unsettled
        self._stack.resources[logical] = new
        task.does = IMPORT if there is None and logical in self.deployment.imports else _DOES[found]
        if there is not None:
            fault = fault or self.denied(_POLICY.get(task.does, ""), there)
        if fault:
            self._lose(task, new, f"{CREATE if there is None else UPDATE}_FAILED", fault)
            return
        task.token, task.state = self._stacks.chance.uuid(), BEGUN
        self._say(new, f"{_VERB[task.does]}_IN_PROGRESS", _BEGINS.get(task.does))

    def _resolve(self, new: Resource) -> str | None:
        """Work out the properties of a resource; say why they cannot be."""
        logical = new.logical
        try:
            new.properties, new.shown = self.target.properties(logical), self.target.shown(logical)
            new.tags = dict(self._stack.source.tags)
            faults = validate(self._type(new).schema, self._given(new))
        except TemplateError as error:
            return error.message
        return errors.BAD_PROPERTIES(logical=logical, faults=", ".join(faults)) if faults else None

    def _touch(self, task: Task, old: Resource | None) -> None:
        """Note how a resource was before the deployment touched it."""
        deployment = self.deployment
        if old is not None and old.physical and old.status == "CREATE_FAILED":
            deployment.spoiled.append(asdict(old))
            old.physical = ""
        task.resource = None if old is None else asdict(old)
        deployment.undo.setdefault(task.logical, task.resource)

    def _prepare_restore(self, task: Task) -> None:
        stack, deployment = self._stack, self.deployment
        before, now = deployment.undo[task.logical], stack.resources.get(task.logical)
        if before is None:
            if now is not None:
                deployment.leftover.append(asdict(stack.resources.pop(task.logical)))
            task.state = DONE
            return
        old = Resource(**before)
        if task.logical in deployment.skip and now is not None:
            self._be(task, now)
        elif now is None or now.physical != old.physical:
            if now is not None and now.physical:
                deployment.leftover.append(asdict(now))
            self._be(task, old)
        elif self._settled(now):
            if not now.unsure and (now.properties, now.tags) == (old.properties, old.tags):
                self._be(task, old)
                return
            task.does, task.token, task.state = UPDATE, self._stacks.chance.uuid(), BEGUN
            self._say(now, "UPDATE_IN_PROGRESS")

    def _be(self, task: Task, one: Resource) -> None:
        """Let a resource be one that nothing has to be done about."""
        self._stack.resources[task.logical] = one
        if one.physical:
            self._say(one, "UPDATE_COMPLETE")
        task.state = DONE

    def _prepare_removal(self, task: Task) -> None:
        one = self._removed(task)
        if not self._settled(one):
            return
        task.does, task.token = DELETE, self._stacks.chance.uuid()
        if not one.physical:
            task.state = DONE
            if one.status:
                self._say(one, "DELETE_COMPLETE")
        elif self._retained(one):
            task.state = DONE
            self._say(one, "DELETE_SKIPPED")
        else:
            task.state = BEGUN
            self._say(one, "DELETE_IN_PROGRESS")
        self._keep_removed(task, one)

    def _removed(self, task: Task) -> Resource:
        return Resource(**task.resource) if task.resource else self._stack.resources[task.logical]

    def _keep_removed(self, task: Task, one: Resource) -> None:
        if task.resource:
            task.resource = asdict(one)

    def _retained(self, one: Resource) -> bool:
        deployment = self.deployment
        replaced = deployment.phase == "UPDATE_CLEANUP" and one.logical in self._stack.resources
        if replaced:  # the template that replaces it has the say, as change sets tell
            said = self._stack.resources[one.logical].policy("UpdateReplacePolicy")
        else:
            said = one.policy("DeletionPolicy")
        created = one.logical not in self._stack.resources or deployment.phase == "ROLLBACK"
        undone = created and deployment.phase in ("ROLLBACK", "UPDATE_ROLLBACK_CLEANUP")
        if one.logical in deployment.retain or (undone and one.logical in deployment.imports):
            return True
        excepted = said == "RetainExceptOnCreate" or deployment.spare
        return said in ("Retain", "RetainExceptOnCreate") and not (excepted and undone)

    def _settled(self, one: Resource) -> bool:
        """Return whether nothing is under way any more for a resource whose task was cancelled."""
        if one.unsettled is not None:
            look = partial(self._type(one).look, self._stacks.caller, one.unsettled, one.physical)
            if f"settled/{one.physical}" in self.looked or attempt(look).status == IN_PROGRESS:
                self.looked.add(f"settled/{one.physical}")
                return False
            one.unsettled = None
        return True

    def act(self, does: str, key: str) -> None:
        """Ask a handler for what a task has to do."""
        task, caller = self.deployment.tasks[key], self._stacks.caller
        if task.does == DELETE:
            one = self._removed(task)
            self._take(task, one, removed(lambda: self._type(one).delete(caller, one.physical)))
            return
        one = self._stack.resources[task.logical]
        if does == RESTORE:
            old = Resource(**(self.deployment.undo[task.logical] or {}))
            self._take(task, one, self._update(task, one, one, old))
        elif task.does == IMPORT:
            self._take(task, one, attempt(lambda: self._imported(one)))
        elif task.does == UPDATE:
            before = Resource(**(task.resource or {}))
            self._take(task, one, self._update(task, one, before, one))
        else:
            self._take(task, one, attempt(lambda: self._type(one).create(caller, self._wish(one, task))))

    def _update(self, task: Task, one: Resource, before: Resource, after: Resource) -> Progress:
        """Ask for a resource that was wished to be one thing to become another."""
        caller = self._stacks.caller
        return attempt(
            lambda: self._type(one).update(caller, one.physical, self._given(before), self._wish(after, task))
        )

    def _imported(self, one: Resource) -> Progress:
        """Look for a resource that is to be taken in."""
        kind, said = self._type(one), self.deployment.imports[one.logical]
        named = identifiers.identifier(kind.schema, said) or json.dumps(said)
        found = kind.read(self._stacks.caller, named)
        physical = identifiers.identifier(kind.schema, found) or named
        if self._stacks.holder(one.type, physical) is not None:  # it was nobody's when it was asked for
            raise HandlerError("AlreadyExists", errors.IN_A_STACK.sentence(names=one.logical))
        return Progress(SUCCESS, physical)

    def _wish(self, one: Resource, task: Task) -> Wish:
        """Return what a resource is wished to be: with the tags of the stack."""
        name = f"{self._stack.name}-{one.logical}-{self._stacks.chance.text(12, LETTERS)}"
        return Wish(self._given(one), name, task.token)

    def _given(self, one: Resource) -> Properties:
        """Return the properties of a resource as its handler is given them."""
        return given(self._type(one).schema, self.target.looked_up(one.properties), one.tags)

    def _take(self, task: Task, one: Resource, progress: Progress) -> None:
        """Take what a handler has answered at first."""
        if task.does in (CREATE, REPLACE) and progress.identifier:
            one.physical = progress.identifier
            if progress.status != FAILED:
                self._say(one, f"{_VERB[task.does]}_IN_PROGRESS", errors.INITIATED)
        task.state = RUNNING
        if progress.status != IN_PROGRESS:
            task.ended = progress._asdict()

    def look(self, key: str) -> bool:
        """Ask how far a task has come; say whether it is over."""
        task = self.deployment.tasks[key]
        one = self._removed(task) if task.does == DELETE else self._stack.resources[task.logical]
        if task.ended is not None:
            progress = Progress(**task.ended)
        elif key in self.looked:
            return False
        else:
            self.looked.add(key)
            guard = removed if task.does == DELETE else attempt
            progress = guard(partial(self._type(one).look, self._stacks.caller, _LOOKS[task.does], one.physical))
        if progress.status == SUCCESS:
            self._complete(task, one, progress)
        elif progress.status == FAILED and self._needs_another(task, one, progress):
            self._replace_instead(key)
        elif progress.status == FAILED:
            self._fail_task(task, one, progress)
        else:
            return False
        self._keep_removed(task, one)
        return True

    def _needs_another(self, task: Task, one: Resource, progress: Progress) -> bool:
        """Say whether an update was refused since this time only another resource can be what is wished."""
        if task.does != UPDATE or progress.code != NOT_UPDATABLE or PHASES[self.deployment.phase].does != BUILD:
            return False
        before = Resource(**(task.resource or {}))
        return may_replace(self._type(one).schema, before.properties, one.properties)

    def _replace_instead(self, key: str) -> None:
        """Create another resource in place of one that cannot become what is wished."""
        task = self.deployment.tasks[key]
        one = self._stack.resources[task.logical]
        task.does, task.token, task.ended = REPLACE, self._stacks.chance.uuid(), None
        fault = self.denied(_POLICY[REPLACE], one)
        if fault:
            self._lose(task, one, "UPDATE_FAILED", fault)
            return
        self._say(one, "UPDATE_IN_PROGRESS", _BEGINS[REPLACE])
        self.looked.discard(key)
        self.act(BUILD, key)

    def _complete(self, task: Task, one: Resource, progress: Progress) -> None:
        task.state, task.ended = DONE, None
        one.physical = progress.identifier or one.physical
        one.unsettled, one.unsure = None, False
        if task.does == REPLACE:
            self._replaced(task)
        if PHASES[self.deployment.phase].does == RESTORE:
            self._restored(task, one)
        self._say(one, f"{_VERB.get(task.does, task.does)}_COMPLETE", _ENDS.get(task.does))

    def _restored(self, task: Task, one: Resource) -> None:
        """Note that a resource is what it was before the deployment."""
        old = Resource(**(self.deployment.undo[task.logical] or {}))
        one.properties, one.shown, one.tags = old.properties, old.shown, old.tags
        one.attributes, one.depends = old.attributes, old.depends

    def _replaced(self, task: Task) -> None:
        """Take what was replaced to what is to be deleted: whatever happens, unless a rollback comes back to it."""
        deployment, old, first = self.deployment, task.resource, self.deployment.undo[task.logical]
        assert old is not None, "what is replaced was there"
        stays = first is not None and first["physical"] == old["physical"]
        (deployment.leftover if stays else deployment.spoiled).append(old)

    def _fail_task(self, task: Task, one: Resource, progress: Progress) -> None:
        message = progress.message or ""
        if progress.code is not None:
            message = errors.HANDLER(message=message, token=task.token, code=progress.code)
        verb = _VERB.get(task.does, task.does)
        if task.does in (CREATE, REPLACE) and progress.identifier:
            one.physical = progress.identifier
        self._lose(task, one, f"{verb}_FAILED", message)

    def _lose(self, task: Task, one: Resource, status: str, reason: str) -> None:
        task.state, task.ended, task.does = LOST, None, task.does or status.partition("_")[0]
        self._say(one, status, reason)
        sent = task.does in (CREATE, UPDATE) and bool(task.token)
        one.unsure = task.does == UPDATE and sent
        if not sent and task.resource is not None:
            self._stay(one, Resource(**task.resource))

    def _stay(self, one: Resource, old: Resource) -> None:
        """Leave a resource what it was; what came of its replacement is to be deleted."""
        if one.physical != old.physical:
            self.deployment.spoiled.append(asdict(one))
        old.status, old.reason, old.changed = one.status, one.reason, one.changed
        self._stack.resources[one.logical] = old

    def cancel(self) -> bool:
        """Give up what is under way, since something else has failed; what it began is seen to later."""
        running = [task for task in self.deployment.tasks.values() if task.state == RUNNING]
        for task in running:
            one = self._stack.resources[task.logical]
            one.unsettled = _LOOKS[task.does]
            what = "update" if task.does in (UPDATE, REPLACE) else "creation"
            self._lose(task, one, f"{_VERB[task.does]}_FAILED", errors.CANCELLED(what=what))
        return bool(running)

    # --- Odds and ends ------------------------------------------------------------------------------------------------

    def _type(self, one: Resource) -> ResourceType:
        found = self._find(one.type)
        assert found is not None  # templates with types that nobody serves are refused
        return found

    def leave(self) -> None:
        """Leave what is under way to itself; whoever comes to it later waits for it."""
        for task in self.deployment.tasks.values():
            if task.state == RUNNING and task.logical in self._stack.resources:
                self._stack.resources[task.logical].unsettled = _LOOKS[task.does]

    def denied(self, action: str, one: Resource) -> str | None:
        """Say why the policy of the stack forbids something, if it does."""
        held = self.deployment.policy or self._stack.policy
        return policy.denied(held, action, one.logical, one.type)

    def _say(self, one: Resource, status: str, reason: str | None = None) -> None:
        """Tell what a resource has come to."""
        one.status, one.reason, one.changed = status, reason, self._stacks.clock.now()
        self._stacks.note(self._stack, one)


_BEGINS = {REPLACE: errors.REPLACING(), IMPORT: errors.IMPORTING()}
_ENDS = {IMPORT: errors.IMPORTED()}
_DOES = {Way.NEW: CREATE, Way.UPDATE: UPDATE, Way.REPLACE: REPLACE}
_POLICY = {UPDATE: "Update:Modify", REPLACE: "Update:Replace"}
