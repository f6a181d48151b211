"""What was called is told, asserted, carried elsewhere and called again: through each handle, by boto3's calls."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from emulator.engine.clock import ManualClock
from emulator.engine.control import Control
from emulator.engine.emulator import Emulator
from emulator.engine.identity import snake
from tests.conftest import ACCOUNT, REGION, ROLE
from tests.control.conftest import RefusedError


def image(client: Any, name: str = "studio", **more: Any) -> None:
    client.create_image(ImageName=name, RoleArn=ROLE, **more)


def refuse(client: Any, name: str = "nobody") -> None:
    with pytest.raises(ClientError):
        client.describe_image(ImageName=name)


def test_a_call_is_told_with_its_input_its_answer_its_caller_and_its_time(
    say: Any, client: Any, clock: ManualClock
) -> None:
    clock.set("2026-01-01T12:00:00Z")
    image(client)

    (told,) = say("calls")
    assert 0 <= told.pop("seconds") < 10
    assert told.pop("id") > 0
    assert told == {
        "time": "2026-01-01T12:00:00.000Z",
        "operation": "CreateImage",
        "account": ACCOUNT,
        "region": REGION,
        "caller": ACCOUNT,
        "input": {"ImageName": "studio", "RoleArn": ROLE},
        "answer": {"ImageArn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:image/studio"},
    }


def test_a_refused_call_is_told_with_its_error(say: Any, client: Any) -> None:
    refuse(client)
    say("error", code="throttling")
    refuse(client)

    missing, throttled = say("calls")
    assert missing["error"]["code"] == "ResourceNotFound"
    assert "nobody" in missing["error"]["message"]
    assert missing["error"]["status"] == 400
    assert "answer" not in missing
    assert throttled["error"]["code"] == "ThrottlingException"


def test_calls_are_found_by_operation_name_input_error_caller_and_place(say: Any, connect: Any) -> None:
    here, there = connect(), connect(region="eu-west-1", account="999900001111")
    image(here)
    image(there, "other")
    refuse(here)

    def numbers(**said: Any) -> list[str]:
        return [f"{one['operation']} {one['input']['ImageName']}" for one in say("calls", **said)]

    assert numbers() == ["CreateImage studio", "CreateImage other", "DescribeImage nobody"]
    assert numbers(operation="Create*") == ["CreateImage studio", "CreateImage other"]
    assert numbers(name="stu*") == ["CreateImage studio"]
    assert numbers(where="ImageName == 'other'") == ["CreateImage other"]
    assert numbers(error="*") == ["DescribeImage nobody"]
    assert numbers(error="Throttling*") == []
    assert numbers(caller="9999*") == numbers(region="eu-*") == numbers(account="999900001111") == ["CreateImage other"]
    assert numbers(last=1) == ["DescribeImage nobody"]


def test_calls_are_found_by_their_time(say: Any, client: Any, clock: ManualClock) -> None:
    for day in (1, 2, 3):
        clock.set(f"2026-01-0{day}")
        image(client, f"day-{day}")

    said = say("calls", since="2026-01-02", until="2026-01-02T23:59:59Z")
    assert [one["input"]["ImageName"] for one in said] == ["day-2"]


def test_no_more_calls_are_kept_than_was_said_and_none_at_0(say: Any, client: Any) -> None:
    names = ("one", "two", "three")
    try:
        assert say("calls keep", size=2) == {"kept": 2}
        for name in names:
            image(client, name)
        assert [one["input"]["ImageName"] for one in say("calls")] == ["two", "three"]
        say("calls keep", size=0)
        image(client, "four")
        assert say("calls") == []
    finally:
        say("calls keep", size=1000)


def test_calls_are_forgotten_when_asked_to_and_by_a_reset_of_their_place(say: Any, connect: Any) -> None:
    here, there = connect(), connect(region="eu-west-1")
    image(here)
    image(there)

    say("reset", region="eu-west-1")
    assert [one["region"] for one in say("calls")] == [REGION]
    assert say("calls clear") == {"forgotten": 1}
    image(there)
    say("reset")
    assert say("calls") == []


def test_an_export_is_replayed_with_the_same_outcome(say: Any, client: Any) -> None:
    image(client)
    refuse(client)
    lines = say("calls export")
    assert [json.loads(line)["operation"] for line in lines.splitlines()] == ["CreateImage", "DescribeImage"]

    say("reset")
    assert say("calls replay", lines=lines) == {"replayed": 2, "skipped": 0, "differed": []}
    assert [one["ImageName"] for one in client.list_images()["Images"]] == ["studio"]
    (differed,) = say("calls replay", lines=lines)["differed"]
    assert (differed["operation"], differed["was"], differed["is"]) == ("CreateImage", None, "ResourceInUse")


def test_an_exported_script_makes_the_calls_that_were_answered(
    say: Any, client: Any, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    image(client, DisplayName='it\'s "quoted"')
    refuse(client)
    client.list_images()
    script = say("calls export", form="boto3")
    assert "# DescribeImage was refused: ResourceNotFound" in script

    say("reset")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER", url)
    exec(compile(script, "script", "exec"), {})  # noqa: S102 - our own script
    assert client.describe_image(ImageName="studio")["DisplayName"] == 'it\'s "quoted"'
    assert [one["operation"] for one in say("calls")] == ["CreateImage", "ListImages", "DescribeImage"]


def test_a_call_of_a_data_plane_is_told_without_its_answer(control: Control, connect: Any) -> None:
    with pytest.raises(ClientError):
        connect("sagemaker-runtime").invoke_endpoint(EndpointName="nobody", Body=b"1")

    (told,) = control.calls
    assert (told["operation"], told["input"]) == ("InvokeEndpoint", {"EndpointName": "nobody"})
    assert "answer" not in told


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("calls", {"operation": "Fly*"}),
        ("calls", {"where": "a[["}),
        ("calls", {"since": "soon"}),
        ("calls", {"last": 0}),
        ("calls keep", {"size": -1}),
        ("calls export", {"form": "xml"}),
        ("calls replay", {"lines": '{"operation": "ListImages", "input": {}}\n{}'}),
        ("calls replay", {"lines": '{"operation": "ListImages", "input": {}, "region": "EU_West 1"}'}),
        ("calls replay", {"lines": "[" * 100_000}),
        ("calls replay", {"lines": f'{{"operation": "ListImages", "input": {{"a": {"[" * 600}{"]" * 600}}}}}'}),
    ],
)
def test_what_makes_no_sense_is_refused(say: Any, emulator: Emulator, name: str, said: dict[str, Any]) -> None:
    with pytest.raises(RefusedError, match=r"[A-Za-z]"):
        say(name, **said)
    assert emulator.history.size == 1000
    assert len(emulator.control.calls) == 0


def test_a_script_spells_operations_as_boto3_does(emulator: Emulator) -> None:
    operations = emulator.catalogue.model.operations
    assert [snake(one) for one in operations] == [xform_name(one) for one in operations]


# --- Assertions -------------------------------------------------------------------------------------------------------


def test_a_call_that_was_made_is_returned_by_its_assertion(control: Control, client: Any) -> None:
    image(client, Tags=[{"Key": "team", "Value": "churn"}])
    refuse(client)

    (told,) = control.calls.assert_called("CreateImage", ImageName="studio", Tags=[{"Key": "team"}])
    assert told["answer"]["ImageArn"].endswith("image/studio")
    assert control.calls.assert_called("DescribeImage")[0]["error"]["code"] == "ResourceNotFound"
    control.calls.assert_not_called("DeleteImage")
    control.calls.assert_not_called("CreateImage", ImageName="other")


def test_an_assertion_compares_times_as_the_wire_carries_them(control: Control, client: Any) -> None:
    after = datetime(2026, 1, 1, tzinfo=timezone.utc)
    client.list_images(CreationTimeAfter=after)

    control.calls.assert_called("ListImages", CreationTimeAfter=after)
    control.calls.assert_not_called("ListImages", CreationTimeAfter=after.replace(year=2025))


def test_an_assertion_that_fails_shows_the_calls_that_come_near(control: Control, client: Any) -> None:
    image(client, "one")

    with pytest.raises(AssertionError) as missed:
        control.calls.assert_called("CreateImage", ImageName="two", DisplayName="Two")
    said = str(missed.value)
    assert said.startswith("CreateImage with ImageName='two', DisplayName='Two' was not called.")
    assert "ImageName is 'one' and not 'two'; DisplayName is absent" in said
    with pytest.raises(AssertionError, match=r"(?s)Calls that come near:.*CreateImage\(ImageName='one'"):
        control.calls.assert_called("CreateImageVersion", ImageName="one")
    with pytest.raises(AssertionError, match=r"What was called: CreateImage \(1\)"):
        control.calls.assert_called("StopPipelineExecution")
    with pytest.raises(AssertionError, match=r"(?s)CreateImage was called once:.*ImageName='one'"):
        control.calls.assert_not_called("CreateImage")
    control.calls.clear()
    with pytest.raises(AssertionError, match="Nothing was called"):
        control.calls.assert_called("CreateImage")


def test_no_assertion_holds_about_an_operation_that_is_none_or_calls_that_are_not_kept(
    control: Control, emulator: Emulator
) -> None:
    with pytest.raises(ValueError, match="CreatImage"):
        control.calls.assert_not_called("CreatImage")
    control.calls.keep(0)
    try:
        with pytest.raises(ValueError, match="No calls are kept"):
            control.calls.assert_not_called("CreateImage")
    finally:
        control.calls.keep(1000)
