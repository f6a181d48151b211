"""Code repositories: Git repositories that notebook instances can be associated with, with their secret's ARN."""

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine.kind import Kind, Listing, Update

KIND = Kind(
    "CodeRepository",
    missing=Refusal(VALIDATION, errors.CANNOT_FIND_REPOSITORY),
    update=Update(merged=frozenset({"GitConfig"})),
    listing=Listing(sort_by="Name", descending=False),
)
