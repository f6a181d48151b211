"""Inference experiments: their schedule, their endpoint, and how they are started and stopped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine import verbs
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack
from emulator.sagemaker.kinds.inference_experiment import ACTIONS, CANCEL

Params = Mapping[str, Any]
KIND = "InferenceExperiment"
_OF_ENDPOINT = ("EndpointConfigName", "EndpointStatus", "FailureReason")


def describe(scope: Scope, params: Params) -> dict[str, Any]:
    """Tell all about an experiment, and how its endpoint is now."""
    resource = scope.resources.resource(KIND)
    name = verbs.find(scope, resource, params).members["EndpointName"]
    endpoints = scope.resources.resource("Endpoint")
    endpoint = scope.find(endpoints, (name,))
    fields = scope.fields(endpoints, endpoint) if endpoint else {}
    metadata = {one: fields[one] for one in _OF_ENDPOINT if one in fields}
    return {**verbs.describe(scope, resource, params), "EndpointMetadata": {"EndpointName": name, **metadata}}


def create(scope: Scope, params: Params) -> dict[str, Any]:
    """Make an experiment; it starts at its time."""
    _refuse_past(scope, params.get("Schedule", {}))
    return {"InferenceExperimentArn": verbs.make(scope, scope.resources.resource(KIND), params).arn}


def update(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Change an experiment; of its schedule, only what is said."""
    resource = scope.resources.resource(KIND)
    if "Schedule" in params:
        old = verbs.find(scope, resource, params).members["Schedule"]
        params = {**params, "Schedule": {**old, **params["Schedule"]}}
        _refuse_past(scope, params["Schedule"])
    verbs.referred(scope, resource, params)
    return verbs.update(scope, resource, params)


def start(scope: Scope, params: Params) -> dict[str, Any]:
    """Start an experiment before its time."""
    resource = scope.resources.resource(KIND)
    record = verbs.find(scope, resource, params)
    state = verbs.moved(scope, resource, record, "Start")
    members = record.members
    members["Schedule"]["StartTime"] = scope.now
    return _put(scope, resource, record._replace(state=state), members)


def stop(scope: Scope, params: Params) -> dict[str, Any]:
    """End an experiment, completed or cancelled, and say what becomes of its variants."""
    resource = scope.resources.resource(KIND)
    record = verbs.find(scope, resource, params)
    state = verbs.moved(scope, resource, record, CANCEL if params.get("DesiredState") == "Cancelled" else "Stop")
    members = record.members
    desired = {variant["VariantName"]: variant for variant in params.get("DesiredModelVariants", ())}
    members[ACTIONS] = params[ACTIONS]
    members["ModelVariants"] = [desired.get(one["VariantName"], one) for one in members["ModelVariants"]]
    members["Schedule"]["EndTime"] = scope.now
    if state is not None:
        state = state._replace(reason=params.get("Reason"))
    return _put(scope, resource, record._replace(state=state), members)


def _refuse_past(scope: Scope, schedule: Params) -> None:
    """Refuse a schedule that is over before it begins, or by now."""
    if "EndTime" in schedule and schedule["EndTime"] <= max(scope.clock.now(), schedule.get("StartTime", 0)):
        raise Refusal(VALIDATION, errors.SCHEDULE_IS_OVER).error()


def _put(scope: Scope, resource: Resource, record: Record, members: Params) -> dict[str, Any]:
    scope.put(resource, record._replace(packed=pack(members), modified=scope.now))
    return {"InferenceExperimentArn": record.arn}


OPERATIONS = {
    "CreateInferenceExperiment": create,
    "DescribeInferenceExperiment": describe,
    "StartInferenceExperiment": start,
    "StopInferenceExperiment": stop,
    "UpdateInferenceExperiment": update,
}
