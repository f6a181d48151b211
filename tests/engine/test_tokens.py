"""Client tokens: a call is made once."""

from __future__ import annotations

import pytest

from emulator.aws.errors import ServiceError
from emulator.engine import tokens
from emulator.engine.tokens import WINDOW
from tests.engine.library import Library

RACK = {"RackName": "r", "Label": "l", "ClientToken": "t"}


def test_the_same_call_with_the_same_token_is_made_once_and_answered_the_same(library: Library) -> None:
    once = library("CreateRack", **RACK)

    assert library("CreateRack", **RACK) == once
    assert len(library("ListRacks")["Racks"]) == 1


def test_another_call_with_the_same_token_is_refused_with_the_declared_code(library: Library) -> None:
    library("CreateRack", **RACK)

    with pytest.raises(ServiceError) as refused:
        library("CreateRack", **{**RACK, "RackName": "other"})

    assert refused.value.code == "ConflictException"
    assert len(library("ListRacks")["Racks"]) == 1


def test_without_a_token_or_with_another_one_the_name_is_taken(library: Library) -> None:
    library("CreateRack", **RACK)

    for params in ({"RackName": "r", "Label": "l"}, {**RACK, "ClientToken": "u"}):
        with pytest.raises(ServiceError) as refused:
            library("CreateRack", **params)
        assert refused.value.code == "ResourceInUse"


def test_a_token_is_forgotten_after_its_window_and_not_before(library: Library) -> None:
    library("CreateRack", **RACK)

    library.clock.advance(WINDOW - 1)
    library("CreateRack", **RACK)
    library.clock.advance(1)
    with pytest.raises(ServiceError, match="already exists"):
        library("CreateRack", **RACK)


def test_a_refused_call_leaves_no_token_behind(library: Library) -> None:
    library("CreateRack", RackName="r")
    with pytest.raises(ServiceError, match="already exists"):
        library("CreateRack", **RACK)
    library("DeleteRack", RackName="r")

    assert library("CreateRack", **RACK)["RackArn"].endswith("/r")


def test_a_token_counts_in_its_own_account_and_region_only(library: Library) -> None:
    library("CreateRack", **RACK)

    assert "eu-west-1:444455556666:" in library("CreateRack", account="444455556666", **RACK)["RackArn"]
    assert "us-east-1:" in library("CreateRack", region="us-east-1", **RACK)["RackArn"]


def test_the_oldest_token_is_forgotten_when_there_are_too_many(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "LIMIT", 2)
    for name in "abc":
        library("CreateRack", RackName=name, Label="l", ClientToken=name)

    library("CreateRack", RackName="c", Label="l", ClientToken="c")
    with pytest.raises(ServiceError, match="already exists"):
        library("CreateRack", RackName="a", Label="l", ClientToken="a")
