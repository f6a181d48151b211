"""Tuning jobs: searches for the best hyperparameters, which launch training jobs of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import NOT_FOUND, VALIDATION, Refusal
from emulator.engine.kind import Kind, Listing, Making, Reference, Referred
from emulator.sagemaker.rules import hyper_parameters, jobs
from emulator.sagemaker.rules.hyper_parameters import METRIC
from emulator.sagemaker.rules.jobs import ENDS, IN_PROGRESS


def check(params: Mapping[str, Any], _: list[Referred]) -> None:
    """Refuse no definition, two kinds of them, and ranges that are none."""
    if ("TrainingJobDefinition" in params) == bool(params.get("TrainingJobDefinitions")):
        raise Refusal(VALIDATION, errors.ONE_TRAINING_DEFINITION).error()
    for definition in hyper_parameters.definitions(params):
        jobs.check_training(definition)
        said = hyper_parameters.ranges(params, definition)
        for one in (*said.get("IntegerParameterRanges", ()), *said.get("ContinuousParameterRanges", ())):
            _check_range(one["Name"], one["MinValue"], one["MaxValue"])


def _check_range(name: str, low: str, high: str) -> None:
    try:
        valid = float(low) <= float(high)
    except ValueError:
        valid = False
    if not valid:
        raise Refusal(VALIDATION, errors.BAD_PARAMETER_RANGE).error(parameter=name, low=low, high=high)


def metric(_: Mapping[str, Any], making: Making) -> str | None:
    """Add the objective to the hyperparameters that do not change, as SageMaker does."""
    said = making.members["HyperParameterTuningJobConfig"].get("HyperParameterTuningJobObjective")
    return said["MetricName"] if said else None


def static(holder: Mapping[str, Any], making: Making) -> dict[str, str] | None:
    """Make them up where there are none."""
    name = metric(holder, making)
    return {METRIC: name} if name else None


_PARENTS = "WarmStartConfig.ParentHyperParameterTuningJobs"
_DEFINITION = {
    "EnableNetworkIsolation": False,
    "EnableInterContainerTrafficEncryption": False,
    "EnableManagedSpotTraining": False,
    "InputDataConfig[].CompressionType": "None",
    "InputDataConfig[].RecordWrapperType": "None",
}

KIND = Kind(
    "HyperParameterTuningJob",
    noun="tuning job",
    # How long it takes is up to its training jobs: see operations/tuning.py.
    lifecycle=jobs.life((), works=IN_PROGRESS, stops=20, deletes=True, vanishes=5),
    moments={"HyperParameterTuningEndTime": ENDS},
    missing=Refusal(NOT_FOUND, errors.CANNOT_FIND_TUNING_JOB),
    taken=jobs.JOB_EXISTS,
    refusals={
        "Stop": Refusal(VALIDATION, errors.ALREADY_TERMINAL),
        "Delete": Refusal(VALIDATION, errors.NOT_TERMINAL),
    },
    defaults={
        f"{where}.{path}": value
        for where in ("TrainingJobDefinition", "TrainingJobDefinitions[]")
        for path, value in _DEFINITION.items()
    },
    made={
        "TrainingJobDefinition.StaticHyperParameters": static,
        f"TrainingJobDefinition.StaticHyperParameters.{METRIC}": metric,
    },
    references=(
        Reference(f"{_PARENTS}[].HyperParameterTuningJobName", "HyperParameterTuningJob"),
        Reference("TrainingJobDefinition.AlgorithmSpecification.AlgorithmName", "Algorithm"),
        Reference("TrainingJobDefinitions[].AlgorithmSpecification.AlgorithmName", "Algorithm"),
    ),
    listing=Listing(
        paths={
            "Strategy": "HyperParameterTuningJobConfig.Strategy",
            "ResourceLimits": "HyperParameterTuningJobConfig.ResourceLimits",
        },
        sort_by="Name",
        descending=False,
    ),
    check=check,
)
