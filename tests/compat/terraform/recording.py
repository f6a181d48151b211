"""What Terraform was recorded to ask, and what it was answered: one call a line, so that it can be asked again quickly.

A recording is made of the emulator's own history. What the service makes up is written ``<1>``, ``<2>``…, what a clock
says ``<time>``: which these are is found by asking everything again of another emulator, and seeing what differs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[3] / "fixtures" / "terraform" / "recorded"
TIME = "<time>"
READS = ("Describe", "Get", "List")

Call = dict[str, Any]  # the operation, its input, and the answer or the error
Ask = Callable[[str, Any], Any]  # an operation and its input; returns the answer, or the error

_MADE_UP = re.compile(r"<\d+>")
_WORD = re.compile("[A-Za-z0-9]+")


def read(name: str) -> list[Call]:
    """Return the calls of a recording."""
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()]


def write(name: str, history: str, ask: Ask) -> None:
    """Write the recording of a history; ``ask`` leads to an emulator that makes up other things."""
    FOLDER.mkdir(exist_ok=True)
    lines = [json.dumps(one, ensure_ascii=False) for one in _general(_heard(history), ask)]
    (FOLDER / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")


def _heard(history: str) -> Iterator[Call]:
    """Yield the calls that the emulator answered itself, without those that ask once more what has not changed."""
    seen = set()
    for said in map(json.loads, history.splitlines()):
        answered = "error" if "error" in said else "answer"
        if answered in said:
            call = {name: said[name] for name in ("operation", "input", answered)}
            if not said["operation"].startswith(READS):
                seen.clear()
            line = json.dumps(call, sort_keys=True)
            if line not in seen:
                yield call
            seen.add(line)


# --- Asked again ------------------------------------------------------------------------------------------------------


class Replay:
    """A recording that is asked again: it knows what is called otherwise now."""

    def __init__(self) -> None:
        self.now: dict[str, str] = {}  # what was made up, by how it is written in the recording

    def again(self, call: Call, ask: Ask) -> tuple[Any, Any]:
        """Make a call again; return what was to be answered, in today's words, and what is answered."""
        answer = ask(call["operation"], self._said(call["input"]))
        wanted = call.get("error", call.get("answer"))
        self._learn(wanted, answer)
        return _timeless(self._said(wanted), answer), answer

    def _said(self, value: Any) -> Any:
        """Return a value of the recording as it is to be said now."""
        return _mapped(value, lambda text: _MADE_UP.sub(lambda one: self.now.get(one[0], one[0]), text))

    def _learn(self, wanted: Any, answer: Any) -> None:
        """Learn what is made up from where it is said for the first time."""
        for text, now in _pairs(wanted, answer):
            if isinstance(text, str) and isinstance(now, str):
                names = [name for name in _MADE_UP.findall(text) if name not in self.now]
                found = re.fullmatch(self._pattern(text), now)
                self.now.update(zip(names, found.groups() if found else (), strict=False))

    def _pattern(self, text: str) -> str:
        parts = re.split(r"(<\d+>)", text)
        return "".join(
            re.escape(self.now.get(part, part))
            if not _MADE_UP.fullmatch(part) or part in self.now
            else "([A-Za-z0-9]+)"
            for part in parts
        )


def _timeless(wanted: Any, answer: Any) -> Any:
    """Return what is wanted with the times that are answered in place of any."""
    if wanted == TIME and isinstance(answer, (int, float)):
        return answer
    if isinstance(wanted, dict) and isinstance(answer, dict):
        return {name: _timeless(one, answer.get(name)) for name, one in wanted.items()}
    if isinstance(wanted, list) and isinstance(answer, list) and len(wanted) == len(answer):
        return [_timeless(one, other) for one, other in zip(wanted, answer, strict=True)]
    return wanted


# --- Made general -----------------------------------------------------------------------------------------------------


def _general(calls: Iterable[Call], ask: Ask) -> Iterator[Call]:
    """Yield calls with what differs elsewhere made general."""
    names: dict[str, str] = {}  # how what was made up is written, by what it was
    others: dict[str, str] = {}  # what it is elsewhere
    for call in calls:
        answered = "error" if "error" in call else "answer"
        asked = _mapped(call["input"], lambda text: _WORD.sub(lambda one: others.get(one[0], one[0]), text))
        other = ask(call["operation"], asked)
        for text, elsewhere in _pairs(call[answered], other):
            for was, now in _differences(text, elsewhere):
                names.setdefault(was, f"<{len(names) + 1}>")
                assert others.setdefault(was, now) == now, f"{was} is {now} and {others[was]}"
        written = {
            name: _mapped(call[name], lambda text: _WORD.sub(lambda one: names.get(one[0], one[0]), text))
            for name in ("input", answered)
        }
        yield {"operation": call["operation"]} | written | {answered: _without_times(written[answered], other)}


def _differences(text: Any, elsewhere: Any) -> Iterator[tuple[str, str]]:
    """Yield the words that differ between two texts of the same form."""
    if isinstance(text, str) and isinstance(elsewhere, str) and text != elsewhere:
        was, now = _WORD.findall(text), _WORD.findall(elsewhere)
        assert _WORD.sub("", text) == _WORD.sub("", elsewhere), f"{text} is {elsewhere}"
        yield from ((one, other) for one, other in zip(was, now, strict=True) if one != other)


def _without_times(value: Any, elsewhere: Any) -> Any:
    """Return a value with the numbers that differ elsewhere made times."""
    if isinstance(value, dict):
        return {name: _without_times(one, elsewhere[name]) for name, one in value.items()}
    if isinstance(value, list):
        return [_without_times(one, other) for one, other in zip(value, elsewhere, strict=True)]
    return value if isinstance(value, str) or value == elsewhere else TIME


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    """Return a value with all its texts changed."""
    if isinstance(value, dict):
        return {name: _mapped(one, change) for name, one in value.items()}
    if isinstance(value, list):
        return [_mapped(one, change) for one in value]
    return change(value) if isinstance(value, str) else value


def _pairs(value: Any, other: Any) -> Iterator[tuple[Any, Any]]:
    """Yield what stands at the same place in two values."""
    if isinstance(value, dict) and isinstance(other, dict):
        for name in value.keys() & other.keys():
            yield from _pairs(value[name], other[name])
    elif isinstance(value, list) and isinstance(other, list):
        for one, another in zip(value, other, strict=False):
            yield from _pairs(one, another)
    else:
        yield value, other
