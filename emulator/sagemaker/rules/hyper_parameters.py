"""Hyperparameters: what a tuning job may choose, what it chooses, and what it makes of the results."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from emulator.sagemaker.rules.jobs import COMPLETED, FAILED, STOPPED, improved

Params = Mapping[str, Any]
METRIC = "_tuning_objective_metric"
FINAL = "FinalHyperParameterTuningJobObjectiveMetric"

# What a definition says that a training job takes as it is.
_SHARED = (
    "AlgorithmSpecification",
    "RoleArn",
    "InputDataConfig",
    "VpcConfig",
    "OutputDataConfig",
    "StoppingCondition",
    "EnableNetworkIsolation",
    "EnableInterContainerTrafficEncryption",
    "EnableManagedSpotTraining",
    "CheckpointConfig",
    "RetryStrategy",
    "Environment",
)


class Fractions(Protocol):
    """Where chance comes from."""

    def fraction(self) -> float:
        """Return a number from 0 up to 1."""


# --- What a tuning job says -------------------------------------------------------------------------------------------


def definitions(members: Params) -> Sequence[Params]:
    """Return the definitions of the training jobs."""
    return members.get("TrainingJobDefinitions") or [members.get("TrainingJobDefinition", {})]


def definition(members: Params, number: int) -> Params:
    """Return the definition of the training job of that number: they take turns."""
    several = definitions(members)
    return several[number % len(several)]


def ranges(members: Params, one: Params) -> Params:
    """Return the ranges in which the hyperparameters of a definition may be."""
    config = members["HyperParameterTuningJobConfig"]
    return one.get("HyperParameterRanges") or config.get("ParameterRanges") or {}


def objective(members: Params, one: Params) -> dict[str, str] | None:
    """Return what the training jobs of a definition are tuned for; whether less is more is said of several only."""
    config = members["HyperParameterTuningJobConfig"]
    if own := one.get("TuningObjective"):
        return {"Type": own["Type"], "MetricName": own["MetricName"]}
    shared = config.get("HyperParameterTuningJobObjective")
    return {"MetricName": shared["MetricName"]} if shared else None


def minimizes(members: Params) -> bool:
    """Say whether less is better."""
    config = members["HyperParameterTuningJobConfig"]
    said = config.get("HyperParameterTuningJobObjective") or definitions(members)[0].get("TuningObjective") or {}
    return bool(said.get("Type") == "Minimize")


def parallel(members: Params) -> int:
    """Return how many training jobs may run at a time."""
    limit: int = members["HyperParameterTuningJobConfig"]["ResourceLimits"]["MaxParallelTrainingJobs"]
    return max(1, limit)


def most(members: Params) -> int:
    """Return how many training jobs are launched: a grid has so many points, else as many as may run at a time."""
    limits = members["HyperParameterTuningJobConfig"]["ResourceLimits"]
    points = grid(members)
    given: int | None = limits.get("MaxNumberOfTrainingJobs")
    if points:
        return min(points, given or points)
    return given or parallel(members)


def grid(members: Params) -> int:
    """Return how many points a grid has, 0 where none is searched."""
    config = members["HyperParameterTuningJobConfig"]
    if config["Strategy"] != "Grid":
        return 0
    said = ranges(members, definitions(members)[0])
    return math.prod(len(one["Values"]) for one in said.get("CategoricalParameterRanges", ()))


# --- What it chooses --------------------------------------------------------------------------------------------------


def chosen(members: Params, one: Params, number: int, chance: Fractions) -> dict[str, str]:
    """Return the hyperparameters of the training job of that number, each within its range."""
    said = ranges(members, one)
    tuned: dict[str, str] = {}
    place = number
    for category in said.get("CategoricalParameterRanges", ()):
        values = category["Values"]
        if grid(members):
            place, index = divmod(place, len(values))
        else:
            index = int(chance.fraction() * len(values))
        tuned[category["Name"]] = values[index]
    for whole in said.get("IntegerParameterRanges", ()):
        low, high = int(whole["MinValue"]), int(whole["MaxValue"])
        tuned[whole["Name"]] = str(min(high, math.floor(_between(low, high + 1, whole, chance))))
    for real in said.get("ContinuousParameterRanges", ()):
        low_end, high_end = float(real["MinValue"]), float(real["MaxValue"])
        tuned[real["Name"]] = str(min(high_end, max(low_end, _between(low_end, high_end, real, chance))))
    for free in said.get("AutoParameters", ()):
        tuned[free["Name"]] = free["ValueHint"]
    return tuned


def _between(low: float, high: float, said: Params, chance: Fractions) -> float:
    share = chance.fraction()
    match said.get("ScalingType"):
        case "Logarithmic" if low > 0:
            return low * math.pow(high / low, share)
        case "ReverseLogarithmic" if low >= 0 and high < 1:
            return 1 - (1 - low) * math.pow((1 - high) / (1 - low), share)
    return low + (high - low) * share


def training_job(one: Params, tuned: Params) -> dict[str, Any]:
    """Return what a definition makes of a training job's params."""
    params = {name: one[name] for name in _SHARED if name in one}
    resources = one.get("ResourceConfig") or _resources(one.get("HyperParameterTuningResourceConfig", {}))
    return params | {"ResourceConfig": resources, "HyperParameters": {**one.get("StaticHyperParameters", {}), **tuned}}


def _resources(said: Params) -> dict[str, Any]:
    """Return the instances of a training job: the first that are named, as if there were always enough of them."""
    shared = {name: said[name] for name in ("VolumeKmsKeyId",) if name in said}
    first = next(iter(said.get("InstanceConfigs", ())), said)
    return shared | {name: first[name] for name in ("InstanceType", "InstanceCount", "VolumeSizeInGB") if name in first}


# --- What it finds ----------------------------------------------------------------------------------------------------


def found(summaries: Sequence[Params], *, minimize: bool) -> dict[str, Any]:
    """Return what is known of a tuning job's training jobs: how many are in which state, and the best."""
    states = [one["TrainingJobStatus"] for one in summaries]
    aims = [one["ObjectiveStatus"] for one in summaries]
    counters = {
        "Completed": states.count(COMPLETED),
        "InProgress": sum(1 for state in states if state not in (COMPLETED, FAILED, STOPPED)),
        "RetryableError": 0,
        "NonRetryableError": states.count(FAILED),
        "Stopped": states.count(STOPPED),
    }
    known: dict[str, Any] = {
        "TrainingJobStatusCounters": counters,
        "ObjectiveStatusCounters": {word: aims.count(word) for word in ("Succeeded", "Pending", "Failed")},
    }
    scored = [one for one in summaries if FINAL in one]
    if scored:
        sign = 1 if minimize else -1
        known["BestTrainingJob"] = min(scored, key=lambda one: sign * one[FINAL]["Value"])
    return known


def completion(summaries: Sequence[Params], *, minimize: bool) -> dict[str, int]:
    """Return how many training jobs did not improve on those before them."""
    values = [one[FINAL]["Value"] for one in summaries if FINAL in one]
    return {"NumberOfTrainingJobsObjectiveNotImproving": improved(values, minimize=minimize).count(False)}
