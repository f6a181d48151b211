"""Events are pushed, posted or put to an EventBridge's bus: all, once, in order; what goes wrong is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any
from urllib.error import URLError

import boto3
import pytest
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from emulator import SageMaker
from emulator.engine.changes import KEPT, Change, Following
from emulator.engine.clock import ManualClock
from emulator.engine.control import Control
from emulator.engine.emulator import Emulator
from emulator.engine.pushing import _reason
from tests.conftest import ACCOUNT, REGION, ROLE
from tests.control.conftest import RefusedError
from tests.control.receiving import Answer, receiving

CONTAINER = {"Image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/serve:1"}


def models(client: Any, many: int) -> list[str]:
    """Make models, each of which is one event; return their names."""
    names = [f"churn-{number}" for number in range(many)]
    for name in names:
        client.create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=CONTAINER)
    return names


def ended(control: Control) -> Any:
    """Stop pushing, wait until what is being sent is sent, and return how it went."""
    pusher = control.events._pusher
    assert pusher is not None
    control.events.stop()
    for thread in threading.enumerate():
        if thread.name == "sagemaker-emulator-events":
            thread.join(10)
    return pusher.said()


# --- Posted -----------------------------------------------------------------------------------------------------------


def test_events_are_pushed_to_a_url_until_that_is_stopped(say: Any, client: Any) -> None:
    with receiving() as there:
        assert say("events push", url=there.url) == {"url": there.url, "sent": 0, "failed": 0}
        models(client, 2)

        assert [there.next().said["detail"]["ModelName"] for _ in range(2)] == ["churn-0", "churn-1"]
        assert say("events stop")["url"] == there.url
        assert say("events stop") == {}


@pytest.mark.parametrize("bus", [None, "default"])
@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ((500, b""), "500 Internal Server Error"),
        ((400, b"no such bus"), "400 Bad Request: no such bus"),
        ((0, b""), "closed"),
    ],
)
def test_what_is_not_taken_is_counted_and_the_next_is_tried(
    control: Control, client: Any, answer: Answer, wrong: str, bus: str | None
) -> None:
    answers = iter([answer])
    with receiving(lambda _: next(answers, (200, b"{}"))) as there:
        control.events.push(there.url, bus)
        for number in range(2):
            client.create_model(ModelName=f"churn-{number}", ExecutionRoleArn=ROLE, PrimaryContainer=CONTAINER)
            there.next()
        how = ended(control)
    assert (how["sent"], how["failed"]) == (1, 1)
    assert wrong in how["error"]


def test_an_event_that_cannot_be_told_is_counted_and_the_next_is_sent(
    control: Control, client: Any, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert emulator.changes is not None
    tell, wrong = emulator.changes.teller.tell, iter([LookupError("no words for it")])

    def told(change: Change) -> Any:
        for error in wrong:
            raise error
        return tell(change)

    monkeypatch.setattr(emulator.changes.teller, "tell", told)
    with receiving() as there:
        control.events.push(there.url)
        models(client, 2)
        assert there.next().said["detail"]["ModelName"] == "churn-1"
        how = ended(control)
    assert how == {"url": there.url, "sent": 1, "failed": 1, "error": "no words for it"}
    assert "An event cannot be told" in caplog.text


def test_events_are_sent_though_something_could_not_be_settled(
    control: Control, client: Any, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settled, wrong = threading.Event(), iter([LookupError("no clock")] * 3)

    def settle() -> None:
        for error in wrong:
            raise error
        settled.set()

    with receiving() as there:
        control.events.push(there.url)
        monkeypatch.setattr("emulator.engine.events.TICK", 0.001)
        monkeypatch.setattr(emulator, "settle", settle)
        assert settled.wait(10)
        models(client, 1)
        there.next()
        how = ended(control)
    assert how == {"url": there.url, "sent": 1, "failed": 0, "error": "no clock"}
    assert len(caplog.records) == 1


def test_a_url_that_nobody_listens_at_holds_no_call(control: Control, client: Any) -> None:
    with receiving() as there:
        pass
    control.events.push(there.url)

    assert len(models(client, 3)) == 3
    assert len(control.events) == 3


@pytest.mark.parametrize("error", [URLError(ConnectionRefusedError("refused")), TimeoutError("refused")])
def test_what_went_wrong_is_said_without_the_names_of_libraries(error: Exception) -> None:
    assert _reason(error) == "refused"


def test_of_more_than_are_kept_the_oldest_are_lost_and_counted() -> None:
    following, many = Following(threading.Condition()), list(range(KEPT + 5))
    following.hear(many[:3])  # type: ignore[arg-type] # whatever they are
    following.hear(many[3:])  # type: ignore[arg-type]

    assert following.next(0) == many[5:]
    assert following.lost == 5
    assert following.next(0) == []


# --- Put to a bus -----------------------------------------------------------------------------------------------------


def test_events_are_put_as_eventbridge_takes_them(say: Any, client: Any, clock: ManualClock) -> None:
    clock.set("2026-01-01T12:00:00Z")
    with receiving() as there:
        said = {"url": there.url, "bus": "models", "sent": 0, "failed": 0}
        assert say("events push", url=there.url, bus="models") == said
        models(client, 1)
        put = there.next()
        say("events stop")

    (entry,) = put.said["Entries"]
    assert json.loads(entry.pop("Detail"))["ModelName"] == "churn-0"
    assert entry == {
        "Time": 1767268800.0,
        "Source": "aws.sagemaker",
        "Resources": [f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model/churn-0"],
        "DetailType": "SageMaker Model State Change",
        "EventBusName": "models",
    }
    assert put.headers["x-amz-target"] == "AWSEvents.PutEvents"
    assert put.headers["content-type"] == "application/x-amz-json-1.1"
    scope = f"/{put.headers['x-amz-date'][:8]}/{REGION}/events/aws4_request"
    assert put.headers["authorization"].startswith(f"AWS4-HMAC-SHA256 Credential={ACCOUNT}{scope}, SignedHeaders=")


def test_ten_at_most_are_put_in_a_call_those_of_one_place_and_all_in_order(control: Control, connect: Any) -> None:
    begun, goes_on = threading.Event(), threading.Event()

    def answer(_: Any) -> Answer:
        begun.set()
        goes_on.wait(10)
        return 200, b"{}"

    with receiving(answer) as there:
        control.events.push(there.url, "default")
        names = models(connect(), 1)
        begun.wait(10)  # while this one is on its way, the others gather
        names += models(connect(region="eu-west-1"), 12) + models(connect(account="1" * 12), 2)
        goes_on.set()
        calls = [there.next() for _ in range(4)]
        assert ended(control)["sent"] == 15

    assert [len(call.said["Entries"]) for call in calls] == [1, 10, 2, 2]
    entries = [entry for call in calls for entry in call.said["Entries"]]
    assert [json.loads(entry["Detail"])["ModelName"] for entry in entries] == names
    assert ["eu-west-1" in call.headers["authorization"] for call in calls] == [False, True, True, False]


def test_an_entry_that_is_refused_is_counted_and_said_why(control: Control, client: Any) -> None:
    entry = {"ErrorCode": "NotAuthorizedForSourceException", "ErrorMessage": "aws.sagemaker"}
    with receiving(lambda _: (200, json.dumps({"FailedEntryCount": 1, "Entries": [entry]}).encode())) as there:
        control.events.push(there.url, "default")
        models(client, 1)
        there.next()
        how = ended(control)
    assert (how["sent"], how["failed"]) == (0, 1)
    assert how["error"] == "NotAuthorizedForSourceException: aws.sagemaker"


def test_what_answers_is_no_eventbridge(control: Control, client: Any) -> None:
    with receiving(lambda _: (200, b"<html>")) as there:
        control.events.push(there.url, "default")
        models(client, 1)
        there.next()
        assert ended(control)["failed"] == 1


@pytest.mark.parametrize("said", [{"bus": "default"}, {"url": "ftp://127.0.0.1/"}, {"url": "default"}])
def test_a_bus_needs_a_url_and_a_url_is_one_of_http(say: Any, said: dict[str, Any]) -> None:
    with pytest.raises(RefusedError, match="URL"):
        say("events push", **said)


def test_where_events_were_pushed_to_from_the_start_they_are_after_a_reset(control: Control, client: Any) -> None:
    with receiving() as there, receiving() as elsewhere:
        control.events.begin(there.url, "default")
        control.events.push(elsewhere.url)
        control.reset()
        models(client, 1)
        there.next()
        assert ended(control)["sent"] == 1
        assert elsewhere.received.empty()
    control.events._begun = (None, None)


@pytest.fixture
def moto() -> Iterator[str]:
    """The address of moto's server."""
    server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def test_moto_s_eventbridge_takes_them_and_archives_what_a_pattern_is_about(moto: str) -> None:
    keys = {"aws_access_key_id": ACCOUNT, "aws_secret_access_key": "local"}
    events = boto3.client("events", endpoint_url=moto, region_name=REGION, **keys)
    bus = events.create_event_bus(Name="models")["EventBusArn"]
    pattern = {"source": ["aws.sagemaker"], "detail-type": ["SageMaker Image State Change"]}
    events.create_archive(ArchiveName="images", EventSourceArn=bus, EventPattern=json.dumps(pattern))

    with SageMaker() as sagemaker:
        sagemaker.events.push(moto, bus="models")
        client = sagemaker.client()
        models(client, 1)
        client.create_image(ImageName="studio", RoleArn=ROLE)
        assert client.describe_image(ImageName="studio")["ImageStatus"] == "CREATED"

        assert any(events.describe_archive(ArchiveName="images")["EventCount"] == 2 for _ in range(1000))
        assert ended(sagemaker.control) == {"url": moto, "bus": "models", "sent": 3, "failed": 0}
    events.close()
