"""The AWS CLI, pointed here by what `sagemaker-emulator env` prints, takes a model from its package to its deletion."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from tests.compat.conftest import outside, told
from tests.conftest import ACCOUNT, REGION, ROLE

IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/churn"
Aws = Callable[..., Any]


@pytest.fixture(scope="module")
def program() -> str:
    """The AWS CLI: the one that `make` installs, or the machine's."""
    for name in (os.environ.get("SAGEMAKER_EMULATOR_AWSCLI"), "aws"):
        if name and (found := shutil.which(name)):
            return found
    pytest.skip("there is no AWS CLI: `make compat` installs one, or SAGEMAKER_EMULATOR_AWSCLI names it")


@pytest.fixture(scope="module")
def run(program: str, port: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """Return a function that runs a SageMaker command after the lines that `env --shell` prints."""
    nowhere = str(tmp_path_factory.mktemp("aws") / "none")
    environment = {
        **outside(),
        "SETUP": told(port, "shell"),
        "AWS_CONFIG_FILE": nowhere,
        "AWS_SHARED_CREDENTIALS_FILE": nowhere,
        "AWS_PAGER": "",
        "AWS_MAX_ATTEMPTS": "1",
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ("sh", "-c", 'eval "$SETUP"; exec "$@"', "sh", program, "--output", "json", "sagemaker", *arguments)
        return subprocess.run(command, check=False, capture_output=True, text=True, env=environment, timeout=60)

    return run


@pytest.fixture(scope="module")
def aws(run: Callable[..., subprocess.CompletedProcess[str]]) -> Aws:
    """Return a function that runs a SageMaker command and gives its answer."""

    def answer(*arguments: str) -> Any:
        done = run(*arguments)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout else None

    return answer


def test_a_package_is_approved_and_becomes_a_model(aws: Aws) -> None:
    aws("create-model-package-group", "--model-package-group-name", "churn", "--tags", "Key=team,Value=growth")
    inference = {
        "Containers": [{"Image": f"{IMAGE}:1", "ModelDataUrl": "s3://models/churn.tar.gz"}],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    }
    package = aws(
        *("create-model-package", "--model-package-group-name", "churn"),
        *("--model-approval-status", "PendingManualApproval", "--inference-specification", json.dumps(inference)),
    )["ModelPackageArn"]
    assert package == f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/churn/1"

    aws("update-model-package", "--model-package-arn", package, "--model-approval-status", "Approved")
    approved = aws("list-model-packages", "--model-package-group-name", "churn", "--model-approval-status", "Approved")
    assert [each["ModelPackageArn"] for each in approved["ModelPackageSummaryList"]] == [package]

    container = f"ModelPackageName={package}"
    aws("create-model", "--model-name", "churn", "--execution-role-arn", ROLE, "--containers", container)
    assert aws("describe-model", "--model-name", "churn")["Containers"][0]["ModelPackageName"] == package
    assert [each["ModelName"] for each in aws("list-models", "--name-contains", "chu")["Models"]] == ["churn"]

    aws("delete-model", "--model-name", "churn")
    assert aws("list-models")["Models"] == []


def test_an_image_s_version_is_found_by_its_alias(aws: Aws) -> None:
    aws("create-image", "--image-name", "churn", "--role-arn", ROLE)
    aws("create-image-version", "--image-name", "churn", "--base-image", f"{IMAGE}:1", "--aliases", "stable")
    version = aws("describe-image-version", "--image-name", "churn", "--alias", "stable")
    assert (version["Version"], version["ImageVersionStatus"]) == (1, "CREATED")

    aws("delete-image", "--image-name", "churn")
    assert aws("list-images")["Images"] == []


def test_a_refusal_is_an_error_of_the_cli_in_the_service_s_words(
    run: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    refused = run("describe-model", "--model-name", "nowhere")
    assert refused.returncode in {254, 255}  # its second version says 254, its first 255
    assert "(ValidationException) when calling the DescribeModel operation: Could not find model" in refused.stderr
