"""All that there is, as one document that people can read and other emulators can take in.

A document is read to its end before anything changes: one that is damaged, or newer than this emulator, is refused
with a sentence and leaves everything as it was.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple, Protocol

from emulator.engine.clock import LATEST, Clock
from emulator.engine.lifecycle import GONE, State
from emulator.engine.resource import Resource
from emulator.engine.scope import Resources, check_place
from emulator.engine.store import Place, Record, Store, pack

VERSION = 1  # of the document; it grows when an older emulator would misread a newer one's

Document = dict[str, Any]

_TUPLE = "$tuple"  # how a note that is no list of JSON's is written
_LAST = 2**53  # of the serials: beyond it some readers of JSON no longer tell whole numbers apart


class Kept(Protocol):
    """What has a state: an emulator."""

    clock: Clock
    store: Store

    @property
    def catalogue(self) -> Resources:
        """The kinds that it knows."""


class _Read(NamedTuple):
    """What a document says of one place."""

    account: str
    region: str
    records: list[tuple[Resource, Record]]
    relations: list[tuple[str, str, str]]
    documents: list[tuple[str, str, Any]]  # with their shelves and names


# --- Out --------------------------------------------------------------------------------------------------------------


def export(emulator: Kept, account: str | None = None, region: str | None = None) -> Document:
    """Return everything, or all of one account, one region, or one place."""
    places = [_place(place) for place in emulator.store.places(account, region)]
    clock = {"clock": emulator.clock.now()} if emulator.clock.frozen else {}
    return {"version": VERSION, **clock, "places": [place for place in places if len(place) > 2]}


def _place(place: Place) -> Document:
    """Return what a place holds, without what is empty."""
    with place.lock:
        told = {
            "resources": {
                kind: [_record(one) for one in sorted(table.records.values(), key=lambda one: one.serial)]
                for kind, table in sorted(place.tables.items())
                if table.records
            },
            "relations": {
                name: [list(pair) for pair in pairs]
                for name, relation in sorted(place.relations.items())
                if (pairs := relation.pairs())
            },
            "shelves": {
                name: [{"name": called, "document": one} for called, one in shelf.items()]
                for name, shelf in sorted(place.shelves.items())
                if shelf
            },
        }
    return {"account": place.account, "region": place.region, **{name: one for name, one in told.items() if one}}


def _record(record: Record) -> Document:
    state = record.state
    told = {
        "state": state and {name: one for name, one in state._asdict().items() if one is not None},
        "family": written(list(record.family)),
        "tags": dict(record.tags),
        "own": written(dict(record.own)),
    }
    return {
        "key": list(record.key),
        "serial": record.serial,
        "arn": record.arn,
        "created": record.created,
        "modified": record.modified,
        **{name: one for name, one in told.items() if one},
        "members": record.members,
    }


def written(value: Any) -> Any:
    """Return a note as JSON can write it; a tuple says that it is one."""
    if isinstance(value, Mapping):
        return {name: written(one) for name, one in value.items()}
    if isinstance(value, tuple):
        return {_TUPLE: [written(one) for one in value]}
    if isinstance(value, list):
        return [written(one) for one in value]
    return value


def noted(value: Any) -> Any:
    """Return a note as it was before it was written."""
    if isinstance(value, dict):
        if value.keys() == {_TUPLE}:
            if not isinstance(value[_TUPLE], list):
                raise ValueError(f"A note is damaged: its {_TUPLE} is no list.")
            return tuple(noted(one) for one in value[_TUPLE])
        return {name: noted(one) for name, one in value.items()}
    return [noted(one) for one in value] if isinstance(value, list) else value


# --- In ---------------------------------------------------------------------------------------------------------------


def load(emulator: Kept, document: Mapping[str, Any]) -> int:
    """Take a document in: the places that it names hold what it says, all others what they held; return how many."""
    version = document.get("version")
    if type(version) is not int or version < 1:
        raise ValueError("This is no exported state: it says no version.")
    if version > VERSION:
        raise ValueError(f"This state has version {version}; this emulator reads versions up to {VERSION}.")
    clock = _time(document, "clock", "The state") if "clock" in document else None
    places = list(_each(document, "places", "The state", lambda said, where: _read(emulator.catalogue, said, where)))
    if len({one[:2] for one in places}) < len(places):
        raise ValueError("The state names an account and region twice.")
    with emulator.store.together(*(emulator.store.place(one.account, one.region) for one in places)):
        for one in places:
            _fill(emulator.store, one)
        if clock is not None:
            emulator.clock.freeze()
            emulator.clock.set(clock)
    return len(places)


def _fill(store: Store, said: _Read) -> None:
    place = store.place(said.account, said.region)
    place.clear()
    for resource, record in said.records:
        life, state = resource.lifecycle, record.state
        moving = bool(life and state and life.moves(state.status))
        place.table(resource.name).put(record, moving=moving, by_arn=not resource.arn_tells_key)
    for name, one, other in said.relations:
        place.relation(name).add(one, other)
    for shelf, name, document in said.documents:
        place.shelf(shelf).put(name, document)
    store.number(max((record.serial for _, record in said.records), default=0))


def _read(kinds: Resources, said: Mapping[str, Any], where: str) -> _Read:
    account, region = _of(said, "account", str, where), _of(said, "region", str, where)
    check_place(f"{where}: ", account=account, region=region)
    records = list(_records(kinds, _of(said, "resources", dict, where, {}), where))
    if len({record.serial for _, record in records}) < len(records):
        raise ValueError(f"{where} has two resources with the same serial.")
    relations = [
        (name, *pair)
        for name, pairs in _named(said, "relations", where).items()
        for pair in _pairs(pairs, f"The relation {name}")
    ]
    documents = list(_documents(_named(said, "shelves", where), where))
    return _Read(account, region, records, relations, documents)


def _records(kinds: Resources, said: Mapping[str, Any], where: str) -> Iterator[tuple[Resource, Record]]:
    for kind in said:
        try:
            resource = kinds.resource(kind)
        except LookupError:
            raise ValueError(f"{where} has resources of the kind {kind}, which is not known.") from None
        records = list(_each(said, kind, where, partial(_read_record, resource, _statuses(resource))))
        if len({record.key for record in records}) < len(records):
            raise ValueError(f"{where} has a {kind} twice.")
        yield from ((resource, record) for record in sorted(records, key=lambda one: one.serial))


def _statuses(resource: Resource) -> frozenset[str | None]:
    """Return the statuses that a resource can be in, whatever leads there."""
    life, shown = resource.lifecycle, resource.shown_members.get(resource.status_member or "")
    if life is None:
        return frozenset()
    ends = [(stage.then, stage.failed) for stage in life.times.values()]
    moves = [some for move in life.calls.values() for some in (move.keys(), move.values())]
    enum = resource.model.shape(shown).enum if shown else ()
    known = frozenset({life.begins}).union(life.times, life.works, *life.works.values(), *ends, *moves, enum)
    return known - {GONE}


def _read_record(resource: Resource, statuses: frozenset[str | None], said: Mapping[str, Any], where: str) -> Record:
    state = _of(said, "state", dict, where, {})
    return Record(
        key=_key_of(resource, said, where),
        serial=_serial(said, where),
        arn=_of(said, "arn", str, where),
        created=_time(said, "created", where),
        modified=_time(said, "modified", where),
        state=_state(statuses, state, f"{where}.state") if state else None,
        packed=pack(_of(said, "members", dict, where)),
        family=_key(_of(said, "family", list, where, []), where),
        tags=_tags(said, where),
        own=noted(_of(said, "own", dict, where, {})),
    )


def _key_of(resource: Resource, said: Mapping[str, Any], where: str) -> tuple[Any, ...]:
    key = _key(_of(said, "key", list, where), where)
    if len(key) not in {len(names) for names in resource.keys}:
        raise ValueError(f"{where} has a key that does not fit its kind.")
    return key


def _serial(said: Mapping[str, Any], where: str) -> int:
    serial: int = _of(said, "serial", int, where)
    if not 0 <= serial <= _LAST:
        raise ValueError(f"{where} has no serial from 0 to {_LAST}.")
    return serial


def _tags(said: Mapping[str, Any], where: str) -> dict[str, str]:
    tags: dict[str, str] = _of(said, "tags", dict, where, {})
    if not all(isinstance(value, str) for value in tags.values()):
        raise ValueError(f"{where} has tags that are no texts.")
    return tags


def _state(statuses: frozenset[str | None], said: Mapping[str, Any], where: str) -> State:
    reason = _of(said, "reason", str, where) if "reason" in said else None
    status = _of(said, "status", str, where)
    if status not in statuses:
        raise ValueError(f"{where} has the status {status}, which its kind does not know.")
    return State(status, _time(said, "since", where), reason)


def _documents(said: Mapping[str, Any], where: str) -> Iterator[tuple[str, str, Any]]:
    for shelf in said:
        held = _each(said, shelf, where, lambda one, here: (_of(one, "name", str, here), one.get("document")))
        if len(dict(held)) < len(held):
            raise ValueError(f"{where} has a document of the shelf {shelf} twice.")
        yield from ((shelf, name, document) for name, document in held)


def _pairs(said: Any, where: str) -> Iterator[tuple[str, str]]:
    for pair in said if isinstance(said, list) else [None]:
        if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, str) for one in pair)):
            raise ValueError(f"{where} is not a list of pairs.")
        yield pair[0], pair[1]


def _key(parts: list[Any], where: str) -> tuple[Any, ...]:
    parts = [noted(one) for one in parts]
    if not all(type(one) in (str, int) for one in parts):
        raise ValueError(f"{where} has a key that is not of texts and whole numbers.")
    return tuple(parts)


def _named(said: Mapping[str, Any], name: str, where: str) -> dict[str, Any]:
    """Return an object of a document; ValueError if it has a name that nobody can write down."""
    named: dict[str, Any] = _of(said, name, dict, where, {})
    try:
        "".join(named).encode()
    except UnicodeError:
        raise ValueError(f"{where} has {name} whose name is no text.") from None
    return named


def _each(said: Mapping[str, Any], name: str, where: str, read: Callable[[Mapping[str, Any], str], Any]) -> list[Any]:
    """Return what is read from each of a list of objects; a list that is not there is empty."""
    found = []
    for number, one in enumerate(_of(said, name, list, where, [])):
        here = f"{where}: {name}[{number}]"
        if not isinstance(one, dict):
            raise ValueError(f"{here} is not an object.")  # noqa: TRY004 - of the document
        found.append(read(one, here))
    return found


def _time(said: Mapping[str, Any], name: str, where: str) -> float:
    value = said.get(name)
    fits = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not fits or not 0 <= value <= LATEST:  # type: ignore[operator]
        raise ValueError(f"{where} has no {name} in seconds since 1970.")
    return value  # type: ignore[return-value]


_NOUNS = {str: "text", int: "whole number", dict: "object", list: "list"}


def _of(said: Mapping[str, Any], name: str, wanted: type, where: str, missing: Any = None) -> Any:
    """Return a value of a document; ValueError if it is none of the type wanted."""
    value = said.get(name, missing)
    if type(value) is not wanted:
        raise ValueError(f"{where} has no {name}, or one that is no {_NOUNS[wanted]}.")
    return value
