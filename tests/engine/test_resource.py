"""What the model says about a kind that says nothing itself, and what a kind may say otherwise."""

from __future__ import annotations

import pytest

from emulator.aws.model import ServiceModel
from emulator.engine.kind import Kind
from emulator.engine.resource import Resource
from tests.engine.library import ACCOUNT, KINDS, REGION, Library, model_text

MODEL = ServiceModel(model_text())
RACK = Resource(Kind("Rack"), MODEL)
BOOK = Resource(KINDS["Book"], MODEL)
EDITION = Resource(KINDS["Edition"], MODEL)
BORROWER = Resource(KINDS["Borrower"], MODEL)
CARD = Resource(KINDS["Card"], MODEL)


@pytest.mark.parametrize(
    ("resource", "keys"),
    [
        (RACK, (("RackName",),)),
        (EDITION, (("BookName", "EditionNumber"),)),
        (BORROWER, (("BorrowerId",),)),
        (CARD, (("BorrowerId", "CardName"),)),
        (Resource(Kind("Rack", keys=(("Label",),)), MODEL), (("Label",),)),
    ],
)
def test_a_key_is_what_describe_requires_unless_it_is_declared(
    resource: Resource, keys: tuple[tuple[str, ...], ...]
) -> None:
    assert resource.keys == keys


def test_the_arn_takes_its_type_from_the_models_pattern_and_else_from_the_name() -> None:
    assert RACK.arn(("r",), ACCOUNT, REGION) == f"arn:aws:library:{REGION}:{ACCOUNT}:bookcase/r"
    assert CARD.arn(("b-1", "c"), ACCOUNT, REGION) == f"arn:aws:library:{REGION}:{ACCOUNT}:card/b-1/c"
    assert EDITION.arn(("Faust", 2), ACCOUNT, REGION) == f"arn:aws:library:{REGION}:{ACCOUNT}:edition/faust/2"


def test_an_arn_says_its_regions_partition() -> None:
    assert RACK.arn(("r",), ACCOUNT, "cn-north-1").startswith("arn:aws-cn:library:cn-north-1:")


@pytest.mark.parametrize("text", ["r", f"arn:aws:library:{REGION}:{ACCOUNT}:bookcase/r"])
def test_a_name_and_an_arn_stand_for_the_same_key(text: str) -> None:
    assert RACK.identify(text, ACCOUNT, REGION) == ("r",)


def test_a_name_stands_for_its_key_whatever_comes_before_it_in_the_arn() -> None:
    rack = Resource(Kind("Rack", arn="hall/north/{RackName}"), MODEL)

    assert rack.identify("r", ACCOUNT, REGION) == ("r",)
    assert rack.identify(rack.arn(("r",), ACCOUNT, REGION), ACCOUNT, REGION) == ("r",)


@pytest.mark.parametrize(
    "text",
    [
        f"arn:aws:library:{REGION}:444455556666:bookcase/r",
        f"arn:aws:library:us-east-1:{ACCOUNT}:bookcase/r",
        f"arn:aws:library:{REGION}:{ACCOUNT}:book/r",
        "a/b",
        "",
    ],
)
def test_what_is_foreign_or_of_another_form_stands_for_no_key(text: str) -> None:
    assert RACK.identify(text, ACCOUNT, REGION) is None


def test_times_status_and_reason_are_found_by_their_names() -> None:
    assert (BOOK.created_member, BOOK.modified_member) == ("CreationTime", "LastModifiedTime")
    assert (BOOK.status_member, BOOK.reason_member) == ("BookStatus", "FailureReason")
    assert (RACK.status_member, RACK.reason_member) == (None, None)


def test_a_kind_without_a_status_has_no_life_and_one_with_a_status_the_one_its_enum_suggests() -> None:
    assert RACK.lifecycle is None
    assert BOOK.lifecycle
    assert BOOK.lifecycle.begins == "Creating"
    assert BOOK.lifecycle.times["Deleting"].failed == "DeleteFailed"


@pytest.mark.parametrize(
    ("resource", "missing", "taken"),
    [
        (RACK, "ResourceNotFound", "ResourceInUse"),
        (BOOK, "ValidationException", "ResourceInUse"),
        (CARD, "ResourceNotFound", "ResourceInUse"),
        (BORROWER, "ResourceNotFound", "ValidationException"),
    ],
)
def test_the_codes_of_refusals_are_those_that_the_operations_declare(
    resource: Resource, missing: str, taken: str
) -> None:
    assert (resource.missing.code, resource.taken.code) == (missing, taken)


def test_what_can_be_created_with_tags_can_be_tagged() -> None:
    assert RACK.taggable
    assert not CARD.taggable


def test_what_no_caller_can_give_the_service_makes() -> None:
    assert set(BORROWER.minted) == {"BorrowerId"}
    assert not RACK.minted
    assert not CARD.minted


def test_what_grows_has_an_update_that_adds_or_removes() -> None:
    assert RACK.grown == {"Genres", "Rows"}


def test_an_answer_is_cut_to_its_output_shape(library: Library) -> None:
    library("CreateRack", RackName="r", Label="l", Secret="s", Tags=[{"Key": "a", "Value": "1"}])  # noqa: S106

    described = library("DescribeRack", RackName="r")

    assert described.keys() == {"RackName", "RackArn", "Label", "CreationTime", "LastModifiedTime"}


def test_a_kind_that_the_model_does_not_have_cannot_be_identified() -> None:
    with pytest.raises(LookupError, match="Ladder"):
        assert Resource(Kind("Ladder"), MODEL).keys
