"""Quotas: how many resources of a kind, or how many instances of a type in them, one account may have in a region.

They are counted when a call has acted, from the records that are there; what went beyond them is refused and undone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import LIMIT, Refusal
from emulator.aws.model import Operation, ServiceModel, Shape
from emulator.engine import families
from emulator.engine.kind import Making
from emulator.engine.lifecycle import GONE
from emulator.engine.resource import Resource
from emulator.engine.scope import Answered, Scope
from emulator.engine.store import Record

EXCEEDED = Refusal(LIMIT, errors.ACCOUNT_LIMIT)
_LOOKS = ("Describe", "List", "Get", "Search", "Query", "BatchDescribe", "BatchGet", "Delete", "Stop")
_IDLE = frozenset({"completed", "succeeded", "stopped", "failed", "createfailed", "cancelled", "deleted", "expired"})
_COUNTS = ("InstanceCount", "InitialInstanceCount", "CurrentCount", "Count")


@dataclass(frozen=True)
class Quota:
    """How many there may be of a kind, or of an instance type in the resources of a kind that use some."""

    kind: str
    limit: int
    instance_type: str | None = None

    def used(self, scope: Scope) -> int:
        """Return how many there are in the place of a call."""
        resource = scope.resources.resource(self.kind)
        scope.unseen.settle(resource)
        there = [one for one in scope.table(resource).records.values() if not _leaves(resource, one)]
        if self.instance_type is None:
            return len(there)
        return sum(_instances(scope, resource, one)[self.instance_type] for one in there)

    def refuse(self, scope: Scope, before: int) -> None:
        """Refuse what a call has added to so many, if that is too much."""
        used = self.used(scope)
        if used > max(before, self.limit):
            raise EXCEEDED.error(
                **self._words(scope.resources.resource(self.kind)), limit=self.limit, used=before, delta=used - before
            )

    def _words(self, resource: Resource) -> dict[str, str]:
        if self.instance_type is None:
            return {"quota": f"Total {resource.words.lower()}s", "unit": f"{resource.words}s"}
        return {"quota": f"{self.instance_type} for {resource.words.lower()} usage", "unit": "Instances"}


def act(quotas: list[Quota], answered: Answered, scope: Scope, params: Mapping[str, Any]) -> dict[str, Any] | None:
    """Do what an operation does; ServiceError if it goes beyond a quota."""
    if not quotas or _only_looks(answered.operation):
        return answered.act(scope, params)
    before = [quota.used(scope) for quota in quotas]
    answer = answered.act(scope, params)
    for quota, used in zip(quotas, before, strict=True):
        quota.refuse(scope, used)
    return answer


def types(model: ServiceModel, resource: Resource) -> set[str]:
    """Return the instance types that resources of a kind can use."""
    create = resource.operation("Create")
    if resource.kind.uses is None and create in model.operations:
        return set(_types(model, model.input(create), set()))
    return {one for shape in model.shapes() for one in shape.enum if one.startswith("ml.")}


def _types(model: ServiceModel, shape: Shape, seen: set[str]) -> Iterator[str]:
    """Yield the instance types that may stand anywhere in a shape."""
    if shape.name in seen:
        return
    seen.add(shape.name)
    if "InstanceType" in shape.members:
        yield from model.shape(shape.members["InstanceType"]).enum
    for inner in (*shape.members.values(), shape.member, shape.value):
        if inner:
            yield from _types(model, model.shape(inner), seen)


def _only_looks(operation: Operation) -> bool:
    """Say whether an operation asks for nothing more, however much time has made of what it looks at."""
    return operation.name.startswith(_LOOKS)


def _leaves(resource: Resource, record: Record) -> bool:
    life, state = resource.lifecycle, record.state
    stage = life.times.get(state.status) if life and state else None
    return families.ended(resource, record) or (stage is not None and stage.then == GONE)


def _instances(scope: Scope, resource: Resource, record: Record) -> Counter[str]:
    """Return how many instances of each type a resource uses."""
    status = record.state.status if record.state else ""
    shown = resource.lifecycle.shown(status) if resource.lifecycle else status
    if shown.lower().replace("_", "") in _IDLE:
        return Counter()
    place = scope.place
    making = Making(record.members, record.state, place.account, place.region, scope.clock.now())
    return Counter(resource.kind.uses(making)) if resource.kind.uses else instances(making.members)


def instances(members: Any) -> Counter[str]:
    """Return the instance types that stand anywhere in some members, with the counts beside them, else one of each."""
    used: Counter[str] = Counter()
    for holder in _holders(members):
        if isinstance(holder.get("InstanceType"), str):
            used[holder["InstanceType"]] += next((holder[name] for name in _COUNTS if name in holder), 1)
    return used


def _holders(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _holders(one)
