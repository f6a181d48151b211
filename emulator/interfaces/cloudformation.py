"""CloudFormation on the same port: AWS's Query protocol, forms to XML."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import cache
from typing import Any

from emulator.aws import errors, model, query
from emulator.aws.call import Call
from emulator.aws.errors import DroppedError, ServiceError
from emulator.aws.validation import Validator
from emulator.aws.wire import Credential
from emulator.cloudformation.asked import Asked
from emulator.cloudformation.operations import OPERATIONS
from emulator.companions.types import supply
from emulator.engine.emulator import Emulator
from emulator.interfaces import way
from emulator.interfaces.way import Answer, Environ, StartResponse, Wsgi
from emulator.registry.handler import Caller

SERVICE = "cloudformation"
INVALID = "ValidationError"

log = logging.getLogger(__name__)


def way_in(emulator: Emulator) -> Wsgi:
    """Return CloudFormation's way in."""
    emulator.beside(supply)

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        request = emulator.chance.uuid()
        try:
            status, body = _answered(emulator, environ, request)
        except DroppedError:
            raise  # the server closes the connection
        except Exception:
            log.exception("request %s", request)
            failure = ServiceError("InternalFailure", errors.INTERNAL(request=request), status=500)
            status, body = _refused(failure, request)
        return Answer(status, query.CONTENT_TYPE, body).send(start_response, request)

    return answer


def _answered(emulator: Emulator, environ: Environ, request: str) -> tuple[int, bytes]:
    service = model.load(SERVICE)
    try:
        said = query.fields(way.body(environ) or environ["QUERY_STRING"].encode())
        operation, params = query.decode(service, said)
        answered = _act(emulator, operation, params, way.credential(emulator, environ), _url(environ))
        return 200, query.encode(service, operation, answered, request)
    except ServiceError as error:
        return _refused(error, request)


def _act(
    emulator: Emulator, operation: str, params: dict[str, Any], here: Credential, url: str
) -> dict[str, Any] | None:
    accepted = _validator().accept(model.load(SERVICE).input(operation), params)
    emulator.meet(Call(operation, accepted, here.account, here.region, here.key))
    if operation not in OPERATIONS:
        raise ServiceError("NotImplemented", errors.NOT_ANSWERED(operation=operation, service="CloudFormation"), 501)
    return OPERATIONS[operation](Asked(emulator, Caller(here.account, here.region, here.key), url), accepted)


def _refused(error: ServiceError, request: str) -> tuple[int, bytes]:
    """Return the answer to what is refused: with the status that the model gives the code, if it gives one."""
    service = model.load(SERVICE)
    code = INVALID if error.code == errors.VALIDATION else error.code
    status = service.statuses.get(code, error.status)
    return status, query.encode_error(service, ServiceError(code, error.message, status), request)


def _url(environ: Environ) -> str:
    """Return where the client sees this server."""
    return f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}"


@cache
def _validator() -> Validator:
    return Validator(model.load(SERVICE))
