"""All that is wrong with what was sent, in AWS's words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.aws.errors import ServiceError
from emulator.aws.model import ServiceModel
from emulator.aws.validation import Validator
from tests.engine.library import model_text

MODEL = ServiceModel(model_text())
VALIDATOR = Validator(MODEL)
RACK = MODEL.input("CreateRack")
LIST = MODEL.input("ListRacks")
NAME = "[a-zA-Z0-9](-*[a-zA-Z0-9])*"


def refusal(shape: Any, params: Any, validator: Validator = VALIDATOR) -> ServiceError:
    with pytest.raises(ServiceError) as refused:
        validator.accept(shape, params)
    return refused.value


def fault(value: str, path: str, constraint: str) -> str:
    return f"Value '{value}' at '{path}' failed to satisfy constraint: {constraint}"


@pytest.mark.parametrize(
    ("params", "faults"),
    [
        ({}, ["Value null at 'rackName' failed to satisfy constraint: Member must not be null"]),
        ({"RackName": None}, ["Value null at 'rackName' failed to satisfy constraint: Member must not be null"]),
        (
            {"RackName": "r" * 21},
            [fault("r" * 21, "rackName", "Member must have length less than or equal to 20")],
        ),
        (
            {"RackName": ""},
            [
                fault("", "rackName", "Member must have length greater than or equal to 1"),
                fault("", "rackName", f"Member must satisfy regular expression pattern: {NAME}"),
            ],
        ),
        (
            {"RackName": "r", "Room": {}},
            ["Value null at 'room.floor' failed to satisfy constraint: Member must not be null"],
        ),
        (
            {"RackName": "r", "Rows": ["a", "b", "c", "d"]},
            [fault("[a, b, c, d]", "rows", "Member must have length less than or equal to 3")],
        ),
        (
            {"RackName": "r", "Rows": ["a", "b" * 65]},
            [fault("b" * 65, "rows.2.member", "Member must have length less than or equal to 64")],
        ),
        (
            {"RackName": "r", "Rows": [None]},
            ["Value null at 'rows.1.member' failed to satisfy constraint: Member must not be null"],
        ),
        (
            {"RackName": "r", "Tags": [{"Key": "k"}]},
            ["Value null at 'tags.1.member.value' failed to satisfy constraint: Member must not be null"],
        ),
        (
            {"RackName": "r", "Genres": {"-": "x"}},
            [
                fault(
                    "{-=x}",
                    "genres",
                    "Map keys must satisfy constraint: [Member must have length less than or equal to 20, Member must "
                    f"have length greater than or equal to 1, Member must satisfy regular expression pattern: {NAME}]",
                )
            ],
        ),
    ],
)
def test_every_fault_is_named_with_its_path(params: dict[str, Any], faults: list[str]) -> None:
    error = refusal(RACK, params)

    plural = "" if len(faults) == 1 else "s"
    assert error.code == "ValidationException"
    assert error.message == f"{len(faults)} validation error{plural} detected: {'; '.join(faults)}"


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"MaxResults": 0}, "Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater"),
        ({"MaxResults": 101}, "Member must have value less than or equal to 100"),
        ({"SortOrder": "Up"}, "Member must satisfy enum value set: [Ascending, Descending]"),
    ],
)
def test_bounds_and_enums_are_named(params: dict[str, Any], said: str) -> None:
    assert said in str(refusal(LIST, params).message)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"RackName": 1}, "NUMBER_VALUE can not be converted to a String"),
        ({"RackName": True}, "TRUE_VALUE can not be converted to a String"),
        ({"RackName": ["r"]}, "Start of list found where not expected"),
        ({"RackName": {}}, "Start of structure or map found where not expected."),
        ({"Rows": "x"}, "Expected list or null"),
        ({"Room": "x"}, "Expected null"),
        ({"Room": {"Floor": "1"}}, "STRING_VALUE can not be converted to an Integer"),
        ({"Room": {"Floor": False}}, "FALSE_VALUE can not be converted to an Integer"),
        ({"Room": {"Floor": 2**31}}, "NUMBER_VALUE can not be converted to an Integer"),
    ],
)
def test_json_of_the_wrong_type_is_refused_before_any_constraint(params: dict[str, Any], message: str) -> None:
    error = refusal(RACK, {"RackName": "-", **params})

    assert (error.code, error.message) == ("SerializationException", message)


def test_nulls_and_unknown_members_are_not_seen() -> None:
    sent = {"RackName": "r", "Label": None, "Unknown": {"deep": 1}, "Room": {"Floor": 1, "Unknown": 1}}

    assert VALIDATOR.accept(RACK, sent) == {"RackName": "r", "Room": {"Floor": 1}}


def test_a_number_for_an_integer_loses_its_fraction() -> None:
    assert VALIDATOR.accept(RACK, {"RackName": "r", "Room": {"Floor": 2.9}})["Room"] == {"Floor": 2}


def test_what_fits_is_taken_as_it_is() -> None:
    sent = {"RackName": "r", "Room": {"Floor": 1}}

    assert VALIDATOR.accept(RACK, sent) is sent


@pytest.mark.parametrize(
    ("text", "fits"), [("\U0001f600" * 32, True), ("\U0001f600" * 33, False), ("\u00e4" * 64, True)]
)
def test_a_length_counts_as_java_counts(text: str, fits: bool) -> None:
    assert VALIDATOR.fits("Label")(text) == fits


def test_a_printed_pattern_is_the_one_that_the_service_prints() -> None:
    printed = Validator(MODEL, {"RackName": "^seen$"})

    assert "pattern: ^seen$" in str(refusal(RACK, {"RackName": "-"}, printed).message)
    assert printed.accept(RACK, {"RackName": "r"})


def test_members_that_may_be_emptied_take_empty_text_and_nothing_else() -> None:
    emptied = frozenset({"NamePrefix"})

    assert VALIDATOR.accept(LIST, {"NamePrefix": ""}, emptied=emptied) == {"NamePrefix": ""}
    for params in ({"NamePrefix": "-"}, {"NamePrefix": "", "NameContains": ""}):
        with pytest.raises(ServiceError, match="regular expression"):
            VALIDATOR.accept(LIST, params, emptied=emptied)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(RACK.members)), JSON))
def test_whatever_is_sent_is_either_accepted_and_fits_or_refused(params: dict[str, Any]) -> None:
    try:
        seen = VALIDATOR.accept(RACK, params)
    except ServiceError as error:
        code = error.code
    else:
        code = "" if VALIDATOR.fits(RACK.name)(seen) else "accepted, and yet it does not fit"

    assert code in {"", "ValidationException", "SerializationException"}
