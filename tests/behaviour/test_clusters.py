"""Clusters: groups and their nodes, added, deleted, patched, checked and attached to, with what is noted of it all."""

from __future__ import annotations

import re
from typing import Any

import pytest

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace, State
from tests.behaviour.examples import plain, refusal
from tests.conftest import ACCOUNT, REGION, ROLE

EKS = {"Eks": {"ClusterArn": f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/eks"}}
INSTANCE = re.compile(r"i-[a-f0-9]{17}")
VOLUME, INTERFACE = "vol-0123456789abcdef0", "eni-0123456789abcdef0"


def group(name: str = "workers", count: int = 2, **more: Any) -> dict[str, Any]:
    """Return an instance group as it is asked for."""
    kind = {} if "InstanceRequirements" in more else {"InstanceType": "ml.m5.xlarge"}
    return {"InstanceGroupName": name, "InstanceCount": count, "ExecutionRole": ROLE, **kind, **more}


def make(client: Any, name: str = "hyper", *groups: dict[str, Any], continuous: bool = True, **more: Any) -> str:
    """Make a cluster and return its ARN."""
    if continuous:
        more["NodeProvisioningMode"] = "Continuous"
    arn: str = client.create_cluster(ClusterName=name, InstanceGroups=[*groups] or [group()], **more)["ClusterArn"]
    return arn


def shown(client: Any, name: str = "hyper") -> dict[str, dict[str, Any]]:
    """Return the groups of a cluster by their names."""
    return {one["InstanceGroupName"]: one for one in client.describe_cluster(ClusterName=name)["InstanceGroups"]}


def nodes(client: Any, name: str = "hyper", **params: Any) -> list[dict[str, Any]]:
    """Return the nodes of a cluster."""
    found: list[dict[str, Any]] = client.list_cluster_nodes(ClusterName=name, MaxResults=100, **params)[
        "ClusterNodeSummaries"
    ]
    return found


def ids(client: Any, name: str = "hyper") -> list[str]:
    """Return the instances of a cluster."""
    return [one["InstanceId"] for one in nodes(client, name)]


def node(client: Any, instance: str) -> dict[str, Any]:
    """Return all about a node."""
    details: dict[str, Any] = client.describe_cluster_node(ClusterName="hyper", NodeId=instance)["NodeDetails"]
    return details


def place_in(emulator: Emulator, kind: str, key: tuple[str, ...], status: str, reason: str | None = None) -> None:
    """Put a resource into a status, as what goes wrong does."""
    with emulator.at(ACCOUNT, REGION) as scope:
        resource = scope.resources.resource(kind)
        record = scope.table(resource).records[key]
        scope.change(resource, record, State(status, scope.clock.now(), reason))


# --- Clusters and groups ----------------------------------------------------------------------------------------------


def test_a_clusters_arn_has_an_id_and_leads_back_to_it(client: Any) -> None:
    arn = make(client)

    assert re.fullmatch(rf"arn:aws:sagemaker:{REGION}:{ACCOUNT}:cluster/[a-z0-9]{{12}}", arn)
    described = client.describe_cluster(ClusterName=arn)
    assert (described["ClusterName"], described["ClusterArn"]) == ("hyper", arn)
    assert client.delete_cluster(ClusterName=arn)["ClusterArn"] == arn


def test_a_group_is_shown_with_what_was_said_and_how_many_nodes_it_has(client: Any) -> None:
    said = {
        "LifeCycleConfig": {"SourceS3Uri": "s3://sagemaker-bucket/scripts", "OnCreate": "on_create.sh"},
        "ThreadsPerCore": 2,
        "InstanceStorageConfigs": [{"EbsVolumeConfig": {"VolumeSizeInGB": 500}}],
        "OverrideVpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]},
        "SlurmConfig": {"NodeType": "Compute", "PartitionNames": ["dev"]},
        "CapacityRequirements": {"Spot": {}},
        "NetworkInterface": {"InterfaceType": "efa"},
    }
    kubernetes = {"Labels": {"team": "a"}, "Taints": [{"Key": "k", "Value": "v", "Effect": "NoSchedule"}]}
    make(client, "hyper", group(MinInstanceCount=1, KubernetesConfig=kubernetes, ImageId="ami-0123456789", **said))

    found = shown(client)["workers"]

    assert {name: found[name] for name in said} == said
    assert (found["CurrentCount"], found["TargetCount"], found["MinCount"], found["Status"]) == (2, 2, 1, "InService")
    assert found["KubernetesConfig"]["CurrentLabels"] == found["KubernetesConfig"]["DesiredLabels"] == {"team": "a"}
    assert found["CurrentImageId"] == found["DesiredImageId"] == "ami-0123456789"
    assert not {"InstanceCount", "MinInstanceCount", "ImageId", "CurrentImageReleaseVersion"} & found.keys()


def test_a_group_that_says_little_has_one_thread_per_core_and_the_latest_image(client: Any) -> None:
    make(client)

    found = shown(client)["workers"]

    assert found["ThreadsPerCore"] == 1
    assert found["ImageVersionStatus"] == "UpToDate"
    assert found["CurrentImageReleaseVersion"] == found["DesiredImageReleaseVersion"]


def test_a_flexible_group_shows_its_types_with_their_counts(client: Any) -> None:
    make(client, "hyper", group(InstanceRequirements={"InstanceTypes": ["ml.m5.xlarge", "ml.m5.2xlarge"]}))
    added = [{"InstanceGroupName": "workers", "IncrementTargetCountBy": 1, "InstanceTypes": ["ml.m5.2xlarge"]}]
    client.batch_add_cluster_nodes(ClusterName="hyper", NodesToAdd=added)

    found = shown(client)["workers"]

    assert found["InstanceRequirements"]["CurrentInstanceTypes"] == ["ml.m5.xlarge", "ml.m5.2xlarge"]
    counts = {one["InstanceType"]: one["CurrentCount"] for one in found["InstanceTypeDetails"]}
    assert counts == {"ml.m5.xlarge": 2, "ml.m5.2xlarge": 1}
    assert "InstanceType" not in found


def test_what_a_cluster_is_asked_for_is_shown(client: Any) -> None:
    said = {
        "VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]},
        "Orchestrator": EKS,
        "NodeRecovery": "Automatic",
        "TieredStorageConfig": {"Mode": "Enable", "InstanceMemoryAllocationPercentage": 20},
        "ClusterRole": ROLE,
    }
    shared = {
        "FSxLustreDeletionPolicy": "Keep",
        "FSxLustreConfig": {"SizeInGiB": 1200, "PerUnitStorageThroughput": 125},
    }
    restricted = group("nova", 1, EnvironmentConfig={"FSxLustreConfig": shared["FSxLustreConfig"]})
    make(
        client,
        AutoScaling={"Mode": "Enable", "AutoScalerType": "Karpenter"},
        RestrictedInstanceGroups=[restricted],
        RestrictedInstanceGroupsConfig={"SharedEnvironmentConfig": shared},
        **said,
    )

    described = client.describe_cluster(ClusterName="hyper")

    assert {name: described[name] for name in said} == said
    assert described["AutoScaling"] == {"Mode": "Enable", "AutoScalerType": "Karpenter", "Status": "InService"}
    assert described["RestrictedInstanceGroups"][0]["CurrentCount"] == 1
    environment = described["RestrictedInstanceGroupsConfig"]["SharedEnvironmentConfig"]
    assert environment["CurrentFSxLustreDeletionPolicy"] == environment["DesiredFSxLustreDeletionPolicy"] == "Keep"


def test_a_cluster_of_nothing_has_no_groups_and_says_nothing_else(client: Any) -> None:
    client.create_cluster(ClusterName="bare")

    described = plain(client.describe_cluster(ClusterName="bare"))

    assert described.keys() == {"ClusterArn", "ClusterName", "ClusterStatus", "CreationTime", "InstanceGroups"}
    assert described["InstanceGroups"] == []


def test_a_name_is_taken_and_what_is_not_there_is_not_found(client: Any) -> None:
    make(client)

    code, message = refusal(client.create_cluster, ClusterName="hyper")
    assert (code, message.split(": ")[0]) == ("ResourceInUse", "Resource Already Exists")
    for call in (client.describe_cluster, client.update_cluster, client.delete_cluster, client.list_cluster_nodes):
        assert refusal(call, ClusterName="nobody")[0] == "ResourceNotFound"


@pytest.mark.parametrize(
    "params",
    [
        {"InstanceGroups": [group("a"), group("a")]},
        {"InstanceGroups": [group("a")], "RestrictedInstanceGroups": [group("a")]},
        {
            "InstanceGroups": [
                group(InstanceRequirements={"InstanceTypes": ["ml.m5.large"]}, InstanceType="ml.m5.large")
            ]
        },
        {"InstanceGroups": [{"InstanceGroupName": "a", "InstanceCount": 1, "ExecutionRole": ROLE}]},
        {"InstanceGroups": [group(count=1, MinInstanceCount=2)]},
        {"Orchestrator": {}},
        {"Orchestrator": {**EKS, "Slurm": {}}},
    ],
)
def test_groups_and_orchestrators_that_cannot_be_are_refused_and_make_nothing(client: Any, params: Any) -> None:
    assert refusal(client.create_cluster, ClusterName="hyper", **params)[0] == "ValidationException"
    assert client.list_clusters()["ClusterSummaries"] == []


def test_a_cluster_lives_by_the_clock_at_pace_real(client: Any, emulator: Emulator, clock: ManualClock) -> None:
    emulator.settings.pace = Pace("real")
    make(client, continuous=False)

    assert client.describe_cluster(ClusterName="hyper")["ClusterStatus"] == "Creating"
    assert (shown(client)["workers"]["Status"], shown(client)["workers"]["CurrentCount"]) == ("Creating", 0)
    assert shown(client)["workers"]["ActiveOperations"] == {"Scaling": 1}
    assert refusal(client.update_cluster, ClusterName="hyper", NodeRecovery="None")[0] == "ConflictException"
    assert refusal(client.delete_cluster, ClusterName="hyper")[0] == "ConflictException"

    clock.advance(600)
    assert client.describe_cluster(ClusterName="hyper")["ClusterStatus"] == "InService"
    client.update_cluster(ClusterName="hyper", InstanceGroups=[group(count=3)])
    assert client.describe_cluster(ClusterName="hyper")["ClusterStatus"] == "Updating"
    assert (shown(client)["workers"]["Status"], shown(client)["workers"]["CurrentCount"]) == ("Updating", 2)

    clock.advance(300)
    client.delete_cluster(ClusterName="hyper")
    assert client.describe_cluster(ClusterName="hyper")["ClusterStatus"] == "Deleting"
    clock.advance(300)
    assert refusal(client.describe_cluster, ClusterName="hyper")[0] == "ResourceNotFound"


def test_clusters_are_listed_the_oldest_first_by_name_and_by_time(client: Any, clock: ManualClock) -> None:
    for name in ("b-one", "a-two", "c-one"):
        make(client, name)
        clock.advance(60)

    def listed(**params: Any) -> list[str]:
        return [one["ClusterName"] for one in client.list_clusters(**params)["ClusterSummaries"]]

    assert listed() == ["b-one", "a-two", "c-one"]
    assert listed(SortBy="NAME") == ["a-two", "b-one", "c-one"]
    assert listed(SortOrder="Descending", MaxResults=1) == ["c-one"]
    assert listed(NameContains="one") == ["b-one", "c-one"]
    assert listed(CreationTimeAfter=1_700_000_030, CreationTimeBefore=1_700_000_090) == ["a-two"]


# --- Updates ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("continuous", [True, False])
def test_an_update_scales_adds_and_ends_groups_and_leaves_others(client: Any, continuous: bool) -> None:
    make(client, "hyper", group("a", 1), group("b", 3), group("c", 2), continuous=continuous)
    kept = {one["InstanceId"] for one in nodes(client) if one["InstanceGroupName"] == "b"}

    client.update_cluster(
        ClusterName="hyper", InstanceGroups=[group("b", 2), group("d", 1)], InstanceGroupsToDelete=["c"]
    )

    counts = {name: (one["CurrentCount"], one["TargetCount"]) for name, one in shown(client).items()}
    assert counts == {"a": (1, 1), "b": (2, 2), "d": (1, 1)}
    by_group: dict[str, set[str]] = {}
    for one in nodes(client):
        by_group.setdefault(one["InstanceGroupName"], set()).add(one["InstanceId"])
    assert {name: len(found) for name, found in by_group.items()} == {"a": 1, "b": 2, "d": 1}
    assert by_group["b"] < kept


def test_a_group_that_was_deleted_can_be_made_again(client: Any) -> None:
    make(client, "hyper", group("a", 1), group("b", 1))
    client.update_cluster(ClusterName="hyper", InstanceGroupsToDelete=["b"])
    assert shown(client).keys() == {"a"}

    client.update_cluster(ClusterName="hyper", InstanceGroups=[group("b", 2, InstanceType="ml.m5.large")])

    assert (shown(client)["b"]["CurrentCount"], shown(client)["b"]["InstanceType"]) == (2, "ml.m5.large")


@pytest.mark.parametrize(
    "params",
    [
        {"InstanceGroupsToDelete": ["nobody"]},
        {"InstanceGroupsToDelete": ["workers"], "InstanceGroups": [group()]},
        {"InstanceGroups": [group(InstanceType="ml.m5.large")]},
        {"InstanceGroups": [group("x"), group("x")]},
        {"Orchestrator": {}},
    ],
)
def test_an_update_that_cannot_be_changes_nothing(client: Any, params: Any) -> None:
    make(client)
    before = plain(client.describe_cluster(ClusterName="hyper")), nodes(client)

    assert refusal(client.update_cluster, ClusterName="hyper", **params)[0] == "ValidationException"

    assert (plain(client.describe_cluster(ClusterName="hyper")), nodes(client)) == before


def test_the_role_of_autoscaling_stays_while_it_is_enabled(client: Any) -> None:
    make(client, AutoScaling={"Mode": "Enable"}, ClusterRole=ROLE)

    assert refusal(client.update_cluster, ClusterName="hyper", ClusterRole=ROLE + "2")[0] == "ValidationException"


def test_an_update_that_fails_goes_back_to_the_groups_that_were(client: Any, emulator: Emulator) -> None:
    make(client, "hyper", group(count=1), continuous=False)
    client.describe_cluster(ClusterName="hyper")
    client.update_cluster(ClusterName="hyper", InstanceGroups=[group(count=4), group("new", 1)])

    place_in(emulator, "Cluster", ("hyper",), "RollingBack", "no capacity")

    described = client.describe_cluster(ClusterName="hyper")
    assert (described["ClusterStatus"], described["FailureMessage"]) == ("InService", "no capacity")
    assert {name: one["CurrentCount"] for name, one in shown(client).items()} == {"workers": 1}
    assert len(nodes(client)) == 1


def test_a_software_update_gives_groups_another_image_and_nodes_its_time(client: Any, clock: ManualClock) -> None:
    make(client, "hyper", group("a", 1, ImageReleaseVersion="0.9.0"), group("b", 1, ImageReleaseVersion="0.9.0"))
    assert client.list_clusters()["ClusterSummaries"][0]["ImageVersionStatus"] == "UpdateAvailable"
    nodes(client)
    clock.advance(60)

    arn = client.update_cluster_software(ClusterName="hyper", InstanceGroups=[{"InstanceGroupName": "a"}])["ClusterArn"]

    assert arn.startswith("arn:aws:sagemaker:")
    groups = shown(client)
    assert (groups["a"]["ImageVersionStatus"], groups["a"]["SoftwareUpdateStatus"]) == ("UpToDate", "Succeeded")
    assert groups["a"]["TargetStateCount"] == 1
    assert groups["b"]["CurrentImageReleaseVersion"] == "0.9.0"
    assert "SoftwareUpdateStatus" not in groups["b"]
    updated = {one["InstanceGroupName"]: one.get("LastSoftwareUpdateTime") for one in nodes(client)}
    assert updated["a"].timestamp() == 1_700_000_060
    assert updated["b"] is None
    unknown = [{"InstanceGroupName": "nobody"}]
    assert refusal(client.update_cluster_software, ClusterName="hyper", InstanceGroups=unknown)[0] == (
        "ValidationException"
    )


def test_a_software_update_is_shown_while_it_runs(client: Any, emulator: Emulator, clock: ManualClock) -> None:
    emulator.settings.pace = Pace("real")
    make(client)
    clock.advance(600)
    policy = {"RollingUpdatePolicy": {"MaximumBatchSize": {"Type": "INSTANCE_COUNT", "Value": 1}}}

    client.update_cluster_software(ClusterName="hyper", DeploymentConfig=policy, ImageId="ami-0123456789")

    assert client.describe_cluster(ClusterName="hyper")["ClusterStatus"] == "SystemUpdating"
    found = shown(client)["workers"]
    assert (found["Status"], found["SoftwareUpdateStatus"], found["TargetStateCount"]) == (
        "SystemUpdating",
        "InProgress",
        0,
    )
    assert found["ActiveSoftwareUpdateConfig"] == policy
    assert refusal(client.update_cluster_software, ClusterName="hyper")[0] == "ConflictException"
    clock.advance(600)
    assert shown(client)["workers"]["SoftwareUpdateStatus"] == "Succeeded"


# --- Nodes ------------------------------------------------------------------------------------------------------------


def test_a_node_is_an_instance_with_an_address_and_a_place(client: Any) -> None:
    make(client, "hyper", group(CapacityRequirements={"Spot": {}}, KubernetesConfig={"Labels": {"a": "b"}}))

    [first, second] = nodes(client)
    details = node(client, first["InstanceId"])

    assert INSTANCE.fullmatch(first["InstanceId"])
    assert first["InstanceId"] != second["InstanceId"]
    assert first["InstanceStatus"] == {"Status": "Running"}
    assert "NodeLogicalId" not in first
    assert details["PrivateDnsHostname"] == f"ip-{details['PrivatePrimaryIp'].replace('.', '-')}.ec2.internal"
    assert details["Placement"] == {"AvailabilityZone": "us-east-1a", "AvailabilityZoneId": "use1-az1"}
    assert (details["CapacityType"], details["KubernetesConfig"]["CurrentLabels"]) == ("Spot", {"a": "b"})
    logical = details["NodeLogicalId"]
    again = client.describe_cluster_node(ClusterName="hyper", NodeLogicalId=logical)["NodeDetails"]
    assert again == details


def test_a_node_is_called_in_exactly_one_way(client: Any) -> None:
    arn = make(client)
    [first, _] = nodes(client, IncludeNodeLogicalIds=True)

    assert refusal(client.describe_cluster_node, ClusterName=arn)[0] == "ValidationException"
    both = {"NodeId": first["InstanceId"], "NodeLogicalId": first["NodeLogicalId"]}
    assert refusal(client.describe_cluster_node, ClusterName=arn, **both)[0] == "ValidationException"
    assert refusal(client.describe_cluster_node, ClusterName=arn, NodeId="i-01234567")[0] == "ResourceNotFound"


def test_nodes_are_listed_by_group_and_page_by_page(client: Any) -> None:
    make(client, "hyper", group("left", 3), group("right", 2))

    assert len(nodes(client, InstanceGroupNameContains="eft")) == 3
    assert {one["InstanceGroupName"] for one in nodes(client, SortBy="NAME", SortOrder="Descending")[:2]} == {"right"}
    assert nodes(client, CreationTimeAfter=1_800_000_000) == []
    pages = client.get_paginator("list_cluster_nodes").paginate(ClusterName="hyper", PaginationConfig={"PageSize": 2})
    assert [len(page["ClusterNodeSummaries"]) for page in pages] == [2, 2, 1]


def test_a_node_that_waits_for_its_instance_is_listed_if_asked_for(client: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("manual")
    make(client)

    assert nodes(client) == []
    waiting = nodes(client, IncludeNodeLogicalIds=True)
    assert [one["InstanceStatus"]["Status"] for one in waiting] == ["Pending", "Pending"]
    logical = waiting[0]["NodeLogicalId"]
    details = client.describe_cluster_node(ClusterName="hyper", NodeLogicalId=logical)["NodeDetails"]
    assert "InstanceId" not in details


def test_nodes_of_a_group_that_wants_it_are_checked_before_they_run(client: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("step")
    make(client, "hyper", group(count=1, OnStartDeepHealthChecks=["InstanceStress"]), continuous=False)

    seen = [nodes(client)[0]["InstanceStatus"]["Status"] for _ in range(3)]

    assert seen == ["Pending", "DeepHealthCheckInProgress", "Running"]


def test_adding_nodes_counts_them_and_says_what_cannot_be(client: Any) -> None:
    make(client, "hyper", group(count=1))

    answer = client.batch_add_cluster_nodes(
        ClusterName="hyper",
        NodesToAdd=[
            {"InstanceGroupName": "workers", "IncrementTargetCountBy": 2, "AvailabilityZones": ["us-east-1b"]},
            {"InstanceGroupName": "nobody", "IncrementTargetCountBy": 3},
            {"InstanceGroupName": "workers", "IncrementTargetCountBy": 1, "InstanceTypes": ["ml.m5.large"]},
            {"InstanceGroupName": "workers", "IncrementTargetCountBy": 1, "AvailabilityZones": ["eu-west-1a"]},
        ],
    )

    added = [(one["InstanceGroupName"], one["Status"]) for one in answer["Successful"]]
    assert added == [("workers", "Pending"), ("workers", "Pending")]
    failed = [(one["ErrorCode"], one["FailedCount"]) for one in answer["Failed"]]
    assert failed == [
        ("InstanceGroupNotFound", 3),
        ("IncompatibleInstanceTypes", 1),
        ("IncompatibleAvailabilityZones", 1),
    ]
    assert (shown(client)["workers"]["CurrentCount"], shown(client)["workers"]["TargetCount"]) == (3, 3)
    logical = answer["Successful"][0]["NodeLogicalId"]
    details = client.describe_cluster_node(ClusterName="hyper", NodeLogicalId=logical)["NodeDetails"]
    assert details["Placement"] == {"AvailabilityZone": "us-east-1b", "AvailabilityZoneId": "use1-az2"}


def test_nodes_are_added_once_per_token_fifty_at_most_and_to_continuous_clusters_only(client: Any) -> None:
    make(client, "hyper", group(count=0))
    make(client, "still", group(count=0), continuous=False)
    one = [{"InstanceGroupName": "workers", "IncrementTargetCountBy": 1}]

    first = client.batch_add_cluster_nodes(ClusterName="hyper", NodesToAdd=one, ClientToken="t")
    second = client.batch_add_cluster_nodes(ClusterName="hyper", NodesToAdd=one, ClientToken="t")

    assert plain(first) == plain(second)
    assert len(nodes(client)) == 1
    many = [{"InstanceGroupName": "workers", "IncrementTargetCountBy": 26}] * 2
    assert refusal(client.batch_add_cluster_nodes, ClusterName="hyper", NodesToAdd=many)[0] == "ValidationException"
    assert refusal(client.batch_add_cluster_nodes, ClusterName="still", NodesToAdd=one)[0] == "ValidationException"


@pytest.mark.parametrize("continuous", [True, False])
def test_deleting_nodes_takes_them_off_the_count_and_says_what_cannot_be(client: Any, continuous: bool) -> None:
    controller = group("head", 1, SlurmConfig={"NodeType": "Controller"})
    make(client, "hyper", group(count=3), controller, continuous=continuous)
    client.describe_cluster(ClusterName="hyper")
    by_group = {one["InstanceGroupName"]: one for one in nodes(client, IncludeNodeLogicalIds=True)}
    worker, head = by_group["workers"], by_group["head"]

    answer = client.batch_delete_cluster_nodes(
        ClusterName="hyper",
        NodeIds=[worker["InstanceId"], "i-01234567", head["InstanceId"]],
        NodeLogicalIds=[worker["NodeLogicalId"], "nobody"],
    )

    assert answer["Successful"] == [worker["InstanceId"]]
    assert [one["Code"] for one in answer["Failed"]] == ["NodeIdNotFound", "NodeIdInUse"]
    assert [one["Code"] for one in answer["FailedNodeLogicalIds"]] == ["InvalidNodeStatus", "NodeIdNotFound"]
    assert "SuccessfulNodeLogicalIds" not in answer
    assert (shown(client)["workers"]["CurrentCount"], shown(client)["workers"]["TargetCount"]) == (2, 2)
    assert worker["InstanceId"] not in ids(client)
    assert refusal(client.batch_delete_cluster_nodes, ClusterName="hyper")[0] == "ValidationException"


def test_rebooting_keeps_the_instance_and_replacing_does_not(client: Any, clock: ManualClock) -> None:
    make(client)
    [first, second] = nodes(client, IncludeNodeLogicalIds=True)
    clock.advance(60)

    rebooted = client.batch_reboot_cluster_nodes(ClusterName="hyper", NodeIds=[first["InstanceId"], "i-01234567"])
    replaced = client.batch_replace_cluster_nodes(ClusterName="hyper", NodeLogicalIds=[second["NodeLogicalId"]])

    assert rebooted["Successful"] == [first["InstanceId"]]
    assert [one["ErrorCode"] for one in rebooted["Failed"]] == ["InstanceIdNotFound"]
    assert replaced["SuccessfulNodeLogicalIds"] == [second["NodeLogicalId"]]
    after = {one["NodeLogicalId"]: one for one in nodes(client, IncludeNodeLogicalIds=True)}
    assert after[first["NodeLogicalId"]]["InstanceId"] == first["InstanceId"]
    assert after[second["NodeLogicalId"]]["InstanceId"] != second["InstanceId"]
    assert after[second["NodeLogicalId"]]["LaunchTime"].timestamp() == 1_700_000_060
    gone = {"ClusterName": "hyper", "NodeId": second["InstanceId"]}
    assert refusal(client.describe_cluster_node, **gone)[0] == "ResourceNotFound"


def test_a_node_that_is_not_up_is_not_rebooted(client: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("manual")
    make(client, continuous=False)
    [first, _] = ids(client)

    answer = client.batch_reboot_cluster_nodes(ClusterName="hyper", NodeIds=[first])

    assert "Successful" not in answer
    assert [one["ErrorCode"] for one in answer["Failed"]] == ["InvalidInstanceStatus"]


def test_a_faulty_node_degrades_its_group_until_it_is_replaced(client: Any, emulator: Emulator) -> None:
    make(client)
    [first, _] = nodes(client, IncludeNodeLogicalIds=True)
    place_in(emulator, "ClusterNode", ("hyper", first["NodeLogicalId"]), "Failure", "a broken fan")

    assert shown(client)["workers"]["Status"] == "Degraded"
    assert node(client, first["InstanceId"])["InstanceStatus"] == {"Status": "Failure", "Message": "a broken fan"}
    client.batch_replace_cluster_nodes(ClusterName="hyper", NodeIds=[first["InstanceId"]])
    assert shown(client)["workers"]["Status"] == "InService"


def test_a_volume_is_attached_to_one_node_and_detached_from_it(client: Any, clock: ManualClock) -> None:
    arn = make(client, Orchestrator=EKS)
    client.describe_cluster(ClusterName="hyper")
    [first, second] = ids(client)

    attached = client.attach_cluster_node_volume(ClusterArn=arn, NodeId=first, VolumeId=VOLUME)

    assert (attached["Status"], attached["DeviceName"]) == ("attaching", "/dev/sdf")
    named = {"ClusterArn": arn, "VolumeId": VOLUME}
    assert refusal(client.attach_cluster_node_volume, NodeId=second, **named)[0] == "ValidationException"
    assert refusal(client.detach_cluster_node_volume, NodeId=second, **named)[0] == "ValidationException"
    other = client.attach_cluster_node_volume(ClusterArn=arn, NodeId=first, VolumeId="vol-01234567")
    assert other["DeviceName"] == "/dev/sdg"
    clock.advance(60)
    detached = client.detach_cluster_node_volume(NodeId=first, **named)
    assert (detached["Status"], detached["AttachTime"]) == ("detaching", attached["AttachTime"])
    assert client.attach_cluster_node_volume(NodeId=second, **named)["DeviceName"] == "/dev/sdf"
    client.batch_replace_cluster_nodes(ClusterName="hyper", NodeIds=[second])
    assert client.attach_cluster_node_volume(NodeId=first, **named)["Status"] == "attaching"


def test_nothing_is_attached_to_other_orchestrators_or_restricted_groups(client: Any) -> None:
    arn = make(client, RestrictedInstanceGroups=[group("nova", 1)])
    found = {one["InstanceGroupName"]: one["InstanceId"] for one in nodes(client)}

    volume = {"ClusterArn": arn, "NodeId": found["workers"], "VolumeId": VOLUME}
    assert refusal(client.attach_cluster_node_volume, **volume)[0] == "ValidationException"
    named = {"ClusterName": "hyper", "NetworkInterfaceId": INTERFACE}
    attached = client.attach_cluster_node_network_interface(NodeId=found["workers"], **named)
    assert re.fullmatch(r"eni-attach-[0-9a-f]{17}", attached["AttachmentId"])
    for instance, code in (
        (found["workers"], "ValidationException"),
        (found["nova"], "ValidationException"),
        ("i-01234567", "ResourceNotFound"),
    ):
        assert refusal(client.attach_cluster_node_network_interface, NodeId=instance, **named)[0] == code


# --- Events and operations --------------------------------------------------------------------------------------------


def test_what_happens_is_noted_the_latest_first(client: Any) -> None:
    arn = make(client, "hyper", group(count=1))
    nodes(client)

    events = client.list_cluster_events(ClusterName=arn, MaxResults=100)["Events"]

    assert [one["ResourceType"] for one in events] == ["Instance", "Cluster", "Instance", "Cluster"]
    assert {one["ClusterArn"] for one in events} == {arn}
    instances = [one for one in events if one["ResourceType"] == "Instance"]
    details = client.describe_cluster_event(ClusterName=arn, EventId=instances[0]["EventId"])["EventDetails"]
    assert {name: details[name] for name in instances[0]} == instances[0]
    assert details["EventDetails"]["EventMetadata"]["Instance"]["NodeLogicalId"]
    unknown = "00000000-0000-4000-8000-000000000000"
    assert refusal(client.describe_cluster_event, ClusterName=arn, EventId=unknown)[0] == "ResourceNotFound"


def test_events_are_found_by_group_node_kind_time_and_operation(client: Any, clock: ManualClock) -> None:
    make(client, "hyper", group("a", 1), group("b", 1))
    [first, _] = ids(client)
    clock.advance(60)
    client.update_cluster(ClusterName="hyper", InstanceGroups=[group("b", 2)])
    nodes(client)
    [operation] = client.list_cluster_operations(ClusterName="hyper")["ClusterOperationSummaries"]

    def listed(**params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = client.list_cluster_events(ClusterName="hyper", MaxResults=100, **params)[
            "Events"
        ]
        return found

    assert {one["InstanceGroupName"] for one in listed(InstanceGroupName="a")} == {"a"}
    assert {one["InstanceId"] for one in listed(NodeId=first)} == {first}
    assert {one["ResourceType"] for one in listed(ResourceType="InstanceGroup")} == {"InstanceGroup"}
    of_operation = listed(OperationId=operation["OperationId"], SortOrder="Ascending")
    assert [one["ResourceType"] for one in of_operation] == ["InstanceGroup", "Instance", "Instance"]
    later = listed(EventTimeAfter=1_700_000_030)
    assert len(later) == 3
    assert len(listed(EventTimeBefore=1_700_000_030)) + len(later) == len(listed())


def test_scaling_is_an_operation_with_what_was_and_what_is_wanted(client: Any) -> None:
    arn = make(client, "hyper", group(count=1))

    client.update_cluster(ClusterName="hyper", InstanceGroups=[group(count=3, MinInstanceCount=1)])

    [operation] = client.list_cluster_operations(ClusterName=arn, Type="Scaling")["ClusterOperationSummaries"]
    described = client.describe_cluster_operation(ClusterName=arn, OperationId=operation["OperationId"])
    assert {name: described[name] for name in operation} == operation
    [details] = described["ScalingDetails"]
    assert (details["InstanceGroupName"], details["Status"]) == ("workers", "Done")
    assert details["Original"] == {"CurrentCount": 1, "TargetCount": 1, "MinCount": 1}
    assert details["Desired"] == {"TargetCount": 3, "MinCount": 1}


def test_an_update_that_scales_nothing_is_no_operation(client: Any) -> None:
    make(client)

    client.update_cluster(ClusterName="hyper", NodeRecovery="None")

    assert client.list_cluster_operations(ClusterName="hyper")["ClusterOperationSummaries"] == []
    assert client.describe_cluster(ClusterName="hyper")["NodeRecovery"] == "None"


def test_the_next_scaling_of_a_group_supersedes_one_that_is_under_way(client: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("manual")
    make(client, "hyper", group("a", 1), group("b", 1))
    place_in(emulator, "Cluster", ("hyper",), "InService")
    for name, count in (("a", 2), ("b", 2), ("a", 3)):
        client.update_cluster(ClusterName="hyper", InstanceGroups=[group(name, count)])

    statuses = [
        one["Status"] for one in client.list_cluster_operations(ClusterName="hyper")["ClusterOperationSummaries"]
    ]

    assert statuses == ["InProgress", "InProgress", "Superseded"]
    found = client.list_cluster_operations(ClusterName="hyper", Status="Superseded")["ClusterOperationSummaries"]
    assert len(found) == 1


def test_a_health_check_is_an_operation_on_the_nodes_that_are_named(client: Any, emulator: Emulator) -> None:
    make(client)
    [first, second] = ids(client)
    emulator.settings.pace = Pace("manual")
    checks = [{"InstanceGroupName": "workers", "InstanceIds": [first], "DeepHealthChecks": ["InstanceStress"]}]

    client.start_cluster_health_check(ClusterName="hyper", DeepHealthCheckConfigurations=checks)

    assert node(client, first)["InstanceStatus"]["Status"] == "DeepHealthCheckInProgress"
    assert node(client, second)["InstanceStatus"]["Status"] == "Running"
    [operation] = client.list_cluster_operations(ClusterName="hyper")["ClusterOperationSummaries"]
    described = client.describe_cluster_operation(ClusterName="hyper", OperationId=operation["OperationId"])
    assert (described["Type"], described["DeepHealthCheckDetails"]) == ("DeepHealthCheck", checks)
    for wrong in ({"InstanceGroupName": "nobody"}, {"InstanceGroupName": "workers", "InstanceIds": ["i-01234567"]}):
        config = [{"DeepHealthChecks": ["InstanceStress"], **wrong}]
        code, _ = refusal(client.start_cluster_health_check, ClusterName="hyper", DeepHealthCheckConfigurations=config)
        assert code == "ValidationException"


def test_a_cluster_takes_its_nodes_events_and_operations_along(client: Any, emulator: Emulator) -> None:
    make(client)
    client.update_cluster(ClusterName="hyper", InstanceGroups=[group(count=1)])
    client.describe_cluster(ClusterName="hyper")

    client.delete_cluster(ClusterName="hyper")

    assert client.list_clusters()["ClusterSummaries"] == []
    place = emulator.store.place(ACCOUNT, REGION)
    assert not any(place.table(f"Cluster{kind}").records for kind in ("", "Node", "Event", "Operation"))
