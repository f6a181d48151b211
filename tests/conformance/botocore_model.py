"""botocore's SageMaker model, whole: what the conformance tests believe, and the emulator never reads."""

from __future__ import annotations

from functools import cache
from typing import Any

from botocore.loaders import Loader

MODEL: dict[str, Any] = Loader().load_service_model("sagemaker", "service-2")
SHAPES: dict[str, dict[str, Any]] = MODEL["shapes"]
OPERATIONS: tuple[str, ...] = tuple(sorted(MODEL["operations"]))


def input_shape(operation: str) -> str:
    """Return the name of the shape that an operation takes."""
    return str(MODEL["operations"][operation]["input"]["shape"])


def output_shape(operation: str) -> str | None:
    """Return the name of the shape that an operation gives, or None."""
    output = MODEL["operations"][operation].get("output")
    return output and str(output["shape"])


@cache
def members(shape: str | None) -> dict[str, str]:
    """Return the members of a structure, each with the name of its shape."""
    return {name: one["shape"] for name, one in SHAPES[shape].get("members", {}).items()} if shape else {}


def required(shape: str) -> tuple[str, ...]:
    """Return the members that a structure must have."""
    return tuple(SHAPES[shape].get("required", ()))
