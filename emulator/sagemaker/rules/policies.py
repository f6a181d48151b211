"""Resource policies: what may be one. What it allows nobody looks at."""

from __future__ import annotations

from emulator.aws import errors, jsontext
from emulator.aws.errors import VALIDATION, Refusal


def check(text: str) -> None:
    """Refuse what is no JSON object, or not written in ASCII."""
    try:
        document = text.isascii() and isinstance(jsontext.read(text), dict)
    except ValueError:
        document = False
    if not document:
        raise Refusal(VALIDATION, errors.POLICY_NO_DOCUMENT).error()
