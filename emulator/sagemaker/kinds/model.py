"""Models: containers that can serve, straight from an image or by way of a model package."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine.kind import Kind, Reference, Referred


def check(params: Mapping[str, Any], referred: list[Referred]) -> None:
    """Refuse what SageMaker refuses of containers: two places for them, none, and an environment said twice."""
    primary, several = params.get("PrimaryContainer"), params.get("Containers")
    if primary is not None and several:
        raise Refusal(VALIDATION, errors.BOTH_CONTAINERS).error()
    if primary is None and not several:
        raise Refusal(VALIDATION, errors.NO_CONTAINER).error()
    containers = [primary] if primary is not None else several or []
    if len(containers) > 1 and any(one.get("Mode") == "MultiModel" for one in containers):
        raise Refusal(VALIDATION, errors.MULTI_MODEL_IN_PIPELINE).error()
    for container in containers:
        if "Image" not in container and "ModelPackageName" not in container:
            raise Refusal(VALIDATION, errors.NO_IMAGE).error()
    if not referred:
        return
    packaged = [one for one in containers if "ModelPackageName" in one]
    for container, package in zip(packaged, referred, strict=False):
        _check_environment(container, package.members)


def _check_environment(container: Mapping[str, Any], package: Mapping[str, Any]) -> None:
    own = container.get("Environment")
    inside = package.get("InferenceSpecification", {}).get("Containers", ())
    packaged = next((one["Environment"] for one in inside if one.get("Environment")), None)
    if own and packaged:
        java = (("package", packaged), ("model", own))
        raise Refusal(VALIDATION, errors.ENVIRONMENT_TWICE).error(
            **{name: errors.java_map(value) for name, value in java}
        )


KIND = Kind(
    "Model",
    missing=Refusal(VALIDATION, errors.COULD_NOT_FIND),
    taken=Refusal(VALIDATION, errors.CANNOT_CREATE_EXISTING),
    defaults={
        "EnableNetworkIsolation": False,
        "PrimaryContainer.Mode": "SingleModel",
        "PrimaryContainer.Environment": {},
        "Containers[].Mode": "SingleModel",
        "Containers[].Environment": {},
    },
    references=(
        Reference("PrimaryContainer.ModelPackageName", "ModelPackage"),
        Reference("Containers[].ModelPackageName", "ModelPackage"),
    ),
    check=check,
)
