"""Parameters and rules of templates: what values come to, which are refused, which are not to be echoed."""

from __future__ import annotations

import pytest

from emulator.cloudformation import parameters, rules, template
from emulator.cloudformation.parameters import Settled
from emulator.cloudformation.sentences import TemplateError
from tests.cloudformation.templates import known, refusal

RESOURCES = "\nResources: {One: {Type: T}}"


def settle(declared: str, previous: dict[str, str] | None = None, **given: str | None) -> dict[str, Settled]:
    read = template.read(f"Parameters: {{{declared}}}{RESOURCES}")
    return parameters.settle(read, given, previous, {"/size": "12", "/list": "a,b"}.__getitem__)


def test_values_are_those_given_or_the_defaults() -> None:
    settled = settle("A: {Type: String, Default: 1}, B: {Type: String, Default: true}, C: {Type: String}", C="c")

    assert parameters.values(settled) == {"A": "1", "B": "true", "C": "c"}


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [
        ("String", "a,b", "a,b"),
        ("Number", "1.5", "1.5"),
        ("List<Number>", "1, 2,3", ["1", "2", "3"]),
        ("CommaDelimitedList", "a, b", ["a", "b"]),
        ("CommaDelimitedList", "", []),
        ("AWS::EC2::VPC::Id", "vpc-1", "vpc-1"),
        ("List<AWS::EC2::Subnet::Id>", "s-1,s-2", ["s-1", "s-2"]),
    ],
)
def test_a_value_has_the_form_of_its_type(kind: str, given: str, value: object) -> None:
    assert settle(f"P: {{Type: '{kind}'}}", P=given)["P"] == (given, value, None)


def test_values_come_from_the_parameter_store() -> None:
    settled = settle(
        "A: {Type: AWS::SSM::Parameter::Value<String>, Default: /size}, "
        "B: {Type: AWS::SSM::Parameter::Value<List<String>>, Default: /list}"
    )

    assert settled == {"A": ("/size", "12", "12"), "B": ("/list", ["a", "b"], "a,b")}


def test_previous_values_are_used_where_asked_for_and_the_default_otherwise() -> None:
    declared = "A: {Type: String, Default: new}, B: {Type: String, Default: new}"

    assert parameters.values(settle(declared, {"A": "old", "B": "old"}, A=None)) == {"A": "old", "B": "new"}


def test_what_is_not_to_be_echoed_is_masked() -> None:
    declared = "Key: {Type: String, NoEcho: true}, Size: {Type: AWS::SSM::Parameter::Value<String>, Default: /size}"
    read = template.read(f"Parameters: {{{declared}}}{RESOURCES}")

    assert parameters.shown(read, settle(declared, Key="secret")) == [
        {"ParameterKey": "Key", "ParameterValue": "****"},
        {"ParameterKey": "Size", "ParameterValue": "/size", "ResolvedValue": "12"},
    ]


@pytest.mark.parametrize(
    ("declared", "given", "sentence"),
    [
        ("A: {Type: String}, B: {Type: Number}", {}, "Parameters: [A, B] must have values"),
        ("A: {Type: String, Default: a}", {"B": "b", "C": "c"}, "Parameters: [B, C] do not exist in the template"),
        ("P: {Type: String, AllowedValues: [1, yes]}", {"P": "2"}, "Parameter 'P' must be one of AllowedValues"),
        ("P: {Type: String, AllowedPattern: '^[a-z]+$'}", {"P": "A"}, "Parameter 'P' must match pattern ^[a-z]+$"),
        ("P: {Type: String, AllowedPattern: '[a-z]+'}", {"P": "a1"}, "Parameter 'P' must match pattern [a-z]+"),
        ("P: {Type: String, MinLength: 2}", {"P": "a"}, "Parameter 'P' must contain at least 2 characters"),
        ("P: {Type: String, MaxLength: 2}", {"P": "aaa"}, "Parameter 'P' must contain at most 2 characters"),
        ("P: {Type: Number}", {"P": "many"}, "Parameter 'P' must be a number."),
        ("P: {Type: Number, MinValue: 2}", {"P": "1.9"}, "Parameter 'P' must be a number not less than 2"),
        ("P: {Type: Number, MaxValue: 2}", {"P": "3"}, "Parameter 'P' must be a number not greater than 2"),
        ("P: {Type: List<Number>, MaxValue: 2}", {"P": "1,3"}, "Parameter 'P' must be a number not greater than 2"),
        (
            "P: {Type: CommaDelimitedList, AllowedValues: [a, b]}",
            {"P": "a,c"},
            "Parameter 'P' must be one of AllowedValues",
        ),
        (
            "P: {Type: String, MinLength: 2, ConstraintDescription: two or more}",
            {"P": "a"},
            "Parameter 'P' failed to satisfy constraint: two or more",
        ),
        ("P: {Type: String, MinLength: 2, Default: a}", {}, "Parameter 'P' must contain at least 2 characters"),
        (
            "P: {Type: String}",
            {"P": None},
            (
                "Invalid input for parameter key P. Cannot specify usePreviousValue as true for a parameter key not in "
                "the previous template"
            ),
        ),
    ],
)
def test_values_that_are_not_allowed_are_refused_in_cloudformations_words(
    declared: str, given: dict[str, str | None], sentence: str
) -> None:
    assert refusal(lambda: settle(declared, **given)) == sentence


RULES = """
Parameters:
  Env: {Type: String}
  Size: {Type: String, Default: small}
  Zones: {Type: CommaDelimitedList, Default: 'a,a'}
Rules:
  Production:
    RuleCondition: !Equals [!Ref Env, prod]
    Assertions:
      - {Assert: !Contains [[big, huge], !Ref Size], AssertDescription: production is big}
      - {Assert: !Not [!EachMemberEquals [!Ref Zones, a]]}
  Zones:
    Assertions: [{Assert: !EachMemberIn [!Ref Zones, [a, b, c]], AssertDescription: only zones}]
  All:
    Assertions: [{Assert: !Not [!Contains [!RefAll String, forbidden]], AssertDescription: nothing forbidden}]
"""


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"Env": "dev"}, None),
        ({"Env": "prod"}, "Rule Production failed: production is big"),
        ({"Env": "prod", "Size": "big"}, "Rule Production failed: an assertion does not hold"),
        ({"Env": "prod", "Size": "big", "Zones": "a,b"}, None),
        ({"Env": "dev", "Zones": "a,d"}, "Rule Zones failed: only zones"),
        ({"Env": "forbidden"}, "Rule All failed: nothing forbidden"),
    ],
)
def test_rules_hold_among_parameters(given: dict[str, str], why: str | None) -> None:
    world = known(RULES + RESOURCES, **given)

    if why is None:
        rules.check(world)
    else:
        with pytest.raises(TemplateError) as refused:
            rules.check(world)
        assert refused.value.message == why
