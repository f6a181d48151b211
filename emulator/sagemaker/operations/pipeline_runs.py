"""How a pipeline's execution proceeds: what has ended is noted, what is ready begins, and in the end it has ended.

It proceeds when it is looked at, by what the clock has made happen since. At pace ``real`` the ends of its steps are
taken up one by one in their order, each as if it had been seen at its time.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from functools import cached_property
from typing import Any

from emulator.aws import errors
from emulator.engine.clock import ManualClock
from emulator.engine.lifecycle import State
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record
from emulator.sagemaker.operations import pipeline_steps as steps
from emulator.sagemaker.operations.pipeline_steps import (
    EXECUTING,
    FAILED,
    STOPPED,
    STOPPING,
    SUCCEEDED,
    Entry,
    Outcome,
    Place,
)
from emulator.sagemaker.rules import pipeline_language as language
from emulator.sagemaker.rules.pipeline_language import Definition, Step, Values

ENTRIES, PARAMETERS, MOMENT, SELECTED, EXPERIMENT = "entries", "parameters", "moment", "selected", "experiment"

LONGEST_REASON = 1024  # characters

_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_SECONDS = (365 * 86400, 30 * 86400, 7 * 86400, 86400, 3600, 60, 1)


class Run:
    """One execution at work. What it changes counts when it is kept."""

    def __init__(self, scope: Scope, resource: Resource, record: Record) -> None:
        self.scope = scope
        self.resource = resource
        self.record = record
        self.members = record.members
        self.entries: list[Entry] = copy.deepcopy(record.own.get(ENTRIES, []))
        self.moment: float = record.own.get(MOMENT, record.created)
        self.paced = scope.pace(resource, record).name == "real"

    # --- What it is ---------------------------------------------------------------------------------------------------

    @cached_property
    def pipeline(self) -> Record:
        """The pipeline."""
        return self.scope.table(self.scope.resources.resource("Pipeline")).records[self.record.key[:1]]

    @cached_property
    def text(self) -> str:
        """The definition that is run, as it was written."""
        versions = self.scope.table(self.scope.resources.resource("PipelineVersion")).records
        text: str = versions[self.record.key[0], self.members["PipelineVersionId"]].members["PipelineDefinition"]
        return text

    @cached_property
    def definition(self) -> Definition:
        """The definition that is run."""
        return language.parse(self.text)

    @property
    def by_name(self) -> Mapping[str, Entry]:
        """What is noted of each step that was begun."""
        return {entry["StepName"]: entry for entry in self.entries}

    @property
    def under_way(self) -> list[Entry]:
        """The steps that are under way."""
        return [entry for entry in self.entries if entry["StepStatus"] in steps.UNDER_WAY]

    @property
    def broken(self) -> bool:
        """Whether a step has failed, so that no other begins."""
        return any(entry["StepStatus"] in (FAILED, STOPPED) for entry in self.entries)

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop."""
        return self.record.state is not None and self.record.state.status == STOPPING

    # --- How it proceeds ----------------------------------------------------------------------------------------------

    def proceed(self) -> bool:
        """Take up what has happened, and go on from there; say whether there was anything to do."""
        ends = sorted(self._ends(), key=lambda end: end[1].when)
        for entry, outcome in ends[:1] if self.paced else ends:
            self.moment = max(self.moment, outcome.when)
            self.end(entry, outcome)
        if not self.paced:
            self.moment = self.scope.clock.now()
        began = self.begin_ready()
        return bool(ends) or began or self._over()

    def begin_ready(self) -> bool:
        """Begin every step that is ready, as far as they may run in parallel; say whether there was one."""
        ready = list(self._ready())
        for step in ready:
            if self.broken:
                break
            self._begin(step, {"AttemptCount": 1})
        return bool(ready)

    def keep(self) -> Record:
        """Keep what has become of it, and return it."""
        own = {**self.record.own, ENTRIES: self.entries, MOMENT: self.moment}
        record = self.record._replace(own=own)
        status = self._status() if self._over() else None
        if status is None:
            return self.scope.put(self.resource, record) or record
        state = State(status, round(self.moment, 3), errors.STEPS_FAILED() if status == FAILED else None)
        return self.scope.change(self.resource, record, state) or record

    def halt(self) -> None:
        """Have all that is under way stop."""
        for entry in self.under_way:
            if "again" in entry:
                self._close(entry, Outcome(STOPPED, self.moment))
            else:
                steps.halt(self.scope, self.definition.steps[entry["StepName"]], entry)

    def end(self, entry: Entry, outcome: Outcome) -> None:
        """Note the end of a step, or begin it again where its retry policies say so."""
        step = self.definition.steps[entry["StepName"]]
        if entry.pop("again", None) is not None:
            self._begin(step, entry)
            return
        wait = None if self.stopping or outcome.status != FAILED else _wait(step, entry, outcome)
        if wait is not None:
            entry["AttemptCount"] += 1
            entry["again"] = outcome.when + wait
            return
        self._close(entry, outcome)
        if step.type == "Fail":
            self._end_callbacks()
            self.halt()

    # --- Inside -------------------------------------------------------------------------------------------------------

    def _ends(self) -> Iterator[tuple[Entry, Outcome]]:
        """Yield the steps that have ended by now, or wait no longer to be begun again."""
        for entry in self.under_way:
            if "again" in entry:
                outcome = self._waited(entry["again"])
            else:
                outcome = steps.look(self.scope, self.definition.steps[entry["StepName"]], entry)
            if outcome is not None:
                yield entry, outcome

    def _waited(self, until: float) -> Outcome | None:
        now = self.scope.clock.now()
        if self.paced and until > now:
            return None
        return Outcome(EXECUTING, until if self.paced else now)

    def _ready(self) -> Iterator[Step]:
        """Yield the steps that can begin now."""
        if self.stopping or self.broken:
            return
        begun = self.by_name
        room = self.members.get("ParallelismConfiguration", {}).get(
            "MaxParallelExecutionSteps", len(self.definition.steps)
        )
        room -= len(self.under_way)
        for step in self.definition.steps.values():
            if room > 0 and step.name not in begun and self._wanted(step) and self._is_ready(step, begun):
                room -= 1
                yield step

    def _wanted(self, step: Step) -> bool:
        selected = self.record.own.get(SELECTED)
        return selected is None or step.name in selected

    def _is_ready(self, step: Step, begun: Mapping[str, Entry]) -> bool:
        """Say whether all that a step waits for has succeeded, and the branch that it is in was taken."""
        if any(name not in begun or begun[name]["StepStatus"] != SUCCEEDED for name in step.needs):
            return False
        return step.within is None or step.branch == begun[step.within]["properties"]["Outcome"]

    def _begin(self, step: Step, entry: Entry) -> None:
        """Begin a step at the present moment of the execution, or take its result from an earlier execution."""
        if "StepStatus" not in entry:
            entry |= _described(step) | {"StartTime": round(self.moment, 3), "StepStatus": EXECUTING}
            self.entries.append(entry)
        entry |= {"Metadata": {}, "properties": {}}
        outcome = steps.begin(self._place(), step, entry)
        if outcome is not None:
            self.end(entry, outcome)

    def _place(self) -> Place:
        scope = self.scope._replace(clock=ManualClock(self.moment)) if self.paced else self.scope
        return Place(scope, self.values(), self.record.key[-1], self.record.own.get(EXPERIMENT, {}), self.reuse)

    def reuse(self, step: Step, entry: Entry) -> bool:
        """Take the result of an earlier execution that was asked for the same, where the step's cache allows."""
        config = step.said.get("CacheConfig") or {}
        if not config.get("Enabled") or step.type not in steps.CACHED:
            return False
        lasts = seconds(config.get("ExpireAfter", ""))
        earliest = float("-inf") if lasts is None else self.moment - lasts
        for source, earlier in self._earlier(step.name):
            if earlier.get("asked") == entry["asked"] and earlier["EndTime"] >= earliest:
                entry |= {key: copy.deepcopy(earlier[key]) for key in ("Metadata", "properties")}
                entry["CacheHitResult"] = earlier.get("CacheHitResult", {"SourcePipelineExecutionArn": source})
                entry["AttemptCount"] = 0
                return True
        return False

    def _earlier(self, name: str) -> Iterator[tuple[str, Entry]]:
        """Yield how a step succeeded in executions of the pipeline, the latest first, with their ARNs."""
        family = self.scope.table(self.resource).family(self.record.family)
        for record in reversed(list(family.values())):
            for entry in record.own.get(ENTRIES, ()):
                if entry["StepName"] == name and entry["StepStatus"] == SUCCEEDED:
                    yield record.arn, entry

    def values(self) -> Values:
        """Return what references lead to at present."""
        properties = {
            name: entry["properties"] for name, entry in self.by_name.items() if entry["StepStatus"] == SUCCEEDED
        }
        contents = {
            key.removeprefix(steps.TAG): _read(value)
            for key, value in self.pipeline.tags.items()
            if key.startswith(steps.TAG)
        }
        return Values(self.record.own[PARAMETERS], self._facts(), properties, contents)

    def _facts(self) -> dict[str, Any]:
        return {
            "StartDateTime": _date(self.record.created),
            "CurrentDateTime": _date(self.moment),
            "PipelineName": self.record.key[0],
            "PipelineArn": self.pipeline.arn,
            "PipelineExecutionId": self.record.key[1],
            "PipelineExecutionArn": self.record.arn,
        }

    def _close(self, entry: Entry, outcome: Outcome) -> None:
        entry |= {"StepStatus": outcome.status, "EndTime": round(outcome.when, 3)}
        if outcome.status == FAILED and outcome.reason:
            reason = outcome.reason + self._no_retry(entry, outcome.cause)
            entry["FailureReason"] = reason[:LONGEST_REASON]

    def _no_retry(self, entry: Entry, cause: str | None) -> str:
        if cause is None:
            return ""
        exception = cause.replace(".", "_").upper()
        return "\n" + errors.RETRY_NOT_APPROPRIATE(arn=self.record.arn, step=entry["StepName"], exception=exception)

    def _end_callbacks(self) -> None:
        for entry in self.under_way:
            if "Callback" in entry["Metadata"]:
                self._close(entry, Outcome(STOPPED, self.moment))

    def _over(self) -> bool:
        return not self.under_way and next(self._ready(), None) is None

    def _status(self) -> str:
        if self.stopping:
            return STOPPED
        return FAILED if self.broken else SUCCEEDED


def _described(step: Step) -> dict[str, Any]:
    said = {"StepDisplayName": step.said.get("DisplayName"), "StepDescription": step.said.get("Description")}
    return {"StepName": step.name} | {name: value for name, value in said.items() if value is not None}


def _wait(step: Step, entry: Entry, outcome: Outcome) -> float | None:
    """Return how long to wait until a failed step begins again; None if no retry policy says that it does."""
    for policy in step.said.get("RetryPolicies") or ():
        if outcome.cause in (policy.get("ExceptionType") or ()):
            tries = entry["AttemptCount"]
            wait = policy.get("IntervalSeconds", 1) * policy.get("BackoffRate", 2.0) ** (tries - 1)
            expired = outcome.when + wait > entry["StartTime"] + policy.get("ExpireAfterMin", 365 * 1440) * 60
            return None if tries > policy.get("MaxAttempts", 5) or expired else wait
    return None


def _read(text: str) -> Any:
    number = language.typed("Float", text)
    boolean = language.typed("Boolean", text)
    whole = language.typed("Integer", text)
    return next((value for value in (whole, number, boolean) if value is not None), text)


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")


def seconds(duration: str) -> float | None:
    """Return the length of an ISO 8601 duration; None if it is none."""
    match = _DURATION.fullmatch(duration)
    if match is None or duration[-1:] in ("P", "T"):
        return None
    return float(sum(int(count or 0) * unit for count, unit in zip(match.groups(), _SECONDS, strict=True)))
