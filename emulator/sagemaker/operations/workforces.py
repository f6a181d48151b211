"""What workforces and work teams add to the verbs: one workforce in a region, and teams that AWS's vendors offer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from emulator.aws import errors
from emulator.aws.errors import IN_USE, VALIDATION, Refusal
from emulator.engine import verbs
from emulator.engine.scope import Scope
from emulator.engine.store import Record

Params = Mapping[str, Any]


def create_workforce(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Make the private workforce of a region; there is but one."""
    resource = scope.resources.resource("Workforce")
    there = _the_workforce(scope)
    if there is not None and there.key != (params["WorkforceName"],):
        raise Refusal(VALIDATION, errors.ONE_WORKFORCE).error(arn=there.arn)
    return verbs.create(scope, resource, params)


def update_workforce(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Change a workforce; its identity provider only while it has no teams."""
    resource = scope.resources.resource("Workforce")
    record = verbs.find(scope, resource, params)
    if "OidcConfig" in params and any(scope.children_of(resource, record)):
        refusal = Refusal(IN_USE, errors.OIDC_WITH_WORKTEAMS)
        raise refusal.error(**resource.called(record.arn, record.key))
    return verbs.update(scope, resource, params)


def create_workteam(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Make a team of the workforce named, or of the one that there is."""
    there = None if "WorkforceName" in params else _the_workforce(scope)
    named = {**params, "WorkforceName": there.key[0]} if there else params
    return verbs.create(scope, scope.resources.resource("Workteam"), named)


def delete_workteam(scope: Scope, params: Params) -> dict[str, Any]:
    """Delete a team, and say that it succeeded."""
    verbs.delete(scope, scope.resources.resource("Workteam"), params)
    return {"Success": True}


def describe_subscribed(_: Scope, params: Params) -> NoReturn:
    """Find no subscription: there is no marketplace here."""
    raise Refusal(VALIDATION, errors.NO_WORKTEAM).error(arn=params["WorkteamArn"])


def list_subscribed(_: Scope, __: Params) -> dict[str, Any]:
    """List no subscriptions."""
    return {"SubscribedWorkteams": []}


def _the_workforce(scope: Scope) -> Record | None:
    resource = scope.resources.resource("Workforce")
    scope.settle(resource)
    return next(iter(scope.table(resource).records.values()), None)


OPERATIONS = {
    "CreateWorkforce": create_workforce,
    "UpdateWorkforce": update_workforce,
    "CreateWorkteam": create_workteam,
    "DeleteWorkteam": delete_workteam,
    "DescribeSubscribedWorkteam": describe_subscribed,
    "ListSubscribedWorkteams": list_subscribed,
}
