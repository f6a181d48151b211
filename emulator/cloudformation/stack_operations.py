"""Operations that make, change and delete stacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.cloudformation import errors, making, policy
from emulator.cloudformation.engine import Engine, Operation
from emulator.cloudformation.phases import DELETABLE, FAILED_ROLLBACK, GONE, KEPT, REVIEW, UPDATABLE
from emulator.cloudformation.stacks import Source, Stack

Params = Mapping[str, Any]


def create_stack(engine: Engine, params: Params) -> dict[str, Any]:
    """Make a stack."""
    name, token = params["StackName"], params.get("ClientRequestToken")
    stack = engine.stacks.find(name)
    if stack is not None and _repeated(stack, token, "CreateStack"):
        return _begun(stack)
    if stack is not None and stack.status != REVIEW:
        raise errors.ALREADY_EXISTS.error(name=name)
    stack = stack or engine.new(name)
    stack.kept = kept(params)
    source = engine.source(stack, params)
    making.check(engine.goal(stack, source), params, engine.find)
    stack.policy = given_policy(engine, params)
    stack.protected = bool(params.get("EnableTerminationProtection"))
    on_failure = failing(params)
    minutes = params.get("TimeoutInMinutes")
    remember(stack, token, "CreateStack")
    engine.change_sets_obsolete(stack)
    engine.create(
        stack,
        source,
        token=token,
        keep=on_failure == "DO_NOTHING",
        on_failure=on_failure,
        timeout=minutes and minutes * 60.0,
        spare=bool(params.get("RetainExceptOnCreate")),
    )
    return _begun(stack)


def update_stack(engine: Engine, params: Params) -> dict[str, Any]:
    """Make a stack what it is not yet; refused where nothing would change."""
    stack, token = engine.living(params["StackName"]), params.get("ClientRequestToken")
    if _repeated(stack, token, "UpdateStack"):
        return _begun(stack)
    refuse_unupdatable(stack)
    source = engine.source(stack, params, stack.source)
    before, said = stack.kept, kept(params, stack.kept)
    stack.kept = said
    goal = engine.goal(stack, source)
    making.check(goal, params, engine.find)
    refuse_other_types(engine, stack, source)
    new_policy, for_now = given_policy(engine, params), given_policy(engine, params, "StackPolicyDuringUpdate")
    stays = new_policy is None and said.get("NotificationARNs") == before.get("NotificationARNs")
    if stays and stack.status not in KEPT.values() and engine.same(stack, source):
        raise errors.NO_UPDATES.error()
    stack.kept = before
    stack.policy = new_policy or stack.policy
    remember(stack, token, "UpdateStack")
    engine.change_sets_obsolete(stack)
    engine.update(
        stack,
        source,
        said,
        token=token,
        keep=bool(params.get("DisableRollback")),
        policy=for_now,
        spare=bool(params.get("RetainExceptOnCreate")),
    )
    return _begun(stack)


def delete_stack(engine: Engine, params: Params) -> None:
    """Delete a stack; one that is not there is as good as deleted."""
    name, token = params["StackName"], params.get("ClientRequestToken")
    stack = engine.stacks.find(name)
    if stack is None or stack.status == GONE:
        return
    if _repeated(stack, token, "DeleteStack") and stack.status == "DELETE_IN_PROGRESS":
        return
    if stack.parent is not None:
        raise errors.NESTED.error(operation="DeleteStack", stack=stack.id)
    if stack.protected:
        raise errors.PROTECTED.error(name=stack.name)
    if stack.status == "DELETE_IN_PROGRESS":
        return
    if stack.status not in DELETABLE:
        raise errors.NOT_DELETABLE.error(stack=stack.id, status=stack.status)
    retain, forced = params.get("RetainResources", []), params.get("DeletionMode") == "FORCE_DELETE_STACK"
    if (retain or forced) and stack.status != "DELETE_FAILED":
        raise errors.RETAINS_TOO_EARLY.error(stack=stack.name)
    unknown = [one for one in retain if one not in stack.resources]
    if unknown:
        raise errors.UNKNOWN_RETAINED.error(names=", ".join(unknown))
    if params.get("RoleARN"):
        stack.kept["RoleARN"] = params["RoleARN"]
    remember(stack, token, "DeleteStack")
    engine.change_sets_obsolete(stack)
    engine.delete(stack, token=token, retain=retain, forced=forced)


def cancel_update_stack(engine: Engine, params: Params) -> None:
    """Give an update up, and roll it back."""
    stack = engine.living(params["StackName"])
    if stack.deployment is None or stack.deployment.phase != "UPDATE":
        raise errors.NOT_CANCELLABLE.error()
    stack.deployment.token = params.get("ClientRequestToken") or stack.deployment.token
    stack.deployment.keep = False
    machine = engine.machine(stack)
    machine.fail(errors.USER)
    machine.advance()


def continue_update_rollback(engine: Engine, params: Params) -> dict[str, Any]:
    """Go on with the rollback of an update that has failed, without some of its resources."""
    stack = engine.living(params["StackName"])
    if stack.status != FAILED_ROLLBACK or stack.halted is None:
        raise errors.NOT_CONTINUABLE.error(stack=stack.id, status=stack.status)
    failed = {task.logical for task in stack.halted.tasks.values() if task.state != "done"}
    skipped = [one.rpartition(".")[2] for one in params.get("ResourcesToSkip", ())]
    wrong = [one for one in skipped if one not in failed]
    if wrong:
        raise errors.NOT_TO_SKIP.error(names=", ".join(wrong))
    engine.go_on(stack, "UPDATE_ROLLBACK", params.get("ClientRequestToken"), skipped)
    return {}


def rollback_stack(engine: Engine, params: Params) -> dict[str, Any]:
    """Roll back a creation or an update whose failure was kept."""
    stack = engine.living(params["StackName"])
    if stack.halted is None or stack.status not in KEPT.values():
        raise errors.NOT_REVERTIBLE.error(stack=stack.id, status=stack.status)
    phase = "ROLLBACK" if stack.status == KEPT["CREATE"] else "UPDATE_ROLLBACK"
    stack.halted.spare = bool(params.get("RetainExceptOnCreate"))
    engine.go_on(stack, phase, params.get("ClientRequestToken"))
    return _begun(stack)


def update_termination_protection(engine: Engine, params: Params) -> dict[str, Any]:
    """Protect a stack from being deleted, or do so no more."""
    stack = engine.living(params["StackName"])
    if stack.parent is not None:
        raise errors.NESTED.error(operation="UpdateTerminationProtection", stack=stack.id)
    stack.protected = params["EnableTerminationProtection"]
    engine.stacks.put(stack)
    return {"StackId": stack.id}


def set_stack_policy(engine: Engine, params: Params) -> None:
    """Say which resources updates may touch."""
    stack = engine.living(params["StackName"])
    given = given_policy(engine, params)
    if given is None:
        raise errors.NO_POLICY.error()
    stack.policy = given
    engine.stacks.put(stack)


def get_stack_policy(engine: Engine, params: Params) -> dict[str, Any]:
    """Return which resources updates may touch."""
    stack = engine.living(params["StackName"])
    return {} if stack.policy is None else {"StackPolicyBody": stack.policy}


# --- What they share --------------------------------------------------------------------------------------------------


def kept(params: Params, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the options of a call that are only kept and shown, with those of before where it says nothing."""
    said = {name: params[name] for name in making.KEPT if name in params}
    said |= {"DisableRollback": True} if failing(params) == "DO_NOTHING" else {}
    stays = ("NotificationARNs", "RoleARN", "RollbackConfiguration", "DeploymentConfig")
    return {**{name: value for name, value in (before or {}).items() if name in stays}, **said}


def failing(params: Params) -> str:
    """Return what becomes of a stack that cannot be made."""
    if "DisableRollback" in params and "OnFailure" in params:
        raise errors.EXCLUSIVE.error(one="DisableRollback", other="OnFailure")
    said: str = params.get("OnFailure") or params.get("OnStackFailure") or "ROLLBACK"
    return "DO_NOTHING" if params.get("DisableRollback") else said


def given_policy(engine: Engine, params: Params, name: str = "StackPolicy") -> str | None:
    """Return the policy that a call gives a stack, if it gives one."""
    text, url = params.get(f"{name}Body"), params.get(f"{name}URL")
    if text and url:
        raise errors.EXCLUSIVE.error(one=f"{name}URL", other=f"{name}Body")
    text = engine.fetch(url) if url else text
    return policy.checked(text) if text else None


def refuse_unupdatable(stack: Stack) -> None:
    """Refuse to update a stack that is under way, or is what only deleting helps."""
    if stack.status not in UPDATABLE:
        raise errors.NOT_UPDATABLE.error(stack=stack.id, status=stack.status)


def refuse_other_types(engine: Engine, stack: Stack, source: Source) -> None:
    """Refuse an update that makes a resource one of another type."""
    goal = engine.goal(stack, source)
    changed = [
        logical
        for logical in goal.logical
        if logical in stack.resources and stack.resources[logical].type != goal.declared(logical).type
    ]
    if changed:
        raise errors.TYPE_CHANGED.error(names=", ".join(changed))


def remember(stack: Stack, token: str | None, operation: str) -> None:
    """Remember for what a client's token was used."""
    if token is not None:
        stack.tokens[token] = operation


def _begun(stack: Stack) -> dict[str, Any]:
    return {"StackId": stack.id, "OperationId": stack.operation}


def _repeated(stack: Stack, token: str | None, operation: str) -> bool:
    """Return whether a call was made before, with the same token; ServiceError if another was."""
    if token is None or token not in stack.tokens:
        return False
    if stack.tokens[token] != operation:
        raise errors.TOKEN_REUSED.error(token=token)
    return True


OPERATIONS: dict[str, Operation] = {
    "CreateStack": create_stack,
    "UpdateStack": update_stack,
    "DeleteStack": delete_stack,
    "CancelUpdateStack": cancel_update_stack,
    "ContinueUpdateRollback": continue_update_rollback,
    "RollbackStack": rollback_stack,
    "UpdateTerminationProtection": update_termination_protection,
    "SetStackPolicy": set_stack_policy,
    "GetStackPolicy": get_stack_policy,
}
