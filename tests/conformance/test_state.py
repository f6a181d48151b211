"""What is exported and taken in by another emulator is what it was, for every kind."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.aws.call import Call
from emulator.aws.errors import ServiceError
from emulator.engine import state
from emulator.engine.clock import Chance, ManualClock
from emulator.engine.emulator import Emulator
from emulator.sagemaker.service import sagemaker
from tests.conformance.conftest import Reply
from tests.conformance.inputs import full, minimal
from tests.conformance.lives import Lives
from tests.conformance.test_every_kind import having
from tests.conformance.whole import Form
from tests.conftest import ACCOUNT, REGION


@pytest.fixture(scope="module")
def one() -> Emulator:
    return sagemaker(clock=ManualClock())


@pytest.fixture(scope="module")
def other() -> Emulator:
    return sagemaker(clock=ManualClock(1.0))


def ask(emulator: Emulator, operation: str, params: dict[str, Any]) -> Reply:
    try:
        return Reply(200, json.loads(json.dumps(emulator.answer(Call(operation, params, ACCOUNT, REGION)))))
    except ServiceError as error:
        return Reply(error.status, {"__type": error.code, "message": error.message})


@pytest.mark.parametrize("form", [minimal, full])
@pytest.mark.parametrize("name", having("Create"))
def test_what_was_exported_is_taken_in_as_it_was(name: str, form: Form, one: Emulator, other: Emulator) -> None:
    for emulator in (one, other):
        emulator.store.reset()
    lives = Lives(one, lambda operation, params: ask(one, operation, params))
    made = lives.make(name, form)
    written = json.dumps(state.export(one))

    state.load(other, json.loads(written))

    assert json.dumps(state.export(other)) == written
    place, again = one.store.place(ACCOUNT, REGION), other.store.place(ACCOUNT, REGION)
    for kind, table in place.tables.items():  # and both hold the same, not only say so
        assert again.table(kind).records == table.records
        assert again.table(kind).moving == table.moving
        assert again.table(kind).arns == table.arns
        assert again.table(kind).families == table.families
    for name, shelf in place.shelves.items():
        assert list(again.shelf(name).items()) == list(shelf.items())
    for name, relation in place.relations.items():
        assert again.relation(name).pairs() == relation.pairs()
    if lives.answers(made.resource, "Describe"):
        operation = made.resource.operation("Describe")
        naming = lives.naming(made, operation)
        one.chance, other.chance = Chance(1), Chance(1)  # the look may make something

        assert ask(other, operation, naming) == ask(one, operation, naming)
