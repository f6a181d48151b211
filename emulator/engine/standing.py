"""Answers that stand: all that they tell follows from one record, so they hold as long as that record does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws.call import Call
from emulator.engine.store import Place, Record


class Standing(dict[str, Any]):
    """What was told of a resource, and when that still holds."""

    __slots__ = ("_kind", "_place", "_record")

    def __init__(self, told: Mapping[str, Any], place: Place, kind: str, record: Record) -> None:
        super().__init__(told)
        self._place, self._kind, self._record = place, kind, record

    def holds(self) -> bool:
        """Say whether the record is there, is the same, and is at rest: then whoever asks again is told the same."""
        table = self._place.tables.get(self._kind)
        key = self._record.key
        return table is not None and table.records.get(key) is self._record and key not in table.moving

    def again(self, _: Call) -> Standing:
        """Return itself, as the answer to the same call."""
        return self
