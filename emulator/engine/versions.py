"""Numbered versions of a parent, and the names (aliases) that point to them.

The parent keeps the last number that was given out, so that none is given twice, and its aliases, so that each points
to one version at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from emulator.engine import families
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Family, Key, Record

LAST = "last version"
ALIASES = "aliases"

Params = Mapping[str, Any]


# --- Making one -------------------------------------------------------------------------------------------------------


def refuse_names(resource: Resource, params: Params) -> None:
    """Refuse two names and none, where a resource is a version or stands alone."""
    versions = resource.versions
    if versions.alone is None:
        return
    alone, of_parent = versions.alone in params, resource.kind.parents[0].by in params
    if alone and of_parent and versions.both:
        raise versions.both.error()
    if not alone and not of_parent and versions.neither:
        raise versions.neither.error()


def refuse_unnamed(resource: Resource, params: Params) -> None:
    """Refuse to change or end a version that nothing names but that it is the latest."""
    versions = resource.versions
    named = params.keys() & {versions.number, versions.alias}
    if versions.unnamed and resource.kind.parents[0].by in params and not named:
        raise versions.unnamed.error(title=resource.title, number=versions.number, alias=versions.alias)


def next_key(parent: Record) -> Key:
    """Return the key of the next version."""
    return (*parent.key, parent.own.get(LAST, 0) + 1)


def born(scope: Scope, kind: Resource, parent: Record, record: Record, aliases: Iterable[str]) -> None:
    """Note on the parent that a version was made, and the aliases that now point to it."""
    number = record.key[-1]
    own = {**parent.own, LAST: number}
    if aliases:
        own[ALIASES] = {**parent.own.get(ALIASES, {}), **dict.fromkeys(aliases, number)}
    scope.put(kind, parent._replace(own=own))


def refuse_tags(resource: Resource) -> None:
    """Refuse tags on a version, where versions take none."""
    if resource.kind.versions and resource.kind.versions.untagged:
        raise resource.kind.versions.untagged.error(parent=resource.kind.parents[0].kind, title=resource.title)


# --- Finding one ------------------------------------------------------------------------------------------------------


def find(scope: Scope, resource: Resource, params: Params) -> Record:
    """Return the version that a number or an alias names, else the latest; ServiceError if it does not exist."""
    versions = resource.versions
    kind, parent = _parent(scope, resource, params)
    if versions.number in params:
        key = (*parent.key, params[versions.number])
        record = scope.find(resource, key)
        if record is None:
            raise resource.missing.error(**resource.called(scope.arn(resource, key), key))
        return record
    words = resource.called(parent.arn, parent.key) | {
        "parent_key": resource.kind.parents[0].by,
        "parent_name": parent.key[-1],
    }
    if versions.alias and versions.alias in params:
        alias = params[versions.alias]
        number = parent.own.get(ALIASES, {}).get(alias)
        record = scope.find(resource, (*parent.key, number)) if number else None
        if record is None and versions.no_alias:
            raise versions.no_alias.error(**words, alias=alias)
    else:
        record = _latest(scope, resource, families.family(kind, parent.key))
        if record is None and versions.no_latest:
            raise versions.no_latest.error(**words)
    if record is None:
        raise resource.missing.error(**words)
    return record


def aliases(scope: Scope, resource: Resource, params: Params) -> list[str]:
    """Return the aliases of a parent, or of the one version that the params name, in alphabetical order."""
    versions = resource.versions
    _, parent = _parent(scope, resource, params)
    named: dict[str, int] = parent.own.get(ALIASES, {})
    if versions.number in params or versions.alias in params:
        number = find(scope, resource, params).key[-1]
        return sorted(alias for alias, pointed in named.items() if pointed == number)
    return sorted(named)


def _latest(scope: Scope, resource: Resource, family: Family) -> Record | None:
    versions = scope.table(resource).family(family)
    while versions:  # finding takes out what is gone by now
        if (record := scope.find(resource, next(reversed(versions)))) is not None:
            return record
    return None


def _parent(scope: Scope, resource: Resource, params: Params) -> tuple[Resource, Record]:
    said = resource.kind.parents[0]
    kind = scope.resources.resource(said.kind)
    return kind, families.named(scope, kind, said, params)


def _parent_of(scope: Scope, record: Record) -> tuple[Resource, Record] | None:
    kind = scope.resources.resource(record.family[0]) if record.family else None
    parent = scope.table(kind).records.get(record.family[1:]) if kind else None
    return (kind, parent) if kind and parent else None


# --- Changing and ending one ------------------------------------------------------------------------------------------


def renamed(scope: Scope, resource: Resource, record: Record, params: Params) -> None:
    """Point aliases to a version, and take others away from it, as an update says."""
    name = resource.versions.aliases
    added, removed = params.get(f"{name}ToAdd", ()), params.get(f"{name}ToDelete", ())
    if not name or not (added or removed):
        return
    found = _parent_of(scope, record)
    if found is None:
        return
    kind, parent = found
    number = record.key[-1]
    named = {
        alias: pointed
        for alias, pointed in parent.own.get(ALIASES, {}).items()
        if not (alias in removed and pointed == number)
    }
    scope.put(kind, parent._replace(own={**parent.own, ALIASES: {**named, **dict.fromkeys(added, number)}}))


def died(scope: Scope, record: Record) -> None:
    """Take away the aliases that point to a version that is being deleted."""
    found = _parent_of(scope, record)
    if found is not None and ALIASES in found[1].own:
        kind, parent = found
        named = {alias: number for alias, number in parent.own[ALIASES].items() if number != record.key[-1]}
        scope.put(kind, parent._replace(own={**parent.own, ALIASES: named}))
