"""Tuning jobs: the training jobs that they launch, as many at a time as they may, and what they find.

A tuning job is over when its last training job is. Its work is done look by look; nothing runs in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sortedcontainers import SortedList

from emulator.aws import errors
from emulator.aws.errors import ServiceError
from emulator.engine import paging, tags, verbs
from emulator.engine.clock import Chance, ManualClock
from emulator.engine.lifecycle import Pace, State
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack
from emulator.sagemaker.rules import hyper_parameters, jobs
from emulator.sagemaker.rules.jobs import COMPLETED, ENDS, FAILED, STOPPING

Params = Mapping[str, Any]
LAUNCHED = "TrainingJobs"  # the note of a tuning job: the names of its training jobs, in the order of their launch
OBJECTIVE = "TuningObjective"  # the note of a training job: what is tuned for
FINAL = "FinalHyperParameterTuningJobObjectiveMetric"
PAGE = 10


def list_training_jobs(scope: Scope, params: Params) -> dict[str, Any]:
    """List the training jobs of a tuning job, with what was tuned and what came of it."""
    resource = scope.resources.resource("HyperParameterTuningJob")
    record = verbs.find(scope, resource, params)
    training = scope.resources.resource("TrainingJob")
    launched = [scope.find(training, (name,)) for name in record.own.get(LAUNCHED, ())]
    summaries = [(one, summary(scope, training, one)) for one in launched if one is not None]
    if "StatusEquals" in params:
        summaries = [entry for entry in summaries if entry[1]["TrainingJobStatus"] == params["StatusEquals"]]
    by = params.get("SortBy", "Name")
    if by == "FinalObjectiveMetricValue":
        summaries = [entry for entry in summaries if FINAL in entry[1]]
    backwards = params.get("SortOrder") == "Descending"
    summaries.sort(key=lambda entry: (_sort_value(by, *entry), entry[0].serial), reverse=backwards)
    query = paging.query("ListTrainingJobsForHyperParameterTuningJob", *_where(scope), params)
    kept, following = paging.window(query, params, enumerate(summaries), lambda entry: ("", entry[0]), PAGE)
    seen = [summary(scope, training, scope.look(training, record)) for _, (record, _) in kept]
    return {"TrainingJobSummaries": seen} | ({"NextToken": following} if following else {})


def _where(scope: Scope) -> tuple[str, str]:
    return scope.place.account, scope.place.region


def _sort_value(by: str, record: Record, said: Mapping[str, Any]) -> Any:
    match by:
        case "CreationTime":
            return record.created
        case "Status":
            return said["TrainingJobStatus"]
        case "FinalObjectiveMetricValue":
            return said[FINAL]["Value"]
    return record.key[-1]


def summary(scope: Scope, training: Resource, record: Record) -> dict[str, Any]:
    """Return what a tuning job says about one of its training jobs."""
    fields = scope.fields(training, record)
    phase = record.state.status if record.state else ""
    fields["ObjectiveStatus"] = "Succeeded" if FINAL in fields else "Failed" if phase in ENDS else "Pending"
    return training.project("HyperParameterTrainingJobSummary", fields)


def follow(scope: Scope, resource: Resource, old: Record | None, new: Record | None) -> None:
    """Launch the first training jobs of a new tuning job, and end the last ones of one that is stopped."""
    if new is None or new.state is None:
        return
    if old is None:
        _kept(scope, resource, new, *_launched(scope.unseen, new, []))
    elif new.state.status == STOPPING:
        _stop(scope.unseen, new)
    elif new.state.status in ENDS:
        children = _children(_at_once(scope), new)
        _kept(scope, resource, new, [one.key[-1] for one in children], children)


def work(scope: Scope, resource: Resource, record: Record) -> Record:
    """Launch the training jobs that are due, and end a tuning job whose training jobs are all over.

    Where time only passes when somebody looks, a look ends the training jobs that run and launches the next ones.
    """
    timed = scope.pace(resource, record).name in ("instant", "real")
    children = _children(scope if timed else _at_once(scope), record)
    names, children = _launched(scope, record, children)
    record = _kept(scope, resource, record, names, children)
    if any(not _over(one) for one in children):
        return record
    reason = errors.ALL_TRAINING_FAILED() if children and all(_failed(one) for one in children) else None
    end = max((one.state.since for one in children if one.state), default=scope.now)
    return scope.change(resource, record, State(FAILED if reason else COMPLETED, end, reason)) or record


def _at_once(scope: Scope) -> Scope:
    """Return a scope in which nothing takes time."""
    return scope._replace(settings=replace(scope.settings, pace=Pace("instant"), paces=()))


def _stop(scope: Scope, record: Record) -> None:
    training = scope.resources.resource("TrainingJob")
    for child in _children(scope, record):
        life = training.lifecycle
        status = life.move("Stop", child.state.status) if life and child.state else None
        if status is not None:
            scope.change(training, child, State(status, scope.now))


def _children(scope: Scope, record: Record) -> list[Record]:
    """Return the training jobs of a tuning job that are still there, as they are by now."""
    training = scope.resources.resource("TrainingJob")
    found = [scope.find(training, (name,)) for name in record.own.get(LAUNCHED, ())]
    return [one for one in found if one is not None]


def _over(record: Record) -> bool:
    return record.state is not None and record.state.status in (*ENDS, jobs.DELETING)


def _failed(record: Record) -> bool:
    return record.state is not None and record.state.status == FAILED


# --- Launching --------------------------------------------------------------------------------------------------------


def _launched(scope: Scope, record: Record, children: list[Record]) -> tuple[list[str], list[Record]]:
    """Launch what is due; return the names of all training jobs so far, and those that are there."""
    members = record.members
    names = list(record.own.get(LAUNCHED, ()))
    slots, most = hyper_parameters.parallel(members), hyper_parameters.most(members)
    running = sum(1 for one in children if not _over(one))
    free = SortedList([record.created] * slots + [one.state.since for one in children if one.state and _over(one)])
    children = list(children)
    while len(names) < most and running < slots:
        when = free[len(names)] if len(names) < len(free) else scope.now
        child = _launch(scope, record, members, len(names), when)
        names.append(child.key[-1])
        child = scope.find(scope.resources.resource("TrainingJob"), child.key) or child
        children.append(child)
        if _over(child) and child.state:
            free.add(child.state.since)
        else:
            running += 1
    return names, children


def _launch(scope: Scope, record: Record, members: Mapping[str, Any], number: int, when: float) -> Record:
    """Launch one training job, at the time when it was due."""
    seed = members["HyperParameterTuningJobConfig"].get("RandomSeed")
    chance = scope.chance if seed is None else Chance(seed * 1000 + number)
    definition = hyper_parameters.definition(members, number)
    tuned = hyper_parameters.chosen(members, definition, number, chance)
    objective = hyper_parameters.objective(members, definition)
    name = f"{record.key[-1]}-{number + 1:03d}-{scope.chance.text(8, '0123456789abcdef')}"
    params = hyper_parameters.training_job(definition, tuned) | {"TrainingJobName": name}
    more = {
        "TuningJobArn": record.arn,
        "TunedHyperParameters": tuned,
        **({OBJECTIVE: objective} if objective else {}),
        **({"TrainingJobDefinitionName": definition["DefinitionName"]} if "DefinitionName" in definition else {}),
    }
    then = scope._replace(clock=ManualClock(when), settings=replace(scope.settings, strict=False))
    training = scope.resources.resource("TrainingJob")
    return verbs.make(then, training, params | {"Tags": tags.listed(record.tags)}, more)


# --- What is found ----------------------------------------------------------------------------------------------------


def _kept(scope: Scope, resource: Resource, record: Record, names: list[str], children: list[Record]) -> Record:
    """Write down what a tuning job has launched and found so far; return the same record if that is nothing new."""
    members = record.members
    training = scope.resources.resource("TrainingJob")
    summaries = [summary(scope, training, child) for child in children]
    minimize = hyper_parameters.minimizes(members)
    found = hyper_parameters.found(summaries, minimize=minimize)
    over = record.state is not None and record.state.status in ENDS
    if over and record.state:
        runtime = max(one.state.since for one in children if one.state) - record.created if children else 0
        found["ConsumedResources"] = {"RuntimeInSeconds": max(0, round(runtime))}
        found["TuningJobCompletionDetails"] = hyper_parameters.completion(summaries, minimize=minimize)
    if (best := _best_of_all(scope, resource, members, found, minimize=minimize)) is not None:
        found["OverallBestTrainingJob"] = best
    new = record._replace(packed=pack({**members, **found}), own={**record.own, LAUNCHED: names})
    return record if new == record else scope.put(resource, new) or new


def _best_of_all(
    scope: Scope, resource: Resource, members: Mapping[str, Any], found: Mapping[str, Any], *, minimize: bool
) -> dict[str, Any] | None:
    """Return the best training job of a tuning job and of those it starts from, where they tune the same."""
    start = members.get("WarmStartConfig", {})
    if start.get("WarmStartType") != "IdenticalDataAndAlgorithm":
        return None
    best = [found["BestTrainingJob"]] if "BestTrainingJob" in found else []
    for parent in start["ParentHyperParameterTuningJobs"]:
        try:
            there = verbs.found(scope, resource, parent.get("HyperParameterTuningJobName", ""))
        except ServiceError:  # deleted since, never there, or not named
            continue
        if (one := there.members.get("BestTrainingJob")) is not None:
            best.append({**one, "TuningJobName": there.key[-1]})
    sign = 1 if minimize else -1
    return min(best, key=lambda one: sign * one[FINAL]["Value"], default=None)


OPERATIONS = {"ListTrainingJobsForHyperParameterTuningJob": list_training_jobs}
