"""Calls without a client in between: what goes over the wire is exactly what the test says."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from tests.conftest import ACCOUNT, REGION

_AUTHORIZATION = (
    f"AWS4-HMAC-SHA256 Credential={ACCOUNT}/20240101/{REGION}/sagemaker/aws4_request, SignedHeaders=host, Signature=0"
)


class Reply(NamedTuple):
    """What came back: the status, and the body read as JSON (None where it was empty)."""

    status: int
    body: Any

    @property
    def code(self) -> str | None:
        """The error's code; None if the call was answered."""
        return self.body["__type"] if self.status != 200 else None

    @property
    def message(self) -> str:
        """The error's message."""
        return str(self.body.get("Message") or self.body.get("message"))


Send = Callable[[str, dict[str, Any]], Reply]


@pytest.fixture(scope="session")
def connection(served: tuple[Any, str]) -> Iterator[http.client.HTTPConnection]:
    """One connection for all tests: most of the time goes into opening them."""
    connection = http.client.HTTPConnection(urlsplit(served[1]).netloc, timeout=30)
    yield connection
    connection.close()


@pytest.fixture
def send(connection: http.client.HTTPConnection, url: str) -> Send:
    """Return a function that sends an operation's input over the socket and returns what came back."""

    def call(operation: str, params: dict[str, Any]) -> Reply:
        headers = {
            "X-Amz-Target": f"SageMaker.{operation}",
            "Content-Type": "application/x-amz-json-1.1",
            "Authorization": _AUTHORIZATION,
        }
        connection.request("POST", "/", json.dumps(params), headers)
        response = connection.getresponse()
        body = response.read()
        return Reply(response.status, json.loads(body) if body else None)

    return call
