"""What would change between a stack and a template, as change sets tell it.

What AWS answers is known from recordings of change sets on SNS topics, whose names cannot be changed and whose display
names can; Topic stands for them here.
"""

from __future__ import annotations

from typing import Any

import pytest

from emulator.cloudformation import difference
from emulator.cloudformation.difference import Change, Tags, Way, compare, way
from tests.cloudformation.templates import known

TOPIC = {
    "createOnlyProperties": ["/properties/TopicName", "/properties/Deep/Fixed", "/properties/List/*/Fixed"],
    "conditionalCreateOnlyProperties": ["/properties/Perhaps"],
    "tagging": {"taggable": True},
}
UNKNOWN = "{{changeSet:KNOWN_AFTER_APPLY}}"


def changes(before: str | None, after: str, tags: Tags | None = None, **given: str) -> list[Change]:
    was = None if before is None else known(before)
    there = {} if was is None else {logical: f"id-of-{logical}" for logical in was.template.resources}
    return compare(was, known(after, **given), {"Topic": TOPIC}.get, there, tags)


def one(before: str | None, after: str, **given: str) -> dict[str, Any]:
    (found,) = changes(before, after, **given)
    change: dict[str, Any] = found.shape(values=True)["ResourceChange"]
    return change


def detail(name: str, recreation: str, before: Any, after: Any, **more: str) -> dict[str, Any]:
    target = {
        "Attribute": "Properties",
        "AttributeChangeType": "Modify",
        "Name": name,
        "Path": f"/Properties/{name}",
        "RequiresRecreation": recreation,
        "BeforeValue": before,
        "AfterValue": after,
    }
    return {"Target": target, "Evaluation": "Static", "ChangeSource": "DirectModification", **more}


ONE = "Resources: {One: {Type: Topic, Properties: {TopicName: one, DisplayName: first}}}"


def test_a_new_stack_adds_everything() -> None:
    assert one(None, ONE) == {
        "Action": "Add",
        "LogicalResourceId": "One",
        "ResourceType": "Topic",
        "Scope": [],
        "Details": [],
        "AfterContext": '{"Properties":{"TopicName":"one","DisplayName":"first"}}',
    }


def test_the_same_template_changes_nothing() -> None:
    assert changes(ONE, ONE) == []


def test_a_property_is_changed_in_place() -> None:
    assert one(ONE, ONE.replace("first", "second")) == {
        "Action": "Modify",
        "LogicalResourceId": "One",
        "PhysicalResourceId": "id-of-One",
        "ResourceType": "Topic",
        "Replacement": "False",
        "Scope": ["Properties"],
        "Details": [detail("DisplayName", "Never", "first", "second")],
        "BeforeContext": '{"Properties":{"TopicName":"one","DisplayName":"first"}}',
        "AfterContext": '{"Properties":{"TopicName":"one","DisplayName":"second"}}',
    }


def test_values_are_shown_only_when_asked_for() -> None:
    (change,) = changes(ONE, ONE.replace("first", "second"))

    assert change.shape()["ResourceChange"]["Details"] == [
        {
            "Target": {"Attribute": "Properties", "Name": "DisplayName", "RequiresRecreation": "Never"},
            "Evaluation": "Static",
            "ChangeSource": "DirectModification",
        }
    ]
    assert "BeforeContext" not in change.shape()["ResourceChange"]


@pytest.mark.parametrize(
    ("policy", "action"),
    [("", "ReplaceAndDelete"), (", UpdateReplacePolicy: Retain", "ReplaceAndRetain")],
)
def test_a_property_that_cannot_change_replaces_the_resource(policy: str, action: str) -> None:
    after = ONE.replace("one", "two").replace("Topic,", f"Topic{policy},")
    change = one(ONE, after)

    assert (change["Replacement"], change["PolicyAction"]) == ("True", action)
    assert detail("TopicName", "Always", "one", "two") in change["Details"]


def test_a_property_may_need_another_resource() -> None:
    change = one(ONE, ONE.replace("DisplayName", "Perhaps: x, DisplayName"))

    assert (change["Replacement"], change["PolicyAction"]) == ("Conditional", "ReplaceAndDelete")


def test_what_appears_and_what_goes_is_told() -> None:
    change = one(ONE, ONE.replace("DisplayName", "Label"))
    kinds = {one["Target"]["Name"]: one["Target"]["AttributeChangeType"] for one in change["Details"]}

    assert kinds == {"DisplayName": "Remove", "Label": "Add"}


@pytest.mark.parametrize(
    ("policy", "action"),
    [("", "Delete"), (", DeletionPolicy: Retain", "Retain"), (", DeletionPolicy: RetainExceptOnCreate", "Retain")],
)
def test_a_resource_that_goes_is_removed_as_its_policy_says(policy: str, action: str) -> None:
    before = f"Resources: {{One: {{Type: Topic}}, Two: {{Type: Topic{policy}, Properties: {{A: !Ref One}}}}}}"
    change = one(before, "Resources: {One: {Type: Topic}}")

    assert change == {
        "Action": "Remove",
        "LogicalResourceId": "Two",
        "PhysicalResourceId": "id-of-Two",
        "ResourceType": "Topic",
        "PolicyAction": action,
        "Scope": [],
        "Details": [],
        "BeforeContext": '{"Properties":{"A":"id-of-One"}}',
    }


def test_a_condition_that_does_not_hold_any_more_removes_its_resource() -> None:
    before = "Conditions: {C: !Equals [a, a]}\nResources: {One: {Type: Topic, Condition: C}, Two: {Type: Topic}}"
    change = one(before, before.replace("[a, a]", "[a, b]"))

    assert (change["Action"], change["LogicalResourceId"]) == ("Remove", "One")


def test_the_parameter_that_causes_a_change_is_named() -> None:
    body = (
        "Parameters: {P: {Type: String, Default: a}}\nResources: {One: {Type: Topic, Properties: {TopicName: !Ref P}}}"
    )
    change = one(body, body, P="b")

    assert change["Replacement"] == "True"
    assert change["Details"] == [
        detail("TopicName", "Always", "a", "b", Evaluation="Dynamic"),
        detail("TopicName", "Always", "a", "b", ChangeSource="ParameterReference", CausingEntity="P"),
    ]


TWO = """
Resources:
  One: {Type: Topic, Properties: {TopicName: one, DisplayName: first}}
  Two: {Type: Topic, Properties: {TopicName: two, DisplayName: !GetAtt One.DisplayName}}
  Three: {Type: Topic, Properties: {TopicName: three, DisplayName: !Ref One}}
"""


def test_the_attribute_that_causes_a_change_is_named_and_its_value_is_not_known_yet() -> None:
    changed = {one.logical: one.shape(values=True)["ResourceChange"] for one in changes(TWO, TWO.replace("first", "x"))}

    assert list(changed) == ["One", "Two"]  # what One is called has not changed for Three
    assert changed["Two"]["Replacement"] == "False"
    assert changed["Two"]["Details"] == [
        detail("DisplayName", "Never", "DisplayName-of-One", UNKNOWN, Evaluation="Dynamic"),
        detail(
            "DisplayName", "Never", "DisplayName-of-One", UNKNOWN,
            ChangeSource="ResourceAttribute", CausingEntity="One.DisplayName",
        ),
    ]  # fmt: skip


def test_what_refers_to_a_resource_that_is_replaced_changes_too() -> None:
    changed = {one.logical: one for one in changes(TWO, TWO.replace("TopicName: one", "TopicName: other"))}

    assert [change.replacement for change in changed.values()] == ["True", "False", "False"]
    assert [(one.source, one.entity, one.evaluation) for one in changed["Three"].details] == [
        ("DirectModification", None, "Dynamic"),
        ("ResourceReference", "One", "Static"),
    ]


def test_a_name_made_of_an_attribute_that_may_change_may_replace() -> None:
    body = """
Resources:
  One: {Type: Topic, Properties: {DisplayName: first}}
  Two: {Type: Topic, Properties: {TopicName: !Sub 'of-${One.Arn}'}}
"""
    two = changes(body, body.replace("first", "x"))[1]

    assert (two.logical, two.replacement, two.policy) == ("Two", "Conditional", "ReplaceAndDelete")


def test_what_is_said_beside_properties_counts_too() -> None:
    after = ONE.replace("Topic,", "Topic, Metadata: {a: b}, DeletionPolicy: Retain,")
    change = one(ONE, after)

    assert (change["Scope"], change["Replacement"]) == (["DeletionPolicy", "Metadata"], "False")
    assert change["Details"][0] == {
        "Target": {"Attribute": "Metadata", "RequiresRecreation": "Never"},
        "Evaluation": "Static",
        "ChangeSource": "DirectModification",
    }


def test_tags_of_the_stack_change_what_carries_them() -> None:
    (change,) = changes(ONE, ONE, Tags({}, {"team": "a"}))

    assert (change.scope, change.replacement) == (["Tags"], "False")


def test_changes_are_told_by_logical_id() -> None:
    after = "Resources: {Z: {Type: T}, A: {Type: T, DependsOn: Z}}"

    assert [one.logical for one in changes(ONE, after)] == ["A", "One", "Z"]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"TopicName": "a"}, {"TopicName": "a"}, Way.SAME),
        ({"TopicName": "a"}, {"TopicName": "b"}, Way.REPLACE),
        ({}, {"TopicName": "b"}, Way.REPLACE),
        ({"DisplayName": "a"}, {}, Way.UPDATE),
        ({"Perhaps": "a"}, {"Perhaps": "b"}, Way.UPDATE),
        ({"Deep": {"Fixed": 1, "Free": 1}}, {"Deep": {"Fixed": 1, "Free": 2}}, Way.UPDATE),
        ({"Deep": {"Fixed": 1}}, {"Deep": {"Fixed": 2}}, Way.REPLACE),
        ({"List": [{"Fixed": 1, "Free": 1}]}, {"List": [{"Fixed": 1, "Free": 2}]}, Way.UPDATE),
        ({"List": [{"Fixed": 1}]}, {"List": [{"Fixed": 2}]}, Way.REPLACE),
    ],
)
def test_a_resource_is_updated_or_replaced_as_its_schema_says(
    before: dict[str, Any], after: dict[str, Any], found: Way
) -> None:
    assert way(TOPIC, before, after) is found


def test_a_type_that_cannot_be_updated_is_replaced() -> None:
    assert way({"handlers": {"create": {}, "delete": {}}}, {"A": 1}, {"A": 2}) is Way.REPLACE


def test_outputs_are_told_as_far_as_they_are_known() -> None:
    body = ONE + "\nOutputs: {Out: {Value: !Ref One, Export: {Name: !Sub '${AWS::StackName}-out'}}}"

    assert difference.outputs(known(body)) == {"Out": ["id-of-One", "shop-out", ""]}
