"""Every type that the registry can create, in a stack: created, found in sync, told unchanged, deleted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.engine.emulator import Emulator
from emulator.registry.handler import HandlerError
from tests.registry.desired import CALLER, SAGEMAKER, SERVED, TYPES, Form, States, full, minimal, served


@pytest.mark.parametrize("name", SERVED)
@pytest.mark.parametrize("form", [minimal, full])
def test_a_type_lives_in_a_stack(cfn: Any, emulator: Emulator, form: Form, name: str) -> None:
    desired = States(emulator, name).desired(form)
    body = json.dumps({"Resources": {"It": {"Type": SAGEMAKER + name, "Properties": desired}}})
    ident = cfn.create_stack(StackName="s", TemplateBody=body)["StackId"]
    assert _status(cfn, ident) == "CREATE_COMPLETE"
    handler = served(emulator, name)
    [resource] = cfn.describe_stack_resources(StackName="s")["StackResources"]
    assert handler.read(CALLER, resource["PhysicalResourceId"])
    drift = cfn.detect_stack_resource_drift(StackName="s", LogicalResourceId="It")["StackResourceDrift"]
    assert drift["StackResourceDriftStatus"] == "IN_SYNC", drift["PropertyDifferences"]
    made = cfn.create_change_set(StackName="s", ChangeSetName="same", TemplateBody=body)
    assert cfn.describe_change_set(ChangeSetName=made["Id"])["Status"] == "FAILED"
    cfn.delete_stack(StackName="s")
    assert _status(cfn, ident) == "DELETE_COMPLETE"
    with pytest.raises(HandlerError, match="NotFound"):
        handler.read(CALLER, resource["PhysicalResourceId"])


def test_a_type_without_handlers_fails_its_stack(cfn: Any) -> None:
    [name] = set(TYPES) - set(SERVED)
    body = json.dumps({"Resources": {"It": {"Type": SAGEMAKER + name, "Properties": {"TrialComponentName": "c"}}}})
    ident = cfn.create_stack(StackName="s", TemplateBody=body)["StackId"]
    status = _status(cfn, ident)
    assert status.startswith("ROLLBACK_COMPLETE")
    assert f"Resource type {SAGEMAKER}{name} does not support CREATE action" in status


def _status(cfn: Any, ident: str) -> str:
    """Return the status of a stack, and if something has failed why."""
    [stack] = cfn.describe_stacks(StackName=ident)["Stacks"]
    events = cfn.describe_stack_events(StackName=ident)["StackEvents"]
    failed = [one["ResourceStatusReason"] for one in events if one["ResourceStatus"].endswith("_FAILED")]
    return " ".join([stack["StackStatus"], *failed])
