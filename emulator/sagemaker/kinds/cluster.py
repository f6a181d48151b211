"""HyperPod clusters: groups of instances that are made, changed, patched and taken down together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import CONFLICT, IN_USE, NOT_FOUND, VALIDATION, Refusal
from emulator.engine.kind import Kind, Listing, Making, Minted, Reference, Referred
from emulator.engine.lifecycle import GONE, Lifecycle, Stage
from emulator.sagemaker.rules import instance_groups
from emulator.sagemaker.rules.instance_groups import ENDING, GROUPS

SOFTWARE = "UpdateSoftware"  # what UpdateClusterSoftware does
_TARGET = "hyperpod-cluster"  # what a training plan must be for

Params = Mapping[str, Any]


def check(params: Params, others: list[Referred]) -> None:
    """Refuse groups that cannot be, two orchestrators or none, and training plans that are for something else."""
    groups = instance_groups.every(params)
    names = [group["InstanceGroupName"] for group in groups]
    for group in groups:
        name = group["InstanceGroupName"]
        if names.count(name) > 1:
            raise Refusal(VALIDATION, errors.GROUP_TWICE).error(group=name)
        if ("InstanceType" in group) == ("InstanceRequirements" in group):
            raise Refusal(VALIDATION, errors.GROUP_OF_ONE_TYPE).error(group=name)
        if group.get("MinInstanceCount", 0) > group["InstanceCount"]:
            raise Refusal(VALIDATION, errors.GROUP_BELOW_LEAST).error(group=name)
    if "Orchestrator" in params and len(params["Orchestrator"]) != 1:
        raise Refusal(VALIDATION, errors.ONE_ORCHESTRATOR).error()
    for other in others:
        if _TARGET not in other.members.get("TargetResources", (_TARGET,)):
            raise Refusal(VALIDATION, errors.PLAN_OF_OTHERS).error(plan=other.arn, target=_TARGET)


def check_update(members: Params, params: Params) -> None:
    """Refuse what cannot be changed, and the end of groups that are not there."""
    if "ClusterRole" in params and members.get("AutoScaling", {}).get("Mode") == "Enable":
        raise Refusal(VALIDATION, errors.ROLE_OF_AUTOSCALING).error()
    changed = {group["InstanceGroupName"] for group in instance_groups.every(params)}
    for name in params.get("InstanceGroupsToDelete", ()):
        if name in changed or instance_groups.named(members, name) is None:
            raise Refusal(VALIDATION, errors.NO_GROUP_TO_DELETE).error(group=name)
    for group in instance_groups.every(params):
        old = instance_groups.named(members, group["InstanceGroupName"])
        if old and ENDING in old:
            raise Refusal(CONFLICT, errors.GROUP_ENDING).error(group=group["InstanceGroupName"])
        if old and "InstanceType" in old and old["InstanceType"] != group.get("InstanceType"):
            raise Refusal(VALIDATION, errors.TYPE_OF_GROUP).error(group=group["InstanceGroupName"])


def auto_scaling(making: Making) -> dict[str, Any] | None:
    """Show how autoscaling is doing."""
    config = making.members.get("AutoScaling")
    creating = making.state is not None and making.state.status == "Creating"
    return {**config, "Status": "Creating" if creating else "InService"} if config else None


def shared_environment(making: Making) -> dict[str, Any] | None:
    """Show what restricted groups share: what is wanted is there at once."""
    config = making.members.get("RestrictedInstanceGroupsConfig", {}).get("SharedEnvironmentConfig")
    if config is None:
        return None
    both = {f"{when}{name}": value for name, value in config.items() for when in ("Current", "Desired")}
    return {"SharedEnvironmentConfig": both}


def uses(plan: str, members: Params) -> bool:
    """Say whether a cluster uses a training plan."""
    return plan in instance_groups.plans(members)


KIND = Kind(
    "Cluster",
    minted={"ClusterId": Minted()},
    arn="cluster/{ClusterId}",
    lifecycle=Lifecycle(
        begins="Creating",
        calls={
            "Update": dict.fromkeys(("InService", "Failed"), "Updating"),
            SOFTWARE: {"InService": "SystemUpdating"},
            "Delete": dict.fromkeys(("InService", "Failed"), "Deleting"),
        },
        times={
            "Creating": Stage("InService", seconds=600, failed="Failed"),
            "Updating": Stage("InService", seconds=300, failed="RollingBack"),
            "SystemUpdating": Stage("InService", seconds=600, failed="RollingBack"),
            "RollingBack": Stage("InService", seconds=300, keeps=True),
            "Deleting": Stage(GONE, seconds=300, failed="Failed"),
        },
    ),
    missing=Refusal(NOT_FOUND, errors.NO_CLUSTER),
    taken=Refusal(IN_USE, errors.CLUSTER_EXISTS),
    refusals={SOFTWARE: Refusal(CONFLICT, errors.CANNOT_DO_IN_STATUS)},
    references=tuple(Reference(f"{name}[].TrainingPlanArn", "TrainingPlan") for name in GROUPS),
    defaults={"InstanceGroups": [], **{f"{name}[].ThreadsPerCore": 1 for name in GROUPS}},
    shown={
        "AutoScaling": auto_scaling,
        "RestrictedInstanceGroupsConfig": shared_environment,
        "TrainingPlanArns": lambda making: instance_groups.plans(making.members) or None,
        "ImageVersionStatus": lambda making: instance_groups.image_status(making.members),
    },
    listing=Listing(descending=False, choose={"TrainingPlanArn": uses}),
    check=check,
    check_update=check_update,
)
