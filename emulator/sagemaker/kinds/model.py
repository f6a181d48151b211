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
    if several:
        _check_pipeline(several, direct=params.get("InferenceExecutionConfig", {}).get("Mode") == "Direct")
    for container in containers:
        if "Image" not in container and "ModelPackageName" not in container:
            raise Refusal(VALIDATION, errors.NO_IMAGE).error()
    if not referred:
        return
    packages = {one.text: one.members for one in referred}
    for container in containers:
        if container.get("ModelPackageName") in packages:
            _check_environment(container, packages[container["ModelPackageName"]])


def _check_pipeline(containers: list[Mapping[str, Any]], *, direct: bool) -> None:
    """Refuse two containers of many models; and names for some only, for none where each is called, or one for two."""
    if [one.get("Mode") for one in containers].count("MultiModel") > 1:
        raise Refusal(VALIDATION, errors.MULTI_MODEL_IN_PIPELINE).error()
    named = [one["ContainerHostname"] for one in containers if "ContainerHostname" in one]
    if len(named) < len(containers) and (named or direct):
        raise Refusal(VALIDATION, errors.HOSTNAME_MISSING).error()
    if len(set(named)) < len(named):
        raise Refusal(VALIDATION, errors.HOSTNAME_TWICE).error()


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
