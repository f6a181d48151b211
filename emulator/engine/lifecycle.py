"""A resource's life as two tables: the moves that a call makes, and the moves that time makes.

All that touches a status is in this file, and nothing in it knows whose status it is. A move that the tables do not
have is no move: whoever asks for it is told so and nothing changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

GONE = ""  # the status of what is no longer there
PACES = ("instant", "step", "real", "manual")


class Stage(NamedTuple):
    """What time makes of a status: the next one after so many seconds, or another if a failure was asked for.

    ``until`` is a member that says when the stage ends, whatever the pace; it ends at once where the member is absent.
    A stage that ``keeps`` hands the reason for which it was entered on to what follows: what is rolled back says why.
    A ``steady`` stage takes its seconds by the clock at every pace: nothing hurries it.
    """

    then: str
    seconds: float = 5.0
    failed: str | None = None
    until: str | None = None
    keeps: bool = False
    steady: bool = False


class Lifecycle(NamedTuple):
    """``calls`` maps a verb to its moves (from status, to status); ``times`` maps a status to its stage.

    A verb that is missing leaves every status as it is. ``touches`` says whether a stage that ends is a modification.
    Where a life is finer than what the service calls status, ``shows`` maps its phases to the status they show; one
    that shows an empty text shows none.
    ``works`` maps the statuses that end when work of the resource's own is done to those it can lead to: a function of
    its kind does the work, look by look.
    """

    begins: str
    calls: Mapping[str, Mapping[str, str]] = {}
    times: Mapping[str, Stage] = {}
    touches: bool = True
    shows: Mapping[str, str] = {}
    works: Mapping[str, tuple[str, ...]] = {}

    def moves(self, status: str) -> bool:
        """Say whether a status passes without a call."""
        return status in self.times or status in self.works

    def shown(self, status: str) -> str:
        """Return the status that a phase shows."""
        return self.shows.get(status, status)

    def led_to(self, verb: str) -> frozenset[str]:
        """Return the statuses that a call leads through by itself, until its end."""
        moves = self.calls.get(verb, {}) if verb != "Create" else {GONE: self.begins}
        reached: set[str] = set()
        for status in {to for status, to in moves.items() if to != status}:
            while status not in reached and self.moves(status):
                reached.add(status)
                status = self.times[status].then if status in self.times else GONE  # noqa: PLW2901 - that is the walk
        return frozenset(reached)

    def failure(self, status: str) -> str | None:
        """Return where a status leads when it fails; None if it cannot."""
        if status in self.works:
            return next((to for to in self.works[status] if "fail" in to.lower()), None)
        return self.times[status].failed if status in self.times else None

    def move(self, verb: str, status: str) -> str | None:
        """Return the status that a call leads to, or None if it is refused in this status."""
        moves = self.calls.get(verb)
        return status if moves is None else moves.get(status)


class State(NamedTuple):
    """Where in its life a resource is, since when, and why it failed if it did."""

    status: str
    since: float
    reason: str | None = None


class Pace(NamedTuple):
    """How fast time moves statuses.

    ``instant``: the next look sees the end. ``step``: each look sees the status, then moves it by one; with ``looks``,
    so many looks see it first. ``real``: after the stages' own durations, divided by ``speed``. ``manual``: only when
    told.
    """

    name: str = "instant"
    speed: float = 1.0
    looks: int = 1


Moment = Callable[[str], "float | None"]  # when a member of the resource says that a stage ends
Why = Callable[[str], "str | None"]  # why what is in a status fails; None if it does not


def settle(life: Lifecycle, state: State, pace: Pace, now: float, reason: str | Why | None = None) -> State:
    """Return the state as it is by now; a reason sends the first stage that can fail into failure."""
    return next(reversed([state, *passed(life, state, pace, now, reason)]))


def passed(
    life: Lifecycle,
    state: State,
    pace: Pace,
    now: float,
    reason: str | Why | None = None,
    moment: Moment = lambda _: None,
) -> Iterator[State]:
    """Yield every state that was entered since, the present one last."""
    flows = pace.name in ("instant", "real")
    while (stage := life.times.get(state.status)) is not None and (flows or stage.steady):
        took = _took(stage, state.since, pace, moment)
        if took and state.since + took > now:
            return
        state = leave(stage, state, state.since + took, reason)
        yield state


def step(life: Lifecycle, state: State, now: float, reason: str | Why | None = None) -> State:
    """Return the state one stage on, whatever the time."""
    stage = life.times.get(state.status)
    if stage is None or (stage.steady and state.since + stage.seconds > now):
        return state
    return leave(stage, state, now, reason)


def leave(stage: Stage, state: State, when: float, reason: str | Why | None) -> State:
    """Return the state behind the stage of a state. What comes out of a failure does not fail at once again."""
    if reason is not None and stage.failed is not None and state.reason is None:
        why = reason(state.status) if callable(reason) else reason
        if why is not None:
            return State(stage.failed, when, why)
    return State(stage.then, when, state.reason if stage.keeps else None)


def _took(stage: Stage, since: float, pace: Pace, moment: Moment) -> float:
    """Return how long a stage takes."""
    if stage.until is not None:
        ends = moment(stage.until)
        return 0.0 if ends is None else max(0.0, ends - since)
    if stage.steady:
        return stage.seconds
    return 0.0 if pace.name == "instant" else stage.seconds / pace.speed


# --- The life that a status enum suggests -----------------------------------------------------------------------------

_BEGINNINGS = ("pending", "initializing", "scheduled", "creating", "starting", "importing", "createinprogress")
_WORKING = ("inprogress", "executing", "running")
_ENDS = ("completed", "succeeded", "inservice", "created", "createcompleted", "active", "available", "started", "done")
_FAILURES = {
    "create": ("createfailed", "importfailed", "failed"),
    "update": ("updatefailed", "failed"),
    "delete": ("deletefailed", "failed"),
    "stop": ("failed",),
    "start": ("failed",),
}


def suggested(statuses: Iterable[str]) -> Lifecycle | None:
    """Return the life that the words of a status enum suggest, or None if they suggest none."""
    by_word = {status.lower().replace("_", ""): status for status in statuses}

    def first(words: Iterable[str]) -> str | None:
        return next((by_word[word] for word in words if word in by_word), None)

    def chain(*words: str | None) -> list[str]:
        return list(dict.fromkeys(word for word in words if word is not None))

    end = first(_ENDS)
    if end is None:
        return None
    create = chain(first(_BEGINNINGS), first(_WORKING), end)
    update = chain(first(("updating", "updateinprogress")), first(("updated", "updatecompleted")) or end)
    stop = chain(first(("stopping",)), first(("stopped",)))
    start = chain(first(("starting",)) if "started" in by_word else None, first(("started",)) or end)
    delete = chain(first(("deleting", "deleteinprogress")), first(("deleted", "deletecompleted")) or GONE)

    times: dict[str, Stage] = {}
    for act, path in (("create", create), ("update", update), ("stop", stop), ("start", start), ("delete", delete)):
        failed = first(_FAILURES[act])
        for status, then in pairwise(path):
            times.setdefault(status, Stage(then, failed=failed))

    passing = set(times)
    resting = [status for status in by_word.values() if status not in passing]
    calls: dict[str, dict[str, str]] = {}
    if len(update) > 1:
        calls["Update"] = dict.fromkeys(resting, update[0])
    else:
        calls["Update"] = {status: status for status in by_word.values() if status not in delete[:-1]}
    if len(stop) > 1:
        calls["Stop"] = dict.fromkeys([end, *create], stop[0])
        calls["Start"] = {stop[-1]: start[0]}
    if len(delete) > 1:
        calls["Delete"] = dict.fromkeys(resting, delete[0])
    return Lifecycle(create[0], calls, times)
