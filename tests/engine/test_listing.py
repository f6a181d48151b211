"""Lists: filters, orders and summaries that follow from the names of the parameters."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.aws.errors import ServiceError
from emulator.engine.lifecycle import Pace
from tests.engine.library import Library

NAMES = ("apple", "banana", "cherry", "applepie", "date")


@pytest.fixture
def racks(library: Library) -> Library:
    """A library with five racks, made ten seconds apart; the banana was updated last."""
    for place, name in enumerate(NAMES):
        library("CreateRack", RackName=name, Label=f"l{place % 2}")
        library.clock.advance(10)
    library("UpdateRack", RackName="banana", Label="l9")
    return library


def names(library: Library, **params: Any) -> list[str]:
    """Return the names on a page."""
    return [one["RackName"] for one in library("ListRacks", **params)["Racks"]]


def test_the_newest_comes_first_unless_the_caller_wants_it_otherwise(racks: Library) -> None:
    assert names(racks) == list(reversed(NAMES))
    assert names(racks, SortOrder="Ascending") == list(NAMES)


@pytest.mark.parametrize(
    ("sort_by", "ordered"),
    [
        ("Name", ["apple", "applepie", "banana", "cherry", "date"]),
        ("CreationTime", list(NAMES)),
        ("LastModifiedTime", ["apple", "cherry", "applepie", "date", "banana"]),
        ("Label", ["apple", "cherry", "date", "applepie", "banana"]),
    ],
)
def test_a_sort_key_sorts_by_what_it_names_and_by_age_where_that_is_equal(
    racks: Library, sort_by: str, ordered: list[str]
) -> None:
    assert names(racks, SortBy=sort_by, SortOrder="Ascending") == ordered
    assert names(racks, SortBy=sort_by, SortOrder="Descending") == ordered[::-1]


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"NameContains": "an"}, {"banana"}),
        ({"NamePrefix": "apple"}, {"apple", "applepie"}),
        ({"Label": "l0"}, {"apple", "cherry", "date"}),
        ({"CreationTimeAfter": 1_700_000_030}, {"applepie", "date"}),
        ({"CreationTimeBefore": 1_700_000_010}, {"apple"}),
        ({"NamePrefix": "apple", "Label": "l1"}, {"applepie"}),
        ({"NameContains": "nothing"}, set()),
    ],
)
def test_a_parameter_filters_by_what_it_names(racks: Library, params: dict[str, Any], found: set[str]) -> None:
    assert set(names(racks, **params)) == found


def test_a_filter_by_status_sees_the_status_of_now(library: Library) -> None:
    library("CreateBook", BookName="b")

    assert library("ListBooks", StatusEquals="Creating") == {"Books": []}
    assert library("ListBooks", StatusEquals="Available")["Books"] == [{"BookName": "b", "BookStatus": "Available"}]


def test_a_summary_takes_a_member_named_after_the_kind_from_the_plain_one(racks: Library) -> None:
    [summary] = racks("ListRacks", NameContains="cherry")["Racks"]

    assert summary["RackLabel"] == "l0"
    assert summary.keys() == {"RackName", "RackArn", "RackLabel", "CreationTime"}


def walked(library: Library, **params: Any) -> list[list[str]]:
    """Return the names on every page of a walk."""
    pages, token = [], {}
    while True:
        answer = library("ListRacks", **params, **token)
        pages.append([one["RackName"] for one in answer["Racks"]])
        if "NextToken" not in answer:
            return pages
        token = {"NextToken": answer["NextToken"]}


@pytest.mark.parametrize("sort_by", ["Name", "CreationTime", "LastModifiedTime", "Label"])
@pytest.mark.parametrize("order", ["Ascending", "Descending"])
def test_a_walk_shows_everything_once_in_order(racks: Library, sort_by: str, order: str) -> None:
    pages = walked(racks, SortBy=sort_by, SortOrder=order, MaxResults=2)

    assert [len(page) for page in pages] == [2, 2, 1]
    assert [name for page in pages for name in page] == names(racks, SortBy=sort_by, SortOrder=order)


def test_a_page_is_cut_before_it_is_filtered_unless_the_settings_say_otherwise(racks: Library) -> None:
    asked = {"NamePrefix": "apple", "SortOrder": "Ascending", "MaxResults": 2}

    assert walked(racks, **asked) == [["apple"], ["applepie"], []]
    racks.emulator.settings.filter_first = True
    assert [name for page in walked(racks, **asked) for name in page] == ["apple", "applepie"]
    assert len(walked(racks, **asked)[0]) == 2


def test_what_comes_and_goes_during_a_walk_is_neither_skipped_nor_repeated(racks: Library) -> None:
    first = racks("ListRacks", SortBy="Name", SortOrder="Ascending", MaxResults=2)
    racks("DeleteRack", RackName="apple")
    racks("CreateRack", RackName="avocado")
    racks("CreateRack", RackName="coconut")

    rest = names(racks, SortBy="Name", SortOrder="Ascending", MaxResults=9, NextToken=first["NextToken"])

    assert [one["RackName"] for one in first["Racks"]] == ["apple", "applepie"]
    assert rest == ["avocado", "banana", "cherry", "coconut", "date"]


def test_a_token_of_another_query_is_refused(racks: Library) -> None:
    token = racks("ListRacks", MaxResults=1)["NextToken"]

    for params in ({"Label": "l0"}, {"SortBy": "Name"}):
        with pytest.raises(ServiceError, match="NextToken"):
            racks("ListRacks", NextToken=token, **params)
    with pytest.raises(ServiceError, match="NextToken"):
        racks("ListRacks", NextToken=token, account="444455556666")


def test_a_kind_may_say_how_long_its_pages_are(library: Library) -> None:
    borrower = library("CreateBorrower", BorrowerName="me")["BorrowerId"]
    for name in ("a", "b", "c"):
        library("CreateCard", BorrowerId=borrower, CardName=name)

    answer = library("ListCards")

    assert len(answer["Cards"]) == 2
    assert len(library("ListCards", NextToken=answer["NextToken"])["Cards"]) == 1


def test_at_pace_step_a_list_is_a_look_too(library: Library) -> None:
    library.emulator.settings.pace = Pace("step")
    library("CreateBook", BookName="b")

    seen = [library("ListBooks")["Books"][0]["BookStatus"] for _ in range(3)]

    assert seen == ["Creating", "Available", "Available"]


def test_accounts_and_regions_see_their_own(racks: Library) -> None:
    assert racks("ListRacks", account="444455556666") == {"Racks": []}
    assert racks("ListRacks", region="us-east-1") == {"Racks": []}
