"""Faults that were asked for: a call that is refused, or late, or never answered; a resource that ends in failure."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from threading import Lock
from typing import Any

from emulator.aws import errors
from emulator.aws.call import Call
from emulator.aws.errors import DroppedError, ServiceError
from emulator.engine.clock import Chance
from emulator.engine.resource import Resource
from emulator.engine.selecting import Fields, Which, found, named
from emulator.engine.store import Record


@dataclass
class Turns:
    """How often something happens of the times it could: the first so many, every n-th, with a probability."""

    probability: float = 1.0
    times: int | None = None
    every: int = 1
    could: int = 0
    did: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.probability <= 1:
            raise ValueError("A probability is a number from 0 to 1.")
        if self.every < 1 or (self.times is not None and self.times < 1):
            raise ValueError("What happens so many times, or every so many times, does so once at least.")

    def come(self, chance: Chance) -> bool:
        """Say whether it happens this time."""
        with self._lock:
            if self.times is not None and self.did >= self.times:
                return False
            self.could += 1
            comes = self.could % self.every == 0 and (self.probability == 1 or chance.fraction() < self.probability)
            self.did += comes
            return comes

    def take_back(self) -> None:
        """Let the last time it happened not have been: what it happened to was undone."""
        with self._lock:
            self.could -= 1
            self.did -= 1


@dataclass(frozen=True)
class Calls:
    """Which calls: by patterns of operation, name and region, and a JMESPath over the request."""

    operation: str = "*"
    name: str | None = None
    where: str | None = None
    region: str | None = None

    def __post_init__(self) -> None:
        if self.where is not None:
            found(self.where, {})

    def holds(self, call: Call, names: Callable[[], Iterable[str]]) -> bool:
        """Say whether a call is meant; ``names`` are those of what it is about."""
        return (
            fnmatchcase(call.operation, self.operation)
            and (self.region is None or fnmatchcase(call.region, self.region))
            and (self.name is None or named(self.name, names()))
            and (self.where is None or found(self.where, call.params))
        )


@dataclass
class Fault:
    """What happens to calls: they wait so many seconds, and are then refused or dropped where that was asked for."""

    calls: Calls
    turns: Turns
    wait: float = 0.0
    refusal: Callable[[Call], ServiceError] | None = None
    drops: bool = False

    def happen(self, call: Call) -> None:
        """Let it happen."""
        if self.wait:
            time.sleep(self.wait)
        if self.drops:
            raise DroppedError(call.operation)
        if self.refusal:
            raise self.refusal(call)


@dataclass
class Outcome:
    """That resources end in failure, for a reason, when they are on the way that a verb sent them."""

    which: Which
    verb: str
    reason: str
    turns: Turns

    def holds(self, resource: Resource, record: Record, status: str, fields: Fields) -> bool:
        """Say whether a resource that leaves a status is meant."""
        life = resource.lifecycle
        on_the_way = self.verb == "*" or (life is not None and status in life.led_to(self.verb))
        return on_the_way and self.which.holds(resource, record, fields)


@dataclass(frozen=True)
class Known:
    """An error that a client may meet at any call: its code, its HTTP status, what it says."""

    code: str
    status: int
    says: Callable[[Mapping[str, Any]], str]


def _concurrent(words: Mapping[str, Any]) -> str:
    return errors.MODIFIED_CONCURRENTLY(**words)


def _limit(words: Mapping[str, Any]) -> str:
    thing = words["words"]
    said = {"quota": f"Total {thing.lower()}s", "unit": f"{thing}s", "limit": 0, "used": 0, "delta": 1}
    return errors.ACCOUNT_LIMIT(**said)


# The short names that whoever asks for them may use.
KNOWN = {
    "throttling": Known("ThrottlingException", 400, lambda words: errors.THROTTLED(**words)),
    "limit": Known(errors.LIMIT, 400, _limit),
    "access-denied": Known("AccessDeniedException", 400, lambda words: errors.ACCESS_DENIED(**words)),
    "concurrent": Known(errors.IN_USE, 400, _concurrent),
    "internal": Known("InternalFailure", 500, lambda words: errors.INTERNAL_FAILURE(**words)),
    "unavailable": Known("ServiceUnavailable", 503, lambda words: errors.UNAVAILABLE(**words)),
}


def known(code: str) -> Known:
    """Return the error of a short name or a code, a plain refusal if nobody knows it; ValueError if it is no code."""
    if not _CODE.fullmatch(code):
        raise ValueError("The code of an error is printable ASCII without blanks: it is sent in a header.")
    by_code = {one.code: one for one in reversed(KNOWN.values())} | KNOWN
    return by_code.get(code) or Known(code, 400, lambda words: errors.ASKED_FOR(**words))


_CODE = re.compile("[!-~]+")
