"""What Terraform asks, without Terraform: what was recorded is asked again and answered as it was.

`make terraform RECORD=yes` records anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.compat.terraform import recording
from tests.conftest import ACCOUNT, REGION, ROLE
from tests.wire.raw import JSON, Wire, ask, authorization

NAMES = sorted(path.stem for path in recording.FOLDER.glob("*.jsonl"))


class Provider:
    """Who asks as the provider does."""

    def __init__(self, url: str) -> None:
        self._connection = Wire(url).connection()

    def __call__(self, operation: str, params: Any) -> Any:
        """Return the answer, or the error as the history has it."""
        headers = {
            "User-Agent": "APN/1.0 HashiCorp/1.0 Terraform/1.11.4 terraform-provider-aws/5.100.0 aws-sdk-go-v2/1.36.3",
            "Amz-Sdk-Invocation-Id": "3f76bebb-1607-4c27-9f9a-024e59a41692",
            "Amz-Sdk-Request": "attempt=1; max=25",
            "Authorization": authorization(ACCOUNT, REGION),
            "Content-Type": JSON,
            "X-Amz-Date": "20231114T221320Z",
            "X-Amz-Target": f"SageMaker.{operation}",
            "Accept-Encoding": "gzip",
        }
        body = json.dumps(params, separators=(",", ":"), ensure_ascii=False).encode()
        reply = ask(self._connection, "POST", "/", body, headers)
        if reply.status == 200:
            return json.loads(reply.body) if reply.body else None
        error = reply.json
        message = error.get("message", error.get("Message"))
        return {"code": error["__type"].rpartition("#")[2], "message": message, "status": reply.status}

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def provider(url: str) -> Iterator[Provider]:
    with closing(Provider(url)) as provider:
        yield provider


@pytest.mark.parametrize("name", NAMES)
def test_what_terraform_asks_is_answered_as_it_was(name: str, provider: Provider) -> None:
    replay = recording.Replay()

    for number, call in enumerate(recording.read(name), 1):
        wanted, answer = replay.again(call, provider)
        assert answer == wanted, f"line {number}: {call['operation']}"


def test_the_recordings_hold_the_whole_life_of_every_resource() -> None:
    asked = {call["operation"] for name in NAMES for call in recording.read(name)}
    created = {name.removeprefix("Create") for name in asked if name.startswith("Create")}

    assert len(created) == 27  # of the provider's 30 resources; for the others there are operations of other names
    assert {f"{verb}{name}" for name in created for verb in ("Describe", "Delete")} <= asked
    assert {"RegisterDevices", "DescribeDevice", "UpdateDevices", "DeregisterDevices"} <= asked
    assert {f"{verb}ModelPackageGroupPolicy" for verb in ("Put", "Get", "Delete")} <= asked
    assert {f"{verb}SagemakerServicecatalogPortfolio" for verb in ("Enable", "Disable")} <= asked


def test_versions_of_images_live_as_version_6_of_the_provider_asks(provider: Provider) -> None:
    """Nothing of it is recorded: what it asks is read off its source."""
    provider("CreateImage", {"ImageName": "studio", "RoleArn": ROLE})
    said = {"ReleaseNotes": "new", "ProgrammingLang": "Python 3.8", "MLFramework": "PyTorch 2.1", "JobType": "TRAINING"}
    made = provider(
        "CreateImageVersion",
        {"ImageName": "studio", "BaseImage": "base:1", "ClientToken": "a", "Aliases": ["latest", "stable"], **said},
    )
    version = {"ImageName": "studio", "Version": int(made["ImageVersionArn"].rpartition("/")[2])}

    described = provider("DescribeImageVersion", version)
    assert described["ImageVersionStatus"] == "CREATED"
    assert described.items() >= {"BaseImage": "base:1", "Version": version["Version"], **said}.items()
    assert described["Horovod"] is False
    assert not {"Processor", "VendorGuidance"} & described.keys()
    assert set(provider("ListAliases", version)["SageMakerImageVersionAliases"]) == {"latest", "stable"}

    cleared = dict.fromkeys(("ReleaseNotes", "ProgrammingLang", "MLFramework"), "")
    provider("UpdateImageVersion", {**version, **cleared, "AliasesToAdd": ["old"], "AliasesToDelete": ["latest"]})
    described = provider("DescribeImageVersion", version)
    assert not any(described.get(name) for name in cleared)
    assert described["JobType"] == "TRAINING"
    assert set(provider("ListAliases", version)["SageMakerImageVersionAliases"]) == {"old", "stable"}

    provider("DeleteImageVersion", version)
    gone = provider("DescribeImageVersion", version)
    assert gone["code"] == "ResourceNotFound"
    assert "does not exist" in gone["message"]
