"""A shelf: documents by name that are no resources of the service, such as records, programs, and stacks.

A document is whatever JSON can hold. It is kept packed, so what is read belongs to the reader.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from emulator.engine.journal import DOCUMENT, Journal

Held = tuple[int, str]  # a document as it is kept: the number in the order in which names came, and its JSON


class Shelf:
    """Documents by name, the oldest first. Every change leaves in the place's journal how it is undone."""

    def __init__(self, journal: Journal | None = None, name: str = "") -> None:
        self._journal = Journal() if journal is None else journal
        self._name = name
        self._held: dict[str, Held] = {}
        self._last = 0

    def get(self, name: str) -> Any:
        """Return a document; None if there is none of that name."""
        held = self._held.get(name)
        return None if held is None else json.loads(held[1])

    def put(self, name: str, document: Any) -> None:
        """Keep a document, in the place of the one of that name if there is one."""
        old = self._held.get(name)
        held = (self._last + 1 if old is None else old[0]), _dumps(document)
        self._journal.note(partial(self.restore, name, old), DOCUMENT, self._name, name)
        self.restore(name, held)

    def remove(self, name: str) -> bool:
        """Take a document away; say whether there was one."""
        old = self._held.pop(name, None)
        if old is not None:
            self._journal.note(partial(self.restore, name, old), DOCUMENT, self._name, name)
        return old is not None

    def held(self, name: str) -> Held | None:
        """Return a document as it is kept; None if there is none of that name."""
        return self._held.get(name)

    def restore(self, name: str, held: Held | None) -> None:
        """Have a document be as it once was kept, or not be there; the order is that of the numbers again."""
        if held is None:
            self._held.pop(name, None)
            return
        known, last = name in self._held, self._last
        self._held[name], self._last = held, max(last, held[0])
        if not known and held[0] <= last:
            self._held = dict(sorted(self._held.items(), key=lambda one: one[1][0]))

    def __contains__(self, name: object) -> bool:
        return name in self._held

    def __len__(self) -> int:
        return len(self._held)

    def __iter__(self) -> Iterator[str]:
        """Yield the names, the oldest first, whatever becomes of the documents meanwhile."""
        return iter(list(self._held))

    @property
    def oldest(self) -> str | None:
        """The name that came first; None if there is none."""
        return next(iter(self._held), None)

    def items(self) -> Iterator[tuple[str, Any]]:
        """Yield the names with their documents, the oldest first."""
        return ((name, self.get(name)) for name in self)


_dumps = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode
