"""Associations: directed edges between lineage entities."""

from emulator.aws import errors
from emulator.aws.errors import NOT_FOUND, VALIDATION, Refusal
from emulator.engine.kind import Kind

KIND = Kind(
    "Association",
    missing=Refusal(NOT_FOUND, errors.ASSOCIATION_DOES_NOT_EXIST),
    taken=Refusal(VALIDATION, errors.ASSOCIATION_EXISTS),
)
