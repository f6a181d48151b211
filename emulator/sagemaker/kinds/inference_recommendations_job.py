"""Inference recommendations jobs: benchmarks of a model on types of instances, or of endpoints that are there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine.kind import Kind, Listing, Making, Reference, Referred
from emulator.engine.lifecycle import Lifecycle, Stage
from emulator.sagemaker.rules import benchmarks


def check(params: Mapping[str, Any], _: list[Referred]) -> None:
    """Refuse a job that has nothing to look at."""
    if not params["InputConfig"].keys() & {"ModelPackageVersionArn", "ModelName", "Endpoints"}:
        raise Refusal(VALIDATION, errors.NOTHING_TO_RECOMMEND).error()


def recommendations(making: Making) -> list[dict[str, Any]] | None:
    """Show what a completed job recommends, with the time in which it was found out."""
    if making.state is None or making.state.status != "COMPLETED":
        return None
    return [{**one, **times(making.members)} for one in benchmarks.tried(making.members)] or None


def performances(making: Making) -> list[dict[str, Any]] | None:
    """Show how the endpoints of a completed job performed."""
    if making.state is None or making.state.status != "COMPLETED":
        return None
    return benchmarks.performances(making.members) or None


def times(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return when the benchmarks of a job began and ended."""
    names = (("InvocationStartTime", "CreationTime"), ("InvocationEndTime", "CompletionTime"))
    return {member: fields[name] for member, name in names if name in fields}


KIND = Kind(
    "InferenceRecommendationsJob",
    moments={"CompletionTime": ("COMPLETED", "FAILED", "STOPPED")},
    lifecycle=Lifecycle(
        begins="PENDING",
        calls={"Stop": dict.fromkeys(("PENDING", "IN_PROGRESS"), "STOPPING")},
        times={
            "PENDING": Stage("IN_PROGRESS", seconds=10),
            "IN_PROGRESS": Stage("COMPLETED", seconds=2400, failed="FAILED"),
            "STOPPING": Stage("STOPPED", seconds=30),
        },
    ),
    references=(
        Reference("InputConfig.ModelPackageVersionArn", "ModelPackage"),
        Reference("InputConfig.ModelName", "Model"),
        Reference("InputConfig.Endpoints[].EndpointName", "Endpoint"),
    ),
    shown={"InferenceRecommendations": recommendations, "EndpointPerformances": performances},
    listing=Listing(
        paths={
            "ModelName": "InputConfig.ModelName",
            "ModelPackageVersionArn": "InputConfig.ModelPackageVersionArn",
            "SamplePayloadUrl": "InputConfig.ContainerConfig.PayloadConfig.SamplePayloadUrl",
        }
    ),
    check=check,
)
