"""Image versions: numbered from 1 in each image, found by number, by alias, or as the latest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import NOT_FOUND, VALIDATION, Refusal
from emulator.engine.kind import Kind, Listing, Making, Parent, Update, Versions
from emulator.sagemaker.rules.containers import resolved


def container_image(holder: Mapping[str, Any], _: Making) -> str:
    """Pin the base image by its digest."""
    return resolved(holder["BaseImage"])


KIND = Kind(
    "ImageVersion",
    arn="image-version/{ImageName:lower}/{Version}",  # the model's pattern has no upper case
    missing=Refusal(NOT_FOUND, errors.WITH_ARN_DOES_NOT_EXIST),
    defaults={"Horovod": False},
    made={"ContainerImage": container_image},
    parents=(
        Parent(
            "Image",
            by="ImageName",
            ready=frozenset({"CREATED", "UPDATING", "UPDATE_FAILED"}),
            not_ready=Refusal(VALIDATION, errors.INVALID_STATE),
        ),
    ),
    versions=Versions(
        number="Version",
        alias="Alias",
        aliases="Aliases",
        no_latest=Refusal(NOT_FOUND, errors.LATEST_DOES_NOT_EXIST),
        no_alias=Refusal(NOT_FOUND, errors.ALIAS_DOES_NOT_EXIST),
        unnamed=Refusal(VALIDATION, errors.NO_VERSION_NAMED),
    ),
    listing=Listing(before_is_inclusive=True),
    update=Update(
        emptied=frozenset({"JobType", "MLFramework", "Processor", "ProgrammingLang", "ReleaseNotes", "VendorGuidance"})
    ),
)
