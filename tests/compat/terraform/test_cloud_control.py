"""Terraform's `aws_cloudcontrolapi_resource`: applied as planned, changed in place, replaced, and destroyed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.compat.conftest import told
from tests.compat.terraform.conftest import Control, left
from tests.compat.terraform.stack import VERSIONS, Terraform

pytestmark = pytest.mark.slow

MAIN = Path(__file__).parents[3] / "fixtures" / "cloudcontrol" / "terraform" / "main.tf"
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


@pytest.mark.usefixtures("known")
def test_thirteen_types_live_as_planned(
    program: str,
    mirror: Sequence[str],
    environment: dict[str, str],
    port: str,
    control: Control,
    tmp_path: Path,
) -> None:
    terraform = Terraform(program, tmp_path, environment)
    (tmp_path / "main.tf").write_text(MAIN.read_text("utf-8"))
    (tmp_path / "provider.tf").write_text(told(port, "terraform") + VERSIONS)
    terraform("init", *mirror)
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
    assert done(said, "Destruction") == done(said, "Creation") == resources() - {"domain"}  # it keeps its name
    said = terraform("destroy", "-auto-approve", STAGE, SUFFIX)
    assert done(said, "Destruction") == resources()
    assert left(control) == set()
