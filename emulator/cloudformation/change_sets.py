"""Change sets: what a change would do, told before it is carried out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

from emulator.aws.errors import ServiceError
from emulator.cloudformation import describing, errors, making
from emulator.cloudformation.describing import present
from emulator.cloudformation.difference import ADD, Change
from emulator.cloudformation.engine import Engine, Operation
from emulator.cloudformation.handlers import given
from emulator.cloudformation.own import Nested, as_params
from emulator.cloudformation.parameters import MASK
from emulator.cloudformation.phases import GONE, REVIEW
from emulator.cloudformation.reading import listed, page
from emulator.cloudformation.stack_operations import (
    failing,
    kept,
    refuse_other_types,
    refuse_unupdatable,
    remember,
)
from emulator.cloudformation.stacks import CHANGE_SETS, STACK, Source, Stack
from emulator.cloudformation.target import Goal
from emulator.cloudformation.tasks import LETTERS
from emulator.registry import identifiers
from emulator.registry.handler import HandlerError, ResourceType

Params = Mapping[str, Any]

_SAID = ("Description", "Capabilities", "OnStackFailure", "ImportExistingResources", "DeploymentMode")
_RETAINING = ("Retain", "RetainExceptOnCreate")
_VALUES = {"BeforeContext", "AfterContext"}
_TARGET_VALUES = {"Path", "BeforeValue", "AfterValue", "AttributeChangeType"}


def create_change_set(engine: Engine, params: Params) -> dict[str, Any]:
    """Work out what a change would do; nothing is done."""
    name, kind = params["ChangeSetName"], params.get("ChangeSetType", "UPDATE")
    stack = _to_change(engine, params, kind)
    taken = [one for one in engine.change_sets(stack).values() if one["name"] == name]
    if taken:
        raise errors.CHANGE_SET_EXISTS.error(name=name, stack=stack.name)
    reviewed = stack.status == REVIEW or not stack.status
    source = engine.source(stack, params, None if reviewed else stack.source)
    before, said = stack.kept, kept(params, stack.kept)
    stack.kept = said
    making.check(engine.goal(stack, source), params, engine.find, direct=False)
    stack.kept = before
    if not reviewed:
        refuse_other_types(engine, stack, source)
    if kind == "IMPORT":
        imports = _imports(engine, stack, source, params)
    else:
        imports = _existing(engine, stack, source) if params.get("ImportExistingResources") else {}
    notified = said.get("NotificationARNs") == before.get("NotificationARNs")
    made = _document(engine, name, stack, source, alike=notified)
    made |= {
        "kept": said,
        "on_failure": failing(params),
        "said": {member: params[member] for member in _SAID if member in params},
        "imports": imports,
        "type": kind,
    }
    for change in made["changes"]:
        if change["ResourceChange"]["LogicalResourceId"] in imports:
            change["ResourceChange"]["Action"] = "Import"
    if not stack.status:
        engine.review(stack)
    if params.get("IncludeNestedStacks"):
        made["nested"] = True
        _include_nested(engine, stack, source, made)
    engine.stacks.shelf(CHANGE_SETS).put(made["id"], made)
    return {"Id": made["id"], "StackId": stack.id}


def _imports(engine: Engine, stack: Stack, source: Source, params: Params) -> dict[str, dict[str, Any]]:
    """Return what identifies the resources that a change set is to take in; ServiceError if it may not."""
    goal = engine.goal(stack, source)
    said = {one["LogicalResourceId"]: one for one in params.get("ResourcesToImport", ())}
    if not said:
        raise errors.NOTHING_TO_IMPORT.error()
    wanted = {logical: goal.declared(logical) for logical in goal.logical}
    unknown = [name for name, one in said.items() if name not in wanted or wanted[name].type != one["ResourceType"]]
    if unknown:
        raise errors.NOT_IN_TEMPLATE.error(names=", ".join(unknown))
    unsafe = [logical for logical in said if wanted[logical].deletion_policy is None]
    if unsafe:
        raise errors.NO_DELETION_POLICY.error(names=", ".join(unsafe))
    identifying = {logical: dict(one["ResourceIdentifier"]) for logical, one in said.items()}
    _refuse_taken(engine, stack, goal, identifying)
    others = [one.logical for one in engine.changes(stack, source) if one.logical not in said]
    if others:
        raise errors.ONLY_IMPORTS.error(names=", ".join(others))
    return identifying


def _existing(engine: Engine, stack: Stack, source: Source) -> dict[str, dict[str, Any]]:
    """Return what identifies the resources that are to be made, but are there; ServiceError if another stack has one.

    Only those count that are to be retained, and whose template tells their names as they are.
    """
    goal, identifying = engine.goal(stack, source), {}
    for change in engine.changes(stack, source):
        declared, kind = goal.template.resources.get(change.logical), engine.find(change.type)
        if change.action != ADD or declared is None or kind is None or declared.deletion_policy not in _RETAINING:
            continue
        said = identifiers.only(kind.schema, declared.properties)
        named = identifiers.identifier(kind.schema, said)
        if named and all(isinstance(one, str) for one in said.values()) and _found(engine, kind, named) is not None:
            identifying[change.logical] = said
    _refuse_taken(engine, stack, goal, identifying)
    return identifying


def _refuse_taken(engine: Engine, stack: Stack, goal: Goal, identifying: Mapping[str, dict[str, Any]]) -> None:
    """Refuse to take in what a stack has already, and what is not identified at all."""
    here = {one.logical for one in stack.resources.values() if one.physical}
    taken, seen = [], set()
    for logical, said in identifying.items():
        kind = engine.find(goal.declared(logical).type)
        assert kind is not None  # templates with types that nobody serves are refused
        try:
            named = identifiers.identifier(kind.schema, identifiers.parsed(kind.schema, json.dumps(said)))
        except HandlerError as error:
            raise ServiceError(errors.VALIDATION, error.message) from None
        physical = _found(engine, kind, named or json.dumps(said)) or named
        held = physical and engine.stacks.holder(kind.name, physical)
        if held or logical in here or (kind.name, physical) in seen:
            taken.append(logical)
        seen.add((kind.name, physical))
    if taken:
        raise errors.IN_A_STACK.error(names=", ".join(taken))


def _found(engine: Engine, kind: ResourceType, named: str) -> str | None:
    """Return the physical id of a resource, by any identifier; None if it is not there."""
    try:
        return identifiers.identifier(kind.schema, kind.read(engine.stacks.caller, named)) or named
    except HandlerError:
        return None


def _document(engine: Engine, name: str, stack: Stack, source: Source, *, alike: bool = True) -> dict[str, Any]:
    """Return a change set as it is kept; ``alike`` says that what it does not tell of stays as it is."""
    fresh = stack.status == REVIEW or not stack.status
    same = not fresh and alike and engine.same(stack, source)
    return {
        "id": engine.stacks.arn(f"changeSet/{name}/{engine.stacks.chance.uuid()}"),
        "name": name,
        "stack": stack.id,
        "stack_name": stack.name,
        "parent": None,
        "root": None,
        "created": engine.stacks.clock.now(),
        "status": "FAILED" if same else "CREATE_COMPLETE",
        "reason": errors.NO_CHANGES() if same else None,
        "execution": "UNAVAILABLE" if same else "AVAILABLE",
        "changes": [] if same else [one.shape(values=True) for one in _told(engine, stack, source)],
        "source": asdict(source),
        "kept": {},
        "on_failure": "ROLLBACK",
        "said": {},
        "imports": {},
        "nested": False,
    }


def _include_nested(engine: Engine, stack: Stack, source: Source, above: dict[str, Any]) -> None:
    """Work out what a change does to the stacks within its stack, each in a change set of its own."""
    wanted = {one.logical: one for one in engine.changes(stack, source) if one.type == STACK and one.after is not None}
    for told in above["changes"]:
        change = wanted.get(told["ResourceChange"]["LogicalResourceId"])
        if change is None or change.after is None:
            continue
        said = as_params(given(Nested.schema, change.after, source.tags))
        if change.physical:
            child = engine.stacks.get(change.physical)
            child_source = engine.source(child, said, child.source)
        else:
            child = engine.new_within(stack, f"{stack.name}-{change.logical}-{engine.stacks.chance.text(12, LETTERS)}")
            child_source = engine.source(child, said)
        made = _document(engine, f"{above['name']}-{change.logical}", child, child_source)
        made |= {"parent": above["id"], "root": above["root"] or above["id"], "nested": True}
        _include_nested(engine, child, child_source, made)
        engine.stacks.shelf(CHANGE_SETS).put(made["id"], made)
        told["ResourceChange"]["ChangeSetId"] = made["id"]


def _told(engine: Engine, stack: Stack, source: Source) -> Iterator[Change]:
    """Yield what would change, with a mask over what is not to be echoed, also where nothing else of it changes."""
    goal = engine.goal(stack, source)
    masked = {one.logical: one for one in engine.changes(stack, source, told=True)}
    for change in engine.changes(stack, source):
        if goal.told is goal.known:
            yield change
        elif change.logical in masked:
            yield _masked(change, masked[change.logical])
        else:
            same = goal.shown(change.logical)
            yield _masked(change, replace(change, before=same, after=same, details=[]))


def _masked(change: Change, masked: Change) -> Change:
    """Return a change with the values of another."""
    by_name = {detail.name: detail for detail in masked.details}
    hidden = (by_name.get(one.name, one._replace(before=MASK, after=MASK)) for one in change.details)
    details = [
        one._replace(before=other.before, after=other.after) for one, other in zip(change.details, hidden, strict=True)
    ]
    return replace(change, before=masked.before, after=masked.after, details=details)


def _to_change(engine: Engine, params: Params, kind: str) -> Stack:
    """Return the stack that a change set is for; a new one if it is to be created."""
    name = params["StackName"]
    stack = engine.stacks.find(name)
    if kind == "CREATE" or (kind == "IMPORT" and (stack is None or stack.status in (REVIEW, GONE))):
        if stack is not None and stack.status != REVIEW:
            raise errors.EXISTS_ALREADY.error(name=name, set=params["ChangeSetName"])
        return stack or engine.new(name)
    if stack is None or stack.status == GONE:
        raise errors.NO_STACK_HERE.error(name=name)
    refuse_unupdatable(stack)
    return stack


def describe_change_set(engine: Engine, params: Params) -> dict[str, Any]:
    """Tell what a change would do."""
    one = engine.change_set(params["ChangeSetName"], params.get("StackName"))
    changes, token = page(engine, "DescribeChangeSet", params, one["changes"])
    source = Source(**one["source"])
    return present({
        **_summary(one),
        "Parameters": describing.shown(source) or None,
        "NotificationARNs": one["kept"].get("NotificationARNs", []),
        "RollbackConfiguration": one["kept"].get("RollbackConfiguration", {}),
        "DeploymentConfig": one["kept"].get("DeploymentConfig"),
        "Capabilities": [],
        **one["said"],
        "Tags": describing.tags(source.tags) or None,
        "Changes": changes if params.get("IncludePropertyValues") else [_without_values(change) for change in changes],
        "NextToken": token,
    })  # fmt: skip


def describe_change_set_hooks(engine: Engine, params: Params) -> dict[str, Any]:
    """Tell that no hooks are called."""
    one = engine.change_set(params["ChangeSetName"], params.get("StackName"))
    said = _summary(one)
    members = ("ChangeSetId", "ChangeSetName", "StackId", "StackName")
    return {**{member: said[member] for member in members}, "Hooks": [], "Status": "PLANNED"}


def list_change_sets(engine: Engine, params: Params) -> dict[str, Any]:
    """Tell of the change sets of a stack."""
    stack = engine.stacks.find(params["StackName"])
    if stack is None:
        raise errors.NO_STACK_HERE.error(name=params["StackName"])
    return listed(engine, "ListChangeSets", params, "Summaries", engine.change_sets(stack).values(), _summary)


def execute_change_set(engine: Engine, params: Params) -> dict[str, Any]:
    """Carry a change out, with those of the stacks within its stack."""
    one = engine.change_set(params["ChangeSetName"], params.get("StackName"))
    _refuse_nested(one)
    stack, token = engine.stacks.living(one["stack"]), params.get("ClientRequestToken")
    if one["execution"] == "EXECUTE_COMPLETE" and token is not None and token in stack.tokens:
        return {}
    if one["status"] != "CREATE_COMPLETE":
        raise errors.NOT_EXECUTABLE.error(set=one["id"], status=one["status"])
    if one["execution"] != "AVAILABLE":
        raise errors.OBSOLETE.error(set=one["id"], status=one["execution"])
    if stack.status != REVIEW:
        refuse_unupdatable(stack)
    engine.change_sets_obsolete(stack)
    for part in (one, *_below(engine, one)):
        engine.stacks.shelf(CHANGE_SETS).put(part["id"], {**part, "execution": "EXECUTE_COMPLETE"})
    remember(stack, token, "ExecuteChangeSet")
    stack.change_set = one["id"]
    source, said, on_failure = Source(**one["source"]), one["kept"], one["on_failure"]
    if params.get("DisableRollback"):
        said, on_failure = {**said, "DisableRollback": True}, "DO_NOTHING"
    imports = one["imports"]
    if imports and one.get("type", "IMPORT") == "IMPORT":
        engine.take_in(stack, source, said, imports=imports, token=token)
        return {}
    how: dict[str, Any] = {"token": token, "keep": on_failure == "DO_NOTHING", "imports": imports}
    how["spare"] = bool(params.get("RetainExceptOnCreate"))
    if stack.status == REVIEW:
        stack.updated = engine.stacks.clock.now()
        engine.create(stack, source, said, on_failure=on_failure, **how)
    else:
        engine.update(stack, source, said, **how)
    return {}


def delete_change_set(engine: Engine, params: Params) -> dict[str, Any]:
    """Forget a change; one that is not there is as good as forgotten."""
    name, stack = params["ChangeSetName"], params.get("StackName")
    found = engine.find_change_set(name, stack)
    if found is not None:
        _refuse_nested(found)
        for part in (found, *_below(engine, found)):
            engine.stacks.shelf(CHANGE_SETS).remove(part["id"])
    return {}


def _below(engine: Engine, one: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the change sets that are parts of another."""
    return [part for _, part in engine.stacks.shelf(CHANGE_SETS).items() if part["root"] == one["id"]]


def _refuse_nested(one: Mapping[str, Any]) -> None:
    if one["root"] is not None:
        raise errors.PART.error(set=one["id"], root=one["root"])


def _summary(one: Mapping[str, Any]) -> dict[str, Any]:
    return present({
        "StackId": one["stack"],
        "StackName": one["stack_name"],
        "ChangeSetId": one["id"],
        "ChangeSetName": one["name"],
        "ExecutionStatus": one["execution"],
        "Status": one["status"],
        "StatusReason": one["reason"],
        "CreationTime": one["created"],
        "Description": one["said"].get("Description"),
        "IncludeNestedStacks": one["nested"],
        "ParentChangeSetId": one["parent"],
        "RootChangeSetId": one["root"],
    })  # fmt: skip


def _without_values(change: Mapping[str, Any]) -> dict[str, Any]:
    """Return a change without the values of its properties."""
    said = {name: one for name, one in change["ResourceChange"].items() if name not in _VALUES}
    said["Details"] = [
        {**detail, "Target": {name: one for name, one in detail["Target"].items() if name not in _TARGET_VALUES}}
        for detail in said["Details"]
    ]
    return {**change, "ResourceChange": said}


OPERATIONS: dict[str, Operation] = {
    "CreateChangeSet": create_change_set,
    "DescribeChangeSet": describe_change_set,
    "DescribeChangeSetHooks": describe_change_set_hooks,
    "ListChangeSets": list_change_sets,
    "ExecuteChangeSet": execute_change_set,
    "DeleteChangeSet": delete_change_set,
}
