"""Resources that live by work of their own: a function does the next of it at each look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from emulator.engine.emulator import Emulator
from emulator.engine.kind import Kind
from emulator.engine.lifecycle import Lifecycle, Pace, State
from emulator.engine.scope import Scope
from emulator.engine.store import Record
from tests.engine.library import ACCOUNT, REGION, Library

PAGES = 3
LOAN = Kind(
    "Loan",
    lifecycle=Lifecycle(
        begins="InProgress", calls={"Stop": {"InProgress": "Stopped"}}, works={"InProgress": ("Completed",)}
    ),
)


def read(scope: Scope, resource: Any, record: Record) -> Record:
    """Read a page; at the last one the loan is over."""
    assert record.state
    pages = record.own.get("pages", 0) + 1
    if record.state.status != "InProgress":
        return record
    assert scope.find(resource, record.key) is record, "who looks at himself at work finds himself as he is"
    record = record._replace(own={**record.own, "pages": pages})
    if pages < PAGES:
        return scope.put(resource, record) or record
    return scope.change(resource, record, State("Completed", scope.clock.now())) or record


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    library = Library({"Loan": LOAN})
    monkeypatch.setattr(library.declarations, "works", lambda kind: {"Loan": read}[kind], raising=False)
    library.declarations.working = frozenset({"Loan"})
    library("CreateLoan", LoanName="a")
    return library


def pages(emulator: Emulator) -> int:
    return emulator.store.place(ACCOUNT, REGION).table("Loan").records[("a",)].own.get("pages", 0)


def test_all_work_that_is_due_is_done_at_the_next_look(library: Library) -> None:
    assert pages(library.emulator) == 0
    assert library("DescribeLoan", LoanName="a")["LoanStatus"] == "Completed"
    assert pages(library.emulator) == PAGES


def test_a_list_sees_what_work_made_of_them(library: Library) -> None:
    assert [one["LoanStatus"] for one in library("ListLoans")["Loans"]] == ["Completed"]


def test_a_list_of_any_kind_sees_what_work_has_made(library: Library) -> None:
    library("ListRacks")

    assert pages(library.emulator) == PAGES


def test_at_pace_step_each_look_does_one_piece_of_work(library: Library) -> None:
    library.emulator.settings.pace = Pace("step")

    seen = [library("DescribeLoan", LoanName="a")["LoanStatus"] for _ in range(PAGES + 1)]

    assert seen == ["InProgress"] * PAGES + ["Completed"]


def test_at_pace_manual_nothing_is_done_until_it_is_pushed(library: Library) -> None:
    library.emulator.settings.pace = Pace("manual")

    library("DescribeLoan", LoanName="a")
    assert pages(library.emulator) == 0
    assert [library.emulator.push() for _ in range(PAGES + 1)] == [1] * PAGES + [0]
    assert library("DescribeLoan", LoanName="a")["LoanStatus"] == "Completed"


def test_what_was_stopped_works_no_more(library: Library) -> None:
    library("StopLoan", LoanName="a")

    assert library("DescribeLoan", LoanName="a")["LoanStatus"] == "Stopped"
    assert pages(library.emulator) == 0
