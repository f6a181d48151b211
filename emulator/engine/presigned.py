"""Presigned URLs: links that let in whoever holds them, until they expire by the clock.

Nothing is kept: a link says itself what it is for and how long it holds, sealed so that nobody can change it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

_KEY = b"an emulator's seal: it keeps mistakes out, not people"
_HEADER = {"alg": "HS256", "typ": "JWT"}


def url(base: str, parameter: str, claims: Mapping[str, Any], now: float, seconds: int) -> str:
    """Return a link to a place that holds for so many seconds, its token in a parameter of the query."""
    return f"{base}?{parameter}={token(claims, now, seconds)}"


def token(claims: Mapping[str, Any], now: float, seconds: int) -> str:
    """Return a token, in the form of a JSON Web Token, that makes claims for so many seconds."""
    said = {**claims, "iat": int(now), "exp": int(now) + seconds}
    body = f"{_encoded(_HEADER)}.{_encoded(said)}"
    return f"{body}.{_seal(body)}"


def read(token: str, now: float) -> dict[str, Any] | None:
    """Return the claims of a token; None if it has expired or been changed."""
    body, _, seal = token.rpartition(".")
    if not hmac.compare_digest(seal.encode(), _seal(body).encode()):
        return None
    payload = body.rpartition(".")[2]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims if now < claims["exp"] else None


def _encoded(value: Mapping[str, Any]) -> str:
    return _text(json.dumps(value, separators=(",", ":")).encode())


def _seal(body: str) -> str:
    return _text(hmac.new(_KEY, body.encode("utf-8", "surrogatepass"), hashlib.sha256).digest())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
