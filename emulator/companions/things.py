"""Which resource types of other services there are, and how moto keeps what they make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from emulator.companions.errors import NOT_EMPTY
from emulator.registry.handler import HandlerError


class Thing(NamedTuple):
    """How moto keeps what a type makes: ``find`` one by its physical id, ``ids`` of all; ``delete`` where no class can.

    ``told`` are the properties that moto is asked for, by the attributes it has for them.
    """

    service: str
    find: Callable[[Any, str], Any]
    ids: Callable[[Any], Iterable[str]] | None = None
    delete: Callable[[Any, str], object] | None = None
    told: Mapping[str, str | Callable[[Any], Any]] = {"Arn": "arn"}
    lowers: bool = False  # names that are made up are in lower case
    lacks: str | None = None  # the class of ours that stands in for one


def _held(name: str) -> Callable[[Any, str], Any]:
    """Return what finds a thing in a mapping of a backend."""
    return lambda backend, identifier: getattr(backend, name).get(identifier)


def _all(name: str) -> Callable[[Any], Iterable[str]]:
    return lambda backend: list(getattr(backend, name))


def _delete_bucket(s3: Any, name: str) -> None:
    """Delete a bucket; moto does nothing about one that holds objects or versions, and says nothing."""
    if s3.delete_bucket(name) is None:
        raise HandlerError("GeneralServiceException", NOT_EMPTY())


THINGS: dict[str, Thing] = {
    "AWS::IAM::Role": Thing(
        "iam",
        lambda iam, name: iam.get_role(name),
        lambda iam: [one.name for one in iam.get_roles()],
        told={"Arn": "arn", "RoleId": "id"},
    ),
    "AWS::IAM::Policy": Thing("iam", _held("inline_policies"), _all("inline_policies")),
    "AWS::IAM::ManagedPolicy": Thing(
        "iam",
        lambda iam, arn: iam.get_policy(arn),
        lambda iam: [arn for arn in iam.managed_policies if ":aws:policy/" not in arn],
        lambda iam, arn: iam.delete_policy(arn),
        told={"PolicyId": "id", "DefaultVersionId": "default_version_id", "AttachmentCount": "attachment_count"},
    ),
    "AWS::IAM::InstanceProfile": Thing(
        "iam",
        lambda iam, name: iam.get_instance_profile(name),
        lambda iam: [one.name for one in iam.get_instance_profiles()],
    ),
    "AWS::IAM::User": Thing("iam", lambda iam, name: iam.get_user(name), _all("users")),
    "AWS::S3::Bucket": Thing(
        "s3",
        _held("buckets"),
        _all("buckets"),
        _delete_bucket,
        told={
            "Arn": "arn",
            "DomainName": "domain_name",
            "DualStackDomainName": "dual_stack_domain_name",
            "RegionalDomainName": "regional_domain_name",
            "WebsiteURL": "website_url",
        },
        lowers=True,
    ),
    "AWS::S3::BucketPolicy": Thing(
        "s3",
        lambda s3, name: s3.buckets[name] if name in s3.buckets and s3.buckets[name].policy else None,
        lambda s3: [name for name, bucket in s3.buckets.items() if bucket.policy],
        told={},
        lacks="emulator.companions.bucket_policies.BucketPolicy",
    ),
    "AWS::ECR::Repository": Thing(
        "ecr", _held("repositories"), _all("repositories"), told={"Arn": "arn", "RepositoryUri": "uri"}, lowers=True
    ),
    "AWS::KMS::Key": Thing("kms", _held("keys"), _all("keys")),
    "AWS::SSM::Parameter": Thing(
        "ssm",
        lambda ssm, name: ssm.get_parameter(name),
        lambda ssm: [one[-1].name for one in vars(ssm)["_parameters"].values()],
    ),
    "AWS::SNS::Topic": Thing("sns", _held("topics"), _all("topics"), told={"TopicName": "name"}),
    "AWS::SQS::Queue": Thing(
        "sqs",
        lambda sqs, url: sqs.queues.get(url.rpartition("/")[2]),
        lambda sqs: [one.physical_resource_id for one in sqs.queues.values()],
        told={"Arn": "queue_arn", "QueueName": "name"},
    ),
    "AWS::EC2::VPC": Thing(
        "ec2",
        lambda ec2, name: ec2.get_vpc(name),
        _all("vpcs"),
        told={
            "CidrBlock": "cidr_block",
            "CidrBlockAssociations": lambda vpc: [one["association_id"] for one in vpc.cidr_block_association_set],
            "DefaultSecurityGroup": lambda vpc: vpc.ec2_backend.get_security_group_from_name("default", vpc.id).id,
        },
    ),
    "AWS::EC2::Subnet": Thing(
        "ec2",
        lambda ec2, name: ec2.get_subnet(name),
        lambda ec2: [name for zone in ec2.subnets.values() for name in zone],
        told={"AvailabilityZone": "availability_zone"},
    ),
    "AWS::EC2::SecurityGroup": Thing(
        "ec2",
        lambda ec2, name: ec2.get_security_group_from_id(name),
        lambda ec2: [one.id for one in ec2.describe_security_groups()],
        told={"GroupId": "id", "GroupName": "name"},
    ),
    "AWS::EC2::InternetGateway": Thing(
        "ec2",
        lambda ec2, name: ec2.get_internet_gateway(name),
        _all("internet_gateways"),
        lambda ec2, name: ec2.delete_internet_gateway(name),
    ),
    "AWS::EC2::RouteTable": Thing(
        "ec2",
        lambda ec2, name: ec2.get_route_table(name),
        _all("route_tables"),
        lambda ec2, name: ec2.delete_route_table(name),
    ),
    "AWS::Logs::LogGroup": Thing("logs", _held("groups"), _all("groups"), told={"Arn": lambda group: f"{group.arn}:*"}),
    "AWS::Events::EventBus": Thing("events", _held("event_buses"), _all("event_buses")),
    "AWS::Events::Rule": Thing(
        "events",
        lambda events, name: next((one.rules[name] for one in events.event_buses.values() if name in one.rules), None),
        lambda events: [name for one in events.event_buses.values() for name in one.rules],
    ),
    "AWS::Lambda::Function": Thing(
        "awslambda",
        lambda aws, name: aws.get_function(name),
        lambda aws: [one.function_name for one in aws.list_functions()],
        told={"Arn": "function_arn"},
    ),
    "AWS::DynamoDB::Table": Thing("dynamodb", _held("tables"), _all("tables"), told={"Arn": "table_arn"}),
    "AWS::Kinesis::Stream": Thing("kinesis", _held("streams"), _all("streams")),
    "AWS::EFS::FileSystem": Thing("efs", _held("file_systems_by_id"), _all("file_systems_by_id")),
    "AWS::StepFunctions::StateMachine": Thing(
        "stepfunctions",
        lambda steps, arn: steps.describe_state_machine(arn),
        lambda steps: [one.arn for one in steps.state_machines],
        told={"Arn": "arn", "Name": "name"},
    ),
}
