"""A kind is asked for when it is first needed: no call costs more because there are more kinds."""

from __future__ import annotations

import pytest

from emulator.engine.kind import Kind
from tests.engine.library import ACCOUNT, KINDS, REGION, Library


class Watched(dict[str, Kind]):
    """The library's kinds, which know for whom somebody asked."""

    def __init__(self) -> None:
        super().__init__(KINDS)
        self.asked: set[str] = set()

    def get(self, name: str, default: Kind | None = None) -> Kind | None:  # type: ignore[override]
        """Return a kind, and remember that it was asked for."""
        self.asked.add(name)
        return super().get(name, default)


@pytest.fixture
def kinds() -> Watched:
    return Watched()


@pytest.fixture
def watched(kinds: Watched) -> Library:
    return Library(kinds)


def test_a_library_that_opens_asks_for_no_kind(watched: Library, kinds: Watched) -> None:
    assert kinds.asked == set()


@pytest.mark.parametrize("verb", ["CreateRack", "DescribeRack", "DeleteRack"])
def test_a_call_asks_for_the_kind_it_is_about(watched: Library, kinds: Watched, verb: str) -> None:
    for operation in ("CreateRack", "DescribeRack", "DeleteRack"):
        watched(operation, RackName="r")
        if operation == verb:
            break

    assert kinds.asked == {"Rack"}


def test_an_arn_is_looked_for_among_the_kinds_that_are_here(watched: Library, kinds: Watched) -> None:
    arn = watched("CreateRack", RackName="r")["RackArn"]

    with watched.emulator.at(ACCOUNT, REGION) as scope:
        assert scope.by_arn(arn)
        assert scope.by_arn(arn.replace("bookcase/", "book/")) is None

    assert kinds.asked == {"Rack"}


def test_a_parent_that_goes_asks_for_the_kinds_of_its_children(watched: Library, kinds: Watched) -> None:
    watched("CreateBook", BookName="Faust")
    watched("CreateEdition", BookName="Faust")

    with watched.emulator.at(ACCOUNT, REGION) as scope:
        book = scope.resources.resource("Book")
        record = scope.find(book, ("Faust",))
        assert record
        children = [(child.name, said.by, len(records)) for child, said, records in scope.children_of(book, record)]

    assert children == [("Edition", "BookName", 1)]
    assert not kinds.asked & {"Card", "Loan"}
