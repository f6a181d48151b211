"""What a kind may say where names and its life tell otherwise: the member of its ARN, tags, a phase that is silent."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.engine.kind import Kind
from emulator.engine.lifecycle import Lifecycle, Pace, Stage
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack
from tests.engine.library import KINDS, Library

QUIET = Lifecycle(
    begins="Kept",
    calls={"Stop": {"Kept": "Leaving"}},
    times={"Leaving": Stage("Gone", seconds=10)},
    shows={"Kept": "", "Leaving": "InProgress", "Gone": "Completed"},
)


def library(**kinds: Kind) -> Library:
    return Library({**KINDS, **kinds})


def test_the_member_that_a_kind_names_holds_its_arn() -> None:
    library_ = library(Card=KINDS["Card"]._replace(arn_member="BorrowerArn"))

    assert library_.emulator.catalogue.resource("Card").arn_member == "BorrowerArn"
    assert Library().emulator.catalogue.resource("Card").arn_member == "CardArn"


@pytest.mark.parametrize("said", [True, False])
def test_a_kind_is_taggable_as_it_says_and_else_as_its_create_does(said: bool) -> None:
    library_ = library(Book=KINDS["Book"]._replace(taggable=said), Loan=KINDS["Loan"]._replace(taggable=said))

    catalogue = library_.emulator.catalogue
    assert (catalogue.resource("Book").taggable, catalogue.resource("Loan").taggable) == (said, said)
    catalogue = Library().emulator.catalogue
    assert (catalogue.resource("Book").taggable, catalogue.resource("Loan").taggable) == (True, False)


def test_a_phase_that_shows_nothing_shows_no_status() -> None:
    library_ = library(Loan=Kind("Loan", lifecycle=QUIET))
    library_.emulator.settings.pace = Pace("manual")
    library_("CreateLoan", LoanName="l")

    before = library_("DescribeLoan", LoanName="l")
    library_("StopLoan", LoanName="l")
    after = library_("DescribeLoan", LoanName="l")

    assert "LoanStatus" not in before
    assert after["LoanStatus"] == "InProgress"


def test_work_that_time_brings_is_done_at_the_same_look(monkeypatch: pytest.MonkeyPatch) -> None:
    life = Lifecycle("Waiting", times={"Waiting": Stage("InProgress", seconds=10)}, works={"InProgress": ()})
    library_ = library(Loan=Kind("Loan", lifecycle=life))

    def read(scope: Scope, resource: Any, record: Record) -> Record:
        members = record.members
        if "EndTime" in members:
            return record
        return scope.put(resource, record._replace(packed=pack({**members, "EndTime": scope.clock.now()}))) or record

    monkeypatch.setattr(library_.declarations, "works", lambda _: read, raising=False)
    library_.emulator.settings.pace = Pace("real")
    library_("CreateLoan", LoanName="l")
    assert "EndTime" not in library_("DescribeLoan", LoanName="l")

    library_.clock.advance(60)

    assert library_("DescribeLoan", LoanName="l")["EndTime"] == library_.clock.now()
