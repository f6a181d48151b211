"""The clock in a test's hand drives every stage of every kind's life to its end, at its moment and not before.

A stage that ends at a moment which the resource names, or when work of its own is done, has no seconds to be measured
by: of these it is shown that the clock leads them to the end too, and whatever they have made on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import GONE, Lifecycle, Pace, State
from emulator.engine.resource import Resource
from emulator.engine.store import Record
from tests.behaviour.pipeline_examples import definition, process, train
from tests.behaviour.test_tuning_jobs import DEFINITION, config
from tests.conformance import preparations
from tests.conformance.conftest import Send
from tests.conformance.inputs import minimal
from tests.conformance.lives import Lives, Params
from tests.conformance.preparations import ask
from tests.conformance.test_every_kind import CATALOGUE
from tests.conftest import ACCOUNT, REGION, ROLE

LIVING = [one.name for one in CATALOGUE.resources() if one.lifecycle]
SPEED = 2.0
MOMENT = 0.001  # seconds
YEAR = 365.0  # days
DAY = 86400.0  # seconds
BEGIN = ManualClock().now()
LOOKS = 60  # one a day: two months are longer than what anything waits for


def scheduled(operation: str, variant: int) -> Params:
    """Return the input of what has a schedule: it begins tomorrow and ends the day after."""
    return {**minimal(operation, variant), "Schedule": {"StartTime": BEGIN + DAY, "EndTime": BEGIN + 2 * DAY}}


def tuning(lives: Lives) -> None:
    """Start a tuning job, whose training jobs come to be as it works."""
    said = {"HyperParameterTuningJobConfig": config(), "TrainingJobDefinition": DEFINITION}
    ask(lives, "CreateHyperParameterTuningJob", HyperParameterTuningJobName="h", **said)


def execution(lives: Lives) -> None:
    """Start a pipeline that trains when it has processed."""
    steps = definition(process(), train(DependsOn=["Process"]))
    ask(lives, "CreatePipeline", PipelineName="p", PipelineDefinition=steps, RoleArn=ROLE, ClientRequestToken="c" * 32)
    ask(lives, "StartPipelineExecution", PipelineName="p", ClientRequestToken="s" * 32)


# What comes to be otherwise than by a minimal Create: what no call creates, and what has something to wait for.
COMES: Mapping[str, Callable[[Lives], object]] = {
    "ClusterNode": preparations.cluster,
    "ClusterOperation": preparations.cluster_operation,
    "HyperParameterTuningJob": tuning,
    "InferenceExperiment": lambda lives: lives.make("InferenceExperiment", scheduled),
    "PipelineExecution": execution,
    "ReservedCapacity": preparations.training_plan,
    "TrainingPlan": preparations.training_plan,
}


class Life:
    """A resource of a kind that can be put into any status of its life."""

    def __init__(self, name: str, emulator: Emulator, send: Send) -> None:
        self.emulator = emulator
        lives = Lives(emulator, send)
        if name in COMES:
            COMES[name](lives)
        else:
            lives.make(name)
        self.resource: Resource = emulator.catalogue.resource(name)
        self.record: Record = lives.newest(name)
        life = self.resource.lifecycle
        assert life
        self.life: Lifecycle = life

    def at(self, pace: str) -> None:
        self.emulator.settings = replace(self.emulator.settings, pace=Pace(pace, SPEED))

    def put(self, status: str) -> None:
        table = self.emulator.store.place(ACCOUNT, REGION).table(self.resource.name)
        table.put(self.record._replace(state=State(status, self.emulator.clock.now())), moving=True)

    def look(self) -> str:
        """Return the status that a look sees now."""
        with self.emulator.at(ACCOUNT, REGION) as scope:
            record = scope.find(self.resource, self.record.key)
        return record.state.status if record and record.state else GONE

    def underway(self) -> list[tuple[str, str]]:
        """Return all that is in a status which leads on, whatever it is; a work that leads nowhere goes on for ever."""
        found = []
        with self.emulator.at(ACCOUNT, REGION) as scope:
            for one in self.emulator.catalogue.resources():
                scope.unseen.settle(one)
            for one in self.emulator.catalogue.resources():
                states = [record.state for record in scope.table(one).records.values() if one.lifecycle]
                leads = {**one.lifecycle.times, **one.lifecycle.works} if one.lifecycle else {}
                found += [(one.name, state.status) for state in states if state and leads.get(state.status)]
        return found

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
def test_at_pace_real_the_clock_leads_every_status_to_its_end(life: Life, clock: ManualClock) -> None:
    life.at("real")
    for begun in (*life.life.times, *life.life.works):
        clock.set(BEGIN)
        life.put(begun)
        waits = begun in life.life.times or (begun == life.life.begins and begun in life.life.works)
        assert life.underway() or not waits
        for _ in range(LOOKS):
            clock.advance(days=1)
            if not life.underway():
                break
        assert not life.underway()


def test_all_that_works_for_ever_is_a_monitoring_schedule() -> None:
    lives = [(one.name, one.lifecycle.works) for one in CATALOGUE.resources() if one.lifecycle]

    assert [(name, status) for name, works in lives for status in works if not works[status]] == [
        ("MonitoringSchedule", "Scheduled")
    ]


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
