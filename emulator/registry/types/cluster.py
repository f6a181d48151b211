"""Clusters: what is wanted of a group is described apart from what there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.registry.departure import Departure, Members

GROUPS = ("InstanceGroups", "RestrictedInstanceGroups")


def sending(verb: str, params: Members, wished: Mapping[str, Any], present: Mapping[str, Any]) -> Members:
    """Name the groups that are to end: an update leaves those alone that it does not mention."""
    if verb != "Update" or not params.keys() & set(GROUPS):
        return params
    before, now = (
        [group["InstanceGroupName"] for name in GROUPS for group in said.get(name, ())]
        for said in (present, {**present, **wished})
    )
    ending = [name for name in before if name not in now]
    return {**params, **({"InstanceGroupsToDelete": ending} if ending else {})}


TYPE = Departure(
    names={
        "InstanceGroups[].InstanceCount": "TargetCount",
        "InstanceGroups[].MinInstanceCount": "MinCount",
        "InstanceGroups[].ImageId": "DesiredImageId",
        "InstanceGroups[].ImageReleaseVersion": "DesiredImageReleaseVersion",
        "InstanceGroups[].InstanceRequirements.InstanceTypes": "DesiredInstanceTypes",
        "InstanceGroups[].KubernetesConfig.Labels": "DesiredLabels",
        "InstanceGroups[].KubernetesConfig.Taints": "DesiredTaints",
        "InstanceGroups[].AutoPatchConfig.PatchSchedule": "DesiredPatchSchedule",
        "RestrictedInstanceGroups[].InstanceCount": "TargetCount",
        "RestrictedInstanceGroupsConfig.SharedEnvironmentConfig.FSxLustreConfig": "DesiredFSxLustreConfig",
        "RestrictedInstanceGroupsConfig.SharedEnvironmentConfig.FSxLustreDeletionPolicy": (
            "DesiredFSxLustreDeletionPolicy"
        ),
    },
    sending=sending,
)
