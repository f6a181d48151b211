"""Compilation jobs: a model compiled by Neo for one target."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine.kind import Kind, Listing, Making, Referred
from emulator.sagemaker.rules import jobs

ENDS = ("COMPLETED", "FAILED", "STOPPED")
STARTING, IN_PROGRESS = "STARTING", "INPROGRESS"


def check(params: Mapping[str, Any], _: list[Referred]) -> None:
    """Refuse no model to compile, and two targets."""
    if "InputConfig" not in params and "ModelPackageVersionArn" not in params:
        raise Refusal(VALIDATION, errors.NO_MODEL_TO_COMPILE).error()
    if ("TargetDevice" in params["OutputConfig"]) == ("TargetPlatform" in params["OutputConfig"]):
        raise Refusal(VALIDATION, errors.ONE_COMPILATION_TARGET).error()


def target(output: Mapping[str, Any]) -> str:
    """Return what a model is compiled for, as it stands in the name of the file."""
    if "TargetDevice" in output:
        return str(output["TargetDevice"])
    platform = output.get("TargetPlatform", {})
    return "_".join(platform[name] for name in ("Os", "Arch", "Accelerator") if name in platform)


def artifact(members: Mapping[str, Any]) -> str:
    """Return where the compiled model is: under the name of its source, with the target behind."""
    source = members.get("InputConfig", {}).get("S3Uri", "model.tar.gz")
    stem = source.rpartition("/")[2].removesuffix(".tar.gz") or "model"
    output = members["OutputConfig"]
    return f"{output['S3OutputLocation'].rstrip('/')}/{stem}-{target(output)}.tar.gz"


def model_artifacts(making: Making) -> Mapping[str, str] | None:
    """Show where the compiled model is, once it is there."""
    return {"S3ModelArtifacts": artifact(making.members)} if jobs.ended(making) else None


def model_digests(making: Making) -> Mapping[str, str] | None:
    """Show the digest of the compiled model: nothing is compiled, so it is that of its name."""
    if not jobs.ended(making):
        return None
    return {"ArtifactDigest": hashlib.blake2b(artifact(making.members).encode()).hexdigest()}


def inference_image(making: Making) -> str | None:
    """Show the image to serve with, for targets in the cloud."""
    device = making.members["OutputConfig"].get("TargetDevice", "")
    if not jobs.ended(making) or not device.startswith("ml_"):
        return None
    source = making.members.get("InputConfig", {})
    framework = source.get("Framework", "PYTORCH").lower()
    version = source.get("FrameworkVersion", "latest")
    unit = "gpu" if device.startswith(("ml_p", "ml_g")) else "inf" if device.startswith(("ml_inf", "ml_trn")) else "cpu"
    registry = f"785573368785.dkr.ecr.{making.region}.amazonaws.com"
    return f"{registry}/sagemaker-inference-{framework}:{version}-{unit}-py3"


KIND = Kind(
    "CompilationJob",
    lifecycle=jobs.life(((STARTING, 10), (IN_PROGRESS, 60)), stops=10, deletes=True, shouts=True),
    moments={"CompilationStartTime": (IN_PROGRESS,), "CompilationEndTime": ENDS},
    taken=jobs.JOB_EXISTS,
    refusals={"Stop": jobs.REJECTED, "Delete": jobs.REJECTED},
    shown={"ModelArtifacts": model_artifacts, "ModelDigests": model_digests, "InferenceImage": inference_image},
    listing=Listing(
        paths={
            "CompilationTargetDevice": "OutputConfig.TargetDevice",
            "CompilationTargetPlatformOs": "OutputConfig.TargetPlatform.Os",
            "CompilationTargetPlatformArch": "OutputConfig.TargetPlatform.Arch",
            "CompilationTargetPlatformAccelerator": "OutputConfig.TargetPlatform.Accelerator",
        },
    ),
    check=check,
)
