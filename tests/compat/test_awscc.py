"""Terraform's AWSCC provider in the form of a model: its calls in their order, and what it makes of the answers.

The provider keeps what it read as its state. It breaks on a value of another JSON type than the schema says, and plans
a change, or a replacement, for every configured value that does not come back as it was written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import jsonpatch
import pytest
from botocore.exceptions import ClientError

from emulator.engine.emulator import Emulator
from emulator.registry import schema as schemas
from tests.conftest import ROLE

STORY = Path(__file__).parents[2] / "fixtures" / "cloudcontrol" / "stackql-model-packages.json"
TOKENS = count(1)
CONTAINER = "123456789012.dkr.ecr.us-east-1.amazonaws.com/serve:1"
CLASSES = {"string": str, "boolean": bool, "integer": int, "number": (int, float), "array": list, "object": dict}
TAGS = [{"Key": "team", "Value": "vision"}, {"Key": "cost-centre", "Value": "42"}]
POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Sid": "all", "Effect": "Allow", "Action": ["sagemaker:*"]}]}
)


class Provider:
    """The provider's generic resource."""

    def __init__(self, client: Any, name: str) -> None:
        self.client = client
        self.name = name
        self.schema = schemas.load("sagemaker")[name]
        self.identifier = ""
        self.state: dict[str, Any] = {}

    def create(self, config: Mapping[str, Any]) -> None:
        """Create, wait, and read, for there is always something that only the service knows."""
        event = self._wait(self.client.create_resource(DesiredState=json.dumps(config), **self._said()))
        self.identifier = event["Identifier"]  # the one of the last poll
        self.refresh()

    def refresh(self) -> bool:
        """Read; a resource that is not there any more is dropped from the state."""
        try:
            answer = self.client.get_resource(TypeName=self.name, Identifier=self.identifier)
        except self.client.exceptions.ResourceNotFoundException:
            self.state = {}
            return False
        self.state = json.loads(answer["ResourceDescription"]["Properties"])
        assert not [*mistyped(self.schema, self.schema, self.state, "")]
        return True

    def update(self, config: Mapping[str, Any]) -> None:
        """Send what has changed, against the state, in which write-only properties have no value."""
        old = {name: value for name, value in self.state.items() if name not in self._of("readOnlyProperties")}
        unconfigured = {name: value for name, value in old.items() if name not in config}
        new = {**unconfigured, **config}
        patch = [*jsonpatch.make_patch(old, new)]
        said = {"Identifier": self.identifier, "PatchDocument": json.dumps(patch), **self._said()}
        self._wait(self.client.update_resource(**said))
        self.state = {**self.state, **new}

    def delete(self) -> None:
        """Delete and wait; that there is nothing is as good."""
        self._wait(self.client.delete_resource(Identifier=self.identifier, **self._said()))

    def planned(self, config: Mapping[str, Any]) -> list[str]:
        """Return the properties that the next plan would change; those that are only written are not compared."""
        unread = self._of("writeOnlyProperties")
        return [name for name, value in config.items() if name not in unread and self.state.get(name) != value]

    def _of(self, keyword: str) -> set[str]:
        return {text.split("/")[2] for text in self.schema.get(keyword, ())}

    def _said(self) -> dict[str, str]:
        return {"TypeName": self.name, "ClientToken": f"terraform-2026112106000000000000000{next(TOKENS)}"}

    def _wait(self, answer: dict[str, Any]) -> dict[str, Any]:
        token = answer["ProgressEvent"]["RequestToken"]
        event = self.client.get_resource_request_status(RequestToken=token)["ProgressEvent"]
        assert event["OperationStatus"] == "SUCCESS", event
        return event


def mistyped(whole: Mapping[str, Any], node: Mapping[str, Any], value: Any, at: str) -> Iterator[str]:
    """Yield where a value has another JSON type than the schema says; there the provider panics."""
    node = schemas.resolved(whole, node)
    kind = node.get("type")
    if isinstance(kind, str) and value is not None:
        wrong = isinstance(value, bool) and kind != "boolean"
        if wrong or not isinstance(value, CLASSES[kind]):
            yield f"{at} is {value!r} and not a {kind}"
    if isinstance(value, dict):
        for name, inner in node.get("properties", {}).items():
            if name in value:
                yield from mistyped(whole, inner, value[name], f"{at}/{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from mistyped(whole, node["items"], inner, f"{at}/{number}")


def packages() -> Iterator[dict[str, Any]]:
    """Yield states of model packages that between them have every property."""
    for exchange in json.loads(STORY.read_text("utf-8"))["exchanges"]:
        body = exchange["request"]["body"]
        if body.get("TypeName") == "AWS::SageMaker::ModelPackage" and "DesiredState" in body:
            yield body["DesiredState"]


VERSIONED, ALONE, _ = packages()

# A resource of each of the documents' types: what it is made as, and what of it is changed.
RESOURCES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "image": (
        "Image",
        {"ImageName": "Pytorch-Training", "ImageRoleArn": ROLE, "ImageDescription": "words", "Tags": TAGS},
        {"ImageDescription": "other words", "Tags": [TAGS[0], {"Key": "cost-centre", "Value": "43"}]},
    ),
    "image version": (
        "ImageVersion",
        {
            "ImageName": "base",
            "BaseImage": CONTAINER,
            "Alias": "v1",
            "Aliases": ["latest", "stable"],
            "Horovod": False,
            "JobType": "TRAINING",
            "MLFramework": "PyTorch 2.4",
            "Processor": "GPU",
            "ProgrammingLang": "Python 3.11",
            "ReleaseNotes": "for training",
            "VendorGuidance": "STABLE",
        },
        {"Aliases": ["latest"], "Horovod": True, "ReleaseNotes": "for more training"},
    ),
    "model package group": (
        "ModelPackageGroup",
        {
            "ModelPackageGroupName": "Churn",
            "ModelPackageGroupDescription": "who leaves",
            "ModelPackageGroupPolicy": POLICY,
            "Tags": TAGS,
        },
        {"ModelPackageGroupPolicy": POLICY.replace("all", "each"), "Tags": [*reversed(TAGS)]},
    ),
    "versioned model package": (
        "ModelPackage",
        VERSIONED,
        {"ModelApprovalStatus": "Approved", "CustomerMetadataProperties": {"owner": "fraud"}},
    ),
    "model package alone": ("ModelPackage", ALONE, {"Tags": [{"Key": "team", "Value": "sales"}]}),
    "model": (
        "Model",
        {
            "ModelName": "Churn",
            "ExecutionRoleArn": ROLE,
            "EnableNetworkIsolation": False,
            "PrimaryContainer": {
                "Image": CONTAINER,
                "ModelDataUrl": "s3://models/churn/model.tar.gz",
                "Environment": {"LOG_LEVEL": "info", "Workers": "2"},
                "Mode": "SingleModel",
            },
            "VpcConfig": {"SecurityGroupIds": ["sg-2", "sg-1"], "Subnets": ["subnet-2", "subnet-1"]},
            "Tags": TAGS,
        },
        {"Tags": TAGS[:1]},
    ),
}


@pytest.fixture
def client(connect: Callable[..., Any]) -> Any:
    """A boto3 client of Cloud Control, in an account with an image and a group."""
    client = connect("cloudcontrol")
    Provider(client, "AWS::SageMaker::Image").create({"ImageName": "base", "ImageRoleArn": ROLE})
    Provider(client, "AWS::SageMaker::ModelPackageGroup").create({"ModelPackageGroupName": "churn"})
    return client


@pytest.mark.parametrize("resource", RESOURCES)
def test_what_is_applied_stays_as_planned_is_changed_in_place_and_goes(client: Any, resource: str) -> None:
    kind, config, changes = RESOURCES[resource]
    provider = Provider(client, f"AWS::SageMaker::{kind}")
    unsent = {"ClientToken"}  # both only written and only at creation, so that no update of it can ever be sent
    config = {name: value for name, value in config.items() if name not in unsent}
    provider.create(config)
    assert provider.planned(config) == []
    assert provider.refresh()
    assert provider.planned(config) == []
    changed = {**config, **changes}
    provider.update(changed)
    assert provider.refresh()
    assert provider.planned(changed) == []
    provider.delete()
    assert not provider.refresh()


def test_the_calls_of_an_apply_come_in_the_providers_order(client: Any, emulator: Emulator) -> None:
    emulator.history.forget()
    provider = Provider(client, "AWS::SageMaker::Image")
    provider.create({"ImageName": "i", "ImageRoleArn": ROLE})
    provider.update({"ImageName": "i", "ImageRoleArn": ROLE, "ImageDescription": "x"})
    provider.delete()
    called = [heard.operation for heard in emulator.history.calls if heard.elsewhere]
    assert called == [
        "CreateResource",
        "GetResourceRequestStatus",
        "GetResource",
        "UpdateResource",
        "GetResourceRequestStatus",
        "DeleteResource",
        "GetResourceRequestStatus",
    ]


def test_a_token_that_can_only_be_written_at_creation_is_never_updated(client: Any) -> None:
    provider = Provider(client, "AWS::SageMaker::ModelPackage")
    provider.create(VERSIONED)
    with pytest.raises(ClientError, match=r"createOnlyProperties \[/properties/ClientToken\] cannot be updated"):
        provider.update({**VERSIONED, "ModelApprovalStatus": "Approved"})
