"""Lists: what filters, what sorts, how pages follow each other while the world changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

import pytest

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from tests.behaviour.examples import (
    make_group,
    make_image,
    make_image_version,
    make_model,
    make_package,
    make_version,
    refusal,
)
from tests.conftest import ACCOUNT


@dataclass
class Listed:
    """A List operation: how its entries are made and deleted, and how they are told apart."""

    operation: str
    items: str
    name: str
    make: Callable[[Any, str], Any]
    delete: Callable[[Any, Any], Any]
    sorts: Mapping[str, str]  # SortBy to the member it is about
    words: tuple[str, str] = ("Ascending", "Descending")
    newest_first: bool = True
    inclusive: bool = False  # whether Before means at or before
    said: Mapping[str, Any] = field(default_factory=dict)
    parent: Callable[[Any], Any] = lambda client: None
    update: Callable[[Any, Any], Any] | None = None
    contains: bool = True

    def call(self, client: Any) -> Callable[..., Any]:
        return lambda **params: getattr(client, self.operation)(**{**self.said, **params})

    def names(self, client: Any, **params: Any) -> list[Any]:
        return [entry[self.name] for entry in self.call(client)(**params)[self.items]]

    def pages(self, client: Any, size: int, **params: Any) -> list[list[Any]]:
        pages = client.get_paginator(self.operation).paginate(
            **self.said, **params, PaginationConfig={"PageSize": size}
        )
        return [[entry[self.name] for entry in page[self.items]] for page in pages]


CAPITALS = ("ASCENDING", "DESCENDING")
LISTS = [
    Listed(
        "list_models",
        "Models",
        "ModelName",
        make_model,
        lambda client, name: client.delete_model(ModelName=name),
        {"Name": "ModelName", "CreationTime": "CreationTime"},
    ),
    Listed(
        "list_model_package_groups",
        "ModelPackageGroupSummaryList",
        "ModelPackageGroupName",
        make_group,
        lambda client, name: client.delete_model_package_group(ModelPackageGroupName=name),
        {"Name": "ModelPackageGroupName", "CreationTime": "CreationTime"},
        newest_first=False,
    ),
    Listed(
        "list_model_packages",
        "ModelPackageSummaryList",
        "ModelPackageName",
        make_package,
        lambda client, name: client.delete_model_package(ModelPackageName=name),
        {"Name": "ModelPackageName", "CreationTime": "CreationTime"},
    ),
    Listed(
        "list_images",
        "Images",
        "ImageName",
        make_image,
        lambda client, name: client.delete_image(ImageName=name),
        {
            "IMAGE_NAME": "ImageName",
            "CREATION_TIME": "CreationTime",
            "LAST_MODIFIED_TIME": "LastModifiedTime",
        },
        words=CAPITALS,
        inclusive=True,
        update=lambda client, name: client.update_image(ImageName=name, Description="updated"),
    ),
    Listed(
        "list_image_versions",
        "ImageVersions",
        "Version",
        lambda client, _: make_image_version(client, "parent"),
        lambda client, number: client.delete_image_version(ImageName="parent", Version=number),
        {"VERSION": "Version", "CREATION_TIME": "CreationTime", "LAST_MODIFIED_TIME": "LastModifiedTime"},
        words=CAPITALS,
        inclusive=True,
        said={"ImageName": "parent"},
        parent=lambda client: make_image(client, "parent"),
        update=lambda client, number: client.update_image_version(
            ImageName="parent", Version=number, ReleaseNotes="updated"
        ),
        contains=False,
    ),
    Listed(
        "list_model_packages",
        "ModelPackageSummaryList",
        "ModelPackageVersion",
        lambda client, _: make_version(client, "parent"),
        lambda client, number: client.delete_model_package(
            ModelPackageName=f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:model-package/parent/{number}"
        ),
        {"CreationTime": "CreationTime"},
        said={"ModelPackageGroupName": "parent"},
        parent=lambda client: make_group(client, "parent"),
        contains=False,
    ),
]
NAMES = ["b", "e", "a", "d", "c"]


def named(listed: Listed) -> str:
    return listed.operation + (" of a parent" if listed.said else "")


every_list = pytest.mark.parametrize("listed", LISTS, ids=named)


@pytest.fixture
def fill(client: Any, clock: ManualClock) -> Callable[..., list[Any]]:
    """Return a function that makes entries, a second apart, and returns their names oldest first."""

    def make(listed: Listed, names: list[str] | None = None, apart: float = 1) -> list[Any]:
        listed.parent(client)
        for name in names or NAMES:
            clock.advance(apart)
            listed.make(client, name)
        return listed.names(
            client,
            SortBy="CREATION_TIME" if listed.words is CAPITALS else "CreationTime",
            SortOrder=listed.words[0],
            MaxResults=100,
        )

    return make


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc)


# --- Order ------------------------------------------------------------------------------------------------------------


@every_list
def test_an_empty_list_has_no_entries_and_no_next_page(client: Any, listed: Listed) -> None:
    listed.parent(client)

    answer = listed.call(client)()

    assert answer[listed.items] == []
    assert "NextToken" not in answer


@every_list
def test_the_order_without_a_word(client: Any, fill: Any, listed: Listed) -> None:
    oldest_first = fill(listed)

    assert listed.names(client) == (oldest_first[::-1] if listed.newest_first else oldest_first)


@every_list
def test_every_sort_key_sorts_both_ways(client: Any, clock: ManualClock, fill: Any, listed: Listed) -> None:
    names = fill(listed)
    if listed.update:
        clock.advance(1)
        listed.update(client, names[1])

    for key, member in listed.sorts.items():
        up, down = (listed.call(client)(SortBy=key, SortOrder=word)[listed.items] for word in listed.words)
        assert len(up) == len(names)
        assert [one[member] for one in up] == sorted(one[member] for one in up)
        assert down == up[::-1]


@every_list
def test_every_sort_key_of_the_model_is_tried(client: Any, listed: Listed) -> None:
    shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[listed.operation]).input_shape

    missing = set(shape.members["SortBy"].enum) - listed.sorts.keys()

    assert missing == ({"Name"} if named(listed) == "list_model_packages of a parent" else set())
    assert tuple(shape.members["SortOrder"].enum) == listed.words


@every_list
def test_a_sort_key_that_is_none_is_refused(client: Any, listed: Listed) -> None:
    listed.parent(client)

    code, message = refusal(listed.call(client), SortBy="Size")

    assert code == "ValidationException"
    assert "'sortBy'" in message


# --- Filters ----------------------------------------------------------------------------------------------------------


@every_list
def test_every_filter_of_the_model_is_tried_somewhere(client: Any, listed: Listed) -> None:
    shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[listed.operation]).input_shape

    tried = {"CreationTimeAfter", "CreationTimeBefore", "MaxResults", "NextToken", "SortBy", "SortOrder", *listed.said}
    tried |= {"LastModifiedTimeAfter", "LastModifiedTimeBefore", "NameContains", "CrossAccountFilterOption"}
    tried |= {"ModelApprovalStatus", "ModelPackageGroupName", "ModelPackageType"}  # with the packages
    assert shape.members.keys() <= tried


@every_list
def test_creation_time_bounds_the_list(client: Any, fill: Any, clock: ManualClock, listed: Listed) -> None:
    names = fill(listed)  # the last one was made now, the first four seconds ago
    third = moment(clock.now() - 2)
    up = {"SortOrder": listed.words[0]}

    assert listed.names(client, CreationTimeAfter=third, **up) == names[2:]
    before = names[:3] if listed.inclusive else names[:2]
    assert listed.names(client, CreationTimeBefore=third, **up) == before
    assert (
        listed.names(client, CreationTimeAfter=moment(clock.now() - 3.5), CreationTimeBefore=third, **up) == before[1:]
    )
    assert listed.names(client, CreationTimeAfter=moment(clock.now() + 1)) == []


@pytest.mark.parametrize("listed", [one for one in LISTS if one.update], ids=named)
def test_modification_time_bounds_the_list(client: Any, fill: Any, clock: ManualClock, listed: Listed) -> None:
    names = fill(listed)
    clock.advance(10)
    assert listed.update is not None
    listed.update(client, names[1])
    updated = moment(clock.now())
    up = {"SortOrder": listed.words[0]}

    assert listed.names(client, LastModifiedTimeAfter=updated) == [names[1]]
    assert listed.names(client, LastModifiedTimeBefore=updated, **up) == names
    assert listed.names(client, LastModifiedTimeBefore=moment(clock.now() - 1), **up) == [names[0], *names[2:]]


@pytest.mark.parametrize("listed", [one for one in LISTS if one.contains], ids=named)
def test_names_are_filtered_by_what_they_contain(client: Any, fill: Any, listed: Listed) -> None:
    fill(listed, ["train-1", "serve-1", "train-2", "re-train"])

    assert sorted(listed.names(client, NameContains="train")) == ["re-train", "train-1", "train-2"]
    assert sorted(listed.names(client, NameContains="-1")) == ["serve-1", "train-1"]
    assert listed.names(client, NameContains="nobody") == []


def test_groups_of_other_accounts_are_none(client: Any) -> None:
    make_group(client, "g")

    list_groups = client.list_model_package_groups
    assert len(list_groups(CrossAccountFilterOption="SameAccount")["ModelPackageGroupSummaryList"]) == 1
    assert list_groups(CrossAccountFilterOption="CrossAccount")["ModelPackageGroupSummaryList"] == []


def test_versions_are_listed_for_their_own_image_only(client: Any) -> None:
    for name in ("i", "j"):
        make_image(client, name)
    for name in ("i", "j", "i"):
        make_image_version(client, name)

    assert [one["Version"] for one in client.list_image_versions(ImageName="i")["ImageVersions"]] == [2, 1]
    assert [one["Version"] for one in client.list_image_versions(ImageName="j")["ImageVersions"]] == [1]


def test_a_summary_of_a_model_is_its_name_arn_and_time(client: Any) -> None:
    model = make_model(client, "m")

    [summary] = client.list_models()["Models"]

    assert summary.keys() == {"ModelName", "ModelArn", "CreationTime"}
    assert summary["ModelArn"] == model


def test_summaries_of_images_and_versions_show_what_describe_shows(client: Any) -> None:
    make_image(client, "i", DisplayName="Shown", Description="about")
    make_image_version(client, "i")

    for summary, described in (
        (client.list_images()["Images"][0], client.describe_image(ImageName="i")),
        (client.list_image_versions(ImageName="i")["ImageVersions"][0], client.describe_image_version(ImageName="i")),
    ):
        assert summary.items() <= described.items()
        assert {"CreationTime", "LastModifiedTime", "ImageArn"} <= summary.keys()


# --- Pages ------------------------------------------------------------------------------------------------------------


@every_list
def test_a_page_has_ten_entries_where_nobody_says_how_many(client: Any, fill: Any, listed: Listed) -> None:
    names = fill(listed, [f"n{number:02}" for number in range(12)])
    order = names[::-1] if listed.newest_first else names

    first = listed.call(client)()
    second = listed.call(client)(NextToken=first["NextToken"])

    assert [one[listed.name] for one in first[listed.items]] == order[:10]
    assert [one[listed.name] for one in second[listed.items]] == order[10:]
    assert "NextToken" not in second


@every_list
@pytest.mark.parametrize("size", [1, 3, 6, 7, 100])
def test_pages_follow_each_other_without_gap_or_overlap(client: Any, fill: Any, listed: Listed, size: int) -> None:
    names = fill(listed, [f"n{number}" for number in range(6)])

    for key in listed.sorts:
        for word in listed.words:
            whole = listed.names(client, SortBy=key, SortOrder=word)
            pages = listed.pages(client, size, SortBy=key, SortOrder=word)
            assert [name for page in pages for name in page] == whole
            assert [len(page) for page in pages] == [
                min(size, len(names) - start) for start in range(0, len(names), size)
            ]


@every_list
def test_entries_of_the_same_moment_are_all_seen_once(client: Any, fill: Any, listed: Listed) -> None:
    names = fill(listed, apart=0)

    for word in listed.words:
        pages = listed.pages(client, 2, SortOrder=word)
        assert sorted(name for page in pages for name in page) == sorted(names)


@every_list
@pytest.mark.parametrize("size", [0, 101, -1])
def test_a_page_has_one_to_a_hundred_entries(connect: Any, client: Any, listed: Listed, size: int) -> None:
    listed.parent(client)

    code, message = refusal(listed.call(connect(validate=False)), MaxResults=size)

    assert code == "ValidationException"
    assert "'maxResults'" in message


# --- Filters and pages ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("listed", [one for one in LISTS if one.contains], ids=named)
def test_a_page_is_cut_first_and_filtered_then(client: Any, fill: Any, listed: Listed) -> None:
    fill(listed, ["x1", "a1", "a2", "x2", "a3", "x3"])

    pages = listed.pages(client, 2, NameContains="x", SortOrder=listed.words[0])

    assert pages == [["x1"], ["x2"], ["x3"]]


@pytest.mark.parametrize("listed", [one for one in LISTS if one.contains], ids=named)
def test_a_page_may_be_empty_and_yet_have_a_next_one(client: Any, fill: Any, listed: Listed) -> None:
    fill(listed, ["a1", "a2", "a3", "x1"])

    answer = listed.call(client)(NameContains="x", MaxResults=3, SortOrder=listed.words[0])

    assert answer[listed.items] == []
    assert "NextToken" in answer
    assert listed.pages(client, 3, NameContains="x", SortOrder=listed.words[0]) == [[], ["x1"]]


@pytest.mark.parametrize("listed", [one for one in LISTS if one.contains], ids=named)
def test_without_a_page_size_ten_are_looked_at(client: Any, fill: Any, listed: Listed) -> None:
    fill(listed, [*[f"a{number}" for number in range(10)], "x"])

    answer = listed.call(client)(NameContains="x", SortOrder=listed.words[0])

    assert answer[listed.items] == []
    assert "NextToken" in answer


@pytest.mark.parametrize("listed", [one for one in LISTS if one.contains], ids=named)
def test_with_filter_first_a_page_is_full_while_there_is_something_to_fill_it(
    client: Any, emulator: Emulator, fill: Any, listed: Listed
) -> None:
    emulator.settings.filter_first = True
    fill(listed, ["x1", "a1", "a2", "x2", "a3", "x3"])

    assert listed.pages(client, 2, NameContains="x", SortOrder=listed.words[0]) == [["x1", "x2"], ["x3"]]
    assert listed.pages(client, 3, NameContains="x", SortOrder=listed.words[0]) == [["x1", "x2", "x3"]]
    assert listed.names(client, NameContains="nobody", MaxResults=1) == []


# --- While the world changes ------------------------------------------------------------------------------------------


@every_list
@pytest.mark.parametrize("order", [0, 1], ids=["up", "down"])
def test_entries_deleted_behind_and_ahead_move_nothing(client: Any, fill: Any, listed: Listed, order: int) -> None:
    names = fill(listed, [f"n{number}" for number in range(8)])
    walk = names[::-1] if order else names
    word = listed.words[order]
    first = listed.call(client)(MaxResults=3, SortOrder=word)

    for gone in (walk[0], walk[2], walk[3], walk[6]):  # the first seen, the last seen, the next, one far ahead
        listed.delete(client, gone)
    second = listed.call(client)(MaxResults=100, SortOrder=word, NextToken=first["NextToken"])

    assert [one[listed.name] for one in first[listed.items]] == walk[:3]
    assert [one[listed.name] for one in second[listed.items]] == [walk[4], walk[5], walk[7]]


@every_list
def test_entries_made_in_between_are_neither_skipped_nor_make_others_repeat(
    client: Any, fill: Any, clock: ManualClock, listed: Listed
) -> None:
    names = fill(listed)
    up, down = listed.words
    going_up = listed.call(client)(MaxResults=2, SortOrder=up)
    going_down = listed.call(client)(MaxResults=2, SortOrder=down)

    clock.advance(1)
    listed.make(client, "late")

    [*rest, late] = listed.names(client, SortOrder=up, NextToken=going_up["NextToken"])
    assert rest == names[2:]
    assert late not in names
    assert listed.names(client, SortOrder=down, NextToken=going_down["NextToken"]) == names[::-1][2:]


@every_list
def test_a_token_leads_on_even_if_everything_behind_it_is_gone(client: Any, fill: Any, listed: Listed) -> None:
    names = fill(listed)
    answer = listed.call(client)(MaxResults=2, SortOrder=listed.words[0])

    for name in names:
        listed.delete(client, name)

    rest = listed.call(client)(SortOrder=listed.words[0], NextToken=answer["NextToken"])
    assert rest[listed.items] == []
    assert "NextToken" not in rest


# --- Tokens -----------------------------------------------------------------------------------------------------------


@every_list
def test_a_token_is_good_twice_and_for_another_page_size(client: Any, fill: Any, listed: Listed) -> None:
    names = fill(listed)
    token = listed.call(client)(MaxResults=2, SortOrder=listed.words[0])["NextToken"]

    for size in (1, 1, 3, 100):
        assert listed.names(client, SortOrder=listed.words[0], NextToken=token, MaxResults=size) == names[2:][:size]


@every_list
def test_a_token_is_refused_by_another_query(client: Any, fill: Any, listed: Listed) -> None:
    fill(listed)
    token = listed.call(client)(MaxResults=2, SortOrder=listed.words[0])["NextToken"]

    for other in ({"SortOrder": listed.words[1]}, {"SortOrder": listed.words[0], "CreationTimeAfter": moment(1)}, {}):
        assert refusal(listed.call(client), NextToken=token, **other)[0] == "ValidationException"


def test_a_token_is_refused_by_another_operation_account_and_region(connect: Any, client: Any) -> None:
    for name in "ab":
        make_model(client, name)
    token = client.list_models(MaxResults=1)["NextToken"]

    for call in (
        client.list_images,
        client.list_model_package_groups,
        connect(region="eu-west-1").list_models,
        connect(account="210987654321").list_models,
    ):
        assert refusal(call, NextToken=token)[0] == "ValidationException"


@every_list
@pytest.mark.parametrize("token", ["made-up", "AAAA", "====", "ä", "e30=", "a" * 8192])
def test_a_token_that_was_never_given_is_refused(client: Any, listed: Listed, token: str) -> None:
    listed.parent(client)

    assert refusal(listed.call(client), NextToken=token)[0] == "ValidationException"


def test_a_token_with_one_letter_changed_is_refused(client: Any) -> None:
    for name in "ab":
        make_model(client, name)
    token = client.list_models(MaxResults=1)["NextToken"]

    for place in (0, len(token) // 2, len(token) - 4):
        changed = token[:place] + ("B" if token[place] != "B" else "C") + token[place + 1 :]
        assert refusal(client.list_models, NextToken=changed)[0] == "ValidationException"
