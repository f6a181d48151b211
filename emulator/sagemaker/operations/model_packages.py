"""BatchDescribeModelPackage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws.errors import ServiceError
from emulator.engine import verbs
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record

SUMMARY = "BatchDescribeModelPackageSummary"


def batch_describe(scope: Scope, params: Mapping[str, Any]) -> dict[str, Any]:
    """Describe up to a hundred packages; those that are not there come with an error of their own."""
    resource = scope.resources.resource("ModelPackage")
    summaries, failures = {}, {}
    for arn in params["ModelPackageArnList"]:
        try:
            record = scope.look(resource, _version(scope, resource, arn))
        except ServiceError as error:
            failures[arn] = {"ErrorCode": error.code, "ErrorResponse": error.message}
        else:
            summaries[arn] = resource.project(SUMMARY, scope.fields(resource, record))
    return {"ModelPackageSummaries": summaries, "BatchDescribeModelPackageErrorMap": failures}


def _version(scope: Scope, resource: Resource, text: str) -> Record:
    """Return the version that an ARN stands for; ServiceError if there is none, but maybe a package of its own."""
    record = verbs.found(scope, resource, text)
    if not record.family:
        raise resource.missing.error(**scope.words(resource, text))
    return record


OPERATIONS = {"BatchDescribeModelPackage": batch_describe}
