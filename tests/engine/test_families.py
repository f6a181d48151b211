"""Children that live inside a parent."""

from __future__ import annotations

import pytest

from emulator.aws.errors import ServiceError
from tests.engine.library import KINDS, Library


@pytest.fixture
def borrower(library: Library) -> str:
    """The id of a borrower with two cards."""
    name: str = library("CreateBorrower", BorrowerName="me")["BorrowerId"]
    for card in ("one", "two"):
        library("CreateCard", BorrowerId=name, CardName=card)
    return name


def test_a_child_is_found_by_its_parent_and_its_name(library: Library, borrower: str) -> None:
    described = library("DescribeCard", BorrowerId=borrower, CardName="one")

    assert described["CardArn"].endswith(f"card/{borrower}/one")
    assert described["BorrowerArn"].endswith(f"borrower/{borrower}")


def test_the_same_name_is_free_inside_another_parent(library: Library, borrower: str) -> None:
    other = library("CreateBorrower", BorrowerName="you")["BorrowerId"]

    library("CreateCard", BorrowerId=other, CardName="one")

    with pytest.raises(ServiceError, match="Card already exists"):
        library("CreateCard", BorrowerId=borrower, CardName="one")


def test_a_list_of_children_is_restricted_to_a_parent_or_shows_all(library: Library, borrower: str) -> None:
    other = library("CreateBorrower", BorrowerName="you")["BorrowerId"]
    library("CreateCard", BorrowerId=other, CardName="three")

    def cards(**params: str) -> set[str]:
        return {one["CardName"] for one in library("ListCards", MaxResults=9, **params)["Cards"]}

    assert cards(BorrowerId=borrower) == {"one", "two"}
    assert cards() == {"one", "two", "three"}
    assert cards(BorrowerId="b-nobody") == set()


def test_a_child_of_nobody_is_refused(library: Library) -> None:
    with pytest.raises(ServiceError) as refused:
        library("CreateCard", BorrowerId="b-nobody", CardName="one")

    assert refused.value.code == "ResourceNotFound"


def test_a_parent_with_children_stays_where_its_kind_says_so(library: Library, borrower: str) -> None:
    with pytest.raises(ServiceError, match=f"{borrower} has cards"):
        library("DeleteBorrower", BorrowerId=borrower)
    for card in ("one", "two"):
        library("DeleteCard", BorrowerId=borrower, CardName=card)

    library("DeleteBorrower", BorrowerId=borrower)

    with pytest.raises(ServiceError, match="does not exist"):
        library("DescribeBorrower", BorrowerId=borrower)


def test_children_go_with_their_parent_where_nothing_refuses_it() -> None:
    parent = KINDS["Card"].parents[0]
    loose = type(parent)(parent.kind, parent.by)
    library = Library({**KINDS, "Card": type(KINDS["Card"])("Card", parents=(loose,))})
    borrower = library("CreateBorrower", BorrowerName="me")["BorrowerId"]
    library("CreateCard", BorrowerId=borrower, CardName="one")

    library("DeleteBorrower", BorrowerId=borrower)

    assert library("ListCards") == {"Cards": []}
