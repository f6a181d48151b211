"""The emulator's own routes, below ``/_emulator/``, and the two that tools around it look for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from threading import BoundedSemaphore
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, HTTPException, ServiceUnavailable

from emulator import __version__
from emulator.aws import jsontext
from emulator.aws.errors import ServiceError
from emulator.companions.services import SERVED, installed
from emulator.engine.control import WORDS, Word
from emulator.engine.emulator import Emulator
from emulator.interfaces import words

Answer = dict[str, Any]
STREAMS = 4  # of the server's threads; each stream keeps one
_streams = BoundedSemaphore(STREAMS)
PACE, RESET = (next(word for word in WORDS if word.name == name) for name in ("pace", "reset"))


def blueprint(emulator: Emulator) -> Blueprint:
    """Return the routes of one emulator."""
    routes = Blueprint("emulator", __name__)
    views: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("/_emulator/health", "GET", health),
        ("/_emulator/coverage", "GET", coverage),
        ("/_emulator/events/stream", "GET", stream),
        ("/_emulator/pace", "GET", partial(control, word=PACE)),
        *((word.path, word.method, partial(control, word=word)) for word in WORDS),
        ("/_localstack/health", "GET", localstack),
        ("/moto-api/reset", "POST", reset),
    )
    for path, method, view in views:
        name = f"{method.lower()} {path.replace('.', ' ')}"
        routes.add_url_rule(path, name, partial(view, emulator), methods=[method])
    routes.app_errorhandler(HTTPException)(refuse)
    routes.app_errorhandler(ServiceError)(fail)
    return routes


def health(emulator: Emulator) -> Answer:
    """Say that it lives, which version it is, and how many operations it answers."""
    answered = emulator.catalogue.coverage().values()
    return {
        "status": "ok",
        "version": __version__,
        "operations": {"answered": sum(map(bool, answered)), "of": len(answered)},
    }


def coverage(emulator: Emulator) -> Answer:
    """List every operation and how it is answered."""
    return {name: how or "not yet" for name, how in emulator.catalogue.coverage().items()}


def reset(emulator: Emulator) -> Any:
    """Forget everything, or all of one account, one region, or both, whatever else is said."""
    said = _said(RESET)
    return _word(emulator, RESET, {name: said[name] for name in ("account", "region") if name in said})


def control(emulator: Emulator, word: Word) -> Any:
    """Say a word of the control surface."""
    said = _said(word)
    if request.method == "PUT" and not said:
        raise BadRequest(f"Expected {', '.join(word.parameters)}.")
    return _word(emulator, word, said)


def stream(emulator: Emulator) -> Response:
    """Send events as they come, as server-sent events, until the client goes; a few clients at a time."""
    if not _streams.acquire(blocking=False):
        raise ServiceUnavailable(f"No more than {STREAMS} clients follow events at a time.")
    events = emulator.control.events.follow()

    def lines() -> Iterator[bytes]:
        yield b": events\n\n"
        for event in events:  # a comment now and then shows whether the client is still there
            yield b": \n\n" if event is None else f"id: {event['id']}\ndata: {json.dumps(event)}\n\n".encode()

    response = Response(lines(), mimetype="text/event-stream", headers={"Cache-Control": "no-store"})
    response.call_on_close(_streams.release)
    return response


def localstack(_: Emulator) -> Answer:
    """Say what tools ask a LocalStack when they wait for it."""
    services = ("cloudcontrol", "cloudformation", "sagemaker", "sts", *(SERVED if installed() else ()))
    return {"services": dict.fromkeys(sorted(services), "available"), "version": __version__}


def refuse(error: HTTPException) -> tuple[Answer, int]:
    """Say in JSON what is wrong with a request."""
    return {"message": error.description}, error.code or 500


def fail(error: ServiceError) -> tuple[Answer, int]:
    """Say in JSON why something cannot be done."""
    return {"message": error.message}, error.status


def _word(emulator: Emulator, word: Word, said: Answer) -> Any:
    try:
        answer = words.say(emulator.control, word, said, as_text=not request.content_length)
    except ValueError as error:
        raise BadRequest(str(error)) from error
    return Response(answer, mimetype="text/plain") if isinstance(answer, str) else answer


def _said(word: Word) -> dict[str, Any]:
    """Return what a request says: its query, its body if that is a JSON object, or the file that is its body."""
    if not request.content_length:
        return dict(request.args)
    try:
        said = jsontext.read(request.get_data())
    except ValueError:
        said = None
    if word.files and not (isinstance(said, dict) and set(said) == set(word.files)):
        return dict.fromkeys(word.files, request.get_data(as_text=True))
    if not isinstance(said, dict):
        raise BadRequest("Expected a JSON object.")
    return said
