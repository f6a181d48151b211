"""Training jobs: from a start to a model below an S3 path, by way of secondary statuses that are all recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import IN_USE, VALIDATION, Refusal
from emulator.engine.kind import Kind, Listing, Making, Reference, Referred, Update
from emulator.sagemaker.rules import jobs, warm_pools
from emulator.sagemaker.rules.jobs import COMPLETED, DELETING, ENDS, FAILED, IN_PROGRESS, STARTING, STOPPED, STOPPING

DOWNLOADING, TRAINING, UPLOADING = "Downloading", "Training", "Uploading"
HISTORY = "SecondaryStatusTransitions"

# As recorded from AWS: ACK's test data, Cloud Custodian.
MESSAGES = {
    STARTING: "Preparing the instances for training",
    DOWNLOADING: "Downloading input data",
    TRAINING: "Training image download completed. Training in progress.",
    UPLOADING: "Uploading generated training model",
    COMPLETED: "Training job completed",
    FAILED: "Training job failed",
    STOPPING: "Stopping the training job",
    STOPPED: "Training job stopped",
}

tell = jobs.told(HISTORY, MESSAGES)


def check(params: Mapping[str, Any], _: list[Referred]) -> None:
    """Refuse what no training job can be."""
    jobs.check_training(params)


def secondary(making: Making) -> str | None:
    """Show the phase of a job's life; of one that is being deleted, the phase in which it ended."""
    if making.state is None or making.state.status != DELETING:
        return making.state.status if making.state else None
    return jobs.last_end(making.members[HISTORY])


def transitions(making: Making) -> list[dict[str, Any]]:
    """Tell the history; a job that nobody has looked at since it began is only starting."""
    history = tell(making)
    if len(history) == 1:
        history[0]["StatusMessage"] = "Starting the training job"
    if making.state and making.state.reason and history[-1]["Status"] == FAILED:
        history[-1]["StatusMessage"] = making.state.reason
    return history


def model_artifacts(making: Making) -> Mapping[str, str] | None:
    """Show where the model is, once there is one: a job that was stopped in its training has one too."""
    phases = {one["Status"] for one in making.members[HISTORY]}
    if COMPLETED not in phases and not (STOPPED in phases and TRAINING in phases):
        return None
    output, name = making.members["OutputDataConfig"], making.members["TrainingJobName"]
    file = "output/model/" if output.get("CompressionType") == "NONE" else "output/model.tar.gz"
    return {"S3ModelArtifacts": jobs.artifacts(output["S3OutputPath"], name, file)}


def training_time(making: Making) -> int | None:
    """Count the seconds on the training instances."""
    return jobs.seconds_between(making.members, "TrainingStartTime", "TrainingEndTime")


def billable_time(making: Making) -> int | None:
    """Count the seconds to be paid for: spot instances cost three tenths here."""
    seconds = training_time(making)
    spot = seconds is not None and making.members.get("EnableManagedSpotTraining")
    return max(1, round(seconds * 0.3)) if spot and seconds else seconds


def profiling_status(making: Making) -> str:
    """Say whether the profiler runs."""
    config = making.members.get("ProfilerConfig")
    return "Disabled" if config is None or config.get("DisableProfiler") else "Enabled"


def debug_rules(making: Making) -> list[dict[str, Any]] | None:
    """Show how the debugger's rules are evaluated: nothing is ever found."""
    return _evaluations(making, "DebugRuleConfigurations")


def profiler_rules(making: Making) -> list[dict[str, Any]] | None:
    """Show how the profiler's rules are evaluated: nothing is ever found."""
    return _evaluations(making, "ProfilerRuleConfigurations")


def _evaluations(making: Making, rules: str) -> list[dict[str, Any]] | None:
    if rules not in making.members or making.state is None:
        return None
    status = {COMPLETED: "NoIssuesFound", FAILED: "Stopped", STOPPED: "Stopped"}.get(making.state.status, IN_PROGRESS)
    return [
        {
            "RuleConfigurationName": rule["RuleConfigurationName"],
            "RuleEvaluationStatus": status,
            "LastModifiedTime": jobs.changed(making),
        }
        for rule in making.members[rules]
    ]


KIND = Kind(
    "TrainingJob",
    lifecycle=jobs.life(
        ((STARTING, 60), (DOWNLOADING, 30), (TRAINING, 120), (UPLOADING, 10)),
        shows=IN_PROGRESS,
        stops=20,
        deletes=True,
        vanishes=5,
    ),
    secondary="SecondaryStatus",
    history=HISTORY,
    moments={"TrainingStartTime": (DOWNLOADING,), "TrainingEndTime": ENDS},
    missing=Refusal(VALIDATION, errors.REQUESTED_RESOURCE_NOT_FOUND),
    taken=Refusal(IN_USE, errors.TRAINING_JOB_NAME_TAKEN),
    refusals={"Stop": jobs.REJECTED, "Delete": jobs.STILL_RUNS},
    defaults={
        "EnableNetworkIsolation": False,
        "EnableInterContainerTrafficEncryption": False,
        "EnableManagedSpotTraining": False,
        "AlgorithmSpecification.EnableSageMakerMetricsTimeSeries": False,
        "InputDataConfig[].CompressionType": "None",
        "InputDataConfig[].RecordWrapperType": "None",
        "OutputDataConfig.KmsKeyId": "",
        "OutputDataConfig.CompressionType": "GZIP",
        "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
        "StoppingCondition.MaxRuntimeInSeconds": 86400,
        "DebugRuleConfigurations[].VolumeSizeInGB": 0,
        "ProfilerRuleConfigurations[].VolumeSizeInGB": 0,
    },
    shown={
        "SecondaryStatus": secondary,
        "SecondaryStatusTransitions": transitions,
        "ModelArtifacts": model_artifacts,
        "TrainingTimeInSeconds": training_time,
        "BillableTimeInSeconds": billable_time,
        "ProfilingStatus": profiling_status,
        "DebugRuleEvaluationStatuses": debug_rules,
        "ProfilerRuleEvaluationStatuses": profiler_rules,
        "WarmPoolStatus": warm_pools.status,
    },
    references=(
        Reference("AlgorithmSpecification.AlgorithmName", "Algorithm"),
        Reference("ExperimentConfig.ExperimentName", "Experiment"),
        Reference("ExperimentConfig.TrialName", "Trial"),
    ),
    listing=Listing(
        paths={"TrainingPlanArn": "ResourceConfig.TrainingPlanArn"},
        choose={"WarmPoolStatusEquals": warm_pools.has_status},
    ),
    update=Update(merged=frozenset({"ResourceConfig", "ProfilerConfig", "RemoteDebugConfig"})),
    check=check,
)
