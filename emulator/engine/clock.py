"""The one source of time and the one source of chance; both can be held in a test's hand."""

from __future__ import annotations

import math
import random
import re
from datetime import datetime, timezone
from time import time as machine_time
from typing import Protocol

from emulator.engine.kind import Minted


class Timepiece(Protocol):
    """What tells the time, in seconds since 1970: all that a call needs of a clock."""

    def now(self) -> float:
        """Return the current time."""


class Clock:
    """Tells the time. It runs with the machine's clock, or stands still until it is moved."""

    def __init__(self, now: float | None = None) -> None:
        self._began = now
        self._stands: float | None = now
        self._ahead = 0.0  # of the machine's clock, while it runs

    def now(self) -> float:
        """Return the current time."""
        stands = self._stands
        return machine_time() + self._ahead if stands is None else stands

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        return self._stands is not None

    def freeze(self) -> None:
        """Stand still from now on."""
        self._stands = self.now()

    def run(self) -> None:
        """Run from where it stands."""
        if self._stands is not None:
            self._ahead, self._stands = self._stands - machine_time(), None

    def set(self, time: float | str | datetime) -> None:
        """Show another time: seconds since 1970, a date, or its ISO 8601 text (UTC unless it says otherwise)."""
        now = seconds(time)
        if self._stands is None:
            self._ahead = now - machine_time()
        else:
            self._stands = now

    def advance(self, seconds: float = 0, *, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        """Move on by so much, standing or running."""
        by = seconds + 60 * minutes + 3600 * hours + 86400 * days
        if not 0 <= by < math.inf:
            raise ValueError("A clock is advanced by 0 seconds or more.")
        if self._stands is None:
            self._ahead += by
        else:
            self._stands += by

    def reset(self) -> None:
        """Go back to how it began: with the machine's clock, or standing still at its first time."""
        self._stands, self._ahead = self._began, 0.0


class ManualClock(Clock):
    """A clock that stands still until it is moved."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        super().__init__(now)


def seconds(time: float | str | datetime) -> float:
    """Return a time in seconds since 1970; ValueError if it is none that a client can be told."""
    if isinstance(time, str):
        time = float(time) if _NUMBER.fullmatch(time) else datetime.fromisoformat(time.replace("Z", "+00:00"))
    if isinstance(time, datetime):
        time = (time if time.tzinfo else time.replace(tzinfo=timezone.utc)).timestamp()
    if not 0 <= time <= LATEST:
        raise ValueError("A clock shows times from 1970 to 9999.")
    return float(time)


def text(seconds: float) -> str:
    """Return a time in ISO 8601, to the millisecond."""
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


_NUMBER = re.compile(r"\d+(\.\d*)?")
LATEST = datetime(9999, 12, 31, tzinfo=timezone.utc).timestamp()


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
