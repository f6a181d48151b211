"""The sources of lineage entities: what has which, so that it is found by it and, if an artifact, made once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from emulator.engine import verbs
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record
from emulator.sagemaker.rules.lineage import SOURCES

Params = Mapping[str, Any]


def sourced(scope: Scope, resource: Resource, source: str) -> list[Record]:
    """Return the entities of a kind that have a source, oldest first."""
    arns = scope.place.relation(SOURCES.format(kind=resource.name)).of(source)
    keys = [scope.identify(resource, arn) for arn in arns]
    found = [scope.find(resource, key) for key in keys if key]
    return [record for record in found if record is not None]


def artifact(scope: Scope, params: Params) -> Record:
    """Return the artifact with the source and of the type that the params give, made if it is not there."""
    resource = scope.resources.resource("Artifact")
    for record in sourced(scope, resource, params["Source"]["SourceUri"]):
        members = record.members
        if members["ArtifactType"] == params["ArtifactType"] and types(members) == types(params):
            return record
    return verbs.make(scope, resource, {**params, "ArnId": _hash(scope, params)})


def follow(scope: Scope, resource: Resource, old: Record | None, new: Record | None) -> None:
    """Keep in mind which source an entity has, as long as it is there."""
    record = new or old
    if record is None or (old and new):
        return
    source = record.members.get("Source", {})
    of = source.get("SourceUri") or source.get("SourceArn")
    if of:
        relation = scope.place.relation(SOURCES.format(kind=resource.name))
        (relation.add if new else relation.remove)(of, record.arn)


def types(members: Params) -> list[tuple[str, str]]:
    """Return the identifiers by which a source is known, in order."""
    known = members["Source"].get("SourceTypes", ())
    return sorted((one["SourceIdType"], one["Value"]) for one in known)


def _hash(scope: Scope, params: Params) -> str:
    """Return the identifier of an artifact: the same for the same source and type."""
    said = [scope.place.account, scope.place.region, params["Source"]["SourceUri"], params["ArtifactType"]]
    digest = hashlib.md5(json.dumps([*said, types(params)]).encode(), usedforsecurity=False)
    return digest.hexdigest()
