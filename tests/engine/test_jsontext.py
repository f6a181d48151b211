"""JSON is read and written as the standard library does, whichever library does it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.aws import jsontext

TEXTS = st.text(st.characters(exclude_categories=("Cs",)))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
)


@given(VALUES)
def test_what_is_written_is_read_again(value: Any) -> None:
    written = jsontext.write(value)
    assert json.loads(written) == value
    assert jsontext.read(json.dumps(value)) == jsontext.read(written)
    if "e" not in json.dumps(value):  # exponents are spelt otherwise
        assert written.decode() == json.dumps(value, separators=(",", ":"), ensure_ascii=False)


@pytest.mark.parametrize("text", [b"", b"{", b"NaN", b"[Infinity]", b"1e999", b"[1]x", b"\xff", b"'a'"])
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever library refuses it, in its own words
        jsontext.read(text)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (2**70, b"1180591620717411303424"),
        ({1: "a"}, b'{"1":"a"}'),
        ("-\ud800-", b'"-?-"'),
        ((1, "\u00e9"), b'[1,"\xc3\xa9"]'),
    ],
)
def test_what_the_quick_library_refuses_is_written_all_the_same(value: Any, written: bytes) -> None:
    assert jsontext.write(value) == written


def test_half_a_surrogate_pair_can_be_read() -> None:
    assert jsontext.read(rb'["\ud800"]') == ["\ud800"]
