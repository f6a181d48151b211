"""Records, apart by place, found by key and read in any order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.aws.errors import ServiceError
from emulator.engine.lifecycle import State
from emulator.engine.store import Record, Store, Table, pack
from tests.engine.library import Library


def record(name: str, serial: int, value: int = 0, family: tuple[str, ...] = ()) -> Record:
    return Record((name,), serial, f"arn:{name}", float(value), 0.0, None, pack({"Name": name}), family)


def created(one: Record) -> float:
    return one.created


def test_places_are_apart_by_account_and_region() -> None:
    store = Store()

    store.place("1", "a").table("Book").put(record("x", 1), moving=False)

    assert ("x",) in store.place("1", "a").table("Book").records
    assert not store.place("2", "a").table("Book").records
    assert not store.place("1", "b").table("Book").records


@pytest.mark.parametrize(
    ("account", "region", "left"),
    [(None, None, []), ("1", None, ["2a", "2b"]), (None, "a", ["1b", "2b"]), ("1", "a", ["1b", "2a", "2b"])],
)
def test_a_reset_forgets_what_it_is_about_and_no_more(account: str | None, region: str | None, left: list[str]) -> None:
    store = Store()
    for place in ("1a", "1b", "2a", "2b"):
        store.place(*place).table("Book").put(record(place, 1), moving=False)

    store.reset(account, region)

    assert sorted(one.account + one.region for one in store.places() if one.table("Book").records) == left


def test_a_serial_is_never_given_twice_not_even_in_two_places() -> None:
    store = Store()

    serials = [store.place(account, "a").serial() for account in "12112"]

    assert len(set(serials)) == 5
    assert serials == sorted(serials)


def test_members_are_a_copy_that_belongs_to_the_caller() -> None:
    one = record("x", 1)

    one.members["Name"] = "changed"

    assert one.members == {"Name": "x"}


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 3), st.booleans()), max_size=30), st.booleans())
def test_an_order_once_asked_for_stays_right_through_every_change(
    changes: list[tuple[str, int, bool]], descending: bool
) -> None:
    table, serials = Table(), iter(range(100))
    list(table.ordered(None, "created", created, None, descending=descending))

    for name, value, remove in changes:
        old = table.records.get((name,))
        if remove and old:
            table.remove(old)
        elif not remove:
            table.put(record(name, old.serial if old else next(serials), value), moving=False)

    ordered = list(table.ordered(None, "created", created, None, descending=descending))
    assert ordered == sorted(table.records.values(), key=lambda one: (one.created, one.serial), reverse=descending)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12), st.integers(0, 11), st.booleans())
def test_an_order_continues_right_behind_any_record(values: list[int], at: int, descending: bool) -> None:
    table = Table()
    for serial, value in enumerate(values):
        table.put(record(f"r{serial}", serial, value), moving=False)
    whole = list(table.ordered(None, "created", created, None, descending=descending))
    last = whole[at % len(whole)]

    behind = table.ordered(None, "created", created, (last.created, last.serial), descending=descending)

    assert list(behind) == whole[whole.index(last) + 1 :]


def test_a_family_is_read_alone_oldest_first() -> None:
    table = Table()
    for serial, (name, family) in enumerate([("a", "f"), ("b", "g"), ("c", "f")]):
        table.put(record(name, serial, family=(family,)), moving=False)

    assert [one.key[0] for one in table.family(("f",)).values()] == ["a", "c"]
    assert [one.key[0] for one in table.ordered(("f",), "created", created, None, descending=True)] == ["c", "a"]
    table.remove(table.records[("a",)])
    table.remove(table.records[("c",)])
    assert not table.family(("f",))
    assert not list(table.ordered(("f",), "created", created, None, descending=True))


def test_what_time_may_move_is_known_until_it_stands_still_or_is_gone() -> None:
    table = Table()
    moving = record("a", 1)._replace(state=State("Creating", 0))

    table.put(moving, moving=True)
    assert list(table.moving) == [("a",)]
    table.put(moving._replace(state=State("Available", 0)), moving=False)
    assert not table.moving
    table.put(moving, moving=True)
    table.remove(moving)
    assert not table.moving


def test_a_record_can_be_found_by_its_arn_as_long_as_it_is_there() -> None:
    table, one = Table(), record("a", 1)

    table.put(one, moving=False, by_arn=True)
    assert table.arns == {"arn:a": ("a",)}
    table.remove(one)
    assert not table.arns


def test_of_many_creates_of_one_name_at_once_exactly_one_wins(library: Library) -> None:
    def create(_: int) -> bool:
        try:
            library("CreateRack", RackName="r")
        except ServiceError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(create, range(64)))

    assert won.count(True) == 1


def test_versions_made_at_once_are_numbered_without_a_gap(library: Library) -> None:
    library("CreateBook", BookName="b")

    with ThreadPoolExecutor(8) as pool:
        arns = list(pool.map(lambda _: library("CreateEdition", BookName="b")["EditionArn"], range(40)))

    assert sorted(int(arn.rpartition("/")[2]) for arn in arns) == list(range(1, 41))
