from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from emulator.companions import application
from emulator.engine.emulator import Emulator
from tests.conftest import ACCOUNT, REGION

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}

Own = Callable[..., Any]
Refused = Callable[..., dict[str, Any]]


@pytest.fixture
def policies_of_aws() -> None:
    """IAM has AWS's own policies, as it has for users."""


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """IAM has none, unless a test asks for them: to read them all after each reset takes longer than most tests."""
    if "policies_of_aws" not in request.fixturenames:
        monkeypatch.setitem(application.default_user_config, "iam", {"load_aws_managed_policies": False})


@pytest.fixture(autouse=True)
def alone(emulator: Emulator) -> Iterator[None]:
    """Nothing of other services is left to other emulators of this process, with which they are shared."""
    yield
    emulator.control.reset()


@pytest.fixture
def role(connect: Callable[..., Any]) -> Callable[..., str]:
    """Return a function that makes a role, and returns its ARN."""

    def make(name: str = "SageMaker", trust: dict[str, Any] = TRUST, **where: str) -> str:
        made = connect("iam", **where).create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
        arn: str = made["Role"]["Arn"]
        return arn

    return make


@pytest.fixture
def own(url: str) -> Iterator[Own]:
    """Return a function that makes a client with keys or a configuration of its own, which is closed at the end."""
    with ExitStack() as made:

        def make(service: str, keys: dict[str, str] | None = None, **more: Any) -> Any:
            known = keys or {"AccessKeyId": ACCOUNT, "SecretAccessKey": "local"}
            client = boto3.client(
                service,
                endpoint_url=url,
                region_name=REGION,
                aws_access_key_id=known["AccessKeyId"],
                aws_secret_access_key=known["SecretAccessKey"],
                aws_session_token=known.get("SessionToken"),
                **more,
            )
            made.callback(client.close)
            return client

        yield make


@pytest.fixture
def refused() -> Refused:
    """Return a function that makes a call which is refused, and returns the whole answer."""

    def call(operation: Callable[..., Any], **params: Any) -> dict[str, Any]:
        with pytest.raises(ClientError) as error:
            operation(**params)
        return dict(error.value.response)

    return call
