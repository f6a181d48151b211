"""Signatures in process: all that anybody reads of one is there, and whatever leaves is signed as ever."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.endpoint import Endpoint
from botocore.exceptions import EndpointConnectionError, NoCredentialsError
from moto import mock_aws

from emulator import SageMaker
from emulator.interfaces import signature
from tests.conftest import ACCOUNT

KEYS = {"aws_access_key_id": ACCOUNT, "aws_secret_access_key": "local", "region_name": "us-east-1"}
NOWHERE = "http://127.0.0.1:1"  # nobody listens there
QUICK = Config(retries={"total_max_attempts": 1}, connect_timeout=1)
Headers = dict[str, str]


@pytest.fixture
def world() -> Iterator[SageMaker]:
    """A SageMaker that catches this process's calls."""
    with SageMaker() as world:
        yield world


def headers(request: Any) -> Headers:
    """Return the headers of a request as text, which botocore has as bytes too."""
    return {name: value.decode() if isinstance(value, bytes) else str(value) for name, value in request.headers.items()}


def seen(client: Any) -> list[Headers]:
    """Return the headers of a client's requests as they would be sent, as they come."""
    found: list[Headers] = []

    def note(request: Any, **_: Any) -> None:
        found.append(headers(request))

    client.meta.events.register_first("before-send", note)
    return found


def digest(headers: Headers) -> str:
    """Return the digest of a request's signature."""
    return headers["Authorization"].rpartition("Signature=")[2]


def is_computed(headers: Headers) -> bool:
    """Say whether a request is signed with a digest of its own."""
    return re.fullmatch("[0-9a-f]{64}", digest(headers)) is not None and set(digest(headers)) != {"0"}


# --- What is taken ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", [None, "session-token"])
def test_it_is_botocore_s_own_but_for_the_digest(token: str | None) -> None:
    said = {"Content-Type": "application/x-amz-json-1.1", "User-Agent": "Boto3", "X-Amz-Target": "SageMaker.ListModels"}
    signed = []
    for kind in (SigV4Auth, signature.Unchecked):
        request = AWSRequest("POST", "https://api.sagemaker.us-east-1.amazonaws.com/", said, b"{}")
        assert signature.choose(lambda _: True, "v4", request.context) == signature.VERSION
        auth = kind(Credentials("1" * 12, "local", token), "sagemaker", "us-east-1")
        for _ in range(2):  # the second time as it is tried again
            auth.add_auth(request)
        date = request.headers["X-Amz-Date"]
        assert re.fullmatch(r"\d{8}T\d{6}Z", date)
        assert date == request.context["timestamp"]
        signed.append(
            [
                (name, re.sub(r"[0-9a-f]{64}$", "", value).replace(date, "").replace(date[:8], ""))
                for name, value in request.headers.items()
            ]
        )

    assert signed[0] == signed[1]
    assert ("X-Amz-Security-Token", token) in signed[0] or token is None


@pytest.mark.parametrize("service", ["sagemaker", "sagemaker-runtime", "sts", "cloudcontrol"])
def test_a_call_that_is_taken_has_no_digest_computed(world: SageMaker, service: str) -> None:
    calls = {
        "sagemaker": ("list_models", {}),
        "sagemaker-runtime": ("invoke_endpoint", {"EndpointName": "none", "Body": b"1"}),
        "sts": ("get_caller_identity", {}),
        "cloudcontrol": ("list_resources", {"TypeName": "AWS::SageMaker::Model"}),
    }
    for client in (boto3.client(service, config=QUICK), world.client(service, config=QUICK)):
        found = seen(client)
        word, said = calls[service]
        try:
            getattr(client, word)(**said)
        except client.exceptions.ClientError:
            assert service == "sagemaker-runtime"

        assert digest(found[0]) == "0" * 64
        assert f"Credential={ACCOUNT}/" in found[0]["Authorization"]


def test_a_session_s_token_goes_along(world: SageMaker) -> None:
    client = boto3.client("sagemaker", aws_session_token="of-a-session", **KEYS)  # noqa: S106 - of nobody's
    found = seen(client)

    client.list_models()

    assert found[0]["X-Amz-Security-Token"] == "of-a-session"
    assert "x-amz-security-token" in found[0]["Authorization"]


def test_who_has_no_credentials_is_told_so(world: SageMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/none")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/none")

    with pytest.raises(NoCredentialsError):
        boto3.Session().client("sagemaker").list_models()


def test_who_does_not_sign_does_not(world: SageMaker) -> None:
    client = boto3.client("sagemaker", config=Config(signature_version=UNSIGNED))
    found = seen(client)

    client.list_models()

    assert "Authorization" not in found[0]


def test_what_is_tried_again_is_signed_once_more(world: SageMaker) -> None:
    world.error("throttling", times=1)
    client = boto3.client("sagemaker")
    found = seen(client)

    client.list_models()

    assert [digest(one) for one in found] == ["0" * 64] * 2


def test_handlers_of_the_user_s_own_are_asked(world: SageMaker) -> None:
    client = boto3.client("sagemaker")
    found = seen(client)
    client.meta.events.register("before-sign", lambda request, **_: request.headers.add_header("X-Team", "churn"))

    client.list_models()

    assert found[0]["X-Team"] == "churn"
    assert "x-team" in found[0]["Authorization"]


def test_who_signs_another_way_does_so(world: SageMaker) -> None:
    client = boto3.client("sagemaker")
    found = seen(client)
    client.meta.events.register("choose-signer", lambda **_: UNSIGNED)

    client.list_models()

    assert "Authorization" not in found[0]


# --- What is not ------------------------------------------------------------------------------------------------------


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Headers]:
    """The headers of what leaves, as it comes; nothing answers it."""
    left: list[Headers] = []

    def send(_: Any, request: Any) -> Any:
        left.append(headers(request))
        raise EndpointConnectionError(endpoint_url=request.url)

    monkeypatch.setattr(Endpoint, "_send", send)
    return left


def leaves(client: Any) -> None:
    """Have a client call that nobody answers."""
    with pytest.raises(EndpointConnectionError):
        client.list_models()


def test_a_client_pointed_elsewhere_signs(sent: list[Headers]) -> None:
    with SageMaker(guard="off"):
        leaves(boto3.client("sagemaker", endpoint_url=NOWHERE, config=QUICK))

    assert [is_computed(one) for one in sent] == [True]


def test_a_request_that_is_sent_elsewhere_at_last_is_signed(sent: list[Headers]) -> None:
    def redirect(request: AWSRequest, **_: Any) -> None:
        request.url = f"{NOWHERE}/"

    with SageMaker(guard="off"):
        client = boto3.client("sagemaker", config=QUICK)
        client.meta.events.register("before-sign", redirect)
        leaves(client)

    assert [is_computed(one) for one in sent] == [True]


def test_a_client_that_is_let_go_signs_again(sent: list[Headers]) -> None:
    client = boto3.client("sagemaker", config=QUICK, **KEYS)
    with SageMaker():
        with SageMaker():
            client.list_models()
        client.list_models()
    leaves(client)

    assert [is_computed(one) for one in sent] == [True]


def test_other_services_sign_whoever_answers_them(world: SageMaker) -> None:
    with mock_aws():
        for service, word in (("dynamodb", "list_tables"), ("s3", "list_buckets"), ("sqs", "list_queues")):
            client = boto3.client(service)
            found = seen(client)

            getattr(client, word)()

            assert is_computed(found[0])


def test_a_presigned_address_is_signed(world: SageMaker) -> None:
    urls = [
        boto3.client("sagemaker").generate_presigned_url("list_models"),
        boto3.client("s3").generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"}),
    ]

    for url in urls:
        assert re.search("Signature=(?!0{64})", url)


# --- The user agent ---------------------------------------------------------------------------------------------------


def test_a_client_s_user_agent_is_the_same_as_ever(sent: list[Headers]) -> None:
    client = boto3.client(
        "sagemaker", config=Config(retries={"total_max_attempts": 1}, user_agent_extra="(ours)"), **KEYS
    )
    found = seen(client)
    with SageMaker():
        client.list_models()
    leaves(client)

    assert found[0]["User-Agent"] == sent[0]["User-Agent"]
