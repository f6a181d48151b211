"""Parents and children: who a new resource belongs to, and what becomes of the children when the parent goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.engine.kind import Parent
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Family, Key, Record

Params = Mapping[str, Any]


def parent(scope: Scope, resource: Resource, params: Params) -> tuple[Resource, Record] | None:
    """Return the parent that the params name, None if they name none; ServiceError if it cannot have a child now."""
    for said in resource.kind.parents:
        if said.by in params:
            kind = scope.resources.resource(said.kind)
            record = named(scope, kind, said, params)
            status = record.state.status if record.state else None
            if said.not_ready and said.ready is not None and status not in said.ready:
                raise said.not_ready.error(**kind.called(record.arn, record.key))
            return kind, record
    return None


def named(scope: Scope, kind: Resource, said: Parent, params: Params) -> Record:
    """Return the parent of a kind that the params name; ServiceError if it does not exist."""
    key = key_of(scope, kind, said, params)
    record = scope.find(kind, key) if key else None
    if record is None:
        raise kind.missing.error(**scope.words(kind, params[said.by]))
    return record


def key_of(scope: Scope, kind: Resource, said: Parent, params: Params) -> Key | None:
    """Return the key of the parent that the params name, by all the members of its key or by one name or ARN."""
    names = kind.keys[0]
    if len(names) > 1 and all(name in params for name in names):
        return tuple(params[name] for name in names)
    return scope.identify(kind, params[said.by])


def family(kind: Resource, key: Key) -> Family:
    """Return the family of all that belongs to one parent."""
    return (kind.name, *key)


def note(resource: Resource, kind: Resource, record: Record, members: dict[str, Any]) -> None:
    """Put the parent's ARN among a new child's members, where Describe shows it."""
    if kind.arn_member and kind.arn_member in resource.shown_members and kind.arn_member != resource.arn_member:
        members.setdefault(kind.arn_member, record.arn)


def ended(resource: Resource, record: Record) -> bool:
    """Say whether a resource is over, though it is shown for a while."""
    return record.state is not None and record.state.status in resource.kind.ended


def refuse_orphans(scope: Scope, resource: Resource, record: Record) -> None:
    """Refuse the end of a parent whose children do not go with it."""
    for child, said, records in scope.children_of(resource, record):
        if said.orphans and not all(ended(child, one) for one in records):
            children = f"{child.words}s".lower()
            raise said.orphans.error(**resource.called(record.arn, record.key), children=children, child=child.title)
