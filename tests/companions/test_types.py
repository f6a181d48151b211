"""Resource types of other services, through Cloud Control and in stacks."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from emulator.companions.things import THINGS
from emulator.companions.types import supply
from emulator.registry.registry import Registry
from emulator.sagemaker.service import sagemaker
from tests.companions.conftest import TRUST, Refused
from tests.conftest import ACCOUNT

Connect = Callable[..., Any]

POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
STATES = '{"StartAt": "One", "States": {"One": {"Type": "Pass", "End": true}}}'
ROLE = f"arn:aws:iam::{ACCOUNT}:role/SageMaker"

# By type: what is wished, what must be there before, and what is told beyond what was wished.
WISHED: dict[str, tuple[dict[str, Any], tuple[str, ...], tuple[str, ...]]] = {
    "AWS::IAM::Role": ({"RoleName": "SageMaker", "AssumeRolePolicyDocument": TRUST}, (), ("Arn", "RoleId")),
    "AWS::IAM::Policy": ({"PolicyName": "s3", "PolicyDocument": POLICY, "Roles": ["SageMaker"]},
                         ("AWS::IAM::Role",), ()),
    "AWS::IAM::ManagedPolicy": ({"ManagedPolicyName": "s3", "PolicyDocument": POLICY}, (), ("PolicyArn", "PolicyId")),
    "AWS::IAM::InstanceProfile": ({"InstanceProfileName": "train", "Roles": ["SageMaker"]},
                                  ("AWS::IAM::Role",), ("Arn",)),
    "AWS::IAM::User": ({"UserName": "ann"}, (), ("Arn",)),
    "AWS::S3::Bucket": ({"BucketName": "artifacts"}, (), ("Arn", "RegionalDomainName")),
    "AWS::S3::BucketPolicy": ({"Bucket": "artifacts", "PolicyDocument": POLICY}, ("AWS::S3::Bucket",), ()),
    "AWS::ECR::Repository": ({"RepositoryName": "serve"}, (), ("Arn", "RepositoryUri")),
    "AWS::KMS::Key": ({"KeyPolicy": POLICY}, (), ("Arn", "KeyId")),
    "AWS::SSM::Parameter": ({"Name": "/churn/version", "Type": "String", "Value": "7"}, (), ()),
    "AWS::SNS::Topic": ({"TopicName": "models"}, (), ("TopicArn",)),
    "AWS::SQS::Queue": ({"QueueName": "models"}, (), ("Arn", "QueueUrl")),
    "AWS::EC2::VPC": ({"CidrBlock": "10.0.0.0/16"}, (), ("VpcId", "DefaultSecurityGroup", "CidrBlockAssociations")),
    "AWS::EC2::Subnet": ({"VpcId": "AWS::EC2::VPC", "CidrBlock": "10.0.1.0/24"}, ("AWS::EC2::VPC",),
                         ("SubnetId", "AvailabilityZone")),
    "AWS::EC2::SecurityGroup": ({"GroupDescription": "studio", "VpcId": "AWS::EC2::VPC"}, ("AWS::EC2::VPC",),
                                ("GroupId",)),
    "AWS::EC2::InternetGateway": ({}, (), ("InternetGatewayId",)),
    "AWS::EC2::RouteTable": ({"VpcId": "AWS::EC2::VPC"}, ("AWS::EC2::VPC",), ("RouteTableId",)),
    "AWS::Logs::LogGroup": ({"LogGroupName": "/aws/sagemaker/Endpoints/churn"}, (), ("Arn",)),
    "AWS::Events::EventBus": ({"Name": "models"}, (), ("Arn",)),
    "AWS::Events::Rule": ({"Name": "models", "EventPattern": {"source": ["aws.sagemaker"]}, "State": "ENABLED"}, (),
                          ("Arn",)),
    "AWS::Lambda::Function": ({"FunctionName": "judge", "Code": {"ZipFile": "x = 1"}, "Handler": "index.handler",
                               "Role": ROLE, "Runtime": "python3.12"}, ("AWS::IAM::Role",), ("Arn",)),
    "AWS::DynamoDB::Table": ({"TableName": "features", "BillingMode": "PAY_PER_REQUEST",
                              "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                              "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}, (), ("Arn",)),
    "AWS::Kinesis::Stream": ({"Name": "features", "ShardCount": 1}, (), ("Arn",)),
    "AWS::EFS::FileSystem": ({}, (), ("FileSystemId",)),
    "AWS::StepFunctions::StateMachine": ({"StateMachineName": "train", "RoleArn": ROLE, "DefinitionString": STATES},
                                         ("AWS::IAM::Role",), ("Arn", "Name")),
}  # fmt: skip


class Hand:
    """Cloud Control, in a test's hand."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.made: dict[str, str] = {}

    def create(self, name: str, wished: dict[str, Any] | None = None) -> str:
        """Have a resource made, and before it what it needs."""
        usual, needed, _ = WISHED[name]
        for one in needed:
            if one not in self.made:
                self.create(one)
        said = {key: self.made.get(str(value), value) for key, value in (usual if wished is None else wished).items()}
        began = self.client.create_resource(TypeName=name, DesiredState=json.dumps(said))
        self.made[name] = self.ended(began)["Identifier"]
        return self.made[name]

    def ended(self, began: dict[str, Any]) -> dict[str, Any]:
        """Return the end of a request that succeeds."""
        ended: dict[str, Any] = self.end(began)
        assert ended["OperationStatus"] == "SUCCESS", ended
        return ended

    def end(self, began: dict[str, Any]) -> dict[str, Any]:
        """Return the end of a request."""
        token = began["ProgressEvent"]["RequestToken"]
        ended: dict[str, Any] = self.client.get_resource_request_status(RequestToken=token)["ProgressEvent"]
        return ended

    def read(self, name: str) -> dict[str, Any]:
        """Return the properties of what was made."""
        found = self.client.get_resource(TypeName=name, Identifier=self.made[name])
        properties: dict[str, Any] = json.loads(found["ResourceDescription"]["Properties"])
        return properties

    def listed(self, name: str) -> list[str]:
        """Return the identifiers of what there is."""
        return [one["Identifier"] for one in self.client.list_resources(TypeName=name)["ResourceDescriptions"]]


@pytest.fixture
def hand(connect: Connect) -> Hand:
    return Hand(connect("cloudcontrol"))


def test_every_type_is_tried() -> None:
    assert WISHED.keys() == THINGS.keys()


@pytest.mark.parametrize("name", [name for name in THINGS if name != "AWS::IAM::Policy"])
def test_a_type_is_made_told_listed_and_deleted(hand: Hand, refused: Refused, name: str) -> None:
    wished, _, told = WISHED[name]
    identifier = hand.create(name)
    properties = hand.read(name)
    assert set(told) <= properties.keys()
    hidden = {"Code", "DefinitionString"}
    assert {key: properties.get(key) for key in wished.keys() - hidden} == {
        key: hand.made.get(str(value), value) for key, value in wished.items() if key not in hidden
    }
    assert identifier in hand.listed(name)
    hand.ended(hand.client.delete_resource(TypeName=name, Identifier=identifier))
    if name != "AWS::KMS::Key":  # which lives on for some days
        error = refused(hand.client.get_resource, TypeName=name, Identifier=identifier)["Error"]
        assert error["Code"] == "ResourceNotFoundException"
        assert identifier not in hand.listed(name)


def test_a_policy_inside_a_role_comes_and_goes(hand: Hand, connect: Connect) -> None:
    hand.create("AWS::IAM::Policy")
    assert connect("iam").list_role_policies(RoleName="SageMaker")["PolicyNames"] == ["s3"]
    hand.ended(hand.client.delete_resource(TypeName="AWS::IAM::Policy", Identifier=hand.made["AWS::IAM::Policy"]))
    assert connect("iam").list_role_policies(RoleName="SageMaker")["PolicyNames"] == []


def test_what_is_made_is_there_for_every_client(hand: Hand, connect: Connect, client: Any) -> None:
    hand.create("AWS::IAM::Role")
    assert connect("iam").get_role(RoleName="SageMaker")["Role"]["Arn"] == hand.read("AWS::IAM::Role")["Arn"] == ROLE
    client.create_image(ImageName="studio", RoleArn=ROLE)


def test_a_role_that_is_made_puts_iam_to_use(hand: Hand, client: Any, refused: Refused) -> None:
    hand.create("AWS::IAM::Role")
    error = refused(client.create_image, ImageName="studio", RoleArn=ROLE.replace("SageMaker", "Nobody"))["Error"]
    assert "is invalid" in error["Message"]


def test_what_is_there_already_is_refused(hand: Hand) -> None:
    hand.create("AWS::IAM::User")
    again = hand.end(hand.client.create_resource(TypeName="AWS::IAM::User", DesiredState='{"UserName": "ann"}'))
    assert (again["OperationStatus"], again["ErrorCode"]) == ("FAILED", "AlreadyExists")


def test_what_moto_can_update_is_updated(hand: Hand, connect: Connect) -> None:
    hand.create("AWS::SSM::Parameter")
    patch = json.dumps([{"op": "replace", "path": "/Value", "value": "8"}])
    hand.ended(
        hand.client.update_resource(TypeName="AWS::SSM::Parameter", Identifier="/churn/version", PatchDocument=patch)
    )
    assert connect("ssm").get_parameter(Name="/churn/version")["Parameter"]["Value"] == "8"
    assert hand.read("AWS::SSM::Parameter")["Value"] == "8"


def test_what_moto_cannot_update_is_refused_and_stays(hand: Hand) -> None:
    made = hand.create("AWS::EC2::VPC")
    patch = json.dumps([{"op": "add", "path": "/EnableDnsSupport", "value": False}])
    ended = hand.end(hand.client.update_resource(TypeName="AWS::EC2::VPC", Identifier=made, PatchDocument=patch))
    assert (ended["OperationStatus"], ended["ErrorCode"]) == ("FAILED", "NotUpdatable")
    assert ended["StatusMessage"] == f"moto cannot update a AWS::EC2::VPC: {made} stays as it is."
    assert "EnableDnsSupport" not in hand.read("AWS::EC2::VPC")


def test_what_was_deleted_elsewhere_is_not_there(hand: Hand, connect: Connect, refused: Refused) -> None:
    hand.create("AWS::ECR::Repository")
    connect("ecr").delete_repository(repositoryName="serve")
    error = refused(hand.client.get_resource, TypeName="AWS::ECR::Repository", Identifier="serve")["Error"]
    assert error["Code"] == "ResourceNotFoundException"


@pytest.mark.usefixtures("without_companions")
def test_without_the_extra_there_are_no_types_of_others() -> None:
    emulator = sagemaker()
    assert emulator.beside(supply) is False
    assert emulator.beside(Registry).find("AWS::IAM::Role") is None


# --- In a stack -------------------------------------------------------------------------------------------------------

STACK = {
    "Parameters": {"Version": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/churn/version"}},
    "Resources": {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": TRUST,
                "Policies": [{"PolicyName": "s3", "PolicyDocument": POLICY}],
            },
        },
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "Repository": {"Type": "AWS::ECR::Repository"},
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Model": {
            "Type": "AWS::SageMaker::Model",
            "Properties": {
                "ExecutionRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "PrimaryContainer": {
                    "Image": {"Fn::Sub": "${Repository.RepositoryUri}:${Version}"},
                    "Environment": {
                        "BUCKET": {"Ref": "Bucket"},
                        "TOPIC": {"Ref": "Topic"},
                        "TOLD": "{{resolve:ssm:/churn/version}}",
                    },
                },
            },
        },
    },
}


def test_a_stack_holds_resources_of_several_services(connect: Connect) -> None:
    region = "eu-west-1"
    connect("ssm", region=region).put_parameter(Name="/churn/version", Value="7", Type="String")
    s3 = connect("s3", region=region)
    s3.create_bucket(Bucket="templates", CreateBucketConfiguration={"LocationConstraint": region})
    s3.put_object(Bucket="templates", Key="stack.json", Body=json.dumps(STACK))
    stacks, sagemaker = connect("cloudformation", region=region), connect(region=region)
    place = f"{s3.meta.endpoint_url}/templates/stack.json"
    stack = stacks.create_stack(StackName="churn", TemplateURL=place, Capabilities=["CAPABILITY_IAM"])["StackId"]
    assert stacks.describe_stacks(StackName="churn")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"

    (role,) = connect("iam", region=region).list_roles()["Roles"]
    (repository,) = connect("ecr", region=region).describe_repositories()["repositories"]
    (model,) = sagemaker.list_models()["Models"]
    told = sagemaker.describe_model(ModelName=model["ModelName"])
    assert told["ExecutionRoleArn"] == role["Arn"]
    assert told["PrimaryContainer"]["Image"] == f"{repository['repositoryUri']}:7"
    environment = told["PrimaryContainer"]["Environment"]
    assert environment["BUCKET"] in [one["Name"] for one in s3.list_buckets()["Buckets"]]
    assert environment["TOPIC"].startswith(f"arn:aws:sns:{region}:{ACCOUNT}:churn-Topic-")
    assert environment["TOLD"] == "7"

    stacks.delete_stack(StackName="churn")
    assert stacks.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"] == "DELETE_COMPLETE"
    assert connect("iam", region=region).list_roles()["Roles"] == []
    assert [one["Name"] for one in s3.list_buckets()["Buckets"]] == ["templates"]


def test_a_stack_whose_role_is_taken_is_rolled_back(connect: Connect, role: Callable[..., str]) -> None:
    role("SageMaker")
    template = {
        "Resources": {
            "Topic": {"Type": "AWS::SNS::Topic"},
            "Role": {
                "Type": "AWS::IAM::Role",
                "DependsOn": "Topic",
                "Properties": {"RoleName": "SageMaker", "AssumeRolePolicyDocument": TRUST},
            },
        }
    }
    stacks = connect("cloudformation")
    stacks.create_stack(StackName="churn", TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_NAMED_IAM"])
    assert stacks.describe_stacks(StackName="churn")["Stacks"][0]["StackStatus"] == "ROLLBACK_COMPLETE"
    events = stacks.describe_stack_events(StackName="churn")["StackEvents"]
    (failed,) = [one for one in events if one["ResourceStatus"] == "CREATE_FAILED"]
    assert failed["LogicalResourceId"] == "Role"
    assert "SageMaker already exists" in failed["ResourceStatusReason"]
    assert connect("sns").list_topics()["Topics"] == []


PARAMETER: dict[str, Any] = {
    "Type": "AWS::SSM::Parameter",
    "Properties": {"Name": "/churn/p", "Type": "String", "Value": "1"},
}


def test_a_parameter_has_the_tags_of_its_stack(connect: Connect) -> None:
    stacks, ssm = connect("cloudformation"), connect("ssm")
    tags = [{"Key": "team", "Value": "ml"}]
    stacks.create_stack(StackName="churn", TemplateBody=json.dumps({"Resources": {"P": PARAMETER}}), Tags=tags)
    assert stacks.describe_stacks(StackName="churn")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
    assert ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="/churn/p")["TagList"] == tags
    other = [{"Key": "team", "Value": "ops"}]
    stacks.update_stack(StackName="churn", UsePreviousTemplate=True, Tags=other)
    assert ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="/churn/p")["TagList"] == other
    stacks.delete_stack(StackName="churn")
    assert ssm.describe_parameters()["Parameters"] == []


def test_what_was_not_named_keeps_its_name_when_it_is_updated(connect: Connect) -> None:
    stacks, sns = connect("cloudformation"), connect("sns")
    made: dict[str, Any] = {
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "a"}}},
        "Outputs": {"Topic": {"Value": {"Ref": "Topic"}}},
    }
    stacks.create_stack(StackName="churn", TemplateBody=json.dumps(made))
    before = sns.list_topics()["Topics"]
    made["Resources"]["Topic"]["Properties"] = {"DisplayName": "b"}
    stacks.update_stack(StackName="churn", TemplateBody=json.dumps(made))
    assert stacks.describe_stacks(StackName="churn")["Stacks"][0]["StackStatus"] == "UPDATE_COMPLETE"
    assert sns.list_topics()["Topics"] == before
    assert sns.get_topic_attributes(TopicArn=before[0]["TopicArn"])["Attributes"]["DisplayName"] == "b"


def test_a_bucket_is_deleted_with_its_stack_once_it_is_empty(connect: Connect) -> None:
    stacks, s3 = connect("cloudformation"), connect("s3")
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "full"}}
    body = json.dumps({"Resources": {"Bucket": bucket}})
    ident = stacks.create_stack(StackName="churn", TemplateBody=body)["StackId"]
    s3.put_bucket_versioning(Bucket="full", VersioningConfiguration={"Status": "Enabled"})
    version = s3.put_object(Bucket="full", Key="x", Body=b"1")["VersionId"]
    marker = s3.delete_object(Bucket="full", Key="x")["VersionId"]
    stacks.delete_stack(StackName="churn")
    assert stacks.describe_stacks(StackName="churn")["Stacks"][0]["StackStatus"] == "DELETE_FAILED"
    reasons = [
        one.get("ResourceStatusReason", "") for one in stacks.describe_stack_events(StackName="churn")["StackEvents"]
    ]
    assert any("The bucket you tried to delete is not empty" in one for one in reasons)
    for one in (version, marker):
        s3.delete_object(Bucket="full", Key="x", VersionId=one)
    stacks.delete_stack(StackName="churn")
    assert stacks.describe_stacks(StackName=ident)["Stacks"][0]["StackStatus"] == "DELETE_COMPLETE"
    assert s3.list_buckets()["Buckets"] == []


def test_what_is_there_and_to_be_retained_is_taken_in_on_demand(connect: Connect, refused: Refused) -> None:
    stacks, ssm = connect("cloudformation"), connect("ssm")
    for name in ("/churn/p", "/churn/q", "/churn/r"):
        ssm.put_parameter(Name=name, Type="String", Value="1")

    def parameter(name: str, **said: str) -> dict[str, Any]:
        return {**PARAMETER, "Properties": {**PARAMETER["Properties"], "Name": name}, **said}

    made = {
        "P": parameter("/churn/p", DeletionPolicy="RetainExceptOnCreate"),
        "New": parameter("/churn/new", DeletionPolicy="Retain"),
    }

    def change(stack: str, kind: str, **resources: Any) -> dict[str, Any]:
        said = {"StackName": stack, "ChangeSetName": "c", "ChangeSetType": kind, "ImportExistingResources": True}
        return {**said, "TemplateBody": json.dumps({"Resources": resources})}

    def status() -> str:
        return str(stacks.describe_stacks(StackName="churn")["Stacks"][0]["StackStatus"])

    stacks.create_change_set(**change("churn", "CREATE", **made, Q=parameter("/churn/q")))
    told = stacks.describe_change_set(StackName="churn", ChangeSetName="c")
    actions = {one["ResourceChange"]["LogicalResourceId"]: one["ResourceChange"]["Action"] for one in told["Changes"]}
    assert actions == {"P": "Import", "New": "Add", "Q": "Add"}
    stacks.execute_change_set(StackName="churn", ChangeSetName="c")
    assert status() == "ROLLBACK_COMPLETE"  # since Q is there
    assert "/churn/p" in [one["Name"] for one in ssm.describe_parameters()["Parameters"]]
    stacks.delete_stack(StackName="churn")
    ssm.delete_parameters(Names=["/churn/q", "/churn/new"])

    stacks.create_change_set(**change("churn", "CREATE", **made))
    stacks.execute_change_set(StackName="churn", ChangeSetName="c")
    assert status() == "CREATE_COMPLETE"
    held = [one["PhysicalResourceId"] for one in stacks.describe_stack_resources(StackName="churn")["StackResources"]]
    assert held == ["/churn/new", "/churn/p"]
    stacks.delete_change_set(StackName="churn", ChangeSetName="c")
    made["R"] = parameter("/churn/r", DeletionPolicy="Retain")
    stacks.create_change_set(**change("churn", "UPDATE", **made))
    stacks.execute_change_set(StackName="churn", ChangeSetName="c")
    assert status() == "UPDATE_COMPLETE"
    error = refused(stacks.create_change_set, **change("other", "CREATE", Mine=made["P"]))["Error"]
    said = "Resources [Mine] passed in ResourceToImport are already in a stack and cannot be imported."
    assert error["Message"] == said
