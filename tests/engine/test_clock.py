"""Time and chance, held in the hand."""

from __future__ import annotations

import re
import time

from emulator.engine.clock import Chance, ManualClock, RealClock
from emulator.engine.kind import Minted


def test_a_manual_clock_moves_only_when_it_is_moved() -> None:
    clock = ManualClock(10.0)

    assert clock.now() == clock.now() == 10.0
    clock.advance(2.5)
    assert clock.now() == 12.5


def test_a_real_clock_tells_the_machines_time() -> None:
    before = time.time()

    assert before <= RealClock().now() <= time.time()


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
