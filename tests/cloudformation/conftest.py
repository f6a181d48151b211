"""What tests of stacks share: a client, a type of their own, and what has happened to a stack."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from emulator.engine.emulator import Emulator
from emulator.registry.registry import Registry
from tests.cloudformation.things import Supplier, Thing


@pytest.fixture
def cfn(connect: Callable[..., Any]) -> Any:
    """A boto3 client of CloudFormation."""
    return connect("cloudformation")


class _Supplied:
    """The supplier of one emulator, whose thing each test has anew."""

    def __init__(self, emulator: Emulator) -> None:
        self.supplier = Supplier(Thing(emulator))
        emulator.beside(Registry).supply(lambda: self.supplier)


@pytest.fixture
def things(emulator: Emulator) -> Thing:
    """The type of the tests' own, with nothing there."""
    supplied = emulator.beside(_Supplied)
    supplied.supplier.thing = Thing(emulator)
    return supplied.supplier.thing


@pytest.fixture
def stack(cfn: Any, things: Thing) -> Callable[..., str]:
    """Create a stack, and return its ARN."""

    def create(name: str, template: dict[str, Any], **said: Any) -> str:
        return str(cfn.create_stack(StackName=name, TemplateBody=json.dumps(template), **said)["StackId"])

    return create


@pytest.fixture
def update(cfn: Any) -> Callable[..., str]:
    """Update a stack, and return its ARN."""

    def change(name: str, template: dict[str, Any], **said: Any) -> str:
        return str(cfn.update_stack(StackName=name, TemplateBody=json.dumps(template), **said)["StackId"])

    return change


@pytest.fixture
def status(cfn: Any) -> Callable[[str], str]:
    """Return the status of a stack by now."""
    return lambda name: str(cfn.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])


@pytest.fixture
def events(cfn: Any) -> Callable[[str], list[str]]:
    """Return what has happened to a stack, the oldest first: resource, status, and why."""

    def told(name: str) -> list[str]:
        found = [
            one
            for page in cfn.get_paginator("describe_stack_events").paginate(StackName=name)
            for one in page["StackEvents"]
        ]
        return [
            " ".join(
                filter(
                    None, [one["LogicalResourceId"], one["ResourceStatus"], one.get("ResourceStatusReason", "").strip()]
                )
            )
            for one in reversed(found)
        ]

    return told


@pytest.fixture
def refused(cfn: Any) -> Callable[..., tuple[str, str]]:
    """Make a call that is refused; return the code and the message."""

    def call(operation: str, /, **params: Any) -> tuple[str, str]:
        with pytest.raises(cfn.exceptions.ClientError) as error:
            getattr(cfn, operation)(**params)
        said = error.value.response["Error"]
        return said["Code"], said["Message"]

    return call
