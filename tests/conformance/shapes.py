"""Whether an answer, as it came over the wire, fits the output shape that botocore has for its operation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.conformance.botocore_model import SHAPES, output_shape

# Members that an output shape requires and that the service leaves out all the same: (shape, member), and why.
ABSENT = {
    ("DescribeFeatureGroupResponse", "NextToken"): "a token leads to a next page, and there is none",
    ("DescribeModelPackageOutput", "ModelPackageName"): "a version has no name of its own",
    ("BatchDescribeModelPackageSummary", "ModelPackageGroupName"): "a package of its own is in no group",
    ("DataCaptureConfigSummary", "KmsKeyId"): "recorded from AWS without it, where the configuration names no key",
    ("DescribeTrainingJobResponse", "ModelArtifacts"): "recorded from AWS without it, while no model is there",
    ("DescribeCompilationJobResponse", "ModelArtifacts"): "recorded from AWS without it, while no model is there",
    ("DescribeCompilationJobResponse", "InputConfig"): "a job that compiles a model package was given none",
    ("MonitoringJobDefinitionSummary", "EndpointName"): "one that reads batch transforms is about no endpoint",
    ("InferenceRecommendationsJob", "JobDescription"): "a job that was given none",
    ("DescribeCompilationJobResponse", "FailureReason"): "recorded from AWS without it, while nothing has failed",
}

_JSON = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "timestamp": (int, float),
}


def assert_fits(answer: Any, operation: str) -> None:
    """Fail with all that does not fit, if a raw JSON answer (None: an empty body) is not of the operation's shape."""
    misfits = list(misfits_of(answer, operation))
    assert not misfits, f"{operation}: " + "; ".join(misfits)


def misfits_of(answer: Any, operation: str) -> Iterator[str]:
    """Yield all that is wrong with a raw JSON answer."""
    shape = output_shape(operation)
    if shape is None:
        if answer is not None:
            yield "an operation without output answers an empty body"
        return
    yield from value_misfits(answer, shape, "")


def value_misfits(value: Any, name: str, path: str) -> Iterator[str]:
    """Yield all that is wrong with a value of a shape."""
    shape = SHAPES[name]
    match shape["type"]:
        case "structure":
            yield from _structure(value, name, path)
        case "list" if not isinstance(value, list):
            yield f"{path} is no list"
        case "list":
            for number, one in enumerate(value):
                yield from value_misfits(one, shape["member"]["shape"], f"{path}[{number}]")
        case "map" if not isinstance(value, dict):
            yield f"{path} is no object"
        case "map":
            for key, one in value.items():
                yield from value_misfits(key, shape["key"]["shape"], f"{path} key {key}")
                yield from value_misfits(one, shape["value"]["shape"], f"{path}.{key}")
        case kind:
            if type(value) not in _JSON[kind]:
                yield f"{path} is {value!r}, no {kind}"
            elif "enum" in shape and value not in shape["enum"]:
                yield f"{path} is {value!r}, none of {shape['enum']}"


def _structure(value: Any, name: str, path: str) -> Iterator[str]:
    shape = SHAPES[name]
    if not isinstance(value, dict):
        yield f"{path or 'the answer'} is no object"
        return
    members = shape.get("members", {})
    for member, one in value.items():
        if member in members:
            yield from value_misfits(one, members[member]["shape"], f"{path}.{member}")
        else:
            yield f"{path}.{member} is no member of {name}"
    for member in shape.get("required", ()):
        if member not in value and (name, member) not in ABSENT:
            yield f"{path}.{member} is missing"
    if shape.get("union") and len(value) != 1:
        yield f"{path} has {len(value)} members of a union"
