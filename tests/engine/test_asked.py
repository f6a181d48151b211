"""What was asked for is met, on a service that nobody knows."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Any

import pytest

from emulator.aws.call import Call
from emulator.aws.errors import DroppedError, ServiceError
from emulator.engine.asked import called
from emulator.engine.clock import Chance
from emulator.engine.faults import Turns
from emulator.engine.lifecycle import Lifecycle, Pace, Stage
from emulator.engine.quotas import instances
from emulator.engine.selecting import found
from tests.engine.library import ACCOUNT, LOAN_LIFE, REGION, Library

CHANCE = Chance(0)


def status(library: Library, name: str) -> str:
    return str(library("DescribeBook", BookName=name)["BookStatus"])


# --- How often --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "comes"),
    [
        ({}, [True] * 6),
        ({"times": 2}, [True, True, False, False, False, False]),
        ({"every": 3}, [False, False, True, False, False, True]),
        ({"every": 2, "times": 2}, [False, True, False, True, False, False]),
        ({"probability": 0.0}, [False] * 6),
    ],
)
def test_something_happens_as_often_as_asked_for(said: dict[str, Any], comes: list[bool]) -> None:
    turns = Turns(**said)

    assert [turns.come(CHANCE) for _ in range(6)] == comes
    assert turns.did == sum(comes)


def test_what_happens_so_many_times_does_so_for_many_callers_at_once() -> None:
    turns, seen = Turns(times=100), []

    def try_often() -> None:
        seen.extend(turns.come(CHANCE) for _ in range(500))

    threads = [threading.Thread(target=try_often) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(seen) == turns.did == 100


# --- Which ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "params", "names"),
    [
        ("CreateBook", {"BookName": "b", "RackName": "r"}, {"b"}),
        ("CreateBorrower", {"BorrowerName": "kim"}, {"kim"}),
        ("CreateEdition", {"BookName": "b", "Publisher": "p"}, {"b"}),
        ("DescribeEdition", {"BookName": "b", "EditionNumber": 2}, {"b", "2"}),
        ("PutBookPolicy", {"BookName": "b", "Policy": "p"}, {"b"}),
        ("BurnDown", {"Reason": "r"}, set()),
        ("ListBooks", {}, set()),
    ],
)
def test_a_call_is_about_what_identifies_its_resource(
    library: Library, operation: str, params: dict[str, Any], names: set[str]
) -> None:
    assert set(called(library.emulator.catalogue, Call(operation, params, ACCOUNT, REGION))) == names


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("Name", True),
        ("Empty", False),
        ("No", False),
        ("Zero", True),
        ("Missing", False),
        ("Zero == `0`", True),
        ("starts_with(Name, 'b')", True),
        ("starts_with(Missing, 'b')", False),
        ("length(List) > `1`", True),
        ("List[?@ == 'z']", False),
    ],
)
def test_an_expression_holds_where_it_finds_something(expression: str, holds: bool) -> None:
    said = {"Name": "book", "Empty": "", "No": False, "Zero": 0, "List": ["x", "y"]}

    assert found(expression, said) is holds


# --- Outcomes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "through"),
    [
        ("Create", {"Fetching", "Reading"}),
        ("Start", {"Fetching", "Reading"}),
        ("Stop", {"Stopping"}),
        ("Delete", set()),
    ],
)
def test_a_verb_leads_through_the_statuses_that_time_moves(verb: str, through: set[str]) -> None:
    assert LOAN_LIFE.led_to(verb) == through


def test_a_life_that_goes_round_has_an_end_for_who_looks_at_it() -> None:
    life = Lifecycle("A", times={"A": Stage("B"), "B": Stage("A")})

    assert life.led_to("Create") == {"A", "B"}


def test_only_the_verb_asked_for_fails(library: Library) -> None:
    library.emulator.control.fail("Book", "torn", verb="Delete", name="b*")
    for name in ("a", "b"):
        library("CreateBook", BookName=name)
        assert status(library, name) == "Available"
        library("DeleteBook", BookName=name)

    assert status(library, "b") == "DeleteFailed"
    with pytest.raises(ServiceError, match="no book a"):
        status(library, "a")


def test_a_failure_asked_for_once_counts_only_where_it_stayed(library: Library) -> None:
    library.emulator.control.fail("Book", "torn", times=1)
    library("CreateBook", BookName="b")

    def look_and_give_up() -> None:
        with library.emulator.at(ACCOUNT, REGION) as scope:
            scope.place.journal.append(lambda: None)  # the call has changed something already
            record = scope.find(scope.resources.resource("Book"), ("b",))
            assert record
            assert record.state
            assert record.state.status == "Failed"
            raise RuntimeError("given up")

    with pytest.raises(RuntimeError, match="given up"):
        look_and_give_up()
    assert [one["happened"] for one in library.emulator.control.rules()] == [0]
    assert status(library, "b") == "Failed"
    assert [one["happened"] for one in library.emulator.control.rules()] == [1]


@pytest.mark.parametrize("where", ["Pages > `100`", "BookName == 'b'", "Authors[?Role == 'writer']"])
def test_a_resource_is_found_by_what_describe_shows(library: Library, where: str) -> None:
    library.emulator.control.fail("B*", "torn", where=where)
    borrower = library("CreateBorrower", BorrowerName="kim")["BorrowerId"]
    library("CreateBook", BookName="a", Pages=10)
    library("CreateBook", BookName="b", Pages=200, Authors=[{"BorrowerId": borrower}])

    assert [status(library, name) for name in ("a", "b")] == ["Available", "Failed"]


def test_a_step_meets_the_failure_too(library: Library) -> None:
    library.emulator.settings.pace = Pace("manual")
    library.emulator.control.fail("Book", "torn")
    library("CreateBook", BookName="b")

    assert library.emulator.control.step() == {"moved": 1}
    assert status(library, "b") == "Failed"


# --- Calls and quotas -------------------------------------------------------------------------------------------------


def test_delays_add_up_before_the_first_error(library: Library) -> None:
    control = library.emulator.control
    waited = [control.delay(0.01, operation="CreateRack"), control.delay(0.01, name="r")]
    control.error("internal", operation="CreateRack")
    control.error("throttling", operation="CreateRack")

    with pytest.raises(ServiceError) as refused:
        library("CreateRack", RackName="r")
    assert refused.value.code == "InternalFailure"
    told = {one["id"]: one["happened"] for one in control.rules()}
    assert [told[one["id"]] for one in waited] == [1, 1]
    assert list(told.values()) == [1, 1, 1, 0]


def test_a_dropped_call_is_no_answer_at_all(library: Library) -> None:
    library.emulator.control.drop(operation="CreateRack", times=1)

    with pytest.raises(DroppedError):
        library("CreateRack", RackName="r")
    assert library("CountRacks")["Total"] == 0


def test_a_concurrent_change_is_the_conflict_that_the_operation_declares(library: Library) -> None:
    library.emulator.control.error("concurrent")

    codes = []
    for operation, params in (("StopLoan", {"LoanName": "l"}), ("CreateLoan", {"LoanName": "l"})):
        with pytest.raises(ServiceError) as refused:
            library(operation, **params)
        codes.append(refused.value.code)
    assert codes == ["ConflictException", "ResourceInUse"]


def test_what_exceeds_a_quota_is_undone(library: Library) -> None:
    library.emulator.control.quota("Rack", 1)
    library("CreateRack", RackName="r")

    for operation in ("CreateRack", "CreateRack"):
        with pytest.raises(ServiceError, match="'Total racks' is 1 Racks, with current utilization of 1 Racks"):
            library(operation, RackName="s")
    assert library("CountRacks")["Total"] == 1


def test_what_is_being_deleted_counts_no_more(library: Library) -> None:
    library.emulator.settings.pace = Pace("manual")
    library.emulator.control.quota("Book", 1)
    library("CreateBook", BookName="b")
    library.emulator.push()
    library("DeleteBook", BookName="b")

    assert library("CreateBook", BookName="c")


def test_instances_are_counted_wherever_they_stand() -> None:
    members = {
        "ResourceConfig": {"InstanceGroups": [{"InstanceType": "a", "InstanceCount": 2}, {"InstanceType": "b"}]},
        "Other": [{"InstanceType": "a"}],
        "InstanceType": ["a"],
    }

    assert instances(members) == {"a": 3, "b": 1}


def test_with_nothing_asked_for_nothing_is_asked(library: Library) -> None:
    control = library.emulator.control
    assert library.emulator.asked is None
    one, other = control.error("throttling"), control.fail("Book", "torn")

    control.forget(one["id"])
    assert library.emulator.asked is not None
    control.forget(other["id"])
    assert library.emulator.asked is None


def test_jmespath_is_loaded_when_somebody_uses_it() -> None:
    code = "import sys, emulator.engine.emulator; print('jmespath' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
