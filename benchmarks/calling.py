"""What a caller with boto3 pays for a call: over HTTP, and in its own process, beside moto, Stubber and the floor."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from io import BytesIO
from itertools import count
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.stub import Stubber

from benchmarks.calls import model
from benchmarks.rounds import Figure, Rounds, interleaved, seconds
from benchmarks.row import Row
from benchmarks.servers import running
from emulator import SageMaker

SECTION = "With boto3"
ARN = {"ModelArn": "arn:aws:sagemaker:us-east-1:123456789012:model/m"}
CREATE, DESCRIBE = "CreateModel", "DescribeModel"
_names = count()

AIMS = {
    ("emulator", "moto", CREATE): ">= 2.6",
    ("emulator", "moto", DESCRIBE): ">= 2.9",
    ("in process", "mock_aws", CREATE): ">= 2.5",
    ("in process", "mock_aws", DESCRIBE): ">= 2.5",
    ("in process", "canned", CREATE): "<= 1.25",
    ("in process", "canned", DESCRIBE): "<= 1.25",
    ("fast lane", "Stubber", CREATE): "<= 1.4",
    ("fast lane", "Stubber", DESCRIBE): "<= 1.4",
}
BESIDE = {"in process": ("mock_aws", "canned", "canned, unsigned"), "fast lane": ("Stubber",)}
HTTP = ("emulator", "moto", "bare Flask")


def measure(*, quick: bool) -> list[Row]:
    """Return how long boto3's calls take each way, in microseconds."""
    rows = []
    calls, rounds = (20, 3) if quick else (100, 15)
    with ExitStack() as stack:
        clients = {name: _client(f"http://127.0.0.1:{stack.enter_context(running(name)).port}") for name in HTTP}
        for operation in (CREATE, DESCRIBE):
            taken = _taken({name: _calls(client, operation) for name, client in clients.items()}, calls, rounds)
            rows += [_row("over HTTP", operation, taken, "emulator", beside) for beside in ("moto", "bare Flask")]
    ways = _inside()
    for operation in (CREATE, DESCRIBE):
        taken = _taken({name: way(operation) for name, way in ways.items()}, calls, rounds)
        rows += [_row(ours, operation, taken, ours, beside) for ours, besides in BESIDE.items() for beside in besides]
    return rows


def _row(way: str, operation: str, taken: Rounds, ours: str, beside: str) -> Row:
    aim = AIMS.get((ours, beside, operation), "")
    ratio: Figure = taken.ratio(ours, beside) if aim.startswith("<=") else taken.ratio(beside, ours)
    return Row(SECTION, f"{operation}, {way}", "us", taken.figure(ours), beside, taken.figure(beside), ratio, aim)


Act = Callable[[], object]
Prepared = Callable[[int], "Any"]  # of so many calls: a context that gives what makes one


def _taken(ways: dict[str, Prepared], calls: int, rounds: int) -> Rounds:
    def take(prepared: Prepared) -> float:
        with prepared(calls + 1) as act:
            act()
            return seconds(act, calls) * 1e6

    return interleaved({name: lambda prepared=prepared: take(prepared) for name, prepared in ways.items()}, rounds)


def _client(url: str | None = None, **config: Any) -> Any:
    said = {"endpoint_url": url} if url else {}
    return boto3.client(
        "sagemaker",
        region_name="us-east-1",
        aws_access_key_id="123456789012",
        aws_secret_access_key="local",  # noqa: S106 - nothing here checks signatures
        config=Config(retries={"max_attempts": 0}, **config),
        **said,
    )


def _act(client: Any, operation: str) -> Act:
    """Return what makes one call; a model to be described is made first."""
    if operation == CREATE:
        return lambda: client.create_model(**model(f"m-{next(_names)}"))
    name = f"d-{next(_names)}"
    client.create_model(**model(name))
    return lambda: client.describe_model(ModelName=name)


def _calls(client: Any, operation: str) -> Prepared:
    @contextmanager
    def prepared(_: int) -> Iterator[Act]:
        yield _act(client, operation)

    return prepared


def _inside() -> dict[str, Callable[[str], Prepared]]:
    """Return the ways to be answered without a socket; moto, which changes botocore, is loaded last."""
    ours = {"in process": partial(_caught, "wire"), "fast lane": partial(_caught, "fast")}
    canned = {"canned": _canned, "canned, unsigned": partial(_canned, signature_version=UNSIGNED)}
    return {**ours, **canned, "Stubber": _stubbed, "mock_aws": _mocked}


def _caught(lane: str, operation: str) -> Prepared:
    """Answer a client like all the others, by catching it: clients of the emulator's own are made to be quicker."""
    client = _client()

    @contextmanager
    def prepared(_: int) -> Iterator[Act]:
        with SageMaker(lane=lane):
            yield _act(client, operation)

    return prepared


def _canned(operation: str, **config: Any) -> Prepared:
    """Answer with the same bytes whatever is asked: signing, serialising and parsing are all that is left."""
    client = _client(**config)
    said = ARN if operation == CREATE else {**model("m"), **ARN, "CreationTime": 1.7e9}
    body = json.dumps({name: value for name, value in said.items() if name != "Tags"}).encode()

    class Raw(BytesIO):
        def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
            yield self.read()

    headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-RequestId": "canned"}
    client.meta.events.register_first(
        "before-send", lambda request, **_: AWSResponse(request.url, 200, headers, Raw(body))
    )

    @contextmanager
    def prepared(_: int) -> Iterator[Act]:
        yield _act(client, operation)

    return prepared


def _stubbed(operation: str) -> Prepared:
    client = _client()

    @contextmanager
    def prepared(calls: int) -> Iterator[Act]:
        with Stubber(client) as stub:
            for _ in range(calls):
                if operation == CREATE:
                    stub.add_response("create_model", ARN)
                else:
                    shown = {name: value for name, value in model("m").items() if name != "Tags"}
                    stub.add_response("describe_model", {**shown, **ARN, "CreationTime": 1.7e9})
            if operation == CREATE:
                yield lambda: client.create_model(**model("m"))
            else:
                yield lambda: client.describe_model(ModelName="m")

    return prepared


def _mocked(operation: str) -> Prepared:
    from moto import mock_aws

    with mock_aws():
        client = _client()

    @contextmanager
    def prepared(_: int) -> Iterator[Act]:
        with mock_aws():
            yield _act(client, operation)

    return prepared
