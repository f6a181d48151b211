"""Artifacts, actions and contexts: artifacts made once for each source, and lists that ask for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import NOT_FOUND, VALIDATION, Refusal
from emulator.engine import verbs
from emulator.engine.listing import List
from emulator.engine.scope import Act, Scope
from emulator.sagemaker.operations import lineage_tracking
from emulator.sagemaker.operations.lineage_sources import artifact, sourced, types

Params = Mapping[str, Any]


def create_artifact(scope: Scope, params: Params) -> dict[str, Any]:
    """Make an artifact; where there is one with the same source and type, that is the answer."""
    lineage_tracking.note(scope)
    return {"ArtifactArn": artifact(scope, params).arn}


def delete_artifact(scope: Scope, params: Params) -> dict[str, Any]:
    """Delete the artifact that an ARN or a source names."""
    lineage_tracking.note(scope)
    resource = scope.resources.resource("Artifact")
    if "ArtifactArn" in params:
        return verbs.delete(scope, resource, {"ArtifactArn": params["ArtifactArn"]}) or {}
    if "Source" not in params:
        raise Refusal(VALIDATION, errors.NO_ARTIFACT_NAMED).error()
    source = params["Source"]["SourceUri"]
    for record in sourced(scope, resource, source):
        if "SourceTypes" not in params["Source"] or types(record.members) == types(params):
            return verbs.delete(scope, resource, {"ArtifactArn": record.arn}) or {}
    raise Refusal(NOT_FOUND, errors.NO_ARTIFACT_WITH_SOURCE).error(source=source)


def list_artifacts(scope: Scope, params: Params) -> dict[str, Any]:
    """List artifacts: all, or those with a source."""
    return _listed(scope, "Artifact", "ListArtifacts", params)


def list_actions(scope: Scope, params: Params) -> dict[str, Any]:
    """List actions: all, or those with a source."""
    return _listed(scope, "Action", "ListActions", params)


def list_contexts(scope: Scope, params: Params) -> dict[str, Any]:
    """List contexts: all, or those with a source."""
    return _listed(scope, "Context", "ListContexts", params)


def _listed(scope: Scope, kind: str, operation: str, params: Params) -> dict[str, Any]:
    lineage_tracking.catch_up(scope)
    resource = scope.resources.resource(kind)
    listing = List(resource, operation)
    if "SourceUri" in params:
        return listing.among(scope, params, sourced(scope, resource, params["SourceUri"]))
    return listing(scope, resource, params)


def _caught_up(verb: verbs.Verb, kind: str) -> Act:
    """Return a verb of a kind that finds what the service has noted by itself, too."""

    def act(scope: Scope, params: Params) -> dict[str, Any] | None:
        if kind == "TrialComponent":
            lineage_tracking.catch_up_with(scope, params["TrialComponentName"])
        else:
            lineage_tracking.note(scope)
        return verb(scope, scope.resources.resource(kind), params)

    return act


OPERATIONS: Mapping[str, Act] = {
    "CreateArtifact": create_artifact,
    "DeleteArtifact": delete_artifact,
    "ListActions": list_actions,
    "ListArtifacts": list_artifacts,
    "ListContexts": list_contexts,
    **{
        f"{name}{kind}": _caught_up(verb, kind)
        for name, verb in (("Describe", verbs.describe), ("Update", verbs.update), ("Delete", verbs.delete))
        for kind in ("Action", "Artifact", "Context", "TrialComponent")
        if name + kind != "DeleteArtifact"
    },
}
