"""Patches: what they make of a value is what RFC 6902 says, and whatever a client writes is a value or a refusal."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonpatch
from hypothesis import given
from hypothesis import strategies as st

from emulator.aws.errors import ServiceError
from emulator.cloudcontrol import patches
from emulator.registry import schema as schemas
from emulator.registry.handler import Properties

SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab~/", max_size=3)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab~/", max_size=2), inner, max_size=3)
)
OBJECTS = st.dictionaries(st.text("ab~/", max_size=2), VALUES, max_size=4)
PATHS = st.lists(st.sampled_from(["a", "b", "0", "1", "-", "~0", "~1", "~", "", "Tags", "01"]), max_size=4).map(
    "/".join
)
OPERATIONS = st.fixed_dictionaries(
    {},
    optional={
        "op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test", "jump"]) | SCALARS,
        "path": PATHS | PATHS.map(lambda path: f"/{path}") | SCALARS,
        "from": PATHS.map(lambda path: f"/{path}") | SCALARS,
        "value": VALUES,
    },
)

IMAGE = schemas.load("sagemaker")["AWS::SageMaker::Image"]
TEXTS = st.text("abc", min_size=1, max_size=5)
TAGS = st.lists(st.fixed_dictionaries({"Key": TEXTS, "Value": TEXTS}), min_size=1, max_size=4)
CHANGEABLE = st.fixed_dictionaries(
    {"ImageRoleArn": TEXTS.map(lambda name: f"arn:aws:iam::123456789012:role/{name}")},
    optional={"ImageDescription": TEXTS, "ImageDisplayName": TEXTS, "Tags": TAGS},
)
FIXED = {"ImageName": "i", "ImageArn": "arn:aws:sagemaker:us-east-1:123456789012:image/i"}


@given(before=OBJECTS, after=OBJECTS)
def test_the_patch_between_two_values_makes_one_of_the_other(before: Properties, after: Properties) -> None:
    value: Any = before
    for operation in jsonpatch.make_patch(before, after):
        value = patches.applied(value, operation)
    assert value == after


@given(before=CHANGEABLE, after=CHANGEABLE)
def test_whatever_can_be_changed_is_changed_by_the_patch_that_a_client_computes(
    before: Properties, after: Properties
) -> None:
    present, wished = {**FIXED, **before}, {**FIXED, **after}
    patch = json.loads(jsonpatch.make_patch(present, wished).to_string())
    assert patches.patched(IMAGE, present, patch) == wished


@given(value=OBJECTS, patch=st.lists(OPERATIONS | SCALARS, max_size=3))
def test_any_patch_is_applied_or_refused_and_leaves_the_value_alone(value: Properties, patch: list[Any]) -> None:
    before = copy.deepcopy(value)
    made: Any = value
    try:
        for operation in patch:
            made = patches.applied(made, operation)
    except ServiceError as error:
        made = error.code
    assert value == before
    assert json.dumps(made)


@given(before=CHANGEABLE, name=st.sampled_from(sorted(FIXED)), value=TEXTS)
def test_no_patch_changes_what_only_creation_or_the_service_decides(before: Properties, name: str, value: str) -> None:
    present = {**FIXED, **before}
    given_value = f"{FIXED[name]}{value}"
    refused = None
    try:
        patches.patched(IMAGE, present, [{"op": "add", "path": f"/{name}", "value": given_value}])
    except ServiceError as error:
        refused = error.code
    assert refused == "NotUpdatableException"
