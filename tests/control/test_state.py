"""What there is can be kept as a document and taken in again, and seeds make what is there from the start."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from emulator.engine import state
from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.relations import Relation
from emulator.interfaces.cli import main
from emulator.interfaces.handle import SageMaker
from emulator.sagemaker.service import sagemaker
from tests.conftest import ROLE
from tests.control.conftest import RefusedError

SEEDS = Path(__file__).parent.parent.parent / "fixtures" / "seeds"
IMAGE = {"CreateImage": {"ImageName": "studio", "RoleArn": ROLE}}


def document(emulator: Emulator, client: Any) -> dict[str, Any]:
    client.create_image(ImageName="studio", RoleArn=ROLE, Tags=[{"Key": "team", "Value": "growth"}])
    client.create_image_version(ImageName="studio", BaseImage="image:1", ClientToken="one", Aliases=["live"])
    told: dict[str, Any] = emulator.control.state()
    return told


@pytest.fixture
def given(say: Any, request: pytest.FixtureRequest) -> Any:
    """How a handle is given a document: the command line reads its text."""
    as_text = request.node.callspec.params["say"] == "command line"

    def load(said: Any) -> Any:
        return say("state load", document=json.dumps(said) if as_text else said)

    return load


def test_state_is_told_and_taken_in_by_every_handle(say: Any, given: Any, emulator: Emulator, client: Any) -> None:
    kept = document(emulator, client)
    described = client.describe_image_version(ImageName="studio")["ImageVersionArn"]

    told = say("state")
    say("reset")
    assert client.list_images()["Images"] == []

    assert given(told) == {"places": 1}
    assert told["places"][0]["resources"]["Image"][0]["members"]["ImageName"] == "studio"
    assert kept["version"] == 1
    assert client.describe_image_version(ImageName="studio", Alias="live")["ImageVersionArn"] == described
    assert client.list_tags(ResourceArn=described.replace("image-version", "image")[:-2])["Tags"]
    assert say("state") == told


def test_state_of_one_account_and_region_leaves_the_others_alone(say: Any, connect: Any) -> None:
    for region in ("us-east-1", "eu-west-1"):
        connect(region=region).create_image(ImageName=region, RoleArn=ROLE)

    told = say("state", region="eu-west-1")

    assert [place["region"] for place in told["places"]] == ["eu-west-1"]
    assert say("state", account="210987654321")["places"] == []


def test_places_that_a_document_does_not_name_stay(emulator: Emulator, connect: Any) -> None:
    connect(region="eu-west-1").create_image(ImageName="there", RoleArn=ROLE)
    kept = emulator.control.state(region="us-east-1") | {"places": [{"account": "123456789012", "region": "us-east-1"}]}
    connect(region="us-east-1").create_image(ImageName="here", RoleArn=ROLE)

    emulator.control.load(kept)

    assert connect(region="us-east-1").list_images()["Images"] == []
    assert len(connect(region="eu-west-1").list_images()["Images"]) == 1


def test_what_is_made_after_it_was_taken_in_is_newer(emulator: Emulator, client: Any, clock: ManualClock) -> None:
    kept = document(emulator, client)
    other = sagemaker(clock=clock)

    state.load(other, kept)
    other.control.load([{"CreateImage": {"ImageName": "another", "RoleArn": ROLE}}])

    serials = [one["serial"] for one in other.control.state()["places"][0]["resources"]["Image"]]
    assert serials == sorted(set(serials))
    assert len(serials) == 2


def test_a_clock_that_stands_still_is_part_of_the_state(emulator: Emulator, client: Any) -> None:
    other = sagemaker()
    assert "clock" not in other.control.state()

    other.control.load(document(emulator, client))

    assert other.clock.frozen
    assert other.clock.now() == emulator.clock.now()


def test_a_client_token_is_remembered(emulator: Emulator, client: Any) -> None:
    kept = document(emulator, client)
    emulator.control.reset()
    emulator.control.load(kept)

    client.create_image_version(ImageName="studio", BaseImage="image:1", ClientToken="one", Aliases=["live"])

    assert len(client.list_image_versions(ImageName="studio")["ImageVersions"]) == 1


def test_documents_of_shelves_are_part_of_the_state_in_their_order(emulator: Emulator) -> None:
    held = {"b": {"one": [1]}, "a": None}
    with emulator.at("123456789012", "us-east-1") as scope:
        for name, one in held.items():
            scope.place.shelf("records").put(name, one)
    told = emulator.control.state()
    other = sagemaker()

    other.control.load(json.loads(json.dumps(told, sort_keys=True)))

    with other.at("123456789012", "us-east-1") as scope:
        assert list(scope.place.shelf("records").items()) == list(held.items())
    assert other.control.state()["places"] == told["places"]


def test_a_document_that_stands_twice_on_its_shelf_is_refused(emulator: Emulator) -> None:
    place = {"account": "123456789012", "region": "us-east-1", "shelves": {"of": [{"name": "a"}, {"name": "a"}]}}

    with pytest.raises(ValueError, match="has a document of the shelf of twice"):
        emulator.control.load({"version": 1, "places": [place]})


def test_related_things_keep_their_order_on_both_sides() -> None:
    relation, again = Relation(), Relation()
    for one, other in (("b", "y"), ("a", "y"), ("b", "x"), ("a", "z"), ("c", "x"), ("a", "x")):
        relation.add(one, other)

    for one, other in relation.pairs():
        again.add(one, other)

    assert again.pairs() == relation.pairs()
    assert [again.of(one) for one in "abc"] == [relation.of(one) for one in "abc"]
    assert [again.to(one) for one in "xyz"] == [relation.to(one) for one in "xyz"]


def set_at(said: Any, path: str, value: Any) -> None:
    *way, last = [int(one) if one.isdigit() else one for one in path.split(".")]
    for one in way:
        said = said[one]
    said[last] = value


DAMAGED = {
    "version": (2, "This state has version 2; this emulator reads versions up to 1."),
    "places": ({}, "The state has no places, or one that is no list."),
    "clock": ("noon", "The state has no clock in seconds since 1970."),
    "places.0": (
        {"account": "123456789012", "region": "us-east-1", "relations": {"\ud800": []}},
        "The state: places[0] has relations whose name is no text.",
    ),
    "places.0.account": ("1", "The state: places[0]: account is '1' and not twelve digits."),
    "places.0.region": ("EU_West 1", "The state: places[0]: region is 'EU_West 1' and not small letters,"),
    "places.0.resources.Nothing": ([], "has resources of the kind Nothing, which is not known."),
    "places.0.resources.Image.0.key": ([1.5], "Image[0] has a key that is not of texts and whole numbers."),
    "places.0.resources.Image.0.key.0": ({"$tuple": 5}, "A note is damaged: its $tuple is no list."),
    "places.0.resources.ImageVersion.0.key": (["studio"], "ImageVersion[0] has a key that does not fit its kind."),
    "places.0.resources.Image.0.serial": ("1", "Image[0] has no serial, or one that is no whole number."),
    "places.0.resources.ImageVersion.0.serial": (
        2**63 - 1,
        "ImageVersion[0] has no serial from 0 to 9007199254740992.",
    ),
    "places.0.resources.Image.0.tags": ({"team": 5}, "Image[0] has tags that are no texts."),
    "places.0.resources.Image.0.own": ({"seen": {"$tuple": 5}}, "A note is damaged: its $tuple is no list."),
    "places.0.resources.Image.0.members": ("", "Image[0] has no members, or one that is no object."),
    "places.0.resources.Image.0.state": ({"since": 1}, "has no status, or one that is no text."),
    "places.0.resources.Image.0.state.status": ("Nice", "has the status Nice, which its kind does not know."),
    "places.0.resources.Image.0.created": (None, "Image[0] has no created in seconds since 1970."),
    "places.0.relations": ({"of": [["one"]]}, "The relation of is not a list of pairs."),
    "places.0.shelves": ({"of": [{"document": 1}]}, "of[0] has no name, or one that is no text."),
    "places.0.shelves.\ud800": ([], "The state: places[0] has shelves whose name is no text."),
}


@pytest.mark.parametrize("path", DAMAGED, ids=ascii)
def test_a_damaged_or_newer_document_is_refused_and_changes_nothing(path: str, emulator: Emulator, client: Any) -> None:
    value, sentence = DAMAGED[path]
    before = document(emulator, client)
    said = copy.deepcopy(before)
    set_at(said, path, value)

    with pytest.raises(ValueError, match=re.escape(sentence)):
        emulator.control.load(said)

    assert emulator.control.state() == before


def test_two_resources_with_one_serial_are_refused(emulator: Emulator, client: Any) -> None:
    said = document(emulator, client)
    resources = said["places"][0]["resources"]
    resources["Image"][0]["serial"] = resources["ImageVersion"][0]["serial"]

    with pytest.raises(ValueError, match="two resources with the same serial"):
        emulator.control.load(said)


# --- Seeds ------------------------------------------------------------------------------------------------------------


def test_a_seed_makes_what_it_asks_for(say: Any, given: Any, client: Any) -> None:
    assert given([IMAGE]) == {"calls": 1}

    assert client.describe_image(ImageName="studio")["ImageStatus"] == "CREATED"


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (IMAGE, "Entry 2, CreateImage, is refused. ResourceInUse"),
        ({"CreateImage": {"ImageName": "other"}}, "Entry 2, CreateImage, is refused. ValidationException"),
        ({"Dance": {}}, "Entry 2 asks for Dance, which is no operation that is answered."),
        ({"CreateImage": 1}, "Entry 2: the input of CreateImage is not an object."),
        ({**IMAGE, "account": 1}, "Entry 2: account is 1 and not twelve digits."),
        ({**IMAGE, "region": "EU_West 1"}, "Entry 2: region is 'EU_West 1' and not small letters, digits and hyphens."),
        ("CreateImage", "Entry 2 is not one operation with its input"),
    ],
)
def test_a_seed_that_is_refused_says_why_and_leaves_nothing(
    say: Any, given: Any, entry: Any, sentence: str, emulator: Emulator
) -> None:
    before = emulator.control.state()

    with pytest.raises(RefusedError) as refused:
        given([IMAGE, entry])

    assert sentence in str(refused.value)
    assert emulator.control.state() == before


def test_what_a_refused_seed_made_in_other_places_is_gone_too(emulator: Emulator) -> None:
    elsewhere = {**IMAGE, "region": "eu-west-1"}

    with pytest.raises(ValueError, match="Entry 3"):
        emulator.control.load([elsewhere, IMAGE, IMAGE])

    assert emulator.control.state()["places"] == []


@pytest.mark.parametrize("text", ['[{"CreateImage": ', "a: [", '{"version": NaN}'])
def test_text_that_is_neither_is_refused(text: str, emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="JSON"):
        emulator.control.load(text)


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 3000, '[{"CreateImage": {"ImageName": ' + "[" * 100_000])
def test_text_that_is_deeper_than_anyone_means_it_is_refused(text: str, emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="This is deeper than anyone means it"):
        emulator.control.load(text)


@pytest.mark.parametrize("seed", sorted(SEEDS.iterdir()), ids=lambda one: one.name)
def test_every_seed_among_the_fixtures_is_taken(seed: Path, emulator: Emulator) -> None:
    assert emulator.control.load(seed)["calls"] > 1
    assert emulator.control.state()["places"]


def test_the_handle_of_a_test_takes_a_seed() -> None:
    with SageMaker() as hand:
        hand.load(SEEDS / "models.json")

        assert hand.client().describe_endpoint(EndpointName="churn")["EndpointStatus"] == "InService"
        assert hand.state()["places"]


def test_serving_begins_with_what_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apps: list[Any] = []
    monkeypatch.setattr("emulator.interfaces.server.serve", lambda make, *_: apps.append(make()))
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps([IMAGE, IMAGE]), "utf-8")

    ran = CliRunner().invoke(
        main, ["serve", "--load", f"{SEEDS / 'models.json'}", "--load", f"{SEEDS / 'studio.yaml'}"]
    )
    refused = CliRunner().invoke(main, ["serve", "--load", str(bad)])

    assert ran.exit_code == 0, ran.output
    assert len(apps) == 1
    places = apps[0].emulator.control.state()["places"]
    assert {(place["account"], place["region"]) for place in places} == {
        ("123456789012", "us-east-1"),
        ("210987654321", "eu-west-1"),
    }
    assert refused.exit_code == 1
    assert "bad.json: Entry 2, CreateImage, is refused." in refused.output


@pytest.mark.parametrize("text", ['[{"CreateImage": %s}]', "- CreateImage: %s"], ids=["JSON", "YAML"])
def test_over_http_a_file_can_be_the_body(url: str, client: Any, text: str) -> None:
    seed = (text % json.dumps(IMAGE["CreateImage"])).encode()

    with urlopen(f"{url}/_emulator/state/load", seed) as answer:
        assert json.load(answer) == {"calls": 1}
    with urlopen(f"{url}/_emulator/state") as answer:
        kept = answer.read()
    client.delete_image(ImageName="studio")
    with urlopen(f"{url}/_emulator/state/load", kept) as answer:
        assert json.load(answer) == {"places": 1}
    assert client.describe_image(ImageName="studio")["ImageStatus"] == "CREATED"


def test_over_http_calls_are_replayed_from_their_export(url: str, client: Any) -> None:
    client.create_image(**IMAGE["CreateImage"])
    with urlopen(f"{url}/_emulator/calls/export") as answer:
        kept = answer.read()
    client.delete_image(ImageName="studio")

    with urlopen(f"{url}/_emulator/calls/replay", kept) as answer:
        assert json.load(answer)["replayed"] == 1
    assert client.describe_image(ImageName="studio")["ImageStatus"] == "CREATED"
