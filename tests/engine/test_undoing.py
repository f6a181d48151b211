"""What is refused changes nothing, however far the call had come."""

from __future__ import annotations

import pytest

from emulator.aws.errors import ServiceError
from emulator.engine.store import Place, Record


def record(name: str, serial: int, family: tuple[str, ...] = ()) -> Record:
    return Record((name,), serial, f"arn:{name}", 1.0, 1.0, None, b"{}", family)


def contents(place: Place) -> object:
    table = place.table("Book")
    order = list(table.ordered(None, "name", lambda one: one.key[0], None, descending=False))
    return (
        dict(table.records),
        {family: dict(members) for family, members in table.families.items()},
        dict(table.moving),
        dict(table.arns),
        order,
        place.relation("lent").of("arn:a"),
        place.relation("lent").to("arn:x"),
        list(place.shelf("notes").items()),
    )


def test_undoing_brings_back_records_families_indexes_arns_and_relations() -> None:
    place = Place("1", "r", iter(range(100)))
    table = place.table("Book")
    table.put(record("a", 1, ("Shelf", "s")), moving=True, by_arn=True)
    table.put(record("b", 2), moving=False)
    for one, other in (("arn:a", "arn:x"), ("arn:a", "arn:w"), ("arn:b", "arn:x")):
        place.relation("lent").add(one, other)
    before = contents(place)
    begin = len(place.journal)

    table.put(record("c", 3, ("Shelf", "s")), moving=True, by_arn=True)
    table.put(record("a", 1, ("Shelf", "s"))._replace(packed=b"[]"), moving=False, by_arn=True)
    table.remove(table.records[("b",)])
    table.remove(table.records[("a",)])
    place.relation("lent").add("arn:a", "arn:y")
    place.relation("lent").remove("arn:a", "arn:x")
    assert contents(place) != before
    place.undo(begin)

    assert contents(place) == before
    assert len(place.journal) == begin


def test_undoing_brings_back_all_that_was_cleared() -> None:
    place = Place("1", "r", iter(range(100)))
    place.table("Book").put(record("a", 1), moving=True)
    place.relation("lent").add("arn:a", "arn:x")
    place.shelf("notes").put("n", 1)
    before = contents(place)
    begin = len(place.journal)

    place.clear()
    place.table("Book").put(record("b", 2), moving=False)
    assert contents(place) != before
    place.undo(begin)

    assert contents(place) == before


def test_what_a_call_within_a_refused_call_has_done_is_undone_with_it(library) -> None:
    def half() -> None:
        with library.emulator.at("123456789012", "us-east-1"):
            library("CreateRack", account="123456789012", region="us-east-1", RackName="r", ClientToken="t")
            raise ServiceError("Refused", "at the last moment")

    with pytest.raises(ServiceError):
        half()

    with library.emulator.at("123456789012", "us-east-1") as scope:
        assert scope.place.table("Rack").records == {}
        assert not scope.place.shelf("client tokens")


def test_a_call_that_raises_half_way_leaves_nothing_behind(library) -> None:
    def half() -> None:
        with library.emulator.at("123456789012", "us-east-1") as scope:
            scope.place.table("Shelf").put(record("half", 1), moving=False)
            raise ServiceError("Refused", "at the last moment")

    with pytest.raises(ServiceError):
        half()

    with library.emulator.at("123456789012", "us-east-1") as scope:
        assert scope.place.table("Shelf").records == {}
        assert scope.place.journal == []
