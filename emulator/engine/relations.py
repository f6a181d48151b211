"""Relations: who is related to whom, of which each may be related to many; found from either side."""

from __future__ import annotations

from functools import partial

from emulator.engine.journal import PAIR, Journal

Pair = tuple[str, str]


class Relation:
    """Pairs of texts that stand for things (their ARNs, mostly), each side in the order in which pairs were made."""

    def __init__(self, journal: Journal | None = None, name: str = "") -> None:
        self._journal = Journal() if journal is None else journal
        self._name = name
        self._forth: dict[str, dict[str, int]] = {}  # with the numbers of the pairs, in their order
        self._back: dict[str, dict[str, int]] = {}
        self._last = 0

    def add(self, one: str, other: str) -> bool:
        """Relate one to another; say whether they were not related yet."""
        if self.has(one, other):
            return False
        self._journal.note(partial(self.restore, one, other, None), PAIR, self._name, (one, other))
        self.restore(one, other, self._last + 1)
        return True

    def remove(self, one: str, other: str) -> bool:
        """Part one from another; say whether they were related."""
        number = self.number(one, other)
        if number is None:
            return False
        self._journal.note(partial(self.restore, one, other, number), PAIR, self._name, (one, other))
        self.restore(one, other, None)
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

    def pairs(self) -> list[Pair]:
        """Return all pairs in the order in which they were made."""
        numbered = [(number, one, other) for one, others in self._forth.items() for other, number in others.items()]
        return [(one, other) for _, one, other in sorted(numbered)]

    def touches(self, thing: str) -> bool:
        """Say whether a thing is related to anything, from either side."""
        return thing in self._forth or thing in self._back

    def forget(self, thing: str) -> None:
        """Part a thing from all that it is related to, from either side."""
        for other in self.of(thing):
            self.remove(thing, other)
        for one in self.to(thing):
            self.remove(one, thing)

    def number(self, one: str, other: str) -> int | None:
        """Return the number of a pair in the order of their making; None if the two are not related."""
        return self._forth.get(one, {}).get(other)

    def restore(self, one: str, other: str, number: int | None) -> None:
        """Have a pair be as it once was, or not be there; the order is that of the numbers again."""
        for side, thing, partner in ((self._forth, one, other), (self._back, other, one)):
            partners = side.setdefault(thing, {})
            if number is None:
                partners.pop(partner, None)
            else:
                partners[partner] = number
                if number <= self._last:
                    side[thing] = dict(sorted(partners.items(), key=lambda pair: pair[1]))
            if not side[thing]:
                del side[thing]
        self._last = max(self._last, number or 0)
