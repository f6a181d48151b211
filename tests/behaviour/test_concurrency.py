"""Many callers at once: whoever is answered is right, and exactly one of those who race for one thing wins."""

from __future__ import annotations

import http.client
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from emulator.aws.call import Call
from emulator.sagemaker.service import sagemaker
from tests.behaviour.examples import CONTAINER, arn, make_group, make_image, make_model
from tests.conftest import ACCOUNT, REGION

RACERS = 32
AUTHORIZATION = (
    f"AWS4-HMAC-SHA256 Credential={ACCOUNT}/20260101/{REGION}/sagemaker/aws4_request, SignedHeaders=host, Signature=0"
)


class Answer(NamedTuple):
    status: int
    body: dict[str, Any]

    @property
    def code(self) -> str | None:
        return self.body.get("__type")


class Racer:
    """One connection that is kept open: what a thread calls by."""

    def __init__(self, url: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        self.connection.connect()

    def call(self, operation: str, **params: Any) -> Answer:
        headers = {
            "X-Amz-Target": f"SageMaker.{operation}",
            "Content-Type": "application/x-amz-json-1.1",
            "Authorization": AUTHORIZATION,
        }
        self.connection.request("POST", "/", json.dumps(params), headers)
        response = self.connection.getresponse()
        body = response.read()
        return Answer(response.status, json.loads(body) if body else {})


Race = Callable[[Callable[[Racer, int], Any]], list[Any]]


@pytest.fixture
def race(url: str) -> Iterator[Race]:
    """Return a function that lets all racers do something at the same moment and returns what each came back with."""
    racers = [Racer(url) for _ in range(RACERS)]
    line = threading.Barrier(RACERS)

    def start(act: Callable[[Racer, int], Any]) -> list[Any]:
        def run(number: int) -> Any:
            line.wait(timeout=30)
            return act(racers[number], number)

        return list(pool.map(run, range(RACERS)))

    with ThreadPoolExecutor(RACERS) as pool:
        yield start
    for racer in racers:
        racer.connection.close()


def test_of_all_who_create_one_name_exactly_one_wins(client: Any, race: Race) -> None:
    for turn in range(15):
        answers = race(
            lambda racer, number: racer.call(
                "CreateModel",
                ModelName=f"m{turn}",  # noqa: B023 - the race is over before the next turn
                PrimaryContainer={"Image": f"image:{number}"},
            )
        )

        [winner] = [number for number, answer in enumerate(answers) if answer.status == 200]
        assert Counter(answer.code for answer in answers) == {None: 1, "ValidationException": RACERS - 1}
        assert client.describe_model(ModelName=f"m{turn}")["PrimaryContainer"]["Image"] == f"image:{winner}"
    assert len(client.list_models(MaxResults=100)["Models"]) == 15


@pytest.mark.parametrize(
    ("operation", "name", "code"),
    [
        ("CreateModelPackageGroup", "ModelPackageGroupName", "ValidationException"),
        ("CreateModelPackage", "ModelPackageName", "ValidationException"),
    ],
)
def test_of_all_who_create_one_name_of_another_kind_exactly_one_wins(
    client: Any, race: Race, operation: str, name: str, code: str
) -> None:
    answers = race(lambda racer, number: racer.call(operation, **{name: "thing"}, **token(operation, number)))

    assert Counter(answer.code for answer in answers) == {None: 1, code: RACERS - 1}


def token(operation: str, number: int) -> dict[str, str]:
    return {"ClientToken": f"token-{number}"} if operation == "CreateModelPackage" else {}


def test_versions_of_one_image_get_the_numbers_in_a_row(client: Any, race: Race) -> None:
    make_image(client, "i")

    made = [
        answer.body["ImageVersionArn"]
        for turn in range(3)
        for answer in race(
            lambda racer, number: racer.call(
                "CreateImageVersion",
                ImageName="i",
                BaseImage=f"base:{number}",
                ClientToken=f"t-{turn}-{number}",  # noqa: B023
            )
        )
    ]

    numbers = sorted(int(one.rpartition("/")[2]) for one in made)
    assert numbers == list(range(1, 3 * RACERS + 1))
    pages = client.get_paginator("list_image_versions").paginate(ImageName="i", SortBy="VERSION", SortOrder="ASCENDING")
    assert [one["Version"] for page in pages for one in page["ImageVersions"]] == numbers


def test_versions_in_one_group_get_the_numbers_in_a_row(client: Any, race: Race) -> None:
    make_group(client, "g")

    answers = race(
        lambda racer, number: racer.call(
            "CreateModelPackage",
            ModelPackageGroupName="g",
            ModelPackageDescription=f"by {number}",
            ClientToken=f"t-{number}",
        )
    )

    made = {answer.body["ModelPackageArn"]: f"by {number}" for number, answer in enumerate(answers)}
    assert made.keys() == {arn(f"model-package/g/{number}") for number in range(1, RACERS + 1)}
    for package, description in made.items():
        assert client.describe_model_package(ModelPackageName=package)["ModelPackageDescription"] == description


def test_the_same_token_makes_one_version_however_often_it_comes(client: Any, race: Race) -> None:
    make_image(client, "i")

    answers = race(
        lambda racer, _: racer.call("CreateImageVersion", ImageName="i", BaseImage="base", ClientToken="same")
    )

    assert {answer.body["ImageVersionArn"] for answer in answers} == {arn("image-version/i/1")}
    assert len(client.list_image_versions(ImageName="i")["ImageVersions"]) == 1


def test_of_all_who_delete_one_model_exactly_one_is_thanked(client: Any, race: Race) -> None:
    for _ in range(10):
        make_model(client, "m")

        answers = race(lambda racer, _: racer.call("DeleteModel", ModelName="m"))

        assert Counter(answer.code for answer in answers) == {None: 1, "ValidationException": RACERS - 1}


def test_one_alias_asked_for_by_all_points_to_one_version(client: Any, race: Race) -> None:
    make_image(client, "i")

    race(
        lambda racer, number: racer.call(
            "CreateImageVersion", ImageName="i", BaseImage="b", Aliases=["latest"], ClientToken=f"t-{number}"
        )
    )

    assert client.list_aliases(ImageName="i")["SageMakerImageVersionAliases"] == ["latest"]
    owners = [
        number
        for number in range(1, RACERS + 1)
        if client.list_aliases(ImageName="i", Version=number)["SageMakerImageVersionAliases"]
    ]
    assert owners == [client.describe_image_version(ImageName="i", Alias="latest")["Version"]] == [RACERS]


def test_every_tag_that_was_acknowledged_is_there(client: Any, race: Race) -> None:
    model = make_model(client, "m")

    answers = race(
        lambda racer, number: racer.call("AddTags", ResourceArn=model, Tags=[{"Key": f"k{number}", "Value": "v"}])
    )

    assert {answer.status for answer in answers} == {200}
    tags = client.list_tags(ResourceArn=model)["Tags"]
    assert {one["Key"] for one in tags} == {f"k{number}" for number in range(RACERS)}


def test_the_fifty_first_tag_loses_the_race(client: Any, race: Race) -> None:
    model = make_model(client, "m", Tags=[{"Key": f"old{number}", "Value": ""} for number in range(40)])

    answers = race(
        lambda racer, number: racer.call("AddTags", ResourceArn=model, Tags=[{"Key": f"k{number}", "Value": "v"}])
    )

    assert Counter(answer.status for answer in answers) == {200: 10, 400: RACERS - 10}
    assert len(client.list_tags(ResourceArn=model)["Tags"]) == 50


def test_every_metadata_key_that_was_acknowledged_is_there(client: Any, race: Race) -> None:
    make_group(client, "g")
    package = client.create_model_package(ModelPackageGroupName="g")["ModelPackageArn"]

    race(
        lambda racer, number: racer.call(
            "UpdateModelPackage", ModelPackageArn=package, CustomerMetadataProperties={f"k{number}": str(number)}
        )
    )

    described = client.describe_model_package(ModelPackageName=package)
    assert described["CustomerMetadataProperties"] == {f"k{number}": str(number) for number in range(RACERS)}


def test_nothing_acknowledged_is_lost_while_all_create_list_and_delete(client: Any, race: Race) -> None:
    serial = count()

    def work(racer: Racer, number: int) -> tuple[set[str], set[str], int]:
        mine: set[str] = set()
        gone: set[str] = set()
        missed = 0
        for turn in range(8):
            name = f"m-{number}-{next(serial)}"
            assert racer.call("CreateModel", ModelName=name, PrimaryContainer=CONTAINER).status == 200
            mine.add(name)
            if turn % 3 == 2:
                victim = min(mine)
                assert racer.call("DeleteModel", ModelName=victim).status == 200
                mine.remove(victim)
                gone.add(victim)
            listed: set[str] = set()
            more: dict[str, str] = {}
            while True:
                page = racer.call("ListModels", MaxResults=100, NameContains=f"m-{number}-", **more).body
                listed |= {one["ModelName"] for one in page["Models"]}
                if "NextToken" not in page:
                    break
                more = {"NextToken": page["NextToken"]}
            missed += len(mine ^ listed)
        return mine, gone, missed

    results = race(work)

    assert sum(missed for _, _, missed in results) == 0
    there = {
        one["ModelName"]
        for page in client.get_paginator("list_models").paginate(PaginationConfig={"PageSize": 100})
        for one in page["Models"]
    }
    assert there == set().union(*(mine for mine, _, _ in results))
    assert not there & set().union(*(gone for _, gone, _ in results))


def test_a_pager_sees_every_model_that_stays_while_others_come_and_go(client: Any, race: Race) -> None:
    stays = {f"stays-{number:02}" for number in range(60)}
    for name in sorted(stays):
        make_model(client, name)

    def work(racer: Racer, number: int) -> list[str]:
        if number % 4:
            for turn in range(12):
                racer.call("CreateModel", ModelName=f"comes-{number}-{turn}", PrimaryContainer=CONTAINER)
                racer.call("DeleteModel", ModelName=f"comes-{number}-{turn}")
            return []
        seen: list[str] = []
        more: dict[str, str] = {}
        while True:
            order = "Ascending" if number % 8 else "Descending"
            page = racer.call("ListModels", MaxResults=7, SortBy="Name", SortOrder=order, **more).body
            seen += [one["ModelName"] for one in page["Models"]]
            if "NextToken" not in page:
                return seen
            more = {"NextToken": page["NextToken"]}

    for seen in filter(None, race(work)):
        staying = [name for name in seen if name in stays]
        assert len(staying) == len(set(staying))
        assert set(staying) == stays


def test_boto3_clients_in_threads_share_one_world(connect: Any, client: Any) -> None:
    clients = [connect() for _ in range(4)]

    def work(number: int) -> str:
        return make_model(clients[number % 4], f"m{number}")

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(work, range(64)))

    assert made == {arn(f"model/m{number}") for number in range(64)}
    assert len(client.list_models(MaxResults=100)["Models"]) == 64


@pytest.mark.parametrize("turn", range(8))
def test_the_very_first_calls_may_come_all_at_once(turn: int) -> None:
    emulator = sagemaker()  # one that has never yet been called has everything still to look up
    line = threading.Barrier(8)

    def work(number: int) -> Any:
        line.wait(timeout=30)
        return emulator.answer(
            Call("CreateModel", {"ModelName": f"m{number}", "PrimaryContainer": CONTAINER}, ACCOUNT, REGION)
        )

    with ThreadPoolExecutor(8) as pool:
        made = [answer["ModelArn"] for answer in pool.map(work, range(8))]

    assert sorted(made) == [arn(f"model/m{number}") for number in range(8)]
