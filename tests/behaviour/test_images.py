"""Images and their versions: numbers, aliases, digests, and what is cleared by an update."""

from __future__ import annotations

import re
from typing import Any

import pytest

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace
from tests.behaviour.examples import (
    IMAGE,
    arn,
    create_input,
    make_image,
    make_image_version,
    plain,
    refusal,
)
from tests.conftest import ROLE


@pytest.fixture
def image(client: Any) -> str:
    """An image that is there."""
    make_image(client, "i")
    return "i"


def version(client: Any, image: str, **how: Any) -> dict[str, Any]:
    return plain(client.describe_image_version(ImageName=image, **how))


def aliases(client: Any, image: str, **how: Any) -> list[str]:
    answer = client.list_aliases(ImageName=image, **how)
    assert "NextToken" not in answer
    return answer["SageMakerImageVersionAliases"]


# --- Images -----------------------------------------------------------------------------------------------------------


def test_a_small_image_comes_back_complete_and_with_nothing_invented(client: Any, clock: ManualClock) -> None:
    answer = client.create_image(ImageName="My-Image.1", RoleArn=ROLE)

    described = plain(client.describe_image(ImageName="My-Image.1"))

    assert plain(answer) == {"ImageArn": arn("image/My-Image.1")}
    assert described.pop("CreationTime").timestamp() == clock.now()
    assert described.pop("LastModifiedTime").timestamp() == clock.now()
    assert described == {
        "ImageName": "My-Image.1",
        "ImageArn": arn("image/My-Image.1"),
        "RoleArn": ROLE,
        "ImageStatus": "CREATED",
    }


def test_every_member_of_create_comes_back(client: Any) -> None:
    sent = create_input(client, "CreateImage")

    image = client.create_image(**sent)["ImageArn"]

    tags = sent.pop("Tags")
    described = client.describe_image(ImageName=sent["ImageName"])
    assert {name: described[name] for name in sent} == sent
    assert client.list_tags(ResourceArn=image)["Tags"] == tags


def test_a_name_is_taken_once(client: Any, image: str) -> None:
    assert refusal(client.create_image, ImageName=image, RoleArn=ROLE) == (
        "ResourceInUse",
        "The Image with ImageName i already exists. Please use a different ImageName.",
    )


@pytest.mark.parametrize("operation", ["describe_image", "update_image", "delete_image", "list_image_versions"])
def test_an_unknown_image_is_not_found(client: Any, operation: str) -> None:
    code, message = refusal(getattr(client, operation), ImageName="nobody")

    assert code == "ResourceNotFound"
    assert "does not exist" in message


def test_an_update_changes_what_it_names_and_when(client: Any, clock: ManualClock) -> None:
    make_image(client, "i", DisplayName="Old", Description="old")
    before = plain(client.describe_image(ImageName="i"))
    clock.advance(5)

    answer = client.update_image(ImageName="i", DisplayName="New")

    after = plain(client.describe_image(ImageName="i"))
    assert plain(answer) == {"ImageArn": arn("image/i")}
    assert after.pop("LastModifiedTime").timestamp() == clock.now()
    del before["LastModifiedTime"]
    assert after == before | {"DisplayName": "New"}


@pytest.mark.parametrize("dropped", [["Description"], ["DisplayName"], ["Description", "DisplayName"]])
def test_an_update_deletes_the_properties_it_lists(client: Any, dropped: list[str]) -> None:
    make_image(client, "i", DisplayName="Shown", Description="about")

    client.update_image(ImageName="i", DeleteProperties=dropped)

    described = client.describe_image(ImageName="i")
    assert {"Description", "DisplayName"} - described.keys() == set(dropped)
    assert "DeleteProperties" not in described


def test_a_role_is_changed_by_an_update(client: Any, image: str) -> None:
    client.update_image(ImageName=image, RoleArn=ROLE + "-2")

    assert client.describe_image(ImageName=image)["RoleArn"] == ROLE + "-2"


def test_an_image_takes_its_versions_along(client: Any, image: str) -> None:
    for _ in range(3):
        make_image_version(client, image, Aliases=["latest"])

    assert plain(client.delete_image(ImageName=image)) == {}

    assert refusal(client.describe_image, ImageName=image)[0] == "ResourceNotFound"
    for number in (1, 2, 3):
        assert refusal(client.describe_image_version, ImageName=image, Version=number)[0] == "ResourceNotFound"
    make_image(client, image)
    assert client.list_image_versions(ImageName=image)["ImageVersions"] == []
    assert aliases(client, image) == []
    assert make_image_version(client, image) == arn("image-version/i/1")


def test_an_image_on_its_way_is_in_use(client: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("manual")
    make_image(client, "i")

    assert refusal(client.update_image, ImageName="i", Description="no")[0] == "ResourceInUse"
    assert refusal(client.delete_image, ImageName="i")[0] == "ResourceInUse"
    assert client.describe_image(ImageName="i")["ImageStatus"] == "CREATING"


# --- Versions ---------------------------------------------------------------------------------------------------------


def test_a_small_version_comes_back_complete_and_with_nothing_invented(
    client: Any, clock: ManualClock, image: str
) -> None:
    answer = client.create_image_version(ImageName=image, BaseImage=IMAGE)

    described = version(client, image)

    assert plain(answer) == {"ImageVersionArn": arn("image-version/i/1")}
    assert described.pop("CreationTime").timestamp() == clock.now()
    assert described.pop("LastModifiedTime").timestamp() == clock.now()
    assert re.fullmatch(re.escape(IMAGE.removesuffix(":1")) + "@sha256:[0-9a-f]{64}", described.pop("ContainerImage"))
    assert described == {
        "BaseImage": IMAGE,
        "ImageArn": arn("image/i"),
        "ImageVersionArn": arn("image-version/i/1"),
        "ImageVersionStatus": "CREATED",
        "Horovod": False,
        "Version": 1,
    }


def test_every_member_of_create_comes_back_from_a_version(client: Any, image: str) -> None:
    sent = create_input(client, "CreateImageVersion", "ImageName", "ClientToken")

    client.create_image_version(ImageName=image, **sent)

    named = sent.pop("Aliases")
    described = version(client, image)
    assert {name: described[name] for name in sent} == sent
    assert "Aliases" not in described
    assert aliases(client, image, Version=1) == named


@pytest.mark.parametrize("sent", [True, False])
def test_horovod_is_shown_whether_it_was_sent_or_not(client: Any, image: str, sent: bool) -> None:
    make_image_version(client, image)
    make_image_version(client, image, Horovod=sent)

    assert version(client, image, Version=1)["Horovod"] is False
    assert version(client, image, Version=2)["Horovod"] is sent


@pytest.mark.parametrize(
    ("base", "repository"),
    [
        ("public.ecr.aws/sagemaker/distribution:2", "public.ecr.aws/sagemaker/distribution"),
        ("localhost:5000/kernel", "localhost:5000/kernel"),
        ("localhost:5000/deep/er/kernel:1.2", "localhost:5000/deep/er/kernel"),
        ("python", "python"),
    ],
)
def test_the_container_image_is_pinned_in_its_own_repository(
    client: Any, image: str, base: str, repository: str
) -> None:
    for _ in range(2):
        make_image_version(client, image, BaseImage=base)

    first, second = version(client, image, Version=1), version(client, image, Version=2)

    assert first["BaseImage"] == base
    assert first["ContainerImage"].partition("@sha256:")[0] == repository
    assert first["ContainerImage"] == second["ContainerImage"]


def test_a_base_image_with_a_digest_is_its_own_container_image(client: Any, image: str) -> None:
    pinned = "public.ecr.aws/sagemaker/distribution@sha256:" + "0c" * 32

    make_image_version(client, image, BaseImage=pinned)

    assert version(client, image)["ContainerImage"] == pinned


def test_the_arn_of_a_version_is_lower_case_and_that_of_its_image_is_not(client: Any) -> None:
    assert make_image(client, "MyImage") == arn("image/MyImage")

    assert make_image_version(client, "MyImage") == arn("image-version/myimage/1")
    described = version(client, "MyImage", Version=1)
    assert described["ImageArn"] == arn("image/MyImage")
    assert described["ImageVersionArn"] == arn("image-version/myimage/1")


def test_without_a_number_the_latest_is_meant(client: Any, image: str) -> None:
    for number in (1, 2, 3):
        make_image_version(client, image)
        assert version(client, image)["Version"] == number

    client.delete_image_version(ImageName=image, Version=3)

    assert version(client, image)["Version"] == 2


def test_the_latest_of_none_is_not_found(client: Any, image: str) -> None:
    assert refusal(client.describe_image_version, ImageName=image) == (
        "ResourceNotFound",
        "Latest ImageVersion with ImageName i does not exist. Please provide a valid ImageName.",
    )


@pytest.mark.parametrize("operation", ["describe_image_version", "delete_image_version", "update_image_version"])
@pytest.mark.parametrize("how", [{"Version": 7}, {"Version": 0}, {"Alias": "nobody"}])
def test_an_unknown_version_is_not_found(client: Any, image: str, operation: str, how: dict[str, Any]) -> None:
    make_image_version(client, image)

    code, message = refusal(getattr(client, operation), ImageName=image, **how)

    assert code == "ResourceNotFound"
    assert "does not exist" in message


@pytest.mark.parametrize(
    "operation", ["describe_image_version", "delete_image_version", "update_image_version", "list_aliases"]
)
def test_a_version_of_an_unknown_image_is_not_found(client: Any, operation: str) -> None:
    assert refusal(getattr(client, operation), ImageName="nobody", Version=1)[0] == "ResourceNotFound"


def test_a_version_is_not_made_of_an_unknown_image(client: Any) -> None:
    assert refusal(client.create_image_version, ImageName="nobody", BaseImage=IMAGE)[0] == "ResourceNotFound"


def test_numbers_are_never_used_again(client: Any, image: str) -> None:
    make_image_version(client, image)
    make_image_version(client, image)
    client.delete_image_version(ImageName=image, Version=2)
    assert make_image_version(client, image) == arn("image-version/i/3")
    for number in (1, 3):
        client.delete_image_version(ImageName=image, Version=number)

    assert make_image_version(client, image) == arn("image-version/i/4")


def test_a_repeated_token_makes_one_version(client: Any, image: str) -> None:
    made = {make_image_version(client, image, ClientToken="same") for _ in range(3)}

    assert made == {arn("image-version/i/1")}
    code, _ = refusal(make_image_version, client=client, image=image, ClientToken="same", BaseImage="other")
    assert code == "ValidationException"
    assert len(client.list_image_versions(ImageName=image)["ImageVersions"]) == 1


@pytest.mark.parametrize("pace", ["manual", "step"])
def test_a_version_of_an_image_that_is_not_created_is_refused(client: Any, emulator: Emulator, pace: str) -> None:
    emulator.settings.pace = Pace(pace)
    make_image(client, "i")

    assert refusal(client.create_image_version, ImageName="i", BaseImage=IMAGE) == (
        "ValidationException",
        "Image i is in an invalid state.",
    )
    emulator.push()
    assert make_image_version(client, "i") == arn("image-version/i/1")


def test_a_version_of_an_image_that_is_being_deleted_is_refused(client: Any, emulator: Emulator, image: str) -> None:
    client.describe_image(ImageName=image)
    emulator.settings.pace = Pace("manual")
    client.delete_image(ImageName=image)

    assert refusal(client.create_image_version, ImageName=image, BaseImage=IMAGE) == (
        "ValidationException",
        "Image i is in an invalid state.",
    )


def test_a_version_is_deleted_once(client: Any, emulator: Emulator, image: str) -> None:
    make_image_version(client, image)
    version(client, image)
    emulator.settings.pace = Pace("manual")
    client.delete_image_version(ImageName=image, Version=1)

    code, message = refusal(client.delete_image_version, ImageName=image, Version=1)

    assert code == "ResourceInUse"
    assert "is being deleted" in message
    assert version(client, image, Version=1)["ImageVersionStatus"] == "DELETING"
    assert refusal(client.update_image_version, ImageName=image, Version=1, ReleaseNotes="no")[0] == "ResourceInUse"
    emulator.push()
    assert refusal(client.describe_image_version, ImageName=image, Version=1)[0] == "ResourceNotFound"


# --- Updates of versions ----------------------------------------------------------------------------------------------

CHANGES = [
    ("VendorGuidance", "STABLE"),
    ("JobType", "TRAINING"),
    ("MLFramework", "TensorFlow 2.16"),
    ("ProgrammingLang", "Python 3.13"),
    ("Processor", "GPU"),
    ("Horovod", False),
    ("ReleaseNotes", "better"),
]


@pytest.mark.parametrize(("member", "value"), CHANGES)
def test_an_update_changes_one_member_of_one_version(
    client: Any, clock: ManualClock, image: str, member: str, value: Any
) -> None:
    sent = create_input(client, "CreateImageVersion", "ImageName", "ClientToken", "Aliases")
    for _ in range(2):
        make_image_version(client, image, **sent)
    others, before = version(client, image, Version=1), version(client, image, Version=2)
    clock.advance(5)

    answer = client.update_image_version(ImageName=image, Version=2, **{member: value})

    after = version(client, image, Version=2)
    assert plain(answer) == {"ImageVersionArn": arn("image-version/i/2")}
    assert after.pop("LastModifiedTime").timestamp() == clock.now()
    del before["LastModifiedTime"]
    assert after == before | {member: value}
    assert version(client, image, Version=1) == others


def test_every_member_that_an_update_can_change_is_tried_here(client: Any) -> None:
    members = client.meta.service_model.operation_model("UpdateImageVersion").input_shape.members

    tried = {member for member, _ in CHANGES}
    assert members.keys() - tried == {"ImageName", "Version", "Alias", "AliasesToAdd", "AliasesToDelete"}


@pytest.mark.parametrize("member", ["MLFramework", "ProgrammingLang", "ReleaseNotes"])
def test_empty_text_clears_a_member(connect: Any, client: Any, image: str, member: str) -> None:
    sent = create_input(client, "CreateImageVersion", "ImageName", "ClientToken", "Aliases")
    make_image_version(client, image, **sent)

    connect(validate=False).update_image_version(ImageName=image, Version=1, **{member: ""})

    described = version(client, image)
    assert member not in described
    assert sent.keys() - described.keys() == {member}


def test_empty_text_is_refused_where_a_version_is_made(connect: Any, image: str) -> None:
    create = connect(validate=False).create_image_version

    code, message = refusal(create, ImageName=image, BaseImage=IMAGE, ReleaseNotes="")

    assert code == "ValidationException"
    assert "'releaseNotes'" in message


@pytest.mark.parametrize("how", [{"Version": 1}, {"Alias": "old"}])
def test_an_update_finds_its_version_by_number_and_by_alias(client: Any, image: str, how: dict[str, Any]) -> None:
    make_image_version(client, image, Aliases=["old"])
    make_image_version(client, image)

    client.update_image_version(ImageName=image, ReleaseNotes="found", **how)

    assert version(client, image, Version=1)["ReleaseNotes"] == "found"
    assert "ReleaseNotes" not in version(client, image, Version=2)


# --- Aliases ----------------------------------------------------------------------------------------------------------


def test_a_version_is_found_by_each_of_its_aliases(client: Any, image: str) -> None:
    make_image_version(client, image, Aliases=["stable", "v1.0"])
    make_image_version(client, image, Aliases=["beta"])

    found = {alias: version(client, image, Alias=alias)["Version"] for alias in ("stable", "v1.0", "beta")}

    assert found == {"stable": 1, "v1.0": 1, "beta": 2}


def test_aliases_are_listed_for_the_image_for_a_number_and_for_an_alias(client: Any, image: str) -> None:
    make_image_version(client, image, Aliases=["stable", "v1.0"])
    make_image_version(client, image, Aliases=["beta"])
    make_image_version(client, image)

    assert sorted(aliases(client, image)) == ["beta", "stable", "v1.0"]
    assert sorted(aliases(client, image, Version=1)) == ["stable", "v1.0"]
    assert sorted(aliases(client, image, Alias="v1.0")) == ["stable", "v1.0"]
    assert aliases(client, image, Version=2) == ["beta"]
    assert aliases(client, image, Version=3) == []


def test_an_alias_moves_to_the_version_that_takes_it(client: Any, image: str) -> None:
    make_image_version(client, image, Aliases=["latest", "one"])
    make_image_version(client, image, Aliases=["latest"])

    assert version(client, image, Alias="latest")["Version"] == 2
    assert aliases(client, image, Version=1) == ["one"]

    client.update_image_version(ImageName=image, Version=1, AliasesToAdd=["latest"])

    assert version(client, image, Alias="latest")["Version"] == 1
    assert aliases(client, image, Version=2) == []


def test_aliases_are_added_and_taken_away_in_one_update(client: Any, image: str) -> None:
    make_image_version(client, image, Aliases=["a", "b"])

    client.update_image_version(ImageName=image, Version=1, AliasesToAdd=["c"], AliasesToDelete=["a"])

    assert sorted(aliases(client, image)) == ["b", "c"]


def test_an_alias_of_another_version_is_not_taken_away(client: Any, image: str) -> None:
    make_image_version(client, image, Aliases=["mine"])
    make_image_version(client, image)

    client.update_image_version(ImageName=image, Version=2, AliasesToDelete=["mine"])

    assert aliases(client, image, Version=1) == ["mine"]


def test_aliases_of_different_images_are_different(client: Any, image: str) -> None:
    make_image(client, "j")
    make_image_version(client, image, Aliases=["same"])
    make_image_version(client, "j", Aliases=["same"])

    client.update_image_version(ImageName="j", Version=1, AliasesToDelete=["same"])

    assert aliases(client, image) == ["same"]
    assert aliases(client, "j") == []


@pytest.mark.parametrize("how", [{"Version": 1}, {"Alias": "old"}])
def test_a_version_is_deleted_by_number_and_by_alias_with_its_aliases(
    client: Any, image: str, how: dict[str, Any]
) -> None:
    make_image_version(client, image, Aliases=["old", "older"])
    make_image_version(client, image, Aliases=["new"])

    client.delete_image_version(ImageName=image, **how)

    assert refusal(client.describe_image_version, ImageName=image, Version=1)[0] == "ResourceNotFound"
    assert refusal(client.describe_image_version, ImageName=image, Alias="old")[0] == "ResourceNotFound"
    assert aliases(client, image) == ["new"]


def test_aliases_come_in_pages_that_hold_each_once(client: Any, image: str) -> None:
    named = [f"alias-{number:02}" for number in range(25)]
    make_image_version(client, image, Aliases=named)

    sizes, walked = [], []
    for page in client.get_paginator("list_aliases").paginate(ImageName=image, PaginationConfig={"PageSize": 7}):
        sizes.append(len(page["SageMakerImageVersionAliases"]))
        walked += page["SageMakerImageVersionAliases"]

    assert sizes == [7, 7, 7, 4]
    assert sorted(walked) == named


def test_a_page_of_aliases_begins_behind_the_last_one_whatever_happened_to_it(client: Any, image: str) -> None:
    make_image_version(client, image, Aliases=["a", "b", "c", "d"])
    first = client.list_aliases(ImageName=image, MaxResults=2)
    assert len(first["SageMakerImageVersionAliases"]) == 2

    gone = first["SageMakerImageVersionAliases"]
    client.update_image_version(ImageName=image, Version=1, AliasesToDelete=gone)
    second = client.list_aliases(ImageName=image, MaxResults=2, NextToken=first["NextToken"])

    assert sorted(gone + second["SageMakerImageVersionAliases"]) == ["a", "b", "c", "d"]


def test_an_alias_that_begins_with_a_dot_is_refused(client: Any, image: str) -> None:
    code, message = refusal(client.create_image_version, ImageName=image, BaseImage=IMAGE, Aliases=["ok", ".hidden"])

    assert code == "ValidationException"
    assert "'aliases.2.member'" in message
    assert client.list_image_versions(ImageName=image)["ImageVersions"] == []
