"""What an isolated test pays: a clean SageMaker, a client, two calls."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.stub import Stubber

from benchmarks.calling import ARN
from benchmarks.calls import model
from benchmarks.rounds import interleaved, seconds
from benchmarks.row import Row
from emulator import SageMaker

SECTION = "An isolated test"
SAID = {"region_name": "us-east-1", "aws_access_key_id": "123456789012", "aws_secret_access_key": "local"}


def measure(*, quick: bool) -> list[Row]:
    """Return how long such a test takes, in milliseconds."""
    from moto import mock_aws

    sagemaker, stubbed = SageMaker(), boto3.client("sagemaker", **SAID)

    def here() -> None:
        sagemaker.reset()
        _test(sagemaker.client())

    def mocked() -> None:
        with mock_aws():
            _test(boto3.client("sagemaker", **SAID))

    def stub() -> None:
        with Stubber(stubbed) as stubber:
            stubber.add_response("create_model", ARN)
            stubber.add_response("describe_model", {**ARN, "ModelName": "m", "CreationTime": 1.7e9})
            _test(stubbed)

    times = {"emulator": (here, 20), "mock_aws, new client": (mocked, 1), "Stubber": (stub, 20)}
    taken = interleaved(
        {name: lambda act=act, often=often: seconds(act, often) * 1e3 for name, (act, often) in times.items()},
        3 if quick else 15,
    )
    return [
        Row(SECTION, "reset and two calls", "ms", taken.figure("emulator"), beside, taken.figure(beside), ratio, aim)
        for beside, aim in (("mock_aws, new client", ">= 100"), ("Stubber", ""))
        if (ratio := taken.ratio(beside, "emulator"))
    ]


def _test(client: Any) -> None:
    client.create_model(**model("m"))
    client.describe_model(ModelName="m")
