"""Drift: what has become of the resources of a stack behind its back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from emulator.cloudformation import errors
from emulator.cloudformation.describing import present
from emulator.cloudformation.engine import Engine, Operation
from emulator.cloudformation.handlers import typed, untagged
from emulator.cloudformation.parameters import MASK
from emulator.cloudformation.phases import DRIFTABLE
from emulator.cloudformation.reading import listed
from emulator.cloudformation.stacks import Resource, Stack
from emulator.registry.handler import HandlerError, Properties, ResourceType
from emulator.registry.schema import READ_ONLY, WRITE_ONLY, can, pointers, resolved, without_all

Params = Mapping[str, Any]

IN_SYNC, MODIFIED, DELETED, NOT_CHECKED = "IN_SYNC", "MODIFIED", "DELETED", "NOT_CHECKED"
_DETECTIONS = "cloudformation.drifts"
_MISSING = object()


def detect_stack_drift(engine: Engine, params: Params) -> dict[str, Any]:
    """Look at the resources of a stack, or some of them, and note what has become of them."""
    stack = engine.stacks.living(params["StackName"])
    if stack.status not in DRIFTABLE:
        raise errors.NOT_DRIFTABLE.error(stack=stack.id, status=stack.status)
    wanted = params.get("LogicalResourceIds") or list(stack.resources)
    unknown = [logical for logical in wanted if logical not in stack.resources]
    if unknown:
        raise errors.NO_RESOURCE.error(logical=unknown[0], name=stack.name)
    for logical in wanted:
        _check(engine, stack, stack.resources[logical])
    found = Counter(one.drift["StackResourceDriftStatus"] for one in stack.resources.values() if one.drift is not None)
    drifted, now = found[MODIFIED] + found[DELETED], engine.stacks.clock.now()
    stack.drift = {"StackDriftStatus": "DRIFTED" if drifted else IN_SYNC, "LastCheckTimestamp": now}
    engine.stacks.put(stack)
    ident = engine.stacks.chance.uuid()
    detection = {
        "StackId": stack.id,
        "StackDriftDetectionId": ident,
        "StackDriftStatus": stack.drift["StackDriftStatus"],
        "DetectionStatus": "DETECTION_COMPLETE",
        "DriftedStackResourceCount": drifted,
        "Timestamp": now,
    }
    engine.stacks.shelf(_DETECTIONS).put(ident, detection)
    return {"StackDriftDetectionId": ident}


def describe_stack_drift_detection_status(engine: Engine, params: Params) -> dict[str, Any]:
    """Tell what a look at the resources of a stack has come to."""
    ident = params["StackDriftDetectionId"]
    found: dict[str, Any] | None = engine.stacks.shelf(_DETECTIONS).get(ident)
    if found is None:
        raise errors.NO_DETECTION.error(id=ident)
    return found


def detect_stack_resource_drift(engine: Engine, params: Params) -> dict[str, Any]:
    """Look at one resource, and tell what has become of it."""
    stack = engine.stacks.living(params["StackName"])
    one = stack.resources.get(params["LogicalResourceId"])
    if one is None:
        raise errors.NO_RESOURCE.error(logical=params["LogicalResourceId"], name=stack.name)
    _check(engine, stack, one)
    if one.drift is None:
        raise errors.NOT_DRIFTABLE_TYPE.error(logical=one.logical, type=one.type)
    engine.stacks.put(stack)
    return {"StackResourceDrift": one.drift}


def describe_stack_resource_drifts(engine: Engine, params: Params) -> dict[str, Any]:
    """Tell what has become of the resources that were looked at."""
    stack = engine.stacks.get(params["StackName"])
    wanted = params.get("StackResourceDriftStatusFilters")
    found = [one.drift for one in stack.resources.values() if one.drift is not None]
    kept = [one for one in found if not wanted or one["StackResourceDriftStatus"] in wanted]
    return listed(engine, "DescribeStackResourceDrifts", params, "StackResourceDrifts", kept, dict)


# --- One resource -----------------------------------------------------------------------------------------------------


def _check(engine: Engine, stack: Stack, one: Resource) -> None:
    """Note what has become of a resource, where its type can tell."""
    kind = engine.find(one.type)
    if kind is None or not one.physical or not can(kind.schema, "read"):
        return
    expected = _expected(engine, stack, kind, one)
    try:
        read = kind.read(engine.stacks.caller, one.physical)
    except HandlerError as error:
        if error.code != "NotFound":
            raise
        status, actual, differences = DELETED, None, None
    else:
        actual = _asked_for(untagged(kind.schema, read, one.tags, expected), expected)
        differences = list(_differences(kind.schema, kind.schema, expected, actual, ""))
        status = MODIFIED if differences else IN_SYNC
    hidden = _not_echoed(engine, stack, one)
    one.drift = present({
        "StackId": stack.id,
        "LogicalResourceId": one.logical,
        "PhysicalResourceId": one.physical,
        "ResourceType": one.type,
        "ExpectedProperties": _text(_masked(expected, hidden)),
        "ActualProperties": None if actual is None else _text(_masked(actual, hidden)),
        "PropertyDifferences": differences and [_masked_difference(each, hidden) for each in differences],
        "StackResourceDriftStatus": status,
        "Timestamp": engine.stacks.clock.now(),
    })  # fmt: skip


def _expected(engine: Engine, stack: Stack, kind: ResourceType, one: Resource) -> Properties:
    """Return of what was wished all that can be read."""
    schema = kind.schema
    wished = typed(schema, schema, engine.goal(stack).looked_up(one.properties))
    hidden = [steps for keyword in (WRITE_ONLY, READ_ONLY) for steps in pointers(schema, keyword)]
    found: Properties = without_all(wished, hidden)
    return found


def _not_echoed(engine: Engine, stack: Stack, one: Resource) -> set[str]:
    """Return the properties that hold something of a parameter which is not to be echoed."""
    shown = engine.goal(stack).shown(one.logical)
    return set() if shown is None else {name for name, value in one.properties.items() if shown.get(name) != value}


def _masked(properties: Properties, hidden: set[str]) -> Properties:
    return {name: MASK if name in hidden else value for name, value in properties.items()}


def _masked_difference(difference: dict[str, Any], hidden: set[str]) -> dict[str, Any]:
    if difference["PropertyPath"].split("/")[1] not in hidden:
        return difference
    return difference | {"ExpectedValue": MASK, "ActualValue": MASK}


def _asked_for(actual: Any, expected: Any) -> Any:
    """Return of what is there what the template says something about."""
    if isinstance(actual, dict) and isinstance(expected, dict):
        return {name: _asked_for(actual[name], inner) for name, inner in expected.items() if name in actual}
    return actual


def _differences(
    schema: Mapping[str, Any], node: Mapping[str, Any], expected: Any, actual: Any, path: str
) -> Iterator[dict[str, Any]]:
    node = resolved(schema, node)
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name, inner in expected.items():
            below = node.get("properties", {}).get(name, {})
            yield from _differences(schema, below, inner, actual.get(name, _MISSING), f"{path}/{name}")
    elif isinstance(expected, list) and isinstance(actual, list):
        yield from _list_differences(schema, node, expected, actual, path)
    elif actual is _MISSING:
        if expected not in ({}, []):
            yield _difference(path, "REMOVE", expected)
    elif not _equal(expected, actual):
        yield _difference(path, "NOT_EQUAL", expected, actual)


def _list_differences(
    schema: Mapping[str, Any], node: Mapping[str, Any], expected: list[Any], actual: list[Any], path: str
) -> Iterator[dict[str, Any]]:
    """Yield what differs in lists: of those whose order counts for nothing, what is only in one of them."""
    ordered = node.get("insertionOrder", True) and not all(isinstance(one, dict) and "Key" in one for one in expected)
    if ordered and len(expected) == len(actual):
        for number, (inner, other) in enumerate(zip(expected, actual, strict=True)):
            yield from _differences(schema, node.get("items", {}), inner, other, f"{path}/{number}")
        return
    below = node.get("items", {})
    found = dict(enumerate(actual))
    missing: dict[int, Any] = {}
    for number, one in enumerate(expected):
        same = (other for other in found if not any(_differences(schema, below, one, found[other], "")))
        match = next(same, None)
        if match is None:
            missing[number] = one
        else:
            del found[match]
    for number, one in missing.items():
        yield _difference(f"{path}/{number}", "REMOVE", one)
    for number, one in found.items():
        yield _difference(f"{path}/{number}", "ADD", _MISSING, one)


def _equal(expected: Any, actual: Any) -> bool:
    """Say whether two values are one: a document may be written as text."""
    if {type(expected), type(actual)} == {dict, str}:
        try:
            return bool(_plain(expected) == _plain(actual))
        except ValueError:
            return False
    return bool(expected == actual)


def _plain(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _difference(path: str, kind: str, expected: Any = _MISSING, actual: Any = _MISSING) -> dict[str, Any]:
    return {
        "PropertyPath": path,
        "ExpectedValue": "null" if expected is _MISSING else _text(expected),
        "ActualValue": "null" if actual is _MISSING else _text(actual),
        "DifferenceType": kind,
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


OPERATIONS: dict[str, Operation] = {
    "DetectStackDrift": detect_stack_drift,
    "DetectStackResourceDrift": detect_stack_resource_drift,
    "DescribeStackDriftDetectionStatus": describe_stack_drift_detection_status,
    "DescribeStackResourceDrifts": describe_stack_resource_drifts,
}
