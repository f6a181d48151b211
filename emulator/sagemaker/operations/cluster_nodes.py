"""Nodes of clusters: launched and shut down one by one or with their groups, rebooted, replaced, and attached to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal, Sentence
from emulator.aws.wire import timestamp
from emulator.engine import families, verbs
from emulator.engine.lifecycle import State
from emulator.engine.listing import List
from emulator.engine.relations import Relation
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack
from emulator.sagemaker.kinds.cluster_node import CHECKED, CONTINUOUS
from emulator.sagemaker.operations import cluster_history, training_plans
from emulator.sagemaker.rules import instance_groups
from emulator.sagemaker.rules.instance_groups import Node
from emulator.sagemaker.rules.zones import zone, zone_id

Params = Mapping[str, Any]
VOLUMES, INTERFACES = "Volumes", "NetworkInterfaces"  # notes of a node: what is attached to it
MOST_ADDED = 50  # nodes in one call: API reference
_HEX = "0123456789abcdef"
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_ZONES = "abcdef"
_DEVICES = "fghijklmnop"  # /dev/sdf and those after it


# --- What others do with nodes ----------------------------------------------------------------------------------------


def kind(scope: Scope) -> Resource:
    """Return what a node is."""
    return scope.resources.resource("ClusterNode")


def of(scope: Scope, cluster: Record) -> dict[str, list[Record]]:
    """Return the nodes of a cluster by the names of their groups, the oldest first."""
    resource = kind(scope)
    scope.settle(resource)
    family = families.family(scope.resources.resource("Cluster"), cluster.key)
    groups: dict[str, list[Record]] = {}
    for record in scope.table(resource).family(family).values():
        groups.setdefault(record.members["InstanceGroupName"], []).append(record)
    return groups


def phases(records: Iterable[Record]) -> list[Node]:
    """Return what a group knows of its nodes."""
    return [Node(one.state.status, one.members["InstanceType"]) for one in records if one.state]


def staying(records: Iterable[Record]) -> list[Record]:
    """Return the nodes that are not shutting down."""
    return [one for one in records if one.state and one.state.status != "ShuttingDown"]


def launch(scope: Scope, cluster: Record, group: Params, count: int, more: Params) -> list[Record]:
    """Launch so many nodes of a group."""
    return [_launch(scope, cluster, group, more) for _ in range(count)]


def _launch(scope: Scope, cluster: Record, group: Params, more: Params) -> Record:
    resource = kind(scope)
    now, serial = scope.now, scope.place.serial()
    logical = f"{group['InstanceGroupName']}-{scope.chance.text(10, _LETTERS)}"
    types = more.get("InstanceTypes") or instance_groups.types(group)
    names = more.get("AvailabilityZones") or [zone(scope.place.region, 0)]
    where = {
        "AvailabilityZone": names[0],
        "AvailabilityZoneId": zone_id(scope.place.region, _ZONES.index(names[0][-1])),
    }
    plan = {"TrainingPlanArn": group["TrainingPlanArn"]} if "TrainingPlanArn" in group else {}
    members = {
        "ClusterName": cluster.key[-1],
        "NodeLogicalId": logical,
        "InstanceGroupName": group["InstanceGroupName"],
        "InstanceType": types[0],
        "Placement": where,
        **_instance(scope, serial, now),
        **plan,
        **{name: more[name] for name in ("OperationId",) if more.get(name)},
        **({CONTINUOUS: True} if cluster.members.get("NodeProvisioningMode") == "Continuous" else {}),
    }
    state = State(CHECKED if "OnStartDeepHealthChecks" in group else "Pending", now)
    family = families.family(scope.resources.resource("Cluster"), cluster.key)
    key = (cluster.key[-1], logical)
    record = Record(key, serial, scope.arn(resource, key), now, now, state, pack(members), family)
    return scope.put(resource, record) or record


def _instance(scope: Scope, number: int, now: float) -> dict[str, Any]:
    """Return what is new with each new instance."""
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    region = scope.place.region
    domain = "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
    return {
        "Instance": f"i-0{scope.chance.text(16, _HEX)}",
        "LaunchTime": timestamp(now),
        "PrivatePrimaryIp": address,
        "PrivateDnsHostname": f"ip-{address.replace('.', '-')}.{domain}",
    }


def move(scope: Scope, record: Record, verb: str, more: Params | None = None) -> bool:
    """Do a verb to a node, and say whether it could be done."""
    resource = kind(scope)
    assert resource.lifecycle is not None
    status = resource.lifecycle.move(verb, record.state.status) if record.state else None
    if status is None:
        return False
    if more:
        record = record._replace(packed=pack({**record.members, **more}))
    scope.change(resource, record, State(status, scope.now))
    return True


def retire(scope: Scope, records: list[Record], count: int) -> None:
    """Shut down so many nodes, the newest first."""
    for record in records[::-1][:count]:
        if not move(scope, record, "Delete"):  # it cannot be waited for
            scope.remove(kind(scope), record)


def follow(scope: Scope, _: Resource, old: Record | None, new: Record | None) -> None:
    """Keep track of which instance is which node's, and of which training plan's."""
    record = new or old
    if record is None:
        return
    members, relation = record.members, _instances(scope)
    if new is None:
        relation.forget(record.key[-1])
        scope.place.relation(VOLUMES).forget(record.key[-1])
    else:
        relation.forget(record.key[-1])
        relation.add(f"{record.key[0]}/{members['Instance']}", record.key[-1])
    if "TrainingPlanArn" in members and (old is None or new is None):
        training_plans.use(scope, members["TrainingPlanArn"], 1 if old is None else -1)


def _instances(scope: Scope) -> Relation:
    return scope.place.relation("instances")


# --- Finding and showing ----------------------------------------------------------------------------------------------


def find(scope: Scope, cluster: Record, instance: str = "", logical: str = "") -> Record | None:
    """Return the node of a cluster that has an instance or a logical ID, None if there is none."""
    known = [logical] if logical else _instances(scope).of(f"{cluster.key[-1]}/{instance}")
    return scope.find(kind(scope), (cluster.key[-1], known[0])) if known else None


def describe(scope: Scope, params: Params) -> dict[str, Any]:
    """Tell all about a node."""
    cluster = _cluster(scope, params["ClusterName"])
    if ("NodeId" in params) == ("NodeLogicalId" in params):
        raise Refusal(VALIDATION, errors.ONE_NODE_ID).error()
    record = find(scope, cluster, params.get("NodeId", ""), params.get("NodeLogicalId", ""))
    resource = kind(scope)
    if record is None:
        name = params.get("NodeId") or params["NodeLogicalId"]
        raise resource.missing.error(**resource.called(cluster.arn, (name,)), cluster=cluster.key[-1])
    fields = _fields(scope, cluster, scope.look(resource, record))
    if not fields["InstanceId"]:
        del fields["InstanceId"]
    return {"NodeDetails": resource.project("ClusterNodeDetails", fields)}


def _fields(scope: Scope, cluster: Record, record: Record) -> dict[str, Any]:
    fields = scope.fields(kind(scope), record)
    group = instance_groups.named(cluster.members, fields["InstanceGroupName"])
    return {**(instance_groups.of_node(group) if group else {}), **fields}


def list_all(scope: Scope, params: Params) -> dict[str, Any]:
    """List the nodes of a cluster; those that have no instance yet only if they are asked for."""
    resource = kind(scope)
    answer = _lister(resource)(scope, resource, params)
    cluster = _cluster(scope, params["ClusterName"])
    groups = {one["InstanceGroupName"]: instance_groups.image(one) for one in instance_groups.every(cluster.members)}
    kept = ("CurrentImageReleaseVersion", "ImageVersionStatus")
    summaries = []
    for one in answer["ClusterNodeSummaries"]:
        image = groups.get(one["InstanceGroupName"], {})
        shown = {**one, **{name: image[name] for name in kept if name in image}}
        if not params.get("IncludeNodeLogicalIds"):
            del shown["NodeLogicalId"]
        if one["InstanceId"] or params.get("IncludeNodeLogicalIds"):
            summaries.append(shown)
    return {**answer, "ClusterNodeSummaries": summaries}


@cache
def _lister(resource: Resource) -> List:
    return List(resource, "ListClusterNodes")


def _cluster(scope: Scope, name: str) -> Record:
    return verbs.found(scope, scope.resources.resource("Cluster"), name)


# --- Adding -----------------------------------------------------------------------------------------------------------


def add(scope: Scope, params: Params) -> dict[str, Any]:
    """Add nodes to groups of a cluster that provisions them continuously."""
    resource, cluster = scope.resources.resource("Cluster"), _cluster(scope, params["ClusterName"])
    words = resource.called(cluster.arn, cluster.key)
    if cluster.members.get("NodeProvisioningMode") != "Continuous":
        raise Refusal(VALIDATION, errors.NOT_CONTINUOUS).error(**words)
    if sum(one["IncrementTargetCountBy"] for one in params["NodesToAdd"]) > MOST_ADDED:
        raise Refusal(VALIDATION, errors.TOO_MANY_NODES).error(limit=MOST_ADDED)
    answer: dict[str, Any] = {"Successful": [], "Failed": []}
    for wanted in params["NodesToAdd"]:
        cluster = _cluster(scope, params["ClusterName"])
        group = instance_groups.named(cluster.members, wanted["InstanceGroupName"])
        failed = _unfit(scope, cluster, group, wanted)
        where = {name: wanted[name] for name in ("AvailabilityZones", "InstanceTypes") if name in wanted}
        if failed or group is None:
            answer["Failed"].append({**failed, "FailedCount": wanted["IncrementTargetCountBy"], **where})
        else:
            answer["Successful"] += _added(scope, cluster, group, wanted, where)
    return answer


def _added(scope: Scope, cluster: Record, group: Params, wanted: Params, where: Params) -> Iterator[dict[str, Any]]:
    count = wanted["IncrementTargetCountBy"]
    have = len(staying(of(scope, cluster).get(group["InstanceGroupName"], ())))
    cluster, operation = resize(scope, cluster, {group["InstanceGroupName"]: (have, group["InstanceCount"] + count)})
    for record in launch(scope, cluster, group, count, {**where, "OperationId": operation}):
        yield {
            "NodeLogicalId": record.key[-1],
            "InstanceGroupName": group["InstanceGroupName"],
            "Status": "Pending",
            **where,
        }


def _unfit(scope: Scope, cluster: Record, group: Params | None, wanted: Params) -> dict[str, str]:
    """Return why nodes cannot be added, nothing if they can."""
    name = wanted["InstanceGroupName"]
    if group is None:
        return _failure(name, "InstanceGroupNotFound", errors.NO_GROUP)
    status = cluster.state.status if cluster.state else ""
    if status in ("Deleting", "Failed") or instance_groups.ENDING in group:
        return _failure(name, "InvalidInstanceGroupStatus", errors.GROUP_ENDING)
    if not set(wanted.get("InstanceTypes", ())) <= set(instance_groups.types(group)):
        return _failure(name, "IncompatibleInstanceTypes", errors.TYPES_OF_OTHERS)
    zones = {zone(scope.place.region, number) for number in range(len(_ZONES))}
    if not set(wanted.get("AvailabilityZones", ())) <= zones:
        return _failure(name, "IncompatibleAvailabilityZones", errors.ZONES_OF_OTHERS)
    return {}


def _failure(group: str, code: str, sentence: Sentence) -> dict[str, str]:
    return {"InstanceGroupName": group, "ErrorCode": code, "Message": sentence(group=group)}


def resize(
    scope: Scope, cluster: Record, counts: Mapping[str, tuple[int, int]], state: State | None = None
) -> tuple[Record, str | None]:
    """Give groups other target counts: by name, how many nodes there are and how many there shall be."""
    resource = scope.resources.resource("Cluster")
    members = cluster.members
    details = []
    for name, (have, wanted) in counts.items():
        group = instance_groups.named(members, name) or {}
        least = {"MinCount": group["MinInstanceCount"]} if "MinInstanceCount" in group else {}
        original = {"CurrentCount": have, "TargetCount": group.get("InstanceCount", 0), **least}
        details.append({"InstanceGroupName": name, "Original": original, "Desired": {"TargetCount": wanted, **least}})
    operation = cluster_history.scale(scope, cluster, details)
    for group in instance_groups.every(members):
        if group["InstanceGroupName"] in counts:
            group["InstanceCount"] = counts[group["InstanceGroupName"]][1]
            cluster_history.group(scope, cluster, group, counts[group["InstanceGroupName"]][0], operation)
    packed, now = pack(members), scope.now
    record = cluster._replace(packed=packed, modified=now, state=state or cluster.state)
    return scope.put(resource, record) or record, operation


# --- Batches ----------------------------------------------------------------------------------------------------------


class Batch(NamedTuple):
    """What a batch call does to nodes, and what it calls those that it cannot do it to."""

    verb: str
    code: str  # the member of a failure that holds its code
    unknown: str
    unfit: str


DELETE = Batch("Delete", "Code", "NodeIdNotFound", "InvalidNodeStatus")
REBOOT = Batch("Reboot", "ErrorCode", "InstanceIdNotFound", "InvalidInstanceStatus")
REPLACE = Batch("Replace", "ErrorCode", "InstanceIdNotFound", "InvalidInstanceStatus")


def _batch(scope: Scope, cluster: Record, params: Params, batch: Batch, act: Callable[[Record], str]) -> dict[str, Any]:
    """Do something to each node that is named; ``act`` returns the code of a failure, nothing where it was done."""
    if not params.keys() & {"NodeIds", "NodeLogicalIds"}:
        raise Refusal(VALIDATION, errors.NO_NODE_IDS).error()
    answer: dict[str, list[Any]] = {}
    for given, member, done, failed in (
        ("NodeIds", "NodeId", "Successful", "Failed"),
        ("NodeLogicalIds", "NodeLogicalId", "SuccessfulNodeLogicalIds", "FailedNodeLogicalIds"),
    ):
        for name in dict.fromkeys(params.get(given, ())):
            node = find(scope, cluster, **{"instance" if member == "NodeId" else "logical": name})
            code = act(node) if node else batch.unknown
            if code:
                said = _SENTENCES[code](node=name, cluster=cluster.key[-1], verb=batch.verb.lower())
                answer.setdefault(failed, []).append({member: name, batch.code: code, "Message": said})
            else:
                answer.setdefault(done, []).append(name)
    return answer


_SENTENCES = {
    "NodeIdNotFound": errors.NODE_NOT_FOUND,
    "InstanceIdNotFound": errors.NODE_NOT_FOUND,
    "InvalidNodeStatus": errors.NODE_STATUS,
    "InvalidInstanceStatus": errors.NODE_STATUS,
    "NodeIdInUse": errors.NODE_IN_USE,
}


def delete(scope: Scope, params: Params) -> dict[str, Any]:
    """Delete nodes, and take them off the counts of their groups."""
    cluster = _cluster(scope, params["ClusterName"])
    state = _changing(scope, cluster)
    have = {name: len(staying(records)) for name, records in of(scope, cluster).items()}
    gone: dict[str, list[Record]] = {}

    def act(node: Record) -> str:
        name = node.members["InstanceGroupName"]
        group = instance_groups.named(cluster.members, name) or {}
        if group.get("SlurmConfig", {}).get("NodeType") == "Controller":
            return "NodeIdInUse"
        life = kind(scope).lifecycle
        already = node in gone.get(name, ())
        if already or life is None or node.state is None or life.move("Delete", node.state.status) is None:
            return DELETE.unfit
        gone.setdefault(name, []).append(node)
        return ""

    answer = _batch(scope, cluster, params, DELETE, act)
    if gone:
        counts = {}
        for name, nodes in gone.items():
            target = (instance_groups.named(cluster.members, name) or {}).get("InstanceCount", 0)
            counts[name] = (have[name], max(0, target - len(nodes)))
        _, operation = resize(scope, cluster, counts, state)
        for nodes in gone.values():
            for node in nodes:
                move(scope, node, "Delete", {"OperationId": operation} if operation else None)
    return answer


def _changing(scope: Scope, cluster: Record) -> State | None:
    """Return the state of a cluster whose groups are changed by a batch; ServiceError if they cannot be now."""
    resource = scope.resources.resource("Cluster")
    status = cluster.state.status if cluster.state else ""
    if cluster.members.get("NodeProvisioningMode") == "Continuous" and status != "Deleting":
        return cluster.state
    to = resource.lifecycle.move("Update", status) if resource.lifecycle else None
    if to is None:
        words = resource.called(cluster.arn, cluster.key)
        raise Refusal(VALIDATION, errors.CANNOT_DO_IN_STATUS).error(**words, verb="change nodes of", status=status)
    return State(to, scope.now)


def reboot(scope: Scope, params: Params) -> dict[str, Any]:
    """Reboot nodes."""
    cluster = _cluster(scope, params["ClusterName"])
    return _batch(scope, cluster, params, REBOOT, lambda node: "" if move(scope, node, "Reboot") else REBOOT.unfit)


def replace(scope: Scope, params: Params) -> dict[str, Any]:
    """Give nodes other instances; nothing that was attached to the old ones is left."""
    cluster = _cluster(scope, params["ClusterName"])

    def act(node: Record) -> str:
        new = {**_instance(scope, scope.place.serial(), scope.clock.now()), VOLUMES: {}, INTERFACES: {}}
        if not move(scope, node, "Replace", new):
            return REPLACE.unfit
        scope.place.relation(VOLUMES).forget(node.key[-1])
        return ""

    return _batch(scope, cluster, params, REPLACE, act)


# --- What is attached -------------------------------------------------------------------------------------------------


def attach_volume(scope: Scope, params: Params) -> dict[str, Any]:
    """Attach a volume to a node of a cluster that EKS orchestrates."""
    cluster, node = _attachable(scope, params["ClusterArn"], params["NodeId"], eks=True)
    attached = scope.place.relation(VOLUMES)
    if attached.of(params["VolumeId"]):
        raise Refusal(VALIDATION, errors.VOLUME_ATTACHED).error(volume=params["VolumeId"])
    members = node.members
    volumes = members.setdefault(VOLUMES, {})
    used = {one["DeviceName"] for one in volumes.values()}
    free = [name for letter in _DEVICES if (name := f"/dev/sd{letter}") not in used]
    if not free:
        raise Refusal(VALIDATION, errors.NO_DEVICE_FREE).error(node=params["NodeId"])
    volumes[params["VolumeId"]] = {"AttachTime": timestamp(scope.clock.now()), "DeviceName": free[0]}
    scope.put(kind(scope), node._replace(packed=pack(members)))
    attached.add(params["VolumeId"], node.key[-1])
    return _attachment(cluster, params, volumes[params["VolumeId"]], "attaching")


def detach_volume(scope: Scope, params: Params) -> dict[str, Any]:
    """Detach a volume from a node."""
    cluster, node = _attachable(scope, params["ClusterArn"], params["NodeId"], eks=True)
    members = node.members
    volume = members.get(VOLUMES, {}).pop(params["VolumeId"], None)
    if volume is None:
        raise Refusal(VALIDATION, errors.VOLUME_NOT_ATTACHED).error(volume=params["VolumeId"], node=params["NodeId"])
    scope.put(kind(scope), node._replace(packed=pack(members)))
    scope.place.relation(VOLUMES).remove(params["VolumeId"], node.key[-1])
    return _attachment(cluster, params, volume, "detaching")


def _attachment(cluster: Record, params: Params, volume: Params, status: str) -> dict[str, Any]:
    named = {name: params[name] for name in ("NodeId", "VolumeId")}
    return {"ClusterArn": cluster.arn, **named, **volume, "Status": status}


def attach_interface(scope: Scope, params: Params) -> dict[str, Any]:
    """Attach a network interface to a node."""
    cluster, node = _attachable(scope, params["ClusterName"], params["NodeId"], eks=False)
    members, interface = node.members, params["NetworkInterfaceId"]
    interfaces = members.setdefault(INTERFACES, {})
    if interface in interfaces:
        raise Refusal(VALIDATION, errors.INTERFACE_ATTACHED).error(interface=interface, node=params["NodeId"])
    interfaces[interface] = f"eni-attach-{scope.chance.text(17, _HEX)}"
    scope.put(kind(scope), node._replace(packed=pack(members)))
    return {
        "ClusterArn": cluster.arn,
        "NodeId": params["NodeId"],
        "NetworkInterfaceId": interface,
        "AttachmentId": interfaces[interface],
    }


def _attachable(scope: Scope, cluster_name: str, instance: str, *, eks: bool) -> tuple[Record, Record]:
    """Return a cluster and its node; ServiceError if nothing can be attached to it now."""
    cluster = _cluster(scope, cluster_name)
    resource, members = scope.resources.resource("Cluster"), cluster.members
    words = resource.called(cluster.arn, cluster.key)
    if eks and "Eks" not in members.get("Orchestrator", {}):
        raise Refusal(VALIDATION, errors.NOT_OF_EKS).error(**words)
    if eks and (cluster.state is None or cluster.state.status != "InService"):
        raise Refusal(VALIDATION, errors.CLUSTER_NOT_READY).error(**words)
    node, nodes = find(scope, cluster, instance=instance), kind(scope)
    if node is None:
        raise nodes.missing.error(**nodes.called(cluster.arn, (instance,)), cluster=cluster.key[-1])
    restricted = {one["InstanceGroupName"] for one in members.get("RestrictedInstanceGroups", ())}
    running = nodes.lifecycle is not None and node.state and nodes.lifecycle.move("Attach", node.state.status)
    if node.members["InstanceGroupName"] in restricted or not running:
        raise Refusal(VALIDATION, errors.NOT_ATTACHABLE).error(node=instance)
    return cluster, node


OPERATIONS = {
    "AttachClusterNodeNetworkInterface": attach_interface,
    "AttachClusterNodeVolume": attach_volume,
    "BatchAddClusterNodes": add,
    "BatchDeleteClusterNodes": delete,
    "BatchRebootClusterNodes": reboot,
    "BatchReplaceClusterNodes": replace,
    "DescribeClusterNode": describe,
    "DetachClusterNodeVolume": detach_volume,
    "ListClusterNodes": list_all,
}
