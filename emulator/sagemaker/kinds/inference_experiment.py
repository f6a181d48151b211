"""Inference experiments: a shadow variant that is tried on an endpoint, between two moments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import CONFLICT, Refusal
from emulator.engine.kind import Kind, Making, Reference
from emulator.engine.lifecycle import GONE, Lifecycle, Stage

CANCEL = "Cancel"  # a stop whose desired state is Cancelled
ACTIONS = "ModelVariantActions"
WEEK = 7 * 24 * 60 * 60.0  # botocore: without a schedule an experiment concludes after 7 days

_STATUS = {
    "Creating": "Creating",
    "Created": "Creating",
    "Starting": "Creating",
    "Updating": "Updating",
    "Rescheduling": "Updating",
}


def begins(_: Mapping[str, Any], making: Making) -> float:
    """Begin at once where no start is scheduled."""
    return round(making.now, 3)


def ends(schedule: Mapping[str, Any], _: Making) -> float:
    """End a week after the start where no end is scheduled."""
    start: float = schedule["StartTime"]
    return start + WEEK


def variants(making: Making) -> list[dict[str, Any]]:
    """Show how far each variant is: after the experiment, what was done with it."""
    phase = making.state.status if making.state else ""
    actions = making.members.get(ACTIONS, {})
    ended = phase in ("Completed", "Cancelled")

    def status(name: str) -> str:
        if actions.get(name) == "Remove":
            return "Deleted" if ended else "Deleting"
        return _STATUS.get(phase, "InService")

    return [{**variant, "Status": status(variant["VariantName"])} for variant in making.members["ModelVariants"]]


def arn(making: Making) -> str:
    """Show the ARN, which Create and List call otherwise than Describe."""
    its_arn: str = making.members["InferenceExperimentArn"]
    return its_arn


KIND = Kind(
    "InferenceExperiment",
    moments={"CompletionTime": ("Completed", "Cancelled")},
    lifecycle=Lifecycle(
        begins="Creating",
        calls={
            "Update": {"Created": "Rescheduling", "Running": "Updating"},
            "Start": {"Created": "Starting"},
            "Stop": dict.fromkeys(("Created", "Starting", "Running"), "Stopping"),
            CANCEL: dict.fromkeys(("Created", "Starting", "Running"), "Cancelling"),
            "Delete": dict.fromkeys(("Created", "Completed", "Cancelled"), GONE),
        },
        times={
            "Creating": Stage("Created", seconds=30, failed="Cancelled"),
            "Created": Stage("Starting", until="Schedule.StartTime"),
            "Starting": Stage("Running", seconds=150, failed="Cancelled"),
            "Running": Stage("Stopping", until="Schedule.EndTime"),
            "Rescheduling": Stage("Created"),
            "Updating": Stage("Running", seconds=60),
            "Stopping": Stage("Completed", seconds=60, keeps=True),
            "Cancelling": Stage("Cancelled", seconds=60, keeps=True),
        },
        shows={"Rescheduling": "Updating", "Cancelling": "Stopping"},
    ),
    refused=Refusal(CONFLICT, errors.CANNOT_DO_IN_STATUS),
    defaults={"Schedule": {}},
    made={"Schedule.StartTime": begins, "Schedule.EndTime": ends},
    shown={"Arn": arn, "ModelVariants": variants},
    references=(Reference("EndpointName", "Endpoint"), Reference("ModelVariants[].ModelName", "Model")),
)
