"""Lives: the tables, what time and calls make of them, and the life that an enum suggests."""

from __future__ import annotations

import pytest

from emulator.engine.lifecycle import GONE, Lifecycle, Pace, Stage, State, passed, settle, step, suggested

LIFE = Lifecycle(
    "A",
    calls={"Update": {"C": "U"}, "Delete": {"C": "D", "F": "D"}},
    times={
        "A": Stage("B", 2),
        "B": Stage("C", 3, failed="F"),
        "U": Stage("C", 1, failed="F"),
        "D": Stage(GONE, 1),
    },
)
BORN = State("A", 100.0)


@pytest.mark.parametrize(
    ("now", "status", "since"),
    [(100, "A", 100), (101.9, "A", 100), (102, "B", 102), (104.9, "B", 102), (900, "C", 105)],
)
def test_at_real_pace_a_stage_takes_its_own_time(now: float, status: str, since: float) -> None:
    assert settle(LIFE, BORN, Pace("real"), now) == State(status, since)


def test_at_double_speed_a_stage_takes_half_its_time() -> None:
    assert settle(LIFE, BORN, Pace("real", 2.0), 101) == State("B", 101)
    assert settle(LIFE, BORN, Pace("real", 2.0), 102.5) == State("C", 102.5)


def test_at_instant_pace_the_end_is_reached_at_once_in_no_time() -> None:
    assert settle(LIFE, BORN, Pace("instant"), 100) == State("C", 100)


@pytest.mark.parametrize("pace", ["manual", "step"])
def test_at_other_paces_time_alone_moves_nothing(pace: str) -> None:
    assert settle(LIFE, BORN, Pace(pace), 1e9) == BORN


def test_a_step_goes_one_stage_whatever_the_time() -> None:
    assert step(LIFE, BORN, 100) == State("B", 100)
    assert step(LIFE, State("C", 1), 100) == State("C", 1)


def test_a_reason_sends_the_first_stage_that_can_fail_into_failure() -> None:
    assert settle(LIFE, BORN, Pace("instant"), 100, "no room") == State("F", 100, "no room")
    assert settle(LIFE, BORN, Pace("real"), 103, "no room") == State("B", 102)
    assert step(LIFE, State("B", 1), 5, "no room") == State("F", 5, "no room")


def test_every_state_on_the_way_is_told() -> None:
    assert [state.status for state in passed(LIFE, BORN, Pace("instant"), 100)] == ["B", "C"]
    assert list(passed(LIFE, State("C", 1), Pace("instant"), 100)) == []


def test_a_move_that_the_table_lacks_is_refused_and_a_verb_that_it_lacks_moves_nothing() -> None:
    assert LIFE.move("Update", "C") == "U"
    assert LIFE.move("Update", "A") is None
    assert LIFE.move("Stop", "A") == "A"


def test_a_phase_shows_a_status() -> None:
    life = Lifecycle("Fetching", shows={"Fetching": "InProgress"})

    assert life.shown("Fetching") == "InProgress"
    assert life.shown("Completed") == "Completed"


JOB = ("InProgress", "Completed", "Failed", "Stopping", "Stopped")


@pytest.mark.parametrize(
    ("statuses", "way"),
    [
        (JOB, ["InProgress", "Completed"]),
        (("STARTING", "INPROGRESS", "COMPLETED", "FAILED"), ["STARTING", "INPROGRESS", "COMPLETED"]),
        (("PENDING", "IN_PROGRESS", "COMPLETED"), ["PENDING", "IN_PROGRESS", "COMPLETED"]),
        (("Deleting", "Failed", "InService", "Creating", "Updating"), ["Creating", "InService"]),
        (("CREATING", "CREATED", "CREATE_FAILED", "DELETING"), ["CREATING", "CREATED"]),
        (("Executing", "Stopping", "Stopped", "Failed", "Succeeded"), ["Executing", "Succeeded"]),
        (("Initializing", "Active", "Failed", "Deleting"), ["Initializing", "Active"]),
        (("Active", "Deleting"), ["Active"]),
        (("Pending", "InProgress", "Completed", "Failed", "Deleting"), ["Pending", "InProgress", "Completed"]),
    ],
)
def test_the_words_of_an_enum_suggest_how_something_comes_to_be(statuses: tuple[str, ...], way: list[str]) -> None:
    life = suggested(statuses)
    assert life

    went = [life.begins, *(state.status for state in passed(life, State(life.begins, 0), Pace("instant"), 0))]

    assert went == way


@pytest.mark.parametrize(
    ("statuses", "status", "failed"),
    [
        (JOB, "InProgress", "Failed"),
        (("CREATING", "CREATED", "CREATE_FAILED", "DELETING", "DELETE_FAILED"), "CREATING", "CREATE_FAILED"),
        (("CREATING", "CREATED", "CREATE_FAILED", "DELETING", "DELETE_FAILED"), "DELETING", "DELETE_FAILED"),
        (("Creating", "InService", "Updating", "UpdateFailed", "Failed"), "Updating", "UpdateFailed"),
        (("Active", "Initializing"), "Initializing", None),
    ],
)
def test_the_words_of_an_enum_suggest_how_a_stage_fails(
    statuses: tuple[str, ...], status: str, failed: str | None
) -> None:
    life = suggested(statuses)

    assert life
    assert life.times[status].failed == failed


def test_what_can_stop_can_be_started_again_and_only_from_there() -> None:
    life = suggested(("Creating", "Created", "Stopping", "Stopped", "Starting", "Started"))

    assert life
    assert life.move("Stop", "Created") == "Stopping"
    assert life.move("Stop", "Stopped") is None
    assert life.move("Start", "Stopped") == "Starting"
    assert life.move("Start", "Created") is None
    assert settle(life, State("Starting", 0), Pace("instant"), 0).status == "Started"


def test_what_is_deleted_is_gone_or_stays_as_deleted_if_the_enum_has_the_word() -> None:
    going, staying = suggested(("Active", "Deleting")), suggested(("Created", "Creating", "Deleting", "Deleted"))

    assert going
    assert staying
    assert settle(going, State("Deleting", 0), Pace("instant"), 0).status == GONE
    assert settle(staying, State("Deleting", 0), Pace("instant"), 0).status == "Deleted"


def test_nothing_passing_can_be_updated_or_deleted() -> None:
    life = suggested(("Creating", "InService", "Updating", "Deleting", "Failed"))

    assert life
    for verb in ("Update", "Delete"):
        assert set(life.calls[verb]) == {"InService", "Failed"}


@pytest.mark.parametrize("statuses", [(), ("Draft", "PendingReview", "Approved", "Archived"), ("Red", "Green")])
def test_an_enum_without_an_end_suggests_no_life(statuses: tuple[str, ...]) -> None:
    assert suggested(statuses) is None
