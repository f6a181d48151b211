"""The feature store's runtime on the same port: records of feature groups, by paths and methods.

Another protocol than the control plane's: parameters stand in the path, the query or the body, and invalid ones are a
``ValidationError``.
"""

from __future__ import annotations

import json
from functools import cache, partial
from typing import Any

from flask import Blueprint, Response, request

from emulator.aws import errors, jsontext, model
from emulator.aws.call import Call
from emulator.aws.errors import ServiceError
from emulator.aws.validation import Validator
from emulator.engine.emulator import Emulator
from emulator.interfaces import way
from emulator.sagemaker.dataplane.feature_records import INVALID, OPERATIONS

SERVICE = "sagemaker-featurestore-runtime"
JSON = "application/json"
_LISTS = {"FeatureName": "FeatureNames", "TargetStores": "TargetStores"}  # parameters of the query that may be several


def blueprint(emulator: Emulator) -> Blueprint:
    """Return the routes of one emulator's feature store."""
    routes = Blueprint("featurestore", __name__)
    for path, method, operation in (
        ("/FeatureGroup/<path:name>", "GET", "GetRecord"),
        ("/FeatureGroup/<path:name>", "PUT", "PutRecord"),
        ("/FeatureGroup/<path:name>", "DELETE", "DeleteRecord"),
        ("/FeatureGroup/<path:name>/Record", "POST", "UpdateRecord"),
        ("/FeatureGroup/<path:name>/ListRecords", "POST", "ListRecords"),
        ("/BatchGetRecord", "POST", "BatchGetRecord"),
        ("/BatchWriteRecord", "POST", "BatchWriteRecord"),
    ):
        routes.add_url_rule(path, operation, partial(answer, emulator, operation), methods=[method])
    return routes


def answer(emulator: Emulator, operation: str, name: str | None = None) -> Response:
    """Answer one call, or say in the runtime's way what it refuses."""
    try:
        said = _answered(emulator, operation, name)
        response = Response(b"" if said is None else json.dumps(said), content_type=JSON)
    except ServiceError as error:
        code = INVALID if error.code == errors.VALIDATION else error.code
        response = Response(json.dumps({"Message": error.message}), error.status, content_type=JSON)
        response.headers["x-amzn-ErrorType"] = code
    response.headers["x-amzn-RequestId"] = emulator.chance.uuid()
    return response


def _answered(emulator: Emulator, operation: str, name: str | None) -> dict[str, Any] | None:
    params = _validator().accept(model.load(SERVICE).input(operation), _params(name))
    here = way.credential(emulator, request.environ)
    emulator.meet(Call(operation, params, here.account, here.region, here.key))
    with emulator.at(here.account, here.region) as scope:
        return OPERATIONS[operation](scope, params)


def _params(name: str | None) -> dict[str, Any]:
    """Return what a request says: in its path, its query, its body."""
    params: dict[str, Any] = {} if name is None else {"FeatureGroupName": name}
    if request.method in ("GET", "DELETE"):
        for key, values in request.args.lists():
            params[_LISTS.get(key, key)] = values if key in _LISTS else values[0]
        return params
    try:
        body = jsontext.read(request.get_data() or b"{}")
    except ValueError:
        raise errors.UNREADABLE from None
    if not isinstance(body, dict):
        raise errors.UNREADABLE
    return {**body, **params}


@cache
def _validator() -> Validator:
    return Validator(model.load(SERVICE))
