"""Hubs and their contents: semantic versions, references into the public hub, tags, and links to download."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.engine import presigned
from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace
from tests.behaviour.examples import arn, plain, refusal

PUBLIC = "arn:aws:sagemaker:us-east-1:aws:hub-content/SageMakerPublicHub/Model/bert"
MODEL = {"HubName": "hub", "HubContentType": "Model", "HubContentName": "model"}
REFERENCE = {"HubName": "hub", "HubContentType": "ModelReference", "HubContentName": "bert"}


@pytest.fixture
def hub(client: Any) -> str:
    """A hub that is there."""
    return client.create_hub(HubName="hub", HubDescription="models of ours")["HubArn"]


def imported(client: Any, version: str | None = None, **more: Any) -> dict[str, Any]:
    said = {"DocumentSchemaVersion": "2.0.0", "HubContentDocument": "{}"} | more
    named = {} if version is None else {"HubContentVersion": version}
    return plain(client.import_hub_content(**{**MODEL, **named, **said}))


def versions(client: Any, **more: Any) -> list[str]:
    answer = client.list_hub_content_versions(**MODEL, **more)
    return [one["HubContentVersion"] for one in answer["HubContentSummaries"]]


# --- Hubs -------------------------------------------------------------------------------------------------------------


def test_a_hub_comes_back_as_it_was_made_and_changed(client: Any, clock: ManualClock) -> None:
    said = {
        "HubName": "hub",
        "HubDescription": "models",
        "HubDisplayName": "Models",
        "HubSearchKeywords": ["a", "b"],
        "S3StorageConfig": {"S3OutputPath": "s3://bucket/hub"},
    }
    made = plain(client.create_hub(**said))
    clock.advance(10)
    client.update_hub(HubName=made["HubArn"], HubDescription="better models")

    answer = plain(client.describe_hub(HubName="hub"))

    assert made == {"HubArn": arn("hub/hub")}
    assert answer.pop("LastModifiedTime").timestamp() == clock.now()
    assert answer.pop("CreationTime").timestamp() == clock.now() - 10
    assert answer == {**said, **made, "HubDescription": "better models", "HubStatus": "InService"}


def test_a_hub_goes_through_its_statuses(client: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("step")
    client.create_hub(HubName="hub", HubDescription="d")

    def statuses(count: int) -> list[str]:
        return [client.describe_hub(HubName="hub")["HubStatus"] for _ in range(count)]

    assert statuses(2) == ["Creating", "InService"]
    client.update_hub(HubName="hub", HubDescription="e")
    assert statuses(2) == ["Updating", "InService"]
    client.delete_hub(HubName="hub")
    assert statuses(1) == ["Deleting"]
    assert refusal(client.describe_hub, HubName="hub")[0] == "ResourceNotFound"


def test_a_hub_with_contents_is_not_deleted(client: Any, hub: str) -> None:
    imported(client)

    assert refusal(client.delete_hub, HubName="hub")[0] == "ResourceInUse"
    client.delete_hub_content(**MODEL, HubContentVersion="1.0.0")
    client.delete_hub(HubName=hub)
    assert client.list_hubs()["HubSummaries"] == []


@pytest.mark.parametrize("by", ["HubName", "CreationTime", "HubStatus", "AccountIdOwner"])
def test_hubs_are_listed_in_any_order(client: Any, by: str) -> None:
    for name in ("b", "a", "c"):
        client.create_hub(HubName=name, HubDescription="d")

    listed = client.list_hubs(SortBy=by, SortOrder="Ascending")["HubSummaries"]

    assert [one["HubName"] for one in listed] == (["a", "b", "c"] if by == "HubName" else ["b", "a", "c"])


# --- Contents ---------------------------------------------------------------------------------------------------------


def test_content_comes_back_as_it_was_imported(client: Any, hub: str) -> None:
    said = {
        "HubContentDisplayName": "Model",
        "HubContentDescription": "of ours",
        "HubContentMarkdown": "# Model",
        "SupportStatus": "Supported",
        "HubContentSearchKeywords": ["k"],
    }

    answer = imported(client, "1.2.3", **said)
    described = plain(client.describe_hub_content(**MODEL))

    assert answer == {"HubArn": hub, "HubContentArn": arn("hub-content/hub/Model/model/1.2.3")}
    times = {described.pop("CreationTime"), described.pop("LastModifiedTime")}
    assert len(times) == 1
    assert described == {
        **MODEL,
        **answer,
        **said,
        "HubContentVersion": "1.2.3",
        "DocumentSchemaVersion": "2.0.0",
        "HubContentDocument": "{}",
        "HubContentStatus": "Available",
    }


def test_the_latest_version_is_the_greatest_and_not_the_last_nor_the_longest_word(client: Any, hub: str) -> None:
    for version in ("1.9.0", "1.10.0", "1.2.0"):
        imported(client, version)

    assert client.describe_hub_content(**MODEL)["HubContentVersion"] == "1.10.0"
    assert client.describe_hub_content(**MODEL, HubContentVersion="1.2.0")["HubContentVersion"] == "1.2.0"
    listed = client.list_hub_contents(HubName=hub, HubContentType="Model")["HubContentSummaries"]
    assert [one["HubContentVersion"] for one in listed] == ["1.10.0"]
    assert versions(client, SortOrder="Ascending") == ["1.9.0", "1.10.0", "1.2.0"]


@pytest.mark.usefixtures("hub")
def test_a_version_that_nobody_names_is_the_next_one_and_none_is_imported_twice(client: Any) -> None:
    imported(client)
    imported(client)

    assert versions(client) == ["1.0.1", "1.0.0"]
    assert refusal(imported, client=client, version="1.0.1")[0] == "ResourceInUse"


@pytest.mark.usefixtures("hub")
def test_versions_are_listed_between_bounds_that_are_numbers(client: Any) -> None:
    imported(client, "1.9.0", DocumentSchemaVersion="1.9.9")
    imported(client, "1.10.0", DocumentSchemaVersion="2.0.0")
    imported(client, "2.0.0", DocumentSchemaVersion="2.10.0")

    assert versions(client, MinVersion="1.10.0", SortOrder="Ascending") == ["1.10.0", "2.0.0"]
    assert versions(client, MaxSchemaVersion="2.2.0", SortOrder="Ascending") == ["1.9.0", "1.10.0"]
    assert (
        client.list_hub_contents(HubName="hub", HubContentType="Model", MaxSchemaVersion="2.2.0")["HubContentSummaries"]
        == []
    )


def test_the_time_of_the_first_version_stays_the_original_one(client: Any, hub: str, clock: ManualClock) -> None:
    imported(client)
    clock.advance(60)
    imported(client)

    [listed] = client.list_hub_contents(HubName=hub, HubContentType="Model")["HubContentSummaries"]

    assert listed["CreationTime"].timestamp() == clock.now()
    assert listed["OriginalCreationTime"].timestamp() == clock.now() - 60


@pytest.mark.usefixtures("hub")
def test_contents_are_listed_by_type_and_page_by_page(client: Any) -> None:
    for name in ("a", "b", "c"):
        imported(client, HubContentName=name)
    imported(client, HubContentType="Notebook")

    first = client.list_hub_contents(HubName="hub", HubContentType="Model", MaxResults=2, SortBy="HubContentName")
    second = client.list_hub_contents(
        HubName="hub", HubContentType="Model", MaxResults=2, SortBy="HubContentName", NextToken=first["NextToken"]
    )

    assert [one["HubContentName"] for one in first["HubContentSummaries"]] == ["c", "b"]
    assert [one["HubContentName"] for one in second["HubContentSummaries"]] == ["a"]
    assert "NextToken" not in second


@pytest.mark.usefixtures("hub")
def test_an_update_changes_one_version(client: Any) -> None:
    imported(client)
    imported(client)

    answer = plain(client.update_hub_content(**MODEL, HubContentVersion="1.0.0", SupportStatus="Deprecated"))

    assert answer["HubContentArn"] == arn("hub-content/hub/Model/model/1.0.0")
    assert client.describe_hub_content(**MODEL, HubContentVersion="1.0.0")["SupportStatus"] == "Deprecated"
    assert "SupportStatus" not in client.describe_hub_content(**MODEL)
    assert refusal(client.update_hub_content, **MODEL, HubContentVersion="1.0.0")[0] == "ValidationException"


@pytest.mark.usefixtures("hub")
def test_one_version_is_deleted_and_the_content_with_the_last(client: Any) -> None:
    imported(client)
    imported(client)

    client.delete_hub_content(**MODEL, HubContentVersion="1.0.1")
    assert client.describe_hub_content(**MODEL)["HubContentVersion"] == "1.0.0"
    client.delete_hub_content(**MODEL, HubContentVersion="1.0.0")

    assert refusal(client.describe_hub_content, **MODEL)[0] == "ResourceNotFound"
    assert refusal(client.delete_hub_content, **MODEL, HubContentVersion="1.0.0")[0] == "ResourceNotFound"
    assert versions(client) == []
    imported(client)
    assert versions(client) == ["1.0.0"]


def test_nothing_is_imported_into_a_hub_that_is_not_there(client: Any) -> None:
    assert refusal(imported, client=client)[0] == "ResourceNotFound"
    assert refusal(client.list_hub_contents, HubName="hub", HubContentType="Model")[0] == "ResourceNotFound"


@pytest.mark.usefixtures("hub")
def test_content_is_tagged_under_its_arn_without_a_version(client: Any) -> None:
    imported(client, Tags=[{"Key": "a", "Value": "1"}])
    its_arn = arn("hub-content/hub/Model/model")

    client.add_tags(ResourceArn=its_arn, Tags=[{"Key": "b", "Value": "2"}])

    assert client.list_tags(ResourceArn=its_arn)["Tags"] == [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]


# --- References -------------------------------------------------------------------------------------------------------


def test_a_reference_is_content_of_its_own_type(client: Any, hub: str) -> None:
    made = plain(
        client.create_hub_content_reference(
            HubName=hub, SageMakerPublicHubContentArn=PUBLIC, MinVersion="2.0.0", Tags=[{"Key": "a", "Value": "1"}]
        )
    )

    answer = client.describe_hub_content(**REFERENCE)

    assert made["HubArn"] == hub
    assert made["HubContentArn"].rpartition("/")[0] == arn("hub-content/hub/ModelReference/bert")
    assert (answer["SageMakerPublicHubContentArn"], answer["ReferenceMinVersion"]) == (PUBLIC, "2.0.0")
    assert answer["HubContentStatus"] == "Available"
    assert client.list_tags(ResourceArn=arn("hub-content/hub/ModelReference/bert"))["Tags"]
    [listed] = client.list_hub_contents(HubName=hub, HubContentType="ModelReference")["HubContentSummaries"]
    assert listed["SageMakerPublicHubContentArn"] == PUBLIC
    again = refusal(client.create_hub_content_reference, HubName=hub, SageMakerPublicHubContentArn=PUBLIC)
    assert again[0] == "ResourceInUse"


@pytest.mark.usefixtures("hub")
def test_a_reference_can_be_raised_and_lowered(client: Any) -> None:
    client.create_hub_content_reference(HubName="hub", SageMakerPublicHubContentArn=PUBLIC, MinVersion="2.0.0")

    client.update_hub_content_reference(**REFERENCE, MinVersion="3.0.0")
    raised = client.describe_hub_content(**REFERENCE)
    client.update_hub_content_reference(**REFERENCE, MinVersion="1.0.0")
    lowered = client.describe_hub_content(**REFERENCE)

    assert (raised["ReferenceMinVersion"], raised["HubContentVersion"]) == ("3.0.0", "3.0.0")
    assert (lowered["ReferenceMinVersion"], lowered["HubContentVersion"]) == ("1.0.0", "3.0.0")
    assert len(client.list_hub_contents(HubName="hub", HubContentType="ModelReference")["HubContentSummaries"]) == 1


@pytest.mark.usefixtures("hub")
def test_a_reference_is_deleted_by_its_name(client: Any) -> None:
    client.create_hub_content_reference(HubName="hub", SageMakerPublicHubContentArn=PUBLIC, HubContentName="mine")
    named = {**REFERENCE, "HubContentName": "mine"}

    client.delete_hub_content_reference(**named)

    assert refusal(client.describe_hub_content, **named)[0] == "ResourceNotFound"
    assert refusal(client.delete_hub_content_reference, **named)[0] == "ResourceNotFound"
    assert refusal(client.delete_hub_content_reference, **MODEL)[0] == "ValidationException"
    client.delete_hub(HubName="hub")


# --- Downloads --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("hub")
def test_every_file_that_a_document_names_has_a_link_until_it_expires(client: Any, clock: ManualClock) -> None:
    files = [f"s3://bucket/model/{number}.tar.gz" for number in range(3)]
    imported(client, HubContentDocument=json.dumps({"Hosting": {"Uri": files[0]}, "Scripts": files[1:]}))

    pages = client.get_paginator("create_hub_content_presigned_urls").paginate(
        **MODEL, PaginationConfig={"PageSize": 2}
    )
    links = [one for page in pages for one in page["AuthorizedUrlConfigs"]]

    assert [one["LocalPath"] for one in links] == ["/0.tar.gz", "/1.tar.gz", "/2.tar.gz"]
    assert links[0]["Url"].startswith("https://bucket.s3.us-east-1.amazonaws.com/model/0.tar.gz?")
    token = links[0]["Url"].partition("=")[2]
    assert presigned.read(token, clock.now() + 899)
    assert presigned.read(token, clock.now() + 900) is None


@pytest.mark.usefixtures("hub")
def test_files_elsewhere_than_expected_are_refused(client: Any) -> None:
    imported(client, HubContentDocument='{"Uri": "s3://bucket/model"}')
    ask = client.create_hub_content_presigned_urls

    assert ask(**MODEL, AccessConfig={"ExpectedS3Url": "s3://bucket/"})["AuthorizedUrlConfigs"]
    assert refusal(ask, **MODEL, AccessConfig={"ExpectedS3Url": "s3://other/"})[0] == "ValidationException"
