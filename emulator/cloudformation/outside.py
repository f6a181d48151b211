"""What a stack looks up beyond itself: exports of other stacks, the parameter store, secrets, templates at a URL.

All but the exports are other services', asked as a client would ask them: by requests.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

from emulator.aws import wire
from emulator.aws.wire import Credential
from emulator.cloudformation import errors, sentences
from emulator.cloudformation.asked import Asked
from emulator.cloudformation.sentences import TemplateError
from emulator.cloudformation.stacks import Stack, Stacks
from emulator.companions.errors import NotServedError
from emulator.companions.services import Companions

# A bucket before the host, and one that is the first step of the path.
_VIRTUAL = re.compile(r"(?P<bucket>[^/]+?)\.s3[.-][^/]*")
_SIGNED = "AWS4-HMAC-SHA256 Credential={account}/20000101/{region}/{service}/aws4_request"
_LARGEST = 1024 * 1024  # bytes of a template at a URL


class Services(Protocol):
    """Who answers requests for other services."""

    def answer(
        self, service: str, caller: Credential, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer a request; NotServedError if nobody can."""


class Answered(NamedTuple):
    """What a service has answered."""

    status: int
    body: bytes


class Beyond:
    """The outside of one stack."""

    def __init__(self, asked: Asked, stacks: Stacks, stack: Stack) -> None:
        self._asked = asked
        self._stacks = stacks
        self._stack = stack

    def imported(self, export: str) -> Any:
        """Return what another stack exports under a name."""
        exporter = self._stacks.exporter(export, but=self._stack.id)
        if exporter is None:
            raise TemplateError(sentences.NO_EXPORT(name=export))
        return exporter[1]

    def parameter(self, name: str, version: str | None, *, secure: bool = False) -> str:
        """Return a parameter of the parameter store, the latest where no version is given."""
        said = {"Name": name if version is None else f"{name}:{version}", "WithDecryption": secure}
        found = self._called("ssm", "AmazonSSM.GetParameter", said, name)
        value: str = found["Parameter"]["Value"]
        return value

    def secret(self, name: str, stage: str | None, version: str | None) -> str:
        """Return the text of a secret."""
        said = {"SecretId": name, "VersionStage": stage, "VersionId": version}
        said = {member: one for member, one in said.items() if one is not None}
        found = self._called("secretsmanager", "secretsmanager.GetSecretValue", said, name)
        value: str = found.get("SecretString", "")
        return value

    def _called(self, service: str, call: str, said: dict[str, Any], name: str) -> dict[str, Any]:
        body = json.dumps(said).encode()
        more = {"HTTP_X_AMZ_TARGET": call, "CONTENT_TYPE": "application/x-amz-json-1.1"}
        answered = _ask(self._asked, service, "POST", "/", body, more)
        if answered is None or answered.status != 200:
            raise TemplateError(sentences.NO_STORE(name=name))
        found: dict[str, Any] = json.loads(answered.body)
        return found


def fetch(asked: Asked, url: str) -> str:
    """Return the template at a URL of S3, wherever that is said to be; ServiceError if there is none."""
    parts = urlsplit(url)
    virtual = _VIRTUAL.fullmatch(parts.hostname or "")
    bucket = virtual["bucket"] if virtual else parts.netloc if parts.scheme == "s3" else ""
    path = f"/{bucket}{parts.path}" if bucket else parts.path
    answered = _ask(asked, "s3", "GET", path)
    if answered is None or answered.status != 200:
        raise errors.NO_TEMPLATE_THERE.error(url=url)
    if len(answered.body) > _LARGEST:
        raise errors.TEMPLATE_TOO_LARGE.error(limit=_LARGEST)
    return answered.body.decode("utf-8", "replace")


def _ask(
    asked: Asked, service: str, method: str, path: str, body: bytes = b"", more: dict[str, str] | None = None
) -> Answered | None:
    """Ask another service as a client would; None if nobody serves it."""
    caller = asked.caller
    host, _, port = urlsplit(asked.url or "http://localhost").netloc.partition(":")
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path),
        "REQUEST_URI": path,
        "QUERY_STRING": "",
        "SERVER_NAME": host,
        "SERVER_PORT": port or "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "HTTP_AUTHORIZATION": _SIGNED.format(account=caller.account, region=caller.region, service=service),
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **(more or {}),
    }
    statuses: list[str] = []
    services: Services = asked.emulator.beside(Companions)
    try:
        said = services.answer(
            service, Credential("", caller.account, caller.region), environ, lambda status, *_: statuses.append(status)
        )
        whole = wire.whole(said)
    except NotServedError:
        return None
    return Answered(int(statuses[0].split(" ", 1)[0]), whole)
