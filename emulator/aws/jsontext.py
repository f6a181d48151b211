"""JSON as clients send it and records keep it: bytes to values and back.

orjson reads and writes nearly all of it, several times as quickly as the standard library. What it refuses and others
do not (halves of surrogate pairs, keys that are no text) the standard library settles. A whole number beyond 64 bits,
which no member of the model may be, is read as one with a fraction.
"""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

import orjson

DEEPEST = 200  # of what a client sends: models need a tenth of that, and whoever reads it again needs some room


def read(text: bytes | str) -> Any:
    """Return the value that JSON text says; ValueError if it says none, a number without an end, or is too deep."""
    try:
        return orjson.loads(text)
    except ValueError:
        pass
    try:
        return _decoder.decode(text.decode("utf-8") if isinstance(text, bytes) else text)
    except RecursionError:
        raise ValueError("deeper than anyone means it") from None


def write(value: Any) -> bytes:
    """Return a value as JSON text without spaces; half a surrogate pair becomes a question mark, as in Java."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return _encode(value).encode("utf-8", "replace")


def deeper(value: Any, most: int = DEEPEST) -> bool:
    """Say whether objects and lists lie deeper in a value, one in another, than so many."""
    level = [value]
    for _ in range(most + 1):
        level = [part for part in level if isinstance(part, (dict, list))]
        if not level:
            return False
        level = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)]
    return True


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _refuse(digits)


_decoder = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
