"""HTTP without an SDK: what was sent is what the test wrote, what came back is kept as it came."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Mapping
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import urlsplit

JSON = "application/x-amz-json-1.1"
FORM = "application/x-www-form-urlencoded"
PATIENCE = 10.0  # seconds until a silent server counts as hung


class Reply(NamedTuple):
    """A response: its headers by their names in lower case, its body as bytes."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def authorization(key: str, region: str, service: str = "sagemaker") -> str:
    """Return the header of a signed request; nobody checks the signature."""
    scope = f"{key}/20231114/{region}/{service}/aws4_request"
    return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date;x-amz-target, Signature={'0' * 64}"


def headers_of(
    target: str | None = None, *, content_type: str | None = JSON, signed: tuple[str, str] | None = None
) -> dict[str, str]:
    """Return the headers of a call; ``signed`` is the key id and the region of the credential scope."""
    headers = {"X-Amz-Target": target, "Content-Type": content_type}
    if signed:
        headers["Authorization"] = authorization(*signed)
    return {name: value for name, value in headers.items() if value is not None}


def head(headers: Mapping[str, str], *, first: str = "POST / HTTP/1.1") -> bytes:
    """Return everything of a request before its body."""
    lines = [first, "Host: localhost", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def request(operation: str, body: bytes = b"{}", *, first: str = "POST / HTTP/1.1", **more: str) -> bytes:
    """Return the bytes of a whole call."""
    headers = headers_of(f"SageMaker.{operation}") | more
    return head(headers | {"Content-Length": str(len(body))}, first=first) + body


class Wire:
    """A way to the server."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.address = (parts.hostname or "", parts.port or 0)

    def connection(self) -> http.client.HTTPConnection:
        """Return a connection that stays open for many requests."""
        return http.client.HTTPConnection(*self.address, timeout=PATIENCE)

    def socket(self) -> socket.socket:
        """Return a bare connection."""
        return socket.create_connection(self.address, timeout=PATIENCE)

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Send one request on a connection of its own."""
        connection = self.connection()
        try:
            return ask(connection, method, path, body, headers)
        finally:
            connection.close()

    def post(self, target: str | None, body: bytes, **how: Any) -> Reply:
        """Send bytes as a call; ``how`` is that of ``headers_of``."""
        return self.send("POST", "/", body, headers_of(target, **how))

    def call(self, operation: str, params: Mapping[str, Any] | None = None, **how: Any) -> Reply:
        """Call an operation."""
        return self.post(f"SageMaker.{operation}", json.dumps(params or {}).encode(), **how)

    def done(self, operation: str, **params: Any) -> Any:
        """Call an operation that must succeed and return its output."""
        reply = self.call(operation, params)
        assert reply.status == 200, reply
        return reply.json if reply.body else None

    def alive(self) -> bool:
        """Say whether the server still answers."""
        return self.send("GET", "/_emulator/health").json["status"] == "ok"


def ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Send one request on a connection and read the whole response."""
    connection.request(method, path, body, dict(headers or {}))
    response = connection.getresponse()
    return Reply(response.status, _lowered(response.headers), response.read())


def replies(sock: socket.socket, count: int) -> list[Reply]:
    """Return the next responses on a bare connection."""
    with sock.makefile("rb") as stream:
        return [_reply(stream) for _ in range(count)]


def _reply(stream: BinaryIO) -> Reply:
    status = int(stream.readline().split()[1])
    headers = _lowered(http.client.parse_headers(stream))
    return Reply(status, headers, stream.read(int(headers["content-length"])))


def _lowered(headers: http.client.HTTPMessage) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
