"""Instance groups: how those that a cluster was asked for are shown, with the nodes that they have by now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from typing import Any, NamedTuple

Params = Mapping[str, Any]

GROUPS = ("InstanceGroups", "RestrictedInstanceGroups")
ENDING = "Ending"  # a note of a group: it goes when its last node has gone
SOFTWARE = "SoftwareUpdate"  # a note of a group: how its last software update was to go
LATEST = "1.0.0"  # of the images that HyperPod manages: made up
_VERBATIM = (
    *("InstanceGroupName", "InstanceType", "LifeCycleConfig", "ExecutionRole", "ThreadsPerCore"),
    *("InstanceStorageConfigs", "OnStartDeepHealthChecks", "TrainingPlanArn", "OverrideVpcConfig"),
    *("ScheduledUpdateConfig", "CapacityRequirements", "SlurmConfig", "NetworkInterface", "EnvironmentConfig"),
)
_OF_NODES = (
    *("LifeCycleConfig", "OverrideVpcConfig", "ThreadsPerCore", "InstanceStorageConfigs", "KubernetesConfig"),
    "NetworkInterface",
)
_NOT_YET = ("Pending", "Checking")


class Node(NamedTuple):
    """What a group knows of a node: its phase, and the type of its instance."""

    phase: str
    instance_type: str


def every(members: Params) -> list[dict[str, Any]]:
    """Return the groups of a cluster, restricted ones last."""
    return [group for name in GROUPS for group in members.get(name, ())]


def named(members: Params, name: str) -> dict[str, Any] | None:
    """Return the group of that name, None if a cluster has none."""
    return next((group for group in every(members) if group["InstanceGroupName"] == name), None)


def forget(members: dict[str, Any], present: Container[str]) -> None:
    """Take the groups that have ended off a cluster, once no node of theirs is present."""
    for name in GROUPS:
        if name in members:
            members[name] = [one for one in members[name] if ENDING not in one or one["InstanceGroupName"] in present]


def types(group: Params) -> list[str]:
    """Return the instance types that a group can have, the preferred one first."""
    if "InstanceRequirements" in group:
        return list(group["InstanceRequirements"]["InstanceTypes"])
    return [group["InstanceType"]] if "InstanceType" in group else []


# --- How groups are shown ---------------------------------------------------------------------------------------------


def details(group: Params, nodes: Iterable[Node], cluster: str) -> dict[str, Any] | None:
    """Return a group as it is shown in a cluster of that status, None if it has gone."""
    nodes = list(nodes)
    if ENDING in group and not nodes:
        return None
    current = [node for node in nodes if node.phase not in _NOT_YET]
    shown = {name: group[name] for name in _VERBATIM if name in group}
    shown |= {
        "CurrentCount": len(current),
        "TargetCount": group["InstanceCount"],
        "Status": status(group, nodes, cluster),
    }
    if "MinInstanceCount" in group:
        shown["MinCount"] = group["MinInstanceCount"]
    if "InstanceRequirements" in group:
        shown |= _flexible(group, current)
    if "AutoPatchConfig" in group:
        shown["AutoPatchConfig"] = _patching(group["AutoPatchConfig"])
    if "KubernetesConfig" in group:
        shown["KubernetesConfig"] = kubernetes(group["KubernetesConfig"])
    if len(current) != group["InstanceCount"]:
        shown["ActiveOperations"] = {"Scaling": 1}
    return shown | image(group) | _updating(group, nodes)


def status(group: Params, nodes: Iterable[Node], cluster: str) -> str:
    """Return where a group is in its life."""
    phases = {node.phase for node in nodes}
    if cluster == "Deleting" or ENDING in group:
        return "Deleting"
    if cluster in ("Creating", "Failed"):
        return cluster
    if phases & {"SystemUpdating"}:
        return "SystemUpdating"
    if phases & {*_NOT_YET, "ShuttingDown"}:
        return "Updating"
    return "Degraded" if "Failure" in phases else "InService"


def _flexible(group: Params, current: Iterable[Node]) -> dict[str, Any]:
    wanted = types(group)
    counts = Counter(node.instance_type for node in current)
    threads = {"ThreadsPerCore": group["ThreadsPerCore"]} if "ThreadsPerCore" in group else {}
    return {
        "InstanceRequirements": {"CurrentInstanceTypes": wanted, "DesiredInstanceTypes": wanted},
        "InstanceTypeDetails": [{"InstanceType": one, "CurrentCount": counts[one], **threads} for one in wanted],
    }


def _patching(config: Params) -> dict[str, Any]:
    kept = {name: value for name, value in config.items() if name != "PatchSchedule"}
    schedule = config.get("PatchSchedule")
    return kept | ({"CurrentPatchSchedule": schedule, "DesiredPatchSchedule": schedule} if schedule else {})


def kubernetes(config: Params) -> dict[str, Any]:
    """Return the labels and taints of nodes: what is wanted is there at once."""
    return {f"{when}{name}": value for name, value in config.items() for when in ("Current", "Desired")}


def image(group: Params) -> dict[str, Any]:
    """Return the image that a group runs: one of the user's own has no release."""
    shown: dict[str, Any] = {}
    if "ImageId" in group:
        shown |= {"CurrentImageId": group["ImageId"], "DesiredImageId": group["ImageId"]}
    if group.get("ImageId", "default") == "default":
        release = group.get("ImageReleaseVersion", LATEST)
        shown |= {"CurrentImageReleaseVersion": release, "DesiredImageReleaseVersion": release}
        shown["ImageVersionStatus"] = "UpToDate" if _number(release) >= _number(LATEST) else "UpdateAvailable"
    return shown


def _number(release: str) -> list[int]:
    return [int(part) for part in release.split(".")]


def _updating(group: Params, nodes: Iterable[Node]) -> dict[str, Any]:
    if SOFTWARE not in group:
        return {}
    nodes = list(nodes)
    moving = sum(node.phase == "SystemUpdating" for node in nodes)
    shown = {"TargetStateCount": len(nodes) - moving, "SoftwareUpdateStatus": "InProgress" if moving else "Succeeded"}
    return shown | ({"ActiveSoftwareUpdateConfig": group[SOFTWARE]} if moving and group[SOFTWARE] else {})


# --- What nodes take from them ----------------------------------------------------------------------------------------


def of_node(group: Params) -> dict[str, Any]:
    """Return what a group says about each of its nodes."""
    shown = {name: group[name] for name in _OF_NODES if name in group} | image(group)
    if "KubernetesConfig" in group:
        shown["KubernetesConfig"] = kubernetes(group["KubernetesConfig"])
    if "CapacityRequirements" in group:
        shown["CapacityType"] = "Spot" if "Spot" in group["CapacityRequirements"] else "OnDemand"
    return shown


# --- How a cluster sums them up ---------------------------------------------------------------------------------------


def plans(members: Params) -> list[str]:
    """Return the training plans that a cluster uses."""
    wanted = [one["TrainingPlanArn"] for one in every(members) if "TrainingPlanArn" in one and ENDING not in one]
    return list(dict.fromkeys(wanted))


def image_status(members: Params) -> str | None:
    """Return whether the images of all groups are the latest."""
    found = {image(group).get("ImageVersionStatus") for group in every(members)} - {None}
    return next((one for one in ("UpdateAvailable", "UpToDate") if one in found), None)
