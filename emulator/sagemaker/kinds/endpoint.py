"""Endpoints: fleets that serve, deployed from a configuration, changed for another, and rolled back if that fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import NOT_FOUND, VALIDATION, Refusal
from emulator.engine.kind import Attribute, Bond, Kind, Making, Reference
from emulator.engine.lifecycle import GONE, Lifecycle, Stage
from emulator.sagemaker.rules import deployments, fleets, policies
from emulator.sagemaker.rules.deployments import DEPLOYED, DEPLOYING, ROLLED_BACK, WITHDRAWING

SCALE = "Scale"  # what UpdateEndpointWeightsAndCapacities does
_DEPLOYMENTS = ("Creating", "Updating", "ActivatingTraffic", "Baking")
_SCALING = ("Scaling", "ScalingBack")


def config_name(making: Making) -> str:
    """Show the configuration that serves, or the first one while nothing does."""
    members = making.members
    fleet = deployments.serving(members, _phase(making)) or members.get(DEPLOYING, members)
    name: str = fleet["EndpointConfigName"]
    return name


def of_fleet(name: str) -> Callable[[Making], Any]:
    """Return the function that shows what the configuration that serves says."""
    return lambda making: (deployments.serving(making.members, _phase(making)) or {}).get(name)


def variants(name: str) -> Callable[[Making], list[dict[str, Any]] | None]:
    """Return the function that shows the variants that serve."""

    def show(making: Making) -> list[dict[str, Any]] | None:
        phase = _phase(making)
        fleet = deployments.serving(making.members, phase)
        if fleet is None or making.state is None:
            return None
        back = making.members[DEPLOYED] if phase == "ScalingBack" else None
        target = making.members[DEPLOYING] if phase == "Scaling" else back
        return fleets.summaries(fleet, target, name, making.state.since)

    return show


def pending_deployment(making: Making) -> dict[str, Any] | None:
    """Show the fleet that is being deployed, while it is."""
    if making.state is None or _phase(making) not in _DEPLOYMENTS:
        return None
    return fleets.pending(making.members[DEPLOYING], _phase(making), making.state.since)


def last_deployment(making: Making) -> Any:
    """Show how the last deployment was to go, whether it went well or not."""
    return making.members.get(DEPLOYING, {}).get(fleets.LAST)


def instances(making: Making) -> Counter[str]:
    """Count the instances that serve, and while a deployment goes on those that it brings too."""
    members, phase = making.members, _phase(making)
    serving = members[DEPLOYING] if phase == "Scaling" else deployments.serving(members, phase)
    brings = members[DEPLOYING] if phase in _DEPLOYMENTS else None
    return sum((fleets.instances(fleet) for fleet in (serving, brings) if fleet), Counter())


def _phase(making: Making) -> str:
    return making.state.status if making.state else ""


KIND = Kind(
    "Endpoint",
    lifecycle=Lifecycle(
        begins="Creating",
        calls={
            "Update": dict.fromkeys(("InService", ROLLED_BACK, "OutOfService", "UpdateRollbackFailed"), "Updating"),
            SCALE: dict.fromkeys(("InService", ROLLED_BACK), "Scaling"),
            "Delete": {
                "InService": "Deleting",
                **dict.fromkeys((ROLLED_BACK, "OutOfService", "Failed", "UpdateRollbackFailed"), WITHDRAWING),
            },
        },
        times={
            "Creating": Stage("InService", seconds=150, failed="Failed"),
            "Updating": Stage("ActivatingTraffic", seconds=150, failed="RollingBack"),
            "ActivatingTraffic": Stage("Baking", seconds=30, failed="RollingBack"),
            "Baking": Stage("InService", seconds=60, failed="RollingBack"),
            "Scaling": Stage("InService", seconds=60, failed="ScalingBack"),
            "ScalingBack": Stage(ROLLED_BACK, seconds=60, keeps=True),
            "RollingBack": Stage(ROLLED_BACK, seconds=60, failed="UpdateRollbackFailed", keeps=True),
            "Deleting": Stage(GONE),
            WITHDRAWING: Stage(GONE),
        },
        shows={
            **deployments.SHOWS,
            "ActivatingTraffic": "Updating",
            "Baking": "Updating",
            "Scaling": "Updating",
            "ScalingBack": "RollingBack",
        },
    ),
    missing=Refusal(VALIDATION, errors.COULD_NOT_FIND),
    taken=Refusal(VALIDATION, errors.CANNOT_CREATE_EXISTING),
    refused=Refusal(VALIDATION, errors.IN_PROGRESS),
    references=(Reference("EndpointConfigName", "EndpointConfig"),),
    bonds=(Bond("monitored endpoints", Refusal(VALIDATION, errors.ENDPOINT_IS_MONITORED)),),
    shown={
        "EndpointConfigName": config_name,
        **{name: of_fleet(name) for name in ("DataCaptureConfig", *fleets.ECHOED)},
        **{name: variants(name) for name in fleets.VARIANTS},
        "PendingDeploymentSummary": pending_deployment,
        fleets.LAST: last_deployment,
    },
    uses=instances,
    attributes={
        "Policy": Attribute(
            "ResourcePolicy",
            missing=Refusal(VALIDATION, errors.CANNOT_FIND_POLICY),
            nobody=Refusal(NOT_FOUND, errors.COULD_NOT_FIND),
            check=policies.check,
        )
    },
)
