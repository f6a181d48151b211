"""Monitoring schedules and what they do: executions, made by the clock, each with a processing job of its own.

What was due is made up for at the next look. An execution goes the way of its processing job.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from emulator.aws.wire import timestamp
from emulator.engine import verbs
from emulator.engine.clock import ManualClock
from emulator.engine.listing import List
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack
from emulator.sagemaker.operations import monitoring_alerts
from emulator.sagemaker.rules import monitoring, schedules

Params = Mapping[str, Any]
Answer = dict[str, Any]

CONFIG = "MonitoringScheduleConfig"
LAST = "LastMonitoringExecutionSummary"
RAN = "LastScheduledTime"  # the note of a schedule: when it was due last
WATCHED = "monitored endpoints"  # the relation of endpoints to the schedules that monitor them
SUMMARY = "MonitoringExecutionSummary"
VIOLATIONS = "emulator:monitoring-violations"  # the tag of a schedule that says how many its executions find
_HEX = "0123456789abcdef"


# --- Schedules --------------------------------------------------------------------------------------------------------


def create(scope: Scope, params: Params) -> Answer | None:
    """Make a schedule, with the alert that comes with it."""
    resource = _schedules(scope)
    resource_check(resource, params)
    more = {**_monitored(scope, params[CONFIG]), **monitoring_alerts.first(params, scope.clock.now())}
    record = verbs.make(scope, resource, params, more)
    _watch(scope, record)
    return {"MonitoringScheduleArn": record.arn}


def resource_check(resource: Resource, params: Params) -> None:
    """Refuse a configuration that is wrong before it is asked what it refers to."""
    if resource.kind.check:
        resource.kind.check(params, [])


def update(scope: Scope, params: Params) -> Answer | None:
    """Change the configuration of a schedule; what it was due for under the old one is done with."""
    resource = _schedules(scope)
    verbs.find(scope, resource, params)
    resource_check(resource, params)
    monitored = _monitored(scope, params[CONFIG])
    verbs.referred(scope, resource, params)
    answer = verbs.update(scope, resource, params)
    record = verbs.find(scope.unseen, resource, params)
    kept = {
        name: value for name, value in record.members.items() if name not in (RAN, "EndpointName", "MonitoringType")
    }
    record = scope.put(resource, record._replace(packed=pack({**kept, **monitored}))) or record
    _watch(scope, record)
    return answer


def describe(scope: Scope, params: Params) -> Answer:
    """Tell all about a schedule, with how its last execution is by now."""
    resource = _schedules(scope)
    record = verbs.find(scope, resource, params)
    last = record.members.get(LAST)
    if last is not None:
        scope.by_arn(last["ProcessingJobArn"])
    return verbs.describe(scope, resource, params)


def stop(scope: Scope, params: Params) -> Answer | None:
    """Stop a schedule, once everything is done that it was due for until now."""
    resource = _schedules(scope)
    verbs.find(scope, resource, params)
    return verbs.stop(scope, resource, params)


def _monitored(scope: Scope, config: Params) -> Answer:
    """Return what a schedule says of itself about what it monitors; ServiceError if its definition does not exist."""
    plain = _definition(scope, config)
    kind = {"MonitoringType": config.get("MonitoringType", monitoring.DATA_QUALITY)}
    endpoint = monitoring.endpoint_of(plain) if plain else None
    return {**kind, "EndpointName": endpoint} if endpoint else kind


def _definition(scope: Scope, config: Params) -> Params | None:
    """Return the definition of a configuration in the inline form; None if it is gone, or need not exist."""
    if "MonitoringJobDefinition" in config:
        inline: Params = config["MonitoringJobDefinition"]
        return inline
    monitored = config["MonitoringType"]
    resource = scope.resources.resource(monitoring.kind_of(monitored))
    name = config["MonitoringJobDefinitionName"]
    record = verbs.found(scope, resource, name) if scope.settings.strict else scope.find(resource, (name,))
    return None if record is None else monitoring.plain(monitored, record.members)


def _watch(scope: Scope, record: Record) -> None:
    """Relate the endpoint that a schedule monitors to it, and no other."""
    watched = scope.place.relation(WATCHED)
    watched.forget(record.arn)
    if endpoint := record.members.get("EndpointName"):
        watched.add(scope.arn(scope.resources.resource("Endpoint"), (endpoint,)), record.arn)


# --- Executions -------------------------------------------------------------------------------------------------------


def work(scope: Scope, resource: Resource, record: Record) -> Record:
    """Execute what a schedule was due for next, if that is not in the future."""
    members = record.members
    due = _due(record, members)
    if due is None or due > scope.clock.now():
        return record
    plain = _definition(scope._replace(settings=replace(scope.settings, strict=False)), members[CONFIG])
    members[RAN] = due
    if plain is None:
        return scope.put(resource, record._replace(packed=pack(members))) or record
    job, execution = _executed(scope, record, members, plain, due)
    members[LAST] = _summary(scope, execution)
    scope.put(resource, record._replace(packed=pack(members)))
    scope.find(scope.resources.resource("ProcessingJob"), job.key)
    return scope.table(resource).records[record.key]


def _due(record: Record, members: Params) -> float | None:
    """Return when a schedule is due next; None if it never is."""
    since = record.state.since if record.state else record.created
    ran = members.get(RAN)
    expression = members[CONFIG].get("ScheduleConfig", {}).get("ScheduleExpression")
    if expression == schedules.NOW:
        return since if ran is None else None
    return schedules.following(expression, since if ran is None else max(since, ran), record.created)


def _executed(scope: Scope, record: Record, members: Params, plain: Params, due: float) -> tuple[Record, Record]:
    """Make an execution and its processing job, at the time when they were due."""
    config = members[CONFIG]
    then = scope._replace(clock=ManualClock(due), settings=replace(scope.settings, strict=False))
    name = monitoring.job_name(members["MonitoringType"], due, scope.chance.text(24, _HEX))
    params = monitoring.processing_job(plain, record.key[-1], due, _capture(scope, members))
    jobs = scope.resources.resource("ProcessingJob")
    job = verbs.make(then, jobs, {**params, "ProcessingJobName": name}, {"MonitoringScheduleArn": record.arn})
    said = {
        "MonitoringScheduleName": record.key[-1],
        "ScheduledTime": timestamp(due),
        "CreationTime": timestamp(due),
        "LastModifiedTime": timestamp(due),
        "MonitoringExecutionStatus": "InProgress",
        "ProcessingJobArn": job.arn,
        "EndpointName": members.get("EndpointName"),
        "MonitoringJobDefinitionName": config.get("MonitoringJobDefinitionName"),
        "MonitoringType": members["MonitoringType"],
    }
    resource = _executions(scope)
    packed = pack({name: value for name, value in said.items() if value is not None})
    arn = scope.arn(resource, job.key)
    execution = Record(job.key, scope.place.serial(), arn, due, due, None, packed)
    return job, scope.put(resource, execution) or execution


def _capture(scope: Scope, members: Params) -> str | None:
    """Return where the monitored endpoint keeps the data that it captures; None if it keeps none."""
    resource = scope.resources.resource("Endpoint")
    record = scope.find(resource, (members.get("EndpointName"),))
    if record is None:
        return None
    place: str | None = scope.fields(resource, record).get("DataCaptureConfig", {}).get("DestinationS3Uri")
    return place and f"{place.rstrip('/')}/{record.key[-1]}"


def _summary(scope: Scope, execution: Record) -> Answer:
    return _executions(scope).project(SUMMARY, execution.members)


def follow(scope: Scope, resource: Resource, old: Record | None, new: Record | None) -> None:
    """Let an execution go the way of its processing job; and let an endpoint go when nothing monitors it any more."""
    if resource.name == "MonitoringSchedule":
        if new is None and old is not None:
            scope.place.relation(WATCHED).forget(old.arn)
        return
    if old is None or new is None or new.state is None:
        return
    execution = scope.table(_executions(scope)).records.get(new.key)
    if execution is not None:
        _moved(scope, resource, new, execution)


def _moved(scope: Scope, jobs: Resource, job: Record, execution: Record) -> None:
    """Note on an execution, and on its schedule, how its processing job is now."""
    assert job.state is not None  # jobs have a life
    schedule = scope.table(_schedules(scope)).records.get((execution.members["MonitoringScheduleName"],))
    status = jobs.lifecycle.shown(job.state.status) if jobs.lifecycle else job.state.status
    if status == "Deleting":
        return
    if status == "Completed" and (message := _exit_message(schedule)):
        status = message.partition(":")[0]
        scope.put(jobs, job._replace(packed=pack({**job.members, "ExitMessage": message})))
    reason = {"FailureReason": job.state.reason} if job.state.reason else {}
    changed = {"MonitoringExecutionStatus": status, "LastModifiedTime": timestamp(job.state.since), **reason}
    packed = pack({**execution.members, **changed})
    execution = execution._replace(packed=packed, modified=job.state.since)
    scope.put(_executions(scope), execution)
    if schedule is not None and schedule.arn == job.members.get("MonitoringScheduleArn"):
        members = monitoring_alerts.evaluated(schedule.members, status, job.state.since)
        if members.get(LAST, {}).get("ProcessingJobArn") == job.arn:
            members[LAST] = _summary(scope, execution)
        scope.put(_schedules(scope), schedule._replace(packed=pack(members)))


def _exit_message(schedule: Record | None) -> str:
    """Return what a completed monitoring job says: that it found nothing, or what the schedule's tag says."""
    found = schedule.tags.get(VIOLATIONS, "") if schedule else ""
    if found.isdecimal() and int(found):
        return f"CompletedWithViolations: Job completed successfully with {found} violations."
    return "Completed: Job completed successfully with no violations."


def list_executions(scope: Scope, params: Params) -> Answer:
    """List executions as they are by now, those of deleted schedules among them."""
    monitoring_alerts.settle(scope)
    resource = _executions(scope)
    return _lister(resource)(scope, resource, params)


@cache
def _lister(resource: Resource) -> List:
    return List(resource, "ListMonitoringExecutions")


def _schedules(scope: Scope) -> Resource:
    return scope.resources.resource("MonitoringSchedule")


def _executions(scope: Scope) -> Resource:
    return scope.resources.resource("MonitoringExecution")


OPERATIONS = {
    "CreateMonitoringSchedule": create,
    "DescribeMonitoringSchedule": describe,
    "ListMonitoringExecutions": list_executions,
    "StopMonitoringSchedule": stop,
    "UpdateMonitoringSchedule": update,
}
