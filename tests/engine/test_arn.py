"""ARNs."""

from __future__ import annotations

import pytest
from botocore.session import Session
from hypothesis import given
from hypothesis import strategies as st

from emulator.aws import arn

PART = st.from_regex(r"[a-z0-9-]{0,12}", fullmatch=True)


@given(PART, PART, PART, PART, st.text(max_size=30))
def test_an_arn_is_read_back_as_it_was_written(a: str, b: str, c: str, d: str, resource: str) -> None:
    assert arn.parse(str(arn.Arn(a, b, c, d, resource))) == arn.Arn(a, b, c, d, resource)


@pytest.mark.parametrize(
    "text", ["", "arn", "arn:aws:sagemaker", "arn:aws:s3:us-east-1:1", "urn:aws:s3:r:1:x", "model"]
)
def test_what_has_not_the_form_of_an_arn_is_none(text: str) -> None:
    assert arn.parse(text) is None


def test_a_resource_may_have_colons() -> None:
    parsed = arn.parse("arn:aws:lambda:us-east-1:123456789012:function:name:1")

    assert parsed
    assert parsed.resource == "function:name:1"


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        (region, name)
        for name in ("aws", "aws-cn", "aws-us-gov")
        for region in Session().get_available_regions("s3", name)
    ],
)
def test_every_region_is_in_the_partition_that_botocore_has_it_in(region: str, partition: str) -> None:
    assert arn.partition(region) == partition


def test_a_prefix_is_what_all_arns_of_a_place_begin_with() -> None:
    assert arn.prefix("sagemaker", "us-gov-west-1", "1") == "arn:aws-us-gov:sagemaker:us-gov-west-1:1:"
