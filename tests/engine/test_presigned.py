"""Presigned URLs: they let in until they expire, and nobody can change what they say."""

from __future__ import annotations

import pytest

from emulator.engine import presigned

NOW = 1_700_000_000.5


def test_a_token_makes_its_claims_until_it_expires() -> None:
    token = presigned.token({"sub": "me"}, NOW, 60)
    assert presigned.read(token, NOW + 59) == {"sub": "me", "iat": 1_700_000_000, "exp": 1_700_000_060}
    assert presigned.read(token, NOW + 60) is None


def test_a_url_carries_its_token_in_the_query() -> None:
    url = presigned.url("https://place/auth", "token", {"sub": "me"}, NOW, 60)
    base, _, token = url.partition("?token=")
    assert base == "https://place/auth"
    assert presigned.read(token, NOW)


@pytest.mark.parametrize("change", [lambda text: text[:-2], lambda text: "x" + text, lambda _: "", lambda _: "a.b.é"])
def test_a_changed_token_lets_nobody_in(change: object) -> None:
    assert callable(change)
    assert presigned.read(change(presigned.token({"sub": "me"}, NOW, 60)), NOW) is None
