"""What one call may reach: the store, the clock and the kinds, in the account and region of the call.

It finds and it settles; it never decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from emulator.aws import arn
from emulator.aws.errors import ServiceError
from emulator.aws.model import Operation, Shape
from emulator.aws.validation import Validator
from emulator.engine import identity, lifecycle, paths
from emulator.engine.clock import Chance, Timepiece
from emulator.engine.kind import Parent
from emulator.engine.lifecycle import GONE, Lifecycle, Pace, State
from emulator.engine.neighbours import Neighbours
from emulator.engine.resource import ENTERED, Resource
from emulator.engine.store import Key, Place, Record, Table

if TYPE_CHECKING:
    from emulator.engine.selecting import Which

LOOKS = "looks"  # the note of how often a record was looked at in its present status


@dataclass
class Settings:
    """What whoever runs the emulator may choose. Changes count from the next call on."""

    account: str = "123456789012"
    region: str = "us-east-1"
    pace: Pace = field(default_factory=Pace)
    filter_first: bool = False
    strict: bool = True  # whether what is referred to must exist
    paces: tuple[tuple[Which, Pace], ...] = ()  # those of some resources; the first that is about one holds


_FORMS = {
    "account": ("[0-9]{12}", "twelve digits"),
    "region": ("[a-z0-9-]{1,64}", "small letters, digits and hyphens"),
}


def check_place(where: str = "", /, **said: Any) -> None:
    """Refuse an account or a region that is none with a ValueError: no client would take its ARNs for any.

    ``where`` it was said stands before what is wrong with it.
    """
    for name, value in said.items():
        form, words = _FORMS[name]
        if not isinstance(value, str) or not re.fullmatch(form, value):
            raise ValueError(f"{where}{name} is {value!r} and not {words}.")


Act = Callable[["Scope", Mapping[str, Any]], dict[str, Any] | None]


class Answered(NamedTuple):
    """An operation that is answered: by what, and what it takes and gives."""

    operation: Operation
    input: Shape
    output: Shape | None
    act: Act
    emptied: frozenset[str] = frozenset()


class Asked(Protocol):
    """What was asked for that calls meet."""

    def why(self, scope: Scope, resource: Resource, record: Record, status: str) -> str | None:
        """Return why a resource that leaves a status fails; None if that was not asked for."""

    def act(self, answered: Answered, scope: Scope, params: Mapping[str, Any]) -> dict[str, Any] | None:
        """Do what an operation does, within the quotas."""


class Observer(Protocol):
    """Who is told of every change."""

    def see(self, scope: Scope, resource: Resource, old: Record | None, new: Record | None) -> None:
        """Note a change, which is forgotten if the call is refused."""


class Resources(Protocol):
    """Where kinds come from, and the operations on them."""

    @property
    def working(self) -> frozenset[str]:
        """The names of the kinds that live by work of their own."""

    def find(self, name: str) -> Answered | None:
        """Return how an operation is answered; None if it is not."""

    def resource(self, name: str) -> Resource:
        """Return the kind of that name; LookupError if there is none."""

    def beyond(self, scope: Scope, resource: Resource, params: Mapping[str, Any]) -> None:
        """Refuse params that refer to what other services do not have."""

    def follow(self, scope: Scope, resource: Resource, old: Record | None, new: Record | None) -> None:
        """Do what follows from a resource's creation, change of state, or end."""

    def changed(self, scope: Scope, resource: Resource, old: Record, new: Record) -> None:
        """Do what follows from a change of a resource's members in an unchanged state."""

    def work(self, scope: Scope, resource: Resource, record: Record) -> Record:
        """Do the next work of a resource that is due by now; return the same record if there is none."""


class Scope(NamedTuple):
    """The reach of one call."""

    place: Place
    clock: Timepiece
    chance: Chance
    settings: Settings
    resources: Resources
    validator: Validator
    output: Shape | None  # of the current operation
    asked: Asked | None = None
    observer: Observer | None = None
    neighbours: Neighbours | None = None

    def call(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer of another operation in the same place; what is refused there changes nothing there."""
        answered = self.resources.find(operation)
        if answered is None:
            raise LookupError(f"{operation} is not answered")
        accepted = self.validator.accept(answered.input, dict(params), emptied=answered.emptied)
        begin = len(self.place.journal)
        try:
            act = answered.act if self.asked is None else partial(self.asked.act, answered)
            return act(self._replace(output=answered.output), accepted) or {}
        except ServiceError:
            self.place.undo(begin)
            raise

    @property
    def unseen(self) -> Scope:
        """The same reach, but at pace ``instant`` nothing has moved that nobody has looked at since."""
        settings = self.settings
        if settings.pace.name != "instant" and not settings.paces:
            return self
        paces = tuple((which, _held(pace)) for which, pace in settings.paces)
        return self._replace(settings=replace(settings, pace=_held(settings.pace), paces=paces))

    @property
    def now(self) -> float:
        """The time as records keep it: in seconds, to the millisecond."""
        return round(self.clock.now() * 1000) / 1000

    def pace(self, resource: Resource, record: Record) -> Pace:
        """Return how fast time moves a resource."""
        if not self.settings.paces:
            return self.settings.pace
        fields = partial(self.fields, resource, record)
        holding = (pace for which, pace in self.settings.paces if which.holds(resource, record, fields))
        return next(holding, self.settings.pace)

    def table(self, resource: Resource) -> Table:
        """Return the records of a kind."""
        return self.place.table(resource.name)

    def find(self, resource: Resource, key: Key) -> Record | None:
        """Return a record as it is by now, or None."""
        record = self.table(resource).records.get(key)
        return None if record is None else self._settled(resource, record)

    def look(self, resource: Resource, record: Record) -> Record:
        """Return a record as a client sees it. At pace ``step`` the next look will see it one stage on."""
        if self.settings.paces or self.settings.pace.name == "step":
            pace = self.pace(resource, record)
            if pace.name == "step" and not (pace.looks > 1 and self._looked(resource, record, pace)):
                self._step(resource, record)
        return record

    def settle(self, resource: Resource) -> None:
        """Bring all records of a kind to the present, for whoever is about to read many of them.

        What works may make records of any kind, so it is brought to the present first.
        """
        working = [self.resources.resource(name) for name in self.resources.working if self.place.tables.get(name)]
        for one in (*working, resource):
            for record in list(self.table(one).moving.values()):
                self._settled(one, record)

    def push(self, resource: Resource) -> int:
        """Move all records of a kind one stage on, as at pace ``manual`` only this does; return how many moved."""
        moved = 0
        for record in list(self.table(resource).moving.values()):
            moved += self._step(resource, record)
        return moved

    def put(self, resource: Resource, record: Record) -> Record | None:
        """Keep a record, and return it as it is after all that follows from it; None if that was its end."""
        life, table = resource.lifecycle, self.table(resource)
        old = table.records.get(record.key)
        enters = old is None or old.state != record.state
        moving = bool(life and record.state and life.moves(record.state.status))
        if enters and record.state and resource.remembers:
            record = _entered(record, record.state)
        table.put(record, moving=moving, by_arn=not resource.arn_tells_key)
        if self.observer is not None:
            self.observer.see(self, resource, old, record)
        if old is None or enters:
            self.resources.follow(self, resource, old, record)
        elif old.packed != record.packed:
            self.resources.changed(self, resource, old, record)
        return table.records.get(record.key)

    def remove(self, resource: Resource, record: Record) -> None:
        """Take a record out, with the children that go with it."""
        for child, _, records in self.children_of(resource, record):
            for one in records:
                self.remove(child, one)
        self.table(resource).remove(record)
        for bond in resource.kind.bonds:
            self.place.relation(bond.relation).forget(record.arn)
        if self.observer is not None:
            self.observer.see(self, resource, record, None)
        self.resources.follow(self, resource, record, None)

    def change(self, resource: Resource, record: Record, state: State) -> Record | None:
        """Put a record into a state of its life; None if that is its end."""
        if state == record.state:
            return record
        if state.status == GONE:
            self.remove(resource, record)
            return None
        touched = (
            max(record.modified, state.since) if resource.lifecycle and resource.lifecycle.touches else record.modified
        )
        return self.put(resource, record._replace(state=state, modified=touched))

    def children_of(self, resource: Resource, record: Record) -> Iterator[tuple[Resource, Parent, list[Record]]]:
        """Yield the kinds of which a record has children, with what they say about it, and the children.

        The families that are here tell which kinds those are; no other kind is asked whether it could have some.
        """
        family = (resource.name, *record.key)
        for name in sorted(name for name, table in self.place.tables.items() if table.family(family)):
            child = self.resources.resource(name)
            members = list(self.table(child).family(family).values())
            there = [settled for one in members if (settled := self._settled(child, one)) is not None]
            if there:
                yield child, next(said for said in child.kind.parents if said.kind == resource.name), there

    def by_arn(self, text: str) -> tuple[Resource, Record] | None:
        """Return the resource of an ARN in this place, or None; only kinds that are here are asked for it."""
        part = identity.resource_part(text, self.place.account, self.place.region)
        for name in sorted(self.place.tables) if part else ():
            resource = self.resources.resource(name)
            fits = any(str(part).startswith(one.start) for one in resource.templates)
            key = self.identify(resource, text) if fits else None
            record = self.find(resource, key) if key else None
            if record is not None and record.arn == text:
                return resource, record
        return None

    def arn(self, resource: Resource, key: Key, minted: Mapping[str, Any] | None = None) -> str:
        """Return the ARN that a key has, or would have, here."""
        return resource.arn(key, self.place.account, self.place.region, minted)

    def identify(self, resource: Resource, text: str) -> Key | None:
        """Return the key that a name or an ARN stands for here."""
        if not resource.arn_tells_key and text.startswith("arn:"):
            return self.table(resource).arns.get(text)
        return resource.identify(text, self.place.account, self.place.region)

    def fields(self, resource: Resource, record: Record) -> dict[str, Any]:
        """Return all that can be said of a record."""
        return resource.fields(record, self.place.account, self.place.region, self.clock.now())

    def words(self, resource: Resource, text: str) -> Mapping[str, Any]:
        """Return the words for sentences about what a client called by a name or an ARN, whether it exists or not."""
        key = self.identify(resource, text)
        known = arn.parse(text)
        name = known.resource.partition("/")[2] if known else text
        its_arn = text if known or key is None else self.arn(resource, key)
        return resource.called(its_arn, (name,)) | {"name": name}

    def _step(self, resource: Resource, record: Record) -> bool:
        """Move a record one stage on, and say whether it moved."""
        life = resource.lifecycle
        if life is None or record.state is None:
            return False
        if record.state.status in life.works:
            return self._work(resource, record) is not record
        state = lifecycle.step(life, record.state, self.clock.now(), self._why(resource, record))
        self.change(resource, record, state)
        return state != record.state

    def _looked(self, resource: Resource, record: Record, pace: Pace) -> bool:
        """Note one more look at a record, and say whether its status is to be seen again."""
        seen, state = record.own.get(LOOKS), record.state
        looks = 1 + (seen[2] if seen and state and tuple(seen[:2]) == state[:2] else 0)
        if looks >= pace.looks or record.key not in self.table(resource).moving or state is None:
            return False
        self.table(resource).put(
            record._replace(own={**record.own, LOOKS: (*state[:2], looks)}),
            moving=True,
            by_arn=not resource.arn_tells_key,
        )
        return True

    def _why(self, resource: Resource, record: Record) -> lifecycle.Why | None:
        """Return what says why a record fails, if something was asked for."""
        return None if self.asked is None else partial(self.asked.why, self, resource, record)

    def _failed(self, resource: Resource, record: Record) -> Record | None:
        """Return a record whose work has failed because that was asked for, else None."""
        life, state = resource.lifecycle, record.state
        status = life.failure(state.status) if life and state else None
        why = self.asked.why(self, resource, record, state.status) if self.asked and state and status else None
        if status is None or why is None:
            return None
        return self.change(resource, record, State(status, self.now, why)) or record

    def _work(self, resource: Resource, record: Record) -> Record:
        """Have a resource do its next work, unless it is at it already."""
        if self.asked is not None and (failed := self._failed(resource, record)) is not None:
            return failed
        mark = (resource.name, record.key)
        if mark in self.place.busy:
            return record
        self.place.busy.add(mark)
        try:
            return self.resources.work(self, resource, record)
        finally:
            self.place.busy.discard(mark)

    def _worked(self, resource: Resource, record: Record) -> Record:
        """Return a record after all the work that is due by now."""
        if self.pace(resource, record).name not in ("instant", "real"):
            return record
        works = resource.lifecycle.works if resource.lifecycle else {}
        while record.state and record.state.status in works:
            worked = self._work(resource, record)
            if worked is record:
                break
            record = worked
        return record

    def _settled(self, resource: Resource, record: Record) -> Record | None:
        life, state = resource.lifecycle, record.state
        if life is None or state is None or not life.moves(state.status):
            return record
        begin = len(self.place.journal)
        settled = self._brought_to_now(resource, record, life, state)
        self.place.keep(begin)
        return settled

    def _brought_to_now(self, resource: Resource, record: Record, life: Lifecycle, state: State) -> Record | None:
        if state.status in life.works:
            return self._worked(resource, record)
        settled: Record | None = record
        pace, why, moment = self.pace(resource, record), self._why(resource, record), partial(_moment, record)
        for reached in lifecycle.passed(life, state, pace, self.clock.now(), why, moment):
            if settled is not None:
                settled = self.change(resource, settled, reached)
        works = settled is not None and settled.state is not None and settled.state.status in life.works
        return self._worked(resource, settled) if settled is not None and works else settled


def _held(pace: Pace) -> Pace:
    return Pace("manual") if pace.name == "instant" else pace


def _moment(record: Record, path: str) -> float | None:
    """Return the time that a record holds at a path."""
    return next(iter(paths.values(record.members, path)), None)


def _entered(record: Record, state: State) -> Record:
    """Return a record that remembers when it came into its present state."""
    entered = [*record.own.get(ENTERED, ()), (state.status, state.since)]
    return record._replace(own={**record.own, ENTERED: entered})
