"""The transport itself: the same bytes as over a socket, for any client, and for nobody else's calls."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.endpoint import Endpoint
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError
from botocore.httpsession import URLLib3Session
from botocore.stub import Stubber
from moto import mock_aws
from waitress.trigger import trigger

from emulator import SageMaker
from emulator.engine.emulator import Emulator
from emulator.interfaces.background import Background
from emulator.interfaces.guard import LeakError, leaves
from emulator.interfaces.http import create_app
from emulator.interfaces.inprocess import exchange, of_aws
from emulator.sagemaker.service import sagemaker
from tests.behaviour.examples import CONTAINER
from tests.conftest import ACCOUNT, ROLE

KEYS = {"aws_access_key_id": ACCOUNT, "aws_secret_access_key": "local", "region_name": "us-east-1"}
NOWHERE = "http://127.0.0.1:1"  # nobody listens there
QUICK = Config(retries={"total_max_attempts": 1}, connect_timeout=1)


@pytest.fixture
def world() -> Iterator[SageMaker]:
    """A SageMaker that catches this process's calls."""
    with SageMaker() as world:
        yield world


# --- The same bytes ---------------------------------------------------------------------------------------------------

AUTHORIZATION = "AWS4-HMAC-SHA256 Credential=123456789012/20261121/us-east-1/sagemaker/aws4_request, Signature=0"
JSON = {"Content-Type": "application/x-amz-json-1.1", "Authorization": AUTHORIZATION}
REQUESTS = {
    "an answer": ("POST", "/", JSON | {"X-Amz-Target": "SageMaker.ListModels"}, b"{}"),
    "no output": ("POST", "/", JSON | {"X-Amz-Target": "SageMaker.DeleteModel"}, b'{"ModelName":"m"}'),
    "a refusal": ("POST", "/", JSON | {"X-Amz-Target": "SageMaker.DescribeModel"}, b'{"ModelName":"none"}'),
    "invalid": ("POST", "/", JSON | {"X-Amz-Target": "SageMaker.CreateModel"}, b'{"ModelName":"-"}'),
    "unreadable": ("POST", "/", JSON | {"X-Amz-Target": "SageMaker.CreateModel"}, b"{"),
    "unknown": ("POST", "/", JSON | {"X-Amz-Target": "SageMaker.Sing"}, b"{}"),
    "another type": ("POST", "/", {"Content-Type": "text/plain"}, b"?"),
    "who am I": ("POST", "/", {"Content-Type": "application/x-www-form-urlencoded"}, b"Action=GetCallerIdentity"),
    "another form": ("POST", "/", {"Content-Type": "application/x-www-form-urlencoded"}, b"Action=AssumeRole"),
    "no such endpoint": ("POST", "/endpoints/none/invocations", {"Content-Type": "text/csv"}, b"1,2"),
    "a record": ("GET", "/FeatureGroup/a%2Fb?RecordIdentifierValueAsString=1", {}, b""),
    "metrics": ("PUT", "/BatchPutMetrics", {"Content-Type": "application/json"}, b"{}"),
    "health": ("GET", "/_emulator/health", {}, b""),
    "no such page": ("GET", "/none", {}, b""),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_an_answer_has_the_same_status_headers_and_body_as_over_a_socket(
    name: str, url: str, emulator: Emulator, client: Any
) -> None:
    client.create_model(ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer=CONTAINER)
    method, path, headers, body = REQUESTS[name]
    request = AWSRequest(method, url + path, headers, body).prepare()
    make = client.create_model

    here = exchange(create_app(emulator), request)
    if name == "no output":
        make(ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer=CONTAINER)
    there = URLLib3Session().send(request)

    own = {"date", "x-amzn-requestid"}
    ids = [one.headers.get("x-amzn-RequestId", "") for one in (here, there)]
    bodies = [
        one.content.replace(known.encode() or b"-", b"<id>") for one, known in zip((here, there), ids, strict=True)
    ]
    seen = [{key.lower(): value for key, value in one.headers.items()} for one in (here, there)]
    assert here.status_code == there.status_code
    assert bodies[0] == bodies[1]
    assert seen[0].keys() == seen[1].keys()
    assert {key: value for key, value in seen[0].items() if key not in own} == {
        key: value for key, value in seen[1].items() if key not in own
    }


def test_an_error_is_the_same_exception_with_the_same_words(client: Any, url: str) -> None:
    over_http = boto3.client("sagemaker", endpoint_url=url, config=QUICK, **KEYS)
    said = []
    for one in (client, over_http):
        with pytest.raises(one.exceptions.ResourceNotFound) as refused:
            one.describe_image(ImageName="none")
        said.append((str(refused.value), refused.value.response["Error"]))

    assert said[0] == said[1]


# --- Whose calls ------------------------------------------------------------------------------------------------------


def test_a_client_that_was_there_before_is_caught() -> None:
    before = boto3.client("sagemaker", **KEYS)
    before.meta.events.emit("before-send.sagemaker.ListModels", request=None)  # its handlers were looked up once

    with SageMaker() as world:
        before.create_model_package_group(ModelPackageGroupName="churn")

        assert world.client().list_model_package_groups()["ModelPackageGroupSummaryList"]


def test_a_client_of_any_session_made_meanwhile_is_caught(world: SageMaker) -> None:
    clients = [
        boto3.client("sagemaker"),
        boto3.Session(**KEYS).client("sagemaker"),
        botocore.session.get_session().create_client("sagemaker"),
    ]

    for number, client in enumerate(clients):
        client.create_image(ImageName=f"image-{number}", RoleArn=ROLE)

    assert len(world.client().list_images()["Images"]) == 3


def test_a_client_is_let_go_when_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    client = boto3.client("sagemaker", config=QUICK, **KEYS)
    with SageMaker():
        client.list_models()

    def send(_: Any, request: Any) -> Any:
        sent.append(request.url)
        raise EndpointConnectionError(endpoint_url=request.url)

    monkeypatch.setattr(Endpoint, "_send", send)

    with pytest.raises(EndpointConnectionError):
        client.list_models()
    assert sent == ["https://api.sagemaker.us-east-1.amazonaws.com/"]


def test_the_account_and_region_of_a_client_count(world: SageMaker) -> None:
    other = boto3.client("sagemaker", **(KEYS | {"region_name": "eu-west-3", "aws_access_key_id": "1" * 12}))

    arn = other.create_model_package_group(ModelPackageGroupName="churn")["ModelPackageGroupArn"]

    assert arn == "arn:aws:sagemaker:eu-west-3:111111111111:model-package-group/churn"
    assert not world.client().list_model_package_groups()["ModelPackageGroupSummaryList"]


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1", "eusc-de-east-1", "us-iso-east-1"])
def test_clients_of_other_partitions_are_caught(world: SageMaker, region: str) -> None:
    client = boto3.client("sagemaker", **(KEYS | {"region_name": region}))

    assert client.list_models()["Models"] == []


def test_only_one_of_two_that_hold_the_same_client_answers(world: SageMaker) -> None:
    client = world.session().client("sagemaker")  # caught by its session, and by the process

    client.create_model_package_group(ModelPackageGroupName="churn")

    assert len(client.list_model_package_groups()["ModelPackageGroupSummaryList"]) == 1


def test_the_innermost_answers(world: SageMaker) -> None:
    client = boto3.client("sagemaker")
    with SageMaker():
        client.create_image(ImageName="inner", RoleArn=ROLE)

    assert client.list_images()["Images"] == []


def test_a_client_pointed_elsewhere_goes_there(world: SageMaker) -> None:
    client = boto3.client("sagemaker", endpoint_url=NOWHERE, config=QUICK)

    with pytest.raises(EndpointConnectionError):
        client.list_models()


def test_other_services_are_not_touched(world: SageMaker) -> None:
    client = boto3.client("s3", endpoint_url=NOWHERE, config=QUICK)

    with pytest.raises(EndpointConnectionError):
        client.list_buckets()


def test_another_call_of_sts_is_not_answered(world: SageMaker) -> None:
    client = boto3.client("sts", endpoint_url=NOWHERE, config=QUICK)

    with pytest.raises(EndpointConnectionError):
        client.assume_role(RoleArn=ROLE, RoleSessionName="me")


def test_a_stubbed_client_stays_stubbed(world: SageMaker) -> None:
    client = boto3.client("sagemaker")
    with Stubber(client) as stubber:
        stubber.add_response("list_models", {"Models": []})

        assert client.list_models() == {"Models": []}


def test_moto_answers_what_is_its_own_and_not_what_is_ours(world: SageMaker) -> None:
    with mock_aws():
        bucket, images = boto3.client("s3"), boto3.client("sagemaker")
        bucket.create_bucket(Bucket="artifacts")
        images.create_image(ImageName="studio", RoleArn=ROLE)  # moto has none

        assert [one["Name"] for one in bucket.list_buckets()["Buckets"]] == ["artifacts"]
    assert len(world.client().list_images()["Images"]) == 1


def test_a_client_made_while_moto_was_there_first_comes_here() -> None:
    with mock_aws():
        client = boto3.client("sagemaker", **KEYS)
        client.list_models()
        with SageMaker():
            client.create_image(ImageName="studio", RoleArn=ROLE)

            assert client.describe_image(ImageName="studio")["ImageStatus"] == "CREATED"


def test_many_threads_may_call(world: SageMaker) -> None:
    client = boto3.client("sagemaker")

    def make(number: int) -> None:
        client.create_image(ImageName=f"image-{number}", RoleArn=ROLE)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(make, range(64)))

    assert len(client.list_images(MaxResults=100)["Images"]) == 64


def test_others_that_answer_see_that_it_is_none_of_their_business(world: SageMaker) -> None:
    client, seen = boto3.client("sagemaker"), []
    client.list_models()
    client.meta.events.register("before-send", lambda request, **_: seen.append(of_aws(request.url)))

    client.list_models()

    assert seen == [False]


# --- As a context manager and a decorator -----------------------------------------------------------------------------


def test_a_decorated_function_finds_it_clean_every_time() -> None:
    world = SageMaker(seed=3)

    @world
    def work(name: str) -> str:
        """Do it."""
        arn: str = boto3.client("sagemaker").create_image(ImageName=name, RoleArn=ROLE)["ImageArn"]
        return arn

    assert work("a") == work("a") == f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:image/a"
    assert work.__doc__ == "Do it."


def test_a_decorated_generator_has_it_until_it_ends() -> None:
    @SageMaker()
    def fixture() -> Iterator[Any]:
        yield boto3.client("sagemaker").list_models()["Models"]
        yield boto3.client("sagemaker").list_images()["Images"]

    @SageMaker()
    async def asynchronous() -> AsyncIterator[Any]:
        yield boto3.client("sagemaker").list_models()["Models"]

    async def collected() -> list[Any]:
        return [one async for one in asynchronous()]

    assert list(fixture()) == [[], []]
    assert asyncio.run(collected()) == [[]]


def test_a_server_is_stopped_while_others_wake_its_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Background(create_app(sagemaker()), "127.0.0.1", 0)
    pull = trigger._physical_pull

    def late(one: trigger) -> None:
        pull(one)  # somebody else's
        server._thread.join(10)  # the loop has looked by now
        pull(one)

    monkeypatch.setattr(trigger, "_physical_pull", late)
    server.stop()

    with pytest.raises(OSError):  # noqa: PT011 - whatever its words
        socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), 1)


def test_a_class_is_not_decorated_as_if_it_were_a_function() -> None:
    with pytest.raises(TypeError, match="of a class decorate the methods"):
        SageMaker()(type("TestClass", (), {}))


def test_a_decorated_coroutine_has_it_while_it_runs() -> None:
    @SageMaker()
    async def work() -> list[Any]:
        await asyncio.sleep(0)
        images: list[Any] = boto3.client("sagemaker").list_images()["Images"]
        return images

    assert asyncio.run(work()) == []


def test_the_environment_is_set_inside_and_as_before_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.delenv("AWS_REGION", raising=False)
    before = dict(os.environ)

    with SageMaker(region="eu-west-1"):
        assert "AWS_PROFILE" not in os.environ
        assert (os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_REGION"]) == (ACCOUNT, "eu-west-1")

    assert dict(os.environ) == before


def test_the_one_within_itself_is_the_same() -> None:
    world = SageMaker()
    with world:
        world.client().create_image(ImageName="studio", RoleArn=ROLE)
        with world:
            assert world.client().list_images()["Images"]
        assert world.client().list_images()["Images"]


def test_one_that_cannot_begin_leaves_nothing_behind_and_begins_when_it_can(tmp_path: Path) -> None:
    before, taken = dict(os.environ), tmp_path / "state"
    taken.touch()
    world = SageMaker(state_dir=taken)
    for _ in range(2):
        with pytest.raises(ValueError, match=r"state\.db"), world:
            pass
        assert dict(os.environ) == before
    taken.unlink()

    with world:
        assert boto3.client("sagemaker").list_models()["Models"] == []
    assert dict(os.environ) == before


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"transport": "pigeon"}, "transport is 'pigeon' and not one of http, inprocess."),
        ({"account": "me"}, "account is 'me' and not twelve digits."),
        ({"region": "EU_West 1"}, "region is 'EU_West 1' and not small letters, digits and hyphens."),
        ({"port": 99999999}, "port is 99999999 and not from 0 to 65535."),
        ({"speed": float("nan")}, "speed is nan and not above 0."),
    ],
)
def test_a_word_it_does_not_know_is_refused(said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        SageMaker(**said)


@pytest.mark.parametrize("transport", ["http", "inprocess"])
def test_it_leaves_no_thread_and_no_listener(transport: str) -> None:
    before = threading.active_count()

    with SageMaker(transport=transport) as world:
        url = world.url
        world.client().list_models()
        boto3.client("sagemaker", endpoint_url=url).list_models()

    assert threading.active_count() == before
    with pytest.raises(EndpointConnectionError):
        boto3.client("sagemaker", endpoint_url=url, config=QUICK, **KEYS).list_models()


def test_in_process_a_server_is_there_for_who_asks_where(world: SageMaker) -> None:
    world.client().create_image(ImageName="studio", RoleArn=ROLE)
    asked = URLLib3Session().send(AWSRequest("GET", f"{world.url}/_emulator/health").prepare())

    assert asked.status_code == 200


def test_a_seed_gives_the_same_identifiers_after_each_reset() -> None:
    world, seen = SageMaker(seed=7), []
    for _ in range(2):
        with world:
            seen.append(world.client().list_models()["ResponseMetadata"]["RequestId"])

    assert seen[0] == seen[1]


# --- A session that stays here ----------------------------------------------------------------------------------------


@pytest.fixture(params=["http", "inprocess"])
def local(request: pytest.FixtureRequest) -> Iterator[SageMaker]:
    """A SageMaker that is started, and catches nobody."""
    world = SageMaker(transport=request.param).start()
    yield world
    world.stop()


def test_a_session_asks_here_who_it_is_even_by_an_address_of_aws(local: SageMaker) -> None:
    sts = local.session().client("sts", endpoint_url="https://sts.us-east-1.amazonaws.com")

    assert sts.get_caller_identity()["Account"] == ACCOUNT
    sts.close()


@pytest.mark.usefixtures("without_companions")
def test_a_session_refuses_what_would_leave(local: SageMaker) -> None:
    with pytest.raises(LeakError, match=r"GET / would have left this machine for s3.amazonaws.com"):
        local.session().client("s3").list_buckets()


def test_a_session_lets_other_mocks_answer(local: SageMaker) -> None:
    with mock_aws():
        local.session().resource("s3").create_bucket(Bucket="artifacts")


def test_a_session_has_nothing_to_do_with_the_profiles_of_the_machine(
    local: SageMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    monkeypatch.setenv("AWS_ENDPOINT_URL", NOWHERE)
    monkeypatch.setenv("HTTP_PROXY", NOWHERE)
    session = local.session(account="210987654321", region="eu-west-1")
    client = session.client("sagemaker")

    arn = client.create_image(ImageName="studio", RoleArn=ROLE)["ImageArn"]

    assert arn == "arn:aws:sagemaker:eu-west-1:210987654321:image/studio"
    client.close()


def test_sessions_read_the_model_once(local: SageMaker) -> None:
    one, other = (local.session().client("sagemaker").meta.service_model for _ in range(2))

    assert one.metadata is other.metadata


def test_the_same_words_give_the_same_client(local: SageMaker) -> None:
    assert local.client() is local.client("sagemaker", region="us-east-1")
    assert local.client() is not local.client(region="eu-west-1")
    assert local.client(config=QUICK) is not local.client(config=QUICK)


@pytest.mark.parametrize("service", ["sagemaker-runtime", "sagemaker-featurestore-runtime", "sagemaker-metrics"])
def test_the_runtimes_are_here_too(local: SageMaker, service: str) -> None:
    ask: dict[str, Callable[[Any], Any]] = {
        "sagemaker-runtime": lambda client: client.invoke_endpoint(EndpointName="none", Body=b"1"),
        "sagemaker-featurestore-runtime": lambda client: client.get_record(
            FeatureGroupName="none", RecordIdentifierValueAsString="1"
        ),
        "sagemaker-metrics": lambda client: client.batch_get_metrics(
            MetricQueries=[
                {
                    "MetricName": "m",
                    "ResourceArn": ROLE,
                    "MetricStat": "Avg",
                    "Period": "OneHour",
                    "XAxisType": "Timestamp",
                }
            ]
        ),
    }
    client = local.client(service)

    try:
        said = ask[service](client)["ResponseMetadata"]
    except ClientError as error:
        said = error.response["ResponseMetadata"]

    assert said["RequestId"]


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-3", "cn-north-1", "us-gov-west-1", "eusc-de-east-1"])
@pytest.mark.parametrize(
    ("service", "word", "said"),
    [
        ("sagemaker", "describe_image", {"ImageName": "none"}),
        ("sagemaker-runtime", "invoke_endpoint", {"EndpointName": "none", "Body": b""}),
        ("sagemaker-metrics", "batch_get_metrics", {"MetricQueries": []}),
    ],
)
def test_a_session_s_client_calls_where_any_client_would(
    world: SageMaker, region: str, service: str, word: str, said: dict[str, Any]
) -> None:
    called: list[str] = []
    config = Config(parameter_validation=False)
    for client in (
        world.client(service, region=region, config=config),
        boto3.client(service, region_name=region, config=config),
    ):
        client.meta.events.register_first("before-call", lambda params, **_: called.append(params["url"]))
        with suppress(ClientError):
            getattr(client, word)(**said)

    assert called[0] == called[1]


# --- What is asked of it ----------------------------------------------------------------------------------------------


def test_its_words_are_those_of_the_control_surface(local: SageMaker) -> None:
    for word in ("pace", "step", "fail", "error", "delay", "drop", "quota", "rules", "forget"):
        assert getattr(local, word).__doc__ == getattr(local.emulator.control, word).__doc__


def test_a_failure_that_was_asked_for_happens(local: SageMaker) -> None:
    local.fail("Image", "no such repository", name="broken-*")
    client = local.client()
    client.create_image(ImageName="broken-1", RoleArn=ROLE)

    described = client.describe_image(ImageName="broken-1")

    assert (described["ImageStatus"], described["FailureReason"]) == ("CREATE_FAILED", "no such repository")


def test_a_dropped_connection_is_the_same_exception(local: SageMaker) -> None:
    local.drop(operation="ListModels")

    with pytest.raises(ConnectionClosedError, match="Connection was closed before we received a valid response"):
        local.client(config=QUICK).list_models()


def test_a_dropped_connection_is_tried_again(local: SageMaker) -> None:
    local.drop(operation="ListModels", times=1)

    assert local.client().list_models()["ResponseMetadata"]["RetryAttempts"] == 1


def test_a_reset_forgets_what_was_asked_for_and_what_there_is() -> None:
    world = SageMaker(pace="manual").start()
    began = world.clock.now()
    world.client().create_image(ImageName="studio", RoleArn=ROLE)
    world.error("throttling")
    world.pace("step")
    world.clock.freeze()
    world.clock.advance(days=1)

    world.reset()

    assert world.rules() == []
    assert world.pace()["pace"] == "manual"
    assert world.client().list_images()["Images"] == []
    assert not world.clock.frozen
    assert world.clock.now() - began < 3600
    world.stop()


# --- The guard --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "away"),
    [
        ("api.sagemaker.us-east-1.amazonaws.com", True),
        ("10.0.0.1", True),
        ("example.org", True),
        ("127.0.0.1", False),
        ("::1", False),
        ("localhost", False),
        ("bucket.s3.localhost.localstack.cloud", False),
        ("emulator", False),
    ],
)
def test_it_is_known_what_leaves(host: str, away: bool) -> None:
    assert leaves(host) is away


def test_over_http_a_client_that_was_not_pointed_here_is_refused() -> None:
    client = boto3.client("sagemaker", **KEYS)

    with SageMaker(transport="http"), pytest.raises(LeakError, match=r"SageMaker.ListModels would have left"):
        client.list_models()


@pytest.mark.usefixtures("without_companions")
def test_asked_to_the_guard_refuses_every_service() -> None:
    client = boto3.client("s3", **KEYS)

    with SageMaker(guard="all"), pytest.raises(LeakError, match=r"s3.amazonaws.com"):
        client.list_buckets()


def test_what_another_mock_answers_does_not_leave() -> None:
    with SageMaker(guard="all"), mock_aws():
        boto3.client("s3", **KEYS).create_bucket(Bucket="artifacts")
