"""Numbered versions of a parent, and the names (aliases) that point to them.

The parent keeps the last number that was given out, so that none is given twice, and its aliases, so that each points
to one version at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Key, Record

LAST = "last version"
ALIASES = "aliases"

Params = Mapping[str, Any]


# --- Making one -------------------------------------------------------------------------------------------------------


def parent(scope: Scope, resource: Resource, params: Params) -> Record | None:
    """Return the parent that a new version is for, None for a resource of its own; ServiceError if it cannot be."""
    versions = resource.kind.versions
    if versions is None:
        return None
    alone, of_parent = versions.alone in params, versions.by in params
    if alone and of_parent and versions.both:
        raise versions.both.error()
    if not alone and not of_parent and versions.neither:
        raise versions.neither.error()
    if alone:
        return None
    record = _parent(scope, resource, params[versions.by])
    if versions.ready is not None and versions.not_ready and record.state and record.state.status not in versions.ready:
        kind = scope.resources.resource(versions.parent)
        raise versions.not_ready.error(**kind.called(record.arn, record.key))
    return record


def next_key(parent: Record) -> Key:
    """Return the key of the next version."""
    return (*parent.key, parent.own.get(LAST, 0) + 1)


def born(scope: Scope, resource: Resource, parent: Record, record: Record, aliases: Iterable[str]) -> None:
    """Note on the parent that a version was made, and the aliases that now point to it."""
    number = record.key[-1]
    own = {**parent.own, LAST: number}
    if aliases:
        own[ALIASES] = {**parent.own.get(ALIASES, {}), **dict.fromkeys(aliases, number)}
    scope.put(scope.resources.resource(resource.versions.parent), parent._replace(own=own))


def note_parent(scope: Scope, resource: Resource, key: Key, members: dict[str, Any]) -> None:
    """Put the parent's ARN among a version's members, where Describe shows it."""
    kind = scope.resources.resource(resource.versions.parent)
    if kind.arn_member in resource.shown_members and kind.arn_member:
        members[kind.arn_member] = scope.arn(kind, key[:-1])


def refuse_tags(resource: Resource) -> None:
    """Refuse tags on a version, where versions take none."""
    if resource.kind.versions and resource.kind.versions.untagged:
        raise resource.kind.versions.untagged.error(parent=resource.kind.versions.parent, title=resource.title)


# --- Finding one ------------------------------------------------------------------------------------------------------


def find(scope: Scope, resource: Resource, params: Params) -> Record:
    """Return the version that a number or an alias names, else the latest; ServiceError if it does not exist."""
    versions = resource.versions
    parent = _parent(scope, resource, params[versions.by])
    if versions.number in params:
        key = (*parent.key, params[versions.number])
        record = scope.find(resource, key)
        if record is None:
            raise resource.missing.error(**resource.called(scope.arn(resource, key), key))
        return record
    words = resource.called(parent.arn, parent.key) | {"parent_key": versions.by, "parent_name": parent.key[-1]}
    if versions.alias and versions.alias in params:
        alias = params[versions.alias]
        number = parent.own.get(ALIASES, {}).get(alias)
        record = scope.find(resource, (*parent.key, number)) if number else None
        if record is None and versions.no_alias:
            raise versions.no_alias.error(**words, alias=alias)
    else:
        record = _latest(scope, resource, parent)
        if record is None and versions.no_latest:
            raise versions.no_latest.error(**words)
    if record is None:
        raise resource.missing.error(**words)
    return record


def aliases(scope: Scope, resource: Resource, params: Params) -> list[str]:
    """Return the aliases of a parent, or of the one version that the params name, in alphabetical order."""
    versions = resource.versions
    parent = _parent(scope, resource, params[versions.by])
    named: dict[str, int] = parent.own.get(ALIASES, {})
    if versions.number in params or versions.alias in params:
        number = find(scope, resource, params).key[-1]
        return sorted(alias for alias, pointed in named.items() if pointed == number)
    return sorted(named)


def _latest(scope: Scope, resource: Resource, parent: Record) -> Record | None:
    versions = scope.table(resource).family(parent.key)
    while versions:  # finding takes out what is gone by now
        if (record := scope.find(resource, next(reversed(versions)))) is not None:
            return record
    return None


def _parent(scope: Scope, resource: Resource, text: str) -> Record:
    kind = scope.resources.resource(resource.versions.parent)
    key = scope.identify(kind, text)
    record = scope.find(kind, key) if key else None
    if record is None:
        raise kind.missing.error(**scope.words(kind, text))
    return record


# --- Changing and ending one ------------------------------------------------------------------------------------------


def renamed(scope: Scope, resource: Resource, record: Record, params: Params) -> None:
    """Point aliases to a version, and take others away from it, as an update says."""
    name = resource.versions.aliases
    added, removed = params.get(f"{name}ToAdd", ()), params.get(f"{name}ToDelete", ())
    if not name or not (added or removed):
        return
    kind = scope.resources.resource(resource.versions.parent)
    parent = scope.table(kind).records[record.family]
    number = record.key[-1]
    named = {
        alias: pointed
        for alias, pointed in parent.own.get(ALIASES, {}).items()
        if not (alias in removed and pointed == number)
    }
    scope.put(kind, parent._replace(own={**parent.own, ALIASES: {**named, **dict.fromkeys(added, number)}}))


def died(scope: Scope, resource: Resource, record: Record) -> None:
    """Take away the aliases that point to a version that is being deleted."""
    kind = scope.resources.resource(resource.versions.parent)
    parent = scope.table(kind).records.get(record.family)
    if parent is not None and ALIASES in parent.own:
        named = {alias: number for alias, number in parent.own[ALIASES].items() if number != record.key[-1]}
        scope.put(kind, parent._replace(own={**parent.own, ALIASES: named}))


def refuse_orphans(scope: Scope, resource: Resource, record: Record) -> None:
    """Refuse the end of a parent whose versions do not go with it."""
    for child, _ in scope.versions_of(resource, record):
        if child.versions.orphans:
            raise child.versions.orphans.error(
                **resource.called(record.arn, record.key), children=f"{child.words}s".lower()
            )
