"""Stacks within stacks, and templates at a URL, where the companions serve S3."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from emulator.companions.services import installed
from tests.cloudformation.things import NAME, Thing, template

pytestmark = pytest.mark.skipif(not installed(), reason="the extra with moto is not installed")

Status = Callable[[str], str]


@pytest.fixture
def upload(connect: Callable[..., Any], url: str) -> Callable[[str, dict[str, Any]], str]:
    """Put a template into a bucket, and return its URL on the emulator's own port."""
    s3 = connect("s3")
    s3.create_bucket(Bucket="templates")

    def put(name: str, made: dict[str, Any]) -> str:
        s3.put_object(Bucket="templates", Key=name, Body=json.dumps(made).encode())
        return f"{url}/templates/{name}"

    return put


def inner(**said: Any) -> dict[str, Any]:
    made = template({"Out": {"Value": {"Ref": "I"}}}, I={"Value": {"Ref": "P"}, **said})
    return {**made, "Parameters": {"P": {"Type": "String", "Default": "p"}}}


def outer(url: str, value: str = "1", **more: Any) -> dict[str, Any]:
    nested = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url, "Parameters": {"P": value}}}
    after = {"Type": NAME, "Properties": {"Value": {"Fn::GetAtt": ["N", "Outputs.Out"]}, **more}}
    return {"Resources": {"N": nested, "A": after}}


def child(cfn: Any, name: str = "s") -> str:
    said = cfn.describe_stack_resource(StackName=name, LogicalResourceId="N")["StackResourceDetail"]
    return str(said["PhysicalResourceId"])


def test_a_template_at_a_url_is_read_where_it_is(
    cfn: Any, upload: Any, things: Thing, status: Status, refused: Any, url: str
) -> None:
    where = upload("one.json", template(A={}))
    cfn.create_stack(StackName="s", TemplateURL=where)
    assert status("s") == "CREATE_COMPLETE"
    for other in (
        "https://templates.s3.us-east-1.amazonaws.com/one.json",
        "https://s3.amazonaws.com/templates/one.json",
    ):
        assert cfn.get_template_summary(TemplateURL=other)["ResourceTypes"] == [NAME]
    assert refused("create_stack", StackName="t", TemplateURL=f"{url}/templates/none.json")[0] == "ValidationError"


def test_a_stack_is_a_resource_of_another(
    cfn: Any, upload: Any, stack: Any, update: Any, things: Thing, status: Status, refused: Any
) -> None:
    where = upload("inner.json", inner())
    parent = stack("s", outer(where), Tags=[{"Key": "k", "Value": "v"}])
    ident = child(cfn)
    [told] = cfn.describe_stacks(StackName=ident)["Stacks"]
    assert told["StackName"].startswith("s-N-")
    assert (told["ParentId"], told["RootId"], told["StackStatus"]) == (parent, parent, "CREATE_COMPLETE")
    assert told["Tags"] == [{"Key": "k", "Value": "v"}]
    by_name = {name.rsplit("-", 2)[1]: one for name, one in things.there.items()}
    assert by_name["I"]["Value"] == "1"
    assert by_name["A"]["Value"] == by_name["I"]["Id"]
    assert refused("delete_stack", StackName=ident)[0] == "ValidationError"
    cfn.detect_stack_drift(StackName="s")
    drifts = cfn.describe_stack_resource_drifts(StackName="s")["StackResourceDrifts"]
    assert {one["LogicalResourceId"]: one["StackResourceDriftStatus"] for one in drifts} == {"A": "IN_SYNC"}
    update("s", outer(where, "2"))
    assert (status("s"), status(ident)) == ("UPDATE_COMPLETE", "UPDATE_COMPLETE")
    assert {one["Value"] for name, one in things.there.items() if "-I-" in name} == {"2"}
    cfn.delete_stack(StackName="s")
    assert (status(parent), status(ident), things.there) == ("DELETE_COMPLETE", "DELETE_COMPLETE", {})


def test_a_stack_within_another_has_a_name_that_is_not_too_long(
    cfn: Any, upload: Any, stack: Any, things: Thing, status: Status
) -> None:
    where, name = upload("inner.json", inner()), "s" * 120
    cfn.create_change_set(
        StackName=name,
        ChangeSetName="c",
        ChangeSetType="CREATE",
        TemplateBody=json.dumps(outer(where)),
        IncludeNestedStacks=True,
    )
    cfn.execute_change_set(StackName=name, ChangeSetName="c")
    assert status(name) == "CREATE_COMPLETE"
    [within] = [one["StackName"] for one in cfn.list_stacks()["StackSummaries"] if "ParentId" in one]
    assert len(within) == 128
    assert within.startswith("s" * 115 + "-")


def test_a_stack_waits_for_those_within_it(
    cfn: Any, upload: Any, stack: Any, things: Thing, status: Status, clock: Any
) -> None:
    stack("s", outer(upload("inner.json", inner(Seconds=30))))
    assert (status("s"), status(child(cfn))) == ("CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS")
    clock.advance(30)
    assert status("s") == "CREATE_COMPLETE"


def test_a_failure_within_a_stack_is_the_failure_of_the_whole(
    cfn: Any, upload: Any, stack: Any, things: Thing, status: Status, events: Any
) -> None:
    stack("s", outer(upload("inner.json", inner(Fails="refuse"))))
    assert (status("s"), things.there) == ("ROLLBACK_COMPLETE", {})
    [why] = [one for one in events("s") if one.startswith("N CREATE_FAILED")]
    assert why.startswith("N CREATE_FAILED Embedded stack arn:aws:cloudformation:")
    assert why.endswith("was not successfully created: The following resource(s) failed to create: [I].")


def test_an_update_that_fails_takes_the_stacks_within_it_back(
    cfn: Any, upload: Any, stack: Any, update: Any, things: Thing, status: Status
) -> None:
    where = upload("inner.json", inner())
    stack("s", outer(where))
    update("s", outer(where, "2", Fails="update"))
    assert (status("s"), status(child(cfn))) == ("UPDATE_ROLLBACK_COMPLETE", "UPDATE_COMPLETE")
    assert {one["Value"] for name, one in things.there.items() if "-I-" in name} == {"1"}


def test_a_template_that_was_changed_where_it_lies_is_a_change(
    cfn: Any, upload: Any, stack: Any, update: Any, things: Thing, status: Status, refused: Any
) -> None:
    where = upload("inner.json", inner())
    stack("s", outer(where))
    same = {"StackName": "s", "UsePreviousTemplate": True}
    assert refused("update_stack", **same)[1] == "No updates are to be performed."
    upload("inner.json", inner(Name="n"))
    made = cfn.create_change_set(StackName="s", ChangeSetName="c", UsePreviousTemplate=True)
    [told] = cfn.describe_change_set(ChangeSetName=made["Id"])["Changes"]
    assert told["ResourceChange"]["Details"] == [
        {
            "Target": {"Attribute": "Properties", "RequiresRecreation": "Never"},
            "Evaluation": "Dynamic",
            "ChangeSource": "Automatic",
        }
    ]
    cfn.update_stack(**same)
    assert (status("s"), status(child(cfn))) == ("UPDATE_COMPLETE", "UPDATE_COMPLETE")
    assert [one["Name"] for one in things.there.values() if "Name" in one] == ["n"]


def test_a_change_set_tells_what_it_does_to_the_stacks_within(
    cfn: Any, upload: Any, stack: Any, things: Thing, status: Status, refused: Any
) -> None:
    where = upload("inner.json", inner())
    for kind, value in (("CREATE", "1"), ("UPDATE", "2")):
        cfn.create_change_set(
            StackName="s",
            ChangeSetName="c",
            ChangeSetType=kind,
            TemplateBody=json.dumps(outer(where, value)),
            Tags=[{"Key": "team", "Value": "ml"}],
            IncludeNestedStacks=True,
        )
        told = cfn.describe_change_set(StackName="s", ChangeSetName="c")
        changes = {one["ResourceChange"]["LogicalResourceId"]: one["ResourceChange"] for one in told["Changes"]}
        part = cfn.describe_change_set(ChangeSetName=changes["N"]["ChangeSetId"], IncludePropertyValues=True)
        assert (part["ParentChangeSetId"], part["RootChangeSetId"]) == (told["ChangeSetId"],) * 2
        [change] = [one["ResourceChange"] for one in part["Changes"]]
        assert (change["LogicalResourceId"], change["Action"]) == ("I", "Add" if kind == "CREATE" else "Modify")
        assert part["Tags"] == [{"Key": "team", "Value": "ml"}]
        assert "Tags" not in change["Scope"]
        assert json.loads(change["AfterContext"])["Properties"]["Value"] == value
        assert refused("execute_change_set", ChangeSetName=part["ChangeSetId"])[0] == "InvalidChangeSetStatus"
        cfn.execute_change_set(StackName="s", ChangeSetName="c")
        assert cfn.describe_change_set(ChangeSetName=part["ChangeSetId"])["ExecutionStatus"] == "EXECUTE_COMPLETE"
        assert {one["Value"] for name, one in things.there.items() if "-I-" in name} == {value}
        cfn.delete_change_set(ChangeSetName=told["ChangeSetId"])
        assert refused("describe_change_set", ChangeSetName=part["ChangeSetId"])[0] == "ChangeSetNotFound"


def test_a_parameter_may_be_one_of_the_parameter_store(
    cfn: Any, connect: Callable[..., Any], things: Thing, status: Status
) -> None:
    ssm = connect("ssm")
    ssm.put_parameter(Name="/size", Value="7", Type="String", Overwrite=True)
    made = template(A={"Value": {"Ref": "P"}, "Name": "{{resolve:ssm:/size}}"})
    made["Parameters"] = {"P": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/size"}}
    cfn.create_stack(StackName="s", TemplateBody=json.dumps(made))
    [thing] = things.there.values()
    assert (status("s"), thing["Value"], thing["Name"]) == ("CREATE_COMPLETE", "7", "7")
    [shown] = cfn.describe_stacks(StackName="s")["Stacks"][0]["Parameters"]
    assert shown == {"ParameterKey": "P", "ParameterValue": "/size", "ResolvedValue": "7"}
