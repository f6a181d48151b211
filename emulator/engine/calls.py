"""The history in a tester's hand: look for calls, assert them, carry them elsewhere, and have them called again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any, Protocol

from emulator.aws import jsontext
from emulator.aws.call import Call
from emulator.aws.errors import DroppedError, ServiceError
from emulator.aws.wire import timestamp
from emulator.engine import clock
from emulator.engine.asked import called
from emulator.engine.catalogue import Catalogue
from emulator.engine.history import DROPPED, Heard, History
from emulator.engine.identity import snake
from emulator.engine.parameters import checked
from emulator.engine.scope import Settings, check_place
from emulator.engine.selecting import found, globbed, named

Said = dict[str, Any]

FORMS = ("jsonl", "boto3")
NEAR = 5  # calls that a failed assertion shows at most

_SCRIPT = '''"""Calls that a SageMaker emulator has answered, to be made again."""

import os

import boto3

URL = os.environ.get("AWS_ENDPOINT_URL_SAGEMAKER", "http://127.0.0.1:4580")


def client(account, region):
    return boto3.client(
        "sagemaker",
        endpoint_url=URL,
        region_name=region,
        aws_access_key_id=account,
        aws_secret_access_key="local",
    )

'''


class Answering(Protocol):
    """Who answers calls and remembers them: an emulator."""

    catalogue: Catalogue
    settings: Settings
    history: History

    def answer(self, call: Call) -> dict[str, Any] | None:
        """Return the output of a call; ServiceError if it is refused."""


class Calls:
    """The calls that were made, the oldest first."""

    def __init__(self, emulator: Answering, operations: set[str]) -> None:
        self._emulator = emulator
        self._history = emulator.history
        self._operations = operations

    def __len__(self) -> int:
        return len(self._history.calls)

    def __iter__(self) -> Iterator[Said]:
        return map(told, self._history.calls)

    @checked
    def query(
        self,
        operation: str = "*",
        name: str | None = None,
        where: str | None = None,
        error: str | None = None,
        caller: str | None = None,
        account: str | None = None,
        region: str | None = None,
        since: str | float | datetime | None = None,
        until: str | float | datetime | None = None,
        last: int | None = None,
    ) -> list[Said]:
        """Tell the calls of some operations (a pattern), about a name, refused with an error, in a time."""
        globbed(operation, self._operations)
        if where is not None:
            found(where, {})
        if last is not None and last < 1:
            raise ValueError("The last calls are 1 or more.")
        begin = 0.0 if since is None else clock.seconds(since)
        end = clock.LATEST if until is None else clock.seconds(until)
        patterns = {"operation": operation, "account": account, "region": region, "caller": caller}
        heard = [
            one
            for one in self._history.calls
            if begin <= one.time <= end
            and all(fnmatchcase(getattr(one, what), of) for what, of in patterns.items() if of is not None)
            and (error is None or (one.error is not None and fnmatchcase(one.error.code, error)))
            and (name is None or named(name, called(self._emulator.catalogue, one.call)))
            and (where is None or found(where, one.call.params))
        ]
        return [told(one) for one in (heard if last is None else heard[-last:])]

    @checked
    def keep(self, size: int) -> Said:
        """Keep so many calls from now on, the last ones; 0 keeps none."""
        if not 0 <= size <= 1_000_000:
            raise ValueError("From 0 to 1000000 calls are kept.")
        self._history.keep(size)
        return {"kept": size}

    def clear(self) -> Said:
        """Forget the calls that were made."""
        return {"forgotten": self._history.forget()}

    # --- Assertions ---------------------------------------------------------------------------------------------------

    def assert_called(self, operation: str, /, **members: Any) -> list[Said]:
        """Return the calls of an operation with such members in their input, refused ones too; one at least."""
        matching = self._matching(operation, members)
        if not matching:
            raise AssertionError(f"{_wanted(operation, members)} was not called.{self._near(operation, members)}")
        return [told(one) for one in matching]

    def assert_not_called(self, operation: str, /, **members: Any) -> None:
        """See that no call of an operation with such members in its input is among those that are kept."""
        matching = self._matching(operation, members)
        if matching:
            times = "once" if len(matching) == 1 else f"{len(matching)} times"
            lines = "".join(f"\n  {_line(one)}" for one in matching[:NEAR])
            raise AssertionError(f"{_wanted(operation, members)} was called {times}:{lines}")

    def _matching(self, operation: str, members: Mapping[str, Any]) -> list[Heard]:
        globbed(operation, self._operations)
        if not self._history.size:
            raise ValueError("No calls are kept, so nothing can be said about them.")
        of_it = [one for one in self._history.calls if fnmatchcase(one.operation, operation)]
        return [one for one in of_it if not list(_differences(members, one.call.params))]

    def _near(self, operation: str, members: Mapping[str, Any]) -> str:
        """Say which calls come near to one that was not made."""
        calls = self._history.calls
        if not calls:
            return " Nothing was called."
        same = [one for one in calls if fnmatchcase(one.operation, operation)]
        differing = sorted(((list(_differences(members, one.call.params)), one) for one in same), key=_far)[:NEAR]
        if differing:
            lines = [f"{_line(one)}\n    {'; '.join(differences)}" for differences, one in differing]
            return "".join(("\nThe calls of it:", *(f"\n  {line}" for line in lines)))
        made = Counter(one.operation for one in calls)
        alike = set(get_close_matches(operation, made, NEAR, 0.7))
        near = [one for one in calls if one.operation in alike or (members and _holds(members, one.call.params))]
        if near:
            return "".join(("\nCalls that come near:", *(f"\n  {_line(one)}" for one in near[-NEAR:])))
        return f"\nWhat was called: {', '.join(f'{name} ({times})' for name, times in made.most_common(10))}."

    # --- Elsewhere ----------------------------------------------------------------------------------------------------

    @checked
    def export(self, form: str = "jsonl") -> str:
        """Return all calls as text: one JSON object a line (``jsonl``), or a script for boto3 (``boto3``)."""
        if form not in FORMS:
            raise ValueError(f"Expected a form out of {', '.join(FORMS)}.")
        heard = self._history.calls
        if form == "jsonl":
            return "".join(f"{json.dumps(told(one))}\n" for one in heard)
        operations = self._emulator.catalogue.model.operations
        return _SCRIPT + "".join(_statement(one, one.operation in operations) for one in heard)

    @checked
    def replay(self, lines: str) -> Said:
        """Make the calls of an export in JSON lines again; tell which were answered otherwise than they were then."""
        calls = [_read(number, line) for number, line in enumerate(lines.splitlines(), 1) if line.strip()]
        operations = self._emulator.catalogue.model.operations
        made, differed = 0, []
        for said in calls:
            if said["operation"] not in operations:
                continue
            made += 1
            now, was = self._again(said), said.get("error", {}).get("code")
            if now != was:
                differed.append({"operation": said["operation"], "input": said["input"], "was": was, "is": now})
        return {"replayed": made, "skipped": len(calls) - made, "differed": differed}

    def _again(self, said: Mapping[str, Any]) -> str | None:
        """Make a call and return the code of its error, if it was refused."""
        settings = self._emulator.settings
        account, region = said.get("account", settings.account), said.get("region", settings.region)
        try:
            self._emulator.answer(Call(said["operation"], said["input"], account, region, said.get("caller", "")))
        except ServiceError as error:
            return error.code
        except DroppedError:
            return DROPPED
        return None


def told(heard: Heard) -> Said:
    """Return a call as a reader sees it."""
    call, error = heard.call, heard.error
    said = {
        "id": heard.number,
        "time": clock.text(heard.time),
        "seconds": round(heard.took, 6),
        "operation": call.operation,
        "account": call.account,
        "region": call.region,
        "caller": call.caller,
        "input": call.params,
    }
    if error is not None:
        return said | {"error": {one: of for one, of in error._asdict().items() if of is not None}}
    return said if heard.elsewhere else said | {"answer": jsontext.read(jsontext.write(heard.answer))}


# --- What differs -----------------------------------------------------------------------------------------------------


def _differences(wanted: Mapping[str, Any], given: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Yield how an input differs from what is wanted of it; what is wanted of a structure may be a part of it."""
    for name, value in wanted.items():
        where = f"{path}{name}"
        if name not in given:
            yield f"{where} is absent"
        elif isinstance(value, Mapping) and isinstance(given[name], Mapping):
            yield from _differences(value, given[name], f"{where}.")
        elif not _same(value, given[name]):
            yield f"{where} is {given[name]!r} and not {value!r}"


def _same(wanted: Any, given: Any) -> bool:
    if isinstance(wanted, datetime):
        return bool(timestamp(clock.seconds(wanted)) == given)
    if isinstance(wanted, Mapping) and isinstance(given, Mapping):
        return not list(_differences(wanted, given))
    if isinstance(wanted, Sequence) and not isinstance(wanted, str):
        return isinstance(given, list) and len(wanted) == len(given) and all(map(_same, wanted, given))
    return bool(wanted == given)


def _holds(wanted: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    return not list(_differences(wanted, given))


def _far(near: tuple[list[str], Heard]) -> tuple[int, int]:
    """Return how far a call is from what is wanted; of those as far, the latest come first."""
    return len(near[0]), -near[1].number


def _wanted(operation: str, members: Mapping[str, Any]) -> str:
    return f"{operation} with {_written(members)}" if members else operation


def _line(heard: Heard) -> str:
    given = _written(heard.call.params)
    shown = given if len(given) <= 200 else f"{given[:200]}…"
    error = f", refused with {heard.error.code}" if heard.error else ""
    return f"#{heard.number} {heard.operation}({shown}){error}"


def _written(members: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in members.items())


# --- What is carried elsewhere ----------------------------------------------------------------------------------------


def _statement(heard: Heard, known: bool) -> str:
    """Return the statement that makes a call again, or why there is none."""
    call = heard.call
    if heard.error or not known:
        why = f"was refused: {heard.error.code}" if heard.error else "is not one of this client's"
        return f"\n# {call.operation} {why}"
    members = "".join(f"\n    {name}={value!r}," for name, value in call.params.items())
    return f"\nclient({call.account!r}, {call.region!r}).{snake(call.operation)}({members}{chr(10) * bool(members)})"


def _read(number: int, line: str) -> Said:
    """Return the call on a line of an export; ValueError if there is none."""
    try:
        said = jsontext.read(line)
    except ValueError:
        said = None
    fits = (
        isinstance(said, dict)
        and isinstance(said.get("operation"), str)
        and isinstance(said.get("input"), dict)
        and not jsontext.deeper(said["input"])
        and isinstance(said.get("error", {}), dict)
        and all(isinstance(said.get(name, ""), str) for name in ("account", "region", "caller"))
    )
    if not fits:
        raise ValueError(f"Line {number} is no call: expected a JSON object with an operation and an input.")
    whose = {name: said[name] for name in ("account", "region") if name in said}
    check_place(f"Line {number} is no call: ", **whose)
    return dict(said)
