"""CreateEndpoint, UpdateEndpoint, UpdateEndpointWeightsAndCapacities, and the policy of an endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.aws.wire import timestamp
from emulator.engine import verbs
from emulator.engine.lifecycle import State
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack
from emulator.sagemaker.kinds.endpoint import SCALE
from emulator.sagemaker.rules import deployments, fleets
from emulator.sagemaker.rules.fleets import LAST, Fleet

Params = Mapping[str, Any]


def create(scope: Scope, params: Params) -> dict[str, Any]:
    """Make an endpoint and begin to deploy its first fleet."""
    resource = scope.resources.resource("Endpoint")
    taken = scope.find(resource, (params["EndpointName"],))  # which is refused before all else
    fleet = {} if taken else _planned(scope, params["EndpointConfigName"]) | _last(params)
    return {"EndpointArn": verbs.make(scope, resource, params, {deployments.DEPLOYING: fleet}).arn}


def update(scope: Scope, params: Params) -> dict[str, Any]:
    """Begin to deploy another configuration."""
    resource, record = _found(scope, params)
    phase, state = _moved(scope, resource, record, "Update")
    verbs.referred(scope, resource, params)
    fleet = _planned(scope, params["EndpointConfigName"])
    members = record.members
    old = deployments.serving(members, phase)
    if old and params.get("RetainAllVariantProperties"):
        excluded = {one["VariantPropertyType"] for one in params.get("ExcludeRetainedVariantProperties", ())}
        fleet = fleets.retained(fleet, old, excluded)
    before = members[deployments.DEPLOYING]
    if params.get("RetainDeploymentConfig") and LAST in before:
        fleet[LAST] = before[LAST]
    fleet |= _last(params)
    return _deploy(scope, resource, record, state, deployments.begun(members, phase, fleet))


def rescale(scope: Scope, params: Params) -> dict[str, Any]:
    """Begin to give variants other weights and capacities."""
    resource, record = _found(scope, params)
    phase, state = _moved(scope, resource, record, SCALE)
    members = record.members
    old = deployments.serving(members, phase) or {}
    for change in params["DesiredWeightsAndCapacities"]:
        if change["VariantName"] not in fleets.names(old):
            words = resource.called(record.arn, record.key)
            raise Refusal(VALIDATION, errors.NO_VARIANT).error(**words, variant=change["VariantName"])
    fleet = fleets.rescaled(old, params["DesiredWeightsAndCapacities"])
    return _deploy(scope, resource, record, state, deployments.begun(members, phase, fleet))


def _last(params: Params) -> dict[str, Any]:
    return {LAST: params["DeploymentConfig"]} if "DeploymentConfig" in params else {}


def _found(scope: Scope, params: Params) -> tuple[Resource, Record]:
    resource = scope.resources.resource("Endpoint")
    return resource, verbs.find(scope, resource, params)


def _moved(scope: Scope, resource: Resource, record: Record, verb: str) -> tuple[str, State | None]:
    """Return the phase of an endpoint, and the state that a change leads to; ServiceError if it cannot be changed."""
    assert record.state is not None  # an endpoint has a life
    if record.state.status == "Failed":
        words = resource.called(record.arn, record.key)
        raise Refusal(VALIDATION, errors.NOT_OF_FAILED).error(**words, verb="update", status="Failed")
    return record.state.status, verbs.moved(scope, resource, record, verb)


def _deploy(
    scope: Scope, resource: Resource, record: Record, state: State | None, members: dict[str, Any]
) -> dict[str, Any]:
    now = scope.now
    scope.put(resource, record._replace(packed=pack(members), modified=now, state=state))
    return {"EndpointArn": record.arn}


# --- What a configuration asks for ------------------------------------------------------------------------------------


def _planned(scope: Scope, name: str) -> Fleet:
    """Return the fleet of a configuration; of one that is not there, its name is all that is known."""
    config = scope.find(scope.resources.resource("EndpointConfig"), (name,))
    if config is None:
        return {"EndpointConfigName": name}
    return fleets.planned(config.members, lambda model: _images(scope, model), timestamp(scope.clock.now()))


def _images(scope: Scope, name: str) -> list[str]:
    """Return the images of a model, straight or by way of its model packages; ServiceError if it is gone."""
    resource = scope.resources.resource("Model")
    record = verbs.found(scope, resource, name) if scope.settings.strict else scope.find(resource, (name,))
    if record is None:
        return []
    members = record.members
    containers = [members["PrimaryContainer"]] if "PrimaryContainer" in members else members.get("Containers", [])
    return [image for container in containers for image in _container_images(scope, container)]


def _container_images(scope: Scope, container: Params) -> list[str]:
    if "Image" in container:
        return [container["Image"]]
    resource = scope.resources.resource("ModelPackage")
    key = scope.identify(resource, container["ModelPackageName"])
    package = scope.find(resource, key) if key else None
    inside = package.members.get("InferenceSpecification", {}).get("Containers", ()) if package else ()
    return [one["Image"] for one in inside if "Image" in one]


# --- Policies ---------------------------------------------------------------------------------------------------------


def put_policy(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Put a policy on an endpoint."""
    resource = scope.resources.resource("Endpoint")
    record = verbs.find(scope, resource, params, resource.kind.attributes["Policy"].nobody)
    if (
        resource.lifecycle
        and record.state
        and (status := resource.lifecycle.shown(record.state.status))
        in (
            "Deleting",
            "Failed",
        )
    ):
        words = resource.called(record.arn, record.key)
        raise Refusal(VALIDATION, errors.NOT_OF_FAILED).error(**words, verb="put a policy on", status=status)
    return verbs.put_attribute(scope, resource, params, "Policy")


def get_policy(scope: Scope, params: Params) -> dict[str, Any]:
    """Read the policy of an endpoint."""
    resource = scope.resources.resource("Endpoint")
    policy = verbs.get_attribute(scope, resource, params, "Policy")
    arn = scope.arn(resource, (params["EndpointName"],))
    return {"EndpointName": params["EndpointName"], "EndpointArn": arn, **policy}


def delete_policy(scope: Scope, params: Params) -> dict[str, Any]:
    """Take the policy off an endpoint; to have none is no fault."""
    resource = scope.resources.resource("Endpoint")
    record = verbs.find(scope, resource, params, resource.kind.attributes["Policy"].nobody)
    if "Policy" in record.own:
        verbs.delete_attribute(scope, resource, params, "Policy")
    return {}


OPERATIONS = {
    "CreateEndpoint": create,
    "DeleteEndpointPolicy": delete_policy,
    "GetEndpointPolicy": get_policy,
    "PutEndpointPolicy": put_policy,
    "UpdateEndpoint": update,
    "UpdateEndpointWeightsAndCapacities": rescale,
}
