"""How a stack becomes what it is to be: a machine that anyone can go on with, at any time, from its document alone.

Nothing here waits and nothing runs by itself. ``advance`` does all that can be done at the present time of the clock:
it begins every task whose predecessors are done, asks how far the others have come, and enters the next phase when
nothing is left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from emulator.cloudformation import errors
from emulator.cloudformation.handlers import Find
from emulator.cloudformation.phases import BUILD, CLEAN, FAILED_ROLLBACK, GONE, KEPT, PHASES, REMOVE, RESTORE
from emulator.cloudformation.sentences import TemplateError
from emulator.cloudformation.stacks import Deployment, Resource, Stack, Stacks, Task
from emulator.cloudformation.tasks import BEGUN, DONE, LOST, REPLACE, RUNNING, WAITING, Target, Work


class Machine:
    """One stack on its way, for the time of one advance."""

    def __init__(self, stacks: Stacks, stack: Stack, find: Find, target: Callable[[Stack], Target]) -> None:
        self._stacks = stacks
        self._stack = stack
        self._work = Work(stacks, stack, find, target)

    # --- The phases ---------------------------------------------------------------------------------------------------

    def begin(self, deployment: Deployment, reason: str | None = errors.USER) -> None:
        """Set a stack on its way."""
        stack = self._stack
        if stack.deployment is not None:
            self._work.leave()
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
        return self._work.deployment

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
            moved |= self._work.prepare(does, key)
        for key in ready:
            if tasks[key].state == BEGUN:
                self._work.act(does, key)
        running = [key for key, task in tasks.items() if task.state == RUNNING]
        for key in running:
            moved |= self._work.look(key)
        if does == BUILD and self._failing() and not deployment.keep:
            moved |= self._work.cancel()
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
            self._come_back()
        deployment.phase, deployment.failure = name, None
        self._work.looked.clear()
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

    def _come_back(self) -> None:
        """Let what was replaced be the stack's again; what it was replaced by is to be deleted."""
        deployment, resources = self._deployment, self._stack.resources
        replaced, deployment.leftover = deployment.leftover, []
        for one in replaced:
            now = resources[one["logical"]]
            deployment.leftover.append(asdict(now))
            resources[now.logical] = Resource(**one)

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
        if deployment.phase != "CREATE":
            return name, reason
        if deployment.on_failure == "DELETE":
            return "DELETE", _with(reason, errors.DELETE_REQUESTED())
        return name, _with(reason, errors.ROLLBACK_REQUESTED())

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
        if status.endswith("ROLLBACK_COMPLETE") and deployment.source is not None:
            stack.source = deployment.source
            for name, value in deployment.was.items():
                setattr(stack, name, value)
        self._told(status, reason)
        stack.deployment = None
        halts = status in (FAILED_ROLLBACK, *KEPT.values())
        stack.halted = deployment if halts else None

    def _conclude(self) -> None:
        """Work out the outputs of a stack whose resources are all there, unless they cannot be."""
        stack, target = self._stack, self._work.target
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
        target = self._work.target
        blanks = {logical: target.blank(logical) for logical in target.logical}
        tasks = {logical: Task(logical, list(blank.depends)) for logical, blank in blanks.items()}
        gone = [one for logical, one in self._stack.resources.items() if logical not in blanks]
        denied = [self._work.denied("Update:Delete", one) for one in gone if one.physical]
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
            wanted = set(self._work.target.logical)
            for logical in [logical for logical in stack.resources if logical not in wanted]:
                deployment.leftover.append(asdict(stack.resources.pop(logical)))
        return self._to_delete({}, [*deployment.leftover, *deployment.spoiled])

    def _to_delete(self, resources: dict[str, Resource], more: list[dict[str, Any]]) -> dict[str, Task]:
        left = {f"{one['logical']}/{number}": Resource(**one) for number, one in enumerate(more)}
        tasks = _backwards({**resources, **left})
        for key, one in left.items():
            tasks[key].resource = asdict(one)
        return tasks


def _with(reason: str, sentence: str) -> str:
    """Return a reason, a sentence of its own whether it ends like one or not, and another sentence."""
    return f"{reason.rstrip(' .')}. {sentence}"


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
