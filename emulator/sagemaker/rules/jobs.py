"""Jobs: what the lives of all kinds of jobs have in common, and what they tell about themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import IN_USE, NOT_FOUND, VALIDATION, Refusal
from emulator.aws.wire import timestamp
from emulator.engine.kind import Making
from emulator.engine.lifecycle import GONE, Lifecycle, Stage

COMPLETED, FAILED, STOPPING, STOPPED, DELETING = "Completed", "Failed", "Stopping", "Stopped", "Deleting"
ENDS = (COMPLETED, FAILED, STOPPED)
STARTING = "Starting"
IN_PROGRESS = "InProgress"

NO_SUCH_JOB = Refusal(VALIDATION, errors.COULD_NOT_FIND_JOB)
JOB_EXISTS = Refusal(IN_USE, errors.JOB_NAME_TAKEN)
NO_SUCH_RESOURCE = Refusal(NOT_FOUND, errors.NAME_DOES_NOT_EXIST)
STILL_RUNS = Refusal(IN_USE, errors.REJECTED_IN_STATUS)
REJECTED = Refusal(VALIDATION, errors.REJECTED_IN_STATUS)


def life(
    phases: Sequence[tuple[str, float]],
    *,
    shows: str | None = None,
    stops: float = 5,
    deletes: bool = False,
    vanishes: float | None = None,
    shouts: bool = False,
    works: str | None = None,
) -> Lifecycle:
    """Return the life of a job that runs through phases of so many seconds, or ``works`` until it is done.

    ``shows`` is the status that all phases show. It can be stopped in any of them, which takes ``stops`` seconds. A job
    that ``deletes`` can be deleted at its end; it is gone at once, or after ``vanishes`` seconds. The words of one that
    ``shouts`` are in capitals.
    """
    completed, failed, stopping, stopped, deleting = (
        word.upper() if shouts else word for word in (COMPLETED, FAILED, STOPPING, STOPPED, DELETING)
    )
    names = [name for name, _ in phases]
    ways = zip(phases, [*names[1:], completed], strict=False)
    times = {name: Stage(then, seconds, failed) for (name, seconds), then in ways}
    working = {works: (completed, failed)} if works else {}
    times[stopping] = Stage(stopped, stops)
    ends = (completed, failed, stopped)
    calls: dict[str, Mapping[str, str]] = {"Stop": dict.fromkeys((*working, *names), stopping)}
    if deletes and vanishes is None:
        calls["Delete"] = {end: end for end in ends}
    elif deletes:
        calls["Delete"] = dict.fromkeys(ends, deleting)
        times[deleting] = Stage(GONE, vanishes or 1)
    shown = dict.fromkeys(names, shows) if shows else {}
    return Lifecycle(next(iter((*working, *names))), calls, times, shows=shown, works=working)


def check_training(params: Mapping[str, Any]) -> None:
    """Refuse a training job with two algorithms, and one on spot instances that says not how long it waits."""
    algorithm = params.get("AlgorithmSpecification", {})
    if "TrainingImage" in algorithm and "AlgorithmName" in algorithm:
        raise Refusal(VALIDATION, errors.ALGORITHM_OR_IMAGE).error()
    limits = params.get("StoppingCondition", {})
    if params.get("EnableManagedSpotTraining"):
        wait = limits.get("MaxWaitTimeInSeconds", 0)
        if wait < limits.get("MaxRuntimeInSeconds", 1):
            raise Refusal(VALIDATION, errors.NO_MAX_WAIT_TIME).error()


def told(member: str, messages: Mapping[str, str]) -> Callable[[Making], list[dict[str, Any]]]:
    """Return what tells the history of a job: what each phase does, and that the last one ended when it began."""

    def tell(making: Making) -> list[dict[str, Any]]:
        past = [one for one in making.members[member] if one["Status"] in messages]
        history = [{**one, "StatusMessage": messages[one["Status"]]} for one in past]
        if history and history[-1]["Status"] in ENDS:
            history[-1].setdefault("EndTime", history[-1]["StartTime"])
        return history

    return tell


def changed(making: Making) -> float | None:
    """Return when the status last changed, for jobs that only their list says it of."""
    return timestamp(making.state.since) if making.state else None


def artifacts(output: str, job: str, file: str) -> str:
    """Return where below an S3 path a job leaves a file."""
    return f"{output.rstrip('/')}/{job}/{file}"


def seconds_between(members: Mapping[str, Any], start: str, end: str) -> int | None:
    """Return the whole seconds between two times, one at least; None if one of them is not there yet."""
    if start not in members or end not in members:
        return None
    return max(1, int(members[end] - members[start] + 0.5))


def ended(making: Making) -> bool:
    """Say whether a job has completed, whatever the case of its words."""
    return making.state is not None and making.state.status.capitalize() == COMPLETED


def last_end(history: Sequence[Mapping[str, Any]]) -> str:
    """Return the phase in which a job ended, for one that is being deleted."""
    return next((one["Status"] for one in reversed(history) if one["Status"] in ENDS), COMPLETED)


def improved(values: Sequence[float], *, minimize: bool) -> list[bool]:
    """Say of each value but the first whether it is better than the best before it by more than a hundredth."""
    best: list[float] = []
    for value in values:
        best.append(value if not best else (min if minimize else max)(best[-1], value))
    return [abs(after - before) > abs(before) / 100 for before, after in pairwise(best)]
