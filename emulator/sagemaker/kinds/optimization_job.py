"""Optimization jobs: a model quantized, compiled, sharded, or given a draft model to speculate with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.engine.kind import Kind, Listing, Making
from emulator.sagemaker.rules import jobs

ENDS = ("COMPLETED", "FAILED", "STOPPED")
STARTING, IN_PROGRESS = "STARTING", "INPROGRESS"
TYPES = {
    "ModelQuantizationConfig": "Quantization",
    "ModelCompilationConfig": "Compilation",
    "ModelShardingConfig": "Sharding",
    "ModelSpeculativeDecodingConfig": "SpeculativeDecoding",
}


def applied(members: Mapping[str, Any]) -> list[str]:
    """Return the techniques that a job applies."""
    return [TYPES[name] for config in members.get("OptimizationConfigs", ()) for name in config if name in TYPES]


def types(making: Making) -> list[str]:
    """Show the techniques in the list."""
    return applied(making.members)


def contains(wanted: str, members: Mapping[str, Any]) -> bool:
    """Say whether a job applies a technique whose name contains the wanted text."""
    return any(wanted in one for one in applied(members))


def output(making: Making) -> Mapping[str, str] | None:
    """Show the image to serve the optimized model with: the one that was given, or the one for large models."""
    if not jobs.ended(making):
        return None
    configs = making.members.get("OptimizationConfigs", ())
    given = [inner["Image"] for config in configs for inner in config.values() if "Image" in inner]
    large = f"763104351884.dkr.ecr.{making.region}.amazonaws.com/djl-inference:0.31.0-lmi13.0.0-cu124"
    return {"RecommendedInferenceImage": next(iter(given), large)}


KIND = Kind(
    "OptimizationJob",
    lifecycle=jobs.life(((STARTING, 10), (IN_PROGRESS, 120)), stops=10, deletes=True, shouts=True),
    moments={"OptimizationStartTime": (IN_PROGRESS,), "OptimizationEndTime": ENDS},
    taken=jobs.JOB_EXISTS,
    refusals={"Stop": jobs.REJECTED, "Delete": jobs.REJECTED},
    shown={"OptimizationOutput": output, "OptimizationTypes": types},
    listing=Listing(choose={"OptimizationContains": contains}, page=50),
)
