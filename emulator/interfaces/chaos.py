"""LocalStack's chaos API, for tests and tools that know it: the same faults in its JSON."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from emulator.engine import asked
from emulator.engine.emulator import Emulator
from emulator.engine.faults import Calls, Fault, Turns, known
from emulator.interfaces import bodies

FAULTS, EFFECTS = "chaos", "chaos effects"

Rule = dict[str, Any]


def blueprint(emulator: Emulator) -> Blueprint:
    """Return the routes of one emulator."""
    routes = Blueprint("chaos", __name__)
    for path, methods, view in (
        ("/_localstack/chaos/faults", ["GET"], get_faults),
        ("/_localstack/chaos/faults", ["POST", "PUT"], set_faults),
        ("/_localstack/chaos/faults", ["PATCH"], add_faults),
        ("/_localstack/chaos/faults", ["DELETE"], drop_faults),
        ("/_localstack/chaos/effects", ["GET"], get_effects),
        ("/_localstack/chaos/effects", ["POST", "PUT"], set_effects),
    ):
        routes.add_url_rule(path, f"{methods[0].lower()} {path}", partial(view, emulator), methods=methods)
    return routes


def get_faults(emulator: Emulator) -> ResponseReturnValue:
    """List the faults."""
    return jsonify([one["said"] for one in _rules(emulator, FAULTS)])


def set_faults(emulator: Emulator) -> ResponseReturnValue:
    """Take a list of faults in the place of all."""
    faults = _sent_faults(emulator)
    _forget(emulator, FAULTS)
    return _add(emulator, faults)


def add_faults(emulator: Emulator) -> ResponseReturnValue:
    """Add faults."""
    return _add(emulator, _sent_faults(emulator))


def drop_faults(emulator: Emulator) -> ResponseReturnValue:
    """Forget some faults, or all where none are named."""
    unwanted = [said for said, _ in _sent_faults(emulator)] if request.content_length else None
    for one in _rules(emulator, FAULTS):
        if unwanted is None or one["said"] in unwanted:
            emulator.control.forget(one["id"])
    return get_faults(emulator)


def get_effects(emulator: Emulator) -> ResponseReturnValue:
    """Say how late every answer is."""
    return jsonify(next((one["said"] for one in _rules(emulator, EFFECTS)), {"latency": 0}))


def set_effects(emulator: Emulator) -> ResponseReturnValue:
    """Make every answer late by so many milliseconds."""
    said = bodies.said()
    latency = said.get("latency") if isinstance(said, dict) else None
    if isinstance(latency, bool) or not isinstance(latency, (int, float)) or not 0 <= latency <= 3_600_000:
        raise BadRequest('Expected {"latency": milliseconds}.')
    _forget(emulator, EFFECTS)
    if latency:
        emulator.control.put(EFFECTS, Fault(Calls(), Turns(), wait=latency / 1000), {"said": said})
    return get_effects(emulator)


def _rules(emulator: Emulator, name: str) -> list[Rule]:
    return [one for one in emulator.control.rules() if one["rule"] == name]


def _forget(emulator: Emulator, name: str) -> None:
    for one in _rules(emulator, name):
        emulator.control.forget(one["id"])


def _add(emulator: Emulator, faults: list[tuple[Rule, Fault]]) -> ResponseReturnValue:
    for said, fault in faults:
        emulator.control.put(FAULTS, fault, {"said": said})
    return get_faults(emulator)


def _sent_faults(emulator: Emulator) -> list[tuple[Rule, Fault]]:
    """Return the faults that a request lists, each with its own words."""
    said = bodies.said()
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
        raise BadRequest("Expected a list of faults.")
    try:
        return [(one, _fault(emulator, one)) for one in said]
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise BadRequest(f"Expected faults of service, region, operation, probability and error: {error}") from error


def _fault(emulator: Emulator, said: Rule) -> Fault:
    """Return what a rule means here; one for another service is about no call."""
    error = said.get("error") or {}
    service = emulator.model.metadata["service"]
    calls = Calls(operation=_text(said, "operation") or "*", region=_text(said, "region"))
    if (_text(said, "service") or service) != service:
        calls = Calls(operation="")
    code, status = _text(error, "code") or "ServiceUnavailable", int(error.get("statusCode", 503))
    if not 400 <= status <= 599:
        raise ValueError("a statusCode is from 400 to 599")
    refusal = partial(asked.refusal, emulator.catalogue, known(code), None, status, None)
    return Fault(calls, Turns(probability=float(said.get("probability", 1.0))), refusal=refusal)


def _text(said: Rule, name: str) -> str | None:
    """Return a text that a rule says, or None; ValueError if it says something else."""
    text = said.get(name)
    if not isinstance(text, str | None):
        raise ValueError(f"{name} is a text")  # noqa: TRY004 - of the request
    return text
