"""Properties become members and members properties, and nothing is lost on either way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from emulator.aws import model
from emulator.registry.schema import load
from emulator.registry.translation import Translation, instant, seconds
from emulator.sagemaker.service import sagemaker
from tests.conformance import inputs
from tests.registry.desired import SAGEMAKER, SERVED, served

MODEL = model.load("sagemaker")


def known(value: Any, full: Any) -> Any:
    """Return what of a value has a counterpart."""
    if isinstance(value, dict) and isinstance(full, dict):
        return {name: known(inner, full[name]) for name, inner in value.items() if name in full}
    if isinstance(value, list) and isinstance(full, list):
        return [known(one, other) for one, other in zip(value, full, strict=True)]
    return value


@pytest.mark.parametrize("variant", [0, 1])
@pytest.mark.parametrize("name", sorted(set(SERVED) - {"ModelCard", "Pipeline"}))
def test_members_that_a_type_knows_are_the_same_after_they_were_properties(name: str, variant: int) -> None:
    operations = served(sagemaker(), name).operations
    shape = operations.takes("Create")
    sent = inputs.full(operations.name("Create"), variant)
    back = operations.translation.members(operations.translation.properties(sent, shape), shape)
    assert back == known(sent, back)
    assert back.keys() >= set(shape.required) - {shape.token}


@pytest.mark.parametrize(
    ("kind", "written", "sent"),
    [
        ("DataQualityJobDefinition", {"Parquet": True}, {"Parquet": {}}),
        ("DataQualityJobDefinition", {"Parquet": False}, {}),
    ],
)
def test_a_structure_without_members_is_a_boolean(kind: str, written: Any, sent: Any) -> None:
    translation = Translation(load("sagemaker")[SAGEMAKER + kind], MODEL, {})
    shape = MODEL.input(f"Create{kind}")
    properties = {"DataQualityJobInput": {"BatchTransformInput": {"DatasetFormat": written}}}
    members = {"DataQualityJobInput": {"BatchTransformInput": {"DatasetFormat": sent}}}
    assert translation.members(properties, shape) == members
    if sent:
        assert translation.properties(members, shape) == properties


def test_a_map_is_a_list_of_key_and_value_where_the_schema_says_so() -> None:
    translation = Translation(load("sagemaker")[f"{SAGEMAKER}AppImageConfig"], MODEL, {})
    shape = MODEL.input("CreateAppImageConfig")
    variables = [{"Key": "B", "Value": "1"}, {"Key": "A", "Value": "2"}]
    properties = {"CodeEditorAppImageConfig": {"ContainerConfig": {"ContainerEnvironmentVariables": variables}}}
    members = {"CodeEditorAppImageConfig": {"ContainerConfig": {"ContainerEnvironmentVariables": {"B": "1", "A": "2"}}}}
    assert translation.members(properties, shape) == members
    assert translation.properties(members, shape) == properties


def test_choices_may_differ_by_case() -> None:
    translation = Translation(load("sagemaker")[f"{SAGEMAKER}Domain"], MODEL, {})
    shape = MODEL.input("CreateDomain")
    assert translation.members({"DomainSettings": {"IpAddressType": "DUALSTACK"}}, shape) == {
        "DomainSettings": {"IpAddressType": "dualstack"}
    }
    shown = translation.properties({"DomainSettings": {"IpAddressType": "ipv4"}}, shape)
    assert shown == {"DomainSettings": {"IpAddressType": "IPV4"}}


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1795220422.635, "2026-11-21T00:20:22.635Z"),
        (1795220422.6, "2026-11-21T00:20:22.600Z"),
    ],
)
def test_a_time_is_the_text_that_java_prints(moment: float, text: str) -> None:
    assert instant(moment) == text
    assert seconds(text) == moment


@given(some.integers(0, 2**42))
def test_a_time_is_the_same_after_it_was_text(thousandths: int) -> None:
    assert seconds(instant(thousandths / 1000)) == thousandths / 1000


@pytest.mark.parametrize("text", ["yesterday", "", "2026-13-01"])
def test_a_text_that_is_no_time_is_left_to_the_service(text: str) -> None:
    assert seconds(text) == text
