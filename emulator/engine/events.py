"""The events of a service in a tester's hand: read as a list, followed as they come, pushed to a URL."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from emulator.engine import clock
from emulator.engine.changes import Changes
from emulator.engine.selecting import found, named

Said = dict[str, Any]

TICK = 0.5  # seconds between two looks at what time has changed, while somebody follows
PATIENCE = 5  # seconds that a webhook may take


class Changing(Protocol):
    """Where things change: an emulator."""

    changes: Changes | None

    def settle(self) -> None:
        """Bring everything to the present."""


class Events:
    """The events that were sent, the oldest first."""

    def __init__(self, emulator: Changing) -> None:
        self._emulator = emulator
        self._hook: Webhook | None = None

    def __iter__(self) -> Iterator[Said]:
        return iter(self.query())

    def __len__(self) -> int:
        return len(self.query())

    @property
    def _changes(self) -> Changes:
        if self._emulator.changes is None:
            raise ValueError("This service sends no events.")
        return self._emulator.changes

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

    def push(self, url: str | None = None) -> Said:
        """Send each event from now on to a URL by POST, or to none; tell how many were sent and what went wrong."""
        if url is not None:
            if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
                raise ValueError("Expected a URL that begins with http:// or https://.")
            self.stop()
            self._hook = Webhook(url, self.follow())
        return self._hook.said() if self._hook else {}

    def stop(self) -> Said:
        """Send events to no URL any more."""
        hook, self._hook = self._hook, None
        if hook is not None:
            hook.stop()
        return hook.said() if hook else {}

    def forget(self, account: str | None = None, region: str | None = None) -> None:
        """Forget all events and where they are sent, or only the events of one account, one region or both."""
        if self._emulator.changes is not None:
            self._emulator.changes.forget(account, region)
        if account is None and region is None:
            self.stop()

    def follow(self) -> Iterator[Said | None]:
        """Return an iterator of the events from now on; it yields None where nothing has come for a moment."""
        changes = self._changes
        self._emulator.settle()
        return self._following(changes, changes.last)

    def _following(self, changes: Changes, number: int) -> Iterator[Said | None]:
        while True:
            for change in (came := changes.after(number, TICK)):
                number = change.number
                yield changes.teller.tell(change)
            if not came:
                self._emulator.settle()
                yield None


class Webhook:
    """Where events are sent, by a thread of its own: no call waits for it."""

    def __init__(self, url: str, events: Iterator[Said | None]) -> None:
        self.url = url
        self._events = events
        self._sent = 0
        self._failed = 0
        self._wrong = ""
        self._stopped = threading.Event()
        threading.Thread(target=self._run, name="sagemaker-emulator-webhook", daemon=True).start()

    def said(self) -> Said:
        """Tell how it went so far."""
        said = {"url": self.url, "sent": self._sent, "failed": self._failed}
        return said | ({"error": self._wrong} if self._wrong else {})

    def stop(self) -> None:
        """Send nothing more."""
        self._stopped.set()

    def _run(self) -> None:
        for event in self._events:
            if self._stopped.is_set():
                return
            if event is not None:
                self._send(event)

    def _send(self, event: Said) -> None:
        body, headers = json.dumps(event).encode(), {"Content-Type": "application/json"}
        try:
            request = Request(self.url, body, headers)  # noqa: S310 - a URL of http, as was seen to
            with build_opener(ProxyHandler({})).open(request, timeout=PATIENCE):
                self._sent += 1
        except (OSError, ValueError) as error:
            self._failed += 1
            self._wrong = str(error)
