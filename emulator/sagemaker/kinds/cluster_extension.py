"""Extensions: software that is installed on all nodes of a cluster, in a version, with settings."""

from __future__ import annotations

from emulator.aws import errors
from emulator.aws.errors import CONFLICT, IN_USE, NOT_FOUND, Refusal
from emulator.engine.kind import Kind, Listing, Minted
from emulator.engine.lifecycle import GONE, Lifecycle, Stage
from emulator.sagemaker.rules.cluster_policies import CLUSTER

_HERE = ("Active", "Degraded", "UpdateFailed")

KIND = Kind(
    "ClusterExtension",
    title="Extension",
    keys=(("ClusterArn", "ExtensionName"),),
    minted={"ExtensionId": Minted(length=10)},
    arn="extension/sagemaker-{ClusterId}/{ExtensionName}/{ExtensionId}",
    within="ExtensionDetails",
    status="Status",
    lifecycle=Lifecycle(
        begins="Creating",
        calls={
            "Update": dict.fromkeys(_HERE, "Updating"),
            "Delete": dict.fromkeys((*_HERE, "CreateFailed", "DeleteFailed"), "Deleting"),
        },
        times={
            "Creating": Stage("Active", seconds=60, failed="CreateFailed"),
            "Updating": Stage("Active", seconds=60, failed="UpdateFailed"),
            "Deleting": Stage(GONE, seconds=60, failed="DeleteFailed"),
        },
    ),
    missing=Refusal(NOT_FOUND, errors.NO_EXTENSION),
    taken=Refusal(IN_USE, errors.EXTENSION_EXISTS),
    refused=Refusal(CONFLICT, errors.CANNOT_DO_IN_STATUS),
    parents=(CLUSTER,),
    listing=Listing(page=100, before_is_inclusive=True),
)
