"""Trial components of jobs: what SageMaker tells of a job in the words of experiments (recorded from AWS)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Fields = Mapping[str, Any]

SUFFIXES = {
    "TrainingJob": "-aws-training-job",
    "ProcessingJob": "-aws-processing-job",
    "TransformJob": "-aws-transform-job",
}
MESSAGES = {
    "TrainingJob": "Status: {status}, secondary status: {secondary}, failure reason: {reason}.",
    "ProcessingJob": "Status: {status}, exit message: {exit}, failure reason: {failure}",
    "TransformJob": "Status: {status}, failure reason: {failure}",
}
STATUSES = ("InProgress", "Completed", "Failed", "Stopping", "Stopped")


class Thing(NamedTuple):
    """What a job reads or writes: what its component calls it, the URI, its type as an artifact, its media type."""

    name: str
    uri: str
    type: str
    media: str | None = None
    listed: bool = True  # whether the component lists it among its artifacts


def component_name(kind: str, job: str) -> str:
    """Return the name of a job's trial component."""
    return (job + SUFFIXES[kind]).lower()


def parameters(kind: str, fields: Fields) -> dict[str, Any]:
    """Return the parameters of a job's trial component: its hyperparameters, and what it runs on."""
    said: dict[str, Any] = {}
    if kind == "TrainingJob":
        resources = fields.get("ResourceConfig", {})
        said["SageMaker.ImageUri"] = fields.get("AlgorithmSpecification", {}).get("TrainingImage")
        chosen = fields.get("HyperParameters", {})
    elif kind == "ProcessingJob":
        resources = fields.get("ProcessingResources", {}).get("ClusterConfig", {})
        chosen = fields.get("Environment", {})
    else:
        resources = fields.get("TransformResources", {})
        said["SageMaker.ModelName"] = fields.get("ModelName")
        chosen = {}
    for name in ("InstanceCount", "InstanceType", "VolumeSizeInGB"):
        said[f"SageMaker.{name}"] = resources.get(name)
    return {name: value(one) for name, one in {**chosen, **said}.items() if one is not None}


def value(said: Any) -> dict[str, Any]:
    """Return a parameter's value: a number where it is one."""
    try:
        number = float(said)
    except ValueError:
        number = math.nan
    return {"NumberValue": number} if math.isfinite(number) else {"StringValue": str(said)}


def inputs(kind: str, fields: Fields) -> Iterator[Thing]:
    """Yield what a job reads."""
    if kind == "TrainingJob":
        if image := fields.get("AlgorithmSpecification", {}).get("TrainingImage"):
            yield Thing("SageMaker.ImageUri", image, "Image", listed=False)
        for channel in fields.get("InputDataConfig", ()):
            if uri := channel.get("DataSource", {}).get("S3DataSource", {}).get("S3Uri"):
                yield Thing(channel["ChannelName"], uri, "DataSet", channel.get("ContentType"))
    elif kind == "ProcessingJob":
        if image := fields.get("AppSpecification", {}).get("ImageUri"):
            yield Thing("SageMaker.ImageUri", image, "Image")
        for one in fields.get("ProcessingInputs", ()):
            if uri := one.get("S3Input", {}).get("S3Uri"):
                yield Thing(one["InputName"], uri, "DataSet")
    else:
        said = fields.get("TransformInput", {})
        if uri := said.get("DataSource", {}).get("S3DataSource", {}).get("S3Uri"):
            yield Thing("SageMaker.TransformInput", uri, "DataSet", said.get("ContentType"))


def outputs(kind: str, fields: Fields) -> Iterator[Thing]:
    """Yield what a job has written by its end."""
    if kind == "TrainingJob":
        if uri := fields.get("DebugHookConfig", {}).get("S3OutputPath"):
            yield Thing("SageMaker.DebugHookOutput", uri, "DataSet")
        if uri := fields.get("CheckpointConfig", {}).get("S3Uri"):
            yield Thing("SageMaker.Checkpoint", uri, "Checkpoint", listed=False)
        if uri := fields.get("ModelArtifacts", {}).get("S3ModelArtifacts"):
            yield Thing("SageMaker.ModelArtifact", uri, "Model")
    elif kind == "ProcessingJob":
        for one in fields.get("ProcessingOutputConfig", {}).get("Outputs", ()):
            if uri := one.get("S3Output", {}).get("S3Uri"):
                yield Thing(one["OutputName"], uri, "DataSet")
    elif uri := fields.get("TransformOutput", {}).get("S3OutputPath"):
        yield Thing("SageMaker.TransformOutput", uri, "DataSet")


def listed(things: list[Thing]) -> dict[str, Any]:
    """Return things as a trial component lists its artifacts."""
    return {
        one.name: {"Value": one.uri} | ({"MediaType": one.media} if one.media and len(one.media) <= 64 else {})
        for one in things
        if one.listed and len(one.uri) <= 2048
    }


def measured(job: str, fields: Fields) -> list[dict[str, Any]]:
    """Return the metrics of a job as a trial component sums them up: each was measured once, at the end."""
    return [
        {
            "MetricName": one["MetricName"],
            "SourceArn": job,
            "TimeStamp": one["Timestamp"],
            **dict.fromkeys(("Max", "Min", "Last", "Avg"), one["Value"]),
            "Count": 1,
            "StdDev": 0.0,
        }
        for one in fields.get("FinalMetricDataList", ())
    ]


def progress(kind: str, fields: Fields) -> dict[str, Any]:
    """Return how far a job has come, in the members of its trial component."""
    verb = kind.removesuffix("Job")
    status, reason = fields[f"{kind}Status"], fields.get("FailureReason")
    message = MESSAGES[kind].format(
        status=status,
        secondary=fields.get("SecondaryStatus", status),
        reason=reason or "",
        failure=reason or "null",
        exit=fields.get("ExitMessage", "null"),
    )
    times = {"StartTime": fields.get(f"{verb}StartTime"), "EndTime": fields.get(f"{verb}EndTime")}
    return {
        "Status": {"PrimaryStatus": status, "Message": message[:1024]},
        **{name: time for name, time in times.items() if time is not None},
    }
