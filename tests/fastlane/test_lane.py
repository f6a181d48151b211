"""The lane itself: what it reads is what botocore reads from the wire, and it leaves to the wire what is not for it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import botocore.session
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.parsers import create_parser
from botocore.stub import Stubber
from botocore.utils import parse_timestamp
from moto import mock_aws

from emulator import SageMaker
from emulator.interfaces.fastlane import FastLane, reader
from tests.behaviour.examples import CONTAINER
from tests.conformance import inputs
from tests.conformance.botocore_model import output_shape
from tests.conftest import ACCOUNT, ROLE

SERVICE = botocore.session.get_session().get_service_model("sagemaker")
KEYS = {"aws_access_key_id": ACCOUNT, "aws_secret_access_key": "local", "region_name": "us-east-1"}
Made = list[str]


@pytest.fixture
def lane(monkeypatch: pytest.MonkeyPatch) -> Made:
    """The operations that the lane has answered, as they come."""
    answered: Made = []
    answer = FastLane.__call__

    def noted(self: FastLane, model: Any, *said: Any) -> Any:
        found = answer(self, model, *said)
        if found is not None:
            answered.append(model.name)
        return found

    monkeypatch.setattr(FastLane, "__call__", noted)
    return answered


@pytest.fixture
def world(lane: Made) -> Iterator[SageMaker]:
    """A SageMaker that catches this process's calls, with a fast lane."""
    with SageMaker(lane="fast") as world:
        yield world


# --- The same results -------------------------------------------------------------------------------------------------


def test_every_output_is_read_as_botocore_reads_it() -> None:
    parser, differ = create_parser("json"), []
    for operation in SERVICE.operation_names:
        model, shape = SERVICE.operation_model(operation), output_shape(operation)
        value = inputs.value(shape, operation) if shape else {}
        body = json.dumps(value).encode()
        parsed = parser.parse({"status_code": 200, "headers": {}, "body": body}, model.output_shape)
        del parsed["ResponseMetadata"]
        assert bool(parsed) == bool(value)
        if reader(model)(value) != parsed:
            differ.append(operation)

    assert differ == []


def test_what_an_older_model_does_not_know_is_left_out() -> None:
    known = reader(SERVICE.operation_model("DescribeModel"))

    assert known({"ModelName": "m", "NewMember": 1, "ExecutionRoleArn": None}) == {"ModelName": "m"}


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "America/Phoenix", "Europe/Berlin"])
def test_a_time_is_that_of_botocore_wherever_it_is_read(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        read = reader(SERVICE.operation_model("DescribeModel"))
        for moment in (0, 1_700_000_000, 1_720_000_000.123):
            found, expected = read({"CreationTime": moment})["CreationTime"], parse_timestamp(moment)
            assert (repr(found), found.utcoffset()) == (repr(expected), expected.utcoffset())
    finally:
        monkeypatch.undo()
        time.tzset()


def both(world: SageMaker, act: Callable[[Any], Any]) -> tuple[Any, Any]:
    """Return what comes of the same call by the lane and by the wire, without what is another's each time."""
    by_lane = act(world.client())
    with SageMaker(seed=1) as other:
        by_wire = act(other.client())
    for one in (by_lane, by_wire):
        metadata = one["ResponseMetadata"]
        assert metadata.pop("RequestId")
        assert metadata.pop("HTTPHeaders")["x-amzn-requestid"]
    return by_lane, by_wire


def test_an_answer_is_the_same_by_the_lane_and_by_the_wire(world: SageMaker, lane: Made) -> None:
    def make(client: Any) -> Any:
        client.create_model(ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer=CONTAINER)
        described = client.describe_model(ModelName="m")
        created = described.pop("CreationTime")
        assert created.tzinfo is not None
        return described

    by_lane, by_wire = both(world, make)
    assert by_lane == by_wire
    assert lane == ["CreateModel", "DescribeModel"]


@pytest.mark.parametrize("config", [None, Config(retries={"total_max_attempts": 1})])
def test_a_refusal_is_the_same_by_the_lane_and_by_the_wire(world: SageMaker, config: Config | None, lane: Made) -> None:
    def refused(client: Any) -> Any:
        with pytest.raises(client.exceptions.ResourceNotFound) as error:
            client.describe_image(ImageName="none")
        return error.value.response | {"said": str(error.value), "type": type(error.value).__name__}

    by_lane, by_wire = both(world, lambda client: refused(boto3.client("sagemaker", config=config)))
    assert by_lane == by_wire


def test_nobody_can_change_what_there_is_through_an_answer(world: SageMaker) -> None:
    client = world.client()
    client.create_model(ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer=dict(CONTAINER, Environment={"A": "1"}))
    client.describe_model(ModelName="m")["PrimaryContainer"]["Environment"]["A"] = "2"
    client.list_models()["Models"].clear()

    assert client.describe_model(ModelName="m")["PrimaryContainer"]["Environment"] == {"A": "1"}
    assert len(client.list_models()["Models"]) == 1


def test_account_region_and_history_are_those_of_the_client(world: SageMaker, lane: Made) -> None:
    client = world.client(account="1" * 12, region="eu-west-3")
    arn = client.create_image(ImageName="studio", RoleArn=ROLE)["ImageArn"]

    assert arn == "arn:aws:sagemaker:eu-west-3:111111111111:image/studio"
    world.calls.assert_called("CreateImage", ImageName="studio")
    assert lane == ["CreateImage"]


# --- What goes by the wire --------------------------------------------------------------------------------------------


def test_the_first_call_of_a_client_that_was_there_before_goes_by_the_wire(lane: Made) -> None:
    client = boto3.client("sagemaker", **KEYS)
    with SageMaker(lane="fast"):
        client.create_image(ImageName="studio", RoleArn=ROLE)
        assert lane == []
        assert client.describe_image(ImageName="studio")["ImageStatus"] == "CREATED"
    assert lane == ["DescribeImage"]


def test_what_was_asked_for_happens_on_the_wire_and_is_tried_again(world: SageMaker, lane: Made) -> None:
    world.error("throttling", times=1)

    assert world.client().list_models()["ResponseMetadata"]["RetryAttempts"] == 1
    world.forget()
    world.client().list_models()
    assert lane == ["ListModels"]


def test_a_failure_of_the_emulator_s_own_is_answered_by_the_wire(
    world: SageMaker, lane: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.emulator.catalogue, "find", lambda _: 1 / 0)
    client = world.client(config=Config(retries={"total_max_attempts": 1}))

    with pytest.raises(ClientError, match="InternalFailure"):
        client.list_models()
    assert lane == []


def test_other_services_go_by_the_wire(world: SageMaker, lane: Made) -> None:
    assert world.client("sts").get_caller_identity()["Account"] == ACCOUNT
    assert lane == []


def test_a_client_without_a_signature_goes_by_the_wire(world: SageMaker, lane: Made) -> None:
    assert world.client(config=Config(signature_version=UNSIGNED)).list_models()["Models"] == []
    assert lane == []


def test_a_client_pointed_elsewhere_goes_there(world: SageMaker) -> None:
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=1)
    client = boto3.client("sagemaker", endpoint_url="http://127.0.0.1:1", config=config)

    for _ in range(2):
        with pytest.raises(EndpointConnectionError):
            client.list_models()


def test_within_one_that_goes_by_the_wire_so_do_all(world: SageMaker, lane: Made) -> None:
    client = boto3.client("sagemaker")
    client.list_models()
    client.create_image(ImageName="outer", RoleArn=ROLE)
    with SageMaker():
        assert client.list_images()["Images"] == []
    assert lane == ["CreateImage"]


# --- Beside others ----------------------------------------------------------------------------------------------------


def test_a_stubbed_client_stays_stubbed(world: SageMaker) -> None:
    for client in (world.client(), boto3.client("sagemaker")):
        client.list_models()
        with Stubber(client) as stubber:
            stubber.add_response("list_models", {"NextToken": "stubbed", "Models": []})

            assert client.list_models()["NextToken"] == "stubbed"


def test_a_handler_of_the_user_s_own_is_asked_first(world: SageMaker) -> None:
    client, seen = world.client(config=Config()), []
    client.meta.events.register("before-call", lambda model, **_: seen.append(model.name))
    client.meta.events.register(
        "after-call.sagemaker", lambda http_response, **_: seen.append(http_response.status_code)
    )

    client.list_models()

    assert seen == ["ListModels", 200]


def test_moto_answers_what_is_its_own(world: SageMaker) -> None:
    with mock_aws():
        table = boto3.client("dynamodb")  # it speaks the same protocol

        assert table.list_tables()["TableNames"] == []


def test_a_lane_that_it_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="lane is 'slow' and not one of wire, fast"):
        SageMaker(lane="slow")
