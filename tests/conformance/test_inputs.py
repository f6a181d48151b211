"""The generated inputs: the emulator's own validator must accept every one, for every operation of the model."""

from __future__ import annotations

import pytest

from emulator.aws import model
from emulator.aws.errors import ServiceError
from emulator.aws.validation import Validator
from tests.conformance import inputs
from tests.conformance.botocore_model import OPERATIONS, input_shape, required

# Operations whose input no text can satisfy, with the reason.
UNMEETABLE: dict[str, str] = {}

SAGEMAKER = model.load("sagemaker")
VALIDATOR = Validator(SAGEMAKER)


@pytest.mark.parametrize("variant", [0, 1, 2])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_validator_accepts_what_is_generated(operation: str, variant: int) -> None:
    refused = []
    for form in (inputs.minimal, inputs.full):
        try:
            VALIDATOR.accept(SAGEMAKER.input(operation), form(operation, variant))
        except ServiceError as error:
            refused.append(f"{form.__name__}: {error.code} {error.message}")

    assert bool(refused) == (operation in UNMEETABLE), refused


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_generated_input_fits_at_first_sight(operation: str) -> None:
    fits = VALIDATOR.fits(SAGEMAKER.input(operation).name)

    assert fits(inputs.minimal(operation))
    assert fits(inputs.full(operation))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_minimal_input_has_the_required_members_and_a_full_one_all(operation: str) -> None:
    assert inputs.minimal(operation).keys() == set(required(input_shape(operation)))
    if not SAGEMAKER.input(operation).union:
        assert inputs.full(operation).keys() == SAGEMAKER.input(operation).members.keys()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_without_one_required_member_the_validator_refuses(operation: str) -> None:
    whole = inputs.minimal(operation)

    for name in whole:
        without = {one: value for one, value in whole.items() if one != name}
        with pytest.raises(ServiceError, match="Member must not be null"):
            VALIDATOR.accept(SAGEMAKER.input(operation), without)


def test_the_same_input_is_generated_every_time() -> None:
    once = [(inputs.minimal(one), inputs.full(one)) for one in OPERATIONS]

    assert once == [(inputs.minimal(one), inputs.full(one)) for one in OPERATIONS]


def test_another_variant_has_other_values() -> None:
    assert inputs.full("CreateModel", 1)["ModelName"] != inputs.full("CreateModel")["ModelName"]
