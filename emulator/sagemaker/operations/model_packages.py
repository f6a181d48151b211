"""BatchDescribeModelPackage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws.errors import ServiceError
from emulator.engine import verbs
from emulator.engine.scope import Scope

SUMMARY = "BatchDescribeModelPackageSummary"


def batch_describe(scope: Scope, params: Mapping[str, Any]) -> dict[str, Any]:
    """Describe up to a hundred packages; those that are not there come with an error of their own."""
    resource = scope.resources.resource("ModelPackage")
    summaries, failures = {}, {}
    for arn in params["ModelPackageArnList"]:
        try:
            record = scope.look(resource, verbs.found(scope, resource, arn))
        except ServiceError as error:
            failures[arn] = {"ErrorCode": error.code, "ErrorResponse": error.message}
        else:
            summaries[arn] = resource.project(SUMMARY, scope.fields(resource, record))
    return {"ModelPackageSummaries": summaries, "BatchDescribeModelPackageErrorMap": failures}


OPERATIONS = {"BatchDescribeModelPackage": batch_describe}
