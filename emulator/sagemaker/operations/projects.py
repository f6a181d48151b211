"""Projects: what an update changes beside their members; and whether Service Catalog may be used at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine import tags, verbs
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack

Params = Mapping[str, Any]

PORTFOLIO = "Service Catalog portfolio"  # the shelf
CHANGED = "ServiceCatalogProvisioning"
PROVIDERS = "TemplateProviders"


def update(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Change a project, its templates and its tags."""
    resource = scope.resources.resource("Project")
    if f"{CHANGED}UpdateDetails" in params:
        _refuse_unprovisioned(scope, resource, params)
    answer = verbs.update(scope, resource, params)
    record = verbs.find(scope.unseen, resource, params)
    labels = tags.added(record.tags, params.get("Tags", ()))
    scope.put(resource, record._replace(tags=labels, packed=pack(_templated(record, params))))
    return answer


def _refuse_unprovisioned(scope: Scope, resource: Resource, params: Params) -> None:
    """Refuse to change what Service Catalog provisions of a project for which it provisions nothing."""
    record = verbs.find(scope.unseen, resource, params)
    if f"{CHANGED}Details" not in record.members:
        raise Refusal(VALIDATION, errors.NOT_PROVISIONED).error(**resource.called(record.arn, record.key))


def _templated(record: Record, params: Params) -> dict[str, Any]:
    """Return the members of a project with its templates as an update says."""
    members = record.members
    for change in params.get("TemplateProvidersToUpdate", ()):
        new = change["CfnTemplateProvider"]
        for provider in members.get(PROVIDERS, ()):
            old = provider.get("CfnTemplateProvider", {})
            if old.get("TemplateName") == new["TemplateName"]:
                provider["CfnTemplateProvider"] = {**old, **new}
    return members


def enable(scope: Scope, _: Params) -> dict[str, Any]:
    """Let Service Catalog be used here."""
    scope.place.shelf(PORTFOLIO).put("Status", "Enabled")
    return {}


def disable(scope: Scope, _: Params) -> dict[str, Any]:
    """Let Service Catalog not be used here any more."""
    scope.place.shelf(PORTFOLIO).remove("Status")
    return {}


def status(scope: Scope, _: Params) -> dict[str, Any]:
    """Say whether Service Catalog may be used here; at first it may not."""
    return {"Status": scope.place.shelf(PORTFOLIO).get("Status") or "Disabled"}


OPERATIONS = {
    "DisableSagemakerServicecatalogPortfolio": disable,
    "EnableSagemakerServicecatalogPortfolio": enable,
    "GetSagemakerServicecatalogPortfolioStatus": status,
    "UpdateProject": update,
}
