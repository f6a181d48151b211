"""The Flask application: one short path for AWS calls, ordinary routes for the emulator's own.

An AWS call is recognised by being sent to ``/`` by POST. It is answered before Flask makes a request context of it,
which would cost more than the call itself; everything else is plain Flask.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from importlib import import_module
from typing import Any

from flask import Flask, Response

from emulator.aws import errors, wire
from emulator.aws.errors import DroppedError
from emulator.aws.wire import Credential
from emulator.engine.emulator import Emulator
from emulator.interfaces import sts

log = logging.getLogger(__name__)

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]

BLUEPRINTS = ("routes", "runtime", "featurestore", "chaos", "metrics")  # the modules that make ordinary routes
LARGEST = 6 * 1024 * 1024  # bytes of a request's body; the largest input of the model is far below
XML_UNKNOWN = b"<UnknownOperationException/>\n"
FORM = "application/x-www-form-urlencoded"


class Application(Flask):
    """The emulator as a WSGI application, for any server and for Flask's own test client."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__("emulator")
        self.emulator = emulator
        self._routing = threading.Lock()
        self._routed = False

    def routed(self) -> Application:
        """Return the application with its ordinary routes, which are made when the first is asked for."""
        with self._routing:
            for name in () if self._routed else BLUEPRINTS:
                self.register_blueprint(import_module(f"emulator.interfaces.{name}").blueprint(self.emulator))
            self._routed = True
        return self

    def wsgi_app(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer an AWS call, or pass everything else on to Flask."""
        if environ["PATH_INFO"] != "/" or environ["REQUEST_METHOD"] != "POST":
            if not self._routed:
                self.routed()
            return super().wsgi_app(environ, start_response)  # type: ignore[arg-type] # the same, written wider
        request = self.emulator.chance.uuid()
        try:
            status, content_type, body = self._call(environ, request)
        except DroppedError:
            raise  # the server closes the connection
        except Exception:
            log.exception("request %s", request)
            failure = errors.ServiceError("InternalFailure", errors.INTERNAL(request=request), status=500)
            status, content_type, body = self._refusal(failure)
        headers = [
            ("x-amzn-RequestId", request),
            ("Content-Type", content_type),
            ("Content-Length", str(len(body))),
        ]
        start_response(_STATUS[status], headers)
        return [body]

    def handle_exception(self, error: Exception) -> Response:
        """Answer what went wrong, unless the connection is to be closed without an answer."""
        if isinstance(error, DroppedError):
            raise error
        return super().handle_exception(error)

    def _call(self, environ: Environ, request: str) -> tuple[int, str, bytes]:
        content_type = environ.get("CONTENT_TYPE", "")
        settings = self.emulator.settings
        credential = Credential(environ.get("HTTP_AUTHORIZATION", ""), settings.account, settings.region)
        try:
            body = _body(environ)
            if content_type.startswith(FORM):
                return (
                    200 if (found := sts.answer(body, credential, request)) else 404,
                    sts.CONTENT_TYPE,
                    found or XML_UNKNOWN,
                )
            if not wire.reads(content_type):
                return 404, sts.CONTENT_TYPE, XML_UNKNOWN
            call = wire.decode(self.emulator.model, environ.get("HTTP_X_AMZ_TARGET", ""), credential, body)
            return 200, wire.CONTENT_TYPE, wire.encode(self.emulator.answer(call))
        except errors.ServiceError as error:
            return self._refusal(error)

    def _refusal(self, error: errors.ServiceError) -> tuple[int, str, bytes]:
        return error.status, wire.CONTENT_TYPE, wire.encode_error(self.emulator.model, error)


def create_app(emulator: Emulator) -> Application:
    """Return the application that answers for an emulator."""
    return Application(emulator)


def _body(environ: Environ) -> bytes:
    """Return a request's body; ServiceError if it is larger than any call."""
    size = environ.get("CONTENT_LENGTH") or "0"
    if not size.isdigit() or int(size) > LARGEST:
        raise errors.ServiceError("RequestEntityTooLargeException", errors.TOO_LARGE(limit=LARGEST), status=413)
    body: bytes = environ["wsgi.input"].read(int(size))
    return body


_STATUS: Mapping[int, str] = {one.value: f"{one.value} {one.phrase}" for one in HTTPStatus}
