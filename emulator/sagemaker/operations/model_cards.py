"""Model cards and their versions: made, changed, described, exported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws.wire import timestamp
from emulator.engine import verbs
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack
from emulator.sagemaker.rules import cards

Params = Mapping[str, Any]
Answer = dict[str, Any]

VERSIONED = ("Content", "ModelCardStatus")


def create(scope: Scope, params: Params) -> Answer:
    """Make a card and its first version."""
    card = verbs.make(scope, scope.resources.resource("ModelCard"), params)
    _add_version(scope, card)
    return {"ModelCardArn": card.arn}


def update(scope: Scope, params: Params) -> Answer:
    """Change a card: new content is a new version, a new status is that of the latest one."""
    resource = scope.resources.resource("ModelCard")
    verbs.update(scope, resource, params)
    card = verbs.find(scope, resource, params)
    if "Content" in params:
        _add_version(scope, card)
    elif "ModelCardStatus" in params:
        versions = scope.resources.resource("ModelCardVersion")
        latest = _version(scope, card, {})
        members = {**latest.members, "ModelCardStatus": params["ModelCardStatus"]}
        scope.put(versions, latest._replace(packed=pack(members), modified=card.modified))
    return {"ModelCardArn": card.arn}


def describe(scope: Scope, params: Params) -> Answer:
    """Tell all about a card, as it is in one of its versions."""
    resource = scope.resources.resource("ModelCard")
    card = verbs.find(scope, resource, params)
    version = _version(scope, card, params)
    card = scope.look(resource, card)
    changed = {"LastModifiedTime": timestamp(version.modified), "ModelCardVersion": version.key[-1]}
    fields = {**scope.fields(resource, card), **version.members, **changed}
    if params.get("IncludedData") == "MetadataOnly":
        fields["Content"] = cards.metadata(fields["Content"])
    assert scope.output is not None  # what is described has an output
    return resource.project(scope.output.name, fields)


def export(scope: Scope, params: Params) -> Answer:
    """Export a version of a card, the latest where none is named."""
    card = verbs.find(scope, scope.resources.resource("ModelCard"), params)
    version = _version(scope, card, params)
    named = {**params, "ModelCardName": card.key[0], "ModelCardVersion": version.key[-1]}
    job = verbs.make(scope, scope.resources.resource("ModelCardExportJob"), named)
    return {"ModelCardExportJobArn": job.arn}


def _version(scope: Scope, card: Record, params: Params) -> Record:
    """Return the version that the params name, else the latest; ServiceError if it does not exist."""
    named = {name: params[name] for name in ("ModelCardVersion",) if name in params}
    return verbs.find(scope, scope.resources.resource("ModelCardVersion"), {"ModelCardName": card.key[0], **named})


def _add_version(scope: Scope, card: Record) -> None:
    said = card.members
    params = {"ModelCardName": card.key[0], **{name: said[name] for name in VERSIONED}}
    verbs.make(scope, scope.resources.resource("ModelCardVersion"), params)


OPERATIONS = {
    "CreateModelCard": create,
    "CreateModelCardExportJob": export,
    "DescribeModelCard": describe,
    "UpdateModelCard": update,
}
