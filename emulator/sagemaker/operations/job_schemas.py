"""The schemas of job configurations: one version for each category, which takes any JSON object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import NOT_FOUND, Refusal
from emulator.engine import paging
from emulator.engine.scope import Scope

Params = Mapping[str, Any]
VERSIONS = ("1.0.0",)  # the newest first; AWS's own schemas are not public
PAGE = 5


def describe(_: Scope, params: Params) -> dict[str, Any]:
    """Tell a schema; the newest one if no version is asked for."""
    category, version = params["JobCategory"], params.get("JobConfigSchemaVersion", VERSIONS[0])
    if version not in VERSIONS:
        raise Refusal(NOT_FOUND, errors.NO_SCHEMA_VERSION).error(version=version, category=category)
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{category} {version}",
        "type": "object",
    }
    return {"JobCategory": category, "JobConfigSchemaVersion": version, "JobConfigSchema": json.dumps(schema)}


def list_all(scope: Scope, params: Params) -> dict[str, Any]:
    """List the versions of a category's schema."""
    query = paging.query("ListJobSchemaVersions", scope.place.account, scope.place.region, params)
    kept, following = paging.window(query, params, enumerate(VERSIONS), lambda entry: ("", entry[0]), PAGE)
    schemas = [{"JobConfigSchemaVersion": version} for _, version in kept]
    return {"JobConfigSchemas": schemas} | ({"NextToken": following} if following else {})


OPERATIONS = {"DescribeJobSchemaVersion": describe, "ListJobSchemaVersions": list_all}
