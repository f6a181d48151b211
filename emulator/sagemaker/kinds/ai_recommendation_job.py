"""AI recommendation jobs: how to serve a model well, as far as one can tell without serving it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.engine.kind import Kind, Making, Reference
from emulator.sagemaker.rules import jobs
from emulator.sagemaker.rules.jobs import ENDS, IN_PROGRESS, STARTING

INSTANCE = "ml.g6.12xlarge"


def bucket(_: Mapping[str, Any], making: Making) -> str:
    """Write to SageMaker's own bucket where no other is given."""
    return f"s3://sagemaker-{making.region}-{making.account}/{making.members['AIRecommendationJobName']}"


def recommendations(making: Making) -> list[dict[str, Any]] | None:
    """Show one recommendation: the first instance type that was asked about."""
    if not jobs.ended(making):
        return None
    members = making.members
    instance = next(iter(members.get("ComputeSpec", {}).get("InstanceTypes", ())), INSTANCE)
    image = f"763104351884.dkr.ecr.{making.region}.amazonaws.com/djl-inference:0.31.0-lmi13.0.0-cu124"
    deployment = {"ImageUri": image, "InstanceType": instance, "InstanceCount": 1, "CopyCountPerInstance": 1}
    return [{"RecommendationDescription": f"Serve the model on one {instance}.", "DeploymentConfiguration": deployment}]


KIND = Kind(
    "AIRecommendationJob",
    lifecycle=jobs.life(((STARTING, 10), (IN_PROGRESS, 120)), shows=IN_PROGRESS, stops=10, deletes=True),
    moments={"StartTime": (IN_PROGRESS,), "EndTime": ENDS},
    taken=jobs.JOB_EXISTS,
    refusals={"Stop": jobs.REJECTED, "Delete": jobs.REJECTED},
    made={"OutputConfig.S3OutputLocation": bucket},
    shown={"Recommendations": recommendations},
    references=(Reference("AIWorkloadConfigIdentifier", "AIWorkloadConfig"),),
)
