"""What the ways in for POSTed calls share: a request's body, whose call it is, and an answer with AWS's headers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from emulator.aws import errors
from emulator.aws.wire import Credential
from emulator.engine.emulator import Emulator

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]

FORM = "application/x-www-form-urlencoded"
XML = "text/xml"
XML_UNKNOWN = b"<UnknownOperationException/>\n"
LARGEST = 6 * 1024 * 1024  # bytes of a request's body; the largest input of the model is far below
OWN = "sagemaker"  # as which SageMaker's services sign, all of them

# By the prefix of a target, or by a version, for requests that nobody signed.
_TARGETS = {
    "AWSCognitoIdentityProviderService": "cognito-idp",
    "AWSCognitoIdentityService": "cognito-identity",
    "CloudApiService": "cloudcontrolapi",
}
_VERSIONS = {b"Version=2010-05-15": "cloudformation"}  # of its API, in a form


class Answer(NamedTuple):
    """What a way in answers: an HTTP status, a content type, a body."""

    status: int
    content_type: str
    body: bytes

    def send(self, start_response: StartResponse, request: str) -> Iterable[bytes]:
        """Send it as the answer to the request of an id."""
        headers = [
            ("x-amzn-RequestId", request),
            ("Content-Type", self.content_type),
            ("Content-Length", str(len(self.body))),
        ]
        start_response(_STATUS.get(self.status) or f"{self.status} Unknown", headers)
        return [self.body]


def body(environ: Environ) -> bytes:
    """Return a request's body; ServiceError if it is larger than any call."""
    size = environ.get("CONTENT_LENGTH") or "0"
    if not size.isdigit() or int(size) > LARGEST:
        raise errors.ServiceError("RequestEntityTooLargeException", errors.TOO_LARGE(limit=LARGEST), status=413)
    found: bytes = environ["wsgi.input"].read(int(size))
    return found


def service(environ: Environ) -> str:
    """Return the service that a request is for, by the name it signs with; SageMaker where nothing else is said."""
    authorization = _authorization(environ)
    signed = Credential(authorization, "", "").service
    if signed:
        return signed
    if authorization.startswith("AWS ") or "AWSAccessKeyId=" in environ["QUERY_STRING"]:
        return "s3"  # the one that still takes the older signature
    if environ["PATH_INFO"] == "/" and environ.get("CONTENT_TYPE", "").startswith(FORM):
        return _of_form(environ)
    return _TARGETS.get(environ.get("HTTP_X_AMZ_TARGET", "").partition(".")[0], OWN)


def _of_form(environ: Environ) -> str:
    """Return the service that a form is for which nobody signed."""
    try:
        said = body(environ)
    except errors.ServiceError:
        return "sts"  # which refuses it in turn
    environ["wsgi.input"] = BytesIO(said)  # for whoever answers it
    return next((name for version, name in _VERSIONS.items() if version in said), "sts")


def credential(emulator: Emulator, environ: Environ) -> Credential:
    """Return whose call a request is."""
    found = Credential(_authorization(environ), emulator.settings.account, emulator.settings.region)
    if emulator.neighbours is not None and found.key != found.account:
        known = emulator.neighbours.identity(found.key)
        found.account = known.account if known else found.account
    return found


def _authorization(environ: Environ) -> str:
    """Return how a request is signed: in its header, or in the address of a presigned one."""
    authorization: str = environ.get("HTTP_AUTHORIZATION", "")
    if authorization or "X-Amz-Credential=" not in environ["QUERY_STRING"]:
        return authorization
    return "Credential=" + "".join(parse_qs(environ["QUERY_STRING"])["X-Amz-Credential"])


_STATUS: Mapping[int, str] = {one.value: f"{one.value} {one.phrase}" for one in HTTPStatus}
