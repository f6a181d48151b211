"""Change sets through boto3: what a change would do, and that it does it when it is carried out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.cloudformation.things import NAME, Thing, template
from tests.conftest import ROLE

Refused = Callable[..., tuple[str, str]]
Status = Callable[[str], str]


@pytest.fixture
def change(cfn: Any, things: Thing) -> Callable[..., str]:
    """Create a change set, and return its ARN."""

    def create(name: str, made: dict[str, Any], kind: str = "UPDATE", **said: Any) -> str:
        said = {"StackName": "s", "ChangeSetType": kind, **said}
        return str(cfn.create_change_set(ChangeSetName=name, TemplateBody=json.dumps(made), **said)["Id"])

    return create


def test_a_stack_is_created_by_a_change_set(cfn: Any, change: Any, status: Status, things: Thing, events: Any) -> None:
    ident = change("c", template(A={"Value": "1"}), "CREATE", Description="First", Tags=[{"Key": "k", "Value": "v"}])
    assert status("s") == "REVIEW_IN_PROGRESS"
    assert cfn.get_template(StackName="s")["TemplateBody"] == {}
    assert things.there == {}
    told = cfn.describe_change_set(ChangeSetName="c", StackName="s")
    del told["ResponseMetadata"], told["CreationTime"]
    stack_id = cfn.describe_stacks(StackName="s")["Stacks"][0]["StackId"]
    assert told == {
        "ChangeSetName": "c",
        "ChangeSetId": ident,
        "StackId": stack_id,
        "StackName": "s",
        "Description": "First",
        "ExecutionStatus": "AVAILABLE",
        "Status": "CREATE_COMPLETE",
        "NotificationARNs": [],
        "RollbackConfiguration": {},
        "Capabilities": [],
        "Tags": [{"Key": "k", "Value": "v"}],
        "Changes": [
            {
                "Type": "Resource",
                "ResourceChange": {
                    "Action": "Add",
                    "LogicalResourceId": "A",
                    "ResourceType": NAME,
                    "Scope": [],
                    "Details": [],
                },
            }
        ],
        "IncludeNestedStacks": False,
    }
    cfn.execute_change_set(ChangeSetName=ident)
    assert events("s")[:2] == ["s REVIEW_IN_PROGRESS User Initiated", "s CREATE_IN_PROGRESS User Initiated"]
    [one] = cfn.describe_stacks(StackName="s")["Stacks"]
    assert (one["StackStatus"], one["ChangeSetId"]) == ("CREATE_COMPLETE", ident)
    assert one["Tags"] == [{"Key": "k", "Value": "v"}]
    assert len(things.there) == 1
    assert cfn.describe_change_set(ChangeSetName=ident)["ExecutionStatus"] == "EXECUTE_COMPLETE"


def test_what_is_told_of_an_update_is_what_happens(cfn: Any, stack: Any, change: Any, things: Thing) -> None:
    stack(
        "s",
        template(
            A={"Name": "1"}, B={"Value": {"Ref": "A"}}, C={"Value": "1"}, D={"With": {"DeletionPolicy": "Retain"}}
        ),
    )
    old = {name.split("-")[1]: name for name in things.there}
    ident = change("c", template(A={"Name": "2"}, B={"Value": {"Ref": "A"}}, C={"Value": "1"}, E={}))
    told = cfn.describe_change_set(ChangeSetName=ident, IncludePropertyValues=True)["Changes"]
    by_name = {one["ResourceChange"]["LogicalResourceId"]: one["ResourceChange"] for one in told}
    assert {
        name: (one["Action"], one.get("Replacement"), one.get("PolicyAction")) for name, one in by_name.items()
    } == {
        "A": ("Modify", "True", "ReplaceAndDelete"),
        "B": ("Modify", "False", None),
        "D": ("Remove", None, "Retain"),
        "E": ("Add", None, None),
    }
    assert by_name["A"]["PhysicalResourceId"] == old["A"]
    assert json.loads(by_name["A"]["AfterContext"]) == {"Properties": {"Name": "2"}}
    assert by_name["A"]["Details"] == [
        {
            "Target": {
                "Attribute": "Properties",
                "Name": "Name",
                "RequiresRecreation": "Always",
                "Path": "/Properties/Name",
                "BeforeValue": "1",
                "AfterValue": "2",
                "AttributeChangeType": "Modify",
            },
            "Evaluation": "Static",
            "ChangeSource": "DirectModification",
        }
    ]
    causes = {(one["ChangeSource"], one.get("CausingEntity")) for one in by_name["B"]["Details"]}
    assert ("ResourceReference", "A") in causes
    assert json.loads(by_name["B"]["AfterContext"])["Properties"]["Value"] == "{{changeSet:KNOWN_AFTER_APPLY}}"
    plain = cfn.describe_change_set(ChangeSetName=ident)["Changes"]
    assert all("AfterContext" not in one["ResourceChange"] for one in plain)
    assert set(plain[0]["ResourceChange"]["Details"][0]["Target"]) == {"Attribute", "Name", "RequiresRecreation"}
    before = dict(things.there)
    cfn.execute_change_set(ChangeSetName="c", StackName="s")
    new = {name.split("-")[1]: name for name in things.there if name not in before}
    assert set(new) == {"A", "E"}
    assert set(things.there) == {*new.values(), old["B"], old["C"], old["D"]}
    assert things.there[old["B"]]["Value"] == new["A"]


def test_a_change_that_is_none_fails_and_cannot_be_carried_out(
    cfn: Any, stack: Any, change: Any, refused: Refused, status: Status
) -> None:
    stack("s", template(A={}))
    ident = change("c", template(A={}))
    told = cfn.describe_change_set(ChangeSetName=ident)
    assert (told["Status"], told["ExecutionStatus"], told["Changes"]) == ("FAILED", "UNAVAILABLE", [])
    assert told["StatusReason"] == (
        "The submitted information didn't contain changes. Submit different information to create a change set."
    )
    assert refused("execute_change_set", ChangeSetName=ident) == (
        "InvalidChangeSetStatus",
        f"ChangeSet [{ident}] cannot be executed in its current status of [FAILED]",
    )
    assert status("s") == "CREATE_COMPLETE"


def test_change_sets_that_are_not_there_are_not_found_and_can_be_deleted(
    cfn: Any, stack: Any, change: Any, refused: Refused
) -> None:
    assert refused("describe_change_set", ChangeSetName="c", StackName="s") == (
        "ValidationError",
        "Stack [s] does not exist",
    )
    stack("s", template(A={}))
    cfn.delete_change_set(ChangeSetName="c", StackName="s")
    with pytest.raises(cfn.exceptions.ChangeSetNotFoundException) as error:
        cfn.describe_change_set(ChangeSetName="c", StackName="s")
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert error.value.response["Error"] == {
        "Type": "Sender",
        "Code": "ChangeSetNotFound",
        "Message": "ChangeSet [c] does not exist",
    }
    ident = change("c", template(A={"Value": "1"}))
    cfn.delete_change_set(ChangeSetName=ident)
    assert refused("describe_change_set", ChangeSetName=ident)[1] == f"ChangeSet [{ident}] does not exist"
    assert refused("delete_change_set", ChangeSetName="c") == (
        "ValidationError",
        "StackName must be specified if ChangeSetName is not specified as an ARN.",
    )
    cfn.delete_change_set(ChangeSetName=ident)


def test_a_change_set_is_overtaken_by_another_change(
    cfn: Any, stack: Any, update: Any, change: Any, refused: Refused
) -> None:
    stack("s", template(A={}))
    first, second = change("a", template(A={"Value": "1"})), change("b", template(A={"Value": "2"}))
    assert [one["ChangeSetName"] for one in cfn.list_change_sets(StackName="s")["Summaries"]] == ["a", "b"]
    cfn.execute_change_set(ChangeSetName=second)
    assert cfn.describe_change_set(ChangeSetName=first)["ExecutionStatus"] == "OBSOLETE"
    assert refused("execute_change_set", ChangeSetName=first)[0] == "InvalidChangeSetStatus"


def test_a_change_set_is_for_a_stack_that_is_there_or_one_that_is_not(
    stack: Any, change: Any, cfn: Any, refused: Refused, things: Thing
) -> None:
    body = json.dumps(template(A={}))
    said = {"StackName": "s", "ChangeSetName": "c", "TemplateBody": body}
    assert refused("create_change_set", **said) == ("ValidationError", "Stack [s] does not exist")
    stack("s", template(A={}))
    assert refused("create_change_set", **said, ChangeSetType="CREATE") == (
        "ValidationError",
        "Stack [s] already exists and cannot be created again with the changeSet [c].",
    )
    change("c", template(A={"Value": "1"}))
    assert refused("create_change_set", **said)[0] == "AlreadyExistsException"


def test_a_reviewed_stack_can_be_created_otherwise_or_deleted(
    cfn: Any, change: Any, stack: Any, status: Status, refused: Refused
) -> None:
    ident = change("c", template(A={}), "CREATE")
    assert stack("s", template(A={"Value": "1"})) == cfn.describe_stacks(StackName="s")["Stacks"][0]["StackId"]
    assert status("s") == "CREATE_COMPLETE"
    assert cfn.describe_change_set(ChangeSetName=ident)["ExecutionStatus"] == "OBSOLETE"
    change("c", template(A={}), "CREATE", StackName="t")
    other = cfn.describe_stacks(StackName="t")["Stacks"][0]["StackId"]
    cfn.delete_stack(StackName="t")
    assert status(other) == "DELETE_COMPLETE"


def test_a_failing_change_set_does_with_its_stack_what_it_was_asked_for(cfn: Any, change: Any, status: Status) -> None:
    change("c", template(A={"Fails": "refuse"}), "CREATE", OnStackFailure="DELETE")
    ident = cfn.describe_stacks(StackName="s")["Stacks"][0]["StackId"]
    cfn.execute_change_set(ChangeSetName="c", StackName="s")
    assert status(ident) == "DELETE_COMPLETE"
    change("c", template(A={"Fails": "refuse"}), "CREATE", StackName="t")
    cfn.execute_change_set(ChangeSetName="c", StackName="t", DisableRollback=True)
    assert status("t") == "CREATE_FAILED"


GROUP = {"Type": "AWS::SageMaker::ModelPackageGroup", "Properties": {"ModelPackageGroupName": "g"}}
IMAGE = {"Type": "AWS::SageMaker::Image", "Properties": {"ImageName": "i", "ImageRoleArn": ROLE}}


def importing(**identifiers: dict[str, str]) -> dict[str, Any]:
    """Return the params of a change set that takes a group and an image in."""
    types = {"G": GROUP["Type"], "I": IMAGE["Type"]}
    made = {"Resources": {name: {**one, "DeletionPolicy": "Delete"} for name, one in (("G", GROUP), ("I", IMAGE))}}
    wanted = [
        {"LogicalResourceId": name, "ResourceType": types[name], "ResourceIdentifier": said}
        for name, said in identifiers.items()
    ]
    said = {"StackName": "s", "ChangeSetName": "c", "ChangeSetType": "IMPORT", "ResourcesToImport": wanted}
    return {**said, "TemplateBody": json.dumps(made)}


def test_resources_that_are_there_become_those_of_a_stack(cfn: Any, client: Any, status: Status, events: Any) -> None:
    group = client.create_model_package_group(ModelPackageGroupName="g")["ModelPackageGroupArn"]
    image = client.create_image(ImageName="i", RoleArn=ROLE)["ImageArn"]
    made = importing(G={"ModelPackageGroupArn": group}, I={"ImageArn": image})
    cfn.create_change_set(**made)
    told = cfn.describe_change_set(StackName="s", ChangeSetName="c")["Changes"]
    assert [one["ResourceChange"]["Action"] for one in told] == ["Import", "Import"]
    ident = cfn.describe_stacks(StackName="s")["Stacks"][0]["StackId"]
    cfn.execute_change_set(StackName="s", ChangeSetName="c")
    assert events("s")[1:] == [
        "s IMPORT_IN_PROGRESS User Initiated",
        "G IMPORT_IN_PROGRESS Resource import started.",
        "I IMPORT_IN_PROGRESS Resource import started.",
        "G IMPORT_COMPLETE Resource import completed.",
        "I IMPORT_COMPLETE Resource import completed.",
        "s IMPORT_COMPLETE",
    ]
    found = {one["LogicalResourceId"]: one for one in cfn.describe_stack_resources(StackName="s")["StackResources"]}
    assert {name: one["PhysicalResourceId"] for name, one in found.items()} == {"G": group, "I": image}
    cfn.detect_stack_drift(StackName="s")
    assert cfn.describe_stacks(StackName="s")["Stacks"][0]["DriftInformation"]["StackDriftStatus"] == "IN_SYNC"
    cfn.delete_stack(StackName="s")
    assert status(ident) == "DELETE_COMPLETE"
    assert client.list_images()["Images"] == []


def test_what_is_not_there_is_not_imported_and_what_is_there_stays(cfn: Any, client: Any, status: Status) -> None:
    group = client.create_model_package_group(ModelPackageGroupName="g")["ModelPackageGroupArn"]
    arn = group.replace("model-package-group/g", "image/i")
    cfn.create_change_set(**importing(G={"ModelPackageGroupArn": group}, I={"ImageArn": arn}))
    cfn.execute_change_set(StackName="s", ChangeSetName="c")
    assert status("s") == "IMPORT_ROLLBACK_COMPLETE"
    assert cfn.describe_stack_resources(StackName="s")["StackResources"] == []
    assert client.describe_model_package_group(ModelPackageGroupName="g")["ModelPackageGroupArn"] == group


def test_an_import_is_of_what_the_template_has_and_of_nothing_else(refused: Refused) -> None:
    assert refused("create_change_set", **importing())[0] == "ValidationError"
    assert "[I]" in refused("create_change_set", **importing(G={"ModelPackageGroupArn": "a"}))[1]


def test_what_is_in_a_stack_is_not_taken_into_another(
    cfn: Any, client: Any, status: Status, refused: Refused, events: Any
) -> None:
    image = client.create_image(ImageName="i", RoleArn=ROLE)["ImageArn"]
    client.create_model_package_group(ModelPackageGroupName="g")

    def taking(stack: str, **identifier: str) -> dict[str, Any]:
        said = {**importing(I=identifier), "StackName": stack}
        made = json.loads(said["TemplateBody"])
        del made["Resources"]["G"]
        return {**said, "TemplateBody": json.dumps(made)}

    for name in ("s", "late"):
        cfn.create_change_set(**taking(name, ImageArn=image))
    cfn.execute_change_set(StackName="s", ChangeSetName="c")
    assert status("s") == "IMPORT_COMPLETE"
    sentence = "Resources [I] passed in ResourceToImport are already in a stack and cannot be imported."
    for stack, identifier in (("t", {"ImageArn": image}), ("t", {"ImageName": "i"}), ("s", {"ImageArn": image + "2"})):
        said = {**taking(stack, **identifier), "ChangeSetName": "d"}
        assert refused("create_change_set", **said) == ("ValidationError", sentence)
    cfn.execute_change_set(StackName="late", ChangeSetName="c")
    assert status("late") == "IMPORT_ROLLBACK_COMPLETE"
    assert any(sentence in one for one in events("late"))
    assert "Foo" in refused("create_change_set", **taking("t", Foo=image))[1]


def test_what_is_there_is_taken_in_by_any_change_set_on_demand(
    cfn: Any, client: Any, things: Thing, status: Status, events: Any
) -> None:
    for name in ("kept", "gone"):
        client.create_app_image_config(AppImageConfigName=name)

    def config(name: Any, policy: str) -> dict[str, Any]:
        properties = {"AppImageConfigName": name}
        return {"Type": "AWS::SageMaker::AppImageConfig", "Properties": properties, "DeletionPolicy": policy}

    made = template(A={}, B={"Fails": "refuse", "After": ["A", "K"]})
    made["Resources"]["K"] = config("kept", "RetainExceptOnCreate")
    change = {"StackName": "s", "ChangeSetName": "c", "ChangeSetType": "CREATE", "ImportExistingResources": True}
    cfn.create_change_set(**change, TemplateBody=json.dumps(made))
    told = cfn.describe_change_set(StackName="s", ChangeSetName="c")["Changes"]
    actions = [(one["ResourceChange"]["LogicalResourceId"], one["ResourceChange"]["Action"]) for one in told]
    assert actions == [("A", "Add"), ("B", "Add"), ("K", "Import")]
    cfn.execute_change_set(StackName="s", ChangeSetName="c")
    assert status("s") == "ROLLBACK_COMPLETE"
    assert "K IMPORT_COMPLETE Resource import completed." in events("s")
    assert client.describe_app_image_config(AppImageConfigName="kept")["AppImageConfigName"] == "kept"

    cfn.delete_stack(StackName="s")
    del made["Resources"]["B"]
    made["Resources"]["No"] = config("gone", "Delete")
    made["Resources"]["Dynamic"] = config({"Fn::Sub": "gone"}, "Retain")
    cfn.create_change_set(**{**change, "ChangeSetName": "d"}, TemplateBody=json.dumps(made))
    told = cfn.describe_change_set(StackName="s", ChangeSetName="d")["Changes"]
    actions = [(one["ResourceChange"]["LogicalResourceId"], one["ResourceChange"]["Action"]) for one in told]
    assert actions == [("A", "Add"), ("Dynamic", "Add"), ("K", "Import"), ("No", "Add")]


def test_an_update_that_takes_something_in_and_fails_lets_it_be(
    cfn: Any, client: Any, stack: Any, status: Status, things: Thing
) -> None:
    stack("s", template(A={"Value": "1"}))
    client.create_app_image_config(AppImageConfigName="kept")
    made = template(A={"Value": "2"}, B={"Fails": "refuse", "After": ["A", "K"]})
    made["Resources"]["K"] = {
        "Type": "AWS::SageMaker::AppImageConfig",
        "Properties": {"AppImageConfigName": "kept"},
        "DeletionPolicy": "RetainExceptOnCreate",
    }
    change = {"StackName": "s", "ChangeSetName": "c", "ImportExistingResources": True}
    cfn.create_change_set(**change, TemplateBody=json.dumps(made))
    cfn.execute_change_set(StackName="s", ChangeSetName="c")
    assert status("s") == "UPDATE_ROLLBACK_COMPLETE"
    assert [one["LogicalResourceId"] for one in cfn.describe_stack_resources(StackName="s")["StackResources"]] == ["A"]
    assert client.describe_app_image_config(AppImageConfigName="kept")["AppImageConfigName"] == "kept"
    cfn.create_change_set(**{**change, "ChangeSetName": "d"}, TemplateBody=json.dumps(made))
    cfn.execute_change_set(StackName="s", ChangeSetName="d", DisableRollback=True)
    assert status("s") == "UPDATE_FAILED"
    cfn.update_stack(StackName="s", TemplateBody=json.dumps(made), DisableRollback=True)
    cfn.rollback_stack(StackName="s")
    assert status("s") == "UPDATE_ROLLBACK_COMPLETE"
    assert client.describe_app_image_config(AppImageConfigName="kept")["AppImageConfigName"] == "kept"


def test_what_is_not_to_be_echoed_is_told_nowhere(cfn: Any, change: Any, things: Thing) -> None:
    made = template(A={"Value": {"Fn::Sub": "word:${P}"}, "Count": "1"})
    made["Parameters"] = {"P": {"Type": "String", "NoEcho": True}}

    def said(word: str) -> dict[str, Any]:
        return {"Parameters": [{"ParameterKey": "P", "ParameterValue": word}]}

    cfn.create_stack(StackName="s", TemplateBody=json.dumps(made), **said("first-word"))
    ident = change("c", made, **said("second-word"))
    told = cfn.describe_change_set(ChangeSetName=ident, IncludePropertyValues=True)
    [one] = told["Changes"]
    assert one["ResourceChange"]["Details"][0]["Target"]["Name"] == "Value"
    cfn.execute_change_set(ChangeSetName=ident)
    assert [thing["Value"] for thing in things.there.values()] == ["word:second-word"]
    everything = f"{told}{cfn.describe_stack_events(StackName='s')}{cfn.describe_stacks(StackName='s')}"
    assert "first-word" not in everything
    assert "second-word" not in everything
    assert "word:****" in everything


def test_many_changes_come_in_pages(cfn: Any, change: Any) -> None:
    ident = change("c", template(**{f"A{number}": {} for number in range(130)}), "CREATE")
    pages = cfn.get_paginator("describe_change_set").paginate(ChangeSetName=ident)
    names = [one["ResourceChange"]["LogicalResourceId"] for page in pages for one in page["Changes"]]
    assert len(names) == len(set(names)) == 130


def test_the_template_of_a_change_set_is_told(cfn: Any, change: Any) -> None:
    made = template(A={"Value": "1"})
    ident = change("c", made, "CREATE")
    assert cfn.get_template(ChangeSetName=ident)["TemplateBody"] == made
