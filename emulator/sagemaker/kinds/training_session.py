"""Training sessions: a base model that is fine-tuned call by call."""

from emulator.engine.kind import Kind, Reference
from emulator.engine.lifecycle import GONE, Lifecycle, Stage
from emulator.sagemaker.rules import jobs

KIND = Kind(
    "TrainingSession",
    lifecycle=Lifecycle(
        begins="Scheduled",
        calls={
            "Stop": dict.fromkeys(("Scheduled", "Created", "Running", "Blocked"), "Stopping"),
            "Delete": dict.fromkeys(("Stopped", "Failed", "Expired", "DeletionFailed"), "Deleting"),
        },
        times={
            "Scheduled": Stage("Created", seconds=10, failed="Failed"),
            "Created": Stage("Running", seconds=30, failed="Failed"),
            "Stopping": Stage("Stopped", seconds=10),
            "Deleting": Stage(GONE, seconds=5, failed="DeletionFailed"),
        },
    ),
    moments={"EndTime": ("Stopped", "Failed", "Expired")},
    taken=jobs.JOB_EXISTS,
    refusals={"Stop": jobs.REJECTED, "Delete": jobs.REJECTED},
    defaults={
        "LastReceivedSequenceNumber": 0,
        "BillableTokenUsage": {"PrefillTokenCount": 0, "SampleTokenCount": 0, "TrainingTokenCount": 0},
    },
    references=(Reference("ModelPackageGroupArn", "ModelPackageGroup"),),
)
