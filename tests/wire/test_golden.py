"""Golden exchanges: the requests in `fixtures/wire`, and the answers to them, byte for byte.

A file is one story, played from its first request to its last against an empty emulator whose clock stands still but
where a request says ``advance``. ``pytest tests/wire/test_golden.py --update-golden`` writes the answers anew.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from emulator.engine.clock import Chance, ManualClock
from emulator.engine.emulator import Emulator
from tests.wire.raw import JSON, Wire, headers_of

STORIES = sorted((Path(__file__).parents[2] / "fixtures" / "wire").glob("*.json"))
TOKEN = "<NextToken>"  # noqa: S105 - stands for a text that is the service's own affair
_TOKEN = re.compile(r'(?<="NextToken":")[^"]+')

Story = dict[str, Any]


@pytest.mark.parametrize("path", STORIES, ids=[path.stem for path in STORIES])
def test_a_golden_story_is_told_again_byte_for_byte(
    path: Path, wire: Wire, emulator: Emulator, clock: ManualClock, pytestconfig: pytest.Config
) -> None:
    emulator.chance = Chance(0)
    story: Story = json.loads(path.read_text("utf-8"))
    told = play(story, wire, clock)
    if pytestconfig.getoption("--update-golden"):
        path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")
        story = told
    for was, now in zip(story["exchanges"], told["exchanges"], strict=True):
        assert now == was


def test_the_golden_stories_are_many_and_about_every_topic() -> None:
    stories = [json.loads(path.read_text("utf-8")) for path in STORIES]
    operations = {exchange["request"]["target"] for story in stories for exchange in story["exchanges"]}
    assert sum(len(story["exchanges"]) for story in stories) >= 30
    assert {"SageMaker.CreateModel", "SageMaker.UpdateModelPackage", "SageMaker.ListAliases"} <= operations


def play(story: Story, wire: Wire, clock: ManualClock) -> Story:
    """Return the story with the answers that its requests get now."""
    exchanges = []
    token = ""
    for exchange in story["exchanges"]:
        asked = exchange["request"]
        clock.advance(asked.get("advance", 0))
        body = asked["body"] if isinstance(asked["body"], str) else json.dumps(asked["body"])
        headers = headers_of(asked["target"], content_type=asked.get("content-type", JSON))
        reply = wire.send("POST", "/", body.replace(TOKEN, token).encode(), headers)
        token = next(iter(_TOKEN.findall(reply.text)), token)
        answer = {
            "status": reply.status,
            "headers": {"content-type": reply.headers["content-type"]},
            "body": _TOKEN.sub(TOKEN, reply.text),
        }
        exchanges.append({"request": asked, "response": answer})
    return {**story, "exchanges": exchanges}
