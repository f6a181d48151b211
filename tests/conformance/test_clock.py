"""The clock in a test's hand drives every stage of every kind's life to its end, at its moment and not before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import GONE, Lifecycle, Pace, State
from tests.conformance.conftest import Send
from tests.conformance.lives import Lives, Made
from tests.conformance.test_every_kind import CATALOGUE, having
from tests.conftest import ACCOUNT, REGION

LIVING = [name for name in having("Create") if CATALOGUE.resource(name).lifecycle]
SPEED = 2.0
MOMENT = 0.001  # seconds
YEAR = 365.0  # days


class Life:
    """A resource of a kind that can be put into any status of its life."""

    def __init__(self, name: str, emulator: Emulator, send: Send) -> None:
        self.emulator = emulator
        self.made: Made = Lives(emulator, send).make(name)
        life = self.made.resource.lifecycle
        assert life
        self.life: Lifecycle = life

    def at(self, pace: str) -> None:
        self.emulator.settings = replace(self.emulator.settings, pace=Pace(pace, SPEED))

    def put(self, status: str) -> None:
        table = self.emulator.store.place(ACCOUNT, REGION).table(self.made.resource.name)
        table.put(self.made.record._replace(state=State(status, self.emulator.clock.now())), moving=True)

    def look(self) -> str:
        """Return the status that a look sees now."""
        with self.emulator.at(ACCOUNT, REGION) as scope:
            record = scope.find(self.made.resource, self.made.record.key)
        return record.state.status if record and record.state else GONE

    def ways(self) -> Iterator[str]:
        """Put it into each status that passes by itself; what ends at a moment that it says itself, does so then."""
        for status, stage in self.life.times.items():
            if stage.until is None:
                self.put(status)
                yield status


@pytest.fixture
def life(request: pytest.FixtureRequest, emulator: Emulator, send: Send) -> Life:
    return Life(request.param, emulator, send)


def walked(life: Life, status: str) -> Iterator[tuple[str, str, float, bool]]:
    """Yield each status, what time makes of it, after how many seconds, and whether nothing can hurry it.

    It ends where the life ends, or where the resource goes on by its own work or until a moment that it names.
    """
    while (stage := life.life.times.get(status)) is not None and stage.until is None:
        then = life.life.times.get(stage.then)
        if stage.then in life.life.works or (then is not None and then.until is not None):
            return
        yield status, stage.then, stage.seconds, stage.steady
        status = stage.then


@pytest.mark.parametrize("life", LIVING, indirect=True)
def test_at_pace_real_each_stage_takes_its_seconds(life: Life, clock: ManualClock) -> None:
    life.at("real")
    for begun in life.ways():
        end = clock.now()
        for status, then, seconds, steady in walked(life, begun):
            end += seconds if steady else seconds / SPEED
            clock.set(end - MOMENT)
            assert life.look() == status
            clock.set(end + MOMENT)
            assert life.look() == then


@pytest.mark.parametrize("life", LIVING, indirect=True)
def test_at_pace_manual_a_year_changes_nothing_and_steps_lead_to_the_end(life: Life, clock: ManualClock) -> None:
    life.at("manual")
    for begun in life.ways():
        for status, then, _, steady in walked(life, begun):
            assert life.look() == status
            clock.advance(days=YEAR)
            if not steady:
                assert life.look() == status
                life.emulator.control.step()
            assert life.look() == then
