"""Model packages: versions in a group and packages under names of their own."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace
from tests.behaviour.examples import (
    IMAGE,
    SPECIFICATION,
    VALIDATION,
    arn,
    create_input,
    make_group,
    make_package,
    make_version,
    plain,
    refusal,
)


@pytest.fixture
def group(client: Any) -> str:
    """A model package group that is there."""
    make_group(client, "g")
    return "g"


def described(client: Any, package: str) -> dict[str, Any]:
    return plain(client.describe_model_package(ModelPackageName=package))


def digested(specification: dict[str, Any], digests: list[str]) -> dict[str, Any]:
    containers = zip(specification["Containers"], digests, strict=True)
    return {**specification, "Containers": [{**one, "ImageDigest": digest} for one, digest in containers]}


def digest_of(package: dict[str, Any]) -> str:
    return str(package["InferenceSpecification"]["Containers"][0]["ImageDigest"])


# --- Create and describe ----------------------------------------------------------------------------------------------


def test_a_version_has_a_number_and_waits_for_approval_but_has_no_name(
    client: Any, clock: ManualClock, group: str
) -> None:
    answer = client.create_model_package(ModelPackageGroupName=group, InferenceSpecification=SPECIFICATION)

    seen = described(client, answer["ModelPackageArn"])

    assert plain(answer) == {"ModelPackageArn": arn("model-package/g/1")}
    assert seen.pop("CreationTime").timestamp() == clock.now()
    assert seen.pop("InferenceSpecification") == digested(SPECIFICATION, [seen_digest(client, "g/1")])
    assert seen == {
        "ModelPackageGroupName": "g",
        "ModelPackageVersion": 1,
        "ModelPackageArn": arn("model-package/g/1"),
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": [], "ImageScanStatuses": []},
        "CertifyForMarketplace": False,
        "ModelApprovalStatus": "PendingManualApproval",
    }


def seen_digest(client: Any, package: str) -> str:
    digest = digest_of(described(client, arn(f"model-package/{package}")))
    assert digest.startswith("sha256:")
    assert len(digest) == 71
    return digest


def test_an_unversioned_package_has_a_name_and_neither_number_nor_approval(client: Any, clock: ManualClock) -> None:
    package = make_package(client, "alone")

    seen = described(client, package)

    assert package == arn("model-package/alone")
    assert seen.pop("CreationTime").timestamp() == clock.now()
    del seen["InferenceSpecification"]
    assert seen == {
        "ModelPackageName": "alone",
        "ModelPackageArn": package,
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": [], "ImageScanStatuses": []},
        "CertifyForMarketplace": False,
    }


UNSENT = ("ModelPackageName", "ModelPackageGroupName", "AdditionalS3DataSource", "Tags")


def test_every_member_of_create_comes_back_from_a_version(client: Any, group: str) -> None:
    sent = create_input(client, "CreateModelPackage", *UNSENT)

    seen = described(client, client.create_model_package(ModelPackageGroupName=group, **sent)["ModelPackageArn"])

    del sent["ClientToken"]
    assert {name: seen.get(name) for name in sent} == sent
    assert seen.keys() - sent.keys() == {
        "CreationTime",
        "ModelPackageArn",
        "ModelPackageGroupName",
        "ModelPackageStatus",
        "ModelPackageStatusDetails",
        "ModelPackageVersion",
    }


def test_every_member_of_create_comes_back_from_an_unversioned_package(client: Any) -> None:
    sent = create_input(client, "CreateModelPackage", *UNSENT, "ModelApprovalStatus", "Environment")

    seen = described(client, client.create_model_package(ModelPackageName="alone", **sent)["ModelPackageArn"])

    del sent["ClientToken"]
    assert {name: seen.get(name) for name in sent} == sent


@pytest.mark.parametrize("called", ["g", arn("model-package-group/g")])
def test_the_group_is_called_by_name_or_arn_and_shown_by_name(client: Any, group: str, called: str) -> None:
    package = make_version(client, called)

    assert package == arn("model-package/g/1")
    assert described(client, package)["ModelPackageGroupName"] == group


@pytest.mark.parametrize("called", [arn("model-package/g/1"), "g/1"])
def test_a_version_is_found_by_arn_and_by_path(connect: Any, client: Any, group: str, called: str) -> None:
    make_version(client, group)

    assert connect(validate=False).describe_model_package(ModelPackageName=called)["ModelPackageVersion"] == 1


@pytest.mark.parametrize("called", [arn("model-package/alone"), "alone"])
def test_an_unversioned_package_is_found_by_arn_and_by_name(client: Any, called: str) -> None:
    make_package(client, "alone")

    assert described(client, called)["ModelPackageName"] == "alone"


def test_an_image_has_the_same_digest_wherever_it_is_packaged(client: Any, group: str) -> None:
    one, same = described(client, make_version(client, group)), described(client, make_package(client, "alone"))
    other = described(
        client, make_version(client, group, InferenceSpecification={"Containers": [{"Image": "other:2"}]})
    )

    assert digest_of(one) == digest_of(same)
    assert digest_of(one) != digest_of(other)


def test_a_digest_that_was_sent_is_kept(client: Any, group: str) -> None:
    specification = {"Containers": [{"Image": IMAGE, "ImageDigest": "sha256:" + "ab" * 32}]}

    package = make_version(client, group, InferenceSpecification=specification)

    assert described(client, package)["InferenceSpecification"] == specification


# --- Refusals ---------------------------------------------------------------------------------------------------------


def test_both_names_are_refused(client: Any, group: str) -> None:
    assert refusal(client.create_model_package, ModelPackageName="p", ModelPackageGroupName=group) == (
        "ValidationException",
        "Both ModelPackageName and ModelPackageGroupName are provided in the input. Cannot determine which one to use.",
    )


def test_neither_name_is_refused(client: Any) -> None:
    assert refusal(client.create_model_package, InferenceSpecification=SPECIFICATION) == (
        "ValidationException",
        "Missing ARN.",
    )


def test_a_version_of_an_unknown_group_is_refused(client: Any) -> None:
    code, message = refusal(make_version, client=client, group="nobody")

    assert code == "ValidationException"
    assert "does not exist" in message
    assert client.list_model_packages(ModelPackageType="Both")["ModelPackageSummaryList"] == []


def test_an_unversioned_name_is_taken_once(client: Any) -> None:
    make_package(client, "p")

    code, message = refusal(make_package, client=client, name="p")

    assert code == "ValidationException"
    assert "ModelPackage already exists" in message


@pytest.mark.parametrize("operation", ["describe_model_package", "delete_model_package"])
@pytest.mark.parametrize("called", ["nobody", "nobody/1", "g/7", "g/0", "g/01"])
def test_an_unknown_package_is_refused_by_its_arn(client: Any, group: str, operation: str, called: str) -> None:
    make_version(client, group)

    assert refusal(getattr(client, operation), ModelPackageName=arn(f"model-package/{called}")) == (
        "ValidationException",
        f"ModelPackage arn:aws:sagemaker:us-east-1:123456789012:model-package/{called} does not exist.",
    )


def test_an_environment_needs_a_version(client: Any) -> None:
    specification = {"Containers": [{"Image": IMAGE, "Environment": {"A": "1"}}]}

    assert refusal(make_package, client=client, name="p", InferenceSpecification=specification) == (
        "ValidationException",
        (
            "1 validation errors detected:"
            "Environment variable map cannot be specified when using non-versioned ModelPackages"
        ),
    )


def test_an_additional_data_source_is_refused_in_the_main_specification(client: Any, group: str) -> None:
    source = {"S3DataType": "S3Prefix", "S3Uri": "s3://b/data"}
    specification = {"Containers": [{"Image": IMAGE, "AdditionalS3DataSource": source}]}

    assert refusal(make_version, client=client, group=group, InferenceSpecification=specification) == (
        "ValidationException",
        "AdditionalS3DataSource is not allowed in InferenceSpecification",
    )


def test_versions_take_no_tags(client: Any, group: str) -> None:
    tags = [{"Key": "a", "Value": "1"}]

    assert refusal(make_version, client=client, group=group, Tags=tags)[0] == "ValidationException"
    assert client.list_model_packages(ModelPackageGroupName=group)["ModelPackageSummaryList"] == []

    package = make_version(client, group)
    assert package.endswith("/1")
    assert refusal(client.add_tags, ResourceArn=package, Tags=tags)[0] == "ValidationException"
    assert refusal(client.delete_tags, ResourceArn=package, TagKeys=["a"])[0] == "ValidationException"


def test_an_update_is_a_modification_though_the_clock_stands_still(client: Any, group: str) -> None:
    package = make_version(client, group)
    assert "LastModifiedTime" not in described(client, package)

    client.update_model_package(ModelPackageArn=package, ModelApprovalStatus="Approved")

    assert described(client, package)["LastModifiedTime"] == described(client, package)["CreationTime"]


@pytest.mark.parametrize("turned", [False, True])
def test_what_is_set_and_removed_at_once_is_removed_in_whatever_order(client: Any, group: str, turned: bool) -> None:
    package = make_version(client, group)
    said = {"CustomerMetadataProperties": {"k": "1", "l": "2"}, "CustomerMetadataPropertiesToRemove": ["k"]}

    client.update_model_package(ModelPackageArn=package, **dict(sorted(said.items(), reverse=turned)))

    assert described(client, package)["CustomerMetadataProperties"] == {"l": "2"}


def test_the_output_of_a_validation_has_a_key_though_an_empty_one(client: Any) -> None:
    profile = VALIDATION["ValidationProfiles"][0]
    job, output = profile["TransformJobDefinition"], {"S3OutputPath": "s3://b/out"}
    bare = {**profile, "TransformJobDefinition": {**job, "TransformOutput": output}}
    package = make_package(client, "alone", ValidationSpecification={**VALIDATION, "ValidationProfiles": [bare]})

    [shown] = described(client, package)["ValidationSpecification"]["ValidationProfiles"]
    assert shown["TransformJobDefinition"]["TransformOutput"] == {**output, "KmsKeyId": ""}


def test_approval_needs_a_version(client: Any) -> None:
    package = make_package(client, "alone")

    assert refusal(make_package, client=client, name="p", ModelApprovalStatus="Approved")[0] == "ValidationException"
    refused = refusal(client.update_model_package, ModelPackageArn=package, ModelApprovalStatus="Approved")
    assert refused[0] == "ValidationException"
    assert "ModelApprovalStatus" not in described(client, package)


def test_the_role_of_a_validation_must_be_a_role(client: Any, group: str) -> None:
    validation = {**VALIDATION, "ValidationRole": "AmazonSageMaker-ExecutionRole"}

    code, message = refusal(make_version, client=client, group=group, ValidationSpecification=validation)

    assert (code, message) == (
        "ValidationException",
        (
            "1 validation error detected: Value 'AmazonSageMaker-ExecutionRole' at "
            "'validationSpecification.validationRole' failed to satisfy constraint: "
            r"Member must satisfy regular expression pattern: "
            r"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+"
        ),
    )


# --- Approval and updates ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("approval", ["Approved", "Rejected", "PendingManualApproval"])
def test_approval_can_be_given_at_once(client: Any, group: str, approval: str) -> None:
    package = make_version(client, group, ModelApprovalStatus=approval)

    assert described(client, package)["ModelApprovalStatus"] == approval


def test_approval_changes_with_its_description_and_nothing_else_does(
    client: Any, clock: ManualClock, group: str
) -> None:
    package = make_version(client, group)
    before = described(client, package)
    clock.advance(13.4)

    answer = client.update_model_package(
        ModelPackageArn=package, ModelApprovalStatus="Approved", ApprovalDescription="looks good"
    )

    assert plain(answer) == {"ModelPackageArn": package}
    after = described(client, package)
    assert after.pop("LastModifiedTime").timestamp() == pytest.approx(clock.now(), abs=0.001)
    assert after == before | {"ModelApprovalStatus": "Approved", "ApprovalDescription": "looks good"}


def test_approval_may_be_taken_back(client: Any, group: str) -> None:
    package = make_version(client, group, ModelApprovalStatus="Approved")

    for approval in ("Rejected", "PendingManualApproval", "Approved"):
        client.update_model_package(ModelPackageArn=package, ModelApprovalStatus=approval)
        assert described(client, package)["ModelApprovalStatus"] == approval


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("ModelApprovalStatus", "Rejected"),
        ("ModelPackageRegistrationType", "Registered"),
        ("ApprovalDescription", "why not"),
        ("SourceUri", "s3://bucket/source"),
        (
            "ModelCard",
            {"ModelCardContent": '{"intended_uses": {"risk_rating": "Low"}}', "ModelCardStatus": "PendingReview"},
        ),
        ("ModelLifeCycle", {"Stage": "Production", "StageStatus": "InProgress", "StageDescription": "soon"}),
        ("CustomerMetadataProperties", {"owner": "me"}),
    ],
)
def test_each_member_that_can_be_updated_is_shown_updated(client: Any, group: str, member: str, value: Any) -> None:
    package = make_version(client, group)

    client.update_model_package(ModelPackageArn=package, **{member: value})

    assert described(client, package)[member] == value


def test_a_new_inference_specification_takes_the_place_of_the_old_with_its_own_digest(client: Any, group: str) -> None:
    package = make_version(client, group)
    old = digest_of(described(client, package))

    client.update_model_package(ModelPackageArn=package, InferenceSpecification={"Containers": [{"Image": "new:2"}]})

    specification = described(client, package)["InferenceSpecification"]
    [container] = specification.pop("Containers")
    assert specification == {}
    assert container.pop("ImageDigest") not in ("", old)
    assert container == {"Image": "new:2"}


def test_every_member_of_update_is_tried_here(client: Any) -> None:
    members = client.meta.service_model.operation_model("UpdateModelPackage").input_shape.members

    assert members.keys() == {
        "AdditionalInferenceSpecificationsToAdd",
        "ApprovalDescription",
        "ClientToken",
        "CustomerMetadataProperties",
        "CustomerMetadataPropertiesToRemove",
        "InferenceSpecification",
        "ModelApprovalStatus",
        "ModelCard",
        "ModelLifeCycle",
        "ModelPackageArn",
        "ModelPackageRegistrationType",
        "SourceUri",
    }


def test_an_update_of_an_unknown_package_is_refused(client: Any, group: str) -> None:
    unknown = arn(f"model-package/{group}/9")

    assert refusal(client.update_model_package, ModelPackageArn=unknown, SourceUri="s3://b/x") == (
        "ValidationException",
        f"ModelPackage {unknown} does not exist.",
    )


def test_a_refused_update_changes_nothing(client: Any, clock: ManualClock, group: str) -> None:
    package = make_version(client, group)
    before = described(client, package)
    clock.advance(1)

    refusal(client.update_model_package, ModelPackageArn=package, SourceUri="s3://b/x", ModelApprovalStatus="Perhaps")

    assert described(client, package) == before


# --- Metadata ---------------------------------------------------------------------------------------------------------


def test_metadata_is_merged_key_by_key(client: Any, group: str) -> None:
    package = make_version(client, group, CustomerMetadataProperties={"a": "1", "b": "2"})

    client.update_model_package(ModelPackageArn=package, CustomerMetadataProperties={"b": "3", "c": "4"})

    assert described(client, package)["CustomerMetadataProperties"] == {"a": "1", "b": "3", "c": "4"}


def test_metadata_is_removed_by_key_and_unknown_keys_are_no_fault(client: Any, group: str) -> None:
    package = make_version(client, group, CustomerMetadataProperties={"a": "1", "b": "2"})

    client.update_model_package(ModelPackageArn=package, CustomerMetadataPropertiesToRemove=["a", "z"])

    assert described(client, package)["CustomerMetadataProperties"] == {"b": "2"}


def test_metadata_without_a_key_left_is_not_shown(client: Any, group: str) -> None:
    package = make_version(client, group, CustomerMetadataProperties={"a": "1"})

    client.update_model_package(ModelPackageArn=package, CustomerMetadataPropertiesToRemove=["a"])

    assert "CustomerMetadataProperties" not in described(client, package)


def test_metadata_is_merged_and_removed_in_one_call(client: Any, group: str) -> None:
    package = make_version(client, group, CustomerMetadataProperties={"a": "1", "b": "2"})

    client.update_model_package(
        ModelPackageArn=package, CustomerMetadataProperties={"c": "3"}, CustomerMetadataPropertiesToRemove=["a"]
    )

    assert described(client, package)["CustomerMetadataProperties"] == {"b": "2", "c": "3"}


def test_more_than_fifty_metadata_keys_in_all_are_refused_and_nothing_changes(client: Any, group: str) -> None:
    fifty = {f"k{number}": "v" for number in range(50)}
    package = make_version(client, group, CustomerMetadataProperties=fifty)

    client.update_model_package(ModelPackageArn=package, CustomerMetadataProperties={"k0": "w"})
    code, _ = refusal(
        client.update_model_package, ModelPackageArn=package, CustomerMetadataProperties={"one more": "v"}
    )

    assert code == "ValidationException"
    assert described(client, package)["CustomerMetadataProperties"] == fifty | {"k0": "w"}


# --- Additional inference specifications ------------------------------------------------------------------------------


def additional(*names: Any) -> list[dict[str, Any]]:
    return [{"Name": f"spec-{name}", "Containers": [{"Image": f"{IMAGE}-{name}"}]} for name in names]


def names_of(package: dict[str, Any]) -> list[str]:
    return [one["Name"] for one in package.get("AdditionalInferenceSpecifications", ())]


def test_specifications_are_added_behind_those_that_are_there(client: Any, group: str) -> None:
    package = make_version(client, group, AdditionalInferenceSpecifications=additional("a"))

    client.update_model_package(ModelPackageArn=package, AdditionalInferenceSpecificationsToAdd=additional("c", "b"))

    assert names_of(described(client, package)) == ["spec-a", "spec-c", "spec-b"]


def test_specifications_are_added_where_there_are_none(client: Any, group: str) -> None:
    package = make_version(client, group)

    client.update_model_package(ModelPackageArn=package, AdditionalInferenceSpecificationsToAdd=additional("a"))

    [added] = described(client, package)["AdditionalInferenceSpecifications"]
    assert added["Containers"][0].pop("ImageDigest").startswith("sha256:")
    assert [added] == additional("a")


def test_the_sixteenth_specification_is_refused_and_nothing_changes(
    client: Any, clock: ManualClock, group: str
) -> None:
    package = make_version(client, group, AdditionalInferenceSpecifications=additional(*range(10)))
    client.update_model_package(
        ModelPackageArn=package, AdditionalInferenceSpecificationsToAdd=additional(*range(10, 15))
    )
    before = described(client, package)
    clock.advance(1)

    code, _ = refusal(
        client.update_model_package,
        ModelPackageArn=package,
        AdditionalInferenceSpecificationsToAdd=additional(15),
        ModelApprovalStatus="Approved",
    )

    assert code == "ValidationException"
    assert len(names_of(before)) == 15
    assert described(client, package) == before


# --- Version numbers --------------------------------------------------------------------------------------------------


def test_numbers_count_up_for_each_group_alone(client: Any) -> None:
    for name in ("g", "h"):
        make_group(client, name)

    made = [make_version(client, name) for name in ("g", "h", "g", "g", "h")]

    assert made == [arn(f"model-package/{path}") for path in ("g/1", "h/1", "g/2", "g/3", "h/2")]


def test_numbers_are_never_used_again(client: Any, group: str) -> None:
    first, second = make_version(client, group), make_version(client, group)
    client.delete_model_package(ModelPackageName=second)
    assert make_version(client, group) == arn("model-package/g/3")
    for package in (first, arn("model-package/g/3")):
        client.delete_model_package(ModelPackageName=package)

    assert make_version(client, group) == arn("model-package/g/4")


def test_a_refused_create_uses_no_number(client: Any, group: str) -> None:
    refusal(make_version, client=client, group=group, Tags=[{"Key": "a", "Value": "1"}])

    assert make_version(client, group) == arn("model-package/g/1")


def test_a_package_may_have_the_name_of_a_group(client: Any, group: str) -> None:
    make_version(client, group)

    assert make_package(client, group) == arn("model-package/g")
    client.delete_model_package(ModelPackageName="g")
    assert described(client, arn("model-package/g/1"))["ModelPackageVersion"] == 1


# --- Life -------------------------------------------------------------------------------------------------------------


def progress(package: dict[str, Any]) -> tuple[str, list[dict[str, str]]]:
    return package["ModelPackageStatus"], package["ModelPackageStatusDetails"]["ValidationStatuses"]


def test_validation_goes_the_way_of_the_package(client: Any, emulator: Emulator, group: str) -> None:
    emulator.settings.pace = Pace("step")
    package = make_version(client, group, ValidationSpecification=VALIDATION)

    seen = [progress(described(client, package)) for _ in range(4)]

    assert seen == [
        ("Pending", [{"Name": "batch", "Status": "NotStarted"}]),
        ("InProgress", [{"Name": "batch", "Status": "InProgress"}]),
        ("Completed", [{"Name": "batch", "Status": "Completed"}]),
        ("Completed", [{"Name": "batch", "Status": "Completed"}]),
    ]


def test_a_package_without_validation_has_no_validation_statuses_on_its_way(
    client: Any, emulator: Emulator, group: str
) -> None:
    emulator.settings.pace = Pace("step")
    package = make_version(client, group)

    seen = [progress(described(client, package)) for _ in range(3)]

    assert [statuses for _, statuses in seen] == [[], [], []]
    assert seen[-1][0] == "Completed"


def test_a_package_on_its_way_is_neither_updated_nor_deleted(client: Any, emulator: Emulator, group: str) -> None:
    emulator.settings.pace = Pace("manual")
    package = make_version(client, group, ValidationSpecification=VALIDATION)

    for status in ("Pending", "InProgress"):
        refused = refusal(client.update_model_package, ModelPackageArn=package, ModelApprovalStatus="Approved")
        assert refused[0] == "ConflictException"
        assert refusal(client.delete_model_package, ModelPackageName=package)[0] == "ConflictException"
        assert described(client, package)["ModelPackageStatus"] == status
        emulator.push()
    assert described(client, package)["ModelApprovalStatus"] == "PendingManualApproval"
    assert described(client, package)["ModelPackageStatus"] == "Completed"


def test_completion_is_no_modification(client: Any, emulator: Emulator, clock: ManualClock, group: str) -> None:
    emulator.settings.pace = Pace("real")
    package = make_version(client, group)
    clock.advance(3600)

    seen = described(client, package)

    assert seen["ModelPackageStatus"] == "Completed"
    assert "LastModifiedTime" not in seen


def test_a_deleted_package_is_gone(client: Any, group: str) -> None:
    package = make_version(client, group)

    assert plain(client.delete_model_package(ModelPackageName=package)) == {}

    assert refusal(client.describe_model_package, ModelPackageName=package)[1].endswith("does not exist.")
    assert client.list_model_packages(ModelPackageGroupName=group)["ModelPackageSummaryList"] == []


def test_a_package_that_is_being_deleted_is_seen_deleting_once(client: Any, emulator: Emulator, group: str) -> None:
    package = make_version(client, group)
    described(client, package)
    emulator.settings.pace = Pace("step")

    client.delete_model_package(ModelPackageName=package)

    assert described(client, package)["ModelPackageStatus"] == "Deleting"
    assert refusal(client.describe_model_package, ModelPackageName=package)[0] == "ValidationException"


# --- Client tokens ----------------------------------------------------------------------------------------------------


def test_the_same_call_with_the_same_token_is_made_once(client: Any, group: str) -> None:
    made = {make_version(client, group, ClientToken="token-1") for _ in range(3)}

    assert made == {arn("model-package/g/1")}
    assert len(client.list_model_packages(ModelPackageGroupName=group)["ModelPackageSummaryList"]) == 1


def test_another_call_with_the_same_token_is_refused_and_makes_nothing(client: Any, group: str) -> None:
    make_version(client, group, ClientToken="token-1")

    code, _ = refusal(
        make_version, client=client, group=group, ClientToken="token-1", ModelPackageDescription="something else"
    )

    assert code == "ConflictException"
    assert len(client.list_model_packages(ModelPackageGroupName=group)["ModelPackageSummaryList"]) == 1


def test_the_order_of_members_does_not_make_another_call(client: Any, group: str) -> None:
    first = client.create_model_package(
        ModelPackageGroupName=group, CustomerMetadataProperties={"a": "1", "b": "2"}, ClientToken="t"
    )
    again = client.create_model_package(
        ClientToken="t", CustomerMetadataProperties={"b": "2", "a": "1"}, ModelPackageGroupName=group
    )

    assert plain(first) == plain(again)


def test_a_token_is_forgotten_after_a_while(client: Any, clock: ManualClock, group: str) -> None:
    make_version(client, group, ClientToken="token-1")
    clock.advance(7 * 60 * 60)
    assert make_version(client, group, ClientToken="token-1") == arn("model-package/g/1")

    clock.advance(24 * 60 * 60)

    assert make_version(client, group, ClientToken="token-1") == arn("model-package/g/2")


def test_a_refused_call_does_not_use_its_token_up(client: Any) -> None:
    refusal(make_version, client=client, group="g", ClientToken="token-1")
    make_group(client, "g")

    assert make_version(client, "g", ClientToken="token-1") == arn("model-package/g/1")


def test_a_token_belongs_to_one_account_and_region(connect: Any) -> None:
    made = []
    for region in ("us-east-1", "eu-west-1"):
        client = connect(region=region)
        make_group(client, "g")
        made.append(make_version(client, "g", ClientToken="token-1"))

    assert made == [arn("model-package/g/1"), arn("model-package/g/1", region="eu-west-1")]


def test_an_update_with_the_same_token_is_made_once(client: Any, group: str) -> None:
    package = make_version(client, group)

    for _ in range(2):
        client.update_model_package(
            ModelPackageArn=package, AdditionalInferenceSpecificationsToAdd=additional("a"), ClientToken="t"
        )

    assert names_of(described(client, package)) == ["spec-a"]


# --- Lists ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def several(client: Any, clock: ManualClock) -> Any:
    """Two groups with versions, and two packages of their own, a second apart."""
    for name in ("g", "h"):
        make_group(client, name)
    for make, name in (
        (make_version, "g"),
        (make_package, "alone"),
        (make_version, "h"),
        (make_version, "g"),
        (make_package, "other"),
    ):
        make(client, name)
        clock.advance(1)
    return client


def listed(client: Any, **params: Any) -> list[str]:
    summaries = client.list_model_packages(**params)["ModelPackageSummaryList"]
    return [summary["ModelPackageArn"].partition("model-package/")[2] for summary in summaries]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, ["other", "alone"]),
        ({"ModelPackageType": "Unversioned"}, ["other", "alone"]),
        ({"ModelPackageType": "Versioned"}, ["g/2", "h/1", "g/1"]),
        ({"ModelPackageType": "Both"}, ["other", "g/2", "h/1", "alone", "g/1"]),
        ({"ModelPackageGroupName": "g"}, ["g/2", "g/1"]),
        ({"ModelPackageGroupName": arn("model-package-group/g")}, ["g/2", "g/1"]),
        ({"ModelPackageGroupName": "g", "ModelPackageType": "Versioned"}, ["g/2", "g/1"]),
        ({"ModelPackageGroupName": "g", "SortOrder": "Ascending"}, ["g/1", "g/2"]),
        (
            {"ModelPackageType": "Both", "SortBy": "Name", "SortOrder": "Ascending"},
            ["alone", "g/1", "g/2", "h/1", "other"],
        ),
    ],
)
def test_a_list_shows_the_type_that_is_asked_for_newest_first(
    several: Any, params: dict[str, Any], expected: list[str]
) -> None:
    assert listed(several, **params) == expected


def test_a_list_filters_by_approval(several: Any) -> None:
    several.update_model_package(ModelPackageArn=arn("model-package/g/1"), ModelApprovalStatus="Approved")

    assert listed(several, ModelPackageGroupName="g", ModelApprovalStatus="Approved") == ["g/1"]
    assert listed(several, ModelPackageGroupName="g", ModelApprovalStatus="PendingManualApproval") == ["g/2"]
    assert listed(several, ModelPackageType="Both", ModelApprovalStatus="Rejected") == []


def test_a_summary_of_a_version_has_no_name(client: Any, clock: ManualClock, group: str) -> None:
    package = make_version(client, group, ModelPackageDescription="about", ModelApprovalStatus="Approved")

    [summary] = client.list_model_packages(ModelPackageGroupName=group)["ModelPackageSummaryList"]

    assert summary.pop("CreationTime").timestamp() == clock.now()
    assert summary == {
        "ModelPackageGroupName": group,
        "ModelPackageVersion": 1,
        "ModelPackageArn": package,
        "ModelPackageDescription": "about",
        "ModelPackageStatus": "Completed",
        "ModelApprovalStatus": "Approved",
    }


def test_a_summary_of_an_unversioned_package_has_a_name_and_no_approval(client: Any) -> None:
    package = make_package(client, "alone")

    [summary] = client.list_model_packages()["ModelPackageSummaryList"]

    del summary["CreationTime"]
    assert summary == {"ModelPackageName": "alone", "ModelPackageArn": package, "ModelPackageStatus": "Completed"}


# --- Batch describe ---------------------------------------------------------------------------------------------------


def test_a_batch_tells_the_found_and_the_missing_apart(client: Any, group: str) -> None:
    version, alone = make_version(client, group, ModelPackageDescription="about"), make_package(client, "alone")
    missing = arn("model-package/nobody/3")

    answer = client.batch_describe_model_package(ModelPackageArnList=[version, missing, alone])

    assert answer["ModelPackageSummaries"].keys() == {version}
    assert answer["BatchDescribeModelPackageErrorMap"] == {
        one: {"ErrorCode": "ValidationException", "ErrorResponse": f"ModelPackage {one} does not exist."}
        for one in (missing, alone)  # it is about versions
    }
    summary = answer["ModelPackageSummaries"][version]
    del summary["CreationTime"]
    assert summary.pop("InferenceSpecification")["Containers"][0]["Image"] == IMAGE
    assert summary == {
        "ModelPackageGroupName": group,
        "ModelPackageVersion": 1,
        "ModelPackageArn": version,
        "ModelPackageDescription": "about",
        "ModelPackageStatus": "Completed",
        "ModelApprovalStatus": "PendingManualApproval",
    }


def test_a_batch_describes_a_hundred_and_not_one_more(client: Any, group: str) -> None:
    made = [make_version(client, group) for _ in range(5)]
    unknown = [arn(f"model-package/{group}/{number}") for number in range(6, 102)]

    answer = client.batch_describe_model_package(ModelPackageArnList=made + unknown[:95])

    assert answer["ModelPackageSummaries"].keys() == set(made)
    assert len(answer["BatchDescribeModelPackageErrorMap"]) == 95
    refused = refusal(client.batch_describe_model_package, ModelPackageArnList=made + unknown)
    assert refused[0] == "ValidationException"
