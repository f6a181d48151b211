"""JSON within JSON: the texts in which Cloud Control carries models and patches."""

from __future__ import annotations

import json
from typing import Any

from emulator.aws import jsontext
from emulator.cloudcontrol import errors


def model(member: str, text: str) -> dict[str, Any]:
    """Return the model that a text holds; ServiceError if it holds something else."""
    said = _parsed(member, text, "object")
    if not isinstance(said, dict):
        raise errors.NOT_JSON.error(member=member, wanted="object")
    return said


def patch(member: str, text: str) -> list[Any]:
    """Return the operations of the patch that a text holds; ServiceError if it holds something else."""
    said = _parsed(member, text, "array")
    if not isinstance(said, list):
        raise errors.NOT_JSON.error(member=member, wanted="array")
    return said


def text(value: Any) -> str:
    """Return a model as text."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _parsed(member: str, text: str, wanted: str) -> Any:
    try:
        return jsontext.read(text)
    except (ValueError, RecursionError):
        raise errors.NOT_JSON.error(member=member, wanted=wanted) from None
