"""A harbour: a made-up service with answers inside answers, and parents that go by two names."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.aws.call import Call
from emulator.aws.errors import ServiceError
from emulator.aws.model import ServiceModel
from emulator.engine import verbs
from emulator.engine.clock import Chance, ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.kind import Kind, Minted, Parent
from emulator.engine.scope import Act, Scope, Settings
from tests.engine.library import ACCOUNT, REGION, compact

_TEXT = {"type": "string"}
_SHAPES: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("PortName", "PortArn", "ShipName", "ShipArn", "Flag", "Name", "Value", "Count"), _TEXT),
    "ShipDetails": {
        "type": "structure",
        "members": {"ShipName": "ShipName", "ShipArn": "ShipArn", "PortArn": "PortArn", "Flag": "Flag"},
    },
    "Filter": {"type": "structure", "members": {"Name": "Name", "Value": "Value"}, "required": ["Name", "Value"]},
    "Filters": {"type": "list", "member": "Filter"},
    "Ships": {"type": "list", "member": "ShipDetails"},
}
_OPERATIONS = {
    "CreatePort": (["PortName"], ["PortArn"]),
    "DescribePort": (["PortName"], ["PortName", "PortArn"]),
    "CreateShip": (["PortName", "ShipName", "Flag"], ["ShipArn"]),
    "DescribeShip": (["PortName", "ShipName"], ["ShipDetails", "Count"]),
    "ListShips": (["Filters"], ["Ships"]),
}
KINDS = {
    "Port": Kind("Port", minted={"PortId": Minted("p-", 4)}, arn="port/{PortId}"),
    "Ship": Kind(
        "Ship",
        keys=(("PortName", "ShipName"),),
        arn="ship/{Dock}/{ShipName}",
        parents=(Parent("Port", by="PortName"),),
        within="ShipDetails",
    ),
}


def _structure(members: list[str]) -> dict[str, Any]:
    return {
        "type": "structure",
        "members": {name: name for name in members},
        "required": members[:1] if len(members) < 3 else members[:2],
    }


def _model() -> ServiceModel:
    header = {"service": "harbour", "version": "1", "botocore": "none", "target": "H", "json": "1.1", "errors": []}
    shapes, operations = dict(_SHAPES), {}
    for name, (takes, gives) in _OPERATIONS.items():
        shapes |= {f"{name}Input": _structure(takes), f"{name}Output": _structure(gives)}
        operations[name] = [f"{name}Input", f"{name}Output", []]
    return ServiceModel(compact(header, operations, shapes))


class Declarations:
    kinds = declared = frozenset(KINDS)
    operations = frozenset({"CreateShip"})
    working = frozenset[str]()

    def kind(self, name: str) -> Kind:
        return KINDS[name]

    def operation(self, name: str) -> Act:
        def create(scope: Scope, params: Any) -> dict[str, Any]:
            ship = scope.resources.resource("Ship")
            return {"ShipArn": verbs.make(scope, ship, params, {"Dock": "d7"}).arn}

        return create

    def follows(self, _: str) -> list[Any]:
        return []

    changes = follows

    def works(self, _: str) -> Any:
        raise LookupError


@pytest.fixture
def call() -> Any:
    """A function that calls the harbour."""
    emulator = Emulator(_model(), Declarations(), Settings(), ManualClock(), Chance(0))
    return lambda operation, **params: emulator.answer(Call(operation, params, ACCOUNT, REGION))


def test_what_stands_beside_other_things_is_shown_in_the_member_that_holds_it_all(call: Any) -> None:
    call("CreatePort", PortName="north")
    call("CreateShip", PortName="north", ShipName="anna", Flag="red")

    described = call("DescribeShip", PortName="north", ShipName="anna")

    assert described.keys() == {"ShipDetails"}
    assert described["ShipDetails"]["Flag"] == "red"


def test_what_an_operation_adds_can_stand_in_the_arn(call: Any) -> None:
    call("CreatePort", PortName="north")

    assert call("CreateShip", PortName="north", ShipName="anna")["ShipArn"].endswith(":ship/d7/anna")


def test_a_parent_in_a_key_can_be_called_by_its_arn(call: Any) -> None:
    its_arn = call("CreatePort", PortName="north")["PortArn"]
    call("CreateShip", PortName="north", ShipName="anna")

    assert call("DescribeShip", PortName=its_arn, ShipName="anna")["ShipDetails"]["ShipName"] == "anna"
    with pytest.raises(ServiceError):
        call("DescribeShip", PortName=its_arn + "x", ShipName="anna")


def test_a_list_of_filters_with_names_and_values_wants_all_of_them(call: Any) -> None:
    call("CreatePort", PortName="north")
    for name, flag in (("anna", "red"), ("berta", "red"), ("clara", "blue")):
        call("CreateShip", PortName="north", ShipName=name, Flag=flag)

    def found(**wanted: str) -> set[str]:
        filters = [{"Name": name, "Value": value} for name, value in wanted.items()]
        return {one["ShipName"] for one in call("ListShips", Filters=filters)["Ships"]}

    assert found(Flag="red") == {"anna", "berta"}
    assert found(Flag="red", ShipName="berta") == {"berta"}
    assert found(Flag="red", Captain="x") == set()
