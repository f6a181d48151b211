"""Pages while the world changes: whatever is there throughout is seen exactly once, in order."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from emulator.aws.call import Call
from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.scope import Settings
from emulator.sagemaker.service import sagemaker
from tests.conftest import ACCOUNT, REGION, ROLE

NAMES = [f"{letter}{number}" for letter in "ab" for number in range(8)]
SORTS = {"IMAGE_NAME": "ImageName", "CREATION_TIME": "CreationTime", "LAST_MODIFIED_TIME": "LastModifiedTime"}
name = st.sampled_from(NAMES)
change = st.tuples(st.sampled_from(["create", "delete", "update"]), name, st.sampled_from([0, 0, 1]))


class World:
    """An emulator with images in it, in process; what is refused is simply not done."""

    def __init__(self, *, filter_first: bool = False) -> None:
        self.clock = ManualClock()
        self.emulator: Emulator = sagemaker(Settings(filter_first=filter_first), self.clock)
        self.there: dict[str, int] = {}  # how often what is there now was touched since it was made
        self.touches = 0

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        return self.emulator.answer(Call(operation, params, ACCOUNT, REGION)) or {}

    def apply(self, verb: str, image: str, seconds: int) -> None:
        self.clock.advance(seconds)
        self.touches += 1
        if verb == "create" and image not in self.there:
            self.call("CreateImage", ImageName=image, RoleArn=ROLE)
            self.there[image] = self.touches
        elif verb == "delete" and image in self.there:
            self.call("DeleteImage", ImageName=image)
            del self.there[image]
        elif verb == "update" and image in self.there:
            self.call("UpdateImage", ImageName=image, Description=str(self.touches))
            self.there[image] = self.touches

    def page(self, **params: Any) -> tuple[list[dict[str, Any]], str | None]:
        answer = self.call("ListImages", **params)
        return answer["Images"], answer.get("NextToken")


@given(
    first=st.lists(change, min_size=4, max_size=30),
    between=st.lists(st.lists(change, max_size=4), max_size=6),
    size=st.integers(1, 5),
    sort=st.sampled_from(sorted(SORTS)),
    order=st.sampled_from(["ASCENDING", "DESCENDING"]),
    contains=st.sampled_from([None, "a", "1"]),
    filter_first=st.booleans(),
)
def test_what_is_there_throughout_is_seen_once_and_in_order(
    first: list[tuple[str, str, int]],
    between: list[list[tuple[str, str, int]]],
    size: int,
    sort: str,
    order: str,
    contains: str | None,
    filter_first: bool,
) -> None:
    world = World(filter_first=filter_first)
    for step in first:
        world.apply(*step)
    query = {"SortBy": sort, "SortOrder": order, "MaxResults": size} | ({"NameContains": contains} if contains else {})
    before = dict(world.there)
    seen: list[dict[str, Any]] = []
    changes = iter(between)

    page, token = world.page(**query)
    seen += page
    while token is not None:
        assert len(page) <= size
        for step in next(changes, []):
            world.apply(*step)
        page, token = world.page(**query, NextToken=token)
        seen += page

    steady = {image for image, touch in before.items() if world.there.get(image) == touch}
    steady = {image for image in steady if contains is None or contains in image}
    names = [entry["ImageName"] for entry in seen]
    assert sorted(image for image in names if image in steady) == sorted(steady)
    values = [entry[SORTS[sort]] for entry in seen if entry["ImageName"] in steady]
    assert values == sorted(values, reverse=order == "DESCENDING")
    assert all(contains is None or contains in image for image in names)
    if not any(between):
        assert len(names) == len(set(names)) == len(steady)


@given(
    first=st.lists(change, min_size=4, max_size=30),
    size=st.integers(1, 5),
    sort=st.sampled_from(sorted(SORTS)),
    contains=st.sampled_from(["a", "1", "zz"]),
)
def test_with_filter_first_only_the_last_page_is_short(
    first: list[tuple[str, str, int]], size: int, sort: str, contains: str
) -> None:
    world = World(filter_first=True)
    for step in first:
        world.apply(*step)

    token: str | None = None
    while True:
        more = {"NextToken": token} if token else {}
        page, token = world.page(SortBy=sort, NameContains=contains, MaxResults=size, **more)
        if token is None:
            break
        assert len(page) == size


@given(first=st.lists(change, max_size=30), size=st.integers(1, 5), sort=st.sampled_from(sorted(SORTS)))
def test_up_is_down_backwards(first: list[tuple[str, str, int]], size: int, sort: str) -> None:
    world = World()
    for step in first:
        world.apply(*step)

    def walk(order: str) -> list[str]:
        page, token = world.page(SortBy=sort, SortOrder=order, MaxResults=size)
        names = [entry["ImageName"] for entry in page]
        while token:
            page, token = world.page(SortBy=sort, SortOrder=order, MaxResults=size, NextToken=token)
            names += [entry["ImageName"] for entry in page]
        return names

    assert walk("ASCENDING") == walk("DESCENDING")[::-1]
    assert sorted(walk("ASCENDING")) == sorted(world.there)
