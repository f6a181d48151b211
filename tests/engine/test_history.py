"""Calls of a service that nobody knows are remembered, and no more of them than was said."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from emulator.aws.call import Call
from emulator.aws.errors import ServiceError
from emulator.engine.history import KEPT
from tests.engine.library import ACCOUNT, REGION, Library


def test_calls_are_remembered_with_their_answers_and_errors(library: Library) -> None:
    library("CreateRack", RackName="rack")
    with pytest.raises(ServiceError):
        library("DescribeRack", RackName="nobody")

    made, refused = library.emulator.history.calls
    assert (made.call.operation, made.error) == ("CreateRack", None)
    assert made.answer == {"RackArn": library("DescribeRack", RackName="rack")["RackArn"]}
    assert refused.error is not None
    assert (refused.error.code, refused.error.status) == ("ResourceNotFound", 400)
    assert made.number < refused.number
    assert made.time == library.clock.now()


def test_only_the_last_calls_are_kept(library: Library) -> None:
    for _ in range(KEPT + 5):
        library("ListRacks")

    calls = library.emulator.history.calls
    assert len(calls) == KEPT
    assert [calls[0].number, calls[-1].number] == [6, KEPT + 5]


def test_no_call_is_lost_while_others_are_forgotten_or_more_are_kept(library: Library) -> None:
    history, calls = library.emulator.history, library.emulator.control.calls
    library("ListRacks")

    def meanwhile(call: Call) -> dict[str, Any]:
        assert history.forget(account="nobody") == 0
        calls.keep(5000)
        assert history.forget() == 1
        return {}

    call = Call("ListRacks", {}, ACCOUNT, REGION)
    history.hear(call, meanwhile, library.clock)
    assert [one.call for one in history.calls] == [call]


def test_what_a_reader_does_to_it_changes_no_history(library: Library) -> None:
    calls = library.emulator.control.calls
    library("CreateRack", RackName="rack", Room={"Floor": 1})
    library("DescribeRack", RackName="rack")
    said = copy.deepcopy(calls.query())
    for one in calls.query():
        one["input"].clear()
        one["answer"].clear()
    assert calls.query() == said
    assert said[1]["answer"]["RackName"] == "rack"


def test_no_call_is_remembered_at_size_0(library: Library) -> None:
    library.emulator.history.keep(0)
    library("CreateRack", RackName="rack")
    assert not library.emulator.history.calls


def test_an_assertion_and_a_replay_are_of_any_service(library: Library) -> None:
    calls = library.emulator.control.calls
    library("CreateRack", RackName="rack", Room={"Floor": 1, "Wing": "east"})
    calls.assert_called("CreateRack", Room={"Floor": 1})
    lines = calls.export()
    library.emulator.control.reset()

    assert calls.replay(lines)["differed"] == []
    assert library("DescribeRack", RackName="rack")["Room"] == {"Floor": 1, "Wing": "east"}
