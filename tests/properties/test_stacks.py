"""Stacks of any shape, updated anyhow, failing anywhere: what is there is what a template says, or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from emulator.cloudformation.asked import Asked
from emulator.cloudformation.operations import OPERATIONS
from emulator.engine.clock import Chance, ManualClock
from emulator.engine.emulator import Emulator
from emulator.registry.handler import FAILED, SUCCESS, Caller, HandlerError, Progress, Properties, Wish
from emulator.registry.registry import Registry
from emulator.sagemaker.service import sagemaker
from tests.cloudformation.things import Supplier, Thing, template
from tests.conftest import ACCOUNT, REGION

NAMES = "ABCDE"


class Fragile(Thing):
    """Things of which some fail, once, at what they are told: at once, or when it is looked how far they have come."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__(emulator)
        self.breaks: dict[str, bool] = {}  # by the logical name: whether at once
        self._broken: set[str] = set()

    def create(self, caller: Caller, wish: Wish) -> Progress:
        return self._broken_at(wish, lambda: super(Fragile, self).create(caller, wish))

    def update(self, caller: Caller, identifier: str, previous: Properties, wish: Wish) -> Progress:
        return self._broken_at(wish, lambda: super(Fragile, self).update(caller, identifier, previous, wish))

    def look(self, caller: Caller, action: str, identifier: str) -> Progress:
        progress = super().look(caller, action, identifier)
        if progress.status == SUCCESS and identifier in self._broken:
            self._broken.remove(identifier)
            return Progress(FAILED, identifier, "NotStabilized", "It breaks late.") if action != "DELETE" else progress
        return progress

    def _broken_at(self, wish: Wish, act: Callable[[], Progress]) -> Progress:
        at_once = self.breaks.pop(wish.name.split("-")[1], None)
        if at_once:
            raise HandlerError("InternalFailure", "It breaks at once.")
        progress = act()
        if at_once is False:
            self._broken.add(str(progress.identifier))
        return progress


@st.composite
def resources(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """Draw the resources of a template: each may refer to those before it in some order."""
    found: dict[str, dict[str, Any]] = {}
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True)):
        one: dict[str, Any] = {}
        if draw(st.booleans()):
            one["Name"] = draw(st.sampled_from(["x", "y"]))
        before = [{"Ref": other} for other in found]
        if draw(st.booleans()):
            one["Seconds"] = 5
        value = draw(st.sampled_from([None, "1", "2", *before]))
        if value is not None:
            one["Value"] = value
        found[name] = one
    return found


UPDATES = st.lists(
    st.tuples(resources(), st.dictionaries(st.sampled_from(NAMES), st.booleans()), st.booleans()), max_size=4
)


# What was updated, and replaced afterwards, by updates that failed and were kept.
@example(
    first={"A": {}, "B": {"Name": "x", "Seconds": 5}},
    breaks={},
    updates=[
        ({"A": {"Seconds": 5}, "B": {"Name": "x"}}, {"A": False}, True),
        ({"A": {}}, {"A": False}, True),
        ({"A": {}, "B": {}}, {"A": False}, False),
    ],
    rolls_back=False,
)
@given(resources(), st.dictionaries(st.sampled_from(NAMES), st.booleans(), max_size=1), UPDATES, st.booleans())
def test_what_is_there_is_what_the_stack_says(
    first: dict[str, Any],
    breaks: dict[str, bool],
    updates: list[tuple[dict[str, Any], dict[str, bool], bool]],
    rolls_back: bool,
) -> None:
    clock = ManualClock()
    emulator = sagemaker(clock=clock, chance=Chance(0))
    things = Fragile(emulator)
    things.breaks = dict(breaks)
    emulator.beside(Registry).supply(lambda: Supplier(things))
    asked = Asked(emulator, Caller(ACCOUNT, REGION))

    def call(operation: str, **params: Any) -> Any:
        return OPERATIONS[operation](asked, params)

    def status() -> str:
        found = "IN_PROGRESS"
        while found.endswith("IN_PROGRESS"):
            clock.advance(5)
            found = str(call("DescribeStacks", StackName=ident)["Stacks"][0]["StackStatus"])
        return found

    ident = call("CreateStack", StackName="s", TemplateBody=json.dumps(template(**first)))["StackId"]
    if status() == "CREATE_COMPLETE":
        stable = first
        assert_there(things, call, stable)
        for wanted, broken, keep in updates:
            things.breaks = dict(broken)
            stable = _updated(things, call, status, stable, wanted, keep, rolls_back)
    else:
        assert status() == "ROLLBACK_COMPLETE"
        assert things.there == {}
    things.breaks = {}
    call("DeleteStack", StackName=ident)
    assert status() == "DELETE_COMPLETE"
    assert things.there == {}


def _updated(
    things: Fragile, call: Any, status: Any, stable: dict[str, Any], wanted: dict[str, Any], keep: bool, back: bool
) -> dict[str, Any]:
    """Update a stack; return what it is then, when all is settled."""
    body = json.dumps(template(**wanted))
    if wanted == stable and status() != "UPDATE_FAILED":
        return stable
    call("UpdateStack", StackName="s", TemplateBody=body, DisableRollback=keep)
    if status() == "UPDATE_FAILED":
        things.breaks = {}
        if not back:
            return stable  # and the next update is made on what has failed
        call("RollbackStack", StackName="s")
    if status() == "UPDATE_ROLLBACK_FAILED":
        things.breaks = {}
        call("ContinueUpdateRollback", StackName="s")
    if status() == "UPDATE_COMPLETE":
        stable = wanted
    else:
        assert status() == "UPDATE_ROLLBACK_COMPLETE"
    assert_there(things, call, stable)
    return stable


def assert_there(things: Fragile, call: Any, wanted: Mapping[str, Any]) -> None:
    """Assert that there is one thing for each resource, with the properties that the template says, and no other."""
    ids = dict(_physical(call))
    assert sorted(ids) == sorted(wanted)
    expected = {}
    for logical, properties in wanted.items():
        value = properties.get("Value")
        resolved = {"Value": ids[value["Ref"]]} if isinstance(value, dict) else {}
        expected[ids[logical]] = {**properties, **resolved, "Id": ids[logical]}
    assert things.there == expected


def _physical(call: Any) -> Iterator[tuple[str, str]]:
    for one in call("DescribeStackResources", StackName="s")["StackResources"]:
        yield one["LogicalResourceId"], one["PhysicalResourceId"]
