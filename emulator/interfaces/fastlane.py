"""The fast lane for botocore's clients of this very process: no request is made, signed, sent or parsed.

botocore asks its ``before-call`` handlers for an answer before it makes a request of what it has serialised. The lane
reads that, has the call answered, and returns what botocore would have parsed from the wire, by the client's own model.
It takes calls of SageMaker's control plane to which nothing happens on their way; all others go by the wire.
"""

from __future__ import annotations

import time
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from botocore.awsrequest import AWSResponse
from botocore.compat import get_tzinfo_options
from botocore.parsers import create_parser
from botocore.utils import parse_timestamp

from emulator.aws import wire
from emulator.aws.errors import ServiceError
from emulator.aws.wire import Credential
from emulator.engine.emulator import Emulator
from emulator.interfaces.way import LARGEST

Parsed = dict[str, Any]
Answered = tuple[AWSResponse, Parsed]
Reader = Callable[[Any], Any]

_PARSER = create_parser("json")
_SCOPE = "Credential={key}/20000101/{region}/sagemaker/aws4_request"


class FastLane:
    """The lane to one emulator."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def __call__(self, model: Any, params: Mapping[str, Any], signer: Any, config: Any) -> Answered | None:
        """Return the answer to a call of an operation's model; None if it is to go by the wire."""
        emulator, target, body = self._emulator, params["headers"].get("X-Amz-Target"), params["body"]
        credentials = signer._credentials  # noqa: SLF001 - the signer would only sign with them
        if (
            emulator.asked is not None  # what was asked for happens to requests, and is tried again as they are
            or target is None
            or credentials is None
            or signer.signature_version != "v4"
            or len(body) > LARGEST
        ):
            return None
        settings = emulator.settings
        key = credentials.get_frozen_credentials().access_key
        credential = _credential(key, signer.region_name, settings.account, settings.region)
        request = emulator.chance.uuid()
        try:
            answer = emulator.answer(wire.decode(emulator.model, target, credential, body))
        except ServiceError as error:
            status, parsed = error.status, _refusal(model, error.status, wire.encode_error(emulator.model, error))
        except Exception:  # noqa: BLE001 - a failure of ours, which clients try again by the wire
            return None
        else:
            status, parsed = 200, reader(model)(answer) if answer else {}
        parsed["ResponseMetadata"] = {
            "RequestId": request,
            "HTTPStatusCode": status,
            "HTTPHeaders": {"x-amzn-requestid": request, "content-type": wire.CONTENT_TYPE},
            "RetryAttempts": 0,
        }
        if config.retries.get("total_max_attempts") == 1:  # who tries no call again is told so of each
            parsed["ResponseMetadata"]["MaxAttemptsReached"] = True
        return AWSResponse(params["url"], status, {}, None), parsed


def reader(model: Any) -> Reader:
    """Return what reads the answers of an operation as botocore would, had they come over the wire."""
    if model not in _readers:
        _readers[model] = _reader(model.output_shape, {}) or dict
    return _readers[model]


_readers: WeakKeyDictionary[Any, Reader] = WeakKeyDictionary()


@lru_cache(256)
def _credential(key: str, region: str, account: str, default: str) -> Credential:
    """Return whose call it is, as a signature with this key and for this region would say."""
    return Credential(_SCOPE.format(key=key, region=region), account, default)


def _refusal(model: Any, status: int, body: bytes) -> Parsed:
    """Return what botocore makes of an error."""
    response = {"status_code": status, "headers": {}, "body": body}
    parsed: Parsed = _PARSER.parse(response, model.output_shape)
    shape = model.service_model.shape_for_error_code(parsed["Error"]["Code"])
    return parsed | (_PARSER.parse(response, shape) if shape is not None else {})


# --- Reading along a model of botocore's ------------------------------------------------------------------------------


def _reader(shape: Any, known: dict[str, Reader]) -> Reader | None:
    """Return what reads a value of a shape; None where it stays as it is."""
    if shape is None:
        return None
    if shape.type_name == "structure":
        if shape.name not in known:
            _structure(shape, known)
        return known[shape.name]
    if shape.type_name == "list":
        return _list(_reader(shape.member, known))
    if shape.type_name == "map":
        return _map(_reader(shape.value, known))
    return _SCALARS.get(shape.type_name)


def _structure(shape: Any, known: dict[str, Reader]) -> None:
    members: list[tuple[str, str, Reader | None]] = []

    def read(value: Mapping[str, Any]) -> Parsed:
        parsed = {}
        for name, said, inner in members:
            of = value.get(said)
            if of is not None:
                parsed[name] = of if inner is None else inner(of)
        return parsed

    def rare(value: Parsed) -> Parsed:
        parsed: Parsed = _PARSER.parse({"status_code": 200, "headers": {}, "body": wire.encode(value)}, shape)
        del parsed["ResponseMetadata"]
        return parsed

    known[shape.name] = rare if shape.is_tagged_union or shape.is_document_type else read  # before its members: these
    members += [  # may hold it
        (name, inner.serialization.get("name", name), _reader(inner, known)) for name, inner in shape.members.items()
    ]


def _moment(value: Any) -> Any:
    """Return the time that botocore would; where clocks are never changed, its offset needs no looking up."""
    if time.daylight or not isinstance(value, (int, float)):
        return parse_timestamp(value)
    offset, local = _zone(time.timezone, time.tzname)
    return datetime.fromtimestamp(value, offset).replace(tzinfo=local)


@lru_cache(1)
def _zone(west: int, _: tuple[str, str]) -> tuple[tzinfo, tzinfo]:
    """Return the zone of this machine, so many seconds west, as an offset and as botocore has it."""
    return timezone(timedelta(seconds=-west)), get_tzinfo_options()[0]()


def _list(inner: Reader | None) -> Reader:
    if inner is None:
        return list
    return lambda value: [None if one is None else inner(one) for one in value]


def _map(inner: Reader | None) -> Reader:
    if inner is None:
        return dict
    return lambda value: {name: inner(of) for name, of in value.items()}


_SCALARS: Mapping[str, Reader] = {"timestamp": _moment, "blob": b64decode}
