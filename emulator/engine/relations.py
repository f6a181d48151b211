"""Relations: who is related to whom, of which each may be related to many; found from either side."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from graphlib import TopologicalSorter
from itertools import pairwise


class Relation:
    """Pairs of texts that stand for things (their ARNs, mostly), each side in the order in which pairs were made."""

    def __init__(self, journal: list[Callable[[], object]] | None = None) -> None:
        self._journal = [] if journal is None else journal
        self._forth: dict[str, dict[str, None]] = {}
        self._back: dict[str, dict[str, None]] = {}

    def add(self, one: str, other: str) -> bool:
        """Relate one to another; say whether they were not related yet."""
        if self.has(one, other):
            return False
        self._journal.append(partial(self.remove, one, other))
        self._forth.setdefault(one, {})[other] = None
        self._back.setdefault(other, {})[one] = None
        return True

    def remove(self, one: str, other: str) -> bool:
        """Part one from another; say whether they were related."""
        if not self.has(one, other):
            return False
        self._journal.append(partial(self.add, one, other))
        _drop(self._forth, one, other)
        _drop(self._back, other, one)
        return True

    def has(self, one: str, other: str) -> bool:
        """Say whether one is related to another."""
        return other in self._forth.get(one, ())

    def of(self, one: str) -> list[str]:
        """Return all that one is related to."""
        return list(self._forth.get(one, ()))

    def to(self, other: str) -> list[str]:
        """Return all that are related to another."""
        return list(self._back.get(other, ()))

    def pairs(self) -> list[list[str]]:
        """Return all pairs, so that relating them one after the other gives each side the order that it has here."""
        sorter: TopologicalSorter[tuple[str, str]] = TopologicalSorter()
        sides = [
            *([(one, other) for other in others] for one, others in self._forth.items()),
            *([(one, other) for one in ones] for other, ones in self._back.items()),
        ]
        for side in sides:
            sorter.add(side[0])
            for before, after in pairwise(side):
                sorter.add(after, before)
        sorter.prepare()
        found: list[list[str]] = []
        while ready := sorted(sorter.get_ready()):
            found += map(list, ready)
            sorter.done(*ready)
        return found

    def touches(self, thing: str) -> bool:
        """Say whether a thing is related to anything, from either side."""
        return thing in self._forth or thing in self._back

    def forget(self, thing: str) -> None:
        """Part a thing from all that it is related to, from either side."""
        for other in self.of(thing):
            self.remove(thing, other)
        for one in self.to(thing):
            self.remove(one, thing)


def _drop(side: dict[str, dict[str, None]], thing: str, other: str) -> None:
    del side[thing][other]
    if not side[thing]:
        del side[thing]
