"""Calls that are made again by a client that lost the answer."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from emulator.interfaces import repeats
from tests.wire.raw import Reply, Wire, ask, headers_of

ONE, OTHER = str(uuid4()), str(uuid4())


@pytest.fixture(autouse=True)
def ids() -> None:
    """Each test has ids of its own, as each call of an SDK has: answers are remembered by them."""
    global ONE, OTHER
    ONE, OTHER = str(uuid4()), str(uuid4())


def call(wire: Wire, operation: str, params: dict[str, Any], invocation: str, attempt: int) -> Reply:
    connection = wire.connection()
    try:
        more = {"amz-sdk-invocation-id": invocation, "amz-sdk-request": f"attempt={attempt}; max=25"}
        headers = headers_of(f"SageMaker.{operation}") | more
        return ask(connection, "POST", "/", json.dumps(params).encode(), headers)
    finally:
        connection.close()


def create(wire: Wire, name: str, invocation: str, attempt: int) -> Reply:
    return call(wire, "CreateModelPackageGroup", {"ModelPackageGroupName": name}, invocation, attempt)


def test_a_call_that_is_made_again_is_answered_again_and_not_done_twice(wire: Wire) -> None:
    first, again = create(wire, "g", ONE, 1), create(wire, "g", ONE, 2)
    assert (again.status, again.body) == (first.status, first.body)
    assert again.status == 200
    assert again.headers["x-amzn-requestid"] == first.headers["x-amzn-requestid"]


def test_another_call_is_done_whatever_attempt_it_is(wire: Wire) -> None:
    assert create(wire, "g", ONE, 1).status == 200
    assert create(wire, "g", OTHER, 2).status == 400
    assert create(wire, "g", ONE, 1).status == 400
    assert call(wire, "DeleteModelPackageGroup", {"ModelPackageGroupName": "g"}, ONE, 2).status == 200


def test_a_call_that_was_refused_is_done_when_it_is_made_again(wire: Wire) -> None:
    said = {"ModelPackageGroupName": "g"}
    assert call(wire, "DeleteModelPackageGroup", said, ONE, 1).status == 400
    assert create(wire, "g", OTHER, 1).status == 200
    assert call(wire, "DeleteModelPackageGroup", said, ONE, 2).status == 200


def test_a_call_that_only_reads_reads_again(wire: Wire) -> None:
    listed = "ModelPackageGroupSummaryList"
    assert call(wire, "ListModelPackageGroups", {}, ONE, 1).json[listed] == []
    create(wire, "g", OTHER, 1)
    assert len(call(wire, "ListModelPackageGroups", {}, ONE, 2).json[listed]) == 1


def test_only_the_last_answers_are_kept(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "KEPT", 1)
    create(wire, "g", ONE, 1)
    create(wire, "h", OTHER, 1)
    assert create(wire, "h", OTHER, 2).status == 200
    assert create(wire, "g", ONE, 2).status == 400
