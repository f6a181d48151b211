"""What the tests with Terraform share: the program, its provider, and others who look at the same emulator."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.config import Config

from tests.compat.conftest import outside
from tests.compat.terraform.stack import VERSIONS, Failed, Terraform
from tests.conftest import ACCOUNT, REGION

KEPT = {"Action", "Artifact", "Association", "Context"}  # lineage, which SageMaker notes by itself
OVER = {"DeleteCompleted"}  # a project that is deleted is still shown

Connect = Callable[[str], Any]
Control = Callable[..., str]


@pytest.fixture(scope="module")
def program() -> str:
    return shutil.which("terraform") or pytest.skip("there is no terraform")


@pytest.fixture(scope="module")
def mirror() -> Sequence[str]:
    """How a configuration finds the provider where a directory has it; else it is fetched from the public registry."""
    where = os.environ.get("SAGEMAKER_EMULATOR_TERRAFORM_MIRROR")
    return (f"-plugin-dir={where}",) if where else ()


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What every command gets: nothing of this machine's own settings, and one place for what is fetched."""
    shared = tmp_path_factory.mktemp("terraform")
    (shared / "providers").mkdir()
    (shared / "terraformrc").touch()
    return {
        **outside(),
        "AWS_MAX_ATTEMPTS": "2",
        "CHECKPOINT_DISABLE": "true",
        "TF_CLI_CONFIG_FILE": str(shared / "terraformrc"),
        "TF_IN_AUTOMATION": "true",
        "TF_INPUT": "false",
        "TF_PLUGIN_CACHE_DIR": str(shared / "providers"),
        "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE": "true",
    }


@pytest.fixture(scope="module")
def known(
    program: str, mirror: Sequence[str], environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> set[str]:
    """SageMaker's resources that the provider has; where there is no provider, there is nothing to test."""
    terraform = Terraform(program, tmp_path_factory.mktemp("provider"), environment)
    (terraform.directory / "versions.tf").write_text(VERSIONS)
    try:
        terraform("init", *mirror)
    except Failed as failed:
        if mirror:
            raise
        pytest.skip(f"no mirror is named, and the public registry does not give the provider: {failed}")
    schemas = json.loads(terraform("providers", "schema", "-json"))["provider_schemas"]
    return {name for one in schemas.values() for name in one["resource_schemas"] if name.startswith("aws_sagemaker_")}


@pytest.fixture(scope="module")
def connect(port: str) -> Connect:
    """Return a function that makes boto3 clients: whoever acts behind Terraform's back."""

    def make(service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=f"http://127.0.0.1:{port}",
            region_name=REGION,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="local",  # noqa: S106 - the emulator checks no signature
            config=Config(retries={"total_max_attempts": 1}),
        )

    return make


@pytest.fixture
def control(port: str) -> Control:
    """Return a function that asks one of the emulator's own routes; it has been reset."""

    def ask(route: str, body: Mapping[str, Any] | None = None) -> str:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"http://127.0.0.1:{port}/_emulator/{route}", data, {"Content-Type": "application/json"})
        with urlopen(request) as answer:
            return str(answer.read(), "utf-8")

    ask("reset", {})
    ask("calls/keep", {"size": 100_000})
    return ask


def left(control: Control) -> set[str]:
    """Return of which kinds there is something that should not be, when all that is under way has come to its end.

    What lineage tracks of the others stays, as on AWS.
    """
    control("step", {})
    places = json.loads(control("state"))["places"]
    there = [one for place in places for one in place.get("resources", {}).items()]
    return {
        kind for kind, records in there if any((one.get("state") or {}).get("status") not in OVER for one in records)
    } - KEPT
