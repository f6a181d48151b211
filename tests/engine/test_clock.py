"""Time and chance, held in the hand."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta, timezone

import pytest

from emulator.engine.clock import LATEST, Chance, Clock, ManualClock, seconds, text
from emulator.engine.kind import Minted


def test_a_manual_clock_moves_only_when_it_is_moved() -> None:
    clock = ManualClock(10.0)

    assert clock.now() == clock.now() == 10.0
    clock.advance(2.5)
    assert clock.now() == 12.5


def test_a_clock_tells_the_machines_time() -> None:
    before = time.time()

    assert before <= Clock().now() <= time.time()


def test_a_frozen_clock_stands_still_and_runs_on_from_there() -> None:
    clock = Clock()
    clock.freeze()
    stood = clock.now()

    clock.advance(minutes=1, hours=1, days=1)
    assert clock.frozen
    assert clock.now() == stood + 60 + 3600 + 86400
    clock.run()
    assert not clock.frozen
    assert 0 <= clock.now() - (stood + 90060) < 60


def test_a_running_clock_is_advanced_and_set_and_runs_on() -> None:
    clock = Clock()

    clock.advance(hours=1)
    assert clock.now() - time.time() + 1 >= 3600
    clock.set(1000)
    assert 1000 <= clock.now() < 1060
    assert not clock.frozen


@pytest.mark.parametrize(
    "said",
    [
        1767225600,
        "1767225600",
        "2026-01-01",
        "2026-01-01T00:00:00Z",
        "2026-01-01T01:00:00+01:00",
        datetime(2026, 1, 1),
        datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))),
    ],
)
def test_a_time_is_said_in_seconds_as_a_date_or_as_text(said: float | str | datetime) -> None:
    clock = ManualClock()

    clock.set(said)

    assert clock.now() == 1767225600 == seconds(said)


@pytest.mark.parametrize("said", ["soon", "nan", -1, float("inf"), 1e12])
def test_what_is_no_time_is_refused(said: float | str) -> None:
    clock = ManualClock(10)

    with pytest.raises(ValueError):  # noqa: PT011 - whatever its words
        clock.set(said)
    assert clock.now() == 10


@pytest.mark.parametrize("by", [-1, float("nan"), float("inf")])
def test_no_clock_is_turned_back_by_advancing(by: float) -> None:
    with pytest.raises(ValueError, match="0 seconds or more"):
        ManualClock().advance(by)


def test_no_clock_goes_past_the_latest_time_there_is() -> None:
    clock = Clock()
    clock.restore(None, 2 * LATEST)  # as one is that was set to the last day, and ran on

    assert clock.now() == LATEST
    with pytest.raises(ValueError, match="from 1970 to 9999"):
        clock.advance(10**400)


def test_a_reset_clock_is_as_it_began() -> None:
    real, manual = Clock(), ManualClock(10)
    for clock in (real, manual):
        clock.freeze()
        clock.set(5000)
        clock.run()
        clock.reset()

    assert abs(real.now() - time.time()) < 60
    assert manual.now() == 10


def test_the_same_seed_gives_the_same_identifiers() -> None:
    one, other, third = Chance(1), Chance(1), Chance(2)

    said = [one.uuid(), one.text(12, "ab")]
    assert said == [other.uuid(), other.text(12, "ab")]
    assert said != [third.uuid(), third.text(12, "ab")]


def test_an_identifier_has_its_form() -> None:
    chance = Chance(0)

    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", chance.uuid())
    assert re.fullmatch(r"d-[xyz]{7}", chance.mint(Minted("d-", 7, "xyz")))


def test_identifiers_do_not_repeat() -> None:
    chance = Chance(0)

    assert len({chance.mint(Minted()) for _ in range(2000)}) == 2000


def test_a_time_is_told_to_the_nearest_millisecond() -> None:
    assert text(0.2219715) == "1970-01-01T00:00:00.222Z"
