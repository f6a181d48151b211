"""The Flask application: one short path for AWS calls, ordinary routes for the emulator's own.

An AWS call is recognised by being sent to ``/`` by POST. It is answered before Flask makes a request context of it,
which would cost more than the call itself; everything else is plain Flask.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from importlib import import_module

from flask import Flask, Response
from werkzeug.exceptions import HTTPException, NotFound

from emulator.aws import errors, wire
from emulator.aws.errors import DroppedError
from emulator.engine.emulator import Emulator
from emulator.interfaces import way
from emulator.interfaces.repeats import Repeats
from emulator.interfaces.told import Told
from emulator.interfaces.way import Answer, Environ, StartResponse, Wsgi

log = logging.getLogger(__name__)

BLUEPRINTS = ("routes", "runtime", "featurestore", "chaos", "metrics")  # the modules that make ordinary routes
# By the name that a service signs with: the module with its way in.
WAYS = {way.OWN: None, "cloudcontrolapi": "cloudcontrol", "cloudformation": "cloudformation", "sts": "sts"}
OTHERS = "companions"  # the module with the way in to services that have none of their own


class Application(Flask):
    """The emulator as a WSGI application, for any server and for Flask's own test client."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__("emulator", static_folder=None)
        self.emulator = emulator
        self._target = f"{emulator.model.metadata['target']}."
        self._routing = threading.Lock()
        self._routed = False
        self._ways: dict[str, Wsgi] = {}
        self._repeats = Repeats()
        self._told = Told(emulator)

    def routed(self) -> Application:
        """Return the application with its ordinary routes, which are made when the first is asked for."""
        with self._routing:
            for name in () if self._routed else BLUEPRINTS:
                self.register_blueprint(import_module(f"emulator.interfaces.{name}").blueprint(self.emulator))
            self._routed = True
        return self

    def prompt(self, target: str) -> bool:
        """Say whether a call that is POSTed to ``/`` waits for nothing: SageMaker's own, if nothing is to befall it."""
        return self.emulator.asked is None and target.startswith(self._target)

    def wsgi_app(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request; one that is POSTed to ``/`` is a call, which a client may make again."""
        if environ["PATH_INFO"] == "/" and environ["REQUEST_METHOD"] == "POST":
            return self._repeats.answer(self._called, environ, start_response)
        other = self._way(environ)
        return (other or self._asked)(environ, start_response)

    def _called(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a call of SageMaker's own, or pass it on to another service's way in."""
        other = self._way(environ)
        if other is not None:
            return other(environ, start_response)
        request = self.emulator.chance.uuid()
        try:
            answer = self._answer(environ)
        except DroppedError:
            raise  # the server closes the connection
        except Exception:
            log.exception("request %s", request)
            failure = errors.ServiceError("InternalFailure", errors.INTERNAL(request=request), status=500)
            answer = self._refusal(failure)
        return answer.send(start_response, request)

    def _asked(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer what is no call: an ordinary route's, or the companions' where there is none for it."""
        if not self._routed:
            self.routed()
        if self.emulator.neighbours is not None and not self._knows(environ):
            return self._loaded(OTHERS)(environ, start_response)
        return super().wsgi_app(environ, start_response)  # type: ignore[arg-type] # the same, written wider

    def handle_exception(self, error: Exception) -> Response:
        """Answer what went wrong, unless the connection is to be closed without an answer."""
        if isinstance(error, DroppedError):
            raise error
        return super().handle_exception(error)

    def _way(self, environ: Environ) -> Wsgi | None:
        """Return the way in of the service that a request is for; None for SageMaker's own."""
        if environ.get("HTTP_X_AMZ_TARGET", "").startswith(self._target):
            return None
        name = WAYS.get(way.service(environ), OTHERS)
        return None if name is None else self._loaded(name)

    def _loaded(self, name: str) -> Wsgi:
        """Return the way in of a module."""
        if name not in self._ways:
            module = import_module(f"emulator.interfaces.{name}")
            with self._routing:
                self._ways.setdefault(name, module.way_in(self.emulator))
        return self._ways[name]

    def _knows(self, environ: Environ) -> bool:
        """Say whether a request is signed for SageMaker, or is for one of the ordinary routes."""
        if "HTTP_AUTHORIZATION" in environ or environ["PATH_INFO"].startswith("/_"):
            return True
        try:
            self.url_map.bind_to_environ(environ).match()
        except NotFound:
            return False
        except HTTPException:  # the method is another, or a slash is missing
            return True
        return True

    def _answer(self, environ: Environ) -> Answer:
        credential = way.credential(self.emulator, environ)
        try:
            body = way.body(environ)
            if not wire.reads(environ.get("CONTENT_TYPE", "")):
                return Answer(404, way.XML, way.XML_UNKNOWN)
            return self._told.answer(environ.get("HTTP_X_AMZ_TARGET", ""), credential, body)
        except errors.ServiceError as error:
            return self._refusal(error)

    def _refusal(self, error: errors.ServiceError) -> Answer:
        return Answer(error.status, wire.CONTENT_TYPE, wire.encode_error(self.emulator.model, error))


def create_app(emulator: Emulator) -> Application:
    """Return the application that answers for an emulator."""
    return Application(emulator)
