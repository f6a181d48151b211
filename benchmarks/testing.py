"""What an isolated test pays: a clean SageMaker, a client, two calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http.client import HTTPConnection
from typing import Any

import boto3
from botocore.stub import Stubber

from benchmarks.calling import ARN
from benchmarks.calls import model
from benchmarks.rounds import Rounds, interleaved, seconds
from benchmarks.row import Row
from benchmarks.servers import Server, running
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

    with mock_aws():
        kept = boto3.client("sagemaker", **SAID)

    def mocked_kept() -> None:
        with mock_aws():
            _test(kept)

    def stub() -> None:
        with Stubber(stubbed) as stubber:
            stubber.add_response("create_model", ARN)
            stubber.add_response("describe_model", {**ARN, "ModelName": "m", "CreationTime": 1.7e9})
            _test(stubbed)

    times = {
        "emulator": (here, 20),
        "mock_aws, new client": (mocked, 1),
        "mock_aws, client kept": (mocked_kept, 20),
        "Stubber": (stub, 20),
    }
    taken = interleaved(
        {name: lambda act=act, often=often: seconds(act, often) * 1e3 for name, (act, often) in times.items()},
        3 if quick else 15,
    )
    beside_aims = (("mock_aws, new client", ">= 100"), ("mock_aws, client kept", ""), ("Stubber", ""))
    return [*_rows("reset and two calls, in process", taken, beside_aims), *_served(quick=quick)]


def _rows(quantity: str, taken: Rounds, beside_aims: Iterable[tuple[str, str]]) -> list[Row]:
    return [
        Row(SECTION, quantity, "ms", taken.figure("emulator"), beside, taken.figure(beside), ratio, aim)
        for beside, aim in beside_aims
        if (ratio := taken.ratio(beside, "emulator"))
    ]


def _served(*, quick: bool) -> list[Row]:
    """Return how long such a test takes with a server: the reset that both know, and two calls of one client."""
    with running("emulator") as ours, running("moto") as moto:
        tests = {name: _clean(server) for name, server in (("emulator", ours), ("moto", moto))}
        taken = interleaved(
            {name: lambda test=test: seconds(test, 20) * 1e3 for name, test in tests.items()}, 3 if quick else 15
        )
    return _rows("reset and two calls, over HTTP", taken, [("moto", "")])


def _clean(server: Server) -> Callable[[], None]:
    client = boto3.client("sagemaker", endpoint_url=f"http://127.0.0.1:{server.port}", **SAID)

    def test() -> None:
        connection = HTTPConnection("127.0.0.1", server.port)
        connection.request("POST", "/moto-api/reset")
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            raise RuntimeError(f"the reset is refused: {response.status}")
        connection.close()
        _test(client)

    return test


def _test(client: Any) -> None:
    client.create_model(**model("m"))
    client.describe_model(ModelName="m")
