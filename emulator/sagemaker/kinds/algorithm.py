"""Algorithms: what trains, and mostly also serves, validated before it can be used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine.kind import Kind, Listing, Making
from emulator.engine.lifecycle import GONE, Lifecycle, Stage
from emulator.sagemaker.rules.containers import digest

_VALIDATION_STATUS = {"Pending": "NotStarted", "InProgress": "InProgress", "Failed": "Failed"}


def image_digest(holder: Mapping[str, Any], _: Making) -> str | None:
    """Resolve a container's image, as SageMaker does for model packages."""
    return digest(holder["Image"]) if "Image" in holder else None


def status_details(making: Making) -> Mapping[str, Any]:
    """Show every validation profile going the way of the algorithm."""
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


KIND = Kind(
    "Algorithm",
    lifecycle=Lifecycle(
        begins="Pending",
        calls={"Delete": dict.fromkeys(("Completed", "Failed"), "Deleting")},
        times={
            "Pending": Stage("InProgress", seconds=1),
            "InProgress": Stage("Completed", failed="Failed"),
            "Deleting": Stage(GONE, seconds=1),
        },
    ),
    missing=Refusal(VALIDATION, errors.ARN_DOES_NOT_EXIST),
    taken=Refusal(VALIDATION, errors.TITLE_ALREADY_EXISTS_AT),
    defaults={"CertifyForMarketplace": False},
    made={"InferenceSpecification.Containers[].ImageDigest": image_digest},
    shown={"AlgorithmStatusDetails": status_details},
    listing=Listing(descending=False),
)
