"""Extensions of clusters: which there are, in which versions, and how their settings are changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal

# The versions that can be installed, the highest first. The name is in the API reference; the versions are made up.
VERSIONS: Mapping[str, tuple[str, ...]] = {"sagemaker-observability": ("1.1.0", "1.0.0")}


def order(version: str) -> list[int]:
    """Return what versions are compared by."""
    return [int(part) for part in version.split(".")]


def settings(text: str) -> dict[str, Any]:
    """Return the settings in a text; ServiceError if it is no JSON object."""
    try:
        read = json.loads(text)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise Refusal(VALIDATION, errors.SETTINGS_NO_OBJECT).error()
    return read


def changed(old: str | None, new: str) -> str:
    """Return settings with changes in them; what is null goes back to its default, which nobody writes down."""
    return json.dumps(_merged(settings(old) if old else {}, settings(new)), separators=(",", ":"))


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for name, value in new.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, dict):
            before = old.get(name)
            merged[name] = _merged(before if isinstance(before, dict) else {}, value)
        else:
            merged[name] = value
    return merged
