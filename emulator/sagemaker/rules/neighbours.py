"""What SageMaker refuses for what IAM and S3 do not have: roles that it cannot assume, models that are not there.

Only where these services are in use: whoever makes up roles and buckets is asked for none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from emulator.aws import arn, errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine import paths
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope

SERVICE = "sagemaker.amazonaws.com"

# Members of the shape RoleArn that name a role for SageMaker itself; others are for services behind it.
ROLES = frozenset({"RoleArn", "ExecutionRoleArn", "ExecutionRole", "ValidationRole", "ClusterRole"})
BEHIND = frozenset({"CanvasAppSettings", "EmrServerlessComputeConfig", "JupyterLabAppSettings"})

# Where models say where their data is.
CONTAINERS = ("PrimaryContainer", "Containers[]")
SOURCES = (
    *(f"{container}.ModelDataSource.S3DataSource" for container in CONTAINERS),
    *(f"{container}.AdditionalModelDataSources[].S3DataSource" for container in CONTAINERS),
)
# What jobs here are said to have written is believed: the emulator writes nothing.
OUTPUTS = {
    **dict.fromkeys(("TrainingJob", "AutoMLJob", "AutoMLJobV2"), "OutputDataConfig.S3OutputPath"),
    **dict.fromkeys(("CompilationJob", "EdgePackagingJob", "OptimizationJob"), "OutputConfig.S3OutputLocation"),
}
OF_AWS = re.compile("jumpstart-.*|sagemaker-(sample|example)-files.*")  # buckets that AWS has for everybody

_ROLE = {"FeatureGroup": Refusal(VALIDATION, errors.ROLE_OF_FEATURE_GROUP)}
_ROLE_OF_JOB = Refusal(VALIDATION, errors.ROLE_OF_JOB)
_ROLE_OF_OTHERS = Refusal(VALIDATION, errors.ROLE_INVALID)
_NO_DATA = Refusal(VALIDATION, errors.NO_MODEL_DATA)
_NO_BUCKET = Refusal(VALIDATION, errors.NO_ACCESS_TO_MODEL_DATA)


def refuse(scope: Scope, resource: Resource, params: Mapping[str, Any]) -> None:
    """Refuse params that name what IAM or S3 do not have."""
    for role in _roles(resource, params):
        _refuse_role(scope, resource, role)
    if resource.name == "Model":
        for url, exact in _data(params):
            _refuse_data(scope, url, params.get("ExecutionRoleArn", ""), exact=exact)


def _refuse_role(scope: Scope, resource: Resource, role: str) -> None:
    known = arn.parse(role)
    assert scope.neighbours is not None  # only then are there rules about them
    if known and known.account == scope.place.account and scope.neighbours.trusts(role, SERVICE) is False:
        usual = _ROLE_OF_JOB if "Job" in resource.name else _ROLE_OF_OTHERS
        raise _ROLE.get(resource.name, usual).error(role=role)


def _refuse_data(scope: Scope, url: str, role: str, *, exact: bool) -> None:
    parts = urlsplit(url)
    assert scope.neighbours is not None  # likewise
    if parts.scheme != "s3" or OF_AWS.fullmatch(parts.netloc):
        return
    key = url.partition(f"{parts.netloc}/")[2]
    try:
        there = scope.neighbours.holds(scope.place.account, parts.netloc, key, exact=exact)
    except LookupError:
        raise _NO_BUCKET.error(url=url, role=role, region=scope.place.region) from None
    if there is False and not _made_here(scope, url):
        raise _NO_DATA.error(url=url)


def _roles(resource: Resource, params: Mapping[str, Any]) -> Iterator[str]:
    """Yield the roles for SageMaker that a call names, wherever they stand."""
    for verb in ("Create", "Update"):
        name = resource.operation(verb)
        if name in resource.model.operations and params.keys() <= resource.model.input(name).members.keys():
            yield from _named(resource, resource.model.operations[name].input, params)
            return


def _named(resource: Resource, shape: str, value: Any) -> Iterator[str]:
    said = resource.model.shape(shape)
    if said.type == "structure":
        for name, inner in value.items():
            member = said.members.get(name)  # there is none for what is kept under another name
            if member == "RoleArn" and name in ROLES:
                yield inner
            elif member is not None and name not in BEHIND:
                yield from _named(resource, member, inner)
    elif said.type == "list":
        for inner in value:
            yield from _named(resource, said.member, inner)


def _data(params: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield where a model says that its data is, and whether that is one object."""
    for path in CONTAINERS:
        for container in paths.values(params, path):
            if "ModelDataUrl" in container:
                yield container["ModelDataUrl"], container.get("Mode") != "MultiModel"
    for path in SOURCES:
        for source in paths.values(params, path):
            yield source["S3Uri"], source["S3DataType"] == "S3Object"


def _made_here(scope: Scope, url: str) -> bool:
    """Say whether data is where a job here was to write."""
    return any(
        url.startswith(output)
        for name, path in OUTPUTS.items()
        if (table := scope.place.tables.get(name))
        for record in table.records.values()
        for output in paths.values(record.members, path)
    )
