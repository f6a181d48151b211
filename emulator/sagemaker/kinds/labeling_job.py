"""Labeling jobs: data labeled by people, or by machines that learn from them."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.engine.kind import Kind, Listing, Making, Minted
from emulator.sagemaker.rules import jobs
from emulator.sagemaker.rules.jobs import IN_PROGRESS

THIRTY_DAYS = 30 * 24 * 60 * 60


def counters(making: Making) -> Mapping[str, int]:
    """Count what is labeled: the objects in the dataset are not known, so those that the job is limited to."""
    limit = making.members.get("StoppingConditions", {}).get("MaxHumanLabeledObjectCount", 0)
    done = limit if jobs.ended(making) else 0
    return {
        "TotalLabeled": done,
        "HumanLabeled": done,
        "MachineLabeled": 0,
        "FailedNonRetryableError": 0,
        "Unlabeled": limit - done,
    }


def output(making: Making) -> Mapping[str, str] | None:
    """Show where the labels are, once they are there."""
    if not jobs.ended(making):
        return None
    path, name = making.members["OutputConfig"]["S3OutputPath"], making.members["LabelingJobName"]
    return {"OutputDatasetS3Uri": jobs.artifacts(path, name, "manifests/output/output.manifest")}


KIND = Kind(
    "LabelingJob",
    lifecycle=jobs.life((("Initializing", 10), (IN_PROGRESS, 600)), stops=20),
    minted={"JobReferenceCode": Minted(length=16)},
    taken=jobs.JOB_EXISTS,
    refusals={"Stop": jobs.REJECTED},
    defaults={
        "OutputConfig.KmsKeyId": "",
        "HumanTaskConfig.MaxConcurrentTaskCount": 1000,
        "HumanTaskConfig.TaskAvailabilityLifetimeInSeconds": THIRTY_DAYS,
    },
    shown={"LabelCounters": counters, "LabelingJobOutput": output},
    listing=Listing(
        paths={
            "WorkteamArn": "HumanTaskConfig.WorkteamArn",
            "PreHumanTaskLambdaArn": "HumanTaskConfig.PreHumanTaskLambdaArn",
            "AnnotationConsolidationLambdaArn": (
                "HumanTaskConfig.AnnotationConsolidationConfig.AnnotationConsolidationLambdaArn"
            ),
        },
    ),
)
