"""The calls that are measured, as a client signs and sends them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

ROLE = "arn:aws:iam::123456789012:role/service-role/SageMaker"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/serve:1"
SIGNED = (
    "AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-1/sagemaker/aws4_request, "
    "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=" + "0" * 64
)


class Request(NamedTuple):
    """The headers and the body of one call."""

    headers: dict[str, str]
    body: bytes


def request(operation: str, params: Mapping[str, Any]) -> Request:
    """Return one call."""
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": f"SageMaker.{operation}",
        "Authorization": SIGNED,
    }
    return Request(headers, json.dumps(params).encode())


def model(name: str) -> dict[str, Any]:
    """Return the input of CreateModel: a container, an environment, a network, tags; about 600 bytes."""
    return {
        "ModelName": name,
        "ExecutionRoleArn": ROLE,
        "PrimaryContainer": {
            "Image": IMAGE,
            "ModelDataUrl": "s3://models-of-the-team/churn/2026-01-01/model.tar.gz",
            "Environment": {"SAGEMAKER_PROGRAM": "inference.py", "LOG_LEVEL": "info", "WORKERS": "4"},
        },
        "VpcConfig": {"SecurityGroupIds": ["sg-0123456789abcdef0"], "Subnets": ["subnet-0123456789abcdef0"]},
        "Tags": [{"Key": "team", "Value": "churn"}, {"Key": "stage", "Value": "staging"}],
        "EnableNetworkIsolation": False,
    }
