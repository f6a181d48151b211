"""What reads all of a WSGI answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from emulator.aws import wire


class Parts:
    """An answer that fails after its first part, and knows whether it was let go."""

    closed = False

    def __iter__(self) -> Iterator[bytes]:
        yield b"a"
        raise RuntimeError

    def close(self) -> None:
        self.closed = True


def test_an_answer_is_let_go_even_if_it_fails_midway() -> None:
    parts = Parts()
    with pytest.raises(RuntimeError):
        wire.whole(parts)
    assert parts.closed
    assert wire.whole([b"a", b"b"]) == b"ab"
