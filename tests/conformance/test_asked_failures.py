"""Every kind whose life knows a failure after its creation ends there when that is asked for, and says why."""

from __future__ import annotations

import pytest

from emulator.engine.emulator import Emulator
from tests.conformance.conftest import Send
from tests.conformance.lives import Lives
from tests.conformance.test_every_kind import CATALOGUE, having
from tests.conftest import ACCOUNT, REGION

REASON = "This was asked for."


def failing() -> list[str]:
    lives = {name: CATALOGUE.resource(name).lifecycle for name in having("Create", "Describe")}
    return [name for name, life in lives.items() if life and any(map(life.failure, life.led_to("Create")))]


@pytest.mark.parametrize("name", failing())
def test_a_creation_fails_for_the_reason_asked_for(name: str, emulator: Emulator, send: Send) -> None:
    lives = Lives(emulator, send)
    emulator.control.pace("manual", kind=name)  # nobody is to see its end before the failure is asked for
    made = lives.make(name)
    life = made.resource.lifecycle
    assert life is not None
    if life.begins not in life.led_to("Create") or made.record.state is None:
        pytest.fail("it has no way to go")
    emulator.control.fail(name, REASON, times=1)
    emulator.control.pace("instant", kind=name)

    with emulator.at(ACCOUNT, REGION) as scope:
        record = scope.find(made.resource, made.record.key)
    assert record is not None
    assert record.state is not None
    assert record.state.reason == REASON
    assert record.state.status in {life.failure(status) for status in life.led_to("Create")}
    shown = lives.describe(made)
    if made.resource.reason_member:
        said = shown[made.resource.reason_member]
        assert REASON in (said.values() if isinstance(said, dict) else [said])
    if made.resource.status_member:
        assert shown[made.resource.status_member] == life.shown(record.state.status)
