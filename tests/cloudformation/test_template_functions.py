"""Every function of a template: what it comes to, what it refuses, and that it says what it cannot know yet."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from emulator.cloudformation import dynamic
from emulator.cloudformation.functions import UNKNOWN, Unknown, evaluate
from tests.cloudformation.templates import Shelves, known, properties, refusal, unborn, value

MAPPINGS = "Mappings: {Sizes: {small: {cpu: 1, names: [a, b]}, '12': {cpu: 12}}}"
PARAMETERS = "Parameters: {Env: {Type: String, Default: dev}, Some: {Type: CommaDelimitedList, Default: 'a, b,c'}}"
EXTENDED = "Transform: AWS::LanguageExtensions\n"


@pytest.mark.parametrize(
    ("function", "result"),
    [
        ({"Ref": "One"}, "id-of-One"),
        ({"Ref": "AWS::AccountId"}, "123456789012"),
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"Ref": "AWS::Partition"}, "aws"),
        ({"Ref": "AWS::URLSuffix"}, "amazonaws.com"),
        ({"Ref": "AWS::StackName"}, "shop"),
        ({"Ref": "AWS::StackId"}, "arn:aws:cloudformation:shop"),
        ({"Ref": "AWS::NotificationARNs"}, ["topic"]),
        ({"Ref": "Env"}, "dev"),
        ({"Ref": "Some"}, ["a", "b", "c"]),
        ({"Fn::GetAtt": ["One", "Arn"]}, "Arn-of-One"),
        ({"Fn::GetAtt": "One.Endpoint.Port"}, "Endpoint.Port-of-One"),
        ({"Fn::GetAtt": ["One", {"Ref": "Env"}]}, "dev-of-One"),
        ({"Fn::Sub": "${Env}/${One}/${Two.Arn}/${AWS::Region}"}, "dev/id-of-One/Arn-of-Two/us-east-1"),
        ({"Fn::Sub": "a ${!literal} $5 {x}"}, "a ${literal} $5 {x}"),
        ({"Fn::Sub": ["${Mine}-${Env}", {"Mine": {"Fn::Join": ["", ["x", 1]]}}]}, "x1-dev"),
        ({"Fn::Join": [",", ["a", 1, True, {"Ref": "Env"}]]}, "a,1,true,dev"),
        ({"Fn::Join": ["", []]}, ""),
        ({"Fn::Split": ["|", "a||b"]}, ["a", "", "b"]),
        ({"Fn::Select": ["1", {"Fn::Split": [",", "a,b"]}]}, "b"),
        ({"Fn::Select": [2, {"Ref": "Some"}]}, "c"),
        ({"Fn::Base64": "häuser"}, base64.b64encode("häuser".encode()).decode()),
        ({"Fn::GetAZs": ""}, ["us-east-1a", "us-east-1b", "us-east-1c"]),
        ({"Fn::GetAZs": "eu-west-1"}, ["eu-west-1a", "eu-west-1b", "eu-west-1c"]),
        ({"Fn::ImportValue": {"Fn::Sub": "v${C}c"}}, None),
        ({"Fn::Cidr": ["10.0.0.0/16", 3, 8]}, ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]),
        ({"Fn::Cidr": ["2001:db8::/56", "2", "64"]}, ["2001:db8::/64", "2001:db8:0:1::/64"]),
        ({"a": {"Ref": "AWS::NoValue"}, "b": [1, {"Ref": "AWS::NoValue"}, 2]}, {"b": [1, 2]}),
        ({"Ref": "Env", "more": 1}, {"Ref": "Env", "more": 1}),
    ],
)
def test_a_function_comes_to_its_value(function: Any, result: Any) -> None:
    if result is None:
        function, result = {"Fn::ImportValue": "vpc"}, "vpc-1"
    assert value(function, PARAMETERS) == result


def test_mappings_are_looked_into() -> None:
    declared = PARAMETERS + "\n" + MAPPINGS

    assert value({"Fn::FindInMap": ["Sizes", "small", "names"]}, declared) == ["a", "b"]
    assert value({"Fn::FindInMap": ["Sizes", {"Ref": "Env"}, "cpu"]}, declared, Env="12") == 12


def test_conditions_hold_or_not() -> None:
    declared = """
Parameters: {Env: {Type: String}}
Conditions:
  Prod: !Equals [!Ref Env, prod]
  Test: !Not [!Or [!Condition Prod, !Equals [!Ref Env, dev]]]
  Both: !And [!Condition Prod, !Equals ['1', 1]]
"""
    chosen = {"Fn::If": ["Prod", "big", {"Fn::If": ["Test", "small", {"Ref": "AWS::NoValue"}]}]}

    assert [value([chosen], declared, Env=env) for env in ("prod", "test", "dev")] == [["big"], ["small"], []]
    assert [known(declared + "Resources: {A: {Type: T}}", Env=env).condition("Both") for env in ("prod", "x")] == [
        True, False,
    ]  # fmt: skip


def test_a_branch_that_is_not_taken_is_not_evaluated() -> None:
    broken = {"Fn::Select": [9, ["only"]]}

    assert value({"Fn::If": ["Yes", "fine", broken]}, "Conditions: {Yes: !Equals [a, a]}") == "fine"


def test_conditions_that_name_each_other_in_a_circle_are_refused() -> None:
    declared = "Conditions: {A: !Not [!Condition B], B: !Not [!Condition A]}"

    assert refusal(lambda: value({"Fn::If": ["A", 1, 2]}, declared)).startswith(
        "Template format error: Found circular condition dependency"
    )


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        ({"Ref": ["One"]}, "Template error: every Ref object must have a single String value."),
        (
            {"Fn::GetAtt": ["One"]},
            (
                "Template error: every Fn::GetAtt object requires two non-empty parameters, "
                "the resource name and the resource attribute"
            ),
        ),
        (
            {"Fn::GetAtt": "One"},
            (
                "Template error: if specifying one argument to Fn::GetAtt, that argument must be a non-empty string in "
                "format <LogicalId>.<Attribute>"
            ),
        ),
        ({"Fn::GetAtt": ["Gone", "Arn"]}, "Template error: instance of Fn::GetAtt references undefined resource Gone"),
        ({"Fn::Select": [3, ["a"]]}, "Template error: Fn::Select cannot select nonexistent value at index 3"),
        ({"Fn::Select": [-1, ["a"]]}, "Template error: Fn::Select cannot select nonexistent value at index -1"),
        (
            {"Fn::FindInMap": ["Sizes", "large", "cpu"]},
            "Template error: Unable to get mapping for Sizes::large::cpu",
        ),
        (
            {"Fn::FindInMap": ["Gone", "a", "b"]},
            "Template error: Mapping named 'Gone' is not present in the 'Mappings' section of template.",
        ),
        (
            {"Fn::And": [True]},
            "Template error: every Fn::And object requires a list of at least 2 and at most 10 boolean parameters.",
        ),
        (
            {"Fn::Cidr": ["10.0.0.0/24", 4, 7]},
            "Template error: Fn::Cidr cannot make 4 blocks of 7 bits in 10.0.0.0/24",
        ),
    ],
)
def test_what_a_function_cannot_do_is_refused_in_cloudformations_words(function: Any, sentence: str) -> None:
    assert refusal(lambda: value(function, MAPPINGS)) == sentence


@pytest.mark.parametrize(
    "function",
    [
        {"Fn::Sub": 1},
        {"Fn::Sub": ["a", "b"]},
        {"Fn::Join": ["-", "text"]},
        {"Fn::Join": ["-", [["nested"]]]},
        {"Fn::Split": ["", "a"]},
        {"Fn::Split": [",", ["a"]]},
        {"Fn::Select": ["one", ["a"]]},
        {"Fn::Select": [0]},
        {"Fn::If": ["C", 1]},
        {"Fn::Equals": [1]},
        {"Fn::Not": [True, False]},
        {"Fn::FindInMap": ["Sizes", "small"]},
        {"Fn::Base64": ["a"]},
        {"Fn::Cidr": ["nonsense", 1, 8]},
        {"Fn::GetAZs": ["a"]},
        {"Fn::ImportValue": ["a"]},
        {"Fn::Length": "abc"},
        {"Fn::Contains": ["a", "b"]},
        {"Fn::Nonsense": []},
    ],
)
def test_arguments_of_another_form_are_refused(function: Any) -> None:
    assert refusal(lambda: value(function, MAPPINGS)).startswith("Template")


@pytest.mark.parametrize(
    "function",
    [
        {"Ref": "One"},
        {"Fn::GetAtt": ["One", "Arn"]},
        {"Fn::Sub": "x-${One}"},
        {"Fn::Join": [",", ["a", {"Ref": "One"}]]},
        {"Fn::Split": [",", {"Ref": "One"}]},
        {"Fn::Select": [0, {"Fn::Split": [",", {"Ref": "One"}]}]},
        {"Fn::Base64": {"Ref": "One"}},
        {"Fn::Cidr": [{"Ref": "One"}, 1, 8]},
        {"Fn::ImportValue": {"Ref": "One"}},
    ],
)
def test_what_is_made_of_something_unknown_is_unknown(function: Any) -> None:
    found = unborn(function)

    assert isinstance(found, Unknown)
    assert found == UNKNOWN == "{{changeSet:KNOWN_AFTER_APPLY}}"


def test_loops_are_written_out_in_every_section_and_within_properties() -> None:
    world = known(
        EXTENDED
        + """
Parameters: {Names: {Type: CommaDelimitedList, Default: 'north,south'}}
Conditions:
  Fn::ForEach::Is: [Name, !Ref Names, {'Is${Name}': !Equals [!Ref Name, north]}]
Resources:
  Fn::ForEach::Images:
    - Name
    - !Ref Names
    - 'Image${Name}':
        Type: T
        Condition: !Sub 'Is${Name}'
        Properties:
          Name: !Sub '${AWS::StackName}-${Name}'
          Fn::ForEach::Both: [Side, [a-1, b-2], {'Key&{Side}': '${Name}:${Side}'}]
  Plain: {Type: T, Properties: {All: !Length [1, 2, 3], Text: !ToJsonString {a: [!Ref Plain2, true]}}}
  Plain2: {Type: T, Properties: {Up: !GetAtt Imagenorth.Arn}}
Outputs:
  Fn::ForEach::Arns: [Name, !Ref Names, {'Arn${Name}': {Value: !GetAtt ['Image${Name}', Arn]}}]
"""
    )

    assert list(world.template.resources) == ["Imagenorth", "Imagesouth", "Plain", "Plain2"]
    assert properties(world)["Imagesouth"] == {"Name": "shop-south", "Keya1": "south:a-1", "Keyb2": "south:b-2"}
    assert properties(world)["Plain"] == {"All": 3, "Text": '{"a":["id-of-Plain2",true]}'}
    assert (world.condition("Isnorth"), world.condition("Issouth")) == (True, False)
    assert {name: one.condition for name, one in world.template.resources.items() if one.condition} == {
        "Imagenorth": "Isnorth",
        "Imagesouth": "Issouth",
    }
    assert {name: evaluate(one.value, world) for name, one in world.template.outputs.items()} == {
        "Arnnorth": "Arn-of-Imagenorth",
        "Arnsouth": "Arn-of-Imagesouth",
    }


def test_names_and_policies_may_be_made_by_functions_where_the_language_is_extended() -> None:
    world = known(
        EXTENDED
        + """
Parameters: {Which: {Type: String, Default: One}, Keep: {Type: String, Default: Retain}}
Resources:
  One: {Type: T, DeletionPolicy: !Ref Keep}
  Two: {Type: T, Properties: {A: {Ref: !Ref Which}, B: {'Fn::GetAtt': [!Sub '${Which}', Arn]}}}
"""
    )

    assert world.template.resources["One"].deletion_policy == "Retain"
    assert properties(world)["Two"] == {"A": "id-of-One", "B": "Arn-of-One"}


@pytest.mark.parametrize(
    ("loop", "sentence"),
    [
        ("[Name, [a, b]]", "Fn::ForEach layout is incorrect"),
        ("[Name, text, {'A${Name}': {Type: T}}]", "Fn::ForEach::Loop could not resolve its collection to a list"),
        ("[Name, [a, b], {Same: {Type: T}}]", "Fn::ForEach::Loop makes Same, which is there already"),
    ],
)
def test_a_loop_that_cannot_be_written_out_is_refused(loop: str, sentence: str) -> None:
    assert refusal(lambda: known(EXTENDED + f"Resources: {{'Fn::ForEach::Loop': {loop}}}")) == (
        f"Transform AWS::LanguageExtensions failed with: {sentence}"
    )


def test_what_a_loop_makes_is_checked_like_what_is_written() -> None:
    body = EXTENDED + "Resources: {'Fn::ForEach::L': [N, [a], {'A${N}': {Type: T, Properties: {B: !Ref Gone}}}]}"

    assert "Unresolved resource dependencies [Gone]" in refusal(lambda: known(body))


def test_a_mapping_may_have_a_default_where_the_language_is_extended() -> None:
    found = {"Fn::FindInMap": ["Sizes", "huge", "cpu", {"DefaultValue": {"Ref": "AWS::Region"}}]}

    assert value(found, EXTENDED + MAPPINGS) == "us-east-1"


@pytest.mark.parametrize(
    ("written", "result"),
    [
        ("{{resolve:ssm:/app/size}}", "12"),
        ("x-{{resolve:ssm:/app/size:3}}-y", "x-3-y"),
        ("{{resolve:ssm-secure:/app/size}}", "12!"),
        ("{{resolve:secretsmanager:db:SecretString:user}}@{{resolve:secretsmanager:db:SecretString:port}}", "ann@5432"),
        ("{{resolve:secretsmanager:db}}", '{"user": "ann", "port": 5432}'),
        ("{{resolve:secretsmanager:db:SecretString:user:AWSCURRENT}}", "ann"),
        ("{resolve:ssm:/app/size}", "{resolve:ssm:/app/size}"),
    ],
)
def test_dynamic_references_are_looked_up(written: str, result: str) -> None:
    assert dynamic.resolved({"a": [written]}, Shelves()) == {"a": [result]}


@pytest.mark.parametrize("written", ["{{resolve:s3:bucket}}", "{{resolve:ssm:a:b:c}}"])
def test_dynamic_references_that_nobody_knows_are_refused(written: str) -> None:
    assert refusal(lambda: dynamic.resolved(written, Shelves())) == f"Could not parse dynamic reference {written}"
