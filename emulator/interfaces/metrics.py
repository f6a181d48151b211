"""The metrics data plane on the same port: measurements of trial components, by paths and methods."""

from __future__ import annotations

import json
from functools import cache, partial
from importlib import import_module
from typing import Any

from flask import Blueprint, Response, request

from emulator.aws import errors, model
from emulator.aws.call import Call
from emulator.aws.errors import ServiceError
from emulator.aws.validation import Validator
from emulator.engine.emulator import Emulator
from emulator.engine.scope import Act
from emulator.interfaces import way

SERVICE = "sagemaker-metrics"
TOPIC = "emulator.sagemaker.operations.metrics"  # loaded when it is first needed, as all topics are
JSON = "application/json"


def blueprint(emulator: Emulator) -> Blueprint:
    """Return the routes of one emulator's metrics."""
    routes = Blueprint("metrics", __name__)
    for method, operation in (("PUT", "BatchPutMetrics"), ("POST", "BatchGetMetrics")):
        routes.add_url_rule(f"/{operation}", operation, partial(answer, emulator, operation), methods=[method])
    return routes


def answer(emulator: Emulator, operation: str) -> Response:
    """Answer one call, or say in the way of its protocol what it refuses."""
    try:
        response = Response(json.dumps(_answered(emulator, operation)), content_type=JSON)
    except ServiceError as error:
        response = Response(json.dumps({"message": error.message}), error.status, content_type=JSON)
        response.headers["x-amzn-ErrorType"] = error.code
    response.headers["x-amzn-RequestId"] = emulator.chance.uuid()
    return response


def _answered(emulator: Emulator, operation: str) -> dict[str, Any] | None:
    params = _validator().accept(model.load(SERVICE).input(operation), _params())
    here = way.credential(emulator, request.environ)
    emulator.meet(Call(operation, params, here.account, here.region, here.key))
    with emulator.at(here.account, here.region) as scope:
        act: Act = import_module(TOPIC).OPERATIONS[operation]
        return act(scope, params)


def _params() -> dict[str, Any]:
    try:
        body = json.loads(request.get_data() or b"{}")  # NaN too, as boto3 writes it: the metric is refused, not all
    except (ValueError, RecursionError):
        raise errors.UNREADABLE from None
    if not isinstance(body, dict):
        raise errors.UNREADABLE
    return body


@cache
def _validator() -> Validator:
    return Validator(model.load(SERVICE))
