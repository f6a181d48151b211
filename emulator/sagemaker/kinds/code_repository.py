"""Code repositories: Git repositories that notebook instances can be associated with, with their secret's ARN."""

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine.kind import Kind, Listing

KIND = Kind(
    "CodeRepository",
    missing=Refusal(VALIDATION, errors.CANNOT_FIND_REPOSITORY),
    merged=frozenset({"GitConfig"}),
    listing=Listing(sort_by="Name", descending=False),
)
