"""Every other service on the same port, as moto answers it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.config import Config

from emulator.engine.emulator import Emulator
from emulator.interfaces.handle import SageMaker
from tests.companions.conftest import Own, Refused
from tests.conftest import ACCOUNT, REGION

OTHER = "222233334444"
Connect = Callable[..., Any]


@pytest.mark.parametrize(
    ("service", "operation", "answers"),
    [
        ("iam", "list_users", "Users"),
        ("s3", "list_buckets", "Buckets"),
        ("ecr", "describe_repositories", "repositories"),
        ("kms", "list_keys", "Keys"),
        ("ec2", "describe_vpcs", "Vpcs"),
        ("ec2", "describe_account_attributes", "AccountAttributes"),
        ("sns", "list_topics", "Topics"),
        ("logs", "describe_log_groups", "logGroups"),
        ("cloudwatch", "describe_alarms", "MetricAlarms"),
        ("events", "list_rules", "Rules"),
        ("lambda", "list_functions", "Functions"),
        ("efs", "describe_file_systems", "FileSystems"),
        ("servicecatalog", "list_portfolios", "PortfolioDetails"),
        ("secretsmanager", "list_secrets", "SecretList"),
        ("dynamodb", "list_tables", "TableNames"),
        ("iot", "list_things", "things"),
        ("kinesis", "list_streams", "StreamNames"),
        ("stepfunctions", "list_state_machines", "stateMachines"),
        ("firehose", "list_delivery_streams", "DeliveryStreamNames"),
    ],
)
def test_a_service_answers_on_the_same_port(connect: Connect, service: str, operation: str, answers: str) -> None:
    assert answers in getattr(connect(service), operation)()


@pytest.mark.usefixtures("policies_of_aws")
def test_a_role_may_have_a_policy_of_aws(connect: Connect, role: Callable[..., str]) -> None:
    role("SageMaker")
    policy = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    connect("iam").attach_role_policy(RoleName="SageMaker", PolicyArn=policy)
    attached = connect("iam").list_attached_role_policies(RoleName="SageMaker")["AttachedPolicies"]
    assert [one["PolicyArn"] for one in attached] == [policy]


def test_a_parameter_is_of_its_account_and_its_region(connect: Connect, refused: Refused) -> None:
    connect("ssm", region="eu-west-1").put_parameter(Name="/churn/version", Value="7", Type="String")
    assert connect("ssm", region="eu-west-1").get_parameter(Name="/churn/version")["Parameter"]["Value"] == "7"
    for elsewhere in (connect("ssm"), connect("ssm", region="eu-west-1", account=OTHER)):
        assert refused(elsewhere.get_parameter, Name="/churn/version")["Error"]["Code"] == "ParameterNotFound"


@pytest.mark.parametrize(("key", "account"), [(ACCOUNT, ACCOUNT), (OTHER, OTHER), ("AKIATEST", ACCOUNT)])
def test_an_account_is_the_same_as_sagemakers(connect: Connect, key: str, account: str) -> None:
    arn = connect("ecr", account=key).create_repository(repositoryName="serve")["repository"]["repositoryArn"]
    group = connect(account=key).create_model_package_group(ModelPackageGroupName="churn")["ModelPackageGroupArn"]
    assert arn.split(":")[3:5] == group.split(":")[3:5] == [REGION, account]


# --- S3 ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def bucket(connect: Connect) -> Any:
    """A client of S3, with a bucket that is called artifacts."""
    s3 = connect("s3")
    s3.create_bucket(Bucket="artifacts")
    return s3


def test_an_object_may_be_larger_than_any_call(bucket: Any) -> None:
    model = bytes(range(256)) * 40_000
    bucket.put_object(Bucket="artifacts", Key="a/model one.tar.gz", Body=model)
    assert bucket.get_object(Bucket="artifacts", Key="a/model one.tar.gz")["Body"].read() == model
    assert bucket.head_object(Bucket="artifacts", Key="a/model one.tar.gz")["ContentLength"] == 10_240_000


def test_an_object_may_come_in_parts(bucket: Any) -> None:
    bucket.upload_fileobj(io.BytesIO(b"x" * 9_000_000), "artifacts", "large")
    assert bucket.head_object(Bucket="artifacts", Key="large")["ETag"].endswith('-2"')


@pytest.mark.parametrize("payload", ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"])
def test_an_object_may_come_in_signed_chunks(bucket: Any, url: str, payload: str) -> None:
    signed = ";chunk-signature=" + 64 * "0" if "HMAC" in payload else ""
    trailer = "" if signed else "x-amz-checksum-crc32:AAAAAA==\r\n"
    body = f"5{signed}\r\nhello\r\n0{signed}\r\n{trailer}\r\n".encode()
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={ACCOUNT}/20260101/{REGION}/s3/aws4_request, Signature=0",
        "Content-Encoding": "aws-chunked",
        "X-Amz-Content-Sha256": payload,
        "X-Amz-Decoded-Content-Length": "5",
    }
    urllib.request.urlopen(urllib.request.Request(f"{url}/artifacts/chunked", body, headers, method="PUT")).close()
    assert bucket.get_object(Bucket="artifacts", Key="chunked")["Body"].read() == b"hello"


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_a_presigned_address_needs_no_client(bucket: Any, own: Own, version: str) -> None:
    s3 = own("s3", config=Config(signature_version=version))
    params = {"Bucket": "artifacts", "Key": "a b/c"}
    put = s3.generate_presigned_url("put_object", Params=params)
    urllib.request.urlopen(urllib.request.Request(put, b"here", method="PUT")).close()
    with urllib.request.urlopen(s3.generate_presigned_url("get_object", Params=params)) as answer:
        assert answer.read() == b"here"


@pytest.mark.parametrize("host", ["artifacts.localhost:4580", "artifacts.s3.us-east-1.amazonaws.com"])
def test_a_bucket_may_stand_in_the_host(bucket: Any, url: str, host: str) -> None:
    bucket.put_object(Bucket="artifacts", Key="a/b", Body=b"here", ACL="public-read")
    with urllib.request.urlopen(urllib.request.Request(f"{url}/a/b", headers={"Host": host})) as answer:
        assert answer.read() == b"here"


def test_what_nobody_signed_is_read_from_a_bucket_if_that_is_public(bucket: Any, url: str) -> None:
    bucket.put_object(Bucket="artifacts", Key="public", Body=b"here", ACL="public-read")
    bucket.put_object(Bucket="artifacts", Key="private", Body=b"here")
    with urllib.request.urlopen(f"{url}/artifacts/public") as answer:
        assert answer.read() == b"here"
    with pytest.raises(urllib.error.HTTPError, match="403") as error:
        urllib.request.urlopen(f"{url}/artifacts/private")
    error.value.close()


@pytest.mark.parametrize("path", ["/_emulator/nothing", "/favicon.ico"])
def test_a_page_that_is_not_there_is_not_looked_for_in_a_bucket_that_is_not_there(url: str, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404") as error:
        urllib.request.urlopen(url + path)
    assert error.value.headers["Content-Type"] == "application/json"
    error.value.close()


# --- Roles that are assumed -------------------------------------------------------------------------------------------


def test_whoever_assumes_a_role_acts_in_its_account(connect: Connect, role: Callable[..., str], own: Own) -> None:
    arn = role("Deploy", account=OTHER)
    keys = connect("sts").assume_role(RoleArn=arn, RoleSessionName="pipeline")["Credentials"]
    told = own("sts", keys).get_caller_identity()
    assert (told["Account"], told["Arn"]) == (OTHER, f"arn:aws:sts::{OTHER}:assumed-role/Deploy/pipeline")
    own("sagemaker", keys).create_model_package_group(ModelPackageGroupName="churn")
    assert len(connect(account=OTHER).list_model_package_groups()["ModelPackageGroupSummaryList"]) == 1
    assert [one["Arn"] for one in own("iam", keys).list_roles()["Roles"]] == [arn]


def test_whoever_has_a_key_of_a_user_is_that_user(connect: Connect, own: Own) -> None:
    iam = connect("iam", account=OTHER)
    iam.create_user(UserName="ann")
    keys = iam.create_access_key(UserName="ann")["AccessKey"]
    assert own("sts", keys).get_caller_identity()["Arn"] == f"arn:aws:iam::{OTHER}:user/ann"


# --- What nobody serves -----------------------------------------------------------------------------------------------


def test_what_moto_lacks_is_refused_once(own: Own, refused: Refused) -> None:
    said = refused(own("codecommit").list_repositories)
    assert said["Error"]["Code"] == "NotImplemented"
    assert said["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert said["ResponseMetadata"]["RetryAttempts"] == 0


def test_a_service_that_moto_has_not_is_refused_by_name(connect: Connect, refused: Refused) -> None:
    said = refused(connect("kendra").list_indices)
    assert said["Error"]["Message"] == "kendra is served neither by the emulator nor by moto."


# One service of each protocol.
_NAMED = [
    ("ecr", "describe_repositories", {}),
    ("iam", "list_roles", {}),
    ("ec2", "describe_vpcs", {}),
    ("s3", "list_buckets", {}),
    ("lambda", "list_functions", {}),
    ("sts", "assume_role", {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/Deploy", "RoleSessionName": "me"}),
]


@pytest.mark.usefixtures("without_companions")
@pytest.mark.parametrize(("service", "operation", "params"), _NAMED)
def test_without_the_extra_its_name_is_told(
    connect: Connect, refused: Refused, service: str, operation: str, params: dict[str, Any]
) -> None:
    said = refused(getattr(connect(service), operation), **params)
    assert said["Error"]["Code"] == "NotImplemented"
    assert said["Error"]["Message"] == (
        f"{service} is served where the extra is installed: pip install 'sagemaker-emulator[aws]'."
    )
    assert said["ResponseMetadata"]["HTTPStatusCode"] == 501


@pytest.mark.usefixtures("without_companions")
def test_without_the_extra_a_question_without_an_answer_is_refused_too(connect: Connect, refused: Refused) -> None:
    assert refused(connect("s3").head_bucket, Bucket="artifacts")["Error"]["Code"] == "501"


def test_nothing_of_moto_is_loaded_before_it_is_asked() -> None:
    code = """
import sys
from emulator.interfaces.handle import SageMaker
from emulator.engine.emulator import Emulator

with SageMaker() as world:
    world.client().create_model_package_group(ModelPackageGroupName="churn")
    world.client("sts").get_caller_identity()
    world.reset()
    print("moto" in sys.modules)
    world.client("iam").list_roles()
    print("moto" in sys.modules)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["False", "True"]


# --- In process -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("transport", ["inprocess", "http"])
def test_a_handle_has_clients_of_every_service(transport: str) -> None:
    with SageMaker(transport=transport) as world:
        world.client("s3").create_bucket(Bucket="artifacts")
        world.session().resource("s3").Bucket("artifacts").put_object(Key="a", Body=b"1")
        mine = boto3.client("s3")
        assert mine.get_object(Bucket="artifacts", Key="a")["Body"].read() == b"1"
        world.client("iam", account=OTHER).create_user(UserName="ann")
        assert world.client("iam").list_users()["Users"] == []
        mine.close()


def test_a_handle_that_is_reset_has_nothing_of_other_services() -> None:
    with SageMaker() as world:
        world.client("s3").create_bucket(Bucket="artifacts")
        world.reset()
        assert world.client("s3").list_buckets()["Buckets"] == []


# --- Resets -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def spread(connect: Connect) -> Callable[[], dict[str, int]]:
    """Things of two accounts and two regions, and a function that counts them."""
    places = [(account, region) for account in (ACCOUNT, OTHER) for region in (REGION, "eu-west-1")]
    for account, region in places:
        connect("ecr", account=account, region=region).create_repository(repositoryName="serve")
    for account in (ACCOUNT, OTHER):
        connect("iam", account=account).create_user(UserName="ann")

    def count() -> dict[str, int]:
        found = {
            f"{account} {region}": len(
                connect("ecr", account=account, region=region).describe_repositories()["repositories"]
            )
            for account, region in places
        }
        return found | {
            f"{one} iam": len(connect("iam", account=one).list_users()["Users"]) for one in (ACCOUNT, OTHER)
        }

    return count


@pytest.mark.parametrize(
    ("which", "gone"),
    [
        ({}, {f"{one} {what}" for one in (ACCOUNT, OTHER) for what in (REGION, "eu-west-1", "iam")}),
        ({"account": OTHER}, {f"{OTHER} {what}" for what in (REGION, "eu-west-1", "iam")}),
        ({"region": REGION}, {f"{ACCOUNT} {REGION}", f"{OTHER} {REGION}"}),
        ({"account": OTHER, "region": REGION}, {f"{OTHER} {REGION}"}),
    ],
)
def test_a_reset_is_of_the_companions_too(
    emulator: Emulator, spread: Callable[[], dict[str, int]], which: dict[str, str], gone: set[str]
) -> None:
    assert set(spread().values()) == {1}
    emulator.control.reset(**which)
    assert {name for name, number in spread().items() if number == 0} == gone


def test_motos_own_way_to_reset_is_of_all_services(url: str, connect: Connect) -> None:
    connect("s3").create_bucket(Bucket="artifacts")
    urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/reset", method="POST")).close()
    assert connect("s3").list_buckets()["Buckets"] == []


def test_what_companions_keep_is_in_no_exported_state(emulator: Emulator, connect: Connect) -> None:
    connect("s3").create_bucket(Bucket="artifacts")
    assert "artifacts" not in json.dumps(emulator.control.state())
