"""What Studio adds to the verbs: the owners of spaces, lifecycle configurations in use, and sessions from outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import IN_USE, NOT_FOUND, Refusal
from emulator.engine import families, presigned, verbs
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record

Params = Mapping[str, Any]
SETTINGS = "DomainSettingsForUpdate"


def update_domain(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Change a domain; what an update calls the settings of RStudio is kept as what they are called at creation."""
    settings = {name.removesuffix("ForUpdate"): value for name, value in params.get(SETTINGS, {}).items()}
    changed = {SETTINGS: settings} if settings else {}
    return verbs.update(scope, scope.resources.resource("Domain"), {**params, **changed})


def create_space(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Make a space in a domain; its owner must be a user of that domain."""
    owner = params.get("OwnershipSettings", {}).get("OwnerUserProfileName")
    if owner is not None and scope.settings.strict:
        verbs.find(scope, scope.resources.resource("Domain"), {"DomainId": params["DomainId"]})
        verbs.find(
            scope,
            scope.resources.resource("UserProfile"),
            {"DomainId": params["DomainId"], "UserProfileName": owner},
            Refusal(NOT_FOUND, errors.SPACE_OWNER_MISSING),
        )
    return verbs.create(scope, scope.resources.resource("Space"), params)


def delete_user_profile(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Delete a user who owns no space."""
    resource = scope.resources.resource("UserProfile")
    record = verbs.find(scope, resource, params)
    for one in list(_family(scope, "Space", params["DomainId"])):
        owner = one.members.get("OwnershipSettings", {}).get("OwnerUserProfileName")
        if owner == params["UserProfileName"]:
            refusal = Refusal(IN_USE, errors.ASSOCIATED)
            raise refusal.error(**resource.called(record.arn, record.key), child="Space")
    return verbs.delete(scope, resource, params)


def delete_lifecycle_config(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Delete a configuration that no app runs with, and that no domain, user or space has in its settings."""
    resource = scope.resources.resource("StudioLifecycleConfig")
    record = verbs.find(scope, resource, params)
    quoted = f'"{record.arn}"'.encode()
    for kind in ("Domain", "UserProfile", "Space", "App"):
        other = scope.resources.resource(kind)
        scope.settle(other)
        for one in scope.table(other).records.values():
            if quoted in one.packed and not families.ended(other, one):
                refusal = Refusal(IN_USE, errors.LIFECYCLE_CONFIG_IN_USE)
                raise refusal.error(**resource.called(record.arn, record.key), user=one.arn)
    return verbs.delete(scope, resource, params)


def start_session(scope: Scope, params: Params) -> dict[str, Any]:
    """Connect a development environment on the caller's own machine with a space, or with an app on it."""
    text = params["ResourceIdentifier"]
    found = scope.by_arn(text)
    if found is None or not _connects(*found):
        raise Refusal(NOT_FOUND, errors.NO_SUCH_SPACE).error(arn=text)
    session = f"sagemaker-{scope.chance.uuid()}"
    channel = f"wss://ssmmessages.{scope.place.region}.amazonaws.com/v1/data-channel/{session}"
    return {
        "SessionId": session,
        "StreamUrl": f"{channel}?role=publish_subscribe",
        "TokenValue": presigned.token({"sub": text, "jti": session}, scope.clock.now(), 900),
    }


def _connects(resource: Resource, record: Record) -> bool:
    return resource.name in ("Space", "App") and not families.ended(resource, record)


def _family(scope: Scope, kind: str, domain: str) -> Iterator[Record]:
    resource = scope.resources.resource(kind)
    scope.settle(resource)
    yield from scope.table(resource).family(families.family(scope.resources.resource("Domain"), (domain,))).values()


OPERATIONS = {
    "UpdateDomain": update_domain,
    "CreateSpace": create_space,
    "DeleteUserProfile": delete_user_profile,
    "DeleteStudioLifecycleConfig": delete_lifecycle_config,
    "StartSession": start_session,
}
