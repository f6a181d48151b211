"""The templates of fixtures/cloudformation: each is created, updated, rolled back and deleted, with nothing left."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from emulator.cloudformation import text
from emulator.engine.emulator import Emulator
from emulator.registry import schema

EXAMPLES = Path("fixtures/cloudformation")
CAPABILITIES = ["CAPABILITY_AUTO_EXPAND"]
UNSENT = {"ModelPackageVersion", "ModelPackageStatusDetails"}  # the service says them, though the schema lets a client

# What is updated by which value of which parameter: resources that are replaced stand with a star.
UPDATES: dict[str, tuple[dict[str, str], set[str]]] = {
    "images.yaml": ({"Tag": "2.0"}, {"Versioncpu*", "Versiongpu*"}),
    "model-package.json": ({"Approval": "Approved"}, {"Version"}),
    "model-package.yaml": ({"Bucket": "elsewhere"}, {"Version*", "Offered*"}),
    "model-registry.yaml": ({"Kind": "ml.m5.xlarge"}, {"Config*", "Endpoint"}),
    "monitoring.yaml": ({"Watched": "no"}, set()),
    "pipelines.yaml": ({"Epochs": "20"}, {"Pipeline"}),
    "studio.yaml": ({"Machine": "ml.t3.medium"}, {"Domain"}),
}

LINEAGE = {"Action", "Artifact", "Association", "Context"}  # what SageMaker notes by itself of the others, and keeps


def told(cfn: Any, name: str) -> dict[str, tuple[str, str]]:
    """Return the physical id and the status of every resource of a stack that is there."""
    found = cfn.describe_stack_resources(StackName=name)["StackResources"]
    return {one["LogicalResourceId"]: (one["PhysicalResourceId"], one["ResourceStatus"]) for one in found}


def left(emulator: Emulator, example: str = "") -> dict[str, int]:
    """Return how many records there are of each kind, but for what SageMaker notes; of pipelines nothing."""
    emulator.settle()
    counted = {name: len(table.records) for place in emulator.store.places() for name, table in place.tables.items()}
    noted = set() if example == "pipelines.yaml" else LINEAGE
    return {name: number for name, number in counted.items() if number and name not in noted}


def changes(cfn: Any, **said: Any) -> dict[str, str]:
    """Return what a change set foretells of what is modified: whether each resource will be replaced."""
    cfn.create_change_set(**said, ChangeSetName="look")
    found = cfn.describe_change_set(StackName=said["StackName"], ChangeSetName="look")["Changes"]
    cfn.delete_change_set(StackName=said["StackName"], ChangeSetName="look")
    told = [one["ResourceChange"] for one in found]
    return {one["LogicalResourceId"]: one["Replacement"] for one in told if one["Action"] == "Modify"}


def spoiled(document: dict[str, Any]) -> str:
    """Return a template with one more resource, which waits for all others and cannot be made."""
    others = [name for name in document["Resources"] if not name.startswith("Fn::")]
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/notebooks:1"
    broken = {"Type": "AWS::SageMaker::ImageVersion", "Properties": {"ImageName": "absent", "BaseImage": image}}
    return json.dumps({**document, "Resources": {**document["Resources"], "Broken": {**broken, "DependsOn": others}}})


def test_every_template_is_tried() -> None:
    assert {path.name for path in EXAMPLES.iterdir()} == UPDATES.keys()


@pytest.mark.parametrize("example", UPDATES)
def test_an_example_is_created_updated_and_deleted_with_nothing_left(
    example: str, cfn: Any, emulator: Emulator, status: Callable[[str], str], refused: Callable[..., tuple[str, str]]
) -> None:
    body, (values, expected) = (EXAMPLES / example).read_text(), UPDATES[example]
    stack = cfn.create_stack(StackName="one", TemplateBody=body, Capabilities=CAPABILITIES)["StackId"]
    created = told(cfn, stack)
    assert status("one") == "CREATE_COMPLETE"
    assert {found for _, found in created.values()} == {"CREATE_COMPLETE"}
    assert sum(left(emulator, example).values()) >= len(created) > 0

    same = {"StackName": "one", "UsePreviousTemplate": True, "Capabilities": CAPABILITIES}
    assert refused("update_stack", **same) == ("ValidationError", "No updates are to be performed.")

    given = [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]
    foretold = changes(cfn, **same, Parameters=given)
    cfn.update_stack(**same, Parameters=given)
    updated = told(cfn, stack)
    assert status("one") == "UPDATE_COMPLETE"
    changed = {name for name, (_, found) in updated.items() if found == "UPDATE_COMPLETE"}
    assert {name + "*" * (updated[name][0] != created[name][0]) for name in changed} == expected
    sure = {name for name, found in foretold.items() if found in ("True", "False")}
    assert {name + "*" * (foretold[name] == "True") for name in sure} <= expected
    assert changed <= foretold.keys()
    assert updated.keys() == created.keys() - ({"Quality", "Schedule"} if example == "monitoring.yaml" else set())

    cfn.delete_stack(StackName="one")
    assert status(stack) == "DELETE_COMPLETE"
    assert left(emulator, example) == {}


@pytest.mark.parametrize("example", UPDATES)
def test_an_example_that_cannot_be_finished_is_rolled_back(
    example: str, cfn: Any, emulator: Emulator, status: Callable[[str], str]
) -> None:
    body = (EXAMPLES / example).read_text()
    document = text.read(body)
    cfn.create_stack(StackName="broken", TemplateBody=spoiled(document), Capabilities=CAPABILITIES)
    assert status("broken") == "ROLLBACK_COMPLETE"
    assert left(emulator, example) == {}

    cfn.create_stack(StackName="whole", TemplateBody=body, Capabilities=CAPABILITIES)
    before = told(cfn, "whole")
    given = [{"ParameterKey": key, "ParameterValue": value} for key, value in UPDATES[example][0].items()]
    cfn.update_stack(StackName="whole", TemplateBody=spoiled(document), Parameters=given, Capabilities=CAPABILITIES)
    assert status("whole") == "UPDATE_ROLLBACK_COMPLETE"
    assert told(cfn, "whole").keys() == before.keys()

    for name in ("broken", "whole"):
        cfn.delete_stack(StackName=name)
    assert left(emulator, example) == {}


def test_the_example_of_model_packages_says_every_property() -> None:
    document = text.read((EXAMPLES / "model-package.yaml").read_text())
    declared = schema.load("sagemaker")["AWS::SageMaker::ModelPackage"]
    read_only = {pointer.removeprefix("/properties/") for pointer in declared["readOnlyProperties"]}
    packages = [one for one in document["Resources"].values() if one["Type"] == "AWS::SageMaker::ModelPackage"]

    assert {name for one in packages for name in one["Properties"]} == declared[
        "properties"
    ].keys() - read_only - UNSENT
    assert document == json.loads((EXAMPLES / "model-package.json").read_text())


def test_what_a_template_says_of_a_model_package_is_what_sagemaker_has(cfn: Any, client: Any) -> None:
    cfn.create_stack(StackName="one", TemplateBody=(EXAMPLES / "model-package.yaml").read_text())
    outputs = {
        one["OutputKey"]: one["OutputValue"] for one in cfn.describe_stacks(StackName="one")["Stacks"][0]["Outputs"]
    }
    version = client.describe_model_package(ModelPackageName=outputs["Version"])
    offered = client.describe_model_package(ModelPackageName=outputs["Offered"])

    assert version["ModelPackageVersion"] == 1
    assert (version["ModelApprovalStatus"], version["ApprovalDescription"]) == (
        "PendingManualApproval", "It is PendingManualApproval",
    )  # fmt: skip
    assert version["CustomerMetadataProperties"] == {"Origin": "notebook", "Metric": "auc=0.93"}
    assert [one["Name"] for one in version["AdditionalInferenceSpecifications"]] == ["small", "large"]
    assert version["ModelMetrics"]["Bias"]["PreTrainingReport"]["S3Uri"] == "s3://models/bias/before.json"
    assert offered["CertifyForMarketplace"] is True
    profile = offered["ValidationSpecification"]["ValidationProfiles"][0]
    assert profile["TransformJobDefinition"]["TransformResources"]["InstanceCount"] == 1


def test_the_tags_of_a_stack_are_on_all_that_carries_tags(cfn: Any, client: Any, status: Callable[[str], str]) -> None:
    said = {"StackName": "one", "TemplateBody": (EXAMPLES / "model-registry.yaml").read_text()}
    for team in ("red", "blue"):
        deploy = cfn.create_stack if team == "red" else cfn.update_stack
        deploy(**said, Tags=[{"Key": "team", "Value": team}])
        assert status("one") in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
        there = told(cfn, "one")
        tags = {name: client.list_tags(ResourceArn=there[name][0])["Tags"] for name in ("Group", "Model", "Endpoint")}
        assert all({"Key": "team", "Value": team} in found for found in tags.values())
    assert there["Package"][0].endswith("/1")  # a version carries no tags: it has stayed as it was
