"""What one call may reach: the store, the clock and the kinds, in the account and region of the call.

It finds and it settles; it never decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from emulator.aws import arn
from emulator.aws.model import Shape
from emulator.aws.validation import Validator
from emulator.engine import identity, lifecycle
from emulator.engine.clock import Chance, Clock
from emulator.engine.lifecycle import GONE, Pace, State
from emulator.engine.resource import Resource
from emulator.engine.store import Key, Place, Record, Table


@dataclass
class Settings:
    """What whoever runs the emulator may choose. Changes count from the next call on."""

    account: str = "123456789012"
    region: str = "us-east-1"
    pace: Pace = field(default_factory=Pace)
    filter_first: bool = False
    strict: bool = True  # whether what is referred to must exist


class Resources(Protocol):
    """Where kinds come from."""

    def resource(self, name: str) -> Resource:
        """Return the kind of that name; LookupError if there is none."""

    def of_arn(self, resource_part: str) -> Resource | None:
        """Return the kind whose ARNs have this form."""

    def versions_of(self, name: str) -> tuple[Resource, ...]:
        """Return the kinds whose resources are versions of this kind's."""


@dataclass
class Scope:
    """The reach of one call."""

    place: Place
    clock: Clock
    chance: Chance
    settings: Settings
    resources: Resources
    validator: Validator
    output: Shape | None  # of the current operation

    def table(self, resource: Resource) -> Table:
        """Return the records of a kind."""
        return self.place.table(resource.name)

    def find(self, resource: Resource, key: Key) -> Record | None:
        """Return a record as it is by now, or None."""
        record = self.table(resource).records.get(key)
        return None if record is None else self._settled(resource, record)

    def look(self, resource: Resource, record: Record) -> Record:
        """Return a record as a client sees it. At pace ``step`` the next look will see it one stage on."""
        if self.settings.pace.name == "step" and record.state and resource.lifecycle:
            self.change(resource, record, lifecycle.step(resource.lifecycle, record.state, self.clock.now()))
        return record

    def settle(self, resource: Resource) -> None:
        """Bring all records of a kind to the present, for whoever is about to read many of them."""
        if self.settings.pace.name in ("instant", "real"):
            for record in list(self.table(resource).moving.values()):
                self._settled(resource, record)

    def push(self, resource: Resource) -> int:
        """Move all records of a kind one stage on, as at pace ``manual`` only this does; return how many moved."""
        moving = list(self.table(resource).moving.values())
        for record in moving:
            if record.state and resource.lifecycle:
                self.change(resource, record, lifecycle.step(resource.lifecycle, record.state, self.clock.now()))
        return len(moving)

    def put(self, resource: Resource, record: Record) -> None:
        """Keep a record."""
        life = resource.lifecycle
        self.table(resource).put(record, moving=bool(life and record.state and record.state.status in life.times))

    def remove(self, resource: Resource, record: Record) -> None:
        """Take a record out, with the versions that go with it."""
        for child, versions in self.versions_of(resource, record):
            for version in versions:
                self.remove(child, version)
        self.table(resource).remove(record)

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
        changed = record._replace(state=state, modified=touched)
        self.put(resource, changed)
        return changed

    def versions_of(self, resource: Resource, record: Record) -> Iterator[tuple[Resource, list[Record]]]:
        """Yield the kinds whose versions a record has, with those versions."""
        for child in self.resources.versions_of(resource.name):
            versions = [self._settled(child, one) for one in list(self.table(child).family(record.key).values())]
            if there := [one for one in versions if one is not None]:
                yield child, there

    def by_arn(self, text: str) -> tuple[Resource, Record] | None:
        """Return the resource of an ARN in this place, or None."""
        part = identity.resource_part(text, self.place.account, self.place.region)
        resource = self.resources.of_arn(part) if part else None
        if resource is None:
            return None
        key = resource.identify(text, self.place.account, self.place.region)
        record = self.find(resource, key) if key else None
        return (resource, record) if record is not None and record.arn == text else None

    def arn(self, resource: Resource, key: Key) -> str:
        """Return the ARN that a key has, or would have, here."""
        return resource.arn(key, self.place.account, self.place.region)

    def identify(self, resource: Resource, text: str) -> Key | None:
        """Return the key that a name or an ARN stands for here."""
        return resource.identify(text, self.place.account, self.place.region)

    def fields(self, resource: Resource, record: Record) -> dict[str, Any]:
        """Return all that can be said of a record."""
        return resource.fields(record, self.place.account, self.place.region)

    def words(self, resource: Resource, text: str) -> Mapping[str, Any]:
        """Return the words for sentences about what a client called by a name or an ARN, whether it exists or not."""
        key = self.identify(resource, text)
        known = arn.parse(text)
        name = known.resource.partition("/")[2] if known else text
        its_arn = text if known or key is None else self.arn(resource, key)
        return resource.called(its_arn, (name,)) | {"name": name}

    def _settled(self, resource: Resource, record: Record) -> Record | None:
        life = resource.lifecycle
        if life is None or record.state is None or record.state.status not in life.times:
            return record
        state = lifecycle.settle(life, record.state, self.settings.pace, self.clock.now())
        return self.change(resource, record, state)
