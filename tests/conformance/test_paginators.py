"""Every paginator of botocore is walked over more than one page, and gives every item once, in one order."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore import xform_name
from botocore.loaders import Loader

from tests.conformance.boto import Boto
from tests.conformance.botocore_model import SHAPES, input_shape, members, required
from tests.conformance.inputs import minimal
from tests.conformance.lives import Lives, Params
from tests.conformance.many import MANY
from tests.conformance.whole import family, makable, place

PAGINATORS: dict[str, dict[str, Any]] = Loader().load_service_model("sagemaker", "paginators-1")["pagination"]

# Paginators that have never more than one page to give, with the reason.
ONE_PAGE: dict[str, str] = {
    "ListJobSchemaVersions": "the schema of a category has one version",
    "ListLineageGroups": "an account has the one that SageMaker makes, and nobody shares another with it",
    "ListMonitoringAlerts": "a schedule has one alert",
    "ListResourceCatalogs": "there is the one of feature groups, and nobody shares another",
    "ListSubscribedWorkteams": "there is no marketplace to subscribe to a team in",
    "ListTags": "a page has room for fifty tags at least, and nothing carries more",
    "ListWorkforces": "an account has one in a region",
}


@pytest.fixture
def lives(emulator: Any, client: Any) -> Lives:
    return Lives(emulator, Boto(client))


def prepared(lives: Lives, operation: str) -> Params:
    """Make three of what an operation lists, and return the params with which it lists them."""
    if operation in MANY:
        return MANY[operation](lives)
    _, kind = place(lives, operation)
    assert kind, f"nothing tells what {operation} lists"
    assert makable(lives, kind), f"nothing tells how to make a {kind}"
    made = [lives.make(kind, variant=variant) for variant in range(3)]
    given = {**minimal(operation), **lives.naming(made[0], operation), **family(made[0])}
    params = {
        name: value
        for name, value in given.items()
        if name in required(input_shape(operation)) or name in family(made[0])
    }
    return {name: value for name, value in params.items() if name in members(input_shape(operation))}


def least(operation: str) -> dict[str, int]:
    """Return how to ask for the smallest pages."""
    limit = PAGINATORS[operation].get("limit_key")
    return {"PageSize": max(SHAPES[members(input_shape(operation))[limit]].get("min", 1), 1)} if limit else {}


def items(pages: list[Any], key: Any) -> list[str]:
    """Return the items of all pages, in an order that can be compared."""
    names = key if isinstance(key, list) else [key]
    return [
        json.dumps(item, default=str, sort_keys=True) for page in pages for name in names for item in page.get(name, [])
    ]


def test_there_are_as_many_paginators_as_are_walked() -> None:
    assert len(PAGINATORS) == 95
    assert PAGINATORS.keys() >= ONE_PAGE.keys()


@pytest.mark.parametrize("operation", [one for one in sorted(PAGINATORS) if one not in ONE_PAGE])
def test_a_paginator_gives_every_item_once(operation: str, lives: Lives, client: Any) -> None:
    params = prepared(lives, operation)
    key = PAGINATORS[operation]["result_key"]

    whole = items([getattr(client, xform_name(operation))(**params)], key)
    pages = list(client.get_paginator(xform_name(operation)).paginate(**params, PaginationConfig=least(operation)))
    walked = items(pages, key)

    assert len(pages) > 1
    assert len(set(walked)) == len(walked) >= len(whole)
    assert walked[: len(whole)] == whole


@pytest.mark.parametrize("operation", ONE_PAGE)
def test_what_has_never_more_than_one_page_has_all_on_it(operation: str, lives: Lives, client: Any) -> None:
    params = MANY[operation](lives) if operation in MANY else minimal(operation)
    key = PAGINATORS[operation]["result_key"]

    pages = list(client.get_paginator(xform_name(operation)).paginate(**params, PaginationConfig=least(operation)))

    assert len(pages) == 1
    assert items(pages, key) == items([getattr(client, xform_name(operation))(**params)], key)
