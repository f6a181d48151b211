"""AWS's JSON 1.1 protocol: bytes to a call, an answer or an error to bytes.

The facts are those of Coral, the framework in front of SageMaker: bare ``__type``, status 400, an empty body where the
operation has no output, times as numbers with three decimals at most.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

from emulator.aws import errors, jsontext
from emulator.aws.call import Call
from emulator.aws.model import ServiceModel

CONTENT_TYPE = "application/x-amz-json-1.1"
_CONTENT_TYPES = frozenset({CONTENT_TYPE, "application/json"})
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([a-z0-9-]{1,64})/([a-z0-9-]+)/aws4_request")
_END = "/aws4_request"
_ACCOUNT = re.compile(r"\d{12}")
_FRACTION = re.compile(r"\.(\d+)")  # Python 3.10 reads three or six digits of it only


class Credential:
    """Whose call it is: account and region from the SigV4 credential scope, else the defaults."""

    __slots__ = ("account", "key", "region", "service")

    def __init__(self, authorization: str, account: str, region: str) -> None:
        begin = authorization.find("Credential=")
        scope = authorization[begin : authorization.find(_END, begin) + len(_END)] if begin >= 0 else ""
        self.key, own, signed, self.service = _scope(scope)
        self.account, self.region = own or account, signed or region


@lru_cache(256)
def _scope(text: str) -> tuple[str, str, str, str]:
    """Return the key of a credential scope, the account that the key is, if it is one, the region and the service."""
    found = _CREDENTIAL.match(text)
    key, region, service = found.groups() if found else ("", "", "")
    return key, key if _ACCOUNT.fullmatch(key) else "", region, service


def reads(content_type: str) -> bool:
    """Say whether the service reads bodies of this content type (its parameters do not matter)."""
    return content_type in _CONTENT_TYPES or content_type.partition(";")[0].strip().lower() in _CONTENT_TYPES


def decode(model: ServiceModel, target: str, credential: Credential, body: bytes) -> Call:
    """Return the call that a request makes; ServiceError if it is none of this model's, or cannot be read."""
    operation = model.targets.get(target)
    if operation is None:
        raise errors.UNKNOWN_OPERATION
    try:
        params = jsontext.read(body)
    except ValueError:
        raise errors.UNREADABLE from None
    if params.__class__ is list:
        raise errors.serialization(errors.LIST_UNEXPECTED())
    deep = body.count(b"{") + body.count(b"[") > jsontext.DEEPEST and jsontext.deeper(params)
    if params.__class__ is not dict or deep:
        raise errors.UNREADABLE
    return Call(operation, params, credential.account, credential.region, credential.key, body)


def encode(answer: dict[str, Any] | None) -> bytes:
    """Return the body of an answer: no byte where the operation has no output."""
    return b"" if answer is None else jsontext.write(answer)


def whole(parts: Iterable[bytes]) -> bytes:
    """Return all of a WSGI answer, and let it go, as WSGI asks of whoever reads one."""
    try:
        return b"".join(parts)
    finally:
        close: Callable[[], object] | None = getattr(parts, "close", None)
        if close is not None:
            close()


def encode_error(model: ServiceModel, error: errors.ServiceError) -> bytes:
    """Return the body of an error: modelled ones carry ``Message``, those of the framework ``message``."""
    body = {"__type": error.code}
    if error.message is not None:
        body["Message" if error.code in model.modelled_errors else "message"] = error.message
    return jsontext.write(body)


def timestamp(seconds: float) -> float:
    """Return a time as the wire carries it: seconds since 1970 with three decimals at most, whole where it is whole."""
    thousandths = round(seconds * 1000)
    return thousandths / 1000 if thousandths % 1000 else thousandths // 1000


def moment(text: str) -> float:
    """Return the seconds since 1970 that an ISO 8601 text says, in UTC where it has no zone; ValueError if none."""
    whole = _FRACTION.sub(lambda found: f".{found[1][:6]:0<6}", text.replace("Z", "+00:00"))
    said = datetime.fromisoformat(whole)
    return (said if said.tzinfo else said.replace(tzinfo=timezone.utc)).timestamp()
