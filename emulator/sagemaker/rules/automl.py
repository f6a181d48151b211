"""AutoML: what the two ways to ask for a job have in common, and what is inferred where nothing is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Members = Mapping[str, Any]
PROBLEM = "AutoMLProblemTypeConfig"  # only what the second operation takes has this member
TABULAR = "Tabular"

# The default metrics (botocore's documentation of AutoMLJobObjective); a smaller error is better.
_METRICS = {
    "Regression": "MSE",
    "BinaryClassification": "F1",
    "MulticlassClassification": "Accuracy",
    "ImageClassification": "Accuracy",
    "TextClassification": "Accuracy",
    "TimeSeriesForecasting": "AverageWeightedQuantileLoss",
}
_ERRORS = frozenset({"MSE", "RMSE", "MAE", "MAPE", "MASE", "WAPE", "AverageWeightedQuantileLoss"})
_LIMITS = {
    "MaxCandidates": 250,
    "MaxRuntimePerTrainingJobInSeconds": 86400,
    "MaxAutoMLJobRuntimeInSeconds": 2592000,
}
UNASKED = 10  # candidates where the caller sets no limit: AWS would try up to 250


def is_v2(members: Members) -> bool:
    """Say whether a job was created by the second operation."""
    return PROBLEM in members


def problem(members: Members) -> str:
    """Return the kind of problem: the first operation knows tabular ones only."""
    config = next(iter(members.get(PROBLEM, {})), "TabularJobConfig")
    return config.removesuffix("JobConfig")


def settings(members: Members) -> Members:
    """Return the settings of the problem, whichever operation took them."""
    if is_v2(members):
        return next(iter(members[PROBLEM].values()), {})
    config: Members = members.get("AutoMLJobConfig", {})
    return config


def only_defines(members: Members) -> bool:
    """Say whether a job defines candidates and trains none."""
    holder = settings(members) if is_v2(members) else members
    return bool(holder.get("GenerateCandidateDefinitionsOnly"))


def problem_type(members: Members) -> str:
    """Return the type of a tabular problem; what the data would tell is taken to be two classes."""
    holder = settings(members) if is_v2(members) else members
    return str(holder.get("ProblemType", "BinaryClassification"))


def metric(members: Members) -> str | None:
    """Return the metric that decides; a text generator has none."""
    said = members.get("AutoMLJobObjective")
    if said:
        return str(said["MetricName"])
    kind = problem(members)
    return _METRICS.get(problem_type(members) if kind == TABULAR else kind)


def minimizes(members: Members) -> bool:
    """Say whether less is better."""
    return metric(members) in _ERRORS


def limits(members: Members) -> dict[str, int]:
    """Return the limits of a job, with those that nobody set."""
    given = settings(members).get("CompletionCriteria", {})
    return {**(_LIMITS if problem(members) == TABULAR else {**_LIMITS, "MaxCandidates": 1}), **given}


def candidates(members: Members) -> int:
    """Return how many candidates a job tries."""
    if only_defines(members):
        return 0
    if problem(members) != TABULAR:
        return 1
    given: int = settings(members).get("CompletionCriteria", {}).get("MaxCandidates", UNASKED)
    return given


def resolved(members: Members) -> dict[str, Any]:
    """Return the attributes that a job works with, in the form of the operation that created it."""
    name = metric(members)
    known: dict[str, Any] = {"CompletionCriteria": limits(members)}
    if name:
        known["AutoMLJobObjective"] = {"MetricName": name}
    if not is_v2(members):
        return {**known, "ProblemType": problem_type(members)}
    match problem(members):
        case "Tabular":
            known["AutoMLProblemTypeResolvedAttributes"] = {
                "TabularResolvedAttributes": {"ProblemType": problem_type(members)}
            }
        case "TextGeneration":
            base = settings(members).get("BaseModelName", "Falcon7BInstruct")
            known["AutoMLProblemTypeResolvedAttributes"] = {"TextGenerationResolvedAttributes": {"BaseModelName": base}}
    return known


# --- The second face of a job that the first operation created --------------------------------------------------------


def as_v2(fields: Members) -> dict[str, Any]:
    """Return what the second operation tells of a job that the first one created."""
    config = fields.get("AutoMLJobConfig", {})
    channels = fields.get("InputDataConfig", [])
    tabular = {
        "TargetAttributeName": next((one["TargetAttributeName"] for one in channels), ""),
        **{name: fields[name] for name in ("ProblemType", "GenerateCandidateDefinitionsOnly") if name in fields},
        **{name: config[name] for name in ("CompletionCriteria", "Mode") if name in config},
        **_weights(channels),
        **_features(config.get("CandidateGenerationConfig", {})),
    }
    second = {
        **fields,
        "AutoMLJobInputDataConfig": [
            {name: one[name] for name in ("ChannelType", "ContentType", "CompressionType", "DataSource") if name in one}
            for one in channels
        ],
        PROBLEM: {"TabularJobConfig": tabular},
        **{name: config[name] for name in ("SecurityConfig", "DataSplitConfig") if name in config},
    }
    if "ResolvedAttributes" in fields:
        second["ResolvedAttributes"] = resolved({**fields, PROBLEM: second[PROBLEM]})
    return second


def _weights(channels: list[Members]) -> dict[str, Any]:
    named = [one["SampleWeightAttributeName"] for one in channels if "SampleWeightAttributeName" in one]
    return {"SampleWeightAttributeName": named[0]} if named else {}


def _features(config: Members) -> dict[str, Any]:
    said = {name: config[name] for name in ("FeatureSpecificationS3Uri",) if name in config}
    if "AlgorithmsConfig" in config:
        said["CandidateGenerationConfig"] = {"AlgorithmsConfig": config["AlgorithmsConfig"]}
    return said
