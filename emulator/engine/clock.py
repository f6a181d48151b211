"""The one source of time and the one source of chance; both can be held in a test's hand."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from datetime import datetime, timezone
from time import time as machine_time
from typing import Protocol

from emulator.aws.wire import moment
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
        self.watcher: Callable[[], object] | None = None  # is told when it was moved, and may put it back

    def now(self) -> float:
        """Return the current time."""
        stands = self._stands
        now = machine_time() + self._ahead if stands is None else stands
        return now if now < LATEST else LATEST  # noqa: FURB136 - every call asks, and ``min`` costs as much again

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        return self._stands is not None

    @property
    def shown(self) -> tuple[float | None, float]:
        """Where it stands, None if it runs; and how far it is ahead of the machine's clock while it runs."""
        return self._stands, self._ahead

    def show(self, stands: float | None, ahead: float) -> None:
        """Stand or run as a clock does that shows this."""
        self.restore(stands, ahead)
        if self.watcher is not None:
            self.watcher()

    def restore(self, stands: float | None, ahead: float) -> None:
        """Stand or run as it once did, without telling anybody."""
        self._stands, self._ahead = stands, ahead

    def freeze(self) -> None:
        """Stand still from now on."""
        self.show(self.now(), self._ahead)

    def run(self) -> None:
        """Run from where it stands."""
        if self._stands is not None:
            self.show(None, self._stands - machine_time())

    def set(self, time: float | str | datetime) -> None:
        """Show another time: seconds since 1970, a date, or its ISO 8601 text (UTC unless it says otherwise)."""
        now = seconds(time)
        if self._stands is None:
            self.show(None, now - machine_time())
        else:
            self.show(now, self._ahead)

    def advance(self, seconds: float = 0, *, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        """Move on by so much, standing or running."""
        try:
            by = float(seconds + 60 * minutes + 3600 * hours + 86400 * days)
        except OverflowError:
            raise ValueError(_RANGE) from None
        if not 0 <= by < math.inf:
            raise ValueError("A clock is advanced by 0 seconds or more.")
        if self.now() + by > LATEST:
            raise ValueError(_RANGE)
        if self._stands is None:
            self.show(None, self._ahead + by)
        else:
            self.show(self._stands + by, self._ahead)

    def reset(self) -> None:
        """Go back to how it began: with the machine's clock, or standing still at its first time."""
        self.show(self._began, 0.0)


class ManualClock(Clock):
    """A clock that stands still until it is moved."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        super().__init__(now)


def seconds(time: float | str | datetime) -> float:
    """Return a time in seconds since 1970; ValueError if it is none that a client can be told."""
    if isinstance(time, str):
        time = float(time) if _NUMBER.fullmatch(time) else _moment(time)
    if isinstance(time, datetime):
        time = (time if time.tzinfo else time.replace(tzinfo=timezone.utc)).timestamp()
    if not 0 <= time <= LATEST:
        raise ValueError(_RANGE)
    return float(time)


def _moment(text: str) -> float:
    try:
        return moment(text)
    except ValueError:
        shape = "seconds since 1970, or ISO 8601 (2026-01-01T12:00:00Z)"
        raise ValueError(f"{text} is no time: expected {shape}.") from None


def text(seconds: float) -> str:
    """Return a time in ISO 8601, to the millisecond."""
    return (
        datetime.fromtimestamp(round(seconds, 3), timezone.utc)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )


_RANGE = "A clock shows times from 1970 to 9999."
_NUMBER = re.compile(r"\d+(\.\d*)?")
LATEST = datetime(9999, 12, 31, tzinfo=timezone.utc).timestamp()


class Chance:
    """Random identifiers; the same seed gives the same ones in the same order."""

    def __init__(self, seed: int | str | None = None) -> None:
        self._seed = seed
        self._bits = random.Random(seed).getrandbits  # noqa: S311 - ids of an emulator, not secrets

    def again(self, number: int) -> Chance:
        """Return the chance of another run with the same seed, whose identifiers are others."""
        return Chance(None if self._seed is None else f"{self._seed}, run {number}")

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
        digits = (self._bits(128) & _FREE | _UUID_4).to_bytes(16, "big").hex()
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


# The bits of a UUID that are free, and those that say of which version and variant it is.
_FREE = ~(0xF << 76 | 0x3 << 62) & (1 << 128) - 1
_UUID_4 = 0x4 << 76 | 0x2 << 62
