"""What a template tells of itself, and of the capabilities it needs."""

from __future__ import annotations

import pytest

from emulator.cloudformation import summary, template
from tests.cloudformation.templates import refusal

BODY = """
AWSTemplateFormatVersion: 2010-09-09
Description: A shop
Metadata: {made: by hand}
Parameters:
  Size: {Type: Number, Default: 3, AllowedValues: [1, 3], Description: how big}
  Key: {Type: String, NoEcho: true}
Resources:
  One: {Type: AWS::SageMaker::Image}
  Two: {Type: AWS::SageMaker::Image}
  Role: {Type: AWS::IAM::Role}
"""


def test_a_summary_tells_parameters_types_and_capabilities() -> None:
    assert summary.summary(template.read(BODY)) == {
        "Parameters": [
            {
                "ParameterKey": "Size",
                "ParameterType": "Number",
                "NoEcho": False,
                "DefaultValue": "3",
                "Description": "how big",
                "ParameterConstraints": {"AllowedValues": ["1", "3"]},
            },
            {"ParameterKey": "Key", "ParameterType": "String", "NoEcho": True, "ParameterConstraints": {}},
        ],
        "ResourceTypes": ["AWS::SageMaker::Image", "AWS::IAM::Role"],
        "ResourceIdentifierSummaries": [
            {"ResourceType": "AWS::SageMaker::Image", "LogicalResourceIds": ["One", "Two"]},
            {"ResourceType": "AWS::IAM::Role", "LogicalResourceIds": ["Role"]},
        ],
        "Version": "2010-09-09",
        "Metadata": '{"made": "by hand"}',
        "Description": "A shop",
        "Capabilities": ["CAPABILITY_IAM"],
        "CapabilitiesReason": "The following resource(s) require capabilities: [AWS::IAM::Role]",
    }


def test_a_validation_finds_a_circle() -> None:
    body = "Resources: {A: {Type: T, DependsOn: B}, B: {Type: T, DependsOn: A}}"

    assert refusal(lambda: summary.validation(template.read(body))) == ("Circular dependency between resources: [A, B]")


def test_a_validation_tells_parameters_and_capabilities() -> None:
    told = summary.validation(template.read(BODY))

    assert told["Parameters"] == [
        {"ParameterKey": "Size", "DefaultValue": "3", "NoEcho": False, "Description": "how big"},
        {"ParameterKey": "Key", "NoEcho": True},
    ]
    assert "ResourceTypes" not in told
    assert told["Capabilities"] == ["CAPABILITY_IAM"]


@pytest.mark.parametrize(
    ("body", "needed"),
    [
        ("Resources: {A: {Type: AWS::SageMaker::Image}}", []),
        ("Resources: {A: {Type: AWS::IAM::Role}}", ["CAPABILITY_IAM"]),
        ("Resources: {A: {Type: AWS::IAM::Role, Properties: {RoleName: r}}}", ["CAPABILITY_NAMED_IAM"]),
        ("Resources: {A: {Type: AWS::IAM::Policy, Properties: {PolicyName: p}}}", ["CAPABILITY_IAM"]),
        ("Transform: AWS::LanguageExtensions\nResources: {A: {Type: T}}", ["CAPABILITY_AUTO_EXPAND"]),
    ],
)
def test_capabilities_are_needed_for_access_names_and_transforms(body: str, needed: list[str]) -> None:
    assert summary.capabilities(template.read(body)) == needed
