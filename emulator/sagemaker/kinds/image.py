"""Images: named containers for Studio, each with versions."""

from emulator.aws import errors
from emulator.aws.errors import IN_USE, NOT_FOUND, Refusal
from emulator.engine.kind import Kind, Listing, Update

KIND = Kind(
    "Image",
    missing=Refusal(NOT_FOUND, errors.WITH_ARN_DOES_NOT_EXIST),
    taken=Refusal(IN_USE, errors.NAME_TAKEN),
    update=Update(drops="DeleteProperties"),
    listing=Listing(before_is_inclusive=True),
)
