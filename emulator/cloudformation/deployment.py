"""How a stack becomes what it is to be: a machine that anyone can go on with, at any time, from its document alone.

Nothing here waits and nothing runs by itself. ``advance`` does all that can be done at the present time of the clock:
it begins every task whose predecessors are done, asks the handlers how far the others have come, and enters the next
phase when nothing is left. A resource in progress is looked at once in each advance, as a client would.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any, Protocol

from emulator.cloudformation import errors, policy
from emulator.cloudformation.difference import Way
from emulator.cloudformation.handlers import Find, attempt, course, removed, tagged, typed
from emulator.cloudformation.phases import BUILD, CLEAN, GONE, KEPT, PHASES, REMOVE, RESTORE
from emulator.cloudformation.sentences import TemplateError
from emulator.cloudformation.stacks import Deployment, Resource, Stack, Stacks, Task
from emulator.registry.handler import (
    CREATE,
    DELETE,
    FAILED,
    IN_PROGRESS,
    SUCCESS,
    UPDATE,
    Progress,
    Properties,
    ResourceType,
    Wish,
)
from emulator.registry.validation import validate

REPLACE = "REPLACE"
WAITING, BEGUN, RUNNING, DONE, LOST = "waiting", "begun", "running", "done", "failed"

_VERB = {CREATE: "CREATE", UPDATE: "UPDATE", REPLACE: "UPDATE"}
_LOOKS = {CREATE: CREATE, UPDATE: UPDATE, REPLACE: CREATE, DELETE: DELETE}
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


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


class Machine:
    """One stack on its way, for the time of one advance."""

    def __init__(self, stacks: Stacks, stack: Stack, find: Find, target: Callable[[Stack], Target]) -> None:
        self._stacks = stacks
        self._stack = stack
        self._find = find
        self._read = target
        self._goal: Target | None = None
        self._looked: set[str] = set()

    # --- The phases ---------------------------------------------------------------------------------------------------

    def begin(self, deployment: Deployment, reason: str | None = errors.USER) -> None:
        """Set a stack on its way."""
        stack = self._stack
        deployment.id, deployment.began = self._stacks.chance.uuid(), self._stacks.clock.now()
        stack.deployment, stack.halted, stack.operation = deployment, None, deployment.id
        self._enter(deployment.phase, reason)

    def advance(self) -> None:
        """Go on as far as the present time allows, and keep what has become of the stack."""
        if self._stack.deployment is not None:
            while self._stack.deployment is not None and self._turn():
                pass
            self._stacks.put(self._stack)

    def resume(self, deployment: Deployment, phase: str) -> None:
        """Set a stack on its way again where it had halted: in a phase that it goes through once more, or anew."""
        stack, deployment.id = self._stack, self._stacks.chance.uuid()
        stack.deployment, stack.halted, stack.operation = deployment, None, deployment.id
        done = {key: task for key, task in deployment.tasks.items() if task.state == DONE and deployment.phase == phase}
        self._enter(phase, errors.USER)
        deployment.tasks.update({key: task for key, task in done.items() if key in deployment.tasks})

    def fail(self, reason: str) -> None:
        """Let the phase that is under way fail for a reason of its own."""
        self._deployment.failure = self._deployment.failure or reason

    @property
    def _deployment(self) -> Deployment:
        assert self._stack.deployment is not None
        return self._stack.deployment

    @property
    def _target(self) -> Target:
        if self._goal is None:
            self._goal = self._read(self._stack)
        return self._goal

    def _turn(self) -> bool:
        """Do what can be done now; say whether anything was."""
        deployment = self._deployment
        does = PHASES[deployment.phase].does
        failing = does == BUILD and self._failing()
        tasks = deployment.tasks
        done = {key for key, task in tasks.items() if task.state == DONE}
        ready = [] if failing else [key for key, one in tasks.items() if one.state == WAITING and done >= {*one.after}]
        moved = False
        for key in ready:
            moved |= self._prepare(does, key)
        for key in ready:
            if tasks[key].state == BEGUN:
                self._act(does, key)
        running = [key for key, task in tasks.items() if task.state == RUNNING]
        for key in running:
            moved |= self._look(key)
        if does == BUILD and self._failing() and not deployment.keep:
            moved |= self._cancel()
        if moved:
            return True
        if any(task.state == RUNNING for task in tasks.values()) or (ready and not failing):
            return False
        self._leave()
        return True

    def _failing(self) -> bool:
        deployment = self._deployment
        if deployment.timeout and self._stacks.clock.now() >= deployment.began + deployment.timeout:
            self.fail(errors.TIMED_OUT())
        return deployment.failure is not None or any(task.state == LOST for task in deployment.tasks.values())

    def _enter(self, name: str, reason: str | None = None) -> None:
        deployment, phase = self._deployment, PHASES[name]
        if phase.does == RESTORE and deployment.phase != name:
            deployment.leftover = []  # what was replaced is there to stay
        deployment.phase, deployment.failure = name, None
        self._looked.clear()
        if phase.does == REMOVE:
            self._stack.deleted = self._stacks.clock.now()
        self._told(phase.status, reason)
        makers: dict[str, Callable[[], dict[str, Task]]] = {
            BUILD: self._to_build,
            REMOVE: self._to_remove,
            RESTORE: self._to_restore,
            CLEAN: self._to_clean,
        }
        deployment.tasks = makers[phase.does]()

    def _told(self, status: str, reason: str | None) -> None:
        self._stack.status, self._stack.reason = status, reason
        self._stacks.note(self._stack)

    def _leave(self) -> None:
        """Leave a phase in which nothing more can be done."""
        deployment = self._deployment
        phase = PHASES[deployment.phase]
        if phase.does == BUILD and not self._failing():
            self._conclude()
        lost = [key for key, task in deployment.tasks.items() if task.state == LOST]
        failed = bool(lost) or deployment.failure is not None
        reason = self._reason() if failed and phase.does != CLEAN else None
        name = phase.failing if failed else phase.then
        if failed and phase.does == BUILD:
            name, reason = self._after_failure(name, reason or "")
        if name == "DELETE_FAILED" and deployment.forced:
            name = GONE
        if name in PHASES:
            self._enter(name, reason)
        else:
            self._end(name, reason)

    def _after_failure(self, name: str, reason: str) -> tuple[str, str]:
        """Return where a failed creation or update goes, and why."""
        deployment = self._deployment
        if deployment.keep:
            return KEPT[deployment.phase], reason
        if deployment.phase == "UPDATE":
            return name, reason
        if deployment.on_failure == "DELETE":
            return "DELETE", reason + errors.DELETE_REQUESTED()
        return name, reason + errors.ROLLBACK_REQUESTED()

    def _reason(self) -> str:
        """Say why a phase failed."""
        deployment = self._deployment
        if deployment.failure is not None:
            return deployment.failure
        whats: dict[str, list[str]] = {}
        for task in deployment.tasks.values():
            if task.state == LOST:
                whats.setdefault("update" if task.does == REPLACE else task.does.lower(), []).append(task.logical)
        return "".join(errors.FAILED_TO(what=what, names=", ".join(names)) for what, names in whats.items())

    def _end(self, status: str, reason: str | None) -> None:
        stack, deployment = self._stack, self._deployment
        now = self._stacks.clock.now()
        if status == GONE:
            stack.deleted, stack.outputs, stack.imports = now, [], []
        if status.endswith("UPDATE_ROLLBACK_COMPLETE") and deployment.source is not None:
            stack.source = deployment.source
        self._told(status, reason)
        stack.deployment = None
        halts = status in ("UPDATE_ROLLBACK_FAILED", *KEPT.values())
        stack.halted = deployment if halts else None

    def _conclude(self) -> None:
        """Work out the outputs of a stack whose resources are all there, unless they cannot be."""
        stack, target = self._stack, self._target
        try:
            outputs, imports = target.outputs(), target.imports()
        except TemplateError as error:
            return self.fail(error.message)
        exports = {one["ExportName"]: one["OutputValue"] for one in outputs if "ExportName" in one}
        for name in exports:
            other = self._stacks.exporter(name, but=stack.id)
            if other is not None:
                return self.fail(errors.EXPORT_TAKEN(name=name, stack=other[0]))
        for name, value in stack.exports.items():
            users = self._stacks.importers(name) if exports.get(name) != value else []
            if users:
                what = "updated" if name in exports else "deleted"
                return self.fail(errors.EXPORT_IN_USE(name=name, what=what, users=", ".join(users)))
        stack.outputs, stack.imports = outputs, imports
        return None

    # --- What there is to do ------------------------------------------------------------------------------------------

    def _to_build(self) -> dict[str, Task]:
        target = self._target
        blanks = {logical: target.blank(logical) for logical in target.logical}
        tasks = {logical: Task(logical, list(blank.depends)) for logical, blank in blanks.items()}
        gone = [one for logical, one in self._stack.resources.items() if logical not in blanks]
        denied = [self._denied("Update:Delete", one) for one in gone if one.physical]
        for reason in filter(None, denied):
            self.fail(reason)
        return tasks

    def _to_remove(self) -> dict[str, Task]:
        """Take what the stack has, and what it has had and is still there."""
        resources = {one.logical: one for one in self._stack.resources.values() if _stands(one)}
        return self._to_delete(resources, self._deployment.leftover)

    def _to_restore(self) -> dict[str, Task]:
        undo = self._deployment.undo
        return {
            logical: Task(logical, [one for one in (before or {}).get("depends", ()) if one in undo])
            for logical, before in undo.items()
        }

    def _to_clean(self) -> dict[str, Task]:
        """Take what the stack does not have any more to what is to be deleted."""
        stack, deployment = self._stack, self._deployment
        if deployment.phase == "UPDATE_CLEANUP":
            wanted = set(self._target.logical)
            for logical in [logical for logical in stack.resources if logical not in wanted]:
                deployment.leftover.append(asdict(stack.resources.pop(logical)))
        return self._to_delete({}, [*deployment.leftover, *deployment.spoiled])

    def _to_delete(self, resources: dict[str, Resource], more: list[dict[str, Any]]) -> dict[str, Task]:
        left = {f"{one['logical']}/{number}": Resource(**one) for number, one in enumerate(more)}
        tasks = _backwards({**resources, **left})
        for key, one in left.items():
            tasks[key].resource = asdict(one)
        return tasks

    # --- Tasks --------------------------------------------------------------------------------------------------------

    def _prepare(self, does: str, key: str) -> bool:
        """Make out what a task has to do, and tell that it begins; say whether it does."""
        prepare = {BUILD: self._prepare_build, RESTORE: self._prepare_restore}.get(does, self._prepare_removal)
        task = self._deployment.tasks[key]
        prepare(task)
        return task.state != WAITING

    def _prepare_build(self, task: Task) -> None:
        stack, logical = self._stack, task.logical
        old, new = stack.resources.get(logical), self._target.blank(logical)
        kind = self._type(new)
        new.tags = dict(stack.source.tags)
        was_there = old is not None and bool(old.physical) and old.status != "CREATE_FAILED"
        verb = CREATE if old is None or not was_there else UPDATE
        try:
            new.properties, new.shown = self._target.properties(logical), self._target.shown(logical)
            faults = validate(kind.schema, self._given(new))
        except TemplateError as error:
            faults = [error.message]
        else:
            faults = faults and [errors.BAD_PROPERTIES(logical=logical, faults=", ".join(faults))]
        if faults:
            self._touch(task, old)
            self._lose(task, self._there(new, old), f"{verb}_FAILED", faults[0])
            return
        found = Way.NEW if old is None or not was_there else course(kind.schema, old, new)
        if found is Way.SAME and old is not None and old.unsure:
            found = Way.UPDATE
        if found is Way.SAME:
            assert old is not None
            old.attributes, old.depends = new.attributes, new.depends
            task.state = DONE
            return
        self._touch(task, old)
        task.does = {Way.NEW: CREATE, Way.UPDATE: UPDATE, Way.REPLACE: REPLACE}[found]
        there = self._there(new, old)
        denied = old is not None and was_there and self._denied(_POLICY[task.does], old)
        if denied:
            self._lose(task, there, "UPDATE_FAILED", denied)
            return
        task.token, task.state = self._stacks.chance.uuid(), BEGUN
        self._say(there, f"{_VERB[task.does]}_IN_PROGRESS", errors.REPLACING() if task.does == REPLACE else None)

    def _touch(self, task: Task, old: Resource | None) -> None:
        """Note how a resource was before the deployment touched it."""
        deployment = self._deployment
        if old is not None and old.physical and old.status == "CREATE_FAILED":
            deployment.spoiled.append(asdict(old))
            old.physical = ""
        task.resource = None if old is None else asdict(old)
        deployment.undo.setdefault(task.logical, task.resource)

    def _there(self, new: Resource, old: Resource | None) -> Resource:
        """Put the resource that is to be in the place of the one that was; it has its id until it gets its own."""
        if old is not None:
            new.physical, new.unsettled = old.physical, old.unsettled
        self._stack.resources[new.logical] = new
        return new

    def _prepare_restore(self, task: Task) -> None:
        stack, deployment = self._stack, self._deployment
        before, now = deployment.undo[task.logical], stack.resources.get(task.logical)
        if before is None:
            if now is not None:
                deployment.leftover.append(asdict(stack.resources.pop(task.logical)))
            task.state = DONE
            return
        old = Resource(**before)
        if task.logical in deployment.skip:
            task.state = DONE
            self._say(now or old, "UPDATE_COMPLETE")
            return
        if now is None or now.physical != old.physical:
            if now is not None and now.physical:
                deployment.leftover.append(asdict(now))
            stack.resources[task.logical] = old
            if old.physical:
                self._say(old, "UPDATE_COMPLETE")
            task.state = DONE
            return
        if not self._settled(now):
            return
        if not now.unsure and (now.properties, now.tags) == (old.properties, old.tags):
            stack.resources[task.logical] = old
            self._say(old, "UPDATE_COMPLETE")
            task.state = DONE
            return
        task.does, task.token, task.state = UPDATE, self._stacks.chance.uuid(), BEGUN
        self._say(now, "UPDATE_IN_PROGRESS")

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
        deployment = self._deployment
        replaced = deployment.phase == "UPDATE_CLEANUP" and one.logical in self._stack.resources
        said = one.policy("UpdateReplacePolicy" if replaced else "DeletionPolicy")
        created = one.logical not in self._stack.resources or deployment.phase == "ROLLBACK"
        undone = created and deployment.phase in ("ROLLBACK", "UPDATE_ROLLBACK_CLEANUP")
        if one.logical in deployment.retain:
            return True
        excepted = said == "RetainExceptOnCreate" or deployment.spare
        return said in ("Retain", "RetainExceptOnCreate") and not (excepted and undone)

    def _settled(self, one: Resource) -> bool:
        """Return whether nothing is under way any more for a resource whose task was cancelled."""
        if one.unsettled is not None:
            look = partial(self._type(one).look, self._stacks.caller, one.unsettled, one.physical)
            if f"settled/{one.physical}" in self._looked or attempt(look).status == IN_PROGRESS:
                self._looked.add(f"settled/{one.physical}")
                return False
            one.unsettled = None
        return True

    def _act(self, does: str, key: str) -> None:
        task, caller = self._deployment.tasks[key], self._stacks.caller
        if task.does == DELETE:
            one = self._removed(task)
            self._take(task, one, removed(lambda: self._type(one).delete(caller, one.physical)))
            return
        one = self._stack.resources[task.logical]
        if does == RESTORE:
            old = Resource(**(self._deployment.undo[task.logical] or {}))
            self._take(task, one, self._update(task, one, one, old))
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

    def _wish(self, one: Resource, task: Task) -> Wish:
        """Return what a resource is wished to be: with the tags of the stack."""
        name = f"{self._stack.name}-{one.logical}-{self._stacks.chance.text(12, _LETTERS)}"
        return Wish(self._given(one), name, task.token)

    def _given(self, one: Resource) -> Properties:
        """Return the properties of a resource as its handler is given them."""
        schema = self._type(one).schema
        looked_up = self._target.looked_up(one.properties)
        return tagged(schema, typed(schema, schema, looked_up), one.tags)

    def _take(self, task: Task, one: Resource, progress: Progress) -> None:
        """Take what a handler has answered at first."""
        if task.does in (CREATE, REPLACE) and progress.identifier:
            one.physical = progress.identifier
            if progress.status != FAILED:
                self._say(one, f"{_VERB[task.does]}_IN_PROGRESS", errors.INITIATED)
        task.state = RUNNING
        if progress.status != IN_PROGRESS:
            task.ended = progress._asdict()

    def _look(self, key: str) -> bool:
        """Ask how far a task has come; say whether it is over."""
        task = self._deployment.tasks[key]
        one = self._removed(task) if task.does == DELETE else self._stack.resources[task.logical]
        if task.ended is not None:
            progress = Progress(**task.ended)
        elif key in self._looked:
            return False
        else:
            self._looked.add(key)
            guard = removed if task.does == DELETE else attempt
            progress = guard(partial(self._type(one).look, self._stacks.caller, _LOOKS[task.does], one.physical))
        if progress.status == SUCCESS:
            self._complete(task, one, progress)
        elif progress.status == FAILED:
            self._fail_task(task, one, progress)
        else:
            return False
        self._keep_removed(task, one)
        return True

    def _complete(self, task: Task, one: Resource, progress: Progress) -> None:
        task.state, task.ended = DONE, None
        one.physical = progress.identifier or one.physical
        one.unsettled, one.unsure = None, False
        if task.does == REPLACE:
            self._replaced(task)
        if PHASES[self._deployment.phase].does == RESTORE:
            self._restored(task, one)
        self._say(one, f"{_VERB.get(task.does, task.does)}_COMPLETE")

    def _restored(self, task: Task, one: Resource) -> None:
        """Note that a resource is what it was before the deployment."""
        old = Resource(**(self._deployment.undo[task.logical] or {}))
        one.properties, one.shown, one.tags = old.properties, old.shown, old.tags
        one.attributes, one.depends = old.attributes, old.depends

    def _replaced(self, task: Task) -> None:
        """Take what was replaced to what is to be deleted: whatever happens, unless a rollback comes back to it."""
        deployment, old, first = self._deployment, task.resource, self._deployment.undo[task.logical]
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
            self._deployment.spoiled.append(asdict(one))
        old.status, old.reason, old.changed = one.status, one.reason, one.changed
        self._stack.resources[one.logical] = old

    def _cancel(self) -> bool:
        """Give up what is under way, since something else has failed; what it began is seen to later."""
        running = [task for task in self._deployment.tasks.values() if task.state == RUNNING]
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

    def _denied(self, action: str, one: Resource) -> str | None:
        """Say why the policy of the stack forbids something, if it does."""
        held = self._deployment.policy or self._stack.policy
        return policy.denied(held, action, one.logical, one.type)

    def _say(self, one: Resource, status: str, reason: str | None = None) -> None:
        """Tell what a resource has come to."""
        one.status, one.reason, one.changed = status, reason, self._stacks.clock.now()
        self._stacks.note(self._stack, one)


_POLICY = {UPDATE: "Update:Modify", REPLACE: "Update:Replace"}


def _stands(one: Resource) -> bool:
    return one.status not in ("DELETE_COMPLETE", "DELETE_SKIPPED")


def _backwards(resources: dict[str, Resource]) -> dict[str, Task]:
    """Return tasks that delete resources: what depends on a resource goes before it."""
    keys: dict[str, list[str]] = {}
    for key, one in resources.items():
        keys.setdefault(one.logical, []).append(key)
    after: dict[str, list[str]] = {key: [] for key in resources}
    for key, one in resources.items():
        for needed in one.depends:
            for other in keys.get(needed, ()):
                after[other].append(key)
    return {key: Task(resources[key].logical, after[key]) for key in reversed(list(resources))}
