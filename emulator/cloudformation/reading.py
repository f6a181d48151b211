"""Operations that tell what there is: stacks, their resources, events, exports, templates."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from emulator.cloudformation import describing, errors, making, summary, target
from emulator.cloudformation.describing import present
from emulator.cloudformation.engine import Engine, Operation
from emulator.cloudformation.stacks import Resource, Source, Stack
from emulator.engine import paging

Params = Mapping[str, Any]
T = TypeVar("T")

SIZE = 100  # of a page
_STAGES = ["Original", "Processed"]


def page(
    engine: Engine, operation: str, params: Params, entries: Sequence[T], size: int = SIZE
) -> tuple[list[T], str | None]:
    """Return a page of a list whose entries keep their numbers, the oldest first or the newest."""
    caller = engine.stacks.caller
    of = paging.query(operation, caller.account, caller.region, params)
    numbered = list(enumerate(entries))
    kept, token = paging.window(of, params, numbered, lambda one: (one[0], 0), size)
    return [one for _, one in kept], token


def listed(
    engine: Engine, operation: str, params: Params, member: str, entries: Iterable[T], show: Callable[[T], Any]
) -> dict[str, Any]:
    """Return a page of a list as the answer of an operation."""
    kept, token = page(engine, operation, params, list(entries))
    return present({member: [show(one) for one in kept], "NextToken": token})


# --- Stacks -----------------------------------------------------------------------------------------------------------


def describe_stacks(engine: Engine, params: Params) -> dict[str, Any]:
    """Tell of one stack, or of all that are not deleted."""
    name = params.get("StackName")
    if name is not None:
        return {"Stacks": [describing.stack(engine.stacks.get(name))]}
    return listed(engine, "DescribeStacks", params, "Stacks", engine.stacks.alive(), describing.stack)


def list_stacks(engine: Engine, params: Params) -> dict[str, Any]:
    """Tell of all stacks, deleted ones too, by their statuses."""
    wanted = params.get("StackStatusFilter")
    found = [one for one in engine.stacks.all() if not wanted or one.status in wanted]
    return listed(engine, "ListStacks", params, "StackSummaries", found, describing.summary)


def describe_stack_events(engine: Engine, params: Params) -> dict[str, Any]:
    """Tell what has happened to a stack, the newest first."""
    stack = _there(engine, params.get("StackName", ""))
    shelf = engine.stacks.events(stack)
    numbers = list(shelf)
    caller = engine.stacks.caller
    of = paging.query("DescribeStackEvents", caller.account, caller.region, params)
    kept, token = paging.window(of, params, list(reversed(numbers)), lambda number: (-int(number), 0), SIZE)
    return present({"StackEvents": [shelf.get(number) for number in kept], "NextToken": token})


def describe_events(engine: Engine, params: Params) -> dict[str, Any]:
    """Tell the same of a stack or a change set, as events of operations."""
    change_set = params.get("ChangeSetName")
    name = params.get("StackName")
    if change_set is not None:
        found = engine.change_set(change_set, name)
        name = found["stack"]
    stack = _there(engine, name or "")
    failed_only = params.get("Filters", {}).get("FailedEvents", False)
    events = [one for _, one in engine.stacks.events(stack).items()] if change_set is None else []
    operation = params.get("OperationId")
    if operation is not None:
        events = [one for one in events if one.get("OperationId") == operation]
    if failed_only:
        events = [one for one in events if one["ResourceStatus"].endswith("_FAILED")]
    return listed(engine, "DescribeEvents", params, "OperationEvents", reversed(events), _operation_event)


def _operation_event(event: Mapping[str, Any]) -> dict[str, Any]:
    whole = {name: said for name, said in event.items() if name != "StackName"}
    return {**whole, "EventType": "STACK_EVENT"}


def _there(engine: Engine, name: str) -> Stack:
    stack = engine.stacks.find(name)
    if stack is None:
        raise errors.NO_STACK_HERE.error(name=name)
    return stack


# --- Resources --------------------------------------------------------------------------------------------------------


def describe_stack_resource(engine: Engine, params: Params) -> dict[str, Any]:
    """Tell of one resource of a stack."""
    name = params["StackName"]
    stack = engine.stacks.find(name)
    if stack is None:
        raise errors.NO_STACK_AT_ALL.error(name=name)
    one = stack.resources.get(params["LogicalResourceId"])
    if one is None:
        raise errors.NO_RESOURCE.error(logical=params["LogicalResourceId"], name=stack.name)
    metadata = json.dumps(one.attributes.get("Metadata", {}))
    return {"StackResourceDetail": describing.resource_detail(stack, one, metadata)}


def describe_stack_resources(engine: Engine, params: Params) -> dict[str, Any]:
    """Tell of the resources of a stack, or of the one that a physical id belongs to."""
    name, physical, logical = (params.get(one) for one in ("StackName", "PhysicalResourceId", "LogicalResourceId"))
    if name is None and physical is None:
        raise errors.NO_NAME.error()
    if name is None:
        owned = (one for one in engine.stacks.alive() for of in one.resources.values() if of.physical == physical)
        stack = next(owned, None)
        if stack is None:
            raise errors.NO_PHYSICAL.error(physical=physical)
    else:
        stack = engine.stacks.get(name)
    found = [one for one in _shown(stack) if logical in (None, one.logical)]
    if logical is not None and not found:
        raise errors.NO_RESOURCE.error(logical=logical, name=stack.name)
    return {"StackResources": [describing.resource(stack, one) for one in found]}


def list_stack_resources(engine: Engine, params: Params) -> dict[str, Any]:
    """Tell of the resources of a stack, in short."""
    found = _shown(engine.stacks.get(params["StackName"]))
    return listed(engine, "ListStackResources", params, "StackResourceSummaries", found, describing.resource_summary)


def _shown(stack: Stack) -> list[Resource]:
    """Return the resources of a stack that have come to anything, in alphabetical order."""
    return sorted((one for one in stack.resources.values() if one.status), key=lambda one: one.logical)


# --- Exports ----------------------------------------------------------------------------------------------------------


def list_exports(engine: Engine, params: Params) -> dict[str, Any]:
    """Tell what stacks export, by name."""
    found = [
        {"ExportingStackId": stack, "Name": name, "Value": value} for stack, name, value in engine.stacks.exports()
    ]
    found.sort(key=lambda one: one["Name"])
    return listed(engine, "ListExports", params, "Exports", found, dict)


def list_imports(engine: Engine, params: Params) -> dict[str, Any]:
    """Tell which stacks import what is exported under a name."""
    name = params["ExportName"]
    if engine.stacks.exporter(name) is None:
        raise errors.NO_EXPORT.error(name=name)
    users = engine.stacks.importers(name)
    if not users:
        raise errors.NOT_IMPORTED.error(name=name)
    return listed(engine, "ListImports", params, "Imports", sorted(users), str)


# --- Templates --------------------------------------------------------------------------------------------------------


def get_template(engine: Engine, params: Params) -> dict[str, Any]:
    """Return the template of a stack or of a change set."""
    name, change_set = params.get("StackName"), params.get("ChangeSetName")
    if change_set is not None:
        found = engine.change_set(change_set, name)
        stack, source = engine.stacks.get(found["stack"]), Source(**found["source"])
    else:
        stack = engine.stacks.get(name or "")
        source = stack.source
    body = source.body or "{}"
    if params.get("TemplateStage") == "Processed" and source.body and target.read(body).transforms:
        body = json.dumps(engine.goal(stack, source).template.document)
    return {"TemplateBody": body, "StagesAvailable": _STAGES}


def get_template_summary(engine: Engine, params: Params) -> dict[str, Any]:
    """Return what a template declares, of a stack or one that is sent."""
    name = params.get("StackName")
    body = engine.stacks.living(name).source.body if name else making.body(params, engine.fetch)
    said = summary.summary(target.read(body))
    for one in said["ResourceIdentifierSummaries"]:
        one["ResourceIdentifiers"] = _identifiers(engine, one["ResourceType"])
    return said


def validate_template(engine: Engine, params: Params) -> dict[str, Any]:
    """Return what a template declares, if it is one."""
    return summary.validation(target.read(making.body(params, engine.fetch)))


def _identifiers(engine: Engine, kind: str) -> list[str]:
    schema = engine.schema(kind) or {}
    return [path.rpartition("/")[2] for path in schema.get("primaryIdentifier", ())]


OPERATIONS: dict[str, Operation] = {
    "DescribeStacks": describe_stacks,
    "ListStacks": list_stacks,
    "DescribeStackEvents": describe_stack_events,
    "DescribeEvents": describe_events,
    "DescribeStackResource": describe_stack_resource,
    "DescribeStackResources": describe_stack_resources,
    "ListStackResources": list_stack_resources,
    "ListExports": list_exports,
    "ListImports": list_imports,
    "GetTemplate": get_template,
    "GetTemplateSummary": get_template_summary,
    "ValidateTemplate": validate_template,
}
