"""The measure itself: it must find what does not fit, or every test that uses it says nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.botocore_model import OPERATIONS, SHAPES, output_shape
from tests.conformance.inputs import value
from tests.conformance.shapes import ABSENT, assert_fits, misfits_of

MODEL = {
    "ModelName": "m",
    "ModelArn": "arn:aws:sagemaker:us-east-1:123456789012:model/m",
    "CreationTime": 1.5,
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_whole_answer_fits_and_one_with_a_member_more_does_not(operation: str) -> None:
    shape = output_shape(operation)
    if shape is None:
        assert_fits(None, operation)
        assert list(misfits_of({}, operation))
    else:
        whole = value(shape, "Answer")
        assert_fits(whole, operation)
        assert list(misfits_of({**whole, "Invented": 1}, operation))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_answer_without_a_required_member_does_not_fit(operation: str) -> None:
    shape = output_shape(operation)
    whole = value(shape, "Answer", every=False) if shape else {}

    for name in whole:
        without = {one: inner for one, inner in whole.items() if one != name}
        missing = any("is missing" in one for one in misfits_of(without, operation))
        assert missing == ((shape, name) not in ABSENT), name


@pytest.mark.parametrize(
    ("operation", "answer", "wrong"),
    [
        ("DescribeModel", {**MODEL, "CreationTime": "2024-01-01T00:00:00Z"}, "CreationTime"),
        ("DescribeModel", {**MODEL, "CreationTime": True}, "CreationTime"),
        ("DescribeModel", {**MODEL, "ModelName": 1}, "ModelName"),
        ("DescribeModel", {**MODEL, "ModelName": None}, "ModelName"),
        ("DescribeModel", {**MODEL, "EnableNetworkIsolation": "true"}, "EnableNetworkIsolation"),
        ("DescribeModel", {**MODEL, "Containers": {}}, "Containers"),
        ("DescribeModel", {**MODEL, "Containers": [{"Mode": "Unheard"}]}, r"Containers\[0\].Mode"),
        ("DescribeModel", {**MODEL, "PrimaryContainer": {"Environment": {"A": 1}}}, "Environment.A"),
        ("DescribeModel", {**MODEL, "PrimaryContainer": {"Invented": 1}}, "Invented"),
        ("DescribeModel", [], "no object"),
        ("ListModels", {"Models": [{}]}, r"Models\[0\].ModelName"),
    ],
)
def test_what_does_not_fit_is_named(operation: str, answer: Any, wrong: str) -> None:
    with pytest.raises(AssertionError, match=wrong):
        assert_fits(answer, operation)


def test_members_that_may_be_absent_are_required_by_the_model() -> None:
    for shape, member in ABSENT:
        assert member in SHAPES[shape]["required"], f"{shape}.{member} needs no exception"
