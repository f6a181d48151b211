"""What clients do at the same time, each in an account of its own; and what is there after what they did.

What is to be there is asked of the same emulator in this process, which is sent the same requests one after the other.
Whatever is in an account is compared, so nothing may be missing, and nothing may be there by half.
"""

from __future__ import annotations

import http.client
import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

from emulator.engine import state
from emulator.engine.clock import ManualClock
from emulator.interfaces.http import create_app
from emulator.sagemaker.service import sagemaker
from tests.conftest import ROLE
from tests.durability.process import Ask, Process, answered, call

BEGIN = 1_900_000_000.0  # where the clocks stand
OTHER = "eu-west-1"

Step = Callable[[random.Random, str, int], list[Ask]]


def images(_: random.Random, account: str, number: int) -> list[Ask]:
    """An image with versions, whose aliases move: each call changes several things, one of them with a token."""
    image = f"image-{number % 6}"
    moved = {"AliasesToAdd": ["new"], "AliasesToDelete": ["one-1"]}
    return [
        call("CreateImage", account, ImageName=image, RoleArn=ROLE, Tags=[{"Key": "n", "Value": str(number)}]),
        call("DescribeImage", account, ImageName=image),
        *(
            call(
                "CreateImageVersion",
                account,
                ImageName=image,
                BaseImage=f"base:{one}",
                ClientToken=f"{number}-{one}",
                Aliases=[f"one-{one}", f"other-{one}"],
            )
            for one in range(2)
        ),
        call("DescribeImageVersion", account, ImageName=image),
        call(
            "UpdateImageVersion",
            account,
            ImageName=image,
            Alias="one-1",
            **moved,
        ),
    ]


def ends(by: random.Random, account: str, _: int) -> list[Ask]:
    """The end of an image, which takes all its versions along when somebody looks."""
    image = f"image-{by.randrange(6)}"
    return [call("DeleteImage", account, ImageName=image), call("ListImages", account)]


def models(by: random.Random, account: str, number: int) -> list[Ask]:
    """Models that come and go, some with a name that is taken."""
    name = f"model-{by.randrange(number + 1)}"
    container = {"Image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/x:1"}
    made = call("CreateModel", account, ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=container)
    return [made, made, *([call("DeleteModel", account, ModelName=name)] if by.random() < 0.5 else [])]


def packages(_: random.Random, account: str, number: int) -> list[Ask]:
    """Versions of a group, whose numbers are never used again."""
    group = f"group-{number % 3}"
    image = {"Containers": [{"Image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/x:1"}]}
    inference = {**image, "SupportedContentTypes": ["text/csv"], "SupportedResponseMIMETypes": ["text/csv"]}
    arn = f"arn:aws:sagemaker:us-east-1:{account}:model-package/{group}"
    return [
        call("CreateModelPackageGroup", account, ModelPackageGroupName=group),
        call("CreateModelPackage", account, ModelPackageGroupName=group, InferenceSpecification=inference),
        call("DeleteModelPackage", account, ModelPackageName=f"{arn}/1"),
    ]


def records(by: random.Random, account: str, number: int) -> list[Ask]:
    """Records of a feature group, one and several at a time."""
    group = f"features-{number % 2}"
    features = [{"FeatureName": "id", "FeatureType": "String"}, {"FeatureName": "at", "FeatureType": "Fractional"}]
    made = call(
        "CreateFeatureGroup",
        account,
        FeatureGroupName=group,
        RecordIdentifierFeatureName="id",
        EventTimeFeatureName="at",
        FeatureDefinitions=features,
        OnlineStoreConfig={"EnableOnlineStore": True},
        RoleArn=ROLE,
    )

    def values(name: str) -> list[dict[str, str]]:
        return [{"FeatureName": "id", "ValueAsString": name}, {"FeatureName": "at", "ValueAsString": f"{number + 1}"}]

    several = [{"FeatureGroupName": group, "Record": values(f"{number}-{one}")} for one in range(5)]
    gone = f"/FeatureGroup/{group}?RecordIdentifierValueAsString=0-0&EventTime={number + 2}&DeletionMode=HardDelete"
    return [
        made,
        Ask("PUT", f"/FeatureGroup/{group}", {"Record": values(f"{number}")}, account),
        Ask("POST", "/BatchWriteRecord", {"Entries": several}, account),
        *([Ask("DELETE", gone, None, account)] if by.random() < 0.5 else []),
        *([call("DeleteFeatureGroup", account, FeatureGroupName=group)] if by.random() < 0.2 else []),
    ]


def programs(by: random.Random, account: str, number: int) -> list[Ask]:
    """What endpoints are told to answer."""
    path = f"/_emulator/endpoints/e{number % 4}/answers?account={account}"
    said = Ask("PUT", path, {"sequence": [{"body": f"{number}"}, {"json": {"of": number}}]}, account)
    return [said, *([Ask("DELETE", path, None, account)] if by.random() < 0.3 else [])]


def seeds(_: random.Random, account: str, number: int) -> list[Ask]:
    """A seed for two regions, which is taken whole, or refused when it comes again."""
    entries = [
        {"account": account, "region": region, "CreateModelPackageGroup": {"ModelPackageGroupName": f"seed-{number}"}}
        for region in ("us-east-1", OTHER, "us-east-1", OTHER)
    ][: 2 + number % 2]
    return [Ask("POST", "/_emulator/state/load", {"document": entries}, account)]


def resets(by: random.Random, account: str, _: int) -> list[Ask]:
    """The end of everything, or of everything in one region."""
    said = {"account": account} | ({"region": OTHER} if by.random() < 0.5 else {})
    return [Ask("POST", "/_emulator/reset", said, account)]


STEPS: tuple[Step, ...] = (*(images, ends, models, packages, records, programs, seeds) * 3, resets)


class Client:
    """Who works in an account, and what it was answered."""

    def __init__(self, account: str, seed: int) -> None:
        self.account = account
        self._asks = self._endless(random.Random(seed))  # noqa: S311 - no secret
        self.acknowledged: list[Ask] = []
        self.unsure: Ask | None = None  # what was sent and not answered
        self.failures: list[Any] = []

    def _endless(self, by: random.Random) -> Iterator[Ask]:
        number = 0
        while True:
            yield from by.choice(STEPS)(by, self.account, number)
            number += 1

    def work(self, server: Process, until: threading.Event) -> None:
        """Ask one thing after the other until the server is gone."""
        connection = server.connect()
        try:
            while not until.is_set():
                self.unsure = next(self._asks)
                status, said = answered(connection, self.unsure)
                if status >= 500:
                    self.failures.append((self.unsure, status, said))
                self.acknowledged.append(self.unsure)
                self.unsure = None
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()


class Twin:
    """The same emulator in this process."""

    def __init__(self) -> None:
        self.clock = ManualClock(BEGIN)
        self._emulator = sagemaker(clock=self.clock)
        self._client = create_app(self._emulator).test_client()

    def ask(self, asked: Ask) -> None:
        """Do as the server did."""
        self._client.open(asked.path, method=asked.method, data=asked.body, headers=asked.headers).close()

    def holds(self, account: str) -> Any:
        """Return what is in an account."""
        return without_serials(state.export(self._emulator, account)["places"])


def without_serials(said: Any) -> Any:
    """Return what is in an account without numbers that depend on what others did meanwhile; the order stays."""
    if isinstance(said, dict):
        return {name: without_serials(one) for name, one in said.items() if name != "serial"}
    return [without_serials(one) for one in said] if isinstance(said, list) else said
