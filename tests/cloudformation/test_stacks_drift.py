"""Drift: what was done to resources behind the back of their stack shows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cloudformation.things import Thing, template
from tests.conftest import ROLE

IMAGE = {
    "Type": "AWS::SageMaker::Image",
    "Properties": {
        "ImageName": "i",
        "ImageRoleArn": ROLE,
        "ImageDescription": "One",
        "Tags": [{"Key": "k", "Value": "v"}],
    },
}
GROUP = {"Type": "AWS::SageMaker::ModelPackageGroup", "Properties": {"ModelPackageGroupName": "g"}}


@pytest.fixture
def deployed(cfn: Any) -> None:
    """A stack of SageMaker's, named s."""
    body = json.dumps({"Resources": {"I": IMAGE, "G": GROUP, "M": {"Type": "AWS::CDK::Metadata"}}})
    cfn.create_stack(StackName="s", TemplateBody=body, Tags=[{"Key": "team", "Value": "ml"}])


def detected(cfn: Any) -> tuple[str, int]:
    """Look at a stack; return whether it has drifted, and how many resources have."""
    ident = cfn.detect_stack_drift(StackName="s")["StackDriftDetectionId"]
    told = cfn.describe_stack_drift_detection_status(StackDriftDetectionId=ident)
    assert told["DetectionStatus"] == "DETECTION_COMPLETE"
    return told["StackDriftStatus"], told["DriftedStackResourceCount"]


def drifts(cfn: Any, **said: Any) -> dict[str, Any]:
    return {
        one["LogicalResourceId"]: one
        for one in cfn.describe_stack_resource_drifts(StackName="s", **said)["StackResourceDrifts"]
    }


@pytest.mark.usefixtures("deployed")
def test_what_nobody_has_touched_is_in_sync(cfn: Any) -> None:
    assert drifts(cfn) == {}
    assert detected(cfn) == ("IN_SYNC", 0)
    assert {name: one["StackResourceDriftStatus"] for name, one in drifts(cfn).items()} == {
        "I": "IN_SYNC",
        "G": "IN_SYNC",
    }
    resources = {
        one["LogicalResourceId"]: one for one in cfn.list_stack_resources(StackName="s")["StackResourceSummaries"]
    }
    statuses = {name: one["DriftInformation"]["StackResourceDriftStatus"] for name, one in resources.items()}
    assert statuses == {"I": "IN_SYNC", "G": "IN_SYNC", "M": "NOT_CHECKED"}


@pytest.mark.usefixtures("deployed")
def test_what_was_changed_by_another_hand_is_modified(cfn: Any, client: Any) -> None:
    client.update_image(ImageName="i", Description="Two")
    assert detected(cfn) == ("DRIFTED", 1)
    one = drifts(cfn, StackResourceDriftStatusFilters=["MODIFIED"])["I"]
    assert one["PropertyDifferences"] == [
        {
            "PropertyPath": "/ImageDescription",
            "ExpectedValue": "One",
            "ActualValue": "Two",
            "DifferenceType": "NOT_EQUAL",
        }
    ]
    assert json.loads(one["ExpectedProperties"]) == IMAGE["Properties"]
    assert json.loads(one["ActualProperties"]) == {**IMAGE["Properties"], "ImageDescription": "Two"}  # type: ignore[dict-item]
    assert cfn.describe_stacks(StackName="s")["Stacks"][0]["DriftInformation"]["StackDriftStatus"] == "DRIFTED"
    client.update_image(ImageName="i", Description="One")
    assert detected(cfn) == ("IN_SYNC", 0)


@pytest.mark.usefixtures("deployed")
def test_tags_by_another_hand_and_properties_that_are_gone_show(cfn: Any, client: Any) -> None:
    arn = client.describe_image(ImageName="i")["ImageArn"]
    client.add_tags(ResourceArn=arn, Tags=[{"Key": "own", "Value": "1"}])
    client.update_image(ImageName="i", DeleteProperties=["Description"])
    one = cfn.detect_stack_resource_drift(StackName="s", LogicalResourceId="I")["StackResourceDrift"]
    assert [(said["PropertyPath"], said["DifferenceType"]) for said in one["PropertyDifferences"]] == [
        ("/ImageDescription", "REMOVE"),
        ("/Tags/1", "ADD"),
    ]


@pytest.mark.usefixtures("deployed")
def test_what_was_deleted_by_another_hand_is_deleted(cfn: Any, client: Any) -> None:
    client.delete_model_package_group(ModelPackageGroupName="g")
    assert detected(cfn) == ("DRIFTED", 1)
    one = drifts(cfn)["G"]
    assert one["StackResourceDriftStatus"] == "DELETED"
    assert "ActualProperties" not in one


def test_what_cannot_be_read_does_not_drift(cfn: Any, stack: Any, things: Thing) -> None:
    stack("s", template(A={"Secret": "1", "Value": "1"}))
    [thing] = things.there.values()
    thing |= {"Secret": "2"}
    assert detected(cfn) == ("IN_SYNC", 0)
    thing["Value"] = "2"
    assert detected(cfn) == ("DRIFTED", 1)
    assert "Secret" not in drifts(cfn)["A"]["ExpectedProperties"]


def test_drift_of_what_is_not_to_be_echoed_shows_and_tells_no_value(cfn: Any, things: Thing) -> None:
    made = template(A={"Value": {"Fn::Sub": "word:${P}"}, "Count": "1"})
    made["Parameters"] = {"P": {"Type": "String", "NoEcho": True}}
    said = [{"ParameterKey": "P", "ParameterValue": "first-word"}]
    cfn.create_stack(StackName="s", TemplateBody=json.dumps(made), Parameters=said)
    assert detected(cfn) == ("IN_SYNC", 0)
    [thing] = things.there.values()
    thing["Value"] = "other-word"
    assert detected(cfn) == ("DRIFTED", 1)
    [difference] = drifts(cfn)["A"]["PropertyDifferences"]
    assert (difference["PropertyPath"], difference["ActualValue"]) == ("/Value", "****")
    assert json.loads(drifts(cfn)["A"]["ExpectedProperties"]) == {"Value": "****", "Count": 1}
    assert "-word" not in str(drifts(cfn))


def test_drift_is_of_what_is_there(cfn: Any, stack: Any, refused: Any, clock: Any) -> None:
    assert refused("detect_stack_drift", StackName="s") == ("ValidationError", "Stack with id s does not exist")
    stack("s", template(A={"Seconds": 60}))
    assert refused("detect_stack_drift", StackName="s")[0] == "ValidationError"
    clock.advance(60)
    assert refused("detect_stack_drift", StackName="s", LogicalResourceIds=["B"])[0] == "ValidationError"
    assert refused("describe_stack_drift_detection_status", StackDriftDetectionId="b" * 36)[0] == "ValidationError"
