"""Bytes to calls and answers to bytes."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.aws import wire
from emulator.aws.errors import ServiceError
from emulator.aws.model import ServiceModel
from tests.engine.library import model_text

MODEL = ServiceModel(model_text())
SIGNED = "AWS4-HMAC-SHA256 Credential={}/20240101/eu-west-1/library/aws4_request, SignedHeaders=host, Signature=0"
CREDENTIAL = wire.Credential("", "111122223333", "eu-west-1")


@pytest.mark.parametrize(
    ("key", "account"),
    [("444455556666", "444455556666"), ("AKIAEXAMPLE", "111122223333"), ("44445555666", "111122223333")],
)
def test_an_access_key_of_twelve_digits_is_the_account(key: str, account: str) -> None:
    credential = wire.Credential(SIGNED.format(key), "111122223333", "us-east-1")

    assert (credential.account, credential.region, credential.service) == (account, "eu-west-1", "library")


@pytest.mark.parametrize("header", ["", "Bearer x", "AWS4-HMAC-SHA256 Credential=broken"])
def test_an_unsigned_call_is_for_the_defaults(header: str) -> None:
    credential = wire.Credential(header, "111122223333", "us-east-1")

    assert (credential.account, credential.region) == ("111122223333", "us-east-1")


def test_a_call_is_read_from_its_target_and_its_body() -> None:
    call = wire.decode(MODEL, "Library.CreateRack", CREDENTIAL, b'{"RackName":"r"}')

    assert (call.operation, call.params) == ("CreateRack", {"RackName": "r"})
    assert (call.account, call.region) == ("111122223333", "eu-west-1")


@pytest.mark.parametrize(
    "target", ["", "CreateRack", "Library.", "Library.Nothing", "Other.CreateRack", "library.CreateRack"]
)
def test_another_target_is_an_unknown_operation(target: str) -> None:
    with pytest.raises(ServiceError) as refused:
        wire.decode(MODEL, target, CREDENTIAL, b"{}")

    assert refused.value.code == "UnknownOperationException"


@pytest.mark.parametrize(
    "body", [b"", b"x", b"{", b"null", b"1", b'"a"', b"\xff", b'{"a":NaN}', b'{"a":1e999}', b"[" * 100_000]
)
def test_a_body_that_is_no_json_object_cannot_be_read(body: bytes) -> None:
    with pytest.raises(ServiceError) as refused:
        wire.decode(MODEL, "Library.CreateRack", CREDENTIAL, body)

    assert (refused.value.code, refused.value.message) == ("SerializationException", None)


def test_a_list_for_a_body_is_said_to_be_one() -> None:
    with pytest.raises(ServiceError, match="Start of list"):
        wire.decode(MODEL, "Library.CreateRack", CREDENTIAL, b"[]")


def test_an_answer_is_json_in_utf_8_and_none_is_no_byte() -> None:
    assert wire.encode(None) == b""
    assert wire.encode({"A": "\u00e4", "B": 1.5}) == '{"A":"\u00e4","B":1.5}'.encode()


@pytest.mark.parametrize(("code", "member"), [("ResourceInUse", "Message"), ("ValidationException", "message")])
def test_an_error_of_the_model_has_a_capital_message(code: str, member: str) -> None:
    assert json.loads(wire.encode_error(MODEL, ServiceError(code, "m"))) == {"__type": code, member: "m"}


def test_an_error_without_a_message_has_none() -> None:
    assert wire.encode_error(MODEL, ServiceError("X")) == b'{"__type":"X"}'


@pytest.mark.parametrize(("seconds", "sent"), [(5.0, b"5"), (5.1234, b"5.123"), (5.9999, b"6"), (0, b"0")])
def test_a_time_has_three_decimals_at_most_and_none_where_it_is_whole(seconds: float, sent: bytes) -> None:
    assert wire.encode({"T": wire.timestamp(seconds)}) == b'{"T":' + sent + b"}"


@given(st.floats(0, 4e9))
def test_a_time_is_right_to_the_millisecond(seconds: float) -> None:
    assert math.isclose(wire.timestamp(seconds), seconds, abs_tol=0.0006)


@pytest.mark.parametrize(
    ("content_type", "reads"),
    [
        ("application/x-amz-json-1.1", True),
        ("application/json; charset=utf-8", True),
        ("Application/X-Amz-Json-1.1", True),
        ("text/plain", False),
        ("", False),
    ],
)
def test_only_bodies_of_json_are_read(content_type: str, reads: bool) -> None:
    assert wire.reads(content_type) == reads


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-02", 86400),
        ("1970-01-01T00:01:00", 60),
        ("1970-01-01T02:00:00+02:00", 0),
        ("1970-01-01T00:00:01.5Z", 1.5),
        ("1970-01-01T00:00:01.123456789Z", 1.123456),
    ],
)
def test_a_text_says_a_time(text: str, seconds: float) -> None:
    assert wire.moment(text) == seconds
