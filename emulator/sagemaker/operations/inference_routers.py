"""CreateInferenceRouter, UpdateInferenceRouter and DescribeInferenceRouter: what they find out about destinations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine import verbs
from emulator.engine.scope import Scope
from emulator.sagemaker.dataplane.routing import routing_status

Params = Mapping[str, Any]
KIND = "InferenceRouter"


def create(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Make a router whose destinations, as far as they are here, are of the types that its targets need."""
    return verbs.create(scope, scope.resources.resource(KIND), _checked(scope, params))


def update(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Replace all targets of a router."""
    return verbs.update(scope, scope.resources.resource(KIND), _checked(scope, params))


def describe(scope: Scope, params: Params) -> dict[str, Any]:
    """Tell all about a router, and which destinations it can send requests to."""
    answer = verbs.describe(scope, scope.resources.resource(KIND), params)
    for target in answer["RoutingTargets"]:
        target["Destinations"] = [
            {**one, "RoutingStatus": routing_status(scope, one["ResourceArn"])} for one in target["Destinations"]
        ]
    return answer


def _checked(scope: Scope, params: Params) -> dict[str, Any]:
    """Return the params without the statuses that the service ignores; ServiceError if a type is wrong."""
    targets = []
    for target in params["RoutingTargets"]:
        destinations = [{"ResourceArn": one["ResourceArn"]} for one in target["Destinations"]]
        targets.append({**target, "Destinations": destinations})
        wanted = "AsyncInferenceConfig" in target
        for one in destinations:
            if scope.settings.strict and _is_async(scope, one["ResourceArn"]) not in (None, wanted):
                raise Refusal(VALIDATION, errors.DESTINATION_OF_WRONG_TYPE).error(
                    arn=one["ResourceArn"],
                    target=target["Name"],
                    wanted="an asynchronous inference endpoint" if wanted else "a real-time endpoint",
                )
    return {**params, "RoutingTargets": targets}


def _is_async(scope: Scope, destination: str) -> bool | None:
    """Return whether a destination is an asynchronous endpoint; None if it cannot be looked at."""
    found = scope.by_arn(destination)
    if found is None:
        return None
    return found[0].name == "Endpoint" and "AsyncInferenceConfig" in scope.fields(*found)


OPERATIONS = {
    "CreateInferenceRouter": create,
    "DescribeInferenceRouter": describe,
    "UpdateInferenceRouter": update,
}
