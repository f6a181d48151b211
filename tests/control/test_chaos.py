"""LocalStack's chaos API says the same faults in its own JSON."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError

from tests.conftest import REGION

THROTTLED = {
    "service": "sagemaker",
    "region": REGION,
    "operation": "ListModels",
    "probability": 1.0,
    "error": {"statusCode": 429, "code": "ThrottlingException"},
}
ELSEWHERE = {"service": "s3", "operation": "ListBuckets"}


@pytest.fixture
def chaos(url: str) -> Any:
    """Send a request to one of the two routes."""

    def send(method: str, what: str = "faults", said: Any = None) -> Any:
        body = None if said is None else said if isinstance(said, bytes) else json.dumps(said).encode()
        with urlopen(Request(f"{url}/_localstack/chaos/{what}", body, method=method)) as answer:
            return json.load(answer)

    return send


def test_a_fault_is_set_and_met_and_forgotten(client: Any, chaos: Any) -> None:
    assert chaos("GET") == []
    assert chaos("POST", said=[THROTTLED, ELSEWHERE]) == [THROTTLED, ELSEWHERE]

    with pytest.raises(ClientError) as refused:
        client.list_models()
    assert refused.value.response["Error"]["Code"] == "ThrottlingException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
    client.list_images()
    assert chaos("DELETE", said=[THROTTLED]) == [ELSEWHERE]
    client.list_models()


def test_a_fault_is_of_its_region(connect: Any, chaos: Any) -> None:
    chaos("POST", said=[THROTTLED])

    connect(region="eu-west-1").list_models()


def test_a_fault_without_an_error_is_an_unavailable_service(client: Any, chaos: Any) -> None:
    chaos("POST", said=[{"service": "sagemaker"}])

    with pytest.raises(ClientError) as refused:
        client.list_images()
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert refused.value.response["Error"]["Code"] == "ServiceUnavailable"


def test_faults_are_added_and_put_in_the_place_of_all(chaos: Any, control: Any) -> None:
    control.error("throttling", operation="ListImages")
    chaos("PATCH", said=[THROTTLED])
    assert chaos("PATCH", said=[ELSEWHERE]) == [THROTTLED, ELSEWHERE]
    assert chaos("PUT", said=[ELSEWHERE]) == [ELSEWHERE]
    assert chaos("DELETE") == []

    assert [one["rule"] for one in control.rules()] == ["error"]  # asked for in another way, it stays


def test_every_answer_can_be_late(client: Any, chaos: Any) -> None:
    assert chaos("GET", "effects") == {"latency": 0}
    assert chaos("POST", "effects", {"latency": 150}) == {"latency": 150}

    began = time.perf_counter()
    client.list_models()
    assert time.perf_counter() - began >= 0.15
    assert chaos("POST", "effects", {"latency": 0}) == {"latency": 0}


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("faults", {}),
        ("faults", ["x"]),
        ("faults", [{"probability": 7}]),
        ("faults", [{"probability": "often"}]),
        ("faults", [{"error": {"statusCode": 200}}]),
        ("faults", [{"error": "x"}]),
        ("faults", [{"service": 5}]),
        ("faults", [{"region": 5}]),
        ("faults", [{"operation": ["ListModels"]}]),
        ("faults", [{"error": {"code": ["x"]}}]),
        ("faults", [{"error": {"code": "a\nb"}}]),
        ("faults", [{"error": {"statusCode": 10**400}}]),
        ("faults", [{"probability": 10**400}]),
        ("faults", b'[{"error": {"statusCode": 1e400}}]'),
        ("faults", b"[" * 100_000),
        ("faults", b'[{"probability": 1, "x": %s}]' % (b"[" * 300 + b"]" * 300)),
        ("effects", b"[" * 100_000),
        ("effects", b""),
        ("effects", []),
        ("effects", {"latency": "long"}),
        ("effects", {"latency": -1}),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(chaos: Any, control: Any, what: str, said: Any) -> None:
    chaos("POST", said=[THROTTLED])

    with pytest.raises(HTTPError) as refused:
        chaos("POST", what, said)
    with refused.value as error:
        assert error.code == 400
        assert json.load(error)["message"].startswith("Expected")
    assert chaos("GET") == [THROTTLED]
