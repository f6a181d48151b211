"""Training plans: offerings that are found and bought, plans and capacity that live by the clock, and extensions."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.engine.clock import ManualClock
from tests.behaviour.examples import plain, refusal
from tests.behaviour.test_clusters import group, make, shown

HOUR, DAY = 3600, 24 * 3600
TYPE = "ml.p5.48xlarge"
ULTRA = "ml.u-p6e-gb200x72"


def search(client: Any, **params: Any) -> list[dict[str, Any]]:
    """Return the offerings that a search finds."""
    if "TrainingPlanArn" not in params and "UltraServerType" not in params:
        params = {"InstanceType": TYPE, "InstanceCount": 4, "DurationHours": 48} | params
    found: list[dict[str, Any]] = client.search_training_plan_offerings(**params)["TrainingPlanOfferings"]
    return found


def buy(client: Any, name: str = "plan", **params: Any) -> str:
    """Buy the first offering that a search finds, and return the plan's ARN."""
    offering = search(client, **params)[0]["TrainingPlanOfferingId"]
    arn: str = client.create_training_plan(TrainingPlanName=name, TrainingPlanOfferingId=offering)["TrainingPlanArn"]
    return arn


def plan(client: Any, name: str = "plan") -> dict[str, Any]:
    """Return all about a plan."""
    return plain(client.describe_training_plan(TrainingPlanName=name))


def extensions(client: Any, arn: str, **params: Any) -> list[dict[str, Any]]:
    """Return the extensions that are offered for a plan."""
    found = client.search_training_plan_offerings(TrainingPlanArn=arn, **params)
    assert found["TrainingPlanOfferings"] == []
    offered: list[dict[str, Any]] = found["TrainingPlanExtensionOfferings"]
    return offered


# --- Offerings --------------------------------------------------------------------------------------------------------


def test_a_search_finds_what_was_asked_for_and_the_same_each_time(client: Any, clock: ManualClock) -> None:
    found = search(client, TargetResources=["hyperpod-cluster"])

    assert found == search(client, TargetResources=["hyperpod-cluster"])
    assert len({one["TrainingPlanOfferingId"] for one in found}) == len(found) == 2
    for one in found:
        assert (one["TargetResources"], one["DurationHours"], one["DurationMinutes"]) == (["hyperpod-cluster"], 48, 0)
        assert (one["UpfrontFee"], one["CurrencyCode"]) == ("1920.00", "USD")
        [capacity] = one["ReservedCapacityOfferings"]
        assert (capacity["InstanceType"], capacity["InstanceCount"]) == (TYPE, 4)
        assert capacity["ReservedCapacityType"] == "Instance"
        start, end = capacity["StartTime"].timestamp(), capacity["EndTime"].timestamp()
        assert start >= clock.now()
        assert end - start == 48 * HOUR


def test_a_search_keeps_to_its_window_of_time(client: Any, clock: ManualClock) -> None:
    after = clock.now() + 10 * DAY
    found = search(client, StartTimeAfter=after, EndTimeBefore=after + 50 * HOUR)

    [one] = found
    assert one["RequestedStartTimeAfter"].timestamp() == after
    assert one["RequestedEndTimeBefore"].timestamp() == after + 50 * HOUR
    assert after <= one["ReservedCapacityOfferings"][0]["StartTime"].timestamp() <= after + HOUR
    assert search(client, StartTimeAfter=after, EndTimeBefore=after + 47 * HOUR) == []


def test_a_search_for_nothing_special_finds_several_types_and_durations(client: Any) -> None:
    found = client.search_training_plan_offerings()["TrainingPlanOfferings"]

    assert len({one["ReservedCapacityOfferings"][0]["InstanceType"] for one in found}) > 1
    assert len({one["DurationHours"] for one in found}) > 1
    assert {tuple(one["TargetResources"]) for one in found} == {("training-job",)}


def test_ultra_servers_are_offered_with_their_instances(client: Any) -> None:
    found = search(client, UltraServerType=ULTRA, UltraServerCount=2, DurationHours=24)

    [capacity] = found[0]["ReservedCapacityOfferings"]
    assert (capacity["ReservedCapacityType"], capacity["UltraServerType"]) == ("UltraServer", ULTRA)
    assert (capacity["UltraServerCount"], capacity["InstanceCount"]) == (2, 36)
    assert search(client, UltraServerType="ml.u-nothing") == []


# --- Plans ------------------------------------------------------------------------------------------------------------


def test_a_plan_is_what_was_offered(client: Any) -> None:
    offered = search(client, TargetResources=["training-job", "endpoint"])[1]
    arn = client.create_training_plan(
        TrainingPlanName="plan", TrainingPlanOfferingId=offered["TrainingPlanOfferingId"]
    )["TrainingPlanArn"]

    described = plan(client)

    same = ("DurationHours", "DurationMinutes", "UpfrontFee", "CurrencyCode", "TargetResources")
    assert {name: described[name] for name in same} == {name: offered[name] for name in same}
    assert (described["TrainingPlanArn"], described["TotalInstanceCount"]) == (arn, 4)
    [capacity], [summary] = offered["ReservedCapacityOfferings"], described["ReservedCapacitySummaries"]
    for name in ("InstanceType", "AvailabilityZone", "StartTime", "EndTime", "DurationHours", "ReservedCapacityType"):
        assert summary[name] == capacity[name]
    assert summary["AvailabilityZoneId"] == "use1-az2"
    assert (described["StartTime"], described["EndTime"]) == (summary["StartTime"], summary["EndTime"])
    assert not {"TotalUltraServerCount", "AvailableSpareInstanceCount", "StatusMessage"} & described.keys()


@pytest.mark.parametrize(
    "changed", [lambda text: "tpo-0123-abc", lambda text: text[:-1] + "0", lambda text: text + "a"]
)
def test_an_offering_that_nobody_made_is_not_found(client: Any, changed: Any) -> None:
    offering = changed(search(client)[0]["TrainingPlanOfferingId"])

    code, message = refusal(client.create_training_plan, TrainingPlanName="plan", TrainingPlanOfferingId=offering)

    assert code == "ResourceNotFound"
    assert offering in message
    assert client.list_training_plans()["TrainingPlanSummaries"] == []


def test_an_offering_whose_time_is_over_is_not_sold_any_more(client: Any, clock: ManualClock) -> None:
    offering = search(client)[0]["TrainingPlanOfferingId"]
    clock.advance(4 * DAY)

    code, _ = refusal(client.create_training_plan, TrainingPlanName="plan", TrainingPlanOfferingId=offering)

    assert code == "ResourceNotFound"


def test_a_plans_name_is_taken_and_an_unknown_plan_is_not_found(client: Any) -> None:
    buy(client)
    offering = search(client)[0]["TrainingPlanOfferingId"]

    assert refusal(client.create_training_plan, TrainingPlanName="plan", TrainingPlanOfferingId=offering)[0] == (
        "ResourceInUse"
    )
    assert refusal(client.describe_training_plan, TrainingPlanName="nobody")[0] == "ResourceNotFound"


def test_a_plan_and_its_capacity_wait_work_and_expire_by_the_clock(client: Any, clock: ManualClock) -> None:
    arn = buy(client)
    start, end = (plan(client)[name].timestamp() for name in ("StartTime", "EndTime"))
    capacity = plan(client)["ReservedCapacitySummaries"][0]["ReservedCapacityArn"]

    def seen() -> tuple[str, str, str, int]:
        described = plan(client, arn)
        inner = client.describe_reserved_capacity(ReservedCapacityArn=capacity)
        assert inner["AvailableInstanceCount"] == described["AvailableInstanceCount"]
        statuses = described["Status"], described["ReservedCapacitySummaries"][0]["Status"], inner["Status"]
        return (*statuses, described["AvailableInstanceCount"])

    assert seen() == ("Scheduled", "Scheduled", "Scheduled", 0)
    clock.advance(start - clock.now() - 1)
    assert seen() == ("Scheduled", "Scheduled", "Scheduled", 0)
    clock.advance(1)
    assert seen() == ("Active", "Active", "Active", 4)
    clock.advance(end - start - 1)
    assert seen() == ("Active", "Active", "Active", 4)
    clock.advance(1)
    assert seen() == ("Expired", "Expired", "Expired", 0)


def test_plans_are_listed_by_status_start_and_name(client: Any, clock: ManualClock) -> None:
    now = clock.now()
    for name, days in (("beta", 0), ("alpha", 5), ("gamma", 2)):
        buy(client, name, StartTimeAfter=now + days * DAY)
    clock.advance(HOUR)

    def listed(**params: Any) -> list[str]:
        return [one["TrainingPlanName"] for one in client.list_training_plans(**params)["TrainingPlanSummaries"]]

    assert listed(SortBy="TrainingPlanName", SortOrder="Ascending") == ["alpha", "beta", "gamma"]
    assert listed(SortBy="StartTime", SortOrder="Ascending") == ["beta", "gamma", "alpha"]
    assert listed(SortBy="Status", SortOrder="Ascending")[0] == "beta"
    assert listed(Filters=[{"Name": "Status", "Value": "Active"}]) == ["beta"]
    assert listed(Filters=[{"Name": "Status", "Value": "Expired"}]) == []
    after, before = now + DAY, now + 4 * DAY
    assert listed(StartTimeAfter=after, StartTimeBefore=before) == ["gamma"]
    [summary] = client.list_training_plans(Filters=[{"Name": "Status", "Value": "Active"}])["TrainingPlanSummaries"]
    assert {name: plan(client, "beta")[name] for name in summary} == summary


def test_ultra_servers_of_a_capacity_are_listed_page_by_page(client: Any, clock: ManualClock) -> None:
    offering = search(client, UltraServerType=ULTRA, UltraServerCount=3, DurationHours=24)[0]
    client.create_training_plan(
        TrainingPlanName="plan",
        TrainingPlanOfferingId=offering["TrainingPlanOfferingId"],
        SpareInstanceCountPerUltraServer=2,
    )
    clock.advance(HOUR)
    described = plan(client)
    capacity = described["ReservedCapacitySummaries"][0]["ReservedCapacityArn"]

    assert (described["TotalUltraServerCount"], described["AvailableSpareInstanceCount"]) == (3, 6)
    summary = client.describe_reserved_capacity(ReservedCapacityArn=capacity)["UltraServerSummary"]
    assert (summary["UltraServerType"], summary["UltraServerCount"], summary["InstanceType"]) == (
        ULTRA,
        3,
        "ml.p6e-gb200.36xlarge",
    )
    pages = client.get_paginator("list_ultra_servers_by_reserved_capacity").paginate(
        ReservedCapacityArn=capacity, PaginationConfig={"PageSize": 2}
    )
    servers = [one for page in pages for one in page["UltraServers"]]
    assert len({one["UltraServerId"] for one in servers}) == 3
    assert {one["TotalInstanceCount"] for one in servers} == {one["AvailableInstanceCount"] for one in servers} == {18}
    assert {(one["ConfiguredSpareInstanceCount"], one["HealthStatus"]) for one in servers} == {(2, "OK")}


def test_a_capacity_of_plain_instances_has_no_ultra_servers(client: Any) -> None:
    buy(client)
    capacity = plan(client)["ReservedCapacitySummaries"][0]["ReservedCapacityArn"]

    assert client.list_ultra_servers_by_reserved_capacity(ReservedCapacityArn=capacity)["UltraServers"] == []
    assert "UltraServerSummary" not in client.describe_reserved_capacity(ReservedCapacityArn=capacity)
    for call in (client.list_ultra_servers_by_reserved_capacity, client.describe_reserved_capacity):
        assert refusal(call, ReservedCapacityArn=capacity + "x")[0] == "ResourceNotFound"


# --- Extensions -------------------------------------------------------------------------------------------------------


def test_an_extension_makes_a_plan_and_its_capacity_end_later(client: Any, clock: ManualClock) -> None:
    arn = buy(client)
    before = plan(client)
    clock.advance(HOUR)

    [offered] = extensions(client, arn, DurationHours=24)
    assert offered["StartDate"] == before["EndTime"]
    assert (offered["DurationHours"], offered["UpfrontFee"], offered["CurrencyCode"]) == (24, "960.00", "USD")
    named = {"TrainingPlanExtensionOfferingId": offered["TrainingPlanExtensionOfferingId"]}
    [bought] = client.extend_training_plan(**named)["TrainingPlanExtensions"]

    assert {name: bought[name] for name in offered} == offered
    assert (bought["Status"], bought["ExtendedAt"].timestamp()) == ("Scheduled", clock.now())
    after = plan(client)
    assert (after["EndTime"], after["DurationHours"]) == (offered["EndDate"], 72)
    capacity = client.describe_reserved_capacity(
        ReservedCapacityArn=after["ReservedCapacitySummaries"][0]["ReservedCapacityArn"]
    )
    assert (capacity["EndTime"], capacity["DurationHours"]) == (offered["EndDate"], 72)
    clock.advance(before["EndTime"].timestamp() - clock.now())
    assert plan(client)["Status"] == capacity["Status"] == "Active"
    assert client.describe_training_plan_extension_history(TrainingPlanArn=arn)["TrainingPlanExtensions"][0][
        "Status"
    ] == ("Active")
    clock.advance(DAY)
    assert plan(client)["Status"] == "Expired"


def test_an_extension_is_bought_once_and_its_history_is_kept(client: Any) -> None:
    arn = buy(client)
    for _ in range(3):
        offering = extensions(client, arn)[0]["TrainingPlanExtensionOfferingId"]
        client.extend_training_plan(TrainingPlanExtensionOfferingId=offering)
        code, _ = refusal(client.extend_training_plan, TrainingPlanExtensionOfferingId=offering)
        assert code == "ResourceNotFound"

    first = client.describe_training_plan_extension_history(TrainingPlanArn=arn, MaxResults=2)
    second = client.describe_training_plan_extension_history(
        TrainingPlanArn=arn, MaxResults=2, NextToken=first["NextToken"]
    )

    history = first["TrainingPlanExtensions"] + second["TrainingPlanExtensions"]
    assert [len(page["TrainingPlanExtensions"]) for page in (first, second)] == [2, 1]
    assert [one["StartDate"] for one in history[1:]] == [one["EndDate"] for one in history[:-1]]
    assert "NextToken" not in second


def test_what_is_no_extension_or_of_no_plan_is_refused(client: Any, clock: ManualClock) -> None:
    arn = buy(client)
    offering = search(client)[0]["TrainingPlanOfferingId"]

    for text in ("nothing", offering):
        assert refusal(client.extend_training_plan, TrainingPlanExtensionOfferingId=text)[0] == "ResourceNotFound"
    assert refusal(client.search_training_plan_offerings, TrainingPlanArn=arn + "x")[0] == "ValidationException"
    history = client.describe_training_plan_extension_history
    assert refusal(history, TrainingPlanArn=arn + "x")[0] == "ResourceNotFound"
    clock.advance(4 * DAY)
    assert extensions(client, arn) == []


# --- Who uses them ----------------------------------------------------------------------------------------------------


def test_a_cluster_takes_instances_of_its_plan_into_use_and_gives_them_back(client: Any, clock: ManualClock) -> None:
    arn = buy(client, TargetResources=["hyperpod-cluster"])
    clock.advance(HOUR)
    workers = group("reserved", 3, InstanceType=TYPE, TrainingPlanArn=arn)
    make(client, "hyper", workers, group("other", 1))

    assert (plan(client)["InUseInstanceCount"], plan(client)["AvailableInstanceCount"]) == (3, 1)
    assert (shown(client)["reserved"]["TrainingPlanArn"], shown(client)["reserved"]["TrainingPlanStatus"]) == (
        arn,
        "Active",
    )
    [summary] = client.list_clusters(TrainingPlanArn=arn)["ClusterSummaries"]
    assert summary["TrainingPlanArns"] == [arn]
    client.update_cluster(ClusterName="hyper", InstanceGroups=[{**workers, "InstanceCount": 1}])
    shown(client)
    assert plan(client)["InUseInstanceCount"] == 1
    client.update_cluster(ClusterName="hyper", InstanceGroupsToDelete=["reserved"])
    shown(client)
    assert plan(client)["InUseInstanceCount"] == 0
    assert client.list_clusters(TrainingPlanArn=arn)["ClusterSummaries"] == []


def test_a_plan_for_something_else_or_of_nobody_is_refused_to_clusters(client: Any) -> None:
    arn = buy(client)
    workers = group("reserved", 1, InstanceType=TYPE)

    for plan_arn, code in ((arn, "ValidationException"), (arn + "x", "ResourceNotFound")):
        groups = [{**workers, "TrainingPlanArn": plan_arn}]
        assert refusal(client.create_cluster, ClusterName="hyper", InstanceGroups=groups)[0] == code
