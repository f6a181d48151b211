"""The emulator's own routes, below ``/_emulator/``, and the two that tools around it look for."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, request
from werkzeug.exceptions import BadRequest, HTTPException

from emulator import __version__
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace

Answer = dict[str, Any]


def blueprint(emulator: Emulator) -> Blueprint:
    """Return the routes of one emulator."""
    routes = Blueprint("emulator", __name__)
    for path, method, view in (
        ("/_emulator/health", "GET", health),
        ("/_emulator/coverage", "GET", coverage),
        ("/_emulator/reset", "POST", reset),
        ("/_emulator/pace", "GET", pace),
        ("/_emulator/pace", "PUT", set_pace),
        ("/_emulator/step", "POST", step),
        ("/_localstack/health", "GET", localstack),
        ("/moto-api/reset", "POST", reset),
    ):
        name = f"{method.lower()} {path.replace('.', ' ')}"
        routes.add_url_rule(path, name, partial(view, emulator), methods=[method])
    routes.app_errorhandler(HTTPException)(refuse)
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


def reset(emulator: Emulator) -> Answer:
    """Forget everything, or all of one account, one region, or both."""
    emulator.store.reset(*_place())
    return {"status": "reset"}


def pace(emulator: Emulator) -> Answer:
    """Say how statuses move."""
    return {"pace": emulator.settings.pace.name, "speed": emulator.settings.pace.speed}


def set_pace(emulator: Emulator) -> Answer:
    """Choose how statuses move from now on."""
    said = _said()
    name, speed = said.get("pace"), said.get("speed", 1.0)
    if name not in Pace.NAMES or isinstance(speed, bool) or not isinstance(speed, (int, float)) or speed <= 0:
        raise BadRequest(f'Expected {{"pace": one of {", ".join(Pace.NAMES)}, "speed": a number above 0}}.')
    emulator.settings.pace = Pace(name, speed)
    return pace(emulator)


def step(emulator: Emulator) -> Answer:
    """Move every status that can move one stage on; at pace ``manual`` nothing else does."""
    return {"moved": emulator.push(*_place())}


def localstack(_: Emulator) -> Answer:
    """Say what tools ask a LocalStack when they wait for it."""
    return {"services": {"sagemaker": "available", "sts": "available"}, "version": __version__}


def refuse(error: HTTPException) -> tuple[Answer, int]:
    """Say in JSON what is wrong with a request."""
    return {"message": error.description}, error.code or 500


def _place() -> tuple[str | None, str | None]:
    """Return the account and the region that a request restricts itself to."""
    said = _said()
    account, region = said.get("account"), said.get("region")
    if not all(one is None or isinstance(one, str) for one in (account, region)):
        raise BadRequest("Expected account and region as text.")
    return account, region


def _said() -> dict[str, Any]:
    """Return what a request says: its query, or its body if that is a JSON object."""
    if not request.content_length:
        return dict(request.args)
    said = request.get_json(force=True)
    if not isinstance(said, dict):
        raise BadRequest("Expected a JSON object.")
    return said
