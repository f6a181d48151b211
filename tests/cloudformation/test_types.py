"""DescribeType and ListTypes: which resource types there are, and what their schemas say."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.registry import schema
from tests.behaviour.examples import plain, refusal

IMAGE = "AWS::SageMaker::Image"
ARN = "arn:aws:cloudformation:us-east-1::type/resource/AWS-SageMaker-Image"


@pytest.fixture
def client(connect: Callable[..., Any]) -> Any:
    """A boto3 client of CloudFormation."""
    return connect("cloudformation")


def names(client: Any, **asked: Any) -> list[str]:
    pages = client.get_paginator("list_types").paginate(**asked)
    return [one["TypeName"] for page in pages for one in page["TypeSummaries"]]


def test_a_type_is_described_with_its_schema(client: Any) -> None:
    described = plain(client.describe_type(Type="RESOURCE", TypeName=IMAGE))
    said = json.loads(described.pop("Schema"))
    assert described == {
        "Arn": ARN,
        "Type": "RESOURCE",
        "TypeName": IMAGE,
        "ProvisioningType": "FULLY_MUTABLE",
        "DeprecatedStatus": "LIVE",
        "Visibility": "PUBLIC",
    }
    assert said == schema.load("sagemaker")[IMAGE]
    assert said["createOnlyProperties"] == ["/properties/ImageName"]


def test_a_type_is_found_by_its_arn(client: Any) -> None:
    assert client.describe_type(Arn=ARN)["TypeName"] == IMAGE
    assert client.describe_type(Arn=f"{ARN}/00000001")["TypeName"] == IMAGE


@pytest.mark.parametrize(
    ("name", "provisioning"),
    [
        ("Image", "FULLY_MUTABLE"),
        ("StudioLifecycleConfig", "IMMUTABLE"),
        ("ExperimentTrialComponent", "NON_PROVISIONABLE"),
    ],
)
def test_what_stacks_can_do_with_a_type_follows_from_its_handlers(client: Any, name: str, provisioning: str) -> None:
    assert client.describe_type(Type="RESOURCE", TypeName=f"AWS::SageMaker::{name}")["ProvisioningType"] == provisioning


def test_a_type_that_is_not_there_is_not_found(client: Any) -> None:
    with pytest.raises(ClientError) as refused:
        client.describe_type(Type="RESOURCE", TypeName="AWS::SageMaker::Castle")
    said = refused.value.response
    assert said["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert (said["Error"]["Code"], said["Error"]["Message"]) == (
        "TypeNotFoundException",
        "The type 'AWS::SageMaker::Castle' cannot be found.",
    )
    assert refusal(client.describe_type, Type="HOOK", TypeName=IMAGE)[0] == "TypeNotFoundException"


@pytest.mark.parametrize("asked", [{}, {"Type": "RESOURCE"}, {"TypeName": IMAGE}])
def test_who_does_not_name_a_type_is_refused(client: Any, asked: dict[str, str]) -> None:
    assert refusal(client.describe_type, **asked)[0] == "CFNRegistryException"


def test_public_types_are_listed_for_who_asks_for_them(client: Any) -> None:
    prefix = {"TypeNamePrefix": "AWS::SageMaker::"}
    everything = names(client, Visibility="PUBLIC", Filters=prefix)
    assert everything == sorted(schema.load("sagemaker"))
    assert names(client) == names(client, Filters=prefix) == []
    assert names(client, Visibility="PUBLIC", Filters={**prefix, "Category": "THIRD_PARTY"}) == []
    assert names(client, Visibility="PUBLIC", Filters={**prefix, "Category": "AWS_TYPES"}) == everything
    assert names(client, Visibility="PUBLIC", Type="MODULE") == []
    [image] = client.list_types(Visibility="PUBLIC", Filters={"TypeNamePrefix": "AWS::SageMaker::ImageV"})[
        "TypeSummaries"
    ]
    assert image == {
        "Type": "RESOURCE",
        "TypeName": "AWS::SageMaker::ImageVersion",
        "TypeArn": f"{ARN}Version",
    }


def test_listed_types_come_in_pages_and_by_what_stacks_can_do_with_them(client: Any) -> None:
    asked = {"Visibility": "PUBLIC", "Filters": {"TypeNamePrefix": "AWS::SageMaker::"}}
    paged = names(client, **asked, PaginationConfig={"PageSize": 7})
    assert paged == names(client, **asked)
    immutable = names(client, **asked, ProvisioningType="IMMUTABLE")
    assert "AWS::SageMaker::StudioLifecycleConfig" in immutable
    assert IMAGE not in immutable
    assert refusal(client.list_types, **asked, NextToken="none") == (
        "ValidationError",
        "The NextToken provided is invalid.",
    )
