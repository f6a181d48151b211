"""Tags on every kind that takes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.behaviour.examples import (
    arn,
    make_group,
    make_image,
    make_model,
    make_package,
    plain,
    refusal,
)

KINDS: dict[str, Callable[..., str]] = {
    "model": make_model,
    "model package group": make_group,
    "unversioned model package": make_package,
    "image": make_image,
}
every_kind = pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)


def tag(key: str, value: str = "") -> dict[str, str]:
    return {"Key": key, "Value": value}


def tags(count: int, start: int = 0) -> list[dict[str, str]]:
    return [tag(f"key-{number}", str(number)) for number in range(start, start + count)]


def tagged(client: Any, resource: str) -> dict[str, str]:
    return {one["Key"]: one["Value"] for one in client.list_tags(ResourceArn=resource)["Tags"]}


@every_kind
def test_what_is_made_without_tags_has_none(client: Any, make: Callable[..., str]) -> None:
    assert plain(client.list_tags(ResourceArn=make(client, "Thing"))) == {"Tags": []}


@every_kind
def test_tags_given_at_birth_are_listed(client: Any, make: Callable[..., str]) -> None:
    resource = make(client, "Thing", Tags=[tag("team", "a b"), tag("empty")])

    assert tagged(client, resource) == {"team": "a b", "empty": ""}


@every_kind
def test_tags_are_added_and_overwritten(client: Any, make: Callable[..., str]) -> None:
    resource = make(client, "Thing", Tags=[tag("a", "1"), tag("b", "2")])

    answer = client.add_tags(ResourceArn=resource, Tags=[tag("b", "3"), tag("c", "4")])

    assert {one["Key"]: one["Value"] for one in answer["Tags"]} == {"a": "1", "b": "3", "c": "4"}
    assert tagged(client, resource) == {"a": "1", "b": "3", "c": "4"}


@every_kind
def test_tags_are_deleted_by_key_and_unknown_keys_are_no_fault(client: Any, make: Callable[..., str]) -> None:
    resource = make(client, "Thing", Tags=[tag("a", "1"), tag("b", "2"), tag("c", "3")])

    assert plain(client.delete_tags(ResourceArn=resource, TagKeys=["a", "c", "nobody"])) == {}

    assert tagged(client, resource) == {"b": "2"}


@every_kind
def test_tags_do_not_outlive_their_resource(client: Any, make: Callable[..., str]) -> None:
    resource = make(client, "Thing", Tags=[tag("a", "1")])
    delete_all(client)

    assert refusal(client.list_tags, ResourceArn=resource)[0] == "ValidationException"
    assert tagged(client, make(client, "Thing")) == {}


def delete_all(client: Any) -> None:
    for operation, said in (
        ("delete_model", {"ModelName": "Thing"}),
        ("delete_model_package_group", {"ModelPackageGroupName": "Thing"}),
        ("delete_model_package", {"ModelPackageName": "Thing"}),
        ("delete_image", {"ImageName": "Thing"}),
    ):
        try:
            getattr(client, operation)(**said)
        except client.exceptions.ClientError:
            continue


@every_kind
def test_tagging_is_no_modification(client: Any, clock: Any, make: Callable[..., str]) -> None:
    resource = make(client, "Thing")
    before = look(client, make)
    clock.advance(1)

    client.add_tags(ResourceArn=resource, Tags=[tag("a")])

    assert look(client, make) == before


def look(client: Any, make: Callable[..., str]) -> dict[str, Any]:
    if make is make_model:
        return plain(client.describe_model(ModelName="Thing"))
    if make is make_group:
        return plain(client.describe_model_package_group(ModelPackageGroupName="Thing"))
    if make is make_package:
        return plain(client.describe_model_package(ModelPackageName="Thing"))
    return plain(client.describe_image(ImageName="Thing"))


# --- Limits -----------------------------------------------------------------------------------------------------------


@every_kind
def test_fifty_tags_are_the_most_in_all_and_a_refusal_adds_none(client: Any, make: Callable[..., str]) -> None:
    resource = make(client, "Thing", Tags=tags(30))
    client.add_tags(ResourceArn=resource, Tags=tags(20, start=30))
    assert len(tagged(client, resource)) == 50

    refused = refusal(client.add_tags, ResourceArn=resource, Tags=[tag("key-0", "changed"), tag("one more")])

    assert refused[0] == "ValidationException"
    assert tagged(client, resource) == {f"key-{number}": str(number) for number in range(50)}


def test_a_full_resource_takes_new_values_for_old_keys(client: Any) -> None:
    resource = make_model(client, "m", Tags=tags(50))

    client.add_tags(ResourceArn=resource, Tags=[tag("key-7", "changed")])

    assert tagged(client, resource)["key-7"] == "changed"


@every_kind
def test_more_than_fifty_at_birth_are_refused_and_nothing_is_made(client: Any, make: Callable[..., str]) -> None:
    refused = refusal(make, client=client, name="Thing", Tags=tags(51))

    assert refused[0] == "ValidationException"
    assert "Member must have length less than or equal to 50" in refused[1]
    make(client, "Thing")


@every_kind
@pytest.mark.parametrize("key", ["aws:", "aws:cloudformation:stack-name"])
def test_keys_that_are_amazons_are_refused(client: Any, make: Callable[..., str], key: str) -> None:
    assert refusal(make, client=client, name="Thing", Tags=[tag(key, "x")])[0] == "ValidationException"
    resource = make(client, "Thing")
    refused = refusal(client.add_tags, ResourceArn=resource, Tags=[tag("ok"), tag(key, "x")])

    assert refused[0] == "ValidationException"
    assert tagged(client, resource) == {}


def test_a_key_may_begin_with_aws_but_for_the_colon(client: Any) -> None:
    assert tagged(client, make_model(client, "m", Tags=[tag("aws-team", "x")])) == {"aws-team": "x"}


@every_kind
def test_a_key_twice_in_one_call_is_refused(client: Any, make: Callable[..., str]) -> None:
    twice = [tag("a", "1"), tag("b", "2"), tag("a", "3")]

    assert refusal(make, client=client, name="Thing", Tags=twice)[0] == "ValidationException"
    resource = make(client, "Thing")
    assert refusal(client.add_tags, ResourceArn=resource, Tags=twice)[0] == "ValidationException"
    assert tagged(client, resource) == {}


def test_keys_that_differ_by_case_are_different(client: Any) -> None:
    resource = make_model(client, "m", Tags=[tag("Key", "1"), tag("key", "2")])

    assert tagged(client, resource) == {"Key": "1", "key": "2"}


def test_keys_and_values_may_be_in_any_script(client: Any) -> None:
    resource = make_model(client, "m", Tags=[tag("équipe 東京", "ж 1+1=2 _.:/@-")])

    assert tagged(client, resource) == {"équipe 東京": "ж 1+1=2 _.:/@-"}


@pytest.mark.parametrize("key", ["", "k" * 129, "semi;colon"])
def test_keys_outside_the_pattern_are_refused(client: Any, connect: Any, key: str) -> None:
    resource = make_model(client, "m")

    code, message = refusal(connect(validate=False).add_tags, ResourceArn=resource, Tags=[tag(key, "x")])

    assert code == "ValidationException"
    assert "'tags.1.member.key'" in message


# --- What cannot be found ---------------------------------------------------------------------------------------------

OPERATIONS = {"list_tags": {}, "add_tags": {"Tags": [tag("a")]}, "delete_tags": {"TagKeys": ["a"]}}
every_operation = pytest.mark.parametrize(("operation", "said"), OPERATIONS.items(), ids=OPERATIONS)


@every_operation
@pytest.mark.parametrize(
    "resource",
    ["model/nobody", "model/THING", "Model/Thing", "image/Thing", "model/Thing/1", "nothing/at-all", "endpoint/Thing"],
)
def test_a_well_formed_arn_of_nothing_does_not_exist(
    client: Any, operation: str, said: dict[str, Any], resource: str
) -> None:
    make_model(client, "Thing")

    code, message = refusal(getattr(client, operation), ResourceArn=arn(resource), **said)

    assert code == "ValidationException"
    assert message.rstrip(".") == "Resource does not exist"


@every_operation
def test_an_arn_of_another_place_does_not_exist(client: Any, operation: str, said: dict[str, Any]) -> None:
    make_model(client, "Thing")

    for elsewhere in (arn("model/Thing", region="eu-west-1"), arn("model/Thing", account="210987654321")):
        code, _ = refusal(getattr(client, operation), ResourceArn=elsewhere, **said)
        assert code == "ValidationException"


@every_operation
def test_an_empty_arn_breaks_the_pattern(client: Any, operation: str, said: dict[str, Any]) -> None:
    assert refusal(getattr(client, operation), ResourceArn="", **said) == (
        "ValidationException",
        (
            "1 validation error detected: Value '' at 'resourceArn' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:.+"
        ),
    )


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_a_page_of_tags_holds_all_there_can_be(client: Any) -> None:
    resource = make_model(client, "m", Tags=tags(50))

    answer = client.list_tags(ResourceArn=resource, MaxResults=50)

    assert len(answer["Tags"]) == 50
    assert "NextToken" not in answer
    assert (
        client.get_paginator("list_tags").paginate(ResourceArn=resource).build_full_result()["Tags"] == answer["Tags"]
    )


def test_a_page_of_tags_has_room_for_fifty_at_least(connect: Any, client: Any) -> None:
    resource = make_model(client, "m")

    code, message = refusal(connect(validate=False).list_tags, ResourceArn=resource, MaxResults=49)

    assert code == "ValidationException"
    assert "greater than or equal to 50" in message


def test_a_made_up_token_is_refused(client: Any) -> None:
    resource = make_model(client, "m")

    assert refusal(client.list_tags, ResourceArn=resource, NextToken="made-up")[0] == "ValidationException"


def test_versions_of_images_take_no_tags(client: Any) -> None:
    make_image(client, "i")
    version = client.create_image_version(ImageName="i", BaseImage="b")["ImageVersionArn"]

    assert refusal(client.list_tags, ResourceArn=version)[0] == "ValidationException"
