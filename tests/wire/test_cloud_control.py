"""What Terraform's AWSCC provider and StackQL send, as bytes: the requests in `fixtures/cloudcontrol`, and the answers.

A file is one story, played from its first request to its last against an empty emulator whose clock stands still.
``pytest tests/wire/test_cloud_control.py --update-golden`` writes the answers anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator.registry import schema
from tests.wire.raw import Wire, authorization

FIXTURES = Path(__file__).parents[2] / "fixtures" / "cloudcontrol"
STORIES = sorted(FIXTURES.glob("*.json"))
JSON = "application/x-amz-json-1.0"
_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_ROLE_ID = re.compile("AROA[A-Z0-9]+")
TOKEN = "<RequestToken>"  # noqa: S105 - stands for the token of the last request
PACKAGE = "AWS::SageMaker::ModelPackage"
# Members that hold JSON as text; in the stories they are what the text holds.
TEXTS = ("DesiredState", "PatchDocument", "ResourceModel", "Properties")

Story = dict[str, Any]


@pytest.mark.parametrize("path", STORIES, ids=[path.stem for path in STORIES])
def test_a_story_of_another_client_is_told_again(path: Path, wire: Wire, pytestconfig: pytest.Config) -> None:
    story: Story = json.loads(path.read_text("utf-8"))
    if any(body.get("TypeName", "").startswith("AWS::IAM::") for body in bodies(path)):
        pytest.importorskip("moto", reason="types of other services are moto's")
    told = play(story, wire)
    if pytestconfig.getoption("--update-golden"):
        path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")
        story = told
    for was, now in zip(story["exchanges"], told["exchanges"], strict=True):
        assert now == was


def test_a_path_a_query_string_and_an_accept_header_change_nothing(wire: Wire) -> None:
    body = b'{"TypeName":"AWS::SageMaker::Image"}'
    headers = sent("CloudApiService.ListResources")
    plain = wire.send("POST", "/", body, headers)
    other = wire.send("POST", "/?Action=ListResources&Version=2021-09-30", body, {**headers, "Accept": JSON})
    further = wire.send("POST", "/us-east-1/?Action=ListResources&Version=2021-09-30", body, headers)
    assert (plain.status, plain.body) == (other.status, other.body) == (further.status, further.body)
    assert plain.json["ResourceDescriptions"] == []
    assert plain.headers["content-type"] == JSON


def test_a_call_that_nobody_signed_is_known_by_its_target(wire: Wire) -> None:
    headers = {"X-Amz-Target": "CloudApiService.ListResources", "Content-Type": JSON}
    assert wire.send("POST", "/", b'{"TypeName":"AWS::SageMaker::Image"}', headers).json == {
        "TypeName": "AWS::SageMaker::Image",
        "ResourceDescriptions": [],
    }


def test_errors_of_the_service_and_of_its_front_say_whose_they_are(wire: Wire) -> None:
    def refused(operation: str, body: bytes) -> Any:
        reply = wire.send("POST", "/", body, sent(f"CloudApiService.{operation}"))
        assert reply.status == 400
        return reply.json["__type"]

    assert refused("GetResource", b'{"TypeName":"AWS::No::Type","Identifier":"x"}') == (
        "com.amazon.cloudapiservice#TypeNotFoundException"
    )
    assert refused("GetResource", b"{}") == "com.amazon.coral.service#ValidationException"
    assert refused("GetResource", b"no") == "com.amazon.coral.service#SerializationException"
    assert refused("GetCastle", b"{}") == "com.amazon.coral.service#UnknownOperationException"


def test_the_stories_give_every_property_of_a_model_package() -> None:
    [path] = [path for path in STORIES if path.stem == "stackql-model-packages"]
    states = [
        body["DesiredState"] for body in bodies(path) if body.get("TypeName") == PACKAGE and "DesiredState" in body
    ]
    kept = {"ModelPackageVersion", "ModelPackageStatusDetails"}  # settable by the schema, set by the service alone
    said = schema.load("sagemaker")[PACKAGE]
    read_only = {text.rpartition("/")[2] for text in said["readOnlyProperties"]}
    patched = {one["path"][1:] for body in bodies(path) for one in body.get("PatchDocument", ())}
    assert {name for state in states for name in state} | patched >= said["properties"].keys() - read_only - kept


def play(story: Story, wire: Wire) -> Story:
    """Return the story with the answers that its requests get now."""
    exchanges = []
    token = ""
    for exchange in story["exchanges"]:
        asked = exchange["request"]
        body = json.dumps(each(asked["body"], json.dumps)).replace(TOKEN, token).encode()
        path = f"/?{asked['query']}" if "query" in asked else "/"
        accept = {"Accept": asked["accept"]} if "accept" in asked else {}
        reply = wire.send("POST", path, body, sent(asked["target"]) | accept)
        token = reply.json.get("ProgressEvent", {}).get("RequestToken", token)
        said = json.loads(_UUID.sub("<uuid>", _ROLE_ID.sub("<role id>", reply.text)))
        answer = {"status": reply.status, "body": each(said, json.loads)}
        exchanges.append({"request": asked, "response": answer})
    return {**story, "exchanges": exchanges}


def sent(target: str) -> dict[str, str]:
    signed = authorization("123456789012", "us-east-1", "cloudcontrolapi")
    return {"X-Amz-Target": target, "Content-Type": JSON, "Authorization": signed}


def each(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return a value with its texts changed."""
    if isinstance(value, dict):
        return {name: change(one) if name in TEXTS else each(one, change) for name, one in value.items()}
    return [each(one, change) for one in value] if isinstance(value, list) else value


def bodies(path: Path) -> Iterator[dict[str, Any]]:
    return (exchange["request"]["body"] for exchange in json.loads(path.read_text("utf-8"))["exchanges"])
