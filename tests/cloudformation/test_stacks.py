"""Stacks through boto3: what can be called, what is refused, and in which words."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from emulator.aws import model
from emulator.cloudformation.operations import OPERATIONS
from tests.cloudformation.things import Thing, template
from tests.conftest import ACCOUNT, REGION, ROLE

Status = Callable[[str], str]
Refused = Callable[..., tuple[str, str]]


def body(**resources: Any) -> str:
    return json.dumps(template(**resources))


# --- One stack --------------------------------------------------------------------------------------------------------


def test_a_stack_is_there_with_its_resources_when_its_creation_has_been_answered(
    cfn: Any, client: Any, status: Status
) -> None:
    group = {"Type": "AWS::SageMaker::ModelPackageGroup", "Properties": {"ModelPackageGroupName": "g"}}
    model = {
        "Type": "AWS::SageMaker::Model",
        "Properties": {"ExecutionRoleArn": ROLE, "PrimaryContainer": {"Image": "1.dkr.ecr.us-east-1.amazonaws.com/i"}},
    }
    cfn.create_stack(StackName="s", TemplateBody=json.dumps({"Resources": {"G": group, "M": model}}))
    assert client.describe_model_package_group(ModelPackageGroupName="g")["ModelPackageGroupStatus"] == "Completed"
    assert [one["ModelName"].startswith("s-M-") for one in client.list_models()["Models"]] == [True]
    assert status("s") == "CREATE_COMPLETE"


def test_a_stack_is_described_as_it_was_asked_for(cfn: Any, clock: Any) -> None:
    made = {
        "Description": "Things.",
        "Parameters": {
            "Size": {"Type": "Number", "Default": 1},
            "Word": {"Type": "String", "NoEcho": True},
        },
        "Resources": {"H": {"Type": "AWS::CloudFormation::WaitConditionHandle"}},
        "Outputs": {"Region": {"Value": {"Ref": "AWS::Region"}, "Description": "Where", "Export": {"Name": "where"}}},
    }
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:t"
    answer = cfn.create_stack(
        StackName="s",
        TemplateBody=json.dumps(made),
        Parameters=[{"ParameterKey": "Word", "ParameterValue": "secret"}],
        Tags=[{"Key": "k", "Value": "v"}],
        NotificationARNs=[topic],
        RoleARN=ROLE,
        TimeoutInMinutes=5,
        EnableTerminationProtection=True,
        Capabilities=["CAPABILITY_IAM"],
    )
    assert answer["StackId"].startswith(f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/s/")
    [one] = cfn.describe_stacks(StackName="s")["Stacks"]
    assert one.pop("CreationTime").timestamp() == clock.now()
    assert one == {
        "StackId": answer["StackId"],
        "StackName": "s",
        "Description": "Things.",
        "Parameters": [
            {"ParameterKey": "Size", "ParameterValue": "1"},
            {"ParameterKey": "Word", "ParameterValue": "****"},
        ],
        "RollbackConfiguration": {},
        "StackStatus": "CREATE_COMPLETE",
        "DisableRollback": False,
        "NotificationARNs": [topic],
        "TimeoutInMinutes": 5,
        "Capabilities": ["CAPABILITY_IAM"],
        "Outputs": [
            {"OutputKey": "Region", "OutputValue": REGION, "Description": "Where", "ExportName": "where"},
        ],
        "RoleARN": ROLE,
        "Tags": [{"Key": "k", "Value": "v"}],
        "EnableTerminationProtection": True,
        "DriftInformation": {"StackDriftStatus": "NOT_CHECKED"},
    }


def test_a_deleted_stack_is_found_by_its_arn_only(cfn: Any, stack: Any, refused: Refused) -> None:
    ident = stack("s", template(A={}))
    cfn.delete_stack(StackName="s")
    assert refused("describe_stacks", StackName="s") == ("ValidationError", "Stack with id s does not exist")
    [one] = cfn.describe_stacks(StackName=ident)["Stacks"]
    assert one["StackStatus"] == "DELETE_COMPLETE"
    assert "DeletionTime" in one
    assert cfn.describe_stacks()["Stacks"] == []
    assert [one["StackStatus"] for one in cfn.list_stacks()["StackSummaries"]] == ["DELETE_COMPLETE"]
    [resource] = cfn.describe_stack_resources(StackName=ident)["StackResources"]
    assert resource["ResourceStatus"] == "DELETE_COMPLETE"
    again = stack("s", template(A={}))
    assert again != ident
    assert cfn.describe_stacks(StackName="s")["Stacks"][0]["StackId"] == again


def test_what_is_deleted_twice_or_never_was_is_deleted(cfn: Any, stack: Any) -> None:
    cfn.delete_stack(StackName="nothing")
    stack("s", template(A={}))
    cfn.delete_stack(StackName="s")
    cfn.delete_stack(StackName="s")


def test_a_name_is_taken_until_its_stack_is_deleted(cfn: Any, stack: Any, refused: Refused) -> None:
    stack("s", template(A={}))
    code, message = refused("create_stack", StackName="s", TemplateBody=body(A={}))
    assert (code, message) == ("AlreadyExistsException", "Stack [s] already exists")


def test_a_call_that_is_made_twice_with_a_token_is_answered_twice_and_done_once(
    cfn: Any, stack: Any, update: Any, events: Any, refused: Refused
) -> None:
    first = stack("s", template(A={}), ClientRequestToken="one")
    assert stack("s", template(A={}), ClientRequestToken="one") == first
    assert update("s", template(A={"Value": "2"}), ClientRequestToken="two") == first
    told = events("s")
    assert update("s", template(A={"Value": "2"}), ClientRequestToken="two") == first
    assert events("s") == told
    assert {one.get("ClientRequestToken") for one in cfn.describe_stack_events(StackName="s")["StackEvents"]} == {
        "one",
        "two",
    }
    code, _ = refused("update_stack", StackName="s", TemplateBody=body(A={}), ClientRequestToken="one")
    assert code == "TokenAlreadyExistsException"


def test_a_protected_stack_is_deleted_when_it_is_protected_no_more(
    cfn: Any, stack: Any, refused: Refused, status: Status
) -> None:
    ident = stack("s", template(A={}), EnableTerminationProtection=True)
    assert refused("delete_stack", StackName="s") == (
        "ValidationError",
        "Stack [s] cannot be deleted while TerminationProtection is enabled",
    )
    cfn.update_termination_protection(StackName="s", EnableTerminationProtection=False)
    cfn.delete_stack(StackName="s")
    assert status(ident) == "DELETE_COMPLETE"


# --- What is refused at once ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "code", "message"),
    [
        ({}, "ValidationError", "Either Template URL or Template Body must be specified."),
        (
            {
                "TemplateBody": json.dumps(
                    {"Resources": {"A": {"Type": "AWS::Nobody::Has"}, "B": {"Type": "Custom::It"}}}
                )
            },
            "ValidationError",
            "Template format error: Unrecognized resource types: [AWS::Nobody::Has, Custom::It]",
        ),
        (
            {"TemplateBody": body(A={"With": {"DeletionPolicy": "Snapshot"}})},
            "ValidationError",
            "Template error: resource type Made::Up::Thing does not support deletion policy Snapshot",
        ),
        (
            {"TemplateBody": body(A={}, B={"Value": {"Fn::GetAtt": ["A", "Colour"]}})},
            "ValidationError",
            "Template error: resource A does not support attribute type Colour in Fn::GetAtt",
        ),
        (
            {
                "TemplateBody": json.dumps(
                    {
                        "Parameters": {"P": {"Type": "String"}},
                        "Mappings": {"Sizes": {"small": {"cpu": "1"}}},
                        **template(A={"Value": {"Fn::FindInMap": ["Sizes", {"Ref": "P"}, "cpu"]}}),
                    }
                ),
                "Parameters": [{"ParameterKey": "P", "ParameterValue": "large"}],
            },
            "ValidationError",
            "Template error: Unable to get mapping for Sizes::large::cpu",
        ),
        (
            {"TemplateBody": body(A={}), "ResourceTypes": ["AWS::SageMaker::*"]},
            "ValidationError",
            "Resource type Made::Up::Thing is not allowed by parameter ResourceTypes [AWS::SageMaker::*]",
        ),
        (
            {"TemplateBody": body(A={"After": "B"}, B={"After": "A"})},
            "ValidationError",
            "Circular dependency between resources: [A, B]",
        ),
        (
            {"TemplateBody": body(A={}), "Parameters": [{"ParameterKey": "X", "ParameterValue": "1"}]},
            "ValidationError",
            "Parameters: [X] do not exist in the template",
        ),
        (
            {"TemplateBody": body(A={}), "StackPolicyBody": "nothing"},
            "ValidationError",
            "Error validating stack policy: Invalid stack policy",
        ),
        (
            {"TemplateBody": json.dumps({**template(A={}), "Description": "é" * 513})},
            "ValidationError",
            "Template format error: 'Description' length or type is not valid.",
        ),
        (
            {"TemplateBody": body(**{"A" * 256: {}})},
            "ValidationError",
            f"Template format error: Resource name {'A' * 256} is longer than 255 characters.",
        ),
        (
            {
                "TemplateBody": json.dumps({**template(A={}), "Parameters": {"P": {"Type": "String"}}}),
                "Parameters": [{"ParameterKey": "P", "ParameterValue": "é" * 2049}],
            },
            "ValidationError",
            "Parameter 'P' must contain at most 4096 bytes",
        ),
        (
            {"TemplateBody": body(A={}), "Tags": [{"Key": "aws:x", "Value": "1"}]},
            "ValidationError",
            "aws: prefixed tag key names are not allowed for external use: aws:x",
        ),
        (
            {"TemplateBody": body(A={}), "Tags": [{"Key": "x", "Value": "1"}, {"Key": "x", "Value": "2"}]},
            "ValidationError",
            "Duplicate tag keys found in the tags of the stack",
        ),
    ],
)
def test_a_stack_that_cannot_be_made_is_refused_and_not_there(
    cfn: Any, things: Thing, refused: Refused, said: dict[str, Any], code: str, message: str
) -> None:
    assert refused("create_stack", StackName="s", **said) == (code, message)
    assert cfn.list_stacks()["StackSummaries"] == []
    assert things.there == {}


def test_a_stack_has_a_name_that_stacks_can_have(refused: Refused) -> None:
    code, message = refused("create_stack", StackName="*@_$", TemplateBody=body(A={}))
    assert code == "ValidationError"
    assert message.startswith("1 validation error detected: Value '*@_$' at 'stackName' failed to satisfy constraint:")


def test_a_name_of_128_characters_is_the_longest(stack: Any, status: Status, refused: Refused) -> None:
    stack("s" * 128, template(A={}))
    assert status("s" * 128) == "CREATE_COMPLETE"
    code, message = refused("create_stack", StackName="s" * 129, TemplateBody=body(A={}))
    assert (code, message[-25:]) == ("ValidationError", "less than or equal to 128")


def test_rights_have_to_be_acknowledged(connect: Any, refused: Refused) -> None:
    role = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "r", "AssumeRolePolicyDocument": {}}}
    made = json.dumps({"Resources": {"R": role}})
    summary = connect("cloudformation").get_template_summary(TemplateBody=made)
    assert summary["Capabilities"] == ["CAPABILITY_NAMED_IAM"]
    code, message = refused("create_stack", StackName="s", TemplateBody=made)
    if code == "InsufficientCapabilitiesException":
        assert message == "Requires capabilities : [CAPABILITY_NAMED_IAM]"
    else:  # where moto is not installed nobody has roles
        assert message == "Template format error: Unrecognized resource types: [AWS::IAM::Role]"


# --- Updates ----------------------------------------------------------------------------------------------------------


def test_an_update_that_changes_nothing_is_refused(stack: Any, update: Any, refused: Refused) -> None:
    outputs = {"O": {"Value": "1"}}
    stack("s", template(outputs, A={"Value": "1"}))
    same = json.dumps(template(outputs, A={"Value": "1"}))
    assert refused("update_stack", StackName="s", TemplateBody=same) == (
        "ValidationError",
        "No updates are to be performed.",
    )
    code, _ = refused("update_stack", StackName="s", UsePreviousTemplate=True)
    assert code == "ValidationError"
    update("s", template({"O": {"Value": "2"}}, A={"Value": "1"}))


def test_parameters_that_are_not_said_again_are_those_of_before(cfn: Any, things: Thing) -> None:
    made = template(A={"Value": {"Fn::Sub": "${P}-${Q}"}})
    made["Parameters"] = {"P": {"Type": "String"}, "Q": {"Type": "String", "Default": "q"}}
    cfn.create_stack(
        StackName="s",
        TemplateBody=json.dumps(made),
        Parameters=[{"ParameterKey": "P", "ParameterValue": "p"}, {"ParameterKey": "Q", "ParameterValue": "x"}],
    )
    cfn.update_stack(
        StackName="s", UsePreviousTemplate=True, Parameters=[{"ParameterKey": "P", "UsePreviousValue": True}]
    )
    [thing] = things.there.values()
    assert thing["Value"] == "p-q"


def test_a_parameter_is_the_previous_one_or_another(cfn: Any, things: Thing, refused: Refused) -> None:
    made = {"Parameters": {"P": {"Type": "String"}}, **template(A={"Value": {"Ref": "P"}})}
    said = [{"ParameterKey": "P", "ParameterValue": "1"}]
    cfn.create_stack(StackName="s", TemplateBody=json.dumps(made), Parameters=said)
    both = [{**said[0], "UsePreviousValue": True}]
    code, message = refused("update_stack", StackName="s", UsePreviousTemplate=True, Parameters=both)
    assert code == "ValidationError"
    why = "Cannot specify usePreviousValue as true and non empty value for a parameter"
    assert message == f"Invalid input for parameter key P. {why}"


def test_a_stack_that_is_not_there_is_not_updated(refused: Refused) -> None:
    assert refused("update_stack", StackName="s", TemplateBody=body(A={})) == (
        "ValidationError",
        "Stack with id s does not exist",
    )


def test_a_stack_that_was_rolled_back_is_only_to_be_deleted(
    cfn: Any, stack: Any, status: Status, refused: Refused
) -> None:
    ident = stack("s", template(A={"Fails": "refuse"}))
    assert status("s") == "ROLLBACK_COMPLETE"
    _, message = refused("update_stack", StackName="s", TemplateBody=body(A={}))
    assert message == f"Stack:{ident} is in ROLLBACK_COMPLETE state and can not be updated."
    cfn.delete_stack(StackName="s")
    assert status(ident) == "DELETE_COMPLETE"


def test_a_resource_does_not_become_one_of_another_type(stack: Any, refused: Refused) -> None:
    stack("s", template(A={}))
    other = json.dumps({"Resources": {"A": {"Type": "AWS::CDK::Metadata"}}})
    assert refused("update_stack", StackName="s", TemplateBody=other)[1] == (
        "Update of resource type is not permitted. The new template modifies resource type of the following "
        "resources: [A]"
    )


def test_what_a_template_says_as_text_reaches_a_type_as_its_schema_has_it(stack: Any, things: Thing) -> None:
    stack("s", template(A={"Count": "3", "Value": 4}))
    [thing] = things.there.values()
    assert (thing["Count"], thing["Value"]) == (3, "4")


@pytest.mark.parametrize(("before", "after", "left"), [("Delete", "Retain", 2), ("Retain", "Delete", 1)])
def test_the_template_that_replaces_a_resource_says_what_becomes_of_it(
    cfn: Any, stack: Any, things: Thing, before: str, after: str, left: int
) -> None:
    stack("s", template(A={"Name": "a", "With": {"UpdateReplacePolicy": before}}))
    made = body(A={"Name": "b", "With": {"UpdateReplacePolicy": after}})
    cfn.create_change_set(StackName="s", ChangeSetName="c", TemplateBody=made)
    [change] = cfn.describe_change_set(StackName="s", ChangeSetName="c")["Changes"]
    assert change["ResourceChange"]["PolicyAction"] == f"ReplaceAnd{after}"
    cfn.execute_change_set(StackName="s", ChangeSetName="c")
    assert len(things.there) == left


def test_a_replacement_is_retained_where_the_template_says_so(cfn: Any, stack: Any, update: Any, things: Thing) -> None:
    stack("s", template(A={"With": {"UpdateReplacePolicy": "Retain"}}))
    update("s", template(A={"Name": "new", "With": {"UpdateReplacePolicy": "Retain"}}))
    assert [one.get("Name") for one in things.there.values()] == [None, "new"]
    cfn.delete_stack(StackName="s")
    assert [one.get("Name") for one in things.there.values()] == [None]


def test_a_resource_that_is_retained_except_on_create_goes_with_the_rollback_of_its_creation(
    stack: Any, update: Any, status: Status, things: Thing
) -> None:
    kept = {"With": {"DeletionPolicy": "RetainExceptOnCreate"}}
    stack("s", template(A=kept, B={"Fails": "refuse", "After": "A"}))
    assert (status("s"), things.there) == ("ROLLBACK_COMPLETE", {})
    stack("t", template(A=kept))
    update("t", template(A=kept, B=kept, C={"Fails": "refuse", "After": "B"}))
    assert status("t") == "UPDATE_ROLLBACK_COMPLETE"
    assert [name.split("-")[1] for name in things.there] == ["A"]
    update("t", template(B={}))
    assert [name.split("-")[1] for name in things.there] == ["A", "B"]


# --- Failures and what is done about them -----------------------------------------------------------------------------


def test_a_failed_creation_that_was_kept_is_rolled_back_on_demand(
    cfn: Any, stack: Any, status: Status, things: Thing
) -> None:
    stack("s", template(A={}, B={"Fails": "create"}), DisableRollback=True)
    assert status("s") == "CREATE_FAILED"
    assert len(things.there) == 2
    cfn.rollback_stack(StackName="s")
    assert (status("s"), things.there) == ("ROLLBACK_COMPLETE", {})


def test_a_failed_creation_that_was_kept_is_put_right_by_an_update(
    stack: Any, update: Any, status: Status, things: Thing
) -> None:
    stack("s", template(A={}, B={"Fails": "create"}), DisableRollback=True)
    update("s", template(A={}, B={"Value": "1"}))
    assert status("s") == "UPDATE_COMPLETE"
    assert sorted(name.split("-")[1] for name in things.there) == ["A", "B"]
    assert all("Fails" not in one for one in things.there.values())


def test_a_failed_update_that_was_kept_is_rolled_back_to_before_the_first_failure(
    cfn: Any, stack: Any, update: Any, status: Status, things: Thing
) -> None:
    stack("s", template(A={"Value": "1"}, B={}))
    broken = {"Fails": "update", "After": "A"}
    update("s", template(A={"Value": "2"}, B=broken), DisableRollback=True)
    assert status("s") == "UPDATE_FAILED"
    update("s", template(A={"Value": "3"}, B={**broken, "Value": "x"}), DisableRollback=True)
    assert status("s") == "UPDATE_FAILED"
    cfn.rollback_stack(StackName="s")
    assert status("s") == "UPDATE_ROLLBACK_COMPLETE"
    assert [one.get("Value") for one in things.there.values()] == ["1", None]
    assert json.loads(json.dumps(cfn.get_template(StackName="s")["TemplateBody"])) == template(A={"Value": "1"}, B={})


def test_a_stack_is_all_that_it_was_before_an_update_that_failed(
    cfn: Any, stack: Any, update: Any, status: Status
) -> None:
    def topics(name: str) -> dict[str, Any]:
        return {"NotificationARNs": [f"arn:aws:sns:{REGION}:{ACCOUNT}:{name}"], "RoleARN": f"{ROLE}-{name}"}

    def described() -> dict[str, Any]:
        [one] = cfn.describe_stacks(StackName="s")["Stacks"]
        return {name: one.get(name) for name in ("Description", "NotificationARNs", "RoleARN", "DisableRollback")}

    stack("s", {**template(A={"Value": "1"}), "Description": "old"}, **topics("old"))
    before = described()
    failing = {**template(A={"Value": "2", "Fails": "update"}), "Description": "new"}
    update("s", failing, **topics("new"))
    assert status("s") == "UPDATE_ROLLBACK_COMPLETE"
    assert described() == before
    for name in ("new", "newer"):
        update("s", {**failing, "Description": name}, DisableRollback=True, **topics(name))
        assert described()["Description"] == name
    cfn.rollback_stack(StackName="s")
    assert status("s") == "UPDATE_ROLLBACK_COMPLETE"
    assert described() == before
    cfn.create_change_set(StackName="s", ChangeSetName="c", TemplateBody=json.dumps(failing), **topics("new"))
    cfn.execute_change_set(StackName="s", ChangeSetName="c")
    assert status("s") == "UPDATE_ROLLBACK_COMPLETE"
    assert described() == before


def test_what_was_replaced_twice_in_failed_updates_is_there_once(
    cfn: Any, stack: Any, update: Any, status: Status, things: Thing
) -> None:
    stack("s", template(A={"Name": "1"}, B={}))
    for name in ("2", "3"):
        update("s", template(A={"Name": name}, B={"Fails": "update", "After": "A"}), DisableRollback=True)
        assert status("s") == "UPDATE_FAILED"
    assert sorted(one["Name"] for one in things.there.values() if "Name" in one) == ["1", "2", "3"]
    cfn.rollback_stack(StackName="s")
    assert status("s") == "UPDATE_ROLLBACK_COMPLETE"
    assert [one["Name"] for one in things.there.values() if "Name" in one] == ["1"]


def test_only_what_has_failed_and_was_kept_is_rolled_back(stack: Any, refused: Refused) -> None:
    ident = stack("s", template(A={}))
    assert refused("rollback_stack", StackName="s") == (
        "ValidationError",
        f"Stack:{ident} is in CREATE_COMPLETE state and can not be rolled back.",
    )


def test_a_rollback_that_fails_is_gone_on_with_or_skips_what_is_in_its_way(
    cfn: Any, stack: Any, update: Any, status: Status, things: Thing, refused: Refused
) -> None:
    stack("s", template(A={"Value": "1"}, B={}))
    [ident] = [name for name in things.there if "-A-" in name]
    refuses = things.update

    def never_back(caller: Any, identifier: str, previous: Any, wish: Any) -> Any:
        if identifier == ident and wish.properties.get("Value") == "1":
            wish.properties["Fails"] = "update"
        return refuses(caller, identifier, previous, wish)

    things.update = never_back  # type: ignore[method-assign]
    update("s", template(A={"Value": "2"}, B={"Fails": "update", "After": "A"}))
    assert status("s") == "UPDATE_ROLLBACK_FAILED"
    _, message = refused("update_stack", StackName="s", TemplateBody=body(A={}))
    assert "is in UPDATE_ROLLBACK_FAILED state and can not be updated." in message
    cfn.continue_update_rollback(StackName="s")
    assert status("s") == "UPDATE_ROLLBACK_FAILED"
    assert refused("continue_update_rollback", StackName="s", ResourcesToSkip=["B"])[0] == "ValidationError"
    cfn.continue_update_rollback(StackName="s", ResourcesToSkip=["A"])
    assert status("s") == "UPDATE_ROLLBACK_COMPLETE"
    assert things.there[ident]["Value"] == "2"


def test_an_update_that_is_cancelled_goes_back(
    cfn: Any, stack: Any, update: Any, clock: Any, status: Status, events: Any, things: Thing, refused: Refused
) -> None:
    stack("s", template(A={"Value": "1"}))
    assert refused("cancel_update_stack", StackName="s")[0] == "ValidationError"
    update("s", template(A={"Value": "2", "Seconds": 60}))
    assert status("s") == "UPDATE_IN_PROGRESS"
    cfn.cancel_update_stack(StackName="s")
    assert events("s")[-2:] == [
        "A UPDATE_FAILED Resource update cancelled",
        "s UPDATE_ROLLBACK_IN_PROGRESS User Initiated",
    ]
    clock.advance(60)
    assert status("s") == "UPDATE_ROLLBACK_COMPLETE"
    assert [one["Value"] for one in things.there.values()] == ["1"]


def test_a_creation_that_takes_too_long_is_rolled_back(
    stack: Any, clock: Any, status: Status, events: Any, things: Thing
) -> None:
    stack("s", template(A={"Seconds": 600}), TimeoutInMinutes=1)
    clock.advance(59)
    assert status("s") == "CREATE_IN_PROGRESS"
    clock.advance(1)
    assert status("s") == "ROLLBACK_IN_PROGRESS"
    assert "Stack creation time exceeded the specified timeout. Rollback requested by user." in events("s")[-1]
    clock.advance(600)
    status("s")
    clock.advance(600)
    assert (status("s"), things.there) == ("ROLLBACK_COMPLETE", {})


def test_what_could_not_be_deleted_is_deleted_again_left_or_forced(
    cfn: Any, stack: Any, status: Status, things: Thing, refused: Refused
) -> None:
    ident = stack("s", template(A={}, B={"Fails": "delete", "After": "A"}))
    _, message = refused("delete_stack", StackName="s", RetainResources=["B"])
    assert "only when the stack is in the DELETE_FAILED state" in message
    cfn.delete_stack(StackName="s")
    assert status("s") == "DELETE_FAILED"
    cfn.delete_stack(StackName="s")
    assert status("s") == "DELETE_FAILED"
    assert refused("delete_stack", StackName="s", RetainResources=["C"])[0] == "ValidationError"
    cfn.delete_stack(StackName="s", RetainResources=["B"])
    assert status(ident) == "DELETE_COMPLETE"
    assert [name.split("-")[1] for name in things.there] == ["B"]
    other = stack("t", template(A={"Fails": "delete"}))
    cfn.delete_stack(StackName="t")
    cfn.delete_stack(StackName="t", DeletionMode="FORCE_DELETE_STACK")
    assert status(other) == "DELETE_COMPLETE"


def test_a_resource_that_went_behind_the_back_of_its_stack_is_as_good_as_deleted(
    cfn: Any, stack: Any, status: Status, things: Thing
) -> None:
    ident = stack("s", template(A={}))
    things.there.clear()
    cfn.delete_stack(StackName="s")
    assert status(ident) == "DELETE_COMPLETE"


def test_a_stack_that_lost_a_resource_can_still_be_put_right(
    cfn: Any, client: Any, stack: Any, update: Any, status: Status
) -> None:
    image = {"Type": "AWS::SageMaker::Image", "Properties": {"ImageName": "i", "ImageRoleArn": ROLE}}
    refers = template(A={"Value": {"Fn::GetAtt": ["I", "ImageArn"]}})["Resources"]
    stack("s", {"Resources": {"I": image, **refers}})
    client.delete_image(ImageName="i")
    assert client.list_images()["Images"] == []
    update("s", template(A={"Value": "1"}))
    assert status("s") == "UPDATE_COMPLETE"


# --- Time -------------------------------------------------------------------------------------------------------------


def test_a_stack_moves_with_the_clock_and_nothing_is_lost_on_the_way(
    cfn: Any, emulator: Any, stack: Any, clock: Any, status: Status, refused: Refused
) -> None:
    ident = stack("s", template(A={"Seconds": 10}, B={"Seconds": 10, "After": "A"}))
    assert status("s") == "CREATE_IN_PROGRESS"
    assert refused("update_stack", StackName="s", TemplateBody=body(A={})) == (
        "ValidationError",
        f"Stack:{ident} is in CREATE_IN_PROGRESS state and can not be updated.",
    )
    clock.advance(10)
    statuses = {
        one["LogicalResourceId"]: one["ResourceStatus"]
        for one in cfn.list_stack_resources(StackName="s")["StackResourceSummaries"]
    }
    assert statuses == {"A": "CREATE_COMPLETE", "B": "CREATE_IN_PROGRESS"}
    document = emulator.control.state()
    emulator.control.load(document)
    clock.advance(10)
    assert status("s") == "CREATE_COMPLETE"


def test_a_stack_at_pace_takes_as_long_as_its_resources(cfn: Any, emulator: Any, clock: Any, status: Status) -> None:
    emulator.control.pace("real")
    image = {"Type": "AWS::SageMaker::Image", "Properties": {"ImageName": "i", "ImageRoleArn": ROLE}}
    cfn.create_stack(StackName="s", TemplateBody=json.dumps({"Resources": {"I": image}}))
    assert status("s") == "CREATE_IN_PROGRESS"
    clock.advance(hours=1)
    assert status("s") == "CREATE_COMPLETE"
    emulator.control.pace("manual")
    cfn.delete_stack(StackName="s")
    clock.advance(hours=1)
    assert status("s") == "DELETE_IN_PROGRESS"
    ident = cfn.describe_stacks(StackName="s")["Stacks"][0]["StackId"]
    for _ in range(5):
        emulator.control.step()
    assert status(ident) == "DELETE_COMPLETE"


def test_at_pace_step_a_stack_moves_on_with_each_look(cfn: Any, emulator: Any, status: Status) -> None:
    emulator.control.pace("step", looks=2)
    image = {"Type": "AWS::SageMaker::Image", "Properties": {"ImageName": "i", "ImageRoleArn": ROLE}}
    cfn.create_stack(StackName="s", TemplateBody=json.dumps({"Resources": {"I": image}}))
    assert [status("s") for _ in range(2)] == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]


def test_failures_that_were_asked_for_reach_stacks(
    cfn: Any, emulator: Any, stack: Any, status: Status, events: Any
) -> None:
    emulator.control.fail("Image", "No disk.")
    image = {"Type": "AWS::SageMaker::Image", "Properties": {"ImageName": "i", "ImageRoleArn": ROLE}}
    cfn.create_stack(StackName="s", TemplateBody=json.dumps({"Resources": {"I": image}}))
    assert status("s") == "ROLLBACK_COMPLETE"
    assert any("No disk." in one and "CREATE_FAILED" in one for one in events("s"))
    emulator.control.forget()
    emulator.control.quota("Image", 0)
    cfn.create_stack(StackName="q", TemplateBody=json.dumps({"Resources": {"I": image}}))
    assert any("HandlerErrorCode: ServiceLimitExceeded" in one for one in events("q"))
    emulator.control.forget()
    emulator.control.drop("CreateImage")
    cfn.create_stack(StackName="d", TemplateBody=json.dumps({"Resources": {"I": image}}))
    assert any("HandlerErrorCode: NetworkFailure" in one for one in events("d"))
    emulator.control.forget()
    emulator.control.error("ThrottlingException", operation="CreateImage")
    cfn.create_stack(StackName="t", TemplateBody=json.dumps({"Resources": {"I": image}}))
    assert any("HandlerErrorCode: Throttling" in one for one in events("t"))


def test_a_stack_is_deleted_while_it_is_being_created(
    cfn: Any, stack: Any, clock: Any, status: Status, things: Thing
) -> None:
    ident = stack("s", template(A={"Seconds": 10}, B={"After": "A"}))
    cfn.delete_stack(StackName="s")
    assert status("s") == "DELETE_IN_PROGRESS"
    clock.advance(10)
    status(ident)
    clock.advance(10)
    assert (status(ident), things.there) == ("DELETE_COMPLETE", {})


def test_many_stacks_are_under_way_at_once_and_each_name_is_won_once(
    cfn: Any, things: Thing, clock: Any, status: Status
) -> None:
    def create(number: int) -> bool:
        try:
            cfn.create_stack(StackName=f"s{number % 5}", TemplateBody=body(A={"Seconds": 5}, B={"After": "A"}))
        except cfn.exceptions.AlreadyExistsException:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(create, range(20)))
    assert sum(won) == 5
    clock.advance(5)
    assert {one["StackStatus"] for one in cfn.list_stacks()["StackSummaries"]} == {"CREATE_COMPLETE"}
    assert len(things.there) == 10


# --- Tags, policies ---------------------------------------------------------------------------------------------------


def test_the_tags_of_a_stack_are_those_of_its_resources(cfn: Any, client: Any) -> None:
    group = {
        "Type": "AWS::SageMaker::ModelPackageGroup",
        "Properties": {"ModelPackageGroupName": "g", "Tags": [{"Key": "own", "Value": "1"}]},
    }
    made = json.dumps({"Resources": {"G": group}})
    cfn.create_stack(
        StackName="s", TemplateBody=made, Tags=[{"Key": "team", "Value": "a"}, {"Key": "own", "Value": "2"}]
    )
    arn = client.describe_model_package_group(ModelPackageGroupName="g")["ModelPackageGroupArn"]

    def tags() -> dict[str, str]:
        return {tag["Key"]: tag["Value"] for tag in client.list_tags(ResourceArn=arn)["Tags"]}

    assert tags() == {"own": "1", "team": "a"}
    cfn.update_stack(StackName="s", UsePreviousTemplate=True, Tags=[{"Key": "team", "Value": "b"}])
    assert tags() == {"own": "1", "team": "b"}
    cfn.detect_stack_drift(StackName="s")
    assert cfn.describe_stacks(StackName="s")["Stacks"][0]["DriftInformation"]["StackDriftStatus"] == "IN_SYNC"


POLICY = {
    "Statement": [
        {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"},
        {
            "Effect": "Deny",
            "Action": ["Update:Replace", "Update:Delete"],
            "Principal": "*",
            "Resource": "LogicalResourceId/A",
        },
    ]
}


def test_a_stack_policy_says_what_updates_may_touch(
    cfn: Any, stack: Any, update: Any, status: Status, events: Any, refused: Refused
) -> None:
    stack("s", template(A={}, B={}), StackPolicyBody=json.dumps(POLICY))
    assert json.loads(cfn.get_stack_policy(StackName="s")["StackPolicyBody"]) == POLICY
    update("s", template(A={"Value": "1"}, B={"Name": "b"}))
    assert status("s") == "UPDATE_COMPLETE"
    update("s", template(A={"Name": "a"}, B={"Name": "b"}))
    assert status("s") == "UPDATE_ROLLBACK_COMPLETE"
    assert any("Action denied by stack policy" in one and "Update:Replace" in one for one in events("s"))
    update("s", template(B={"Name": "b"}))
    assert status("s") == "UPDATE_ROLLBACK_COMPLETE"
    allow = json.dumps({"Statement": POLICY["Statement"][:1]})
    update("s", template(B={"Name": "b"}), StackPolicyDuringUpdateBody=allow)
    assert status("s") == "UPDATE_COMPLETE"
    assert json.loads(cfn.get_stack_policy(StackName="s")["StackPolicyBody"]) == POLICY
    cfn.set_stack_policy(StackName="s", StackPolicyBody=allow)
    assert json.loads(cfn.get_stack_policy(StackName="s")["StackPolicyBody"]) == json.loads(allow)
    message = "Either StackPolicyBody or StackPolicyURL must be specified."
    assert refused("set_stack_policy", StackName="s") == ("ValidationError", message)
    assert json.loads(cfn.get_stack_policy(StackName="s")["StackPolicyBody"]) == json.loads(allow)


def test_a_stack_policy_holds_for_a_replacement_that_turns_out_to_be_one(
    stack: Any, update: Any, status: Status, events: Any, things: Thing
) -> None:
    stack("s", template(A={"Perhaps": "one"}, B={"Value": {"Ref": "A"}}), StackPolicyBody=json.dumps(POLICY))
    there = dict(things.there)
    update("s", template(A={"Perhaps": "another"}, B={"Value": {"Ref": "A"}}))
    assert status("s") == "UPDATE_ROLLBACK_COMPLETE"
    assert any("Update:Replace" in one for one in events("s"))
    assert things.there == there


# --- Exports ----------------------------------------------------------------------------------------------------------


def exporting(value: str = "1") -> dict[str, Any]:
    return template({"O": {"Value": value, "Export": {"Name": "e"}}}, A={})


def test_an_export_is_imported_and_stays_as_long_as_it_is(
    cfn: Any, stack: Any, update: Any, status: Status, events: Any, refused: Refused, things: Thing
) -> None:
    first = stack("s", exporting())
    stack("t", template(A={"Value": {"Fn::ImportValue": "e"}}))
    assert [one.get("Value") for one in things.there.values()] == [None, "1"]
    assert cfn.list_exports()["Exports"] == [{"ExportingStackId": first, "Name": "e", "Value": "1"}]
    assert cfn.list_imports(ExportName="e")["Imports"] == ["t"]
    update("s", exporting("2"))
    assert "s UPDATE_ROLLBACK_IN_PROGRESS Export e cannot be updated as it is in use by t" in events("s")
    update("s", template(A={}))
    assert "s UPDATE_ROLLBACK_IN_PROGRESS Export e cannot be deleted as it is in use by t" in events("s")
    assert status("s") == "UPDATE_ROLLBACK_COMPLETE"
    cfn.delete_stack(StackName="s")
    assert events("s")[-1] == "s UPDATE_ROLLBACK_COMPLETE Delete canceled. Cannot delete export e as it is in use by t."
    cfn.delete_stack(StackName="t")
    assert refused("list_imports", ExportName="e")[1] == "Export 'e' is not imported by any stack."
    cfn.delete_stack(StackName="s")
    assert status(first) == "DELETE_COMPLETE"
    assert cfn.list_exports()["Exports"] == []


def test_a_name_is_exported_once_in_a_region(stack: Any, connect: Any, status: Status, events: Any) -> None:
    first = stack("s", exporting())
    stack("t", exporting())
    assert status("t") == "ROLLBACK_COMPLETE"
    taken = f"Export with name e is already exported by stack {first}. Rollback requested by user."
    assert f"t ROLLBACK_IN_PROGRESS {taken}" in events("t")
    other = connect("cloudformation", region="eu-west-1")
    other.create_stack(StackName="t", TemplateBody=json.dumps(exporting()))
    assert other.describe_stacks(StackName="t")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"


def test_what_nobody_exports_is_not_imported(stack: Any, status: Status, events: Any) -> None:
    stack("s", template(A={"Value": {"Fn::ImportValue": "nothing"}}))
    assert status("s") == "ROLLBACK_COMPLETE"
    assert "A CREATE_FAILED No export named nothing found." in events("s")


def test_why_a_stack_is_rolled_back_is_a_sentence_of_its_own(stack: Any, events: Any) -> None:
    stack("s", template({"O": {"Value": {"Fn::ImportValue": "nothing"}}}, A={}))
    assert "s ROLLBACK_IN_PROGRESS No export named nothing found. Rollback requested by user." in events("s")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        *((name, "is malformed. The Name field of every Export member") for name in ("a b", "a.b", "", {"Ref": "P"})),
        (
            {"Ref": "A"},
            "Output O is malformed.  The Name field of Export must not depend on any resources, imported values, or",
        ),
        ({"Fn::Sub": "e-${A.Id}"}, "must not depend on any resources"),
        ({"Fn::ImportValue": "e"}, "must not depend on any resources"),
        ({"Fn::Join": ["-", {"Fn::GetAZs": ""}]}, "must not depend on any resources"),
        (
            {"Fn::Sub": "${AWS::StackName}-e"},
            "The Outputs section contains duplicate Export names: [s-e]. Specify a unique name for each export.",
        ),
    ],
)
def test_an_export_has_a_name_that_exports_can_have(things: Thing, refused: Refused, name: Any, message: str) -> None:
    made = template(
        {"O": {"Value": "1", "Export": {"Name": name}}, "Q": {"Value": "1", "Export": {"Name": "s-e"}}}, A={}
    )
    made["Parameters"] = {"P": {"Type": "String", "Default": "a/b"}}
    code, said = refused("create_stack", StackName="s", TemplateBody=json.dumps(made))
    assert (code, message in said) == ("ValidationError", True)
    assert refused("create_change_set", StackName="s", ChangeSetName="c", ChangeSetType="CREATE",
                   TemplateBody=json.dumps(made)) == (code, said)  # fmt: skip


@pytest.mark.parametrize("export", [{}, "e", {"Fn::If": ["C", {"Name": "e"}, {"Ref": "AWS::NoValue"}]}])
def test_an_export_names_itself(refused: Refused, export: Any) -> None:
    made = json.dumps(template({"O": {"Value": "1", "Export": export}}, A={}))
    assert "Output O is malformed. The Name field" in refused("validate_template", TemplateBody=made)[1]


def test_an_output_without_a_value_is_none_and_one_without_a_name_is_not_exported(
    cfn: Any, stack: Any, status: Status, events: Any
) -> None:
    nothing = {"Ref": "AWS::NoValue"}
    stack("s", template({"O": {"Value": nothing}}, A={}))
    assert status("s") == "ROLLBACK_COMPLETE"
    assert any("Output values must be a string" in one for one in events("s"))
    stack("t", template({"O": {"Value": "1", "Export": {"Name": nothing}}}, A={}))
    assert cfn.describe_stacks(StackName="t")["Stacks"][0]["Outputs"] == [{"OutputKey": "O", "OutputValue": "1"}]
    assert cfn.list_exports()["Exports"] == []


# --- Reading ----------------------------------------------------------------------------------------------------------


def test_resources_are_told_one_by_one_and_by_their_physical_id(
    cfn: Any, stack: Any, things: Thing, refused: Refused
) -> None:
    ident = stack("s", template(A={"With": {"Metadata": {"k": "v"}}}))
    [physical] = things.there
    detail = cfn.describe_stack_resource(StackName="s", LogicalResourceId="A")["StackResourceDetail"]
    assert (detail["PhysicalResourceId"], json.loads(detail["Metadata"])) == (physical, {"k": "v"})
    [found] = cfn.describe_stack_resources(PhysicalResourceId=physical)["StackResources"]
    assert (found["StackId"], found["LogicalResourceId"]) == (ident, "A")
    assert refused("describe_stack_resource", StackName="s", LogicalResourceId="B") == (
        "ValidationError",
        "Resource B does not exist for stack s",
    )
    assert refused("describe_stack_resources", PhysicalResourceId="x")[0] == "ValidationError"


def test_templates_are_returned_as_they_were_sent(cfn: Any, things: Thing) -> None:
    text = "Resources:\n  A:\n    Type: Made::Up::Thing\n    Properties:\n      Value: !Ref AWS::Region # here\n"
    cfn.create_stack(StackName="s", TemplateBody=text)
    answer = cfn.get_template(StackName="s")
    assert (answer["TemplateBody"], answer["StagesAvailable"]) == (text, ["Original", "Processed"])
    assert cfn.validate_template(TemplateBody=text)["Parameters"] == []
    assert cfn.get_template_summary(StackName="s")["ResourceTypes"] == ["Made::Up::Thing"]


def test_long_lists_come_in_pages(cfn: Any, stack: Any, update: Any) -> None:
    stack("s", template(**{f"A{number}": {} for number in range(120)}))
    resources = cfn.get_paginator("list_stack_resources").paginate(StackName="s")
    assert [len(page["StackResourceSummaries"]) for page in resources] == [100, 20]
    found = [
        one["EventId"]
        for page in cfn.get_paginator("describe_stack_events").paginate(StackName="s")
        for one in page["StackEvents"]
    ]
    assert len(found) == len(set(found)) == 3 * 120 + 2
    for number in range(101):
        stack(f"t{number}", template(A={}))
    names = [one["StackName"] for page in cfn.get_paginator("describe_stacks").paginate() for one in page["Stacks"]]
    assert len(names) == len(set(names)) == 102


def test_the_waiters_of_boto3_end_at_their_first_look(cfn: Any, stack: Any, update: Any) -> None:
    once = {"Delay": 1, "MaxAttempts": 1}
    stack("s", template(A={}))
    cfn.get_waiter("stack_create_complete").wait(StackName="s", WaiterConfig=once)
    update("s", template(A={"Value": "1"}))
    cfn.get_waiter("stack_update_complete").wait(StackName="s", WaiterConfig=once)
    cfn.delete_stack(StackName="s")
    cfn.get_waiter("stack_delete_complete").wait(StackName="s", WaiterConfig=once)


def test_every_operation_is_answered_or_refused_with_a_reason() -> None:
    assert OPERATIONS.keys() == set(model.load("cloudformation").operations)


def test_operations_on_what_is_not_there_say_so(refused: Refused) -> None:
    message = "Either StackName or PhysicalResourceId must be specified."
    assert refused("describe_stack_resources") == ("ValidationError", message)
    code, message = refused("create_stack_set", StackSetName="s")
    assert code == "NotImplemented"
    assert "CreateStackSet" in message
    assert "there are no stack sets" in message
    assert refused("signal_resource", StackName="s", LogicalResourceId="A", UniqueId="1", Status="SUCCESS")[0] == code


def test_events_of_operations_tell_the_failures(cfn: Any, stack: Any) -> None:
    stack("s", template(A={"Fails": "refuse"}))
    [failed] = cfn.describe_events(StackName="s", Filters={"FailedEvents": True})["OperationEvents"]
    assert (failed["LogicalResourceId"], failed["ResourceStatus"]) == ("A", "CREATE_FAILED")


# --- CloudFormation's own types ---------------------------------------------------------------------------------------


def test_the_metadata_of_the_cdk_is_taken_and_does_nothing(cfn: Any, stack: Any, status: Status) -> None:
    stack("s", {"Resources": {"M": {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": "v2:deflate64:x"}}}})
    assert status("s") == "CREATE_COMPLETE"


def test_a_wait_condition_ends_by_its_timeout_for_nobody_sends_signals(
    stack: Any, clock: Any, status: Status, events: Any
) -> None:
    waits = {
        "H": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "W": {"Type": "AWS::CloudFormation::WaitCondition", "Properties": {"Handle": {"Ref": "H"}, "Timeout": "60"}},
    }
    stack("s", {"Resources": waits})
    assert status("s") == "CREATE_IN_PROGRESS"
    clock.advance(60)
    assert status("s") == "ROLLBACK_COMPLETE"
    assert "W CREATE_FAILED WaitCondition timed out. Received 0 conditions when expecting 1" in events("s")
