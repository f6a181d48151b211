"""Lives: a move that the tables do not have changes nothing, and it does not matter how often someone looks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.aws import model
from emulator.aws.call import Call
from emulator.aws.errors import ServiceError
from emulator.engine.clock import ManualClock
from emulator.engine.lifecycle import GONE, Lifecycle, Pace, Stage, State, settle, step, suggested
from emulator.engine.scope import Settings
from emulator.sagemaker.service import sagemaker
from tests.conftest import ACCOUNT, REGION, ROLE

STATUSES = [GONE, *"ABCDEF"]


@st.composite
def lifecycles(draw: st.DrawFn) -> Lifecycle:
    """Lives without a circle in time: a status only leads to a later letter, or away."""
    times = {}
    for place, status in enumerate(STATUSES[1:], 1):
        if draw(st.booleans()):
            later = st.sampled_from([GONE, *STATUSES[place + 1 :]])
            seconds = draw(st.sampled_from([0.1, 0.5, 1, 5, 60]))
            times[status] = Stage(draw(later), seconds, draw(st.none() | later))
    statuses = st.sampled_from(STATUSES[1:])
    calls = draw(st.dictionaries(st.sampled_from(["Update", "Delete"]), st.dictionaries(statuses, statuses)))
    return Lifecycle(draw(statuses), calls, times)


moments = st.lists(st.sampled_from([0.0, 0.05, 0.1, 0.3, 1, 4.9, 5, 61, 1000]), max_size=12)
speeds = st.sampled_from([0.5, 1, 3, 100])


@given(life=lifecycles(), waits=moments, speed=speeds, reason=st.none() | st.just("no capacity"))
def test_many_looks_and_one_look_see_the_same(
    life: Lifecycle, waits: list[float], speed: float, reason: str | None
) -> None:
    pace, now = Pace("real", speed), 1_700_000_000.0
    often = born = State(life.begins, now)
    for wait in waits:
        now += wait
        often = settle(life, often, pace, now, reason)

    assert often == settle(life, born, pace, now, reason)


@given(life=lifecycles(), waits=moments, speed=speeds)
def test_time_never_goes_back(life: Lifecycle, waits: list[float], speed: float) -> None:
    now = 1_700_000_000.0
    state = State(life.begins, now)
    for wait in waits:
        now += wait
        later = settle(life, state, Pace("real", speed), now)
        assert state.since <= later.since <= now
        state = later


@given(life=lifecycles(), speed=speeds)
def test_steps_pass_the_statuses_that_time_passes(life: Lifecycle, speed: float) -> None:
    state = State(life.begins, 0.0)
    stepped = state
    for _ in STATUSES:
        stepped = step(life, stepped, 0.0)

    assert stepped.status == settle(life, state, Pace("instant"), 0.0).status
    assert stepped.status == settle(life, state, Pace("real", speed), 1e9).status
    assert settle(life, state, Pace("manual"), 1e9) == settle(life, state, Pace("step"), 1e9) == state


@given(life=lifecycles(), verb=st.sampled_from(["Update", "Delete", "Stop"]), status=st.sampled_from(STATUSES[1:]))
def test_a_call_moves_only_where_its_table_says(life: Lifecycle, verb: str, status: str) -> None:
    expected = life.calls[verb].get(status) if verb in life.calls else status

    assert life.move(verb, status) == expected


def test_every_life_that_the_model_suggests_comes_to_rest() -> None:
    shapes = model.load("sagemaker")
    enums = [shape.enum for shape in shapes.shapes() if shape.name.endswith("Status") and shape.enum]
    lives = [life for enum in enums if (life := suggested(enum))]

    assert len(lives) > 30
    for life in lives:
        for status in {life.begins, *(to for moves in life.calls.values() for to in moves.values())}:
            state = State(status, 0.0)
            for _ in range(10):
                state = step(life, state, 0.0)
            assert state.status not in life.times


# --- The same, of a whole emulator ------------------------------------------------------------------------------------

ACTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "create": ("CreateImage", {"ImageName": "i", "RoleArn": ROLE}),
    "update": ("UpdateImage", {"ImageName": "i", "Description": "updated"}),
    "delete": ("DeleteImage", {"ImageName": "i"}),
    "version": ("CreateImageVersion", {"ImageName": "i", "BaseImage": "b"}),
    "unversion": ("DeleteImageVersion", {"ImageName": "i"}),
    "alias": ("UpdateImageVersion", {"ImageName": "i", "AliasesToAdd": ["latest"]}),
    "group": ("CreateModelPackageGroup", {"ModelPackageGroupName": "i"}),
    "ungroup": ("DeleteModelPackageGroup", {"ModelPackageGroupName": "i"}),
    "package": ("CreateModelPackage", {"ModelPackageGroupName": "i"}),
    "approve": (
        "UpdateModelPackage",
        {
            "ModelPackageArn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/i/1",
            "ModelApprovalStatus": "Approved",
        },
    ),
    "unpackage": ("DeleteModelPackage", {"ModelPackageName": "i/1"}),
}
LOOKS: list[tuple[str, dict[str, Any]]] = [
    ("DescribeImage", {"ImageName": "i"}),
    ("DescribeImageVersion", {"ImageName": "i"}),
    ("ListImages", {}),
    ("ListImageVersions", {"ImageName": "i"}),
    ("ListAliases", {"ImageName": "i"}),
    ("DescribeModelPackageGroup", {"ModelPackageGroupName": "i"}),
    ("ListModelPackageGroups", {}),
    ("ListModelPackages", {"ModelPackageType": "Both"}),
    ("DescribeModelPackage", {"ModelPackageName": "i/1"}),
]


class World:
    """An emulator in process at some pace."""

    def __init__(self, pace: Pace) -> None:
        self.clock = ManualClock()
        self.emulator = sagemaker(Settings(pace=pace), self.clock)
        self.tokens = 0

    def call(self, operation: str, params: dict[str, Any]) -> Any:
        if operation in ("CreateImageVersion", "CreateModelPackage"):
            self.tokens += 1
            params = {**params, "ClientToken": f"t-{self.tokens}"}
        try:
            return self.emulator.answer(Call(operation, dict(params), ACCOUNT, REGION))
        except ServiceError as error:
            return error.code, error.message

    def look(self) -> list[Any]:
        return [self.call(*one) for one in LOOKS]


steps = st.lists(
    st.tuples(st.sampled_from(sorted(ACTIONS)), st.sampled_from([0.0, 0.5, 1.0, 3.0, 6.0, 100.0])), max_size=20
)


@given(steps=steps, speed=speeds)
def test_in_real_time_an_emulator_that_is_watched_does_as_one_that_is_not(
    steps: list[tuple[str, float]], speed: float
) -> None:
    watched, alone = World(Pace("real", speed)), World(Pace("real", speed))

    for action, wait in steps:
        answers = []
        for world in (watched, alone):
            world.clock.advance(wait / 2)
            if world is watched:
                world.look()
            world.clock.advance(wait / 2)
            answers.append(world.call(*ACTIONS[action]))
        assert answers[0] == answers[1]
        watched.look()

    assert watched.look() == alone.look()


@pytest.mark.parametrize("pace", ["manual", "real", "instant"])
@given(steps=steps)
def test_what_is_refused_changes_nothing(pace: str, steps: list[tuple[str, float]]) -> None:
    world = World(Pace(pace))

    for action, wait in steps:
        world.clock.advance(wait)
        if wait > 5:
            world.emulator.push()
        before = world.look()
        answer = world.call(*ACTIONS[action])
        if isinstance(answer, tuple):
            assert world.look() == before
