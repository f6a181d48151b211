"""Inference components: models that share the instances of an endpoint, in copies of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine.kind import Kind, Making, Parent, Reference, Referred
from emulator.engine.lifecycle import GONE, Lifecycle, Stage
from emulator.sagemaker.rules import deployments, fleets
from emulator.sagemaker.rules.deployments import ROLLED_BACK, WITHDRAWING


def check(params: Mapping[str, Any], referred: list[Referred]) -> None:
    """Refuse a variant that the endpoint does not have, and specifications that say nothing or too much."""
    check_specifications(params)
    for endpoint in referred:
        if endpoint.path == "EndpointName":
            _check_variant(params, endpoint)


def check_specifications(params: Mapping[str, Any]) -> None:
    """Refuse two ways to specify, none, and a specification of nothing."""
    one, several = params.get("Specification"), params.get("Specifications")
    if one is not None and several is not None:
        raise Refusal(VALIDATION, errors.BOTH_SPECIFICATIONS).error()
    if one is None and several is None:
        raise Refusal(VALIDATION, errors.NO_SPECIFICATION).error()
    for specification in [one] if one is not None else several or []:
        if not specification.keys() & {"ModelName", "Container", "BaseInferenceComponentName"}:
            raise Refusal(VALIDATION, errors.NO_CONTAINER_IN_SPECIFICATION).error()


def _check_variant(params: Mapping[str, Any], endpoint: Referred) -> None:
    variant = params.get("VariantName")
    fleet = endpoint.members.get(deployments.DEPLOYING, {})
    if variant is not None and variant not in fleets.names(fleet):
        raise Refusal(VALIDATION, errors.NO_VARIANT).error(variant=variant, noun="endpoint", arn=endpoint.arn)


def specification(making: Making) -> dict[str, Any] | None:
    """Show what is deployed, its image pinned."""
    one = _shown(making).get("Specification")
    return _summary(one, making) if one else None


def specifications(making: Making) -> list[dict[str, Any]] | None:
    """Show what is deployed on each type of instance."""
    several = _shown(making).get("Specifications")
    return [_summary(one, making) for one in several] if several else None


def copies(making: Making) -> dict[str, Any] | None:
    """Show how many copies are wanted, and how many there are."""
    phase = _phase(making)
    wanted = deployments.wanted(making.members, phase).get("RuntimeConfig")
    if wanted is None:
        return None
    now = deployments.serving(making.members, phase)
    current = now["RuntimeConfig"]["CopyCount"] if now else 0
    counts: dict[str, Any] = {"DesiredCopyCount": wanted["CopyCount"], "CurrentCopyCount": current}
    types = [one["InstanceType"] for one in _shown(making).get("Specifications", ()) if "InstanceType" in one]
    if types and current:
        counts["PlacementStatus"] = [{"InstanceType": types[0], "CurrentCopyCount": current}]
    return counts


def of_deployment(name: str) -> Callable[[Making], Any]:
    """Return the function that shows what is deployed under a name."""
    return lambda making: _shown(making).get(name)


def _shown(making: Making) -> Mapping[str, Any]:
    return deployments.serving(making.members, _phase(making)) or deployments.wanted(making.members, _phase(making))


def _phase(making: Making) -> str:
    return making.state.status if making.state else ""


def _summary(one: Mapping[str, Any], making: Making) -> dict[str, Any]:
    container = one.get("Container")
    if container is None or "Image" not in container:
        return dict(one)
    image = fleets.deployed(container["Image"], making.members["CreationTime"])
    return {**one, "Container": {**container, "DeployedImage": image}}


KIND = Kind(
    "InferenceComponent",
    lifecycle=Lifecycle(
        begins="Creating",
        calls={
            "Update": dict.fromkeys(("InService", ROLLED_BACK), "Updating"),
            "Delete": {"InService": "Deleting", **dict.fromkeys((ROLLED_BACK, "Failed"), WITHDRAWING)},
        },
        times={
            "Creating": Stage("InService", seconds=120, failed="Failed"),
            "Updating": Stage("InService", seconds=60, failed=ROLLED_BACK),
            "Deleting": Stage(GONE),
            WITHDRAWING: Stage(GONE),
        },
        shows=deployments.SHOWS,
    ),
    missing=Refusal(VALIDATION, errors.COULD_NOT_FIND),
    taken=Refusal(VALIDATION, errors.CANNOT_CREATE_EXISTING),
    refused=Refusal(VALIDATION, errors.IN_PROGRESS),
    parents=(
        Parent(
            "Endpoint",
            by="EndpointName",
            ready=frozenset({"InService", ROLLED_BACK}),
            not_ready=Refusal(VALIDATION, errors.ENDPOINT_NOT_READY),
            orphans=Refusal(VALIDATION, errors.ENDPOINT_HAS_CHILDREN),
        ),
    ),
    references=(
        Reference("EndpointName", "Endpoint"),
        Reference("Specification.ModelName", "Model"),
        Reference("Specification.BaseInferenceComponentName", "InferenceComponent"),
        Reference("Specifications[].ModelName", "Model"),
    ),
    shown={
        "Specification": specification,
        "Specifications": specifications,
        "RuntimeConfig": copies,
        "LastDeploymentConfig": of_deployment("LastDeploymentConfig"),
    },
    check=check,
)
