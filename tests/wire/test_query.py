from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.exceptions import ClientError

from emulator.engine.emulator import Emulator
from tests.wire.raw import FORM, Reply, Wire, authorization


def post(wire: Wire, **fields: str) -> Reply:
    headers = {"Content-Type": FORM, "Authorization": authorization("123456789012", "us-east-1", "cloudformation")}
    return wire.send("POST", "/", urlencode(fields).encode(), headers)


def refused(call: Callable[[], Any]) -> tuple[str, str, int]:
    with pytest.raises(ClientError) as raised:
        call()
    said = raised.value.response
    return said["Error"]["Code"], said["Error"]["Message"], said["ResponseMetadata"]["HTTPStatusCode"]


def test_an_action_that_cloudformation_does_not_have_is_refused_in_xml(wire: Wire) -> None:
    reply = post(wire, Action="CreateCastle", Version="2010-05-15")
    assert (reply.status, reply.headers["content-type"]) == (400, "text/xml")
    assert reply.text == (
        '<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type>'
        "<Code>InvalidAction</Code><Message>Could not find operation CreateCastle for version 2010-05-15</Message>"
        f"</Error><RequestId>{reply.headers['x-amzn-requestid']}</RequestId></ErrorResponse>\n"
    )


def test_a_form_without_an_action_is_refused(wire: Wire) -> None:
    assert "<Code>MissingAction</Code>" in post(wire, StackName="x").text


def test_what_breaks_a_constraint_is_refused_in_the_words_of_query_services(connect: Callable[..., Any]) -> None:
    client = connect("cloudformation", validate=False)
    assert refused(client.create_stack) == (
        "ValidationError",
        "1 validation error detected: Value null at 'stackName' failed to satisfy constraint: Member must not be null",
        400,
    )
    assert refused(lambda: client.describe_type(Type="THING")) == (
        "ValidationError",
        (
            "1 validation error detected: Value 'THING' at 'type' failed to satisfy constraint: "
            "Member must satisfy enum value set: [RESOURCE, MODULE, HOOK]"
        ),
        400,
    )


def test_an_asked_for_fault_meets_calls_of_cloudformation(connect: Callable[..., Any], emulator: Emulator) -> None:
    client = connect("cloudformation")
    emulator.control.error("throttling", operation="DescribeType")
    code, _, status = refused(lambda: client.describe_type(Type="RESOURCE", TypeName="AWS::No::Type"))
    assert (code, status) == ("ThrottlingException", 400)
    assert [heard.operation for heard in emulator.history.calls] == ["DescribeType"]
