"""Feature metadata: made with the features of a group, described, and updated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import NOT_FOUND, VALIDATION, Refusal
from emulator.engine import verbs
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack
from emulator.sagemaker.dataplane import feature_records

Params = Mapping[str, Any]
MOST = 25


def describe(scope: Scope, params: Params) -> dict[str, Any]:
    """Tell what is said about a feature."""
    resource, record = _found(scope, params)
    return resource.project("DescribeFeatureMetadataResponse", scope.fields(resource, record))


def update(scope: Scope, params: Params) -> None:
    """Say something about a feature: a description, and parameters."""
    resource, record = _found(scope, params)
    members = record.members
    parameters = {one["Key"]: one for one in members.pop("Parameters", ())}
    for key in params.get("ParameterRemovals", ()):
        parameters.pop(key, None)
    parameters |= {one["Key"]: one for one in params.get("ParameterAdditions", ())}
    if len(parameters) > MOST:
        raise Refusal(VALIDATION, errors.TOO_MANY_PARAMETERS).error(limit=MOST)
    if parameters:
        members["Parameters"] = list(parameters.values())
    if "Description" in params:
        members["Description"] = params["Description"]
    scope.put(resource, record._replace(packed=pack(members), modified=scope.now))


def follow(scope: Scope, _: Resource, old: Record | None, new: Record | None) -> None:
    """Make the metadata of features that a group has and that nothing is said about yet; forget an ended group."""
    if new is None:
        if old is not None:
            feature_records.forget(scope, old.key[0])
        return
    metadata = scope.resources.resource("FeatureMetadata")
    members, [name] = new.members, new.key
    for feature in members["FeatureDefinitions"]:
        if (name, feature["FeatureName"]) not in scope.table(metadata).records:
            said = {"FeatureGroupName": name} | {part: feature[part] for part in ("FeatureName", "FeatureType")}
            verbs.make(scope.unseen, metadata, said)


def _found(scope: Scope, params: Params) -> tuple[Resource, Record]:
    group = verbs.found(scope, scope.resources.resource("FeatureGroup"), params["FeatureGroupName"])
    metadata = scope.resources.resource("FeatureMetadata")
    record = scope.find(metadata, (group.key[0], params["FeatureName"]))
    if record is None:
        raise Refusal(NOT_FOUND, errors.NO_FEATURE).error(name=group.key[0], feature=params["FeatureName"])
    return metadata, record


OPERATIONS = {"DescribeFeatureMetadata": describe, "UpdateFeatureMetadata": update}
