"""The one source of time and the one source of chance; both can be held in a test's hand."""

from __future__ import annotations

import random
import time
from typing import Protocol

from emulator.engine.kind import Minted


class Clock(Protocol):
    """What tells the time, in seconds since 1970."""

    def now(self) -> float:
        """Return the current time."""


class RealClock:
    """The machine's clock."""

    def now(self) -> float:
        """Return the machine's time."""
        return time.time()


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self._now = now

    def now(self) -> float:
        """Return the time it was last set to."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move on by so many seconds."""
        self._now += seconds


class Chance:
    """Random identifiers; the same seed gives the same ones in the same order."""

    def __init__(self, seed: int | None = None) -> None:
        self._bits = random.Random(seed).getrandbits  # noqa: S311 - ids of an emulator, not secrets

    def text(self, length: int, alphabet: str) -> str:
        """Return so many characters of an alphabet of at most 64."""
        bits, size = self._bits(length * 16), len(alphabet)
        return "".join(alphabet[(bits >> 16 * place & 0xFFFF) % size] for place in range(length))

    def fraction(self) -> float:
        """Return a number from 0 up to 1."""
        return self._bits(53) / (1 << 53)

    def mint(self, how: Minted) -> str:
        """Return a new identifier."""
        return how.prefix + self.text(how.length, how.alphabet)

    def uuid(self) -> str:
        """Return a version-4 UUID."""
        digits = f"{self._bits(128):032x}"
        variant = "89ab"[int(digits[16], 16) & 3]
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
