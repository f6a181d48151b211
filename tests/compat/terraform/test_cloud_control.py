"""Terraform's `aws_cloudcontrolapi_resource`: applied as planned, changed in place, replaced, and destroyed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.compat.conftest import told
from tests.compat.terraform.stack import VERSIONS, Failed, Terraform
from tests.compat.terraform.test_terraform import (  # noqa: F401 - fixtures, used by being named
    Connect,
    connect,
    control,
    environment,
    left,
    mirror,
    program,
)

pytestmark = pytest.mark.slow

MAIN = Path(__file__).parents[3] / "fixtures" / "cloudcontrol" / "terraform" / "main.tf"
LINEAGE = {"Action", "Artifact", "Association", "Context"}  # what SageMaker notes by itself, and keeps
STAGE, SUFFIX = "-var=stage=production", "-var=suffix=-2"

# What `stage` changes in place; a repository has nothing but its tags to be changed, and so on.
CHANGED = {
    "image",
    "image_version",
    "app_image_config",
    "model_package_group",
    "model_package",
    "model",
    "endpoint_config",
    "endpoint",
    "pipeline",
    "code_repository",
    "domain",
    "user_profile",
}


def resources() -> set[str]:
    return set(re.findall(r'^resource "aws_cloudcontrolapi_resource" "(\w+)"', MAIN.read_text("utf-8"), re.MULTILINE))


def done(said: str, what: str) -> set[str]:
    """Return the resources of which Terraform says that something is done with them."""
    return set(re.findall(rf"^aws_cloudcontrolapi_resource\.(\w+): {what} complete", said, re.MULTILINE))


def test_thirteen_types_live_as_planned(
    program: str,  # noqa: F811 - the fixture
    mirror: Sequence[str],  # noqa: F811 - the fixture
    environment: dict[str, str],  # noqa: F811 - the fixture
    port: str,
    control: Callable[..., str],  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    terraform = Terraform(program, tmp_path, environment)
    (tmp_path / "main.tf").write_text(MAIN.read_text("utf-8"))
    (tmp_path / "provider.tf").write_text(told(port, "terraform") + VERSIONS)
    try:
        terraform("init", *mirror)
    except Failed as failed:
        if mirror:
            raise
        pytest.skip(f"no mirror is named, and the public registry does not give the provider: {failed}")
    assert len(resources()) == 13

    def applied(*variables: str) -> str:
        said = terraform("apply", "-auto-approve", *variables)
        terraform("plan", "-detailed-exitcode", *variables)
        return said

    assert done(applied(), "Creation") == resources()
    said = applied(STAGE)
    assert done(said, "Modifications") == CHANGED
    assert "0 added" in said
    assert "0 destroyed" in said
    said = applied(STAGE, SUFFIX)
    assert done(said, "Destruction") == done(said, "Creation") == resources()
    said = terraform("destroy", "-auto-approve", STAGE, SUFFIX)
    assert done(said, "Destruction") == resources()
    assert left(control) <= LINEAGE
