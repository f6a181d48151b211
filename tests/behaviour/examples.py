"""Inputs that behaviour tests send, and how they read a refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.model import Shape

from tests.conftest import ACCOUNT, REGION, ROLE

IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/serve:1"
CONTAINER = {"Image": IMAGE}
SPECIFICATION = {
    "Containers": [{"Image": IMAGE, "ModelDataUrl": "s3://bucket/model.tar.gz"}],
    "SupportedContentTypes": ["text/csv"],
    "SupportedResponseMIMETypes": ["text/csv"],
}
VALIDATION = {
    "ValidationRole": ROLE,
    "ValidationProfiles": [
        {
            "ProfileName": "batch",
            "TransformJobDefinition": {
                "TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/in"}}},
                "TransformOutput": {"S3OutputPath": "s3://b/out"},
                "TransformResources": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
            },
        }
    ],
}

# One value for each shape whose pattern the word "text" does not match.
VALUES = {
    "CustomerMetadataKey": "owner",
    "HubContentVersion": "1.0.0",
    "ImageDigest": "sha256:" + "0a" * 32,
    "ContentDigest": "sha256:" + "0b" * 32,
    "MLFramework": "PyTorch 2.4",
    "MetricsEndpointPath": "/metrics",
    "ModelCardContent": "{}",
    "ModelPackageFrameworkVersion": "2.4.1",
    "ProgrammingLang": "Python 3.12",
    "ResponseMIMEType": "text/csv",
    "RoleArn": ROLE,
    "S3ModelUri": "s3://bucket/model/",
    "S3Uri": "s3://bucket/path",
    "Url": "s3://bucket/model.tar.gz",
}


def filled(shape: Shape, *left_out: str) -> Any:
    """Return a value of a shape in which every member is said, however deep; members called ``left_out`` are not."""
    match shape.type_name:
        case "structure":
            said = {name: inner for name, inner in shape.members.items() if name not in left_out}
            return {name: filled(inner, *left_out) for name, inner in said.items()}
        case "list":
            return [filled(shape.member, *left_out)]
        case "map":
            return {filled(shape.key): filled(shape.value)}
        case "string":
            return shape.enum[0] if shape.enum else VALUES.get(shape.name, "text")
        case "boolean":
            return True
        case "integer":
            return 3
        case kind:
            raise NotImplementedError(kind)


def create_input(client: Any, operation: str, *left_out: str) -> dict[str, Any]:
    """Return an input of an operation with every member that it can have."""
    return filled(client.meta.service_model.operation_model(operation).input_shape, *left_out)


def refusal(call: Callable[..., Any], **params: Any) -> tuple[str, str]:
    """Return the code and the message with which a call is refused."""
    with pytest.raises(ClientError) as refused:
        call(**params)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def plain(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer without what only says how it travelled."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def arn(resource: str, region: str = REGION, account: str = ACCOUNT) -> str:
    """Return the ARN of a resource in the place where the tests' clients are."""
    return f"arn:aws:sagemaker:{region}:{account}:{resource}"


# --- Small helpers to make things -------------------------------------------------------------------------------------


def make_model(client: Any, name: str, **more: Any) -> str:
    """Make a model and return its ARN."""
    params = {"ExecutionRoleArn": ROLE, "PrimaryContainer": CONTAINER} | more
    return client.create_model(ModelName=name, **params)["ModelArn"]


def make_group(client: Any, name: str, **more: Any) -> str:
    """Make a model package group and return its ARN."""
    return client.create_model_package_group(ModelPackageGroupName=name, **more)["ModelPackageGroupArn"]


def make_version(client: Any, group: str, **more: Any) -> str:
    """Make a version in a model package group and return its ARN."""
    params = {"InferenceSpecification": SPECIFICATION} | more
    return client.create_model_package(ModelPackageGroupName=group, **params)["ModelPackageArn"]


def make_package(client: Any, name: str, **more: Any) -> str:
    """Make a model package under a name of its own and return its ARN."""
    params = {"InferenceSpecification": SPECIFICATION} | more
    return client.create_model_package(ModelPackageName=name, **params)["ModelPackageArn"]


def make_image(client: Any, name: str, **more: Any) -> str:
    """Make an image and return its ARN."""
    return client.create_image(ImageName=name, RoleArn=ROLE, **more)["ImageArn"]


def make_image_version(client: Any, image: str, **more: Any) -> str:
    """Make a version of an image and return its ARN."""
    params = {"BaseImage": IMAGE} | more
    return client.create_image_version(ImageName=image, **params)["ImageVersionArn"]
