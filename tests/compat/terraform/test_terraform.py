"""Terraform with the real AWS provider: what is applied stays as it was planned, is imported again, and goes."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.compat.conftest import outside, told
from tests.conftest import ACCOUNT, REGION

HERE = Path(__file__).parent
Terraform = Callable[..., str]
Client = Any
Settle = Callable[[str, dict[str, str]], None]


@pytest.fixture(scope="module")
def program() -> str:
    found = shutil.which("terraform")
    return found or pytest.skip("there is no terraform")


@pytest.fixture(scope="module")
def mirror() -> str:
    """The directory with the provider in it: below it lies registry.terraform.io."""
    where = os.environ.get("SAGEMAKER_EMULATOR_TERRAFORM_MIRROR", "")
    return where or pytest.skip("SAGEMAKER_EMULATOR_TERRAFORM_MIRROR names no directory with the AWS provider")


@pytest.fixture(scope="module")
def client(port: str) -> Client:
    """A second opinion: boto3 at the same emulator."""
    return boto3.client(
        "sagemaker",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name=REGION,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="local",  # noqa: S106 - the emulator checks no signature
    )


@pytest.fixture
def terraform(program: str, mirror: str, port: str, tmp_path: Path) -> Terraform:
    """Return a function that runs Terraform in a directory whose provider is what `env --terraform` prints."""
    (tmp_path / "provider.tf").write_text(told(port, "terraform"))
    settings = tmp_path / "terraformrc"
    settings.touch()
    environment = {
        **outside(),
        "TF_CLI_CONFIG_FILE": str(settings),
        "TF_IN_AUTOMATION": "true",
        "TF_INPUT": "false",
        "CHECKPOINT_DISABLE": "true",
        "AWS_MAX_ATTEMPTS": "2",
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            (program, *arguments, "-no-color"),
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=tmp_path,
            env=environment,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    return run


@pytest.fixture
def settle(terraform: Terraform, mirror: str, tmp_path: Path) -> Settle:
    """Return a function that takes an example through its whole life, up to its end."""

    still = ("plan", "-detailed-exitcode")  # an error if there is anything to do

    def settle(example: str, ids: dict[str, str]) -> None:
        shutil.copy(HERE / example, tmp_path)
        terraform("init", f"-plugin-dir={mirror}")
        terraform("apply", "-auto-approve")
        terraform(*still)
        changed = ("-var", "stage=production")
        terraform("apply", "-auto-approve", *changed)
        terraform(*still, *changed)

        terraform("state", "rm", *ids)
        blocks = [f'import {{\n  to = {address}\n  id = "{name}"\n}}\n' for address, name in ids.items()]
        (tmp_path / "imports.tf").write_text("".join(blocks))
        done = terraform("apply", "-auto-approve", *changed)
        assert f"{len(ids)} imported, 0 added, 0 changed, 0 destroyed" in done

    return settle


def tags(client: Client, arn: str) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in client.list_tags(ResourceArn=arn)["Tags"]}


def test_a_registry_and_its_models_live_as_planned(settle: Settle, terraform: Terraform, client: Client) -> None:
    arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
    settle(
        "registry.tf",
        {
            "aws_sagemaker_model_package_group.churn": "churn",
            "aws_sagemaker_model_package_group_policy.churn": "churn",
            "aws_sagemaker_model.churn": "churn",
        },
    )
    assert tags(client, f"{arn}:model/churn") == {"stage": "production"}
    assert tags(client, f"{arn}:model-package-group/churn") == {"stage": "production"}

    terraform("destroy", "-auto-approve")
    assert client.list_models()["Models"] == []
    assert client.list_model_package_groups()["ModelPackageGroupSummaryList"] == []


@pytest.mark.slow  # the provider itself waits a minute before it creates an image
def test_an_image_and_its_version_live_as_planned(settle: Settle, terraform: Terraform, client: Client) -> None:
    settle("images.tf", {"aws_sagemaker_image.churn": "churn"})
    assert tags(client, f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:image/churn") == {"stage": "production"}
    assert [each["Version"] for each in client.list_image_versions(ImageName="churn")["ImageVersions"]] == [1]

    terraform("destroy", "-auto-approve")
    assert client.list_images()["Images"] == []
