"""Every type by Cloud Control: of each request the first look sees the end."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.cloudcontrol.operations import OPERATIONS
from emulator.engine.clock import Chance, ManualClock
from emulator.registry.schema import WRITE_ONLY, can, pointers
from emulator.sagemaker.service import sagemaker
from tests.registry.desired import CALLER, SERVED, States, full
from tests.registry.test_every_type import lost, readable


@pytest.mark.parametrize("name", SERVED)
def test_a_resource_is_created_read_patched_with_nothing_and_deleted(name: str) -> None:
    states = States(sagemaker(clock=ManualClock(), chance=Chance(0)), name)
    schema = states.type.schema

    def call(operation: str, **params: Any) -> dict[str, Any]:
        return OPERATIONS[operation](states.emulator, CALLER, params)

    def ended(operation: str, **params: Any) -> str:
        begun = call(operation, TypeName=schema["typeName"], **params)["ProgressEvent"]
        event = call("GetResourceRequestStatus", RequestToken=begun["RequestToken"])["ProgressEvent"]
        assert event["OperationStatus"] == "SUCCESS", event
        return str(event["Identifier"])

    def properties() -> Any:
        described = call("GetResource", TypeName=schema["typeName"], Identifier=identifier)["ResourceDescription"]
        assert described["Identifier"] == identifier
        return json.loads(described["Properties"])

    desired = states.desired(full)
    identifier = ended("CreateResource", DesiredState=json.dumps(desired))
    made = properties()
    assert [*lost(readable(states.type, desired), made)] == []
    needed = {steps[0] for steps in pointers(schema, WRITE_ONLY)} & set(schema.get("required", ()))
    if can(schema, "update") and not needed:  # what is only written and required has to be said with every patch
        ended("UpdateResource", Identifier=identifier, PatchDocument="[]")
        assert [*lost(made, properties())] == []
    ended("DeleteResource", Identifier=identifier)
