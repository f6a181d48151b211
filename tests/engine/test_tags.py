"""Tags."""

from __future__ import annotations

import pytest

from emulator.aws.errors import ServiceError
from emulator.engine import tags
from tests.engine.library import ACCOUNT, REGION, Library


def given(*pairs: str) -> list[dict[str, str]]:
    return [dict(zip(("Key", "Value"), pair.split("="), strict=True)) for pair in pairs]


def test_new_tags_lie_over_old_ones_of_the_same_key_in_the_old_order() -> None:
    present = tags.added({}, given("a=1", "b=2"))

    assert tags.listed(tags.added(present, given("c=3", "a=4"))) == given("a=4", "b=2", "c=3")
    assert present == {"a": "1", "b": "2"}


def test_tags_of_unknown_keys_are_taken_off_without_a_fault() -> None:
    assert tags.removed({"a": "1", "b": "2"}, ["a", "unknown"]) == {"b": "2"}


@pytest.mark.parametrize(
    "wrong", [given("aws:a=1"), given("AWS:a=1"), given("a=1", "a=2"), given(*(f"k{n}=v" for n in range(51)))]
)
def test_reserved_doubled_and_too_many_tags_are_refused(wrong: list[dict[str, str]]) -> None:
    with pytest.raises(ServiceError) as refused:
        tags.added({}, wrong)

    assert refused.value.code == "ValidationException"


def test_fifty_tags_are_not_too_many_and_one_more_is() -> None:
    fifty = tags.added({}, given(*(f"k{n}=v" for n in range(50))))

    assert len(tags.added(fifty, given("k0=w"))) == 50
    with pytest.raises(ServiceError, match="50"):
        tags.added(fifty, given("more=v"))


def test_tags_given_at_birth_stand_with_the_resource_of_that_arn(library: Library) -> None:
    arn = library("CreateRack", RackName="r", Tags=given("a=1"))["RackArn"]

    with library.emulator.at(ACCOUNT, REGION) as scope:
        found = scope.by_arn(arn)

    assert found
    assert found[1].tags == {"a": "1"}


def test_a_resource_is_not_made_when_its_tags_are_refused(library: Library) -> None:
    with pytest.raises(ServiceError, match="aws:"):
        library("CreateRack", RackName="r", Tags=given("aws:a=1"))

    assert library("ListRacks") == {"Racks": []}
