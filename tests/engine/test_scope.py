"""What a call sees of time, and what follows from a change."""

from __future__ import annotations

import pytest

from emulator.engine.lifecycle import Pace
from tests.engine.library import ACCOUNT, REGION, Library


def phase(library: Library) -> str:
    return str(library("DescribeLoan", LoanName="l")["Phase"])


def test_at_instant_pace_the_next_look_sees_the_end(library: Library) -> None:
    library("CreateLoan", LoanName="l")

    assert phase(library) == "Done"


def test_at_pace_step_each_look_sees_one_stage(library: Library) -> None:
    library.emulator.settings.pace = Pace("step")
    library("CreateLoan", LoanName="l")

    assert [phase(library) for _ in range(4)] == ["Fetching", "Reading", "Done", "Done"]


def test_at_real_pace_the_clock_decides(library: Library) -> None:
    library.emulator.settings.pace = Pace("real")
    library("CreateLoan", LoanName="l")

    seen = []
    for seconds in (0, 1.5, 0.5, 9.5, 0.5):
        library.clock.advance(seconds)
        seen.append(phase(library))

    assert seen == ["Fetching", "Fetching", "Reading", "Reading", "Done"]


def test_at_manual_pace_only_a_push_moves_by_one_stage(library: Library) -> None:
    library.emulator.settings.pace = Pace("manual")
    library("CreateLoan", LoanName="l")
    library.clock.advance(1e6)

    assert phase(library) == "Fetching"
    assert library.emulator.push() == 1
    assert phase(library) == "Reading"
    assert library.emulator.push(account="444455556666") == 0
    assert library.emulator.push(ACCOUNT, REGION) == 1
    assert library.emulator.push() == 0
    assert phase(library) == "Done"


def test_the_past_is_told_with_the_times_at_which_phases_were_entered(library: Library) -> None:
    library.emulator.settings.pace = Pace("real")
    library("CreateLoan", LoanName="l")
    library.clock.advance(100)

    described = library("DescribeLoan", LoanName="l")

    assert described["Phases"] == [
        {"Status": "Fetching", "StartTime": 1_700_000_000, "EndTime": 1_700_000_002},
        {"Status": "Reading", "StartTime": 1_700_000_002, "EndTime": 1_700_000_012},
        {"Status": "Done", "StartTime": 1_700_000_012},
    ]
    assert described["EndTime"] == 1_700_000_012
    assert described["LoanStatus"] == "Completed"


def test_a_moment_that_has_not_come_is_not_shown(library: Library) -> None:
    library.emulator.settings.pace = Pace("manual")
    library("CreateLoan", LoanName="l")

    assert "EndTime" not in library("DescribeLoan", LoanName="l")


def test_what_follows_from_a_change_of_state_is_done_once_for_each(library: Library) -> None:
    library("CreateLoan", LoanName="l")
    phase(library)
    phase(library)

    assert library.declarations.followed == [
        ("Loan", None, "Fetching"),
        ("Loan", "Fetching", "Reading"),
        ("Loan", "Reading", "Done"),
    ]


@pytest.mark.parametrize(
    ("kind", "operation", "params"),
    [
        ("Rack", "CreateRack", {"RackName": "r"}),
        ("Book", "CreateBook", {"BookName": "B"}),
        ("Loan", "CreateLoan", {"LoanName": "l"}),
        ("Borrower", "CreateBorrower", {"BorrowerName": "b"}),
    ],
)
def test_an_arn_leads_back_to_its_resource(library: Library, kind: str, operation: str, params: dict[str, str]) -> None:
    arn = library(operation, **params)[f"{kind}Arn"]

    with library.emulator.at(ACCOUNT, REGION) as scope:
        found = scope.by_arn(arn)
        assert found
        assert (found[0].name, found[1].arn) == (kind, arn)
        assert scope.by_arn(arn + "x") is None
    with library.emulator.at("444455556666", REGION) as scope:
        assert scope.by_arn(arn) is None


def test_an_arn_that_does_not_tell_the_key_leads_back_too(library: Library) -> None:
    library("CreateBook", BookName="Faust")
    arn = library("CreateEdition", BookName="Faust")["EditionArn"]

    with library.emulator.at(ACCOUNT, REGION) as scope:
        found = scope.by_arn(arn)

    assert found
    assert found[1].key == ("Faust", 1)


def test_another_account_and_another_region_have_resources_of_their_own(library: Library) -> None:
    arns = {
        library("CreateRack", RackName="r", account=account, region=region)["RackArn"]
        for account in (ACCOUNT, "444455556666")
        for region in (REGION, "us-east-1")
    }

    assert len(arns) == 4
    library("DeleteRack", RackName="r")
    assert library("DescribeRack", RackName="r", region="us-east-1")["RackName"] == "r"
