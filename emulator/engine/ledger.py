"""The ledger: a file in which all that there is is written down, call by call, so that it outlives the process.

What a call has changed is written in one transaction before the call is acknowledged. A file is read to its end before
anything is written to it: one that is damaged, of a newer version, or in use is refused and stays as it is.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, Protocol
from zlib import crc32

from emulator.aws import errors
from emulator.aws.errors import ServiceError
from emulator.engine import state
from emulator.engine.clock import Chance, Clock
from emulator.engine.journal import ALL, DOCUMENT, PAIR, RECORD, Mark
from emulator.engine.lifecycle import State
from emulator.engine.scope import Resources
from emulator.engine.store import Place, Record, Store

FILE = "state.db"
VERSION = 1  # of the file; it grows when an older emulator would misread a newer one's
OURS = 0x6C656467  # what SQLite's application_id says in every ledger

_SCHEMA = f"""
PRAGMA application_id = {OURS};
PRAGMA user_version = {VERSION};
CREATE TABLE kept (
    account TEXT, region TEXT, sort TEXT, name TEXT, key TEXT, number INTEGER, head TEXT, body BLOB, sum INTEGER,
    PRIMARY KEY (account, region, sort, name, key)
);
"""
_PUT = "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_REMOVE = "DELETE FROM kept WHERE account = ? AND region = ? AND sort = ? AND name = ? AND key = ?"
_CLEAR = "DELETE FROM kept WHERE account = ? AND region = ?"
_STAND = ("", "", "stand", "", "")  # the one row that is about no place


class LedgerError(ValueError):
    """A ledger cannot be used; it is left as it is."""


class Kept(Protocol):
    """What is written down: an emulator."""

    clock: Clock
    chance: Chance
    store: Store

    @property
    def catalogue(self) -> Resources:
        """The kinds that it knows."""


class Row(NamedTuple):
    """One thing as it is written: whose it is, its number in the order of their coming, and what it is."""

    account: str
    region: str
    sort: str
    name: str
    key: str
    number: int
    head: str
    body: bytes

    @property
    def sum(self) -> int:
        """What shows that nothing of it has been lost."""
        text = f"{self.account} {self.region} {self.sort} {self.name} {self.key} {self.number} {self.head}"
        return crc32(self.body, crc32(text.encode()))


class Stand(NamedTuple):
    """What holds for all places: the clock and when that was, the last number, and how often somebody went on here."""

    stands: float | None = None
    ahead: float = 0.0
    time: float = 0.0
    serial: int = 0
    starts: int = 0

    def at(self, clock: Clock) -> Stand:
        """Return how it stands now."""
        stands, ahead = clock.shown
        return self._replace(stands=stands, ahead=ahead, time=clock.now())

    @property
    def row(self) -> tuple[Any, ...]:
        """What is written of it."""
        row = Row(*_STAND, 0, json.dumps(self), b"")
        return (*row, row.sum)


class Ledger:
    """An open ledger, which nobody else can open meanwhile."""

    def __init__(self, emulator: Kept, file: sqlite3.Connection, stand: Stand) -> None:
        self._store, self._clock = emulator.store, emulator.clock
        self._file = file
        self._stand = stand
        self._lock = threading.RLock()
        self._unsure: list[tuple[Place, dict[Mark, None]]] = []  # what is written, but not for good yet

    @property
    def empty(self) -> bool:
        """Whether nothing is written in it yet."""
        found = self._file.execute("SELECT 1 FROM kept WHERE account != '' LIMIT 1").fetchone()
        return found is None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Have all that is written meanwhile be written at once, or not at all; ServiceError if it cannot be."""
        with self._lock:
            if self._file.in_transaction:
                yield
                return
            before = self._stand
            try:
                self._file.execute("BEGIN IMMEDIATE")
                yield
                self._file.execute("COMMIT")
                self._unsure.clear()
            except (sqlite3.Error, OverflowError, UnicodeError) as error:  # SQLite has no form for some values
                self._back(before)
                raise ServiceError("InternalFailure", errors.NOT_WRITTEN(reason=error), status=500) from error
            except BaseException:
                self._back(before)
                raise

    def write(self, places: Iterable[Place]) -> None:
        """Write down what was touched in places that are held; ServiceError if it cannot be."""
        if not any(place.journal.touched for place in places):
            return
        with self.writing():
            for place in places:
                touched, place.journal.touched = place.journal.touched or {}, {}
                self._unsure.append((place, touched))
                self._write(place, touched)
            self._write_stand()

    def _write(self, place: Place, touched: Mapping[Mark, None]) -> None:
        where = (place.account, place.region)
        if ALL in touched:
            self._file.execute(_CLEAR, where)
        found = {mark: _row(place, mark) for mark in (_everything(place) if ALL in touched else touched)}
        rows = [row for row in found.values() if row is not None]
        gone = [(*where, sort, name, json.dumps(key)) for (sort, name, key), row in found.items() if row is None]
        self._file.executemany(_PUT, [(*row, row.sum) for row in rows])
        self._file.executemany(_REMOVE, gone)
        last = max((row.number for row in rows if row.sort == RECORD), default=0)
        self._stand = self._stand._replace(serial=max(last, self._stand.serial))

    def told(self) -> None:
        """Write down where the clock is."""
        with self.writing():
            self._write_stand()

    def _write_stand(self) -> None:
        self._stand = self._stand.at(self._clock)
        self._file.execute(_PUT, self._stand.row)

    def _back(self, before: Stand) -> None:
        """Take back what was written, and note that it is still to be."""
        with suppress(sqlite3.Error):
            if self._file.in_transaction:
                self._file.execute("ROLLBACK")
        for place, touched in self._unsure:
            place.journal.touched = touched | (place.journal.touched or {})
        self._unsure.clear()
        self._stand = before
        self._clock.restore(before.stands, before.ahead)

    def close(self) -> None:
        """Write no more, and let others open it."""
        with self._lock:
            self._store.attach(None)
            self._clock.watcher = None
            self._file.close()


# --- What is written --------------------------------------------------------------------------------------------------


def _everything(place: Place) -> Iterator[Mark]:
    for kind, table in place.tables.items():
        yield from ((RECORD, kind, key) for key in table.records)
    for name, relation in place.relations.items():
        yield from ((PAIR, name, pair) for pair in relation.pairs())
    for name, shelf in place.shelves.items():
        yield from ((DOCUMENT, name, one) for one in shelf)


def _row(place: Place, mark: Mark) -> Row | None:
    """Return what is written of a thing as it is now; None if it is not there."""
    sort, name, key = mark
    what = _WHAT[sort](place, name, key)
    return None if what is None else Row(place.account, place.region, sort, name, json.dumps(key), *what)


def _record(place: Place, kind: str, key: Any) -> tuple[int, str, bytes] | None:
    record = place.table(kind).records.get(key)
    if record is None:
        return None
    _, serial, arn, created, modified, stage, packed, *rest = record
    return serial, json.dumps([arn, created, modified, stage, *map(state.written, rest)]), packed


def _pair(place: Place, name: str, pair: tuple[str, str]) -> tuple[int, str, bytes] | None:
    number = place.relation(name).number(*pair)
    return None if number is None else (number, "", b"")


def _document(place: Place, shelf: str, name: str) -> tuple[int, str, bytes] | None:
    held = place.shelf(shelf).held(name)
    return None if held is None else (held[0], "", held[1].encode())


_WHAT: Mapping[str, Callable[[Place, str, Any], tuple[int, str, bytes] | None]] = {
    RECORD: _record,
    PAIR: _pair,
    DOCUMENT: _document,
}


# --- What was written -------------------------------------------------------------------------------------------------


def open(emulator: Kept, directory: Path) -> Ledger:  # noqa: A001 - what one does with a ledger
    """Let an emulator go on from what was written in a directory, and write there from now on; LedgerError if not."""
    path = directory / FILE
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        read = _fill(emulator, _read(path))
        _go_on(emulator, read)
        stand = read._replace(starts=read.starts + 1).at(emulator.clock)
        file = _hold(path, read, stand)
    except LedgerError as error:
        raise LedgerError(f"{path}: {error}") from error
    except (sqlite3.Error, OSError) as error:
        raise LedgerError(f"{path}: {_why(error)}") from error
    ledger = Ledger(emulator, file, stand)
    emulator.store.attach(ledger)
    emulator.clock.watcher = ledger.told
    return ledger


def _make(path: Path) -> None:
    """Make a ledger in which nothing is written yet: there is none, or a whole one."""
    journal = path.with_name(f"{FILE}-wal")
    if journal.exists() and journal.stat().st_size:
        raise LedgerError(f"the file is missing, but not {FILE}-wal, which is a part of it.")
    with TemporaryDirectory(dir=path.parent) as scratch:
        fresh = Path(scratch) / FILE
        with closing(sqlite3.connect(fresh)) as made:
            made.executescript(f"BEGIN; {_SCHEMA} COMMIT;")
        try:
            os.link(fresh, path)
        except FileExistsError:
            return  # somebody was quicker
        except OSError:
            fresh.rename(path)  # where a file has one name only


def _read(path: Path) -> list[Row]:
    """Return all that is written, without writing; LedgerError if that cannot be known for sure."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0)) as file:
            _refuse_strange(file)
            return sorted((_checked(*row) for row in file.execute("SELECT * FROM kept")), key=lambda row: row.number)
    except LedgerError:
        raise
    except (sqlite3.Error, TypeError, ValueError) as error:
        if str(error) in _NOT_ITS_FAULT:
            raise
        raise LedgerError(_STRANGE) from error  # whatever stands there has led SQLite or us astray


def _refuse_strange(file: sqlite3.Connection) -> None:
    """Refuse what is no ledger, what a newer emulator has written, and what has come apart."""
    [ours], [version] = (file.execute(f"PRAGMA {one}").fetchone() for one in ("application_id", "user_version"))
    if ours != OURS:
        raise LedgerError(_STRANGE)
    if version > VERSION:
        raise LedgerError(f"this state has version {version}; this emulator reads versions up to {VERSION}.")
    if file.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
        raise LedgerError(_DAMAGED)


def _checked(*columns: Any) -> Row:
    row = Row(*columns[:-1])
    if row.sum != columns[-1]:
        raise LedgerError(_DAMAGED)
    return row


_STRANGE = "this is no state of an emulator, or it is damaged. It is left as it is."
_DAMAGED = "this state is damaged. It is left as it is."
_IN_USE = "this state is in use by another emulator."
_LOCKED = "database is locked"
_NOT_ITS_FAULT = (_LOCKED, "unable to open database file", "disk I/O error")


def _fill(emulator: Kept, rows: list[Row]) -> Stand:
    """Put all that was written where it was; return what holds for all places."""
    stand = Stand()
    for row in rows:
        if row[:5] == _STAND:
            stand = Stand(*json.loads(row.head))
        else:
            _FILL[row.sort](emulator, emulator.store.place(row.account, row.region), row)
    for place in emulator.store.places():
        place.journal.clear()
    emulator.store.number(stand.serial)
    return stand


def _fill_record(emulator: Kept, place: Place, row: Row) -> None:
    try:
        resource = emulator.catalogue.resource(row.name)
    except LookupError:
        raise LedgerError(f"this state has resources of the kind {row.name}, which is not known.") from None
    arn, created, modified, stage, family, tags, own = json.loads(row.head)
    entered = State(*stage) if stage else None
    life, key = resource.lifecycle, tuple(json.loads(row.key))
    record = Record(key, row.number, arn, created, modified, entered, row.body, *map(state.noted, (family, tags, own)))
    place.table(row.name).put(
        record, moving=bool(life and entered and life.moves(entered.status)), by_arn=not resource.arn_tells_key
    )


def _fill_pair(_: Kept, place: Place, row: Row) -> None:
    one, other = json.loads(row.key)
    place.relation(row.name).restore(one, other, row.number)


def _fill_document(_: Kept, place: Place, row: Row) -> None:
    place.shelf(row.name).restore(json.loads(row.key), (row.number, row.body.decode()))


_FILL = {RECORD: _fill_record, PAIR: _fill_pair, DOCUMENT: _fill_document}


def _go_on(emulator: Kept, read: Stand) -> None:
    """Have time and chance go on where they were, if they ever were."""
    if read.starts:
        emulator.chance = emulator.chance.again(read.starts)
        emulator.clock.show(read.stands, read.ahead)
        if emulator.clock.now() < read.time:
            emulator.clock.set(read.time)


def _hold(path: Path, read: Stand, stand: Stand) -> sqlite3.Connection:
    """Open a ledger so that nobody else can; LedgerError if somebody has gone on from it since it was read."""
    file = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        for setting in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = NORMAL"):
            file.execute(f"PRAGMA {setting}")
        file.execute("BEGIN IMMEDIATE")
        _refuse_other(file, read)
        file.execute(_PUT, stand.row)
        file.execute("COMMIT")
    except BaseException:
        file.close()
        raise
    return file


def _refuse_other(file: sqlite3.Connection, read: Stand) -> None:
    [head] = file.execute("SELECT head FROM kept WHERE sort = ?", (_STAND[2],)).fetchone() or [json.dumps(Stand())]
    if Stand(*json.loads(head)).starts != read.starts:
        raise LedgerError(_IN_USE)


def _why(error: Exception) -> str:
    """Return in one sentence why a ledger cannot be opened."""
    if isinstance(error, sqlite3.Error) and str(error) not in _NOT_ITS_FAULT:
        return _DAMAGED
    return _IN_USE if str(error) == _LOCKED else f"{getattr(error, 'strerror', None) or error}."
