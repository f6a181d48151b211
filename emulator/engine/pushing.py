"""Where events are pushed: posted to a URL one by one, or put to a bus of an EventBridge, ten at most in a call.

A thread of its own sends them, so no call waits for it. It sends each once and in order; what is not taken, or comes so
fast that more would wait than are kept, is lost and counted.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from itertools import groupby
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from emulator.aws.wire import moment
from emulator.engine.changes import Following

Said = dict[str, Any]

PATIENCE = 5  # seconds that a URL may take
ENTRIES = 10  # in one call of PutEvents
WORDS = 500  # bytes of what a URL says when it refuses

# EventBridge wants a signature. Those that run on one's own machine do not check it, and no secret is known here.
AUTHORIZATION = (
    "AWS4-HMAC-SHA256 Credential={account}/{day}/{region}/events/aws4_request, "
    "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=" + "0" * 64
)


class Pusher:
    """One who pushes events to a URL until he is stopped."""

    def __init__(self, url: str, bus: str | None, following: Following) -> None:
        self._url = url
        self._bus = bus
        self._following = following
        self._sent = 0
        self._failed = 0
        self._wrong = ""
        self._stopped = threading.Event()

    def begin(self, batches: Iterator[list[Said]]) -> None:
        """Send what comes from now on."""
        threading.Thread(target=self._run, args=(batches,), name="sagemaker-emulator-events", daemon=True).start()

    def miss(self, error: Exception, many: int) -> None:
        """Count so many events that cannot be sent, for they cannot be told, and note what went wrong."""
        self._wrong = _reason(error)
        self._failed += many

    def said(self) -> Said:
        """Tell how it went so far."""
        said: Said = {"url": self._url, "sent": self._sent, "failed": self._failed + self._following.lost}
        return said | ({"bus": self._bus} if self._bus else {}) | ({"error": self._wrong} if self._wrong else {})

    def stop(self) -> None:
        """Send nothing more."""
        self._stopped.set()

    def _run(self, batches: Iterator[list[Said]]) -> None:
        for events in batches:
            for batch in self._calls(events):
                if self._stopped.is_set():
                    return
                self._try(batch)
            if self._stopped.is_set():
                return

    def _calls(self, events: list[Said]) -> Iterator[list[Said]]:
        """Yield the events that are sent together: on a bus those of one place, otherwise each by itself."""
        if self._bus is None:
            yield from ([event] for event in events)
            return
        for _, together in groupby(events, lambda event: (event["account"], event["region"])):
            same = list(together)
            yield from (same[begin : begin + ENTRIES] for begin in range(0, len(same), ENTRIES))

    def _try(self, events: list[Said]) -> None:
        failed = len(events)
        try:
            failed = self._post(events[0]) if self._bus is None else self._put(events)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong there is told, and the next is tried
            self._wrong = _reason(error)
        self._sent += len(events) - failed
        self._failed += failed

    def _post(self, event: Said) -> int:
        _send(self._url, event, {"Content-Type": "application/json"})
        return 0

    def _put(self, events: list[Said]) -> int:
        """Put events to the bus; return how many of them it did not take."""
        now = datetime.now(timezone.utc)
        account, region = events[0]["account"], events[0]["region"]
        headers = {
            "Authorization": AUTHORIZATION.format(account=account, day=f"{now:%Y%m%d}", region=region),
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Date": f"{now:%Y%m%dT%H%M%SZ}",
            "X-Amz-Target": "AWSEvents.PutEvents",
        }
        answer = json.loads(_send(self._url, {"Entries": [_entry(one, self._bus) for one in events]}, headers))
        refused = [one for one in answer["Entries"] if "ErrorCode" in one] if answer.get("FailedEntryCount") else []
        for one in refused[-1:]:
            self._wrong = f"{one['ErrorCode']}: {one.get('ErrorMessage', '')}"
        return len(refused)


def _entry(event: Said, bus: str | None) -> Said:
    """Return an event as PutEvents takes it."""
    return {
        "Time": moment(event["time"]),
        "Source": event["source"],
        "Resources": event["resources"],
        "DetailType": event["detail-type"],
        "Detail": json.dumps(event["detail"]),
        "EventBusName": bus,
    }


def _reason(error: Exception) -> str:
    """Return why nothing was taken, in the words of who did not take it if there are any."""
    if isinstance(error, HTTPError):
        with error:
            words = error.read(WORDS).decode("utf-8", "replace").strip()
        return f"{error.code} {error.reason}" + (f": {words}" if words else "")
    return str(getattr(error, "reason", error)) or type(error).__name__


def _send(url: str, said: Said, headers: Mapping[str, str]) -> bytes:
    request = Request(url, json.dumps(said).encode(), dict(headers))  # noqa: S310 - a URL of http, as was seen to
    with build_opener(ProxyHandler({})).open(request, timeout=PATIENCE) as answer:
        read: bytes = answer.read()
    return read
