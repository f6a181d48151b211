"""What partner apps add to the verbs: names that are unique, and tags that an update brings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.engine import families, tags, verbs
from emulator.engine.scope import Scope

Params = Mapping[str, Any]


def create(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Make an app under a name that no other has."""
    resource = scope.resources.resource("PartnerApp")
    scope.settle(resource)
    for one in scope.table(resource).records.values():
        if not families.ended(resource, one) and one.members["Name"] == params["Name"]:
            raise resource.taken.error(**resource.called(one.arn, one.key))
    return verbs.create(scope, resource, params)


def update(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Change an app, and put tags on it."""
    resource = scope.resources.resource("PartnerApp")
    labels = tags.added(verbs.find(scope, resource, params).tags, params.get("Tags", ()))
    answer = verbs.update(scope, resource, params)
    record = verbs.find(scope.unseen, resource, params)
    scope.put(resource, record._replace(tags=labels))
    return answer


OPERATIONS = {"CreatePartnerApp": create, "UpdatePartnerApp": update}
