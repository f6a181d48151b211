"""Relations: many to many, found from either side, and what is bound does not end."""

from __future__ import annotations

import pytest

from emulator.aws.errors import Refusal, ServiceError
from emulator.engine.kind import Bond, Kind
from emulator.engine.listing import List
from emulator.engine.relations import Relation
from tests.engine.library import ACCOUNT, KINDS, REGION, Library, sentence

READERS = "readers of books"
BOUND = Bond(READERS, Refusal("ConflictException", sentence("{title} {name} is being read")))


def arn(resource: str) -> str:
    return f"arn:aws:library:{REGION}:{ACCOUNT}:{resource}"


@pytest.fixture
def library() -> Library:
    """A library whose books are bound to their readers; two racks stand in it."""
    bound = KINDS["Book"]._replace(bonds=(BOUND,))
    library = Library({**KINDS, "Book": bound})
    for name in ("one", "other"):
        library("CreateBook", BookName=name)
    return library


def test_each_is_found_from_either_side_in_the_order_of_relating() -> None:
    relation = Relation()

    for one, other in (("a", "2"), ("a", "1"), ("b", "1")):
        assert relation.add(one, other)

    assert relation.of("a") == ["2", "1"]
    assert relation.to("1") == ["a", "b"]
    assert relation.of("1") == relation.to("a") == []
    assert relation.has("a", "2")
    assert not relation.has("2", "a")


def test_what_is_related_twice_is_related_once() -> None:
    relation = Relation()
    relation.add("a", "1")

    assert not relation.add("a", "1")
    assert relation.remove("a", "1")
    assert not relation.remove("a", "1")
    assert not relation.touches("a")
    assert not relation.touches("1")


def test_a_thing_that_is_forgotten_is_related_to_nothing_and_the_others_still_are() -> None:
    relation = Relation()
    for one, other in (("a", "b"), ("b", "c"), ("a", "c"), ("b", "b")):
        relation.add(one, other)

    relation.forget("b")

    assert not relation.touches("b")
    assert relation.of("a") == ["c"]


def test_what_is_bound_does_not_end_until_it_is_let_go(library: Library) -> None:
    with library.emulator.at(ACCOUNT, REGION) as scope:
        scope.place.relation(READERS).add("arn:of:a:reader", arn("book/one"))

    with pytest.raises(ServiceError) as refused:
        library("DeleteBook", BookName="one")
    assert (refused.value.code, refused.value.message) == ("ConflictException", "Book one is being read")
    assert library("DescribeBook", BookName="one")["BookName"] == "one"

    with library.emulator.at(ACCOUNT, REGION) as scope:
        assert scope.place.relation(READERS).remove("arn:of:a:reader", arn("book/one"))
    library("DeleteBook", BookName="one")


def test_an_end_that_nobody_asks_about_parts_it_from_all(library: Library) -> None:
    with library.emulator.at(ACCOUNT, REGION) as scope:
        relation = scope.place.relation(READERS)
        relation.add("arn:of:a:reader", arn("book/one"))
        book = scope.resources.resource("Book")
        scope.remove(book, scope.table(book).records[("one",)])

        assert not relation.touches("arn:of:a:reader")


def test_places_have_relations_of_their_own_and_a_reset_forgets_them(library: Library) -> None:
    with library.emulator.at(ACCOUNT, REGION) as scope:
        scope.place.relation(READERS).add("a", "b")
    elsewhere = library.emulator.store.place("999999999999", "eu-west-1")

    assert not elsewhere.relation(READERS).touches("a")
    library.emulator.store.reset()
    with library.emulator.at(ACCOUNT, REGION) as scope:
        assert not scope.place.relation(READERS).touches("a")


def test_a_list_among_chosen_records_filters_sorts_and_pages_as_any_other(library: Library) -> None:
    for place, name in enumerate(("apple", "banana", "cherry", "date")):
        library("CreateRack", RackName=name, Label=f"l{place % 2}")
        library.clock.advance(10)

    def chosen(**params: object) -> dict[str, object]:
        with library.emulator.at(ACCOUNT, REGION) as scope:
            rack = scope.resources.resource("Rack")
            records = [one for one in scope.table(rack).records.values() if one.key != ("cherry",)]
            return List(rack, "ListRacks").among(scope, params, records)

    def names(page: dict[str, object]) -> list[str]:
        return [one["RackName"] for one in page["Racks"]]  # type: ignore[index,attr-defined]

    assert names(chosen()) == ["date", "banana", "apple"]
    assert names(chosen(SortBy="Name", SortOrder="Ascending")) == ["apple", "banana", "date"]
    assert names(chosen(Label="l1")) == ["date", "banana"]
    for order, expected in (("Ascending", ["apple", "banana", "date"]), ("Descending", ["date", "banana", "apple"])):
        seen, token = [], {}
        while True:
            page = chosen(MaxResults=1, SortOrder=order, **token)
            seen += names(page)
            if "NextToken" not in page:
                break
            token = {"NextToken": page["NextToken"]}
        assert seen == expected


def test_names_that_differ_by_case_are_one_name_where_a_kind_folds_them() -> None:
    library = Library({**KINDS, "Rack": Kind("Rack", folds=True)})
    made = library("CreateRack", RackName="Apple")

    assert made == {"RackArn": arn("bookcase/apple")}
    assert library("DescribeRack", RackName="aPPLE")["RackName"] == "Apple"
    assert [one["RackName"] for one in library("ListRacks", NameContains="pp")["Racks"]] == ["Apple"]
    with pytest.raises(ServiceError):
        library("CreateRack", RackName="apple")
    library("DeleteRack", RackName="APPLE")
    assert library("ListRacks")["Racks"] == []


def test_a_change_of_members_is_told_and_a_change_of_state_is_not_told_as_one(library: Library) -> None:
    library("DescribeBook", BookName="one")
    library("UpdateRack", RackName=library("CreateRack", RackName="r") and "r", Label="new")

    [(kind, old, new)] = library.declarations.changed
    assert (kind, "Label" in old, new["Label"]) == ("Rack", False, "new")
    library("UpdateRack", RackName="r", Label="new")
    assert len(library.declarations.changed) == 1
