"""What SageMaker refuses for what IAM and S3 do not have, as soon as these are in use."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from emulator.engine.emulator import Emulator
from tests.companions.conftest import TRUST, Refused
from tests.conftest import ACCOUNT, REGION

OTHER = "222233334444"
NOBODY = f"arn:aws:iam::{ACCOUNT}:role/Nobody"
Connect = Callable[..., Any]

INVALID = (
    f'The execution role ARN "{NOBODY}" is invalid. Please ensure that the role exists and that its trust relationship '
    'policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com".'
)
NOT_ASSUMED = (
    f"Could not assume role {NOBODY}. Please ensure that the role exists and allows principal "
    "'sagemaker.amazonaws.com' to assume the role."
)
NOTHING_IN_S3 = (
    "Nothing is in S3 here, so s3://artifacts/plan.json cannot be read: send its content as PipelineDefinition."
)


@pytest.fixture
def iam(connect: Connect) -> Any:
    """IAM, in use."""
    client = connect("iam")
    client.list_roles()
    return client


def training(role: str) -> dict[str, Any]:
    return {
        "TrainingJobName": "fit",
        "RoleArn": role,
        "AlgorithmSpecification": {"TrainingImage": "fit:1", "TrainingInputMode": "File"},
        "OutputDataConfig": {"S3OutputPath": "s3://artifacts/out"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }


def group(role: str) -> dict[str, Any]:
    return {
        "FeatureGroupName": "people",
        "RecordIdentifierFeatureName": "id",
        "EventTimeFeatureName": "at",
        "FeatureDefinitions": [
            {"FeatureName": "id", "FeatureType": "String"},
            {"FeatureName": "at", "FeatureType": "Fractional"},
        ],
        "OnlineStoreConfig": {"EnableOnlineStore": True},
        "RoleArn": role,
    }


def domain(role: str) -> dict[str, Any]:
    return {
        "DomainName": "studio",
        "AuthMode": "IAM",
        "VpcId": "vpc-1",
        "SubnetIds": ["subnet-1"],
        "DefaultUserSettings": {
            "ExecutionRole": role,
            "CanvasAppSettings": {"TimeSeriesForecastingSettings": {"AmazonForecastRoleArn": NOBODY}},
        },
    }


CREATES = [
    pytest.param("create_model", lambda role: {"ModelName": "ranking", "PrimaryContainer": {"Image": "serve:1"},
                                               "ExecutionRoleArn": role}, INVALID, id="model"),
    pytest.param("create_image", lambda role: {"ImageName": "studio", "RoleArn": role}, INVALID, id="image"),
    pytest.param("create_training_job", training, NOT_ASSUMED, id="training job"),
    pytest.param("create_feature_group", group, "The execution role ARN is invalid.", id="feature group"),
    pytest.param("create_domain", domain, INVALID, id="domain"),
]  # fmt: skip


@pytest.mark.usefixtures("iam")
@pytest.mark.parametrize(("operation", "params", "sentence"), CREATES)
def test_a_role_that_is_not_there_is_refused(
    client: Any, refused: Refused, operation: str, params: Callable[[str], dict[str, Any]], sentence: str
) -> None:
    error = refused(getattr(client, operation), **params(NOBODY))["Error"]
    assert (error["Code"], error["Message"]) == ("ValidationException", sentence)


@pytest.mark.parametrize(("operation", "params", "_"), CREATES)
def test_a_role_that_trusts_sagemaker_is_taken(
    client: Any, role: Callable[..., str], operation: str, params: Callable[[str], dict[str, Any]], _: str
) -> None:
    getattr(client, operation)(**params(role()))


@pytest.mark.parametrize(("operation", "params", "_"), CREATES)
def test_a_role_that_somebody_made_up_is_taken_where_iam_is_not_in_use(
    client: Any, connect: Connect, operation: str, params: Callable[[str], dict[str, Any]], _: str
) -> None:
    connect("iam", account=OTHER).list_roles()
    connect("s3").list_buckets()
    getattr(client, operation)(**params(NOBODY))


@pytest.mark.parametrize(
    "change",
    [
        {"Effect": "Deny"},
        {"Principal": {"Service": "lambda.amazonaws.com"}},
        {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}},
        {"Action": "sts:TagSession"},
    ],
    ids=["denied", "another service", "an account", "another action"],
)
def test_a_role_that_does_not_trust_sagemaker_is_refused(
    client: Any, role: Callable[..., str], refused: Refused, change: dict[str, Any]
) -> None:
    trust = copy.deepcopy(TRUST)
    trust["Statement"][0].update(change)
    error = refused(client.create_image, ImageName="studio", RoleArn=role("Nobody", trust))["Error"]
    assert error["Message"] == INVALID


@pytest.mark.parametrize(
    "change",
    [
        {"Principal": {"Service": ["ec2.amazonaws.com", "sagemaker.amazonaws.com"]}},
        {"Action": ["sts:AssumeRole", "sts:SetSourceIdentity"]},
        {"Action": "sts:*"},
    ],
    ids=["several services", "several actions", "all actions"],
)
def test_a_role_may_trust_others_too(client: Any, role: Callable[..., str], change: dict[str, Any]) -> None:
    trust = copy.deepcopy(TRUST)
    trust["Statement"][0].update(change)
    client.create_image(ImageName="studio", RoleArn=role("Studio", trust))


def test_an_update_does_not_take_a_role_that_is_not_there(
    client: Any, role: Callable[..., str], refused: Refused
) -> None:
    arn = role()
    client.create_image(ImageName="studio", RoleArn=arn)
    assert refused(client.update_image, ImageName="studio", RoleArn=NOBODY)["Error"]["Message"] == INVALID
    assert client.describe_image(ImageName="studio")["RoleArn"] == arn


@pytest.mark.usefixtures("iam")
def test_a_role_of_another_account_is_believed(client: Any) -> None:
    client.create_image(ImageName="studio", RoleArn=f"arn:aws:iam::{OTHER}:role/Nobody")


@pytest.mark.usefixtures("iam")
def test_with_references_off_nobody_asks(client: Any, emulator: Emulator) -> None:
    emulator.settings = replace(emulator.settings, strict=False)
    client.create_image(ImageName="studio", RoleArn=NOBODY)


@pytest.mark.usefixtures("iam")
def test_after_a_reset_iam_is_not_in_use(client: Any, emulator: Emulator) -> None:
    emulator.control.reset()
    client.create_image(ImageName="studio", RoleArn=NOBODY)


# --- The data of models -----------------------------------------------------------------------------------------------


@pytest.fixture
def bucket(connect: Connect) -> Any:
    """S3, with a model in a bucket."""
    s3 = connect("s3")
    s3.create_bucket(Bucket="artifacts")
    s3.put_object(Bucket="artifacts", Key="ranking/model.tar.gz", Body=b"here")
    return s3


def source(uri: str, kind: str) -> dict[str, Any]:
    return {"ModelDataSource": {"S3DataSource": {"S3Uri": uri, "S3DataType": kind, "CompressionType": "None"}}}


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize(
    "container",
    [
        {"ModelDataUrl": "s3://artifacts/ranking/model.tar.gz"},
        {"ModelDataUrl": "s3://artifacts/ranking/", "Mode": "MultiModel"},
        source("s3://artifacts/ranking/", "S3Prefix"),
        source("s3://artifacts/ranking/model.tar.gz", "S3Object"),
        {"ModelDataUrl": "https://example.com/model.tar.gz"},
        {"ModelDataUrl": "s3://jumpstart-cache-prod-us-east-1/flan/model.tar.gz"},
    ],
    ids=["an object", "several models", "a prefix", "an object by type", "not in S3", "in a bucket of AWS"],
)
def test_a_model_whose_data_is_there_is_made(client: Any, container: dict[str, Any]) -> None:
    client.create_model(ModelName="ranking", PrimaryContainer={"Image": "serve:1", **container})


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize(
    ("uri", "container"),
    [
        ("s3://artifacts/ranking/", {"ModelDataUrl": "s3://artifacts/ranking/"}),
        ("s3://artifacts/other.tar.gz", {"ModelDataUrl": "s3://artifacts/other.tar.gz"}),
        ("s3://artifacts/other/", {"ModelDataUrl": "s3://artifacts/other/", "Mode": "MultiModel"}),
        ("s3://artifacts/other/", source("s3://artifacts/other/", "S3Prefix")),
        ("s3://artifacts/ranking/", source("s3://artifacts/ranking/", "S3Object")),
    ],
)
def test_data_that_is_not_there_is_refused(client: Any, refused: Refused, uri: str, container: dict[str, Any]) -> None:
    error = refused(client.create_model, ModelName="ranking", Containers=[{"Image": "serve:1", **container}])["Error"]
    assert (error["Code"], error["Message"]) == ("ValidationException", f"Could not find model data at {uri}.")


@pytest.mark.usefixtures("bucket")
def test_a_bucket_that_is_not_there_is_refused(client: Any, refused: Refused) -> None:
    container = {"Image": "serve:1", "ModelDataUrl": "s3://nowhere/model.tar.gz"}
    error = refused(client.create_model, ModelName="ranking", ExecutionRoleArn=NOBODY, PrimaryContainer=container)[
        "Error"
    ]
    assert error["Message"].startswith("Could not access model data at s3://nowhere/model.tar.gz. ")
    assert f'the role "{NOBODY}" exists' in error["Message"]
    assert f"located in {REGION}." in error["Message"]


def test_data_that_was_deleted_is_not_there(client: Any, bucket: Any, refused: Refused) -> None:
    bucket.put_bucket_versioning(Bucket="artifacts", VersioningConfiguration={"Status": "Enabled"})
    bucket.delete_object(Bucket="artifacts", Key="ranking/model.tar.gz")
    container = {"Image": "serve:1", "ModelDataUrl": "s3://artifacts/ranking/model.tar.gz"}
    assert refused(client.create_model, ModelName="ranking", PrimaryContainer=container)["Error"]["Message"] == (
        "Could not find model data at s3://artifacts/ranking/model.tar.gz."
    )


@pytest.mark.usefixtures("bucket")
def test_what_a_job_here_has_made_is_believed(client: Any) -> None:
    client.create_training_job(**training(NOBODY))
    made = client.describe_training_job(TrainingJobName="fit")["ModelArtifacts"]["S3ModelArtifacts"]
    assert made.startswith("s3://artifacts/out/")
    client.create_model(ModelName="ranking", PrimaryContainer={"Image": "serve:1", "ModelDataUrl": made})


@pytest.mark.usefixtures("iam")
def test_data_that_somebody_made_up_is_taken_where_s3_is_not_in_use(client: Any, role: Callable[..., str]) -> None:
    container = {"Image": "serve:1", "ModelDataUrl": "s3://nowhere/model.tar.gz"}
    client.create_model(ModelName="ranking", ExecutionRoleArn=role(), PrimaryContainer=container)


def test_settings_that_a_domain_keeps_under_another_name_can_be_updated_where_iam_is_in_use(
    connect: Connect, role: Callable[..., str]
) -> None:
    sagemaker, made = connect(), role()
    domain = sagemaker.create_domain(
        DomainName="studio",
        AuthMode="IAM",
        VpcId="vpc-1",
        SubnetIds=["subnet-1"],
        DefaultUserSettings={"ExecutionRole": made},
        DomainSettings={"RStudioServerProDomainSettings": {"DomainExecutionRoleArn": made}},
    )["DomainId"]
    changed = {"DomainExecutionRoleArn": made, "RStudioConnectUrl": "https://connect.example.com"}

    sagemaker.update_domain(
        DomainId=domain, DomainSettingsForUpdate={"RStudioServerProDomainSettingsForUpdate": changed}
    )

    settings = sagemaker.describe_domain(DomainId=domain)["DomainSettings"]
    assert settings["RStudioServerProDomainSettings"] == changed


# --- Definitions of pipelines -----------------------------------------------------------------------------------------

PLAN = {"Version": "2020-12-01", "Steps": [{"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "enough"}}]}
PLACE = {"Bucket": "artifacts", "ObjectKey": "plan.json"}


def test_a_pipeline_may_be_defined_in_s3(client: Any, bucket: Any) -> None:
    bucket.put_object(Bucket="artifacts", Key="plan.json", Body=json.dumps(PLAN))
    client.create_pipeline(
        PipelineName="plan", ClientRequestToken="t" * 32, RoleArn=NOBODY, PipelineDefinitionS3Location=PLACE
    )
    told = client.describe_pipeline(PipelineName="plan")
    assert json.loads(told["PipelineDefinition"]) == PLAN
    changed = json.dumps({**PLAN, "Parameters": [{"Name": "Way", "Type": "String"}]})
    bucket.put_object(Bucket="artifacts", Key="plan.json", Body=changed)
    client.update_pipeline(PipelineName="plan", PipelineDefinitionS3Location=PLACE)
    assert client.describe_pipeline(PipelineName="plan")["PipelineDefinition"] == changed


@pytest.mark.parametrize(
    ("used", "sentence"),
    [
        (True, "There is no object s3://artifacts/plan.json."),
        (False, NOTHING_IN_S3),
    ],
)
def test_a_definition_that_is_not_in_s3_is_refused(
    client: Any, connect: Connect, refused: Refused, sentence: str, *, used: bool
) -> None:
    if used:
        connect("s3").list_buckets()
    error = refused(
        client.create_pipeline,
        PipelineName="plan",
        ClientRequestToken="t" * 32,
        RoleArn=NOBODY,
        PipelineDefinitionS3Location=PLACE,
    )["Error"]
    assert error["Message"] == sentence
