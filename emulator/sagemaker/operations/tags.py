"""AddTags, ListTags and DeleteTags, for whatever has an ARN and can be tagged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine import families, paging, tags, versions
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record

Params = Mapping[str, Any]
PAGE = 50


def add_tags(scope: Scope, params: Params) -> dict[str, Any]:
    """Put tags on a resource, over those with the same keys."""
    resource, record = _tagged(scope, params)
    labels = tags.added(record.tags, params["Tags"])
    scope.put(resource, record._replace(tags=labels))
    return {"Tags": tags.listed(labels)}


def list_tags(scope: Scope, params: Params) -> dict[str, Any]:
    """List the tags of a resource, in the order in which they were put on."""
    _, record = _tagged(scope, params)
    query = paging.query("ListTags", scope.place.account, scope.place.region, params)
    numbered = enumerate(tags.listed(record.tags))
    kept, following = paging.window(query, params, numbered, lambda entry: ("", entry[0]), PAGE)
    return {"Tags": [tag for _, tag in kept]} | ({"NextToken": following} if following else {})


def delete_tags(scope: Scope, params: Params) -> dict[str, Any]:
    """Take tags off a resource; keys it does not have are no fault."""
    resource, record = _tagged(scope, params)
    scope.put(resource, record._replace(tags=tags.removed(record.tags, params["TagKeys"])))
    return {}


def _tagged(scope: Scope, params: Params) -> tuple[Resource, Record]:
    found = scope.by_arn(params["ResourceArn"])
    if found is None or not found[0].taggable:
        raise Refusal(VALIDATION, errors.RESOURCE_DOES_NOT_EXIST).error()
    resource, record = found
    if families.ended(resource, record):
        raise Refusal(VALIDATION, errors.NO_WORDS).error()
    if record.family:
        versions.refuse_tags(resource)
    return resource, record


OPERATIONS = {"AddTags": add_tags, "ListTags": list_tags, "DeleteTags": delete_tags}
