"""What the bodies of requests to the emulator's own routes say."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest

from emulator.aws import jsontext


def said() -> Any:
    """Return the value that the body of the request says; BadRequest if it is no JSON, or too deep."""
    try:
        value = jsontext.read(request.get_data())
    except ValueError:
        raise BadRequest("Expected JSON, in which no number is NaN or without an end.") from None
    if jsontext.deeper(value):
        raise BadRequest(
            f"Expected JSON in which no more than {jsontext.DEEPEST} objects and lists lie one in another."
        )
    return value
