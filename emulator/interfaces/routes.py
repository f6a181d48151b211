"""The emulator's own routes, below ``/_emulator/``, and the two that tools around it look for."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest, HTTPException

from emulator import __version__
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace


def blueprint(emulator: Emulator) -> Blueprint:
    """Return the routes of one emulator."""
    routes = Blueprint("emulator", __name__)

    @routes.get("/_emulator/health")
    def health() -> Response:
        coverage = emulator.catalogue.coverage()
        return jsonify(
            status="ok",
            version=__version__,
            operations={"answered": sum(map(bool, coverage.values())), "of": len(coverage)},
        )

    @routes.get("/_emulator/coverage")
    def coverage() -> Response:
        return jsonify({name: how or "not yet" for name, how in emulator.catalogue.coverage().items()})

    @routes.post("/_emulator/reset")
    def reset() -> Response:
        emulator.store.reset(*_place())
        return jsonify(status="reset")

    @routes.get("/_emulator/pace")
    def pace() -> Response:
        return jsonify(pace=emulator.settings.pace.name, speed=emulator.settings.pace.speed)

    @routes.put("/_emulator/pace")
    def set_pace() -> Response:
        said = _json()
        name, speed = said.get("pace"), said.get("speed", 1.0)
        if name not in Pace.NAMES or not isinstance(speed, (int, float)) or speed <= 0:
            raise BadRequest(f'Expected {{"pace": one of {", ".join(Pace.NAMES)}, "speed": a number above 0}}.')
        emulator.settings.pace = Pace(name, speed)
        return pace()

    @routes.post("/_emulator/step")
    def step() -> Response:
        return jsonify(moved=emulator.push(*_place()))

    @routes.get("/_localstack/health")
    def localstack() -> Response:
        return jsonify(services={"sagemaker": "available", "sts": "available"}, version=__version__)

    @routes.post("/moto-api/reset")
    def moto() -> Response:
        return reset()

    @routes.app_errorhandler(HTTPException)
    def refuse(error: HTTPException) -> tuple[Response, int]:
        return jsonify(message=error.description), error.code or 500

    return routes


def _place() -> tuple[str | None, str | None]:
    """Return the account and the region that a request restricts itself to."""
    said = _json()
    account, region = said.get("account"), said.get("region")
    if not all(one is None or isinstance(one, str) for one in (account, region)):
        raise BadRequest("Expected account and region as text.")
    return account, region


def _json() -> dict[str, Any]:
    """Return what a request says: its query, or its body if that is a JSON object."""
    if not request.content_length:
        return dict(request.args)
    said = request.get_json(force=True)
    if not isinstance(said, dict):
        raise BadRequest("Expected a JSON object.")
    return said
