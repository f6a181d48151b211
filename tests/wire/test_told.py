"""Who asks the same again is told the same bytes again, and never what has changed meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace
from emulator.engine.standing import Standing
from emulator.interfaces import told
from tests.conftest import ACCOUNT, REGION, ROLE
from tests.wire.raw import Wire

GROUP = {"ModelPackageGroupName": "g"}
CONTAINER = {"Image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/serve:1"}


@pytest.fixture
def again(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The operations whose answers were given again."""
    seen: list[str] = []
    repeat = emulator.repeat

    def noted(call: Any, answer: Standing) -> bool:
        holds = repeat(call, answer)
        seen.extend([call.operation] * holds)
        return holds

    monkeypatch.setattr(emulator, "repeat", noted)
    return seen


def group(wire: Wire) -> dict[str, Any] | None:
    reply = wire.call("DescribeModelPackageGroup", GROUP)
    return reply.json if reply.status == 200 else None


def test_what_stands_is_told_again_as_another_call(wire: Wire, emulator: Emulator, again: list[str]) -> None:
    wire.done("CreateModelPackageGroup", **GROUP)
    first, second = (wire.call("DescribeModelPackageGroup", GROUP) for _ in range(2))
    assert again == ["DescribeModelPackageGroup"]
    assert first.body == second.body
    assert first.headers["x-amzn-requestid"] != second.headers["x-amzn-requestid"]
    heard = emulator.history.calls[-2:]
    assert [one.call for one in heard] == [heard[0].call] * 2
    assert [one.answer for one in heard] == [json.loads(first.body)] * 2
    assert heard[0].number < heard[1].number


CHANGES: dict[str, Callable[[Wire], object]] = {
    "its end": lambda wire: wire.done("DeleteModel", ModelName="m"),
    "its end and another of its name": lambda wire: (
        wire.done("DeleteModel", ModelName="m"),
        wire.done("CreateModel", ModelName="m", PrimaryContainer=CONTAINER, EnableNetworkIsolation=True),
    ),
    "a reset": lambda wire: wire.send("POST", "/_emulator/reset"),
    "a reset and another of its name": lambda wire: (
        wire.send("POST", "/_emulator/reset"),
        wire.done("CreateModel", ModelName="m", PrimaryContainer=CONTAINER),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen_by_the_very_next_look(wire: Wire, again: list[str], clock: ManualClock, change: str) -> None:
    wire.done("CreateModel", ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer=CONTAINER)
    before = [wire.call("DescribeModel", {"ModelName": "m"}).body for _ in range(2)]
    assert again == ["DescribeModel"]
    clock.advance(1)
    CHANGES[change](wire)
    assert wire.call("DescribeModel", {"ModelName": "m"}).body not in before
    assert again == ["DescribeModel"]


def test_an_update_and_a_status_that_moves_are_seen(wire: Wire, emulator: Emulator, again: list[str]) -> None:
    emulator.settings.pace = Pace("step")
    wire.done("CreateImage", ImageName="i", RoleArn=ROLE)
    statuses = [wire.done("DescribeImage", ImageName="i")["ImageStatus"] for _ in range(4)]
    assert statuses == ["CREATING", "CREATED", "CREATED", "CREATED"]
    wire.done("UpdateImage", ImageName="i", Description="new")
    assert wire.done("DescribeImage", ImageName="i")["ImageStatus"] == "UPDATING"
    assert wire.done("DescribeImage", ImageName="i")["Description"] == "new"
    assert again


def test_what_is_for_another_place_is_worked_out_there(wire: Wire, again: list[str]) -> None:
    wire.done("CreateModelPackageGroup", **GROUP)
    assert [group(wire) is not None for _ in range(2)] == [True, True]
    for signed in (("111122223333", REGION), (ACCOUNT, "eu-west-1")):
        assert wire.call("DescribeModelPackageGroup", GROUP, signed=signed).status == 400


def test_what_was_asked_for_befalls_it(wire: Wire, emulator: Emulator, again: list[str]) -> None:
    wire.done("CreateModel", ModelName="m", PrimaryContainer=CONTAINER)
    assert [wire.call("DescribeModel", {"ModelName": "m"}).status for _ in range(2)] == [200, 200]
    emulator.control.error("ThrottlingException", operation="DescribeModel")
    assert wire.call("DescribeModel", {"ModelName": "m"}).status == 400
    assert again == ["DescribeModel"]


def test_a_name_that_may_mean_another_tomorrow_is_looked_up(wire: Wire, again: list[str]) -> None:
    wire.done("CreateImage", ImageName="i", RoleArn=ROLE)
    for number in (1, 2):
        wire.done("CreateImageVersion", ImageName="i", BaseImage=CONTAINER["Image"], ClientToken=str(number))
        for _ in range(2):
            assert wire.done("DescribeImageVersion", ImageName="i")["Version"] == number
    assert "DescribeImageVersion" not in again


def test_what_follows_from_other_resources_too_is_worked_out(wire: Wire, again: list[str]) -> None:
    wire.done("CreateModel", ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer=CONTAINER)
    variant = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    wire.done("CreateEndpointConfig", EndpointConfigName="c", ProductionVariants=[variant])
    endpoint = wire.done("CreateEndpoint", EndpointName="e", EndpointConfigName="c")["EndpointArn"]
    targets = [{"Name": "a", "Destinations": [{"ResourceArn": endpoint}]}]
    wire.done("CreateInferenceRouter", InferenceRouterName="r", RoutingTargets=targets)

    def status() -> str:
        [target] = wire.done("DescribeInferenceRouter", InferenceRouterName="r")["RoutingTargets"]
        return str(target["Destinations"][0]["RoutingStatus"])

    assert [status() for _ in range(2)] == ["Routable"] * 2
    wire.done("DeleteEndpoint", EndpointName="e")
    assert status() == "Unroutable"
    assert not again


def test_no_operation_with_code_of_its_own_says_that_its_answer_stands(wire: Wire, emulator: Emulator) -> None:
    wire.done("CreateAction", ActionName="a", ActionType="t", Source={"SourceUri": "u"})
    wire.done("DescribeAction", ActionName="a")
    assert emulator.catalogue.how("DescribeAction") == "coded"
    assert type(emulator.history.calls[-1].answer) is dict


def test_a_large_answer_is_not_kept(wire: Wire, again: list[str]) -> None:
    large = {"Image": CONTAINER["Image"], "Environment": {f"A{number}": "x" * 1000 for number in range(100)}}
    wire.done("CreateModel", ModelName="m", PrimaryContainer=large)
    for _ in range(2):
        assert len(wire.call("DescribeModel", {"ModelName": "m"}).body) > told.LONG
    assert not again


def test_only_the_last_answers_are_kept(wire: Wire, again: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "KEPT", 1)
    for name in ("a", "b"):
        wire.done("CreateModel", ModelName=name, PrimaryContainer=CONTAINER)
    for name in ("a", "b", "a", "a"):
        wire.done("DescribeModel", ModelName=name)
    assert again == ["DescribeModel"]
