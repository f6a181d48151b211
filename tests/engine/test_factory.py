"""A factory: a made-up service whose orders are told of in one member, stopped early, and refused verb by verb."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.aws.call import Call
from emulator.aws.errors import Refusal, ServiceError
from emulator.aws.model import ServiceModel
from emulator.engine.clock import Chance, ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.kind import Kind
from emulator.engine.lifecycle import Lifecycle, Pace, Stage
from emulator.engine.scope import Act, Settings
from tests.engine.library import ACCOUNT, REGION, compact, sentence

_TEXT = {"type": "string"}
_SHAPES: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("OrderName", "OrderArn", "Key", "Value"), _TEXT),
    "OrderStatus": {"type": "string", "enum": ["Making", "Made", "Stopped"]},
    "Age": {"type": "integer"},
    "Tag": {"type": "structure", "members": {"Key": "Key", "Value": "Value"}},
    "Tags": {"type": "list", "member": "Tag"},
    "Detail": {
        "type": "structure",
        "members": {name: name for name in ("OrderName", "OrderArn", "OrderStatus", "Age", "Tags")},
    },
}
_OPERATIONS: dict[str, tuple[list[str], list[str] | None]] = {
    "CreateOrder": (["OrderName", "Tags"], ["OrderArn"]),
    "DescribeOrder": (["OrderName"], ["Detail"]),
    "StopOrder": (["OrderName"], None),
    "DeleteOrder": (["OrderName"], None),
}
ORDER = Kind(
    "Order",
    lifecycle=Lifecycle(
        begins="Making",
        calls={"Stop": {"Making": "Stopped"}, "Delete": {"Stopped": "Stopped"}},
        times={"Making": Stage("Made", seconds=10)},
    ),
    refusals={"Stop": Refusal("ValidationException", sentence("too late, {name} is {status}"))},
    refused=Refusal("ConflictException", sentence("not now")),
    shown={"Age": lambda making: int(making.now - making.state.since) if making.state else None},
)


def _structure(members: list[str]) -> dict[str, Any]:
    return {"type": "structure", "members": {name: name for name in members}, "required": members[:1]}


def _model() -> ServiceModel:
    header = {"service": "factory", "version": "1", "botocore": "none", "target": "F", "json": "1.1", "errors": []}
    shapes, operations = dict(_SHAPES), {}
    for name, (takes, gives) in _OPERATIONS.items():
        shapes[f"{name}Input"] = _structure(takes)
        if gives is not None:
            shapes[f"{name}Output"] = _structure(gives)
        operations[name] = [f"{name}Input", None if gives is None else f"{name}Output", []]
    return ServiceModel(compact(header, operations, shapes))


class Declarations:
    kinds = declared = frozenset({"Order"})
    operations = working = frozenset[str]()

    def kind(self, _: str) -> Kind:
        return ORDER

    def operation(self, _: str) -> Act:
        raise LookupError

    def follows(self, _: str) -> list[Any]:
        return []

    changes = follows

    def works(self, _: str) -> Any:
        raise LookupError


@pytest.fixture
def factory() -> Emulator:
    """A new factory whose clock stands still."""
    return Emulator(_model(), Declarations(), Settings(), ManualClock(), Chance(0))


def call(factory: Emulator, operation: str, **params: Any) -> Any:
    """Call an operation about the order that every test makes."""
    return factory.answer(Call(operation, {"OrderName": "o", **params}, ACCOUNT, REGION))


def detail(factory: Emulator) -> dict[str, Any]:
    """Describe the order."""
    described: dict[str, Any] = call(factory, "DescribeOrder")["Detail"]
    return described


def test_an_answer_with_one_member_for_everything_wraps_what_is_told(factory: Emulator) -> None:
    arn = call(factory, "CreateOrder")["OrderArn"]

    assert call(factory, "DescribeOrder") == {
        "Detail": {"OrderName": "o", "OrderArn": arn, "OrderStatus": "Made", "Age": 0}
    }


def test_tags_are_told_where_describe_has_them(factory: Emulator) -> None:
    tags = [{"Key": "k", "Value": "v"}]
    call(factory, "CreateOrder", Tags=tags)

    assert detail(factory)["Tags"] == tags


def test_what_is_shown_may_depend_on_the_time(factory: Emulator) -> None:
    call(factory, "CreateOrder")
    detail(factory)
    assert isinstance(factory.clock, ManualClock)
    factory.clock.advance(7)

    assert detail(factory)["Age"] == 7


def test_what_nobody_has_looked_at_can_be_stopped_though_nothing_takes_time(factory: Emulator) -> None:
    call(factory, "CreateOrder")

    call(factory, "StopOrder")

    assert detail(factory)["OrderStatus"] == "Stopped"


def test_what_somebody_has_looked_at_is_made(factory: Emulator) -> None:
    call(factory, "CreateOrder")
    detail(factory)

    with pytest.raises(ServiceError, match="too late, o is Made") as refused:
        call(factory, "StopOrder")

    assert refused.value.code == "ValidationException"


def test_at_real_pace_a_stop_comes_too_late_once_the_time_is_over(factory: Emulator) -> None:
    factory.settings.pace = Pace("real")
    call(factory, "CreateOrder")
    assert isinstance(factory.clock, ManualClock)
    factory.clock.advance(10)

    with pytest.raises(ServiceError, match="too late"):
        call(factory, "StopOrder")


def test_a_verb_without_a_refusal_of_its_own_is_refused_as_all_others(factory: Emulator) -> None:
    call(factory, "CreateOrder")

    with pytest.raises(ServiceError, match="not now"):
        call(factory, "DeleteOrder")


def test_what_a_delete_leaves_as_it_is_is_gone_at_once(factory: Emulator) -> None:
    call(factory, "CreateOrder")
    call(factory, "StopOrder")

    call(factory, "DeleteOrder")

    with pytest.raises(ServiceError):
        detail(factory)


def test_chance_gives_fractions_and_the_same_ones_for_the_same_seed() -> None:
    first, second = Chance(3), Chance(3)

    fractions = [first.fraction() for _ in range(50)]

    assert fractions == [second.fraction() for _ in range(50)]
    assert all(0 <= one < 1 for one in fractions)
    assert len(set(fractions)) == 50
