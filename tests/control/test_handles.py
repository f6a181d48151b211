"""The Python object, the routes and the command line do the same."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner

from emulator.engine.clock import ManualClock
from emulator.engine.control import WORDS, Control
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace
from emulator.interfaces.cli import main
from tests.conftest import ROLE
from tests.control.conftest import RefusedError


def image(client: Any, name: str = "studio") -> str:
    client.create_image(ImageName=name, RoleArn=ROLE)
    return str(client.describe_image(ImageName=name)["ImageStatus"])


def test_the_clock_is_frozen_set_advanced_and_run(say: Any, emulator: Emulator, clock: ManualClock) -> None:
    assert say("clock set", time="2026-01-01T12:00:00Z") == {
        "time": "2026-01-01T12:00:00.000Z",
        "seconds": 1767268800,
        "frozen": True,
    }
    assert say("clock advance", minutes=5, hours=1)["time"] == "2026-01-01T13:05:00.000Z"
    assert say("clock set", time=1767268800.5)["time"] == "2026-01-01T12:00:00.500Z"
    assert not say("clock run")["frozen"]
    assert 1767268800 <= emulator.clock.now() < 1767268860
    assert say("clock freeze")["frozen"]
    stands = say("clock")
    assert stands == say("clock")


def test_what_is_made_has_the_time_of_the_clock(say: Any, client: Any) -> None:
    say("clock set", time="2030-05-01")
    image(client)

    assert client.describe_image(ImageName="studio")["CreationTime"].isoformat().startswith("2030-05-01")


def test_a_pace_holds_for_all_for_a_kind_and_for_a_name(say: Any, client: Any) -> None:
    assert say("pace") == {"pace": "instant", "speed": 1.0}
    say("pace", pace="manual", kind="Image", name="held-*")
    said = say("pace", pace="step", kind="Image")

    assert said["rules"] == [
        {"pace": "manual", "speed": 1.0, "kind": "Image", "name": "held-*"},
        {"pace": "step", "speed": 1.0, "kind": "Image"},
    ]
    assert [image(client, name) for name in ("held-1", "other")] == ["CREATING", "CREATING"]
    assert client.describe_image(ImageName="held-1")["ImageStatus"] == "CREATING"
    assert client.describe_image(ImageName="other")["ImageStatus"] == "CREATED"
    assert say("step") == {"moved": 1}
    assert client.describe_image(ImageName="held-1")["ImageStatus"] == "CREATED"


def test_a_pace_said_again_takes_the_place_of_the_first(say: Any, client: Any) -> None:
    say("pace", pace="manual", kind="Image")
    said = say("pace", pace="instant", kind="Image")

    assert said["rules"] == [{"pace": "instant", "speed": 1.0, "kind": "Image"}]
    assert image(client) == "CREATED"


def test_a_status_can_be_seen_more_than_once(say: Any, client: Any) -> None:
    say("pace", pace="step", looks=3)
    client.create_image(ImageName="studio", RoleArn=ROLE)

    seen = [client.describe_image(ImageName="studio")["ImageStatus"] for _ in range(5)]
    assert seen == ["CREATING"] * 3 + ["CREATED"] * 2


def test_a_resource_fails_for_the_reason_asked_for(say: Any, client: Any) -> None:
    asked = say("fail", kind="Image", reason="no space left", name="bad-*", times=1)

    assert asked["happened"] == 0
    assert [image(client, name) for name in ("good", "bad-1", "bad-2")] == ["CREATED", "CREATE_FAILED", "CREATED"]
    assert client.describe_image(ImageName="bad-1")["FailureReason"] == "no space left"
    assert [(one["id"], one["happened"]) for one in say("rules")] == [(asked["id"], 1)]


def test_calls_are_refused_with_the_error_asked_for(say: Any, client: Any) -> None:
    say("error", code="throttling", operation="List*", times=1)
    say("error", code="TeapotException", message="short and stout", status=418, operation="DescribeImage")

    with pytest.raises(ClientError, match=r"\(ThrottlingException\).*Rate exceeded") as throttled:
        client.list_images()
    with pytest.raises(ClientError, match=r"\(TeapotException\).*short and stout") as teapot:
        client.describe_image(ImageName="studio")
    assert [one.value.response["ResponseMetadata"]["HTTPStatusCode"] for one in (throttled, teapot)] == [400, 418]
    assert client.list_images()["Images"] == []


def test_a_quota_is_kept_and_forgotten(say: Any, client: Any) -> None:
    asked = say("quota", kind="Image", limit=1)
    image(client, "one")

    with pytest.raises(ClientError, match=r"ResourceLimitExceeded.*'Total images' is 1 Images"):
        image(client, "two")
    assert say("forget", id=asked["id"]) == {"forgotten": [asked["id"]]}
    assert image(client, "two") == "CREATED"


def test_all_that_was_asked_for_is_told_in_its_order_and_forgotten(say: Any, emulator: Emulator) -> None:
    say("delay", seconds=0.5, operation="CreateModel")
    say("drop", operation="DeleteModel", every=2)
    say("error", code="internal", where="Foo", probability=0.5)
    say("fail", kind="Endpoint", verb="Update", reason="r")
    say("quota", kind="Endpoint", limit=0, instance_type="ml.m5.large")
    say("pace", pace="manual", kind="Endpoint")

    told = say("rules")
    assert [one["rule"] for one in told] == ["delay", "drop", "error", "fail", "quota"]
    assert told[0].items() >= {"seconds": 0.5, "operation": "CreateModel", "happened": 0}.items()
    assert told[1].items() >= {"every": 2}.items()
    assert told[2].items() >= {"code": "internal", "where": "Foo", "probability": 0.5, "operation": "*"}.items()
    assert told[4].items() >= {"kind": "Endpoint", "limit": 0, "instance_type": "ml.m5.large"}.items()
    assert len(say("forget")["forgotten"]) == 5
    assert say("rules") == []
    assert emulator.asked is None
    assert emulator.settings.paces == ()


@pytest.mark.parametrize("instance_type", [{}, {"instance_type": "ml.m5.large"}])
def test_a_quota_said_again_takes_the_place_of_the_first(say: Any, instance_type: dict[str, str]) -> None:
    say("quota", kind="Endpoint", limit=1, **instance_type)
    other = say("quota", kind="Endpoint", limit=1, instance_type="ml.m5.xlarge")
    again = say("quota", kind="Endpoint", limit=3, **instance_type)

    assert say("rules") == [other, again]


def test_a_reset_leaves_the_emulator_as_it_began(say: Any, client: Any, emulator: Emulator) -> None:
    began = emulator.clock.now()
    image(client)
    say("clock advance", days=1)
    say("pace", pace="manual")
    say("pace", pace="step", kind="Image")
    say("error", code="throttling")

    assert say("reset") == {"status": "reset"}
    assert client.list_images()["Images"] == []
    assert say("rules") == []
    assert say("pace") == {"pace": "instant", "speed": 1.0}
    assert emulator.clock.now() == began


def test_a_reset_of_one_place_leaves_what_is_for_all(say: Any, connect: Any, emulator: Emulator) -> None:
    here, there = connect(), connect(region="eu-west-1")
    image(here)
    image(there)
    say("clock advance", days=1)
    say("pace", pace="step")
    say("fail", kind="Image", reason="r")
    moved = emulator.clock.now()

    say("reset", region="eu-west-1")
    assert [len(one.list_images()["Images"]) for one in (here, there)] == [1, 0]
    assert len(say("rules")) == 1
    assert emulator.settings.pace == Pace("step")
    assert emulator.clock.now() == moved


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("clock set", {"time": "soon"}),
        ("clock set", {}),
        ("clock advance", {"minutes": -5}),
        ("clock advance", {"fortnights": 1}),
        ("clock advance", {"days": 1e15}),
        ("pace", {"pace": "fast"}),
        ("pace", {"pace": "step", "looks": 0}),
        ("pace", {"pace": "real", "speed": -1}),
        ("pace", {"pace": "real", "speed": 10**400}),
        ("clock advance", {"days": 10**400}),
        ("clock set", {"time": 10**400}),
        ("pace", {"pace": "step", "kind": "Unicorn"}),
        ("pace", {"kind": "Image"}),
        ("fail", {"kind": "Unicorn", "reason": "r"}),
        ("fail", {"kind": "Model", "reason": "r"}),  # a model has no life
        ("fail", {"kind": "Image", "verb": "Stop", "reason": "r"}),
        ("fail", {"kind": "Image"}),
        ("fail", {"kind": "Image", "reason": "r", "where": "a[["}),
        ("fail", {"kind": "Image", "reason": "r", "where": "Tags[?begins_with(Key, 'a')]"}),
        ("fail", {"kind": "Image", "reason": "r", "where": "(" * 3000}),
        ("fail", {"kind": "Image", "reason": "r", "where": "!" * 5000 + "a"}),
        ("fail", {"kind": "Image", "reason": "r", "where": "||".join(["a"] * 5000)}),
        ("fail", {"kind": "Image", "reason": "r", "times": 0}),
        ("error", {"code": "throttling", "operation": "Fly*"}),
        ("error", {"code": "throttling", "probability": 2}),
        ("error", {"code": "throttling", "every": 0}),
        ("error", {"code": "throttling", "status": 200}),
        ("error", {"code": ""}),
        ("error", {"code": "Not Possible"}),
        ("error", {"code": "Teapot\r\nX-Y: z"}),
        ("error", {"code": "\u65e5\u672c"}),
        ("delay", {"seconds": -1}),
        ("quota", {"kind": "Image", "limit": -1}),
        ("quota", {"kind": "Unicorn", "limit": 1}),
        ("quota", {"kind": "Model*", "limit": 1}),
        ("quota", {"kind": "Model", "limit": 1, "instance_type": "ml.m5.large"}),  # a model uses none
        ("quota", {"kind": "Endpoint", "limit": 1, "instance_type": "m5"}),
        ("forget", {"id": "error-0"}),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    say: Any, emulator: Emulator, name: str, said: dict[str, Any]
) -> None:
    now = emulator.clock.now()

    with pytest.raises(RefusedError, match=r"[A-Za-z]"):
        say(name, **said)
    assert emulator.asked is None
    assert emulator.control.rules() == []
    assert emulator.settings.pace == Pace()
    assert emulator.settings.paces == ()
    assert emulator.clock.now() == now


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("quota", {"kind": "Model", "limit": 2.5}),
        ("quota", {"kind": "Model", "limit": "3"}),
        ("quota", {"kind": "Model", "limit": True}),
        ("fail", {"kind": "Image", "reason": None}),
        ("error", {"code": None}),
        ("error", {"code": "throttling", "times": 1.5}),
        ("error", {"code": "throttling", "operation": 5}),
        ("delay", {"seconds": "1"}),
        ("delay", {"seconds": float("nan")}),
        ("pace", {"pace": "step", "looks": "2"}),
        ("state load", {"document": b"[]"}),
    ],
)
def test_what_is_of_another_type_is_refused_and_changes_nothing_in_python_too(
    emulator: Emulator, name: str, said: dict[str, Any]
) -> None:
    does = next(word.does for word in WORDS if word.name == name)

    with pytest.raises(ValueError, match=f"Expected {list(said)[-1]} as "):
        does(emulator.control, **said)
    assert emulator.control.rules() == []
    assert emulator.settings.pace == Pace()


@pytest.mark.parametrize("word", [word for word in WORDS if word.parameters], ids=lambda word: word.name)
def test_no_word_takes_what_is_of_no_type_of_its_own(word: Any, emulator: Emulator) -> None:
    for name in word.parameters:
        said = dict.fromkeys((one for one, of in word.parameters.items() if of.required), object()) | {name: object()}
        with pytest.raises(ValueError, match="Expected "):
            word.does(emulator.control, **said)


def test_words_said_at_once_are_all_kept_and_all_forgotten(control: Control, emulator: Emulator) -> None:
    many, interval = range(50), sys.getswitchinterval()

    def ask(_: int) -> list[str]:
        asked = [control.error("throttling", operation="ListApps")["id"] for _ in many]
        asked += [control.quota("Image", 1)["id"], control.pace("step", kind="Image")["pace"]]
        control.rules()
        return asked[: len(many)]

    def forget(asked: list[str]) -> None:
        for one in asked:
            control.forget(one)
            control.rules()

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            asked = list(pool.map(ask, range(4)))
            rules = [one["id"] for one in control.rules() if one["rule"] == "error"]
            assert sorted(rules) == sorted(one for ids in asked for one in ids)
            assert [one["limit"] for one in control.rules() if one["rule"] == "quota"] == [1]
            list(pool.map(forget, asked))
    finally:
        sys.setswitchinterval(interval)
    assert [one["rule"] for one in control.rules()] == ["quota"]


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.name)
def test_every_word_says_what_it_does_and_takes_simple_values(word: Any) -> None:
    assert word.does.__doc__
    assert set(word.given) <= word.parameters.keys()


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.name)
def test_every_flag_says_what_it_is(word: Any) -> None:
    said = CliRunner().invoke(main, ["control", *word.name.split(), "--help"]).output

    flags = [line.split() for line in said.partition("Options:")[2].splitlines() if line.strip().startswith("--")]
    assert all(len(flag) > 3 for flag in flags), said  # the flag, its type, and words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (("clock set", {"time": "soon"}), "soon is no time: expected seconds since 1970, or ISO 8601"),
        (("pace", {"pace": "step", "kind": "Endpoimt"}), "Nothing here is called Endpoimt. There is Endpoint."),
        (("drop", {"where": "a["}), "a[ is no JMESPath: Incomplete expression."),
        (("drop", {"where": "b(a)"}), "b(a) is no JMESPath: there is no function b."),
        (("quota", {"kind": "Model", "limit": 1, "instance_type": "m5"}), "No Model uses an instance of type m5."),
    ],
    ids=lambda said: said[0] if isinstance(said, tuple) else "",
)
def test_what_is_refused_is_said_in_one_line(say: Any, said: tuple[str, Any], words: str) -> None:
    with pytest.raises(RefusedError) as refused:
        say(said[0], **said[1])
    assert words in str(refused.value).strip()
    assert len(str(refused.value).strip().splitlines()) == 1


def test_a_body_that_is_no_json_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{url}/_emulator/clock/advance", b"minutes=5")
    with refused.value as error:
        assert (error.code, json.load(error)) == (400, {"message": "Expected a JSON object."})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "fail"),
        ("PUT", "pace"),
        ("POST", "state/load"),
        ("POST", "calls/replay"),
    ],
)
def test_a_body_that_is_too_deep_is_refused_in_a_sentence(url: str, method: str, path: str) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(f"{url}/_emulator/{path}", b"[" * 100_000, method=method))
    with refused.value as error:
        assert error.code == 400
        assert json.load(error)["message"]


def test_a_file_that_is_no_text_is_refused_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "state"
    file.write_bytes(b"\xff\xfe\x00")

    ran = CliRunner().invoke(main, ["control", "state", "load", str(file)])
    assert (ran.exit_code, ran.output) == (1, f"Error: {file} is no text in UTF-8.\n")
