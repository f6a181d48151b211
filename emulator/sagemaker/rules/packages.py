"""What can be sold: algorithms and model packages, whose images are pinned and which are validated before use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.engine.kind import Making
from emulator.sagemaker.rules.containers import digest

_VALIDATION_STATUS = {"Pending": "NotStarted", "InProgress": "InProgress", "Failed": "Failed"}


def image_digest(holder: Mapping[str, Any], _: Making) -> str | None:
    """Resolve a container's image, as SageMaker does when a package is made."""
    return digest(holder["Image"]) if "Image" in holder else None


def status_details(making: Making) -> Mapping[str, Any]:
    """Show every validation profile going the way of the whole."""
    status = making.state.status if making.state else ""
    reason = making.state.reason if making.state else None
    profiles = making.members.get("ValidationSpecification", {}).get("ValidationProfiles", ())
    return {
        "ValidationStatuses": [
            {"Name": profile["ProfileName"], "Status": _VALIDATION_STATUS.get(status, "Completed")}
            | ({"FailureReason": reason} if reason else {})
            for profile in profiles
        ],
        "ImageScanStatuses": [],
    }
