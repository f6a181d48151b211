"""A shelf: documents by name that are no resources of the service, such as records, programs, and stacks.

A document is whatever JSON can hold. It is kept packed, so what is read belongs to the reader.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from typing import Any


class Shelf:
    """Documents by name, the oldest first. Every change leaves in the place's journal how it is undone."""

    def __init__(self, journal: list[Callable[[], object]] | None = None) -> None:
        self._journal = [] if journal is None else journal
        self._numbers = count(1)
        self._packed: dict[str, tuple[int, str]] = {}  # with the order in which names came

    def get(self, name: str) -> Any:
        """Return a document; None if there is none of that name."""
        held = self._packed.get(name)
        return None if held is None else json.loads(held[1])

    def put(self, name: str, document: Any) -> None:
        """Keep a document, in the place of the one of that name if there is one."""
        old = self._packed.get(name)
        self._journal.append(partial(self._restore, name, old))
        self._packed[name] = (next(self._numbers) if old is None else old[0], _dumps(document))

    def remove(self, name: str) -> bool:
        """Take a document away; say whether there was one."""
        old = self._packed.pop(name, None)
        if old is not None:
            self._journal.append(partial(self._restore, name, old))
        return old is not None

    def _restore(self, name: str, old: tuple[int, str] | None) -> None:
        if old is None:
            self._packed.pop(name, None)
        else:
            self._packed[name] = old

    def __contains__(self, name: object) -> bool:
        return name in self._packed

    def __len__(self) -> int:
        return len(self._packed)

    def __iter__(self) -> Iterator[str]:
        """Yield the names, the oldest first, also after a document came back by being undone."""
        return iter(sorted(self._packed, key=lambda name: self._packed[name][0]))

    def items(self) -> Iterator[tuple[str, Any]]:
        """Yield the names with their documents, the oldest first."""
        return ((name, self.get(name)) for name in self)


_dumps = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode
