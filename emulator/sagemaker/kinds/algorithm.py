"""Algorithms: what trains, and mostly also serves, validated before it can be used."""

from __future__ import annotations

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine.kind import Kind, Listing
from emulator.engine.lifecycle import GONE, Lifecycle, Stage
from emulator.sagemaker.rules.packages import image_digest, status_details

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
