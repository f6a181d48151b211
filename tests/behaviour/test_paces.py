"""Paces: how fast statuses move, and what each look sees."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace
from tests.behaviour.examples import (
    make_group,
    make_image,
    make_image_version,
    make_package,
    make_version,
    refusal,
)

GONE = None


@dataclass
class Living:
    """A kind with a life: how one is made, seen and deleted, and which statuses it passes."""

    name: str
    make: Callable[[Any], Any]
    see: Callable[[Any], str]
    delete: Callable[[Any], Any]
    born: list[str]
    dying: str
    update: Callable[[Any], Any] | None = None
    updating: list[str] | None = None

    def status(self, client: Any) -> str | None:
        try:
            return self.see(client)
        except client.exceptions.ClientError as error:
            return GONE if "does not exist" in error.response["Error"]["Message"] else "refused"

    def make_and_settle(self, client: Any) -> None:
        self.make(client)
        for _ in self.born:
            self.status(client)


LIVES = [
    Living(
        "image",
        lambda client: make_image(client, "thing"),
        lambda client: client.describe_image(ImageName="thing")["ImageStatus"],
        lambda client: client.delete_image(ImageName="thing"),
        ["CREATING", "CREATED"],
        "DELETING",
        lambda client: client.update_image(ImageName="thing", Description="updated"),
        ["UPDATING", "CREATED"],
    ),
    Living(
        "image version",
        lambda client: make_image_version(client, "i"),
        lambda client: client.describe_image_version(ImageName="i", Version=1)["ImageVersionStatus"],
        lambda client: client.delete_image_version(ImageName="i", Version=1),
        ["CREATING", "CREATED"],
        "DELETING",
        lambda client: client.update_image_version(ImageName="i", Version=1, ReleaseNotes="updated"),
        ["CREATED"],
    ),
    Living(
        "model package version",
        lambda client: make_version(client, "g"),
        lambda client: client.describe_model_package(ModelPackageName=VERSION)["ModelPackageStatus"],
        lambda client: client.delete_model_package(ModelPackageName=VERSION),
        ["Pending", "InProgress", "Completed"],
        "Deleting",
        lambda client: client.update_model_package(ModelPackageArn=VERSION, ModelApprovalStatus="Approved"),
        ["Completed"],
    ),
    Living(
        "unversioned model package",
        lambda client: make_package(client, "thing"),
        lambda client: client.describe_model_package(ModelPackageName="thing")["ModelPackageStatus"],
        lambda client: client.delete_model_package(ModelPackageName="thing"),
        ["Pending", "InProgress", "Completed"],
        "Deleting",
    ),
    Living(
        "model package group",
        lambda client: make_group(client, "thing"),
        lambda client: client.describe_model_package_group(ModelPackageGroupName="thing")["ModelPackageGroupStatus"],
        lambda client: client.delete_model_package_group(ModelPackageGroupName="thing"),
        ["Completed"],
        "Deleting",
    ),
]
VERSION = "arn:aws:sagemaker:us-east-1:123456789012:model-package/g/1"
every_life = pytest.mark.parametrize("living", LIVES, ids=[one.name for one in LIVES])


@pytest.fixture
def at(client: Any, emulator: Emulator) -> Callable[..., None]:
    """Return a function that sets the pace, once the parents of versions are there."""
    make_image(client, "i")
    make_group(client, "g")

    def pace(name: str, speed: float = 1.0) -> None:
        client.describe_image(ImageName="i")
        emulator.settings.pace = Pace(name, speed)

    return pace


def post(url: str, path: str, body: object = None, method: str = "POST") -> tuple[int, Any]:
    """Send something to the emulator's own routes."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request(method, path, json.dumps(body) if body is not None else None)
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    return response.status, answer


# --- Instant ----------------------------------------------------------------------------------------------------------


@every_life
def test_at_once_the_first_look_sees_the_end(client: Any, at: Any, living: Living) -> None:
    at("instant")

    living.make(client)
    assert living.status(client) == living.born[-1]
    if living.update:
        living.update(client)
        assert living.status(client) == living.born[-1]
    living.delete(client)
    assert living.status(client) is GONE


def create_an_image(client: Any) -> None:
    make_image(client, "i")


def update_an_image(client: Any) -> None:
    make_image(client, "i")
    client.update_image(ImageName="i", Description="updated")


def delete_an_image(client: Any) -> None:
    make_image(client, "i")
    client.delete_image(ImageName="i")


def version_an_image(client: Any) -> None:
    make_image(client, "i")
    make_image_version(client, "i")


def unversion_an_image(client: Any) -> None:
    version_an_image(client)
    client.delete_image_version(ImageName="i", Version=1)


WAITERS = {
    "image_created": ("DescribeImage", {"ImageName": "i"}, create_an_image),
    "image_updated": ("DescribeImage", {"ImageName": "i"}, update_an_image),
    "image_deleted": ("DescribeImage", {"ImageName": "i"}, delete_an_image),
    "image_version_created": ("DescribeImageVersion", {"ImageName": "i"}, version_an_image),
    "image_version_deleted": ("DescribeImageVersion", {"ImageName": "i", "Version": 1}, unversion_an_image),
}


@pytest.mark.parametrize("waiter", WAITERS)
def test_at_once_a_waiter_ends_at_its_first_poll(client: Any, waiter: str) -> None:
    operation, params, prepare = WAITERS[waiter]
    prepare(client)
    looks = []
    client.meta.events.register(f"before-call.sagemaker.{operation}", lambda **_: looks.append(operation))

    client.get_waiter(waiter).wait(**params)

    assert looks == [operation]


def test_every_waiter_for_images_is_tried(client: Any) -> None:
    assert {name for name in client.waiter_names if name.startswith("image")} == WAITERS.keys()


# --- Step -------------------------------------------------------------------------------------------------------------


@every_life
def test_step_by_step_each_look_sees_the_next_status(client: Any, at: Any, living: Living) -> None:
    at("step")

    living.make(client)

    assert [living.status(client) for _ in living.born] == living.born
    assert living.status(client) == living.born[-1]


@pytest.mark.parametrize("living", [one for one in LIVES if one.update], ids=lambda one: one.name)
def test_step_by_step_an_update_is_seen_under_way(client: Any, at: Any, living: Living) -> None:
    at("step")
    living.make_and_settle(client)

    assert living.update
    living.update(client)

    assert living.updating
    assert [living.status(client) for _ in living.updating] == living.updating


@every_life
def test_step_by_step_a_deletion_is_seen_under_way(client: Any, at: Any, living: Living) -> None:
    at("step")
    living.make_and_settle(client)

    living.delete(client)

    assert [living.status(client) for _ in range(3)] == [living.dying, GONE, GONE]


def test_step_by_step_a_list_is_a_look_at_each_entry_it_shows(client: Any, at: Any) -> None:
    at("step")
    for name in ("a", "b"):
        make_image(client, name)

    def shown(**params: Any) -> list[str]:
        entries = client.list_images(SortBy="IMAGE_NAME", SortOrder="ASCENDING", **params)["Images"]
        return [f"{one['ImageName']} {one['ImageStatus']}" for one in entries if one["ImageName"] != "i"]

    assert shown(MaxResults=1) == ["a CREATING"]
    assert shown() == ["a CREATED", "b CREATING"]
    assert shown() == ["a CREATED", "b CREATED"]


def test_step_by_step_a_batch_is_a_look_at_each_package(client: Any, at: Any) -> None:
    at("step")
    make_version(client, "g")

    def shown() -> str:
        answer = client.batch_describe_model_package(ModelPackageArnList=[VERSION])
        return answer["ModelPackageSummaries"][VERSION]["ModelPackageStatus"]

    assert [shown() for _ in range(4)] == ["Pending", "InProgress", "Completed", "Completed"]


def test_step_by_step_only_looks_count(client: Any, at: Any, clock: ManualClock) -> None:
    at("step")
    make_image(client, "thing", Tags=[{"Key": "a", "Value": "1"}])

    clock.advance(10_000)
    client.list_tags(ResourceArn="arn:aws:sagemaker:us-east-1:123456789012:image/thing")
    refusal(client.delete_image, ImageName="thing")

    assert client.describe_image(ImageName="thing")["ImageStatus"] == "CREATING"


# --- Real -------------------------------------------------------------------------------------------------------------


@every_life
def test_in_real_time_every_status_is_passed_in_order_and_none_before_its_time(
    client: Any, at: Any, clock: ManualClock, living: Living
) -> None:
    at("real")
    living.make(client)
    assert living.status(client) == living.born[0]

    seen = [living.status(client)]
    for _ in range(200):
        clock.advance(0.25)
        seen.append(living.status(client))

    assert list(dict.fromkeys(seen)) == living.born
    assert seen == sorted(seen, key=living.born.index)


@every_life
def test_in_real_time_a_long_sleep_leads_where_many_looks_do(
    client: Any, at: Any, clock: ManualClock, living: Living
) -> None:
    at("real")
    living.make(client)

    clock.advance(10_000)

    assert living.status(client) == living.born[-1]


@every_life
def test_in_real_time_a_deletion_takes_a_while(client: Any, at: Any, clock: ManualClock, living: Living) -> None:
    at("real")
    living.make(client)
    clock.advance(10_000)
    living.delete(client)

    assert living.status(client) == living.dying
    clock.advance(0.5)
    assert living.status(client) == living.dying
    clock.advance(10_000)
    assert living.status(client) is GONE


@pytest.mark.parametrize("speed", [0.5, 1, 10, 1000])
def test_speed_divides_every_duration(client: Any, at: Any, clock: ManualClock, speed: float) -> None:
    at("real", speed)
    made = clock.now()
    make_image(client, "thing")
    while client.describe_image(ImageName="thing")["ImageStatus"] == "CREATING":
        clock.advance(0.25 / speed)
        assert clock.now() - made < 60 / speed

    assert (clock.now() - made) * speed == pytest.approx(5, abs=0.3)


def test_in_real_time_a_status_ends_at_its_moment_and_not_before(client: Any, at: Any, clock: ManualClock) -> None:
    at("real")
    make_image(client, "thing")

    clock.advance(4.75)
    assert client.describe_image(ImageName="thing")["ImageStatus"] == "CREATING"
    clock.advance(0.25)
    assert client.describe_image(ImageName="thing")["ImageStatus"] == "CREATED"


def test_in_real_time_a_modification_has_the_time_at_which_it_happened_not_of_the_look(
    client: Any, at: Any, clock: ManualClock
) -> None:
    at("real")
    made = clock.now()
    make_image(client, "thing")
    clock.advance(10_000)

    described = client.describe_image(ImageName="thing")

    assert described["ImageStatus"] == "CREATED"
    assert made < described["LastModifiedTime"].timestamp() < made + 60


def test_in_real_time_lists_and_waiting_calls_see_the_present(client: Any, at: Any, clock: ManualClock) -> None:
    at("real")
    make_image(client, "thing")
    assert refusal(client.create_image_version, ImageName="thing", BaseImage="b")[0] == "ValidationException"

    clock.advance(10_000)

    assert {one["ImageStatus"] for one in client.list_images()["Images"]} == {"CREATED"}
    make_image_version(client, "thing")


def test_in_real_time_a_name_is_free_once_its_resource_is_gone_though_nobody_looked(
    client: Any, at: Any, clock: ManualClock
) -> None:
    at("real")
    make_image(client, "thing")
    clock.advance(100)
    client.delete_image(ImageName="thing")
    assert refusal(make_image, client=client, name="thing")[0] == "ResourceInUse"

    clock.advance(100)

    make_image(client, "thing")
    assert client.describe_image(ImageName="thing")["ImageStatus"] == "CREATING"


# --- Manual -----------------------------------------------------------------------------------------------------------


@every_life
def test_by_hand_nothing_moves_until_it_is_told_to(
    client: Any, at: Any, clock: ManualClock, url: str, living: Living
) -> None:
    at("manual")
    living.make(client)

    for status in living.born:
        for _ in range(2):
            clock.advance(10_000)
            assert living.status(client) == status
        assert post(url, "/_emulator/step")[0] == 200
    assert living.status(client) == living.born[-1]

    living.delete(client)
    assert [living.status(client) for _ in range(3)] == [living.dying] * 3
    post(url, "/_emulator/step")
    assert living.status(client) is GONE


def test_by_hand_a_step_says_how_many_moved(client: Any, at: Any, url: str) -> None:
    at("manual")
    for name in ("a", "b", "c"):
        make_image(client, name)
    make_version(client, "g")

    assert [post(url, "/_emulator/step")[1]["moved"] for _ in range(4)] == [4, 1, 0, 0]


def test_by_hand_a_step_can_be_for_one_region_or_account(connect: Any, at: Any, url: str) -> None:
    at("manual")
    places = [connect(region="eu-west-1"), connect(region="eu-west-2"), connect(account="210987654321")]
    for client in places:
        make_image(client, "thing")

    def statuses() -> list[str]:
        return [client.describe_image(ImageName="thing")["ImageStatus"] for client in places]

    post(url, "/_emulator/step", {"region": "eu-west-1"})
    assert statuses() == ["CREATED", "CREATING", "CREATING"]
    post(url, "/_emulator/step", {"account": "210987654321"})
    assert statuses() == ["CREATED", "CREATING", "CREATED"]
    post(url, "/_emulator/step")
    assert statuses() == ["CREATED"] * 3


# --- Changing the pace ------------------------------------------------------------------------------------------------


def test_the_pace_is_changed_while_it_runs(client: Any, url: str) -> None:
    assert post(url, "/_emulator/pace", {"pace": "manual"}, "PUT") == (200, {"pace": "manual", "speed": 1.0})
    make_image(client, "thing")
    assert client.describe_image(ImageName="thing")["ImageStatus"] == "CREATING"

    post(url, "/_emulator/pace", {"pace": "instant"}, "PUT")

    assert client.describe_image(ImageName="thing")["ImageStatus"] == "CREATED"


@pytest.mark.parametrize(
    "said",
    [{}, {"pace": "fast"}, {"pace": "real", "speed": 0}, {"pace": "real", "speed": -1}, {"pace": "real", "speed": "x"}],
)
def test_a_pace_that_is_none_is_refused_and_nothing_changes(url: str, said: dict[str, Any]) -> None:
    status, _ = post(url, "/_emulator/pace", said, "PUT")

    assert status == 400
    assert post(url, "/_emulator/pace", method="GET") == (200, {"pace": "instant", "speed": 1.0})


def test_an_image_that_is_being_deleted_has_no_usable_versions(client: Any, at: Any) -> None:
    at("instant")
    make_image_version(client, "i")
    client.describe_image_version(ImageName="i", Version=1)
    at("manual")
    client.delete_image(ImageName="i")

    assert client.describe_image(ImageName="i")["ImageStatus"] == "DELETING"
    assert refusal(client.delete_image, ImageName="i")[0] == "ResourceInUse"
    assert refusal(client.update_image, ImageName="i", Description="no")[0] == "ResourceInUse"
