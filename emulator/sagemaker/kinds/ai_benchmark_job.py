"""AI benchmark jobs: a workload against an endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.engine.kind import Kind, Making, Reference
from emulator.sagemaker.rules import jobs
from emulator.sagemaker.rules.jobs import ENDS, IN_PROGRESS, STARTING

LOGS = "/aws/sagemaker/AIBenchmarkJobs"


def output(making: Making) -> Mapping[str, Any]:
    """Show where the results are, and the logs of the job once it runs."""
    given: Mapping[str, Any] = making.members["OutputConfig"]
    if "StartTime" not in making.members:
        return given
    group = f"arn:aws:logs:{making.region}:{making.account}:log-group:{LOGS}"
    return {**given, "CloudWatchLogs": [{"LogGroupArn": group, "LogStreamName": making.members["AIBenchmarkJobName"]}]}


def workload(making: Making) -> str:
    """Show the name of the workload configuration in the list, however it was called."""
    return str(making.members["AIWorkloadConfigIdentifier"].rpartition("/")[2])


KIND = Kind(
    "AIBenchmarkJob",
    lifecycle=jobs.life(((STARTING, 10), (IN_PROGRESS, 120)), shows=IN_PROGRESS, stops=10, deletes=True),
    moments={"StartTime": (IN_PROGRESS,), "EndTime": ENDS},
    taken=jobs.JOB_EXISTS,
    refusals={"Stop": jobs.REJECTED, "Delete": jobs.REJECTED},
    shown={"OutputConfig": output, "AIWorkloadConfigName": workload},
    references=(Reference("AIWorkloadConfigIdentifier", "AIWorkloadConfig"),),
)
