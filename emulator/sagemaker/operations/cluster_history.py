"""What has happened to clusters, their groups and their nodes (events), and what takes its time there (operations)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.wire import timestamp
from emulator.engine import families, verbs
from emulator.engine.lifecycle import State
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack
from emulator.sagemaker.rules.instance_groups import Params

_WORSE = ("Failed", "Failure", "RollingBack")


# --- Events -----------------------------------------------------------------------------------------------------------


def follow(scope: Scope, resource: Resource, old: Record | None, new: Record | None) -> None:
    """Note what becomes of a cluster or a node; of what goes with its cluster, nothing is noted."""
    if resource.name == "Cluster":
        if new is not None and new.state is not None:
            _cluster(scope, new, new.state)
        return
    record = new or old
    cluster = scope.table(scope.resources.resource("Cluster")).records.get((record.key[0],)) if record else None
    if record is None or cluster is None or cluster.state is None or cluster.state.status == "Deleting":
        return
    _node(scope, cluster, resource, record, gone=new is None)


def _cluster(scope: Scope, cluster: Record, state: State) -> None:
    reason = {"FailureMessage": state.reason} if state.reason else {}
    said = errors.CLUSTER_EVENT(name=cluster.key[-1], status=state.status)
    note(scope, cluster, {"ResourceType": "Cluster"}, state.status, said, {"Cluster": reason}, state.since)


def _node(scope: Scope, cluster: Record, resource: Resource, record: Record, *, gone: bool) -> None:
    members, state = record.members, record.state
    assert state is not None  # a node has a life
    assert resource.lifecycle is not None
    status = "Terminated" if gone else resource.lifecycle.shown(state.status)
    about = {"ResourceType": "Instance"} | {
        name: members[member]
        for name, member in (
            ("InstanceGroupName", "InstanceGroupName"),
            ("InstanceId", "Instance"),
            ("OperationId", "OperationId"),
        )
        if member in members
    }
    said = errors.NODE_EVENT(instance=members["Instance"], group=members["InstanceGroupName"], status=status)
    reason = {"FailureMessage": state.reason} if state.reason else {}
    metadata = {"Instance": {"NodeLogicalId": record.key[-1], **reason}}
    when = max(state.since, scope.clock.now()) if gone else state.since
    note(scope, cluster, about, status, said, metadata, when)


def group(scope: Scope, cluster: Record, spec: Params, have: int, operation: str | None) -> None:
    """Note that a group is being scaled."""
    about = {"ResourceType": "InstanceGroup", "InstanceGroupName": spec["InstanceGroupName"]}
    if operation:
        about["OperationId"] = operation
    least = {"MinCount": spec["MinInstanceCount"]} if "MinInstanceCount" in spec else {}
    metadata = {"InstanceGroupScaling": {"InstanceCount": have, "TargetCount": spec["InstanceCount"], **least}}
    said = errors.GROUP_EVENT(group=spec["InstanceGroupName"], have=have, wanted=spec["InstanceCount"])
    note(scope, cluster, about, "Updating", said, metadata, scope.clock.now())


def note(scope: Scope, cluster: Record, about: Params, status: str, said: str, metadata: Params, when: float) -> None:
    """Keep an event."""
    resource = scope.resources.resource("ClusterEvent")
    members = {
        "EventId": scope.chance.uuid(),
        "ClusterName": cluster.key[-1],
        **about,
        "EventTime": timestamp(when),
        "EventDetails": {"EventMetadata": metadata},
        "Description": said,
        "EventLevel": "Error" if status in _WORSE else "Info",
    }
    _keep(scope, resource, cluster, members["EventId"], members, None)


def describe_event(scope: Scope, params: Params) -> dict[str, Any]:
    """Tell all about an event."""
    resource = scope.resources.resource("ClusterEvent")
    record = verbs.find(scope, resource, _named(scope, params))
    return {"EventDetails": resource.project("ClusterEventDetail", scope.fields(resource, record))}


def describe_operation(scope: Scope, params: Params) -> dict[str, Any]:
    """Tell all about an operation."""
    return verbs.describe(scope, scope.resources.resource("ClusterOperation"), _named(scope, params))


def _named(scope: Scope, params: Params) -> dict[str, Any]:
    """Return params that call the cluster by its name; ServiceError if there is no such cluster."""
    cluster = verbs.found(scope, scope.resources.resource("Cluster"), params["ClusterName"])
    return {**params, "ClusterName": cluster.key[-1]}


# --- Operations -------------------------------------------------------------------------------------------------------


def scale(scope: Scope, cluster: Record, details: list[dict[str, Any]]) -> str | None:
    """Keep a scaling operation, which supersedes those under way for the same groups; return its ID."""
    if not details:
        return None
    resource = scope.resources.resource("ClusterOperation")
    names = {one["InstanceGroupName"] for one in details}
    for child, _, records in scope.children_of(scope.resources.resource("Cluster"), cluster):
        for one in records if child is resource else ():
            if names & {old["InstanceGroupName"] for old in one.members.get("ScalingDetails", ())}:
                _supersede(scope, resource, one)
    return _operate(scope, cluster, {"Type": "Scaling", "ScalingDetails": details})


def _supersede(scope: Scope, resource: Resource, record: Record) -> None:
    if record.state is not None and record.state.status == "InProgress":
        scope.change(resource, record, State("Superseded", scope.now))


def check(scope: Scope, cluster: Record, configurations: list[Mapping[str, Any]]) -> str:
    """Keep a health check."""
    return _operate(scope, cluster, {"Type": "DeepHealthCheck", "DeepHealthCheckDetails": configurations})


def _operate(scope: Scope, cluster: Record, members: dict[str, Any]) -> str:
    resource = scope.resources.resource("ClusterOperation")
    members["OperationId"] = scope.chance.uuid()
    assert resource.lifecycle is not None
    state = State(resource.lifecycle.begins, scope.now)
    _keep(scope, resource, cluster, members["OperationId"], members, state)
    return str(members["OperationId"])


def _keep(scope: Scope, resource: Resource, cluster: Record, name: str, members: Params, state: State | None) -> None:
    """Keep what belongs to a cluster and shows its ARN. The cluster is not looked at: it may be on its way."""
    now = scope.now
    key = (cluster.key[-1], name)
    family = families.family(scope.resources.resource("Cluster"), cluster.key)
    record = Record(key, scope.place.serial(), cluster.arn, now, now, state, pack(members), family)
    scope.put(resource, record)


OPERATIONS = {"DescribeClusterEvent": describe_event, "DescribeClusterOperation": describe_operation}
