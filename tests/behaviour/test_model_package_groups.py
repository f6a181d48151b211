"""Model package groups and the policies on them."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace
from tests.behaviour.examples import arn, create_input, make_group, make_version, plain, refusal

POLICY = '{"Version": "2012-10-17",  "Statement": []}'


def test_a_small_group_comes_back_complete_and_with_nothing_invented(client: Any, clock: ManualClock) -> None:
    answer = client.create_model_package_group(ModelPackageGroupName="Group")

    described = plain(client.describe_model_package_group(ModelPackageGroupName="Group"))

    assert plain(answer) == {"ModelPackageGroupArn": arn("model-package-group/Group")}
    assert described.pop("CreationTime").timestamp() == clock.now()
    assert described == {
        "ModelPackageGroupName": "Group",
        "ModelPackageGroupArn": arn("model-package-group/Group"),
        "CreatedBy": {},
        "ModelPackageGroupStatus": "Completed",
    }


def test_every_member_of_create_comes_back(client: Any) -> None:
    sent = create_input(client, "CreateModelPackageGroup")

    group = client.create_model_package_group(**sent)["ModelPackageGroupArn"]

    described = client.describe_model_package_group(ModelPackageGroupName=sent["ModelPackageGroupName"])
    assert {name: described.get(name) for name in sent if name != "Tags"} | {"Tags": sent["Tags"]} == sent
    assert client.list_tags(ResourceArn=group)["Tags"] == sent["Tags"]


@pytest.mark.parametrize("called", ["g", arn("model-package-group/g")])
def test_a_group_is_called_by_name_or_arn(client: Any, called: str) -> None:
    make_group(client, "g")

    assert client.describe_model_package_group(ModelPackageGroupName=called)["ModelPackageGroupName"] == "g"
    client.put_model_package_group_policy(ModelPackageGroupName="g", ResourcePolicy=POLICY)
    client.delete_model_package_group(ModelPackageGroupName=called)
    assert client.list_model_package_groups()["ModelPackageGroupSummaryList"] == []


def test_a_name_is_taken_once(client: Any) -> None:
    make_group(client, "g")

    assert refusal(client.create_model_package_group, ModelPackageGroupName="g") == (
        "ValidationException",
        "Model Package Group already exists: arn:aws:sagemaker:us-east-1:123456789012:model-package-group/g",
    )


@pytest.mark.parametrize("operation", ["describe_model_package_group", "delete_model_package_group"])
@pytest.mark.parametrize("called", ["nobody", arn("model-package-group/nobody")])
def test_an_unknown_group_is_refused_by_its_arn(client: Any, operation: str, called: str) -> None:
    assert refusal(getattr(client, operation), ModelPackageGroupName=called) == (
        "ValidationException",
        "ModelPackageGroup arn:aws:sagemaker:us-east-1:123456789012:model-package-group/nobody does not exist.",
    )


def test_a_summary_shows_name_arn_time_status_and_a_description_if_there_is_one(client: Any) -> None:
    make_group(client, "g", ModelPackageGroupDescription="about")
    make_group(client, "h")

    summaries = client.list_model_package_groups(SortBy="Name")["ModelPackageGroupSummaryList"]

    for summary in summaries:
        del summary["CreationTime"]
    assert summaries == [
        {
            "ModelPackageGroupName": "g",
            "ModelPackageGroupArn": arn("model-package-group/g"),
            "ModelPackageGroupDescription": "about",
            "ModelPackageGroupStatus": "Completed",
        },
        {
            "ModelPackageGroupName": "h",
            "ModelPackageGroupArn": arn("model-package-group/h"),
            "ModelPackageGroupStatus": "Completed",
        },
    ]


# --- Delete -----------------------------------------------------------------------------------------------------------


def test_a_group_is_not_deleted_while_packages_remain(client: Any) -> None:
    make_group(client, "g")
    first, second = make_version(client, "g"), make_version(client, "g")
    client.delete_model_package(ModelPackageName=first)

    assert refusal(client.delete_model_package_group, ModelPackageGroupName="g")[0] == "ConflictException"
    assert client.describe_model_package_group(ModelPackageGroupName="g")["ModelPackageGroupStatus"] == "Completed"
    assert client.describe_model_package(ModelPackageName=second)["ModelPackageVersion"] == 2

    client.delete_model_package(ModelPackageName=second)
    client.delete_model_package_group(ModelPackageGroupName="g")
    assert client.list_model_package_groups()["ModelPackageGroupSummaryList"] == []


def test_a_group_that_is_being_deleted_takes_no_new_package(client: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("manual")
    make_group(client, "g")
    client.delete_model_package_group(ModelPackageGroupName="g")

    code, _ = refusal(make_version, client=client, group="g")

    assert code in {"ValidationException", "ConflictException"}
    emulator.push()
    assert client.list_model_packages(ModelPackageType="Both")["ModelPackageSummaryList"] == []
    assert client.list_model_package_groups()["ModelPackageGroupSummaryList"] == []


def test_a_new_group_under_an_old_name_counts_from_one_and_has_no_policy(client: Any) -> None:
    make_group(client, "g")
    client.put_model_package_group_policy(ModelPackageGroupName="g", ResourcePolicy=POLICY)
    client.delete_model_package(ModelPackageName=make_version(client, "g"))
    client.delete_model_package_group(ModelPackageGroupName="g")

    make_group(client, "g")

    assert make_version(client, "g") == arn("model-package/g/1")
    assert refusal(client.get_model_package_group_policy, ModelPackageGroupName="g")[1].startswith(
        "Cannot find resource"
    )


# --- Policies ---------------------------------------------------------------------------------------------------------


def test_a_policy_is_read_as_it_was_put(client: Any) -> None:
    make_group(client, "g")

    answer = client.put_model_package_group_policy(ModelPackageGroupName="g", ResourcePolicy=POLICY)

    assert plain(answer) == {"ModelPackageGroupArn": arn("model-package-group/g")}
    assert client.get_model_package_group_policy(ModelPackageGroupName="g")["ResourcePolicy"] == POLICY


def test_a_later_policy_takes_the_place_of_the_first(client: Any) -> None:
    make_group(client, "g")
    client.put_model_package_group_policy(ModelPackageGroupName="g", ResourcePolicy=POLICY)

    client.put_model_package_group_policy(ModelPackageGroupName="g", ResourcePolicy="{}")

    assert client.get_model_package_group_policy(ModelPackageGroupName="g")["ResourcePolicy"] == "{}"


def test_a_deleted_policy_is_not_there(client: Any) -> None:
    make_group(client, "g")
    client.put_model_package_group_policy(ModelPackageGroupName="g", ResourcePolicy=POLICY)

    assert plain(client.delete_model_package_group_policy(ModelPackageGroupName="g")) == {}

    assert refusal(client.get_model_package_group_policy, ModelPackageGroupName="g") == (
        "ValidationException",
        "Cannot find resource policy for: arn:aws:sagemaker:us-east-1:123456789012:model-package-group/g",
    )


def test_a_group_without_a_policy_says_so(client: Any) -> None:
    make_group(client, "g")

    assert refusal(client.get_model_package_group_policy, ModelPackageGroupName="g") == (
        "ValidationException",
        "Cannot find resource policy for: arn:aws:sagemaker:us-east-1:123456789012:model-package-group/g",
    )


@pytest.mark.parametrize("verb", ["get", "put", "delete"])
def test_the_policy_of_an_unknown_group_is_refused(client: Any, verb: str) -> None:
    more = {"ResourcePolicy": POLICY} if verb == "put" else {}
    call = getattr(client, f"{verb}_model_package_group_policy")

    assert refusal(call, ModelPackageGroupName="nobody", **more) == (
        "ValidationException",
        "Cannot find Model Package Group: arn:aws:sagemaker:us-east-1:123456789012:model-package-group/nobody",
    )


def test_a_policy_stays_while_packages_come_and_go(client: Any) -> None:
    make_group(client, "g")
    client.put_model_package_group_policy(ModelPackageGroupName="g", ResourcePolicy=POLICY)

    client.delete_model_package(ModelPackageName=make_version(client, "g"))
    make_version(client, "g")

    assert client.get_model_package_group_policy(ModelPackageGroupName="g")["ResourcePolicy"] == POLICY
