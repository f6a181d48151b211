"""The recipes in fixtures start the image as it is, and point clients at it as `sagemaker-emulator env` does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from emulator.interfaces.cli import serve
from emulator.interfaces.environment import variables
from tests.image.test_dockerfile import DOCKERFILE, ROOT

PORT = re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)[0]
OWN = {option.envvar or f"SAGEMAKER_EMULATOR_{str(option.name).upper()}": option for option in serve.params}
RECIPES = {"compose.yaml": "sagemaker", "github-actions.yml": "127.0.0.1", "gitlab-ci.yml": "sagemaker"}  # with hosts


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / "fixtures" / name).read_text())


def maps(said: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping of a document."""
    if isinstance(said, dict):
        yield said
    for one in said.values() if isinstance(said, dict) else said if isinstance(said, list) else ():
        yield from maps(one)


@pytest.mark.parametrize(("name", "host"), RECIPES.items())
def test_clients_get_the_variables_that_lead_to_the_emulator(name: str, host: str) -> None:
    (found,) = (one for one in maps(read(name)) if "AWS_ACCESS_KEY_ID" in one)

    assert found == {
        **variables(f"http://{host}:{PORT}", everything=False),
        "AWS_ACCESS_KEY_ID": "123456789012",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
    }


@pytest.mark.parametrize("name", RECIPES)
def test_the_emulator_s_own_variables_are_those_of_serve(name: str) -> None:
    said = {key: value for one in maps(read(name)) for key, value in one.items() if str(key).startswith("SAGEMAKER_")}

    assert said
    for variable, value in said.items():
        assert OWN[variable].type.convert(value, OWN[variable], None) == value


def test_compose_builds_the_image_publishes_its_port_and_waits_for_its_health() -> None:
    services = read("compose.yaml")["services"]
    emulator, app = services["sagemaker"], services["app"]

    assert (ROOT / "fixtures" / emulator["build"] / "Dockerfile").resolve() == (ROOT / "Dockerfile").resolve()
    assert emulator["ports"] == [f"127.0.0.1:{PORT}:{PORT}"]
    assert f"docker build -t {emulator['image']} ." in DOCKERFILE
    assert app["depends_on"] == {"sagemaker": {"condition": "service_healthy"}}
    assert "\nHEALTHCHECK " in DOCKERFILE


def test_continuous_integration_runs_an_image_of_that_name_with_its_port() -> None:
    (job,) = read("github-actions.yml")["jobs"].values()
    (beside,) = read("gitlab-ci.yml")["test"]["services"]
    services = (job["services"]["sagemaker"]["image"], beside["name"])

    assert [one.rpartition("/")[2] for one in services] == ["sagemaker-emulator"] * 2
    assert job["services"]["sagemaker"]["ports"] == [f"{PORT}:{PORT}"]
    assert beside["alias"] == "sagemaker"
