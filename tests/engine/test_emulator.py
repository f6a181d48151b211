"""One call in, one answer out."""

from __future__ import annotations

import pytest

from emulator.aws.errors import ServiceError
from tests.engine.library import Library


def test_an_operation_of_its_own_sees_what_the_verbs_made(library: Library) -> None:
    library("CreateRack", RackName="r")

    assert library("CountRacks") == {"Total": 1}
    assert library("CountRacks", region="us-east-1") == {"Total": 0}


def test_an_operation_that_nobody_answers_is_named_with_501(library: Library) -> None:
    with pytest.raises(ServiceError, match="BurnDown") as refused:
        library("BurnDown")

    assert (refused.value.code, refused.value.status) == ("NotImplemented", 501)


def test_a_call_that_breaks_a_constraint_is_refused_before_it_changes_anything(library: Library) -> None:
    with pytest.raises(ServiceError) as refused:
        library("CreateRack", RackName="-r", Room={"Wing": "w"})

    assert refused.value.code == "ValidationException"
    assert refused.value.message == (
        "2 validation errors detected: Value '-r' at 'rackName' failed to satisfy constraint: Member must satisfy "
        "regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9])*; Value null at 'room.floor' failed to satisfy "
        "constraint: Member must not be null"
    )
    assert library("ListRacks") == {"Racks": []}


def test_members_that_the_model_does_not_know_are_not_kept(library: Library) -> None:
    library("CreateRack", RackName="r", Label=None, Unknown=1)

    assert library("DescribeRack", RackName="r").keys() == {"RackName", "RackArn", "CreationTime", "LastModifiedTime"}


def test_what_was_answered_can_be_changed_without_changing_what_is_kept(library: Library) -> None:
    library("CreateRack", RackName="r", Genres={"a": "1"})

    library("DescribeRack", RackName="r")["Genres"]["a"] = "changed"

    assert library("DescribeRack", RackName="r")["Genres"] == {"a": "1"}


def test_what_was_sent_can_be_changed_without_changing_what_is_kept(library: Library) -> None:
    genres = {"a": "1"}
    library("CreateRack", RackName="r", Genres=genres)

    genres["a"] = "changed"

    assert library("DescribeRack", RackName="r")["Genres"] == {"a": "1"}
