"""Lists of what SageMaker has by itself: standard models, and the catalogs of shared resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from emulator.aws import arn
from emulator.engine import paging
from emulator.engine.scope import Scope
from emulator.sagemaker.rules.standard_models import MODELS

Params = Mapping[str, Any]
PAGE = 100

CATALOG = "DefaultFeatureGroupCatalog"
DESCRIPTION = "Default catalog of the feature groups that can be shared."
SINCE = 1_690_000_000.0  # a place has its catalog from before anybody looked


def list_model_metadata(scope: Scope, params: Params) -> dict[str, Any]:
    """List the standard models that have all the properties asked for."""
    wanted = params.get("SearchExpression", {}).get("Filters", ())
    models = [one for one in MODELS if all(one[test["Name"]] == test["Value"] for test in wanted)]
    return _page(scope, "ListModelMetadata", params, "ModelMetadataSummaries", models)


def list_resource_catalogs(scope: Scope, params: Params) -> dict[str, Any]:
    """List the catalogs of resources: every place has the one of its feature groups."""
    prefix = arn.prefix("sagemaker", scope.place.region, scope.place.account)
    catalog = {
        "ResourceCatalogArn": f"{prefix}sagemaker-catalog/{CATALOG}",
        "ResourceCatalogName": CATALOG,
        "Description": DESCRIPTION,
        "CreationTime": SINCE,
    }
    fits = params.get("NameContains", "") in CATALOG
    fits = fits and params.get("CreationTimeAfter", SINCE) <= SINCE < params.get("CreationTimeBefore", SINCE + 1)
    return _page(scope, "ListResourceCatalogs", params, "ResourceCatalogs", [catalog] if fits else [])


def _page(
    scope: Scope, operation: str, params: Params, member: str, entries: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    query = paging.query(operation, scope.place.account, scope.place.region, params)
    kept, following = paging.window(query, params, enumerate(entries), lambda entry: ("", entry[0]), PAGE)
    return {member: [one for _, one in kept]} | ({"NextToken": following} if following else {})


OPERATIONS = {"ListModelMetadata": list_model_metadata, "ListResourceCatalogs": list_resource_catalogs}
