"""Cloud Control on the same port: AWS's JSON 1.0 protocol, told from SageMaker's by its target.

A query string, which some clients send along, says nothing that the target does not.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import cache
from typing import Any

from emulator.aws import errors, model, wire
from emulator.aws.errors import DroppedError, ServiceError
from emulator.aws.validation import Validator
from emulator.cloudcontrol.operations import OPERATIONS
from emulator.companions.types import supply
from emulator.engine.emulator import Emulator
from emulator.interfaces import way
from emulator.interfaces.way import Answer, Environ, StartResponse, Wsgi
from emulator.registry.handler import Caller

SERVICE = "cloudcontrol"
CONTENT_TYPE = "application/x-amz-json-1.0"
_OWN, _FRONT = "com.amazon.cloudapiservice#", "com.amazon.coral.service#"

log = logging.getLogger(__name__)


def way_in(emulator: Emulator) -> Wsgi:
    """Return Cloud Control's way in."""
    emulator.beside(supply)

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        request = emulator.chance.uuid()
        try:
            status, said = _answered(emulator, environ)
        except DroppedError:
            raise  # the server closes the connection
        except Exception:
            log.exception("request %s", request)
            failure = ServiceError("InternalFailure", errors.INTERNAL(request=request), status=500)
            status, said = _refused(failure)
        return Answer(status, CONTENT_TYPE, wire.encode(said)).send(start_response, request)

    return answer


def _answered(emulator: Emulator, environ: Environ) -> tuple[int, dict[str, Any]]:
    service = model.load(SERVICE)
    try:
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        call = wire.decode(service, target, way.credential(emulator, environ), way.body(environ))
        call = call._replace(params=_validator().accept(service.input(call.operation), call.params))
        emulator.meet(call)
        caller = Caller(call.account, call.region, call.caller)
        return 200, OPERATIONS[call.operation](emulator, caller, call.params)
    except ServiceError as error:
        return _refused(error)
    except RecursionError:  # a model within a model within a model, deeper than anyone means it
        return _refused(errors.UNREADABLE)


def _refused(error: ServiceError) -> tuple[int, dict[str, Any]]:
    """Return the answer to what is refused: errors of the model are the service's, others those of the front."""
    service = model.load(SERVICE)
    said = {"__type": (_OWN if error.code in service.modelled_errors else _FRONT) + error.code}
    if error.message is not None:
        said["Message"] = error.message
    return service.statuses.get(error.code, error.status), said


@cache
def _validator() -> Validator:
    return Validator(model.load(SERVICE))
