"""What SageMaker sends to EventBridge is told, followed and pushed, of what boto3's calls and time have changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from botocore.exceptions import ClientError

from emulator import SageMaker
from emulator.engine.clock import ManualClock
from emulator.engine.control import Control
from emulator.interfaces import routes
from tests.conftest import ACCOUNT, REGION, ROLE
from tests.control.conftest import RefusedError
from tests.control.receiving import Receiver, receiving

MODEL = {"Image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/serve:1", "ModelDataUrl": "s3://bucket/model.tar.gz"}


def image(client: Any, name: str = "studio") -> None:
    client.create_image(ImageName=name, RoleArn=ROLE, Tags=[{"Key": "team", "Value": "churn"}])


def statuses(events: Any) -> list[str]:
    return [next(value for key, value in one["detail"].items() if key.endswith("Status")) for one in events]


def test_each_status_of_an_image_is_an_event_in_its_envelope(say: Any, client: Any, clock: ManualClock) -> None:
    clock.set("2026-01-01T12:00:00.5Z")
    image(client)

    begun, done = say("events")
    assert begun.pop("id") != done["id"]
    arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:image/studio"
    assert begun == {
        "version": "0",
        "detail-type": "SageMaker Image State Change",
        "source": "aws.sagemaker",
        "account": ACCOUNT,
        "time": "2026-01-01T12:00:00Z",
        "region": REGION,
        "resources": [arn],
        "detail": {
            "ImageName": "studio",
            "ImageArn": arn,
            "ImageStatus": "Creating",
            "Version": 1.0,
            "Tags": {"team": "churn"},
        },
    }
    assert done["detail"]["ImageStatus"] == "Created"


def test_an_event_comes_when_the_status_does(say: Any, client: Any) -> None:
    say("pace", pace="manual")
    image(client)
    assert statuses(say("events")) == ["Creating"]
    say("step")
    assert statuses(say("events")) == ["Creating", "Created"]


def test_events_are_found_by_type_resource_detail_and_place_and_forgotten(say: Any, connect: Any) -> None:
    here, there = connect(), connect(region="eu-west-1")
    image(here)
    image(there, "other")
    here.create_model(ModelName="churn", ExecutionRoleArn=ROLE, PrimaryContainer=MODEL)

    assert len(say("events")) == 5
    assert len(say("events", type="* Model State Change")) == 1
    assert len(say("events", resource="*:image/other")) == len(say("events", region="eu-west-1")) == 2
    assert len(say("events", where="detail.ImageStatus == 'Created'")) == 2
    assert len(say("events", last=1)) == 1
    say("reset", region="eu-west-1")
    assert say("events clear") == {"forgotten": 3}
    assert say("events") == []


def test_what_has_no_status_is_told_of_when_it_comes_and_when_it_goes(control: Control, client: Any) -> None:
    client.create_model(ModelName="churn", ExecutionRoleArn=ROLE, PrimaryContainer=MODEL)
    client.delete_model(ModelName="churn")

    made, gone = control.events
    assert made["detail"] == gone["detail"]
    assert made["detail"]["Containers"] is None
    assert made["detail"]["CreationTime"] == 1_700_000_000_000
    assert made["detail"]["PrimaryContainer"]["Image"] == MODEL["Image"]


def test_a_refused_call_sends_nothing(control: Control, client: Any) -> None:
    image(client)
    sent = len(control.events)

    with pytest.raises(ClientError):
        image(client)
    assert len(control.events) == sent


def test_an_endpoint_s_status_is_in_upper_case(control: Control, client: Any) -> None:
    client.create_model(ModelName="churn", ExecutionRoleArn=ROLE, PrimaryContainer=MODEL)
    variant = {"VariantName": "all", "ModelName": "churn", "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
    client.create_endpoint_config(EndpointConfigName="churn", ProductionVariants=[variant])
    client.create_endpoint(EndpointName="churn", EndpointConfigName="churn")

    assert statuses(control.events.query(type="* Endpoint State Change")) == ["CREATING", "IN_SERVICE"]
    (config,) = control.events.query(type="* Endpoint Config State Change")
    assert config["detail"]["DataCaptureConfig"] is None


def test_an_approval_is_an_event_that_names_what_was_updated(control: Control, client: Any) -> None:
    client.create_model_package_group(ModelPackageGroupName="churn")
    waiting = {"ModelPackageGroupName": "churn", "ModelApprovalStatus": "PendingManualApproval"}
    arn = client.create_model_package(**waiting)["ModelPackageArn"]
    control.events.query()
    control.events.clear()
    client.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")

    (event,) = control.events
    assert event["detail-type"] == "SageMaker Model Package State Change"
    assert event["detail"]["ModelApprovalStatus"] == "Approved"
    assert "ModelApprovalStatus" in event["detail"]["UpdatedModelPackageFields"]
    assert event["detail"]["CreationTime"] == "2023-11-14T22:13:20Z"


def test_events_are_streamed_as_they_come(url: str, client: Any) -> None:
    with urlopen(f"{url}/_emulator/events/stream", timeout=10) as stream:
        assert stream.headers.get_content_type() == "text/event-stream"
        stream.readline()
        image(client)
        lines = (line for line in stream if line.startswith(b"data: "))
        seen = [json.loads(next(lines)[6:]) for _ in range(2)]
    assert statuses(seen) == ["Creating", "Created"]


def test_four_clients_follow_at_a_time_and_a_fifth_when_one_has_gone(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emulator.engine.events.TICK", 0.01)

    def follow() -> Any:
        return urlopen(f"{url}/_emulator/events/stream", timeout=10)

    def refused() -> str:
        try:
            follow().close()
        except HTTPError as error:
            with error:
                return f"{error.code} {json.load(error)['message']}"
        return ""

    assert all(routes._streams.acquire(timeout=10) for _ in range(4))  # those of other tests have gone
    routes._streams.release(4)
    with ExitStack() as following:
        streams = [following.enter_context(follow()) for _ in range(4)]
        assert refused() == "503 No more than 4 clients follow events at a time."
        streams[0].close()
        assert not all(refused() for _ in range(10_000))  # the server sees that one has gone when it next writes to it


def test_a_stream_has_only_what_comes_from_now_on_and_all_of_it(control: Control, client: Any) -> None:
    image(client, "before")
    streams = [control.events.follow() for _ in range(2)]
    image(client)
    assert client.describe_image(ImageName="studio")["ImageStatus"] == "CREATED"

    for stream in streams:
        assert statuses(next(stream) for _ in range(2)) == ["Creating", "Created"]


def test_what_is_due_comes_to_who_follows_though_nobody_looks(
    control: Control, client: Any, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emulator.engine.events.TICK", 0.001)
    control.pace("real")
    stream = control.events.follow()
    image(client)
    assert statuses([next(stream)]) == ["Creating"]
    assert next(stream) is None
    clock.advance(hours=1)

    assert statuses([next(one for one in stream if one is not None)]) == ["Created"]


def test_the_handle_of_a_test_has_the_same_events(listening: Receiver) -> None:
    with SageMaker() as sagemaker:
        assert list(sagemaker.events) == []
        sagemaker.events.push(listening.url)
        image(sagemaker.client())
        assert sagemaker.client().describe_image(ImageName="studio")["ImageStatus"] == "CREATED"

        assert statuses(sagemaker.events) == ["Creating", "Created"]
        assert statuses(sagemaker.events.query(where="detail.ImageStatus == 'Created'")) == ["Created"]
        assert [listening.next().said for _ in range(2)] == list(sagemaker.events)
        assert sagemaker.events.clear() == {"forgotten": 2}
        sagemaker.reset()
        assert sagemaker.events.push() == {}


@pytest.fixture
def listening() -> Iterator[Receiver]:
    """A URL to push to."""
    with receiving() as there:
        yield there


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("events", {"where": "a[["}),
        ("events", {"since": "soon"}),
        ("events", {"last": 0}),
    ],
)
def test_what_makes_no_sense_is_refused(say: Any, name: str, said: dict[str, Any]) -> None:
    with pytest.raises(RefusedError, match=r"[A-Za-z]"):
        say(name, **said)
