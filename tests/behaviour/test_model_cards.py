"""Model cards: versions, what of a card can change when, what is shown without decrypting it, and exports."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace
from tests.behaviour.examples import arn, make_group, make_version, plain, refusal

CONTENT = json.dumps(
    {
        "model_overview": {"model_id": "m-1", "model_name": "churn", "model_owner": "me"},
        "intended_uses": {"risk_rating": "High", "purpose_of_model": "to know who leaves"},
        "evaluation_details": [{"name": "first"}],
    }
)


def make(client: Any, name: str = "card", **more: Any) -> str:
    said = {"Content": CONTENT, "ModelCardStatus": "Draft"} | more
    return client.create_model_card(ModelCardName=name, **said)["ModelCardArn"]


def described(client: Any, name: str = "card", **more: Any) -> dict[str, Any]:
    return plain(client.describe_model_card(ModelCardName=name, **more))


def versions(client: Any, name: str = "card", **more: Any) -> list[int]:
    answer = client.list_model_card_versions(ModelCardName=name, **more)
    return [one["ModelCardVersion"] for one in answer["ModelCardVersionSummaryList"]]


# --- Cards and their versions -----------------------------------------------------------------------------------------


def test_a_card_comes_back_complete_and_with_nothing_invented(client: Any, clock: ManualClock) -> None:
    its_arn = make(client, SecurityConfig={"KmsKeyId": "key"})

    answer = described(client)

    assert its_arn == arn("model-card/card")
    assert answer.pop("CreationTime").timestamp() == clock.now()
    assert answer.pop("LastModifiedTime").timestamp() == clock.now()
    assert answer == {
        "ModelCardArn": its_arn,
        "ModelCardName": "card",
        "ModelCardVersion": 1,
        "Content": CONTENT,
        "ModelCardStatus": "Draft",
        "SecurityConfig": {"KmsKeyId": "key"},
        "CreatedBy": {},
        "LastModifiedBy": {},
    }


def test_new_content_is_a_new_version_and_the_old_one_stays(client: Any, clock: ManualClock) -> None:
    make(client)
    clock.advance(60)

    answer = plain(client.update_model_card(ModelCardName=arn("model-card/card"), Content="{}"))

    assert answer == {"ModelCardArn": arn("model-card/card")}
    assert (described(client)["ModelCardVersion"], described(client)["Content"]) == (2, "{}")
    first = described(client, ModelCardVersion=1)
    assert (first["ModelCardVersion"], first["Content"]) == (1, CONTENT)
    assert first["LastModifiedTime"].timestamp() == clock.now() - 60
    assert described(client)["CreationTime"].timestamp() == clock.now() - 60
    assert versions(client) == [2, 1]


def test_a_new_status_is_no_new_version(client: Any) -> None:
    make(client)
    client.update_model_card(ModelCardName="card", Content="{}")

    client.update_model_card(ModelCardName="card", ModelCardStatus="Approved")

    assert described(client)["ModelCardStatus"] == "Approved"
    assert described(client, ModelCardVersion=1)["ModelCardStatus"] == "Draft"
    assert versions(client) == [2, 1]
    assert versions(client, ModelCardStatus="Draft") == [1]
    assert [
        one["ModelCardName"] for one in client.list_model_cards(ModelCardStatus="Approved")["ModelCardSummaries"]
    ] == ["card"]
    assert client.list_model_cards(ModelCardStatus="Draft")["ModelCardSummaries"] == []


def test_content_and_status_cannot_change_in_one_call(client: Any) -> None:
    make(client)

    refused = refusal(client.update_model_card, ModelCardName="card", Content="{}", ModelCardStatus="Approved")

    assert refused == (
        "ValidationException",
        "Model card content and model card status cannot be updated in a single call.",
    )
    assert versions(client) == [1]


def test_the_content_of_an_archived_card_cannot_change_until_its_status_does(client: Any) -> None:
    make(client, ModelCardStatus="Archived")

    refused = refusal(client.update_model_card, ModelCardName="card", Content="{}")

    assert refused == ("ConflictException", "Model Card is in Archived state")
    client.update_model_card(ModelCardName="card", ModelCardStatus="Draft")
    client.update_model_card(ModelCardName="card", Content="{}")
    assert versions(client) == [2, 1]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "it is not JSON"),
        ("[]", "it is not a JSON object"),
        ('{"a": {}}', "it has no section a"),
        ('{"model_overview": []}', "model_overview must be an object"),
        ('{"evaluation_details": {}}', "evaluation_details must be an array"),
        ('{"evaluation_details": [{}]}', "every evaluation must have a name"),
        ('{"intended_uses": {"risk_rating": "None"}}', "risk_rating must be one of High, Medium, Low, Unknown"),
    ],
)
def test_content_that_is_no_card_is_refused(client: Any, content: str, fault: str) -> None:
    refused = refusal(client.create_model_card, ModelCardName="card", Content=content, ModelCardStatus="Draft")

    assert refused == ("ValidationException", f"The content does not follow the model card JSON schema: {fault}.")
    assert client.list_model_cards()["ModelCardSummaries"] == []


def test_metadata_only_leaves_out_what_is_encrypted(client: Any) -> None:
    make(client)

    shown = described(client, IncludedData="MetadataOnly")["Content"]

    assert json.loads(shown) == {
        "model_overview": {"model_id": "m-1", "model_name": "churn"},
        "intended_uses": {"risk_rating": "High"},
    }
    assert described(client, IncludedData="AllData")["Content"] == CONTENT


def test_cards_and_versions_that_are_not_there_do_not_exist(client: Any) -> None:
    make(client)

    for call, params in (
        (client.describe_model_card, {"ModelCardName": "nobody"}),
        (client.describe_model_card, {"ModelCardName": "card", "ModelCardVersion": 2}),
        (client.update_model_card, {"ModelCardName": "nobody", "Content": "{}"}),
        (client.list_model_card_versions, {"ModelCardName": "nobody"}),
        (client.delete_model_card, {"ModelCardName": "nobody"}),
    ):
        code, message = refusal(call, **params)
        assert code == "ResourceNotFound"
        assert "does not exist" in message
    assert refusal(make, client=client)[0] == "ConflictException"


def test_versions_are_listed_in_order_and_page_by_page(client: Any) -> None:
    make(client)
    for _ in range(4):
        client.update_model_card(ModelCardName="card", Content="{}")

    assert versions(client, SortOrder="Ascending") == [1, 2, 3, 4, 5]
    pages = client.get_paginator("list_model_card_versions").paginate(
        ModelCardName="card", PaginationConfig={"PageSize": 2}
    )
    seen = [[one["ModelCardVersion"] for one in page["ModelCardVersionSummaryList"]] for page in pages]
    assert seen == [[5, 4], [3, 2], [1]]


def test_a_card_is_deleted_step_by_step(client: Any, emulator: Emulator) -> None:
    make(client)
    client.create_model_card_export_job(
        ModelCardName="card", ModelCardExportJobName="job", OutputConfig={"S3OutputPath": "s3://bucket"}
    )
    emulator.settings.pace = Pace("step")

    client.delete_model_card(ModelCardName="card")

    refused = refusal(client.update_model_card, ModelCardName="card", Content="{}")
    assert refused == ("ValidationException", "Model card is being deleted")
    seen = [described(client)["ModelCardProcessingStatus"] for _ in range(4)]
    assert seen == ["DeletePending", "DeleteInProgress", "ContentDeleted", "ExportJobsDeleted"]
    assert refusal(client.describe_model_card, ModelCardName="card")[0] == "ResourceNotFound"
    make(client)
    assert versions(client) == [1]
    assert client.list_model_card_export_jobs(ModelCardName="card")["ModelCardExportJobSummaries"] == []


# --- Exports ----------------------------------------------------------------------------------------------------------


def test_an_export_leaves_the_named_version_below_the_path(client: Any) -> None:
    make(client)
    client.update_model_card(ModelCardName="card", Content="{}")
    output = {"S3OutputPath": "s3://bucket/cards/"}

    latest = client.create_model_card_export_job(
        ModelCardName="card", ModelCardExportJobName="latest", OutputConfig=output
    )["ModelCardExportJobArn"]
    client.create_model_card_export_job(
        ModelCardName=arn("model-card/card"), ModelCardVersion=1, ModelCardExportJobName="first", OutputConfig=output
    )

    answer = plain(client.describe_model_card_export_job(ModelCardExportJobArn=latest))
    assert latest == arn("model-card/card/export-job/latest")
    assert (answer["Status"], answer["ModelCardName"], answer["ModelCardVersion"]) == ("Completed", "card", 2)
    assert answer["OutputConfig"] == output
    assert answer["ExportArtifacts"]["S3ExportArtifacts"].startswith("s3://bucket/cards/card")
    listed = client.list_model_card_export_jobs(ModelCardName="card", ModelCardVersion=1)
    assert [one["ModelCardExportJobName"] for one in listed["ModelCardExportJobSummaries"]] == ["first"]


def test_an_export_takes_its_time_and_has_nothing_to_show_before(
    client: Any, clock: ManualClock, emulator: Emulator
) -> None:
    make(client)
    emulator.settings.pace = Pace("real")
    job = client.create_model_card_export_job(
        ModelCardName="card", ModelCardExportJobName="job", OutputConfig={"S3OutputPath": "s3://bucket"}
    )["ModelCardExportJobArn"]

    going = plain(client.describe_model_card_export_job(ModelCardExportJobArn=job))
    clock.advance(3600)
    done = plain(client.describe_model_card_export_job(ModelCardExportJobArn=job))

    assert (going["Status"], "ExportArtifacts" in going) == ("InProgress", False)
    assert (done["Status"], "ExportArtifacts" in done) == ("Completed", True)


def test_an_export_needs_a_card_a_version_and_a_name_of_its_own(client: Any) -> None:
    make(client)
    params = {"ModelCardExportJobName": "job", "OutputConfig": {"S3OutputPath": "s3://bucket"}}

    for named in ({"ModelCardName": "nobody"}, {"ModelCardName": "card", "ModelCardVersion": 9}):
        assert refusal(client.create_model_card_export_job, **named, **params)[0] == "ResourceNotFound"
    client.create_model_card_export_job(ModelCardName="card", **params)
    assert refusal(client.create_model_card_export_job, ModelCardName="card", **params)[0] == "ConflictException"


# --- The card of a model package --------------------------------------------------------------------------------------


def test_the_card_of_a_package_keeps_what_an_update_does_not_say(client: Any) -> None:
    make_group(client, "group")
    package = make_version(client, "group", ModelCard={"ModelCardContent": CONTENT, "ModelCardStatus": "Draft"})

    client.update_model_package(ModelPackageArn=package, ModelCard={"ModelCardStatus": "Approved"})

    card = client.describe_model_package(ModelPackageName=package)["ModelCard"]
    assert card == {"ModelCardContent": CONTENT, "ModelCardStatus": "Approved"}


def test_the_card_of_a_package_that_is_archived_takes_no_content(client: Any) -> None:
    make_group(client, "group")
    package = make_version(client, "group", ModelCard={"ModelCardContent": CONTENT, "ModelCardStatus": "Archived"})
    update = {"ModelPackageArn": package, "ModelCard": {"ModelCardContent": "{}"}}

    assert refusal(client.update_model_package, **update) == ("ConflictException", "Model Card is in Archived state")
    assert client.describe_model_package(ModelPackageName=package)["ModelCard"]["ModelCardContent"] == CONTENT
