"""Templates as texts: what is read, in which form, and what is refused with which sentence."""

from __future__ import annotations

import json

import pytest

from emulator.cloudformation import template
from tests.cloudformation.templates import refusal

RESOURCES = "Resources: {One: {Type: 'AWS::SageMaker::Image'}}\n"


def said(body: str) -> str:
    return refusal(lambda: template.read(body))


def test_json_and_yaml_with_short_forms_are_one_template() -> None:
    long = {
        "Conditions": {"Big": {"Fn::Not": [{"Condition": "Small"}]}, "Small": {"Fn::Equals": ["a", "b"]}},
        "Resources": {
            "One": {"Type": "T", "Properties": {"A": {"Fn::GetAtt": ["Two", "Outputs.Name"]}, "B": {"Ref": "Two"}}},
            "Two": {"Type": "T", "Properties": {"C": {"Fn::Join": ["-", [{"Fn::Sub": "${One}"}, "x"]]}}},
        },
    }
    short = """
Conditions: {Big: !Not [!Condition Small], Small: !Equals [a, b]}
Resources:
  One: {Type: T, Properties: {A: !GetAtt Two.Outputs.Name, B: !Ref Two}}
  Two: {Type: T, Properties: {C: !Join ['-', [!Sub '${One}', x]]}}
"""
    assert template.read(short).document == template.read(json.dumps(long)).document


def test_dates_are_texts_in_yaml() -> None:
    read = template.read(RESOURCES + "AWSTemplateFormatVersion: 2010-09-09\nMetadata: {Version: 2012-10-17}")

    assert (read.document["AWSTemplateFormatVersion"], read.metadata) == ("2010-09-09", {"Version": "2012-10-17"})


def test_a_template_says_what_it_declares_in_its_order() -> None:
    read = template.read("""
Description: two
Transform: [AWS::LanguageExtensions]
Resources:
  Zebra: {Type: A, DependsOn: Ant, DeletionPolicy: Retain, Metadata: {a: 1}}
  Ant: {Type: B, DependsOn: [Zebra], Condition: Big, UpdateReplacePolicy: Snapshot}
Outputs:
  Name: {Value: !Ref Ant, Description: d, Condition: Big, Export: {Name: exported}}
""")
    zebra, ant = read.resources.values()

    assert (read.description, read.transforms, read.extended) == ("two", ("AWS::LanguageExtensions",), True)
    assert (zebra.logical, zebra.depends_on, zebra.deletion_policy, zebra.metadata) == (
        "Zebra", ("Ant",), "Retain", {"a": 1},
    )  # fmt: skip
    assert (ant.type, ant.depends_on, ant.condition, ant.update_replace_policy) == ("B", ("Zebra",), "Big", "Snapshot")
    assert read.outputs["Name"] == template.Output("Name", {"Ref": "Ant"}, "d", "Big", "exported")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('{"Resources": {"A": }}', "Template format error: JSON not well-formed. (line 1, column 21)"),
        ("Resources:\n  A: b: c", "Template format error: YAML not well-formed. (line 2, column 7)"),
        ("just a text", "Template format error: unsupported structure."),
        ("- a\n- list", "Template format error: unsupported structure."),
        ("A: &a {}\nB: *a", "Template error: YAML aliases are not allowed in CloudFormation templates"),
        ("Description: none", "Template format error: At least one Resources member must be defined."),
        ("Resources: {}", "Template format error: At least one Resources member must be defined."),
        (RESOURCES + "Resource: {}", "Invalid template property or properties [Resource]"),
        (
            RESOURCES + "Outputs: {Out: {Value: }}",
            "[/Outputs/Out/Value] 'null' values are not allowed in templates",
        ),
        (
            "Resources: {A: {Type: X, Condition: No}}",
            "Template format error: Unresolved condition dependency false in the Resources block of the template",
        ),
        (
            "Resources: {A: {Type: X, Condition: [a]}}",
            "Template format error: Every Condition member must be a string.",
        ),
        (
            '{"Description": "' + "\\ud800" * 400 + '", "Resources": {"A": {"Type": "X"}}}',
            "Template format error: 'Description' length or type is not valid.",
        ),
        (RESOURCES + "Outputs: {Out: {}}", "Template format error: Every Outputs member must contain a Value object"),
        (
            "Resources: {A: {Properties: {}}}",
            "Template format error: [/Resources/A] Every Resources object must contain a Type member.",
        ),
        ("Resources: {A: {Type: T, Invalid: 1}}", "Invalid template resource property 'Invalid'"),
        ("Resources: {A-b: {Type: T}}", "Template format error: Resource name 'A-b' is non alphanumeric."),
        (RESOURCES + "Mappings: {M: a}", "Template format error: Every Mappings member M must be a map"),
        (RESOURCES + "Mappings: {M: {A: a}}", "Template format error: Every Mappings member A must be a map"),
        (
            RESOURCES + "Mappings: {M: {A: {B: {C: d}}}}",
            "Template format error: Every Mappings attribute must be a String or a List.",
        ),
        (RESOURCES + "Conditions: {C: 5}", "Template format error: Every Conditions member C must be a map"),
        (
            RESOURCES + "Conditions: {C: {Equals: [a, a]}}",
            "Template format error: Conditions member C must be a condition function",
        ),
        (
            RESOURCES + "Parameters: {P: {Type: Stringgg}}",
            "Template format error: Unrecognized parameter type: Stringgg",
        ),
        (
            RESOURCES + "Parameters: {P: {}}",
            "Template format error: Every Parameters object must contain a Type member.",
        ),
        (
            "Resources: {A: {Type: T, DeletionPolicy: Keep}}",
            "Template error: Unrecognized DeletionPolicy Keep for resource A",
        ),
    ],
)
def test_what_is_no_template_is_refused_in_cloudformations_words(body: str, sentence: str) -> None:
    assert said(body) == sentence


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            "Resources: {A: {Type: T, Properties: {B: !Ref Lost, C: !Sub '${No}'}}}",
            "Template format error: Unresolved resource dependencies [Lost, No] in the Resources block of the template",
        ),
        (
            "Resources: {A: {Type: T, DependsOn: Gone}}",
            "Template format error: Unresolved resource dependencies [Gone] in the Resources block of the template",
        ),
        (
            RESOURCES + "Outputs: {Out: {Value: !Ref Gone}}",
            "Template format error: Unresolved resource dependencies [Gone] in the Outputs block of the template",
        ),
        (
            "Resources: {A: {Type: T, Properties: {B: !GetAtt Gone.Arn}}}",
            "Template error: instance of Fn::GetAtt references undefined resource Gone",
        ),
        (
            RESOURCES + "Conditions: {C: !Equals [!Ref One, x]}",
            (
                "Template format error: Unresolved dependencies [One]. "
                "Cannot reference resources in the Conditions block of the template"
            ),
        ),
        (
            "Resources: {A: {Type: T, Condition: Gone}}",
            "Template format error: Unresolved condition dependency Gone in the Resources block of the template",
        ),
        (RESOURCES + "Transform: Mine", "No transform named Mine found."),
        (RESOURCES + "Transform: {Name: {Ref: x}}", "Key Name of transform definition must be a string."),
        (
            "Resources: {A: {Type: T, Properties: {'Fn::Transform': {Name: 'AWS::Include'}}}}",
            (
                "The emulator does not apply the transform AWS::Include; of AWS's transforms it knows "
                "AWS::LanguageExtensions."
            ),
        ),
    ],
)
def test_what_refers_to_nothing_is_refused(body: str, sentence: str) -> None:
    assert said(body) == sentence


@pytest.mark.parametrize("branch", ["!If [Big, !Join [a], 1]", "!If [Big, 1, !Join [a]]", "!Join [a]"])
def test_functions_must_have_their_form_whichever_way_conditions_lead(branch: str) -> None:
    body = f"Conditions: {{Big: !Equals [a, b]}}\nResources: {{A: {{Type: T, Properties: {{B: {branch}}}}}}}"

    assert said(body).startswith("Template error: every Fn::Join object requires two parameters")


def test_functions_of_what_is_not_known_yet_are_taken_as_they_are() -> None:
    body = """
Parameters: {P: {Type: CommaDelimitedList}, N: {Type: Number}}
Mappings: {M: {a: {b: [c]}}}
Resources:
  A:
    Type: T
    Properties:
      B: !Select [!Ref N, !Ref P]
      C: !Join [',', !Ref P]
      D: !Select [0, !FindInMap [M, !Ref 'AWS::Region', b]]
      E: !Select [1, !Split ['/', !GetAtt G.Arn]]
      F: !Select [2, !GetAZs '']
      G: !Cidr [!GetAtt G.CidrBlock, 4, 8]
      H: !If [Big, !Ref 'AWS::NoValue', !ImportValue {'Fn::Sub': '${AWS::StackName}-x'}]
  G: {Type: T}
Conditions: {Big: !Equals [!Select [0, !Ref P], x]}
"""

    assert list(template.read(body).resources) == ["A", "G"]


def test_metadata_may_say_anything() -> None:
    body = "Resources: {A: {Type: T, Metadata: {Ref: anything}, Properties: {B: !Ref 'AWS::NoValue'}}}"

    assert template.read(body).resources["A"].metadata == {"Ref": "anything"}


@pytest.mark.parametrize("used", ["!Length [a]", "!ToJsonString {a: b}"])
def test_extensions_of_the_language_need_their_transform(used: str) -> None:
    body = f"Resources: {{A: {{Type: T, Properties: {{B: {used}}}}}}}"

    assert said(body).startswith("Template format error: Encountered unsupported function: Fn::")
    assert template.read("Transform: AWS::LanguageExtensions\n" + body).extended


def test_there_are_at_most_500_resources() -> None:
    body = {"Resources": {f"A{number}": {"Type": "T"} for number in range(501)}}

    assert said(json.dumps(body)) == (
        "Template format error: Number of resources, 501, is greater than maximum allowed, 500"
    )
