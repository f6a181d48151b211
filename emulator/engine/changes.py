"""What an observer is told of: every change of a resource that a service makes known, once the call that made it holds.

A change costs references to the records before and after it, which never change. What they say is made when it is read.
"""

from __future__ import annotations

import threading
from collections import deque
from itertools import count
from typing import Any, NamedTuple, Protocol
from weakref import WeakSet

from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Place, Record

KEPT = 1000  # changes


class Change(NamedTuple):
    """One change of a resource: without ``old`` its creation, without ``new`` its end."""

    number: int
    time: float
    account: str
    region: str
    resource: Resource
    old: Record | None
    new: Record | None

    @property
    def record(self) -> Record:
        """The resource as it is now, or was at last."""
        record = self.new or self.old
        assert record is not None  # nothing changes from nothing to nothing
        return record

    def fields(self) -> dict[str, Any]:
        """Return all that can be said of the resource."""
        return self.resource.fields(self.record, self.account, self.region, self.time)


class Teller(Protocol):
    """What a service makes known, and how."""

    def tells(self, resource: Resource, old: Record | None, new: Record | None) -> bool:
        """Say whether a change is made known: asked at each change, so quick."""

    def tell(self, change: Change) -> dict[str, Any]:
        """Return what is made known of a change."""


class Following:
    """The changes from now on for one who follows: those that still wait for him, and how many he was too slow for."""

    def __init__(self, came: threading.Condition) -> None:
        self.lost = 0
        self._came = came
        self._waiting: deque[Change] = deque(maxlen=KEPT)

    def hear(self, changes: list[Change]) -> None:
        """Take changes in; of too many the oldest are lost."""
        self.lost += max(0, len(self._waiting) + len(changes) - KEPT)
        self._waiting.extend(changes)

    def next(self, patience: float) -> list[Change]:
        """Return what waits, as soon as there is something or patience has run out."""
        with self._came:
            self._came.wait_for(lambda: self._waiting, patience)
            waited = list(self._waiting)
            self._waiting.clear()
            return waited


class Changes:
    """The last changes that were made known, the oldest first."""

    def __init__(self, teller: Teller) -> None:
        self.teller = teller
        self.kept: deque[Change] = deque(maxlen=KEPT)
        self._numbers = count(1)
        self._unsure: dict[Place, list[Change]] = {}  # by calls that may still be refused
        self._lock = threading.RLock()
        self._came = threading.Condition(self._lock)
        self._followers: WeakSet[Following] = WeakSet()  # who follows no more is forgotten

    def see(self, scope: Scope, resource: Resource, old: Record | None, new: Record | None) -> None:
        """Note a change, which is forgotten if the call is refused."""
        if self.teller.tells(resource, old, new):
            place = scope.place
            unsure = self._unsure.setdefault(place, [])
            now = new.state.since if new and new.state and (not old or old.state != new.state) else scope.clock.now()
            unsure.append(Change(next(self._numbers), now, place.account, place.region, resource, old, new))
            place.journal.append(unsure.pop)

    def hold(self, place: Place) -> None:
        """Make known what has changed in a place: it will not be undone any more."""
        unsure = self._unsure.get(place)
        if unsure:
            with self._lock:
                self.kept.extend(unsure)
                if self._followers:
                    for follower in self._followers:
                        follower.hear(unsure)
                    self._came.notify_all()
            unsure.clear()

    def follow(self) -> Following:
        """Return what one who follows hears from now on."""
        following = Following(self._came)
        with self._came:
            self._followers.add(following)
        return following

    def forget(self, account: str | None = None, region: str | None = None) -> int:
        """Forget all changes, or those of one account, one region or both; return how many these were."""
        with self._came:
            before = list(self.kept)
            self.kept.clear()
            self.kept.extend(
                one for one in before if account not in (None, one.account) or region not in (None, one.region)
            )
            return len(before) - len(self.kept)
