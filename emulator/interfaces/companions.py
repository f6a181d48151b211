"""The way in for AWS's other services: to the companions, or an error in the protocol of the service that was asked.

What nobody serves is refused with a status that no SDK retries.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from xml.sax.saxutils import escape

from emulator.companions.errors import NotServedError
from emulator.companions.services import Companions
from emulator.engine.emulator import Emulator
from emulator.interfaces import way
from emulator.interfaces.way import Answer, Environ, StartResponse, Wsgi

CODE = "NotImplemented"
STATUS = 501  # of the 5xx the one that is not tried again

_QUERY = "<ErrorResponse><Error><Type>Receiver</Type>{error}</Error><RequestId>{request}</RequestId></ErrorResponse>"
_EC2 = "<Response><Errors><Error>{error}</Error></Errors><RequestID>{request}</RequestID></Response>"
_S3 = "<Error>{error}<RequestId>{request}</RequestId></Error>"
_ERROR = "<Code>{code}</Code><Message>{message}</Message>"


def way_in(emulator: Emulator) -> Wsgi:
    """Return the way in to all services that have none of their own."""
    companions = emulator.beside(Companions)

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        service, credential = way.service(environ), way.credential(emulator, environ)
        if service == way.OWN:
            service = "s3"  # what nobody signed, and none of our routes: S3 alone answers everybody
        try:
            return companions.answer(service, credential, environ, start_response)
        except NotServedError as error:
            request = emulator.chance.uuid()
            return _refusal(environ, service, str(error), request).send(start_response, request)

    return answer


def _refusal(environ: Environ, service: str, message: str, request: str) -> Answer:
    """Return a refusal as the clients of a service read it."""
    if service == "s3":
        form = _S3
    elif service == "ec2":
        form = _EC2
    elif environ.get("CONTENT_TYPE", "").startswith(way.FORM):
        form = _QUERY
    else:
        content_type = environ.get("CONTENT_TYPE") or "application/json"
        return Answer(STATUS, content_type, json.dumps({"__type": CODE, "message": message}).encode())
    text = form.format(error=_ERROR.format(code=CODE, message=escape(message)), request=request)
    return Answer(STATUS, way.XML, b"" if environ["REQUEST_METHOD"] == "HEAD" else text.encode())
