"""CreateInferenceComponent, UpdateInferenceComponent, UpdateInferenceComponentRuntimeConfig."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.engine import verbs
from emulator.engine.scope import Scope
from emulator.engine.store import pack
from emulator.sagemaker.kinds.inference_component import check_specifications
from emulator.sagemaker.rules import deployments, fleets

Params = Mapping[str, Any]
_DEPLOYED = ("Specification", "Specifications", "RuntimeConfig")
ONE_COPY = {"CopyCount": 1}


def create(scope: Scope, params: Params) -> dict[str, Any]:
    """Make a component and begin to deploy it: on the variant that is named, of its base, or the endpoint's first."""
    resource = scope.resources.resource("InferenceComponent")
    base = params.get("Specification", {}).get("BaseInferenceComponentName")
    target = {name: params[name] for name in _DEPLOYED if name in params}
    if base is None:
        target.setdefault("RuntimeConfig", ONE_COPY)
    more: dict[str, Any] = {deployments.DEPLOYING: target}
    if "VariantName" not in params and (variant := _variant(scope, params["EndpointName"], base)):
        more["VariantName"] = variant
    return {"InferenceComponentArn": verbs.make(scope, resource, params, more).arn}


def update(scope: Scope, params: Params) -> dict[str, Any]:
    """Begin to deploy another specification, other copies, or both."""
    target: dict[str, Any] = {name: params[name] for name in _DEPLOYED if name in params}
    if "Specification" in target or "Specifications" in target:
        check_specifications(params)
    if "DeploymentConfig" in params:
        target["LastDeploymentConfig"] = params["DeploymentConfig"]
    return _deploy(scope, params, target)


def update_copies(scope: Scope, params: Params) -> dict[str, Any]:
    """Begin to run so many copies."""
    return _deploy(scope, params, {"RuntimeConfig": params["DesiredRuntimeConfig"]})


def _variant(scope: Scope, endpoint: str, base: str | None) -> str | None:
    """Return the variant that hosts a base component, or the first one of an endpoint."""
    if base is not None:
        record = scope.find(scope.resources.resource("InferenceComponent"), (base,))
        return record.members.get("VariantName") if record else None
    record = scope.find(scope.resources.resource("Endpoint"), (endpoint,))
    names = fleets.names(record.members[deployments.DEPLOYING]) if record else []
    return next(iter(names), None)


def _deploy(scope: Scope, params: Params, changes: dict[str, Any]) -> dict[str, Any]:
    resource = scope.resources.resource("InferenceComponent")
    record = verbs.find(scope, resource, params)
    assert record.state is not None  # a component has a life
    state = verbs.moved(scope, resource, record, "Update")
    verbs.referred(scope, resource, changes)
    members = record.members
    now = deployments.serving(members, record.state.status) or {}
    other = {"Specification": "Specifications", "Specifications": "Specification"}
    kept = {name: value for name, value in now.items() if other.get(name) not in changes}
    members = deployments.begun(members, record.state.status, {**kept, **changes})
    modified = scope.now
    scope.put(resource, record._replace(packed=pack(members), modified=modified, state=state))
    return {"InferenceComponentArn": record.arn}


OPERATIONS = {
    "CreateInferenceComponent": create,
    "UpdateInferenceComponent": update,
    "UpdateInferenceComponentRuntimeConfig": update_copies,
}
