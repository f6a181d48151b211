"""What the service loads, and when: a kind that nobody uses costs nothing. Each test asks an interpreter of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from emulator.sagemaker import kinds, operations, service

KINDS = f"{kinds.__name__}."
TOPICS = f"{operations.__name__}."

BEGIN = """
import sys
from emulator.aws.call import Call
from emulator.interfaces import cli, http, server
from emulator.sagemaker.service import sagemaker

app = http.create_app(sagemaker())
listening = server.listen(app, "127.0.0.1", 0)
emulator = app.emulator

def call(operation, **params):
    return emulator.answer(Call(operation, params, "123456789012", "us-east-1"))
"""
END = "\nprint(*(name for name in sys.modules if name.startswith('emulator.sagemaker.')))\n"

CONTAINER = "PrimaryContainer={'Image': 'i', 'ModelDataUrl': 's3://b/m.tar.gz'}"
CREATE = f"arn = call('CreateModel', ModelName='m', {CONTAINER})['ModelArn']"
LIFE = [
    CREATE,
    "call('DescribeModel', ModelName='m')",
    "call('ListModels')",
    "call('DeleteModel', ModelName='m')",
]
TAGS = [
    CREATE,
    "call('AddTags', ResourceArn=arn, Tags=[{'Key': 'team', 'Value': 'a'}])",
    "call('ListTags', ResourceArn=arn)",
    "call('DeleteTags', ResourceArn=arn, TagKeys=['team'])",
]


def loaded(*calls: str) -> dict[str, set[str]]:
    """Return the kinds and the topics that a served emulator has loaded after some calls, and nothing before them."""
    text = subprocess.run(
        [sys.executable, "-c", "\n".join([BEGIN, *calls, END])],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(service.__file__).parents[2],
    ).stdout.split()
    return {start: {name.removeprefix(start) for name in text if name.startswith(start)} for start in (KINDS, TOPICS)}


def test_a_server_that_listens_has_loaded_no_kind_and_no_topic() -> None:
    assert loaded() == {KINDS: set(), TOPICS: set()}


@pytest.mark.parametrize("calls", [LIFE[:1], LIFE[:2], LIFE[:3], LIFE], ids=["create", "describe", "list", "delete"])
def test_the_life_of_a_model_loads_the_model_what_it_refers_to_and_no_topic(calls: list[str]) -> None:
    referred = {"model"}

    assert loaded(*calls) == {KINDS: referred, TOPICS: set()}


def test_tags_load_their_topic_and_no_other_kind() -> None:
    assert loaded(*TAGS) == {KINDS: {"model"}, TOPICS: {"tags"}}


def test_a_reference_loads_the_kind_that_is_referred_to() -> None:
    variant = "{'VariantName': 'v', 'ModelName': 'm', 'InitialInstanceCount': 1, 'InstanceType': 'ml.m5.large'}"
    config = f"call('CreateEndpointConfig', EndpointConfigName='c', ProductionVariants=[{variant}])"

    assert loaded(CREATE, config) == {KINDS: {"model", "endpoint_config"}, TOPICS: set()}


def test_a_family_of_kinds_is_loaded_when_the_first_of_them_is_used() -> None:
    group = "call('CreateModelPackageGroup', ModelPackageGroupName='g')"
    gone = "call('DeleteModelPackageGroup', ModelPackageGroupName='g')"

    assert loaded(group, gone)[KINDS] == {"model_package_group"}
