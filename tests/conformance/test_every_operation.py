"""Every operation of botocore's model, over a real socket, on an emulator with nothing in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from emulator.engine.emulator import Emulator
from tests.conformance.botocore_model import OPERATIONS, SHAPES
from tests.conformance.conftest import Send
from tests.conformance.inputs import full, minimal
from tests.conformance.shapes import assert_fits, misfits_of

OWN_ERRORS = {
    "ValidationException",
    "ResourceNotFound",
    "ResourceInUse",
    "ConflictException",
    "ResourceLimitExceeded",
}


@pytest.mark.parametrize("form", [minimal, full])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_answers_its_shape_or_in_sagemakers_codes_or_says_that_it_is_not_emulated(
    operation: str, form: Callable[[str], dict[str, Any]], emulator: Emulator, send: Send
) -> None:
    reply = send(operation, form(operation))

    how = emulator.catalogue.how(operation)
    if how is None:
        assert (reply.status, reply.code) == (501, "NotImplemented")
        assert operation in reply.message
    elif reply.status == 200 and how == "derived":  # what only a declaration knows may be missing, and no more
        assert not [one for one in misfits_of(reply.body, operation) if not one.endswith("is missing")]
    elif reply.status == 200:
        assert_fits(reply.body, operation)
    else:
        assert reply.status == 400
        assert reply.code in OWN_ERRORS
        assert reply.message


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_refuses_params_of_the_wrong_json_type(operation: str, emulator: Emulator, send: Send) -> None:
    params = {name: ["text", {"of": []}] for name in minimal(operation) or full(operation)}

    reply = send(operation, params)

    if emulator.catalogue.how(operation) is None:
        assert reply.status == 501
    elif params:
        assert reply.status == 400
        assert reply.code in {"SerializationException", "ValidationException"}
    else:
        assert reply.status == 200


def test_the_coverage_sums_to_every_operation_of_the_model(emulator: Emulator) -> None:
    coverage = emulator.catalogue.coverage()

    assert set(coverage) == set(OPERATIONS)
    counted = Counter(how or "not yet" for how in coverage.values())
    assert counted.keys() <= {"declared", "coded", "derived", "not yet"}
    assert sum(counted.values()) == 425


def test_what_coverage_lists_as_answered_is_found_and_nothing_else(emulator: Emulator) -> None:
    for operation in OPERATIONS:
        found = emulator.catalogue.find(operation)
        assert (found is not None) == bool(emulator.catalogue.how(operation)), operation


@pytest.mark.parametrize("name", ["DescribeNothing", "describeModel", "", "CreateModel2"])
def test_an_operation_that_sagemaker_does_not_have_is_unknown(name: str, send: Send) -> None:
    reply = send(name, {})

    assert (reply.status, reply.code) == (400, "UnknownOperationException")


def test_the_codes_that_every_operation_may_answer_are_the_models_own() -> None:
    declared = {name for name, shape in SHAPES.items() if shape.get("exception")}

    assert declared - {"ResourceAlreadyExists"} == OWN_ERRORS - {"ValidationException"}
