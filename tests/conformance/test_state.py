"""What another emulator takes in, or goes on from after a crash, is what it was, for every kind."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator.aws.call import Call
from emulator.aws.errors import ServiceError
from emulator.engine import ledger, state
from emulator.engine.clock import Chance, ManualClock
from emulator.engine.emulator import Emulator
from emulator.sagemaker.service import sagemaker
from tests.conformance.conftest import Reply
from tests.conformance.inputs import full, minimal
from tests.conformance.lives import Lives
from tests.conformance.preparations import PREPARED
from tests.conformance.test_every_kind import having
from tests.conformance.whole import Form
from tests.conftest import ACCOUNT, REGION
from tests.holding import held


@pytest.fixture(scope="module")
def one() -> Emulator:
    return sagemaker(clock=ManualClock())


@pytest.fixture(scope="module")
def other() -> Emulator:
    return sagemaker(clock=ManualClock(1.0))


def ask(emulator: Emulator, operation: str, params: dict[str, Any]) -> Reply:
    try:
        call = Call(operation, json.loads(json.dumps(params)), ACCOUNT, REGION)
        return Reply(200, json.loads(json.dumps(emulator.answer(call))))
    except ServiceError as error:
        return Reply(error.status, {"__type": error.code, "message": error.message})


@pytest.fixture(scope="module")
def directory(one: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where what the one holds is written down."""
    directory = tmp_path_factory.mktemp("state")
    opened = ledger.open(one, directory)
    yield directory
    opened.close()


def executions(lives: Lives) -> None:
    """Let a schedule execute."""
    lives.make("MonitoringSchedule")
    lives.emulator.clock.advance(days=2)
    assert lives.send("ListMonitoringExecutions", {}).body["MonitoringExecutionSummaries"]


@pytest.mark.parametrize("form", [minimal, full])
@pytest.mark.parametrize("name", having("Create"))
def test_what_was_exported_or_written_down_is_there_again_as_it_was(
    name: str, form: Form, one: Emulator, other: Emulator, directory: Path, tmp_path: Path
) -> None:
    for emulator in (one, other):
        emulator.store.reset()
    lives = Lives(one, lambda operation, params: ask(one, operation, params))
    made = lives.make(name, form)
    written = json.dumps(state.export(one))
    there = held(one)

    state.load(other, json.loads(written))
    assert json.dumps(state.export(other)) == written
    assert held(other) == there  # not only what it says

    other.store.reset()
    ledger.open(other, Path(shutil.copytree(directory, tmp_path / "after a crash"))).close()
    assert json.dumps(state.export(other)) == written
    assert held(other) == there

    if lives.answers(made.resource, "Describe"):
        operation = made.resource.operation("Describe")
        naming = lives.naming(made, operation)
        one.chance, other.chance = Chance(1), Chance(1)  # the look may make something

        assert ask(other, operation, naming) == ask(one, operation, naming)


@pytest.mark.parametrize("prepare", [*PREPARED.values(), executions], ids=[*PREPARED, "executions"])
def test_what_comes_to_be_by_other_calls_is_there_again_too(prepare: Callable[[Lives], object]) -> None:
    one, other = sagemaker(clock=ManualClock()), sagemaker(clock=ManualClock(1.0))
    prepare(Lives(one, lambda operation, params: ask(one, operation, params)))
    written = json.dumps(state.export(one))

    state.load(other, json.loads(written))
    assert json.dumps(state.export(other)) == written
    assert held(other) == held(one)
