"""What belongs to clusters: scheduler configurations and compute quotas with their versions, and extensions."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace
from tests.behaviour.examples import plain, refusal
from tests.behaviour.test_clusters import EKS, make
from tests.conftest import ACCOUNT, REGION

SCHEDULER = {
    "PriorityClasses": [{"Name": "training", "Weight": 75}],
    "FairShare": "Enabled",
    "IdleResourceSharing": "Disabled",
}
QUOTA = {
    "ComputeQuotaResources": [{"InstanceType": "ml.p5.48xlarge", "Count": 2}],
    "ResourceSharingConfig": {"Strategy": "LendAndBorrow", "BorrowLimit": 100},
    "PreemptTeamTasks": "LowerPriority",
}
TARGET = {"TeamName": "research", "FairShareWeight": 10}
EXTENSION = "sagemaker-observability"


def make_scheduler(client: Any, cluster: str, name: str = "first", **more: Any) -> str:
    """Make a scheduler configuration and return its ID."""
    params = {"SchedulerConfig": SCHEDULER} | more
    made = client.create_cluster_scheduler_config(Name=name, ClusterArn=cluster, **params)
    assert made["ClusterSchedulerConfigArn"].endswith(f":cluster-scheduler-config/{made['ClusterSchedulerConfigId']}")
    return str(made["ClusterSchedulerConfigId"])


def make_quota(client: Any, cluster: str, name: str = "first", **more: Any) -> str:
    """Make a compute quota and return its ID."""
    params = {"ComputeQuotaConfig": QUOTA, "ComputeQuotaTarget": TARGET} | more
    made = client.create_compute_quota(Name=name, ClusterArn=cluster, **params)
    assert made["ComputeQuotaArn"].endswith(f":compute-quota/{made['ComputeQuotaId']}")
    return str(made["ComputeQuotaId"])


def make_extension(client: Any, cluster: str, **more: Any) -> str:
    """Install an extension and return its ARN."""
    return str(client.create_cluster_extension(ClusterArn=cluster, ExtensionName=EXTENSION, **more)["ExtensionArn"])


# --- Policies ---------------------------------------------------------------------------------------------------------


def test_a_scheduler_config_is_shown_as_it_was_made(client: Any) -> None:
    cluster = make(client)

    name = make_scheduler(client, cluster, Description="who comes first")

    described = client.describe_cluster_scheduler_config(ClusterSchedulerConfigId=name)
    assert re.fullmatch("[a-z0-9]{12}", name)
    assert (described["Name"], described["ClusterArn"], described["SchedulerConfig"]) == ("first", cluster, SCHEDULER)
    assert (described["Status"], described["ClusterSchedulerConfigVersion"]) == ("Created", 1)
    assert described["Description"] == "who comes first"


def test_a_quota_is_enabled_unless_it_was_made_otherwise(client: Any) -> None:
    cluster = make(client)

    plainly = client.describe_compute_quota(ComputeQuotaId=make_quota(client, cluster))
    disabled = client.describe_compute_quota(
        ComputeQuotaId=make_quota(client, cluster, "other", ActivationState="Disabled")
    )

    assert (plainly["ActivationState"], disabled["ActivationState"]) == ("Enabled", "Disabled")
    assert (plainly["ComputeQuotaConfig"], plainly["ComputeQuotaTarget"]) == (QUOTA, TARGET)
    assert plainly["ComputeQuotaVersion"] == 1


def test_an_update_makes_the_next_version_and_the_past_ones_can_be_read(client: Any, clock: ManualClock) -> None:
    cluster = make(client)
    name = make_quota(client, cluster)
    client.describe_compute_quota(ComputeQuotaId=name)
    clock.advance(60)

    second = client.update_compute_quota(ComputeQuotaId=name, TargetVersion=1, ActivationState="Disabled")
    client.describe_compute_quota(ComputeQuotaId=name)
    third = client.update_compute_quota(ComputeQuotaId=name, TargetVersion=2, Description="more")

    assert (second["ComputeQuotaVersion"], third["ComputeQuotaVersion"]) == (2, 3)
    versions = [
        client.describe_compute_quota(ComputeQuotaId=name, ComputeQuotaVersion=version) for version in (1, 2, 3)
    ]
    assert [one["ActivationState"] for one in versions] == ["Enabled", "Disabled", "Disabled"]
    assert [one.get("Description") for one in versions] == [None, None, "more"]
    assert [one["ComputeQuotaVersion"] for one in versions] == [1, 2, 3]
    assert versions[2]["Status"] == "Updated"
    assert versions[2]["LastModifiedTime"].timestamp() == 1_700_000_060
    unknown = {"ComputeQuotaId": name, "ComputeQuotaVersion": 4}
    assert refusal(client.describe_compute_quota, **unknown)[0] == "ResourceNotFound"


@pytest.mark.parametrize("target", [0, 2])
def test_an_update_of_another_version_than_the_present_one_conflicts_and_changes_nothing(
    client: Any, target: int
) -> None:
    name = make_scheduler(client, make(client))
    before = plain(client.describe_cluster_scheduler_config(ClusterSchedulerConfigId=name))

    params = {"ClusterSchedulerConfigId": name, "TargetVersion": target, "SchedulerConfig": {}}
    assert refusal(client.update_cluster_scheduler_config, **params)[0] == "ConflictException"

    assert plain(client.describe_cluster_scheduler_config(ClusterSchedulerConfigId=name)) == before


def test_a_policys_name_is_free_in_other_clusters_and_once_it_is_deleted(client: Any) -> None:
    one, other = make(client, "one"), make(client, "other")
    first = make_scheduler(client, one)

    again = {"Name": "first", "ClusterArn": one, "SchedulerConfig": {}}
    assert refusal(client.create_cluster_scheduler_config, **again)[0] == "ConflictException"
    assert make_scheduler(client, other) != first
    client.describe_cluster_scheduler_config(ClusterSchedulerConfigId=first)
    client.delete_cluster_scheduler_config(ClusterSchedulerConfigId=first)
    assert client.describe_cluster_scheduler_config(ClusterSchedulerConfigId=first)["Status"] == "Deleted"
    assert make_scheduler(client, one) != first


def test_policies_are_listed_by_cluster_name_status_and_time(client: Any, clock: ManualClock) -> None:
    one, other = make(client, "one"), make(client, "other")
    for cluster, name in ((one, "alpha"), (other, "beta"), (one, "gamma")):
        make_quota(client, cluster, name)
        clock.advance(60)

    def listed(**params: Any) -> list[str]:
        return [found["Name"] for found in client.list_compute_quotas(**params)["ComputeQuotaSummaries"]]

    assert listed() == ["gamma", "beta", "alpha"]
    assert listed(SortBy="Name", SortOrder="Ascending") == ["alpha", "beta", "gamma"]
    assert listed(ClusterArn=one) == ["gamma", "alpha"]
    assert listed(NameContains="et") == ["beta"]
    assert listed(Status="Created", CreatedAfter=1_700_000_030) == ["gamma", "beta"]
    assert listed(Status="Updated") == []
    by_cluster = listed(SortBy="ClusterArn", SortOrder="Ascending")
    assert by_cluster in (["alpha", "gamma", "beta"], ["beta", "alpha", "gamma"])
    [summary] = client.list_compute_quotas(NameContains="beta")["ComputeQuotaSummaries"]
    assert (summary["ComputeQuotaTarget"], summary["ComputeQuotaVersion"]) == (TARGET, 1)


def test_a_policy_needs_a_cluster_and_keeps_it_from_being_deleted(client: Any) -> None:
    cluster = make(client)
    nobody = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:cluster/aaaaaaaaaaaa"
    assert refusal(client.create_cluster_scheduler_config, Name="x", ClusterArn=nobody, SchedulerConfig={})[0] == (
        "ResourceNotFound"
    )
    name = make_quota(client, cluster)
    client.describe_compute_quota(ComputeQuotaId=name)

    assert refusal(client.delete_cluster, ClusterName="hyper")[0] == "ConflictException"
    client.delete_compute_quota(ComputeQuotaId=name)
    client.describe_compute_quota(ComputeQuotaId=name)
    client.delete_cluster(ClusterName="hyper")
    assert client.list_clusters()["ClusterSummaries"] == []
    assert refusal(client.describe_compute_quota, ComputeQuotaId=name)[0] == "ResourceNotFound"


def test_a_deleted_policy_is_shown_for_a_day(client: Any, clock: ManualClock) -> None:
    name = make_quota(client, make(client))
    client.describe_compute_quota(ComputeQuotaId=name)
    client.delete_compute_quota(ComputeQuotaId=name)

    clock.advance(24 * 3600 - 1)
    assert client.describe_compute_quota(ComputeQuotaId=name)["Status"] == "Deleted"
    clock.advance(1)
    assert refusal(client.describe_compute_quota, ComputeQuotaId=name)[0] == "ResourceNotFound"


# --- Extensions -------------------------------------------------------------------------------------------------------


def test_an_extension_is_shown_with_the_nodes_that_run_it(client: Any, clock: ManualClock) -> None:
    cluster = make(client)
    settings = json.dumps({"metricsProvider": {"nodeMetrics": {"level": "ADVANCED"}}})

    arn = make_extension(client, cluster, ConfigurationValues=settings)

    assert re.fullmatch(rf"arn:aws:sagemaker:[^/]+:extension/sagemaker-{cluster[-12:]}/{EXTENSION}/[a-z0-9]+", arn)
    described = client.describe_cluster_extension(ClusterArn=cluster, ExtensionArn=arn)
    details = described["ExtensionDetails"]
    assert (details["ExtensionArn"], details["ClusterArn"], details["ExtensionName"]) == (arn, cluster, EXTENSION)
    assert (details["Status"], details["ConfigurationValues"]) == ("Active", settings)
    assert details["CreationTime"].timestamp() == clock.now()
    assert described["NodeSummary"] == {"TotalCount": 2, "ActiveCount": 2}
    assert "Health" not in described


def test_an_extension_is_installed_in_its_latest_version_unless_another_is_wanted(client: Any) -> None:
    cluster = make(client)
    listed = client.list_cluster_extension_versions(ExtensionName=EXTENSION)["ExtensionVersions"]
    latest, *earlier = [one["ExtensionVersion"] for one in listed]

    arn = make_extension(client, cluster)

    details = client.describe_cluster_extension(ClusterArn=cluster, ExtensionArn=arn)["ExtensionDetails"]
    assert details["ExtensionVersion"] == latest
    assert latest > earlier[0]
    assert client.list_cluster_extension_versions(ExtensionName="nobody")["ExtensionVersions"] == []
    pages = client.get_paginator("list_cluster_extension_versions").paginate(
        ExtensionName=EXTENSION, PaginationConfig={"PageSize": 1}
    )
    assert [one["ExtensionVersion"] for page in pages for one in page["ExtensionVersions"]] == [latest, *earlier]


def test_settings_are_changed_one_by_one_and_null_takes_them_back(client: Any) -> None:
    cluster = make(client)
    settings = {"metrics": {"level": "BASIC", "every": 10}, "logs": True}
    arn = make_extension(client, cluster, ExtensionVersion="1.0.0", ConfigurationValues=json.dumps(settings))
    named = {"ClusterArn": cluster, "ExtensionArn": arn}
    client.describe_cluster_extension(**named)

    change = json.dumps({"metrics": {"level": "ADVANCED", "every": None}, "logs": None, "traces": {"on": True}})
    client.update_cluster_extension(ExtensionVersion="1.1.0", ConfigurationValues=change, **named)

    details = client.describe_cluster_extension(**named)["ExtensionDetails"]
    assert json.loads(details["ConfigurationValues"]) == {"metrics": {"level": "ADVANCED"}, "traces": {"on": True}}
    assert (details["ExtensionVersion"], details["Status"]) == ("1.1.0", "Active")


def test_an_extension_that_cannot_be_is_refused(client: Any) -> None:
    cluster, still, eks = make(client), make(client, "still", continuous=False), make(client, "eks", Orchestrator=EKS)
    create = client.create_cluster_extension

    assert refusal(create, ClusterArn=still, ExtensionName=EXTENSION)[0] == "ValidationException"
    assert refusal(create, ClusterArn=eks, ExtensionName=EXTENSION)[0] == "ValidationException"
    assert refusal(create, ClusterArn=cluster, ExtensionName="nobody")[0] == "ResourceNotFound"
    for wrong in ({"ExtensionVersion": "9.9.9"}, {"ConfigurationValues": "[]"}, {"ConfigurationValues": "{"}):
        assert refusal(create, ClusterArn=cluster, ExtensionName=EXTENSION, **wrong)[0] == "ValidationException"
    make_extension(client, cluster)
    assert refusal(create, ClusterArn=cluster, ExtensionName=EXTENSION)[0] == "ResourceInUse"


def test_an_extension_is_updated_to_later_versions_only_and_found_in_its_cluster_only(client: Any) -> None:
    cluster, other = make(client), make(client, "other")
    arn = make_extension(client, cluster, ExtensionVersion="1.0.0")
    named = {"ClusterArn": cluster, "ExtensionArn": arn}
    client.describe_cluster_extension(**named)

    for version in ("1.0.0", "9.9.9"):
        code, _ = refusal(client.update_cluster_extension, ExtensionVersion=version, **named)
        assert code == "ValidationException"
    for call in (
        client.describe_cluster_extension,
        client.update_cluster_extension,
        client.delete_cluster_extension,
    ):
        assert refusal(call, ClusterArn=other, ExtensionArn=arn)[0] == "ResourceNotFound"
        assert refusal(call, ClusterArn=cluster, ExtensionArn=arn + "x")[0] == "ResourceNotFound"


def test_extensions_are_listed_and_keep_their_cluster_until_they_are_deleted(client: Any, clock: ManualClock) -> None:
    cluster = make(client)
    arn = make_extension(client, cluster)

    [summary] = client.list_cluster_extensions(ClusterArn=cluster)["Extensions"]
    assert (summary["ExtensionArn"], summary["Status"]) == (arn, "Active")
    now = clock.now()
    assert client.list_cluster_extensions(ClusterArn=cluster, CreationTimeBefore=now)["Extensions"]
    assert not client.list_cluster_extensions(ClusterArn=cluster, CreationTimeAfter=now + 1)["Extensions"]
    assert refusal(client.delete_cluster, ClusterName="hyper")[0] == "ConflictException"
    assert client.delete_cluster_extension(ClusterArn=cluster, ExtensionArn=arn)["ExtensionArn"] == arn
    assert client.list_cluster_extensions(ClusterArn=cluster)["Extensions"] == []
    assert make_extension(client, cluster) != arn
    client.list_cluster_extensions(ClusterArn=cluster)


def test_an_extension_that_is_on_its_way_is_left_alone(client: Any, emulator: Emulator, clock: ManualClock) -> None:
    cluster = make(client)
    client.list_cluster_nodes(ClusterName="hyper")
    client.describe_cluster(ClusterName="hyper")
    emulator.settings.pace = Pace("real")
    arn = make_extension(client, cluster)
    named = {"ClusterArn": cluster, "ExtensionArn": arn}

    described = client.describe_cluster_extension(**named)
    assert (described["ExtensionDetails"]["Status"], described["NodeSummary"]["ActiveCount"]) == ("Creating", 0)
    assert refusal(client.update_cluster_extension, ConfigurationValues="{}", **named)[0] == "ConflictException"
    assert refusal(client.delete_cluster_extension, **named)[0] == "ConflictException"
    clock.advance(60)
    client.delete_cluster_extension(**named)
    assert client.describe_cluster_extension(**named)["ExtensionDetails"]["Status"] == "Deleting"
