"""Numbered versions of a parent, and the aliases that point to them."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.aws.errors import ServiceError
from emulator.engine import versions
from emulator.engine.lifecycle import Pace
from tests.engine.library import ACCOUNT, REGION, Library


@pytest.fixture
def book(library: Library) -> Library:
    """A library with one book."""
    library("CreateBook", BookName="Faust")
    return library


def number(library: Library, **params: Any) -> int:
    """Return the number of the edition that the params name."""
    return int(library("DescribeEdition", BookName="Faust", **params)["EditionNumber"])


def aliases(library: Library, **params: Any) -> list[str]:
    """Return the aliases of a book, or of one edition."""
    with library.emulator.at(ACCOUNT, REGION) as scope:
        return versions.aliases(scope, scope.resources.resource("Edition"), {"BookName": "Faust", **params})


def test_numbers_begin_at_one_and_are_never_given_twice(book: Library) -> None:
    for _ in range(3):
        book("CreateEdition", BookName="Faust")
    book("DeleteEdition", BookName="Faust", EditionNumber=3)

    arn = book("CreateEdition", BookName="Faust")["EditionArn"]

    assert arn == f"arn:aws:library:{REGION}:{ACCOUNT}:edition/faust/4"
    assert [one["EditionNumber"] for one in book("ListEditions", BookName="Faust")["Editions"]] == [4, 2, 1]


def test_every_parent_counts_for_itself(book: Library) -> None:
    book("CreateBook", BookName="Other")
    book("CreateEdition", BookName="Faust")

    assert book("CreateEdition", BookName="Other")["EditionArn"].endswith("edition/other/1")
    assert len(book("ListEditions", BookName="Other")["Editions"]) == 1


def test_a_version_is_found_by_number_by_alias_and_as_the_latest(book: Library) -> None:
    book("CreateEdition", BookName="Faust", Aliases=["first"])
    book("CreateEdition", BookName="Faust")

    assert number(book, EditionNumber=1) == 1
    assert number(book, Alias="first") == 1
    assert number(book) == 2
    book("DeleteEdition", BookName="Faust", EditionNumber=2)
    assert number(book) == 1


def test_a_version_shows_its_parents_arn(book: Library) -> None:
    book("CreateEdition", BookName="Faust", Publisher="p")

    described = book("DescribeEdition", BookName="Faust")

    assert described["BookArn"] == f"arn:aws:library:{REGION}:{ACCOUNT}:book/Faust"
    assert described["Publisher"] == "p"


@pytest.mark.parametrize(
    ("params", "code", "message"),
    [
        ({}, "ResourceNotFound", "Faust has no edition"),
        ({"Alias": "a"}, "ResourceNotFound", "Faust has no a"),
        ({"EditionNumber": 1}, "ResourceNotFound", "Edition with name Faust does not exist."),
    ],
)
def test_a_version_that_is_not_there_is_refused_by_how_it_was_called(
    book: Library, params: dict[str, Any], code: str, message: str
) -> None:
    with pytest.raises(ServiceError) as refused:
        book("DescribeEdition", BookName="Faust", **params)

    assert (refused.value.code, refused.value.message) == (code, message)


@pytest.mark.parametrize("operation", ["CreateEdition", "DescribeEdition", "ListEditions"])
def test_without_a_parent_the_parent_is_missing(library: Library, operation: str) -> None:
    with pytest.raises(ServiceError, match="no book Faust"):
        library(operation, BookName="Faust")


def test_a_parent_that_is_not_ready_takes_no_version(library: Library) -> None:
    library.emulator.settings.pace = Pace("manual")
    library("CreateBook", BookName="Faust")

    with pytest.raises(ServiceError, match="Faust is not ready"):
        library("CreateEdition", BookName="Faust")
    library.emulator.push()
    assert library("CreateEdition", BookName="Faust")["EditionArn"].endswith("/1")


def test_an_alias_points_to_one_version_only_the_last_that_took_it(book: Library) -> None:
    book("CreateEdition", BookName="Faust", Aliases=["best", "first"])
    book("CreateEdition", BookName="Faust", Aliases=["best"])

    assert number(book, Alias="best") == 2
    assert aliases(book) == ["best", "first"]
    assert aliases(book, EditionNumber=1) == ["first"]
    assert aliases(book, Alias="best") == ["best"]


def test_an_update_gives_and_takes_aliases(book: Library) -> None:
    book("CreateEdition", BookName="Faust", Aliases=["a", "b"])
    book("CreateEdition", BookName="Faust")

    book("UpdateEdition", BookName="Faust", EditionNumber=2, AliasesToAdd=["a", "c"], AliasesToDelete=["b"])

    assert aliases(book, EditionNumber=1) == ["b"]  # it was not the second's to delete
    assert aliases(book, EditionNumber=2) == ["a", "c"]


def test_an_alias_goes_with_its_version(book: Library) -> None:
    book("CreateEdition", BookName="Faust", Aliases=["a"])
    book("CreateEdition", BookName="Faust", Aliases=["b"])

    book("DeleteEdition", BookName="Faust", Alias="a")

    assert aliases(book) == ["b"]
    with pytest.raises(ServiceError, match="Faust has no a"):
        number(book, Alias="a")


def test_versions_go_with_their_parent_and_a_new_one_counts_from_one(book: Library) -> None:
    book("CreateEdition", BookName="Faust", Aliases=["a"])
    book("DeleteBook", BookName="Faust")
    book("CreateBook", BookName="Faust")

    assert aliases(book) == []
    assert book("ListEditions", BookName="Faust") == {"Editions": []}
    assert book("CreateEdition", BookName="Faust")["EditionArn"].endswith("/1")


def test_versions_that_take_no_tags_say_so(book: Library) -> None:
    with pytest.raises(ServiceError, match="tag the Book, not the Edition"):
        book("CreateEdition", BookName="Faust", Tags=[{"Key": "a", "Value": "1"}])
