"""The CDK, as its command deploys the app of fixtures/cdk: with no bootstrap, with the old one, and with today's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from emulator.companions.services import installed
from tests.compat.conftest import outside, told
from tests.conftest import ACCOUNT, REGION, ROLE

pytestmark = pytest.mark.slow

APP = Path("fixtures/cdk")
BASE_IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/notebooks"

Cdk = Callable[..., str]
Connect = Callable[[str], Any]


@pytest.fixture(scope="module")
def program() -> Path:
    """Where npm has put the CDK."""
    where = Path(os.environ.get("SAGEMAKER_EMULATOR_CDK", ".venv/cdk")).absolute()
    if shutil.which("node") is None:
        pytest.skip("there is no node")
    if not (where / "node_modules/aws-cdk/bin/cdk").exists():
        pytest.skip(f"the CDK is not installed in {where}: `make test-cdk` does it where npm is to be had")
    return where


@pytest.fixture
def cdk(program: Path, port: str, tmp_path: Path) -> Cdk:
    """Run a command of the CDK in the app's directory, and return what it says."""
    for file in ("app.js", "cdk.json"):
        shutil.copy(APP / file, tmp_path)
    (tmp_path / "node_modules").symlink_to(program / "node_modules")
    exported = dict(re.findall(r"^export (\w+)=(.*)$", told(port, "shell"), re.MULTILINE))
    settings = {"CDK_HOME": str(tmp_path / "home"), "CDK_DISABLE_CLI_TELEMETRY": "true", "CI": "true"}
    environment = {**outside(), **exported, **settings, "NODE_NO_WARNINGS": "1", "NO_COLOR": "1"}

    def run(*arguments: str, fails: bool = False) -> str:
        done = subprocess.run(
            ["node", "node_modules/aws-cdk/bin/cdk", *arguments, "--no-notices"],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        assert (done.returncode != 0) is fails, done.stdout
        return done.stdout

    return run


@pytest.fixture
def connect(port: str) -> Connect:
    """Return a function that makes a boto3 client."""

    def make(service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=f"http://127.0.0.1:{port}",
            region_name=REGION,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="local",  # noqa: S106 - the emulator checks no signature
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
        )

    return make


def stack(connect: Connect, name: str = "registry") -> dict[str, Any]:
    """Return a stack as CloudFormation describes it."""
    found: dict[str, Any] = connect("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    return found


def outputs(connect: Connect) -> dict[str, str]:
    """Return the outputs of the stack."""
    return {one["OutputKey"]: one["OutputValue"] for one in stack(connect)["Outputs"]}


def assert_gone(connect: Connect, was: dict[str, Any]) -> None:
    """Nothing of a stack is left but the memory of it."""
    sagemaker = connect("sagemaker")
    assert stack(connect, was["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="Stack with id registry does not exist"):
        stack(connect)
    assert sagemaker.list_models()["Models"] == []
    assert sagemaker.list_images()["Images"] == []
    assert sagemaker.list_model_package_groups()["ModelPackageGroupSummaryList"] == []


def test_an_app_is_deployed_compared_changed_and_destroyed_without_bootstrap(cdk: Cdk, connect: Connect) -> None:
    sagemaker = connect("sagemaker")
    assert "✅  registry" in cdk("deploy")
    made = stack(connect)
    assert made["StackStatus"] == "CREATE_COMPLETE"
    package = outputs(connect)["PackageArn"]
    group = sagemaker.describe_model_package_group(ModelPackageGroupName="registry-models")["ModelPackageGroupArn"]
    assert {"Key": "team", "Value": "customers"} in sagemaker.list_tags(ResourceArn=group)["Tags"]
    assert (
        sagemaker.describe_model(ModelName=outputs(connect)["ModelName"])["Containers"][0]["ModelPackageName"]
        == package
    )
    assert (
        sagemaker.describe_image_version(ImageName="registry-notebooks", Alias="latest")["BaseImage"]
        == f"{BASE_IMAGE}:1.0"
    )

    assert "registry (no changes)" in cdk("deploy")
    assert "the deployment would not make any changes" in cdk("deploy", "--force")
    assert "There were no differences" in cdk("diff")
    assert "LastUpdatedTime" in made
    assert stack(connect)["LastUpdatedTime"] == made["LastUpdatedTime"]

    changed = ("-c", "tag=2.0", "-c", "shown=Notes", "-c", "approval=Approved")
    told = cdk("diff", *changed)
    assert re.search(r"ImageVersion ImageVersion replace\n.*BaseImage \(requires replacement\)", told)
    assert re.search(r"ImageDisplayName\n.*\[-\] Notebooks\n.*\[\+\] Notes", told)
    assert "Number of stacks with differences: 1" in told

    assert "No drift detected" in cdk("drift")
    sagemaker.update_image(ImageName="registry-notebooks", DisplayName="by hand")
    told = cdk("drift")
    assert re.search(r"/ImageDisplayName\n.*\[-\] Notebooks\n.*\[\+\] by hand", told)
    assert "Number of resources with drift: 1" in told

    assert "✅  registry" in cdk("deploy", *changed)
    assert stack(connect)["StackStatus"] == "UPDATE_COMPLETE"
    assert outputs(connect)["PackageArn"] == package
    assert sagemaker.describe_model_package(ModelPackageName=package)["ModelApprovalStatus"] == "Approved"
    assert sagemaker.describe_image(ImageName="registry-notebooks")["DisplayName"] == "Notes"
    versions = sagemaker.list_image_versions(ImageName="registry-notebooks")["ImageVersions"]
    assert [one["Version"] for one in versions] == [2]

    assert "registry: destroyed" in cdk("destroy", "--force")
    assert_gone(connect, made)


def test_a_deployment_that_fails_is_rolled_back_and_can_be_made_again(cdk: Cdk, connect: Connect) -> None:
    sagemaker = connect("sagemaker")
    legacy = ("-c", "synthesizer=legacy", "--method=direct")
    sagemaker.create_image(ImageName="registry-notebooks", RoleArn=ROLE)
    told = cdk("deploy", *legacy, fails=True)
    assert "registry-notebooks" in told
    assert "already exists" in told
    assert stack(connect)["StackStatus"] == "ROLLBACK_COMPLETE"

    sagemaker.delete_image(ImageName="registry-notebooks")
    assert "✅  registry" in cdk("deploy", *legacy)
    assert stack(connect)["StackStatus"] == "CREATE_COMPLETE"
    made = stack(connect)

    assert "✅  registry" in cdk("deploy", *legacy, "-c", "shown=Notes")
    assert stack(connect)["StackStatus"] == "UPDATE_COMPLETE"
    assert "registry: destroyed" in cdk("destroy", "--force", "-c", "synthesizer=legacy")
    assert_gone(connect, made)


@pytest.mark.skipif(not installed(), reason="the extra `aws` is not installed")
def test_an_app_is_deployed_through_the_bootstrap_of_today(cdk: Cdk, connect: Connect) -> None:
    default = ("-c", "synthesizer=default", "-c", "role=own")
    assert f"Environment aws://{ACCOUNT}/{REGION} bootstrapped" in cdk("bootstrap", *default)
    version = connect("ssm").get_parameter(Name="/cdk-bootstrap/hnb659fds/version")["Parameter"]["Value"]
    assert int(version) >= 6

    assert "✅  registry" in cdk("deploy", *default)
    made = stack(connect)
    bucket = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"
    assert len(connect("s3").list_objects_v2(Bucket=bucket)["Contents"]) == 1
    role = connect("sagemaker").describe_image(ImageName="registry-notebooks")["RoleArn"]
    assert connect("iam").get_role(RoleName=role.rpartition("/")[2])["Role"]["Arn"] == role

    assert "registry (no changes)" in cdk("deploy", *default)
    assert "✅  registry" in cdk("deploy", *default, "-c", "shown=Notes")
    assert "(no changes)" in cdk("bootstrap", *default)
    assert "registry: destroyed" in cdk("destroy", "--force", *default)
    assert_gone(connect, made)

    callers = ("-c", "synthesizer=cli", "-c", "role=own")  # the same bucket, but no role is assumed
    assert "✅  registry" in cdk("deploy", *callers)
    assert "registry: destroyed" in cdk("destroy", "--force", *callers)
