"""The control surface: the clock, the pace, and what was asked for, in the hand of whoever tests.

Each word is a method here. The routes below ``/_emulator/`` and ``sagemaker-emulator control`` are made from the table
at the end: the same words with the same parameters, and the same answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from threading import RLock
from typing import Any, Protocol

from emulator.aws import model
from emulator.aws.wire import timestamp
from emulator.engine import asked, clock, faults, quotas, seeds, state
from emulator.engine.asked import Asked, Rule
from emulator.engine.calls import Answering, Calls
from emulator.engine.catalogue import Catalogue
from emulator.engine.clock import Clock
from emulator.engine.events import Changing, Events
from emulator.engine.faults import Fault, Outcome, Turns, known
from emulator.engine.lifecycle import PACES, Pace
from emulator.engine.parameters import Parameter, checked, parameters
from emulator.engine.quotas import Quota
from emulator.engine.scope import Scope
from emulator.engine.selecting import Which, globbed
from emulator.engine.store import Store

Said = dict[str, Any]
Forget = Callable[[str | None, str | None], object]  # of an account, of a region, None for all

_NO_PACE = f"Expected a pace out of {', '.join(PACES)}, a speed above 0, and looks from 1 on."


class Controlled(Answering, Changing, Protocol):
    """What is controlled: an emulator."""

    clock: Clock
    store: Store
    asked: Asked | None

    def at(self, account: str, region: str) -> AbstractContextManager[Scope]:
        """Give the scope of one call in a place, where nobody else reads or writes meanwhile."""

    def push(self, account: str | None = None, region: str | None = None) -> int:
        """Move every status that can move one stage on, in all places or some; return how many moved."""


class Control:
    """What a test has in its hand of one emulator."""

    def __init__(self, emulator: Controlled) -> None:
        self._emulator = emulator
        self._begun = emulator.settings.pace
        self._asked = Asked(emulator.catalogue)
        self._said: dict[str, Said] = {}
        self._number = 0
        self._lock = RLock()  # of what is asked for, while somebody changes or reads it; calls only meet what is there
        self.forgetting: list[Forget] = []  # how ways in forget what they remember of calls

    @property
    def clock(self) -> Clock:
        """The clock: ``freeze``, ``set``, ``advance``, ``run``."""
        return self._emulator.clock

    @cached_property
    def operations(self) -> set[str]:
        """The names of the operations that may be called; ways in add those that no model has."""
        return {*self._emulator.catalogue.model.operations, *model.operations()}

    @cached_property
    def calls(self) -> Calls:
        """The calls that were made: ``query``, ``clear``, ``assert_called``, ``export``, ``replay``."""
        return Calls(self._emulator, self.operations)

    @cached_property
    def events(self) -> Events:
        """The events that were sent: ``query``, ``clear``, ``follow``, ``push``."""
        return Events(self._emulator)

    # --- Pace ---------------------------------------------------------------------------------------------------------

    @checked
    def pace(
        self,
        pace: str | None = None,
        speed: float = 1.0,
        looks: int = 1,
        kind: str | None = None,
        name: str | None = None,
    ) -> Said:
        """Say how statuses move, or choose it: for all, or for the resources of a kind or a name (patterns)."""
        if pace is not None:
            self._choose(pace, speed, looks, kind, name)
        elif (speed, looks, kind, name) != (1.0, 1, None, None):
            raise ValueError(_NO_PACE)
        settings = self._emulator.settings
        rules = [_pace_said(one) | _which_said(which) for which, one in settings.paces]
        return _pace_said(settings.pace) | ({"rules": rules} if rules else {})

    def _choose(self, pace: str, speed: float, looks: int, kind: str | None, name: str | None) -> None:
        if pace not in PACES or not speed > 0 or looks < 1:
            raise ValueError(_NO_PACE)
        chosen, settings = Pace(pace, speed, looks), self._emulator.settings
        if kind is None and name is None:
            settings.pace = chosen
            return
        globbed(kind or "*", self._emulator.catalogue.kinds)
        with self._lock:
            paces = {**dict(settings.paces), Which(kind or "*", name): chosen}
            settings.paces = tuple(paces.items())

    @checked
    def step(self, account: str | None = None, region: str | None = None) -> Said:
        """Move every status that can move one stage on; at pace ``manual`` nothing else does."""
        return {"moved": self._emulator.push(account, region)}

    # --- Failures -----------------------------------------------------------------------------------------------------

    @checked
    def fail(
        self,
        kind: str,
        reason: str,
        verb: str = "Create",
        name: str | None = None,
        where: str | None = None,
        times: int | None = None,
    ) -> Said:
        """Let resources end in the failure of their life when a verb (``*``: any) has sent them on their way."""
        catalogue, verb = self._emulator.catalogue, verb[:1].upper() + verb[1:]
        kinds = globbed(kind, sorted(catalogue.kinds))
        if not any(_can_fail(catalogue, one, verb) for one in kinds):
            raise ValueError(f"No {verb} of {kind} can fail after it was accepted.")
        outcome = Outcome(Which(kind, name, where), verb, reason, Turns(times=times))
        said = {"kind": kind, "reason": reason, "verb": verb, "name": name, "where": where, "times": times}
        return self._put("fail", outcome, said)

    @checked
    def error(
        self,
        code: str,
        message: str | None = None,
        status: int | None = None,
        operation: str = "*",
        name: str | None = None,
        where: str | None = None,
        region: str | None = None,
        caller: str | None = None,
        probability: float = 1.0,
        times: int | None = None,
        every: int = 1,
    ) -> Said:
        """Refuse calls: with one of the known errors by its short name or code, or with any code and message."""
        if status is not None and not 400 <= status <= 599:
            raise ValueError("The HTTP status of an error is a number from 400 to 599.")
        refusal = partial(asked.refusal, self._emulator.catalogue, known(code), message, status, caller)
        fault = Fault(self._calls(operation, name, where, region), Turns(probability, times, every), refusal=refusal)
        said = {"code": code, "message": message, "status": status, "caller": caller}
        return self._put("error", fault, said | _fault_said(fault))

    @checked
    def delay(
        self,
        seconds: float,
        operation: str = "*",
        name: str | None = None,
        where: str | None = None,
        region: str | None = None,
        probability: float = 1.0,
        times: int | None = None,
        every: int = 1,
    ) -> Said:
        """Let calls wait so many seconds of the machine's time before they are answered."""
        if not 0 <= seconds <= 3600:
            raise ValueError("A delay is from 0 to 3600 seconds.")
        fault = Fault(self._calls(operation, name, where, region), Turns(probability, times, every), wait=seconds)
        return self._put("delay", fault, {"seconds": seconds} | _fault_said(fault))

    @checked
    def drop(
        self,
        operation: str = "*",
        name: str | None = None,
        where: str | None = None,
        region: str | None = None,
        probability: float = 1.0,
        times: int | None = None,
        every: int = 1,
    ) -> Said:
        """Close the connection of calls without an answer; they do nothing."""
        fault = Fault(self._calls(operation, name, where, region), Turns(probability, times, every), drops=True)
        return self._put("drop", fault, _fault_said(fault))

    @checked
    def quota(self, kind: str, limit: int, instance_type: str | None = None) -> Said:
        """Limit how many there may be of a kind, or of an instance type in its resources, in an account and region."""
        if kind not in globbed(kind, self._emulator.catalogue.kinds):
            raise ValueError("A quota is of one kind, by its name: Image.")
        if limit < 0:
            raise ValueError("A quota is 0 or more.")
        resource = self._emulator.catalogue.resource(kind)
        if instance_type is not None and instance_type not in quotas.types(self._emulator.catalogue.model, resource):
            raise ValueError(f"No {kind} uses an instance of type {instance_type}.")
        same = {"kind": kind, "instance_type": instance_type}
        with self._lock:
            for number, said in list(self._said.items()):
                if said["rule"] == "quota" and all(said.get(one) == of for one, of in same.items()):
                    self.forget(number)
            return self._put("quota", Quota(kind, limit, instance_type), same | {"limit": limit})

    def _calls(self, operation: str, name: str | None, where: str | None, region: str | None) -> faults.Calls:
        globbed(operation, self.operations)
        return faults.Calls(operation, name, where, region)

    # --- What was asked for -------------------------------------------------------------------------------------------

    def rules(self) -> list[Said]:
        """Tell what was asked for, and how often each of it has happened."""
        with self._lock:
            return [self._told(number) for number in self._said]

    @checked
    def forget(self, id: str | None = None) -> Said:  # noqa: A002 - the word that the answers use
        """Forget all that was asked for, the paces of some resources too; or only the one with this id."""
        with self._lock:
            if id is not None and id not in self._said:
                raise ValueError(f"Nothing that was asked for has the id {id}.")
            gone = [id] if id is not None else list(self._said)
            for number in gone:
                del self._said[number]
            self._take({number: rule for number, rule in self._asked.rules.items() if number in self._said})
            if id is None:
                self._emulator.settings.paces = ()
            return {"forgotten": gone}

    @checked
    def reset(self, account: str | None = None, region: str | None = None) -> Said:
        """Forget everything: what there is, what was called, what was asked for; clock and pace are as they began.

        Of one account, one region or both, only what there is and what was called there is forgotten; the rest is for
        all and stays.
        """
        store, everything = self._emulator.store, account is None and region is None
        with store.together(*store.places(account, region)):
            store.reset(account, region)
            if everything:
                self.clock.reset()
        self._emulator.history.forget(account, region)
        self.events.forget(account, region)
        for forget in self.forgetting:
            forget(account, region)
        if everything:
            self.forget()
            self._emulator.settings.pace = self._begun
        return {"status": "reset"}

    # --- State --------------------------------------------------------------------------------------------------------

    @checked
    def state(self, account: str | None = None, region: str | None = None) -> Said:
        """Tell all that there is, or what is there of one account, one region or both, as a document to keep."""
        return state.export(self._emulator, account, region)

    @checked
    def load(self, document: str | Path | Mapping[str, Any] | list[Any]) -> Said:
        """Take in a seed (a list of calls) or exported state: JSON or YAML, a file's path, or what these say."""
        return seeds.load(self._emulator, document.read_text("utf-8") if isinstance(document, Path) else document)

    # --- What ways in add ---------------------------------------------------------------------------------------------

    def put(self, name: str, rule: Rule, said: Said) -> Said:
        """Take a rule in that a way in has made itself."""
        return self._put(name, rule, said)

    def _put(self, name: str, rule: Rule, said: Said) -> Said:
        with self._lock:
            self._number += 1
            number = f"{name}-{self._number}"
            self._said[number] = {"id": number, "rule": name} | {one: of for one, of in said.items() if of is not None}
            self._take({**self._asked.rules, number: rule})
            return self._told(number)

    def _take(self, rules: dict[str, Rule]) -> None:
        self._asked.put(rules)
        self._emulator.asked = self._asked if rules else None

    def _told(self, number: str) -> Said:
        rule = self._asked.rules[number]
        return self._said[number] | ({} if isinstance(rule, Quota) else {"happened": rule.turns.did})


def _can_fail(catalogue: Catalogue, kind: str, verb: str) -> bool:
    life = catalogue.resource(kind).lifecycle
    if life is None:
        return False
    ways = {*life.times, *life.works} if verb == "*" else life.led_to(verb)
    return any(life.failure(status) is not None for status in ways)


def _pace_said(pace: Pace) -> Said:
    return {"pace": pace.name, "speed": pace.speed} | ({"looks": pace.looks} if pace.looks > 1 else {})


def _which_said(which: Which) -> Said:
    return {"kind": which.kind} | ({} if which.name is None else {"name": which.name})


def _fault_said(fault: Fault) -> Said:
    calls, turns = fault.calls, fault.turns
    said = {"operation": calls.operation, "name": calls.name, "where": calls.where, "region": calls.region}
    often = {"probability": turns.probability, "every": turns.every}
    return said | {name: value for name, value in often.items() if value != 1} | {"times": turns.times}


# --- The words --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Word:
    """One word of the control surface, as text says it: what it does, and the parameters that stand without a name."""

    name: str
    does: Callable[..., Any]
    given: tuple[str, ...] = ()
    method: str = "POST"
    files: tuple[str, ...] = ()  # the parameters whose text the command line reads from a file

    @property
    def path(self) -> str:
        """The route that says it."""
        return f"/_emulator/{self.name.replace(' ', '/')}"

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """What it takes."""
        return parameters(self.does)


def _time(control: Control) -> Said:
    """Say what time it is, and whether the clock stands still."""
    now = control.clock.now()
    return {"time": clock.text(now), "seconds": timestamp(now), "frozen": control.clock.frozen}


def _freeze(control: Control) -> Said:
    """Let the clock stand still from now on."""
    control.clock.freeze()
    return _time(control)


def _run(control: Control) -> Said:
    """Let the clock run from where it stands."""
    control.clock.run()
    return _time(control)


@checked
def _set(control: Control, time: str | float) -> Said:
    """Set the clock: seconds since 1970, or a date in ISO 8601."""
    control.clock.set(time)
    return _time(control)


@checked
def _advance(control: Control, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> Said:
    """Move the clock on by so much."""
    control.clock.advance(seconds, minutes=minutes, hours=hours, days=days)
    return _time(control)


def _calls(
    control: Control,
    operation: str = "*",
    name: str | None = None,
    where: str | None = None,
    error: str | None = None,
    caller: str | None = None,
    account: str | None = None,
    region: str | None = None,
    since: str | float | None = None,
    until: str | float | None = None,
    last: int | None = None,
) -> list[Said]:
    """Tell the calls of some operations (a pattern), about a name, refused with an error, in a time."""
    return control.calls.query(operation, name, where, error, caller, account, region, since, until, last)


def _keep_calls(control: Control, size: int) -> Said:
    """Keep so many calls from now on, the last ones; 0 keeps none."""
    return control.calls.keep(size)


def _clear_calls(control: Control) -> Said:
    """Forget the calls that were made."""
    return control.calls.clear()


def _export_calls(control: Control, form: str = "jsonl") -> str:
    """Print all calls: one JSON object a line (jsonl), or a script for boto3 (boto3)."""
    return control.calls.export(form)


def _replay_calls(control: Control, lines: str) -> Said:
    """Make the calls of an export in JSON lines again; tell which were answered otherwise than they were then."""
    return control.calls.replay(lines)


def _events(
    control: Control,
    type: str | None = None,  # noqa: A002 - the word that the envelope uses
    resource: str | None = None,
    where: str | None = None,
    account: str | None = None,
    region: str | None = None,
    since: str | float | None = None,
    until: str | float | None = None,
    last: int | None = None,
) -> list[Said]:
    """Tell the events of a type (a pattern), about a resource (a pattern of its ARN), in a time."""
    return control.events.query(type, resource, where, account, region, since, until, last)


def _clear_events(control: Control) -> Said:
    """Forget the events that were sent."""
    return control.events.clear()


def _push_events(control: Control, url: str | None = None, bus: str | None = None) -> Said:
    """Send each event from now on to a URL, or put it to a bus of the EventBridge there; tell how that goes."""
    return control.events.push(url, bus)


def _stop_events(control: Control) -> Said:
    """Send events to no URL any more."""
    return control.events.stop()


WORDS = (
    Word("clock", _time, method="GET"),
    Word("clock freeze", _freeze),
    Word("clock run", _run),
    Word("clock set", _set, ("time",)),
    Word("clock advance", _advance),
    Word("pace", Control.pace, ("pace",), "PUT"),
    Word("step", Control.step),
    Word("fail", Control.fail, ("kind", "reason")),
    Word("error", Control.error, ("code",)),
    Word("delay", Control.delay, ("seconds",)),
    Word("drop", Control.drop),
    Word("quota", Control.quota, ("kind", "limit")),
    Word("rules", Control.rules, method="GET"),
    Word("forget", Control.forget, ("id",)),
    Word("reset", Control.reset),
    Word("state", Control.state, method="GET"),
    Word("state load", Control.load, ("document",), files=("document",)),
    Word("calls", _calls, method="GET"),
    Word("calls keep", _keep_calls, ("size",)),
    Word("calls clear", _clear_calls),
    Word("calls export", _export_calls, method="GET"),
    Word("calls replay", _replay_calls, ("lines",), files=("lines",)),
    Word("events", _events, method="GET"),
    Word("events clear", _clear_events),
    Word("events push", _push_events, ("url",)),
    Word("events stop", _stop_events),
)
