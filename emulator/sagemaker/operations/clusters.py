"""Clusters: made with their nodes, shown with them, changed group by group, patched and checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine import verbs
from emulator.engine.lifecycle import State
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack
from emulator.sagemaker.kinds import cluster as declared
from emulator.sagemaker.operations import cluster_history, cluster_nodes
from emulator.sagemaker.rules import instance_groups
from emulator.sagemaker.rules.instance_groups import ENDING, GROUPS
from emulator.sagemaker.rules.instance_groups import SOFTWARE as SOFTWARE_NOTE

Params = Mapping[str, Any]
BEFORE = "GroupsBefore"  # a note: the groups to which an update that fails goes back
_CHANGED = (
    *("TieredStorageConfig", "NodeRecovery", "NodeProvisioningMode", "ClusterRole", "AutoScaling", "Orchestrator"),
    "RestrictedInstanceGroupsConfig",
)


def _found(scope: Scope, params: Params) -> tuple[Resource, Record]:
    resource = scope.resources.resource("Cluster")
    return resource, verbs.find(scope, resource, params)


# --- Made and shown ---------------------------------------------------------------------------------------------------


def create(scope: Scope, params: Params) -> dict[str, Any]:
    """Make a cluster and launch its nodes."""
    resource = scope.resources.resource("Cluster")
    record = verbs.make(scope, resource, params)
    for group in instance_groups.every(record.members):
        cluster_nodes.launch(scope, record, group, group["InstanceCount"], {})
    return {"ClusterArn": record.arn}


def describe(scope: Scope, params: Params) -> dict[str, Any]:
    """Tell all about a cluster, with the nodes that its groups have by now."""
    resource, record = _found(scope, params)
    nodes = cluster_nodes.of(scope, record)
    record = scope.look(resource, record)
    fields = scope.fields(resource, record)
    for name in GROUPS:
        if name in fields:
            shown = [_group(scope, one, nodes, fields["ClusterStatus"]) for one in fields[name]]
            fields[name] = [one for one in shown if one is not None]
    return resource.project("DescribeClusterResponse", fields)


def _group(scope: Scope, group: Params, nodes: Mapping[str, list[Record]], status: str) -> dict[str, Any] | None:
    its_nodes = cluster_nodes.phases(nodes.get(group["InstanceGroupName"], ()))
    shown = instance_groups.details(group, its_nodes, status)
    plan = scope.by_arn(group["TrainingPlanArn"]) if "TrainingPlanArn" in group else None
    if shown is not None and plan is not None and plan[1].state is not None:
        shown["TrainingPlanStatus"] = plan[1].state.status
    return shown


# --- Changed ----------------------------------------------------------------------------------------------------------


def update(scope: Scope, params: Params) -> dict[str, Any]:
    """Change groups, add new ones and end others; scale all of them."""
    resource, record = _found(scope, params)
    state = _moved(scope, resource, record)
    members = record.members
    present = cluster_nodes.of(scope, record)
    instance_groups.forget(members, present)
    others = verbs.referred(scope, resource, params)
    declared.check_update(members, params)
    declared.check(params, others)
    nodes = {name: cluster_nodes.staying(found) for name, found in present.items()}
    members[BEFORE] = {name: members[name] for name in GROUPS if name in members}
    old = {group["InstanceGroupName"]: group["InstanceCount"] for group in instance_groups.every(members)}
    targets = _regroup(members, params)
    members |= {name: params[name] for name in _CHANGED if name in params}
    record = record._replace(packed=pack(members), modified=scope.now, state=state)
    counts = {
        name: (len(nodes.get(name, ())), target)
        for name, target in targets.items()
        if target != old.get(name, 0) or len(nodes.get(name, ())) != target
    }
    record, operation = cluster_nodes.resize(scope, record, counts, state)
    for name in counts:
        _scale(scope, record, name, nodes.get(name, []), operation)
    return {"ClusterArn": record.arn}


def _moved(scope: Scope, resource: Resource, record: Record) -> State | None:
    """Return the state to which an update leads; a cluster that provisions continuously stays as it is."""
    continuous = record.members.get("NodeProvisioningMode") == "Continuous"
    if continuous and record.state and record.state.status in ("InService", "Updating"):
        return record.state
    return verbs.moved(scope, resource, record, "Update")


def _regroup(members: dict[str, Any], params: Params) -> dict[str, int]:
    """Put the wanted groups among the members, at their old counts, and return the counts that they shall have."""
    ending = {*params.get("InstanceGroupsToDelete", ())}
    targets: dict[str, int] = dict.fromkeys(ending, 0)
    for member in GROUPS:
        present = {group["InstanceGroupName"]: group for group in members.get(member, ())}
        for name in ending & present.keys():
            present[name] = {**present[name], ENDING: True, "InstanceCount": 0}
        for spec in params.get(member, ()):
            name = spec["InstanceGroupName"]
            targets[name] = spec["InstanceCount"]
            count = present.get(name, {}).get("InstanceCount", 0)
            present[name] = {"ThreadsPerCore": 1, **spec, "InstanceCount": count}
        if present or member in members:
            members[member] = list(present.values())
    return targets


def _scale(scope: Scope, record: Record, name: str, have: list[Record], operation: str | None) -> None:
    group = instance_groups.named(record.members, name)
    wanted = group["InstanceCount"] if group else 0
    if group and wanted > len(have):
        cluster_nodes.launch(scope, record, group, wanted - len(have), {"OperationId": operation})
    else:
        cluster_nodes.retire(scope, have, len(have) - wanted)


def follow(scope: Scope, resource: Resource, old: Record | None, new: Record | None) -> None:
    """Let a cluster that rolls back have the groups that it had before."""
    if old is None or new is None or new.state is None or new.state.status != "RollingBack":
        return
    members = new.members
    before = members.pop(BEFORE, None)
    if before is None:
        return
    record = new._replace(packed=pack({**members, **before}))
    scope.put(resource, record)
    found = cluster_nodes.of(scope, record)
    for name in {*found, *(group["InstanceGroupName"] for group in instance_groups.every(before))}:
        _scale(scope, record, name, cluster_nodes.staying(found.get(name, ())), None)


# --- Patched and checked ----------------------------------------------------------------------------------------------


def update_software(scope: Scope, params: Params) -> dict[str, Any]:
    """Give the nodes of some groups, or of all, another image."""
    resource, record = _found(scope, params)
    state = verbs.moved(scope, resource, record, declared.SOFTWARE)
    members = record.members
    wanted = {one["InstanceGroupName"]: one for one in params.get("InstanceGroups", ())}
    _refuse_unknown(members, wanted)
    names = wanted or {group["InstanceGroupName"]: {} for group in instance_groups.every(members)}
    for group in instance_groups.every(members):
        if group["InstanceGroupName"] in names:
            _repackage(group, names[group["InstanceGroupName"]], params)
    now = scope.now
    scope.put(resource, record._replace(packed=pack(members), modified=now, state=state))
    for name, nodes in cluster_nodes.of(scope, record).items():
        for node in nodes if name in names else ():
            cluster_nodes.move(scope, node, declared.SOFTWARE)
    return {"ClusterArn": record.arn}


def _repackage(group: dict[str, Any], wanted: Params, params: Params) -> None:
    if "ImageId" in params:
        group["ImageId"] = params["ImageId"]
    group.pop("ImageReleaseVersion", None)  # the latest one, unless another is wanted
    group |= {name: wanted[name] for name in ("ImageReleaseVersion",) if name in wanted}
    group[SOFTWARE_NOTE] = params.get("DeploymentConfig", {})


def _refuse_unknown(members: Params, names: Mapping[str, Any]) -> None:
    for name in names:
        if instance_groups.named(members, name) is None:
            raise Refusal(VALIDATION, errors.NO_GROUP).error(group=name)


def check_health(scope: Scope, params: Params) -> dict[str, Any]:
    """Check the nodes of groups, or some of them, in depth."""
    _, record = _found(scope, params)
    configurations = params["DeepHealthCheckConfigurations"]
    _refuse_unknown(record.members, {one["InstanceGroupName"]: one for one in configurations})
    found = cluster_nodes.of(scope, record)
    nodes: dict[str, Record] = {}
    for one in configurations:
        its_own = {node.members["Instance"]: node for node in found.get(one["InstanceGroupName"], ())}
        for instance in one.get("InstanceIds", its_own):
            if instance not in its_own:
                raise Refusal(VALIDATION, errors.NODE_NOT_FOUND).error(node=instance, cluster=record.key[-1])
            nodes[instance] = its_own[instance]
    operation = cluster_history.check(scope, record, configurations)
    for node in nodes.values():
        cluster_nodes.move(scope, node, "Check", {"OperationId": operation})
    return {"ClusterArn": record.arn}


OPERATIONS = {
    "CreateCluster": create,
    "DescribeCluster": describe,
    "StartClusterHealthCheck": check_health,
    "UpdateCluster": update,
    "UpdateClusterSoftware": update_software,
}
