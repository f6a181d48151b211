"""The online store of a feature group: the latest record for each identifier, by event time; it knows no service.

Time to live counts from the event time. What has expired is gone, and what was deleted softly is remembered, so that
older records do not come back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from emulator.engine.shelf import Shelf

Value = dict[str, Any]  # a feature's value as clients send it: FeatureName, and a value or a list of them


@dataclass(frozen=True)
class Entry:
    """One record: when its event was, its values by feature, when it expires, and whether it has been deleted."""

    event_time: float
    values: Mapping[str, Value]
    expires: float | None = None
    deleted: bool = False


class OnlineStore:
    """The records of one group, which lie on a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def find(self, identifier: str, now: float) -> Entry | None:
        """Return the record of an identifier, None if there is none, or none any more."""
        entry = self._present(identifier, now)
        return None if entry is None or entry.deleted else entry

    def put(self, identifier: str, entry: Entry, now: float) -> bool:
        """Keep a record unless there is one that is as new; say whether it was kept."""
        there = self._present(identifier, now)
        if there is not None and there.event_time >= entry.event_time:
            return False
        self.replace(identifier, entry)
        return True

    def replace(self, identifier: str, entry: Entry) -> None:
        """Put a record in the old one's place, whatever their event times."""
        self._shelf.put(identifier, asdict(entry))

    def delete(self, identifier: str, event_time: float, now: float, *, softly: bool) -> bool:
        """Delete a record that is older than the deletion; say whether there was none that is newer."""
        there = self._present(identifier, now)
        if there is not None and there.event_time >= event_time:
            return False
        if softly:
            self.replace(identifier, Entry(event_time, {}, deleted=True))
        else:
            self._shelf.remove(identifier)
        return True

    def identifiers(self, now: float, *, deleted: bool) -> Iterator[str]:
        """Yield the identifiers of all records in order, with ``deleted`` of those that were deleted softly too."""
        for identifier in sorted(self._shelf):
            entry = self._present(identifier, now)
            if entry is not None and (deleted or not entry.deleted):
                yield identifier

    def forget(self) -> None:
        """Forget all records."""
        for identifier in self._shelf:
            self._shelf.remove(identifier)

    def _present(self, identifier: str, now: float) -> Entry | None:
        if identifier not in self._shelf:
            return None
        entry = Entry(**self._shelf.get(identifier))
        if entry.expires is not None and entry.expires <= now:
            self._shelf.remove(identifier)
            return None
        return entry
