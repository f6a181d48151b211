"""Stages that keep a reason, that fail once, and that end when the resource itself says so."""

from __future__ import annotations

from emulator.engine.lifecycle import Lifecycle, Pace, Stage, State, passed, settle, step

LIFE = Lifecycle(
    begins="Moving",
    times={
        "Moving": Stage("Moved", 10, failed="MovingBack"),
        "MovingBack": Stage("AsBefore", 10, failed="Lost", keeps=True),
        "Open": Stage("Closed", 10, until="ClosesAt"),
    },
)
REAL, INSTANT = Pace("real"), Pace("instant")


def test_what_is_rolled_back_still_says_why() -> None:
    state = settle(LIFE, State("Moving", 0.0), INSTANT, 0.0, "no room")

    assert state == State("AsBefore", 0.0, "no room")


def test_a_way_back_from_a_failure_does_not_fail_for_the_same_reason_however_often_one_looks() -> None:
    often = State("Moving", 0.0)
    for now in (9.0, 11.0, 15.0, 25.0):
        often = settle(LIFE, often, REAL, now, "no room")

    assert often == State("AsBefore", 20.0, "no room") == settle(LIFE, State("Moving", 0.0), REAL, 25.0, "no room")


def test_a_way_back_can_fail_for_a_reason_of_its_own() -> None:
    assert step(LIFE, State("MovingBack", 0.0), 1.0, "again") == State("Lost", 1.0, "again")


def test_a_stage_that_does_not_keep_its_reason_loses_it() -> None:
    assert step(LIFE, State("Moving", 0.0, "old"), 1.0).reason is None


def test_a_stage_ends_when_the_resource_says_so_at_every_pace_of_a_clock() -> None:
    for pace in (INSTANT, REAL, Pace("real", 100)):
        opened = State("Open", 0.0)
        assert (
            list(passed(LIFE, opened, pace, 499.0, moment=lambda member: 500.0 if member == "ClosesAt" else None)) == []
        )
        assert list(passed(LIFE, opened, pace, 500.0, moment=lambda _: 500.0)) == [State("Closed", 500.0)]


def test_a_stage_whose_time_is_past_or_not_said_ends_at_once() -> None:
    opened = State("Open", 100.0)

    assert list(passed(LIFE, opened, REAL, 100.0, moment=lambda _: 50.0)) == [State("Closed", 100.0)]
    assert list(passed(LIFE, opened, REAL, 100.0)) == [State("Closed", 100.0)]


def test_a_step_does_not_wait_for_what_the_resource_says() -> None:
    assert step(LIFE, State("Open", 0.0), 1.0) == State("Closed", 1.0)
