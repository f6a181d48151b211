"""The events of a service in a tester's hand: read as a list, followed as they come, pushed to a URL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from emulator.engine import clock
from emulator.engine.changes import Change, Changes, Following
from emulator.engine.parameters import checked
from emulator.engine.selecting import found, named

if TYPE_CHECKING:
    from emulator.engine.pushing import Pusher

Said = dict[str, Any]
Miss = Callable[[Exception, int], object]  # hears what went wrong, and how many events are lost by it

TICK = 0.5  # seconds between two looks at what time has changed, while somebody follows


class Changing(Protocol):
    """Where things change: an emulator."""

    changes: Changes | None

    def settle(self) -> None:
        """Bring everything to the present."""


class Events:
    """The events that were sent, the oldest first."""

    def __init__(self, emulator: Changing) -> None:
        self._emulator = emulator
        self._pusher: Pusher | None = None
        self._begun: tuple[str | None, str | None] = (None, None)

    def __iter__(self) -> Iterator[Said]:
        return iter(self.query())

    def __len__(self) -> int:
        return len(self.query())

    @property
    def _changes(self) -> Changes:
        if self._emulator.changes is None:
            raise ValueError("This service sends no events.")
        return self._emulator.changes

    @checked
    def query(
        self,
        type: str | None = None,  # noqa: A002 - the word that the envelope uses
        resource: str | None = None,
        where: str | None = None,
        account: str | None = None,
        region: str | None = None,
        since: str | float | datetime | None = None,
        until: str | float | datetime | None = None,
        last: int | None = None,
    ) -> list[Said]:
        """Tell the events of a type (a pattern), about a resource (a pattern of its ARN), in a time."""
        if where is not None:
            found(where, {})
        if last is not None and last < 1:
            raise ValueError("The last events are 1 or more.")
        begin = 0.0 if since is None else clock.seconds(since)
        end = clock.LATEST if until is None else clock.seconds(until)
        changes = self._changes
        self._emulator.settle()
        told = [changes.teller.tell(one) for one in list(changes.kept) if begin <= one.time <= end]
        patterns = (("detail-type", type), ("account", account), ("region", region))
        chosen = [
            one
            for one in told
            if all(pattern is None or named(pattern, [one[member]]) for member, pattern in patterns)
            and (resource is None or named(resource, one["resources"]))
            and (where is None or found(where, one))
        ]
        return chosen if last is None else chosen[-last:]

    def clear(self) -> Said:
        """Forget the events that were sent."""
        return {"forgotten": self._changes.forget()}

    @checked
    def push(self, url: str | None = None, bus: str | None = None) -> Said:
        """Send each event from now on to a URL; tell how many were sent and what went wrong.

        Each is posted by itself; with a bus, all are put to the bus of this name of the EventBridge there.
        """
        if url is not None:
            if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
                raise ValueError("Expected a URL that begins with http:// or https://.")
            from emulator.engine.pushing import Pusher  # noqa: PLC0415 - most events are never pushed

            self.stop()
            following = self._changes.follow()
            pusher = Pusher(url, bus, following)
            pusher.begin(self._batches(following, pusher.miss))
            self._pusher = pusher
        elif bus is not None:
            raise ValueError("A bus needs the URL of its EventBridge.")
        return self._pusher.said() if self._pusher else {}

    def begin(self, url: str | None, bus: str | None = None) -> None:
        """Push to a URL from now on, and again after each reset."""
        self.push(url, bus)
        self._begun = (url, bus)

    def stop(self) -> Said:
        """Send events to no URL any more."""
        pusher, self._pusher = self._pusher, None
        if pusher is not None:
            pusher.stop()
        return pusher.said() if pusher else {}

    def forget(self, account: str | None = None, region: str | None = None) -> None:
        """Forget all events and where they are sent, or only the events of one account, one region or both."""
        if self._emulator.changes is not None:
            self._emulator.changes.forget(account, region)
        if account is None and region is None:
            self.stop()
            self.push(*self._begun)

    def follow(self) -> Iterator[Said | None]:
        """Return an iterator of the events from now on; it yields None where nothing has come for a moment."""
        batches = self._batches(self._changes.follow())
        return (event for batch in batches for event in batch or (None,))

    def _batches(self, following: Following, miss: Miss = lambda *_: None) -> Iterator[list[Said]]:
        """Yield the events that came at once, none where nothing has come for a moment.

        What cannot be told of, or settled, is logged and missed: who follows hears of what comes after it.
        """
        self._emulator.settle()  # what is due by now is no news
        following.next(0)
        return self._coming(following, miss)

    def _coming(self, following: Following, miss: Miss) -> Iterator[list[Said]]:
        wrong = ""  # at the last look; what goes wrong at each is logged once
        while True:
            came = following.next(TICK)
            yield list(self._told(came, miss))
            if not came:
                try:
                    self._emulator.settle()
                    wrong = ""
                except Exception as error:  # noqa: BLE001 - time goes on, and the next look may be better
                    miss(error, 0)
                    if wrong != repr(error):
                        wrong = repr(error)
                        _log("What time has changed cannot be told to who follows events")

    def _told(self, came: list[Change], miss: Miss) -> Iterator[Said]:
        for change in came:
            try:
                yield self._changes.teller.tell(change)
            except Exception as error:  # noqa: BLE001 - one event is lost, and not all that come after it
                miss(error, 1)
                _log("An event cannot be told to who follows")


def _log(words: str) -> None:
    """Log what went wrong just now."""
    import logging  # noqa: PLC0415 - hardly ever needed, and not quickly imported

    logging.getLogger(__name__).exception(words)
