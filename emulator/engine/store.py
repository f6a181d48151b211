"""Records, kept apart by account and region, found by key, and read in any order that was ever asked for.

Records never change: a change is a new record in the old one's place. Whoever holds one holds the truth of a moment,
and every index is put right by the table that the change goes through.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import partial
from itertools import count
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from sortedcontainers import SortedList

from emulator.aws import jsontext
from emulator.aws.errors import ServiceError
from emulator.engine.journal import RECORD, Journal
from emulator.engine.lifecycle import State
from emulator.engine.relations import Relation
from emulator.engine.shelf import Shelf

Key = tuple[Any, ...]
Family = tuple[Any, ...]


class Record(NamedTuple):
    """One resource as it was after the last change.

    ``packed`` holds what the client sent and the service made, as JSON: small, and shared with nobody. ``own`` is what
    the engine notes about it and no client sees: a version counter, aliases, a policy.
    """

    key: Key
    serial: int  # the order of creation; never reused
    arn: str
    created: float
    modified: float
    state: State | None
    packed: bytes
    family: Family = ()
    tags: Mapping[str, str] = {}
    own: Mapping[str, Any] = {}

    @property
    def members(self) -> dict[str, Any]:
        """What the client sent and the service made: a copy that belongs to the caller."""
        members: dict[str, Any] = jsontext.read(self.packed)
        return members


def pack(members: Mapping[str, Any]) -> bytes:
    """Return members as a record keeps them."""
    return bytes(memoryview(jsontext.write(members)))  # what is written has room to spare behind it, the copy has none


SortValue = Callable[[Record], Any]


class Table:
    """The records of one kind in one place. Every change leaves in the place's journal how it is undone."""

    def __init__(self, journal: Journal | None = None, name: str = "") -> None:
        self._journal = Journal() if journal is None else journal
        self._name = name
        self.records: dict[Key, Record] = {}
        self.families: dict[Family, dict[Key, Record]] = {}
        # Those that time may move; ordered, so that looking at them takes no longer after many have come to rest.
        self.moving: OrderedDict[Key, Record] = OrderedDict()
        self.arns: dict[str, Key] = {}  # of those whose ARN does not tell their key
        self._indexes: dict[Family | None, dict[str, tuple[SortValue, SortedList]]] = {}

    def put(self, record: Record, *, moving: bool, by_arn: bool = False) -> None:
        """Add a record, or take it in place of the one with its key; ``by_arn`` makes it be found by its ARN too."""
        key = record.key
        old = self.records.get(key)
        self._journal.note(partial(self._restore, key, old, key in self.moving, by_arn), RECORD, self._name, key)
        self._in(old, record, moving, by_arn)

    def remove(self, record: Record) -> None:
        """Take a record out."""
        was = record.key in self.moving, record.arn in self.arns
        undo = partial(self._restore, record.key, self.records[record.key], *was)
        self._journal.note(undo, RECORD, self._name, record.key)
        self._out(record)

    def _restore(self, key: Key, old: Record | None, moving: bool, by_arn: bool) -> None:
        if old is not None:
            self._in(self.records.get(key), old, moving, by_arn)
        elif key in self.records:
            self._out(self.records[key])

    def _in(self, old: Record | None, record: Record, moving: bool, by_arn: bool) -> None:
        if self._indexes:
            self._reindex(old, record)
        self.records[record.key] = record
        if by_arn:
            self.arns[record.arn] = record.key
        if record.family:
            self.families.setdefault(record.family, {})[record.key] = record
        if moving:
            self.moving[record.key] = record
        elif old is not None:
            self.moving.pop(record.key, None)

    def _out(self, record: Record) -> None:
        self._reindex(self.records.pop(record.key), None)
        self.moving.pop(record.key, None)
        self.arns.pop(record.arn, None)
        if record.family:
            siblings = self.families[record.family]
            del siblings[record.key]
            if not siblings:
                del self.families[record.family]
                self._indexes.pop(record.family, None)

    def family(self, family: Family) -> dict[Key, Record]:
        """Return the records of one family, oldest first: the table's own, not to be written to."""
        return self.families.get(family, {})

    def ordered(
        self, family: Family | None, name: str, value: SortValue, after: tuple[Any, int] | None, *, descending: bool
    ) -> Iterator[Record]:
        """Yield records in the order of a value, from behind a (value, serial) on; ties by serial.

        ``family`` restricts to one family; None stands for all. The order is kept from the first time it is asked for.
        """
        indexes = self._indexes.setdefault(family, {})
        if name not in indexes:
            records = self.records if family is None else self.family(family)
            indexes[name] = value, SortedList((value(one), one.serial, one.key) for one in records.values())
        _, index = indexes[name]
        if descending:
            entries = index.irange(None, after, (True, False), reverse=True)
        else:
            entries = index.irange(None if after is None else (after[0], after[1] + 1))
        return (self.records[key] for _, _, key in entries)

    def _reindex(self, old: Record | None, new: Record | None) -> None:
        record = new or old
        families = () if record is None else (None, record.family) if record.family else (None,)
        for family in families:
            for value, index in self._indexes.get(family, {}).values():
                was = old and (value(old), old.serial, old.key)
                now = new and (value(new), new.serial, new.key)
                if was != now:
                    if was:
                        index.remove(was)
                    if now:
                        index.add(now)


class Serials:
    """Numbers in the order of creation, each given once."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __iter__(self) -> Iterator[int]:
        return self

    def __next__(self) -> int:
        return next(self._numbers)

    def past(self, last: int) -> None:
        """Give only numbers behind one from now on."""
        self._numbers = count(max(next(self._numbers), last + 1))


class Place:
    """All that one account has in one region, and the lock that a call holds while it reads and writes there."""

    def __init__(self, account: str, region: str, serials: Iterator[int]) -> None:
        self.account = account
        self.region = region
        self.lock = threading.RLock()
        self.tables: dict[str, Table] = {}
        self.relations: dict[str, Relation] = {}
        self.shelves: dict[str, Shelf] = {}
        self.journal = Journal()
        self.depth = 0  # of calls within calls
        self.busy: set[tuple[str, Key]] = set()  # who is at work in the present call
        self.serial = serials.__next__  # the next number in the order of creation

    def table(self, kind: str) -> Table:
        """Return the table of a kind, an empty one at first."""
        table = self.tables.get(kind)
        if table is None:
            table = self.tables.setdefault(kind, Table(self.journal, kind))
        return table

    def relation(self, name: str) -> Relation:
        """Return the relation of that name, an empty one at first."""
        return self.relations.setdefault(name, Relation(self.journal, name))

    def shelf(self, name: str) -> Shelf:
        """Return the shelf of that name, an empty one at first."""
        return self.shelves.setdefault(name, Shelf(self.journal, name))

    def keep(self, begin: int) -> None:
        """Keep for good what was changed since, if nothing was changed before: time's work, which no refusal undoes."""
        if begin == 0:
            self.journal.clear()

    def undo(self, begin: int) -> None:
        """Undo what was changed since the journal had so many entries."""
        steps = self.journal[begin:]
        for step in reversed(steps):
            step()
        del self.journal[begin:]

    def clear(self) -> None:
        """Forget all that is here."""
        self.journal.note_all(partial(self._restore, self.tables, self.relations, self.shelves))
        self._restore({}, {}, {})

    def _restore(self, tables: dict[str, Table], relations: dict[str, Relation], shelves: dict[str, Shelf]) -> None:
        self.tables, self.relations, self.shelves = tables, relations, shelves


class Ledger(Protocol):
    """Where all that there is is written down."""

    def write(self, places: Iterable[Place]) -> None:
        """Write down what was touched in places that are held; ServiceError if that cannot be done."""

    def writing(self) -> AbstractContextManager[None]:
        """Have all that is written meanwhile be written at once, or not at all."""


T = TypeVar("T")


class Changing(Generic[T]):
    """One call in a place; it gives what the call reaches. A generator would cost every call a microsecond."""

    __slots__ = ("_begin", "_place", "_reach", "_store")

    def __init__(self, store: Store, place: Place, reach: T) -> None:
        self._store, self._place, self._reach = store, place, reach

    def __enter__(self) -> T:
        place = self._place
        place.lock.acquire()
        place.depth += 1
        self._begin = len(place.journal)
        return self._reach

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        place = self._place
        try:
            if kind is not None:
                place.undo(self._begin)  # what is refused changes nothing, however far it had come
            if place.depth == 1:
                self._store.done(place)  # and yet time may have
        except BaseException:
            place.undo(self._begin)
            raise
        finally:
            place.depth -= 1
            if not place.depth:
                place.journal.clear()
            place.lock.release()


class Store:
    """Every place."""

    def __init__(self, hold: Callable[[Place], object] | None = None) -> None:
        self._hold = hold  # is told of each place where a call is done and holds
        self._places: dict[tuple[str, str], Place] = {}
        self._serials = Serials()
        self.ledger: Ledger | None = None  # where all that is here is written down, if it is

    def attach(self, ledger: Ledger | None) -> None:
        """Have all that changes from now on be written down, or not any more."""
        self.ledger = ledger
        for place in self.places():
            place.journal.touched = None if ledger is None else {}

    def number(self, last: int) -> None:
        """Give from now on only numbers behind the last one that is taken."""
        self._serials.past(last)

    def place(self, account: str, region: str) -> Place:
        """Return the place of an account in a region."""
        place = self._places.get((account, region))
        if place is None:
            place = self._places.setdefault((account, region), Place(account, region, self._serials))
            if self.ledger is not None and place.journal.touched is None:
                place.journal.touched = {}
        return place

    def places(self, account: str | None = None, region: str | None = None) -> list[Place]:
        """Return the places that were ever used, or those of one account, one region or both, in their order."""
        return [
            place
            for where, place in sorted(self._places.items())
            if account in (None, place.account) and region in (None, place.region)
        ]

    def changing(self, place: Place, reach: T) -> Changing[T]:
        """Hold a place for one call: what it changes there holds when it is done, and is undone if it is refused.

        A call within a call is a part of it. ``reach`` is what whoever holds the place is given.
        """
        return Changing(self, place, reach)

    @contextmanager
    def together(self, *places: Place) -> Iterator[None]:
        """Hold several places for one call: what it changes holds in all of them, or in none."""
        with ExitStack() as held:
            for place in sorted(places, key=lambda one: (one.account, one.region)):
                held.enter_context(self.changing(place, None))
            with nullcontext() if self.ledger is None else self.ledger.writing():
                yield
                self.keep(*places)

    def done(self, place: Place) -> None:
        """Let hold what a call has changed in a place, or what is left of that if it is refused."""
        if self.ledger is not None:
            self.keep(place)
        if self._hold is not None:
            self._hold(place)

    def keep(self, *places: Place) -> None:
        """Have written down what has changed in places that are held, if it is; ServiceError if it cannot be.

        What only time has changed may be written later.
        """
        if self.ledger is None:
            return
        try:
            self.ledger.write(places)
        except ServiceError:
            if any(place.journal for place in places):
                raise

    def reset(self, account: str | None = None, region: str | None = None) -> None:
        """Forget everything, or all of one account, one region, or one place."""
        places = self.places(account, region)
        with self.together(*places):
            for place in places:
                place.clear()
