"""Monitoring alerts: each schedule has one, raised while too many of its last executions found something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import NOT_FOUND, VALIDATION, Refusal
from emulator.aws.wire import timestamp
from emulator.engine import paging, verbs
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack

Params = Mapping[str, Any]
Answer = dict[str, Any]

ALERT, HISTORY, OUTCOMES = "Alert", "AlertHistory", "Outcomes"  # the notes of a schedule about its alert
OK, IN_ALERT = "OK", "InAlert"
BAD = ("CompletedWithViolations", "Failed")
OVER = ("Completed", *BAD)
LONGEST = 100  # the most executions that an alert can look back at
PAGE = 100


def first(params: Params, now: float) -> Answer:
    """Return the notes of a new schedule: its alert is raised by the first execution that finds something."""
    when = timestamp(now)
    alert = {
        "MonitoringAlertName": params["MonitoringScheduleName"],
        "CreationTime": when,
        "LastModifiedTime": when,
        "AlertStatus": OK,
        "DatapointsToAlert": 1,
        "EvaluationPeriod": 1,
        "Actions": {"ModelDashboardIndicator": {"Enabled": True}},
    }
    return {ALERT: alert, HISTORY: [], OUTCOMES: []}


def evaluated(members: Answer, status: str, when: float) -> Answer:
    """Return the members of a schedule after one of its executions came to a status."""
    if status not in OVER:
        return members
    alert = members[ALERT]
    members[OUTCOMES] = [*members[OUTCOMES], status in BAD][-LONGEST:]
    found = sum(members[OUTCOMES][-alert["EvaluationPeriod"] :])
    now = IN_ALERT if found >= alert["DatapointsToAlert"] else OK
    if now != alert["AlertStatus"]:
        alert["AlertStatus"] = now
        members[HISTORY] = [*members[HISTORY], {"CreationTime": timestamp(when), "AlertStatus": now}]
    return members


def list_alerts(scope: Scope, params: Params) -> Answer:
    """List the alerts of a schedule: it has one."""
    settle(scope)
    record = _schedule(scope, params)
    return _page(scope, "ListMonitoringAlerts", params, "MonitoringAlertSummaries", [record.members[ALERT]])


def update(scope: Scope, params: Params) -> Answer:
    """Change how many executions of how many must find something to raise an alert; the next one will tell."""
    record = _schedule(scope, params)
    members = record.members
    if params["MonitoringAlertName"] != members[ALERT]["MonitoringAlertName"]:
        raise Refusal(NOT_FOUND, errors.NO_ALERT).error(
            alert=params["MonitoringAlertName"], schedule=params["MonitoringScheduleName"]
        )
    if params["DatapointsToAlert"] > params["EvaluationPeriod"]:
        raise Refusal(VALIDATION, errors.MORE_DATAPOINTS_THAN_PERIOD).error()
    chosen = {name: params[name] for name in ("DatapointsToAlert", "EvaluationPeriod")}
    members[ALERT] = {**members[ALERT], **chosen, "LastModifiedTime": timestamp(scope.clock.now())}
    scope.put(scope.resources.resource("MonitoringSchedule"), record._replace(packed=pack(members)))
    return {"MonitoringScheduleArn": record.arn, "MonitoringAlertName": params["MonitoringAlertName"]}


def list_history(scope: Scope, params: Params) -> Answer:
    """List when alerts were raised and when they were over, of one schedule or of all."""
    settle(scope)
    resource = scope.resources.resource("MonitoringSchedule")
    named = "MonitoringScheduleName" in params
    records = [_schedule(scope, params)] if named else list(scope.table(resource).records.values())
    entries = [
        {
            "MonitoringScheduleName": record.key[-1],
            "MonitoringAlertName": members[ALERT]["MonitoringAlertName"],
            **transition,
        }
        for record in records
        for members in [record.members]
        for transition in members[HISTORY]
    ]
    entries = [one for one in entries if _asked(one, params)]
    by = "AlertStatus" if params.get("SortBy") == "Status" else "CreationTime"
    entries.sort(key=lambda one: one[by], reverse=params.get("SortOrder") != "Ascending")
    return _page(scope, "ListMonitoringAlertHistory", params, "MonitoringAlertHistory", entries)


def _asked(entry: Params, params: Params) -> bool:
    when = entry["CreationTime"]
    return bool(
        params.get("MonitoringAlertName", entry["MonitoringAlertName"]) == entry["MonitoringAlertName"]
        and params.get("StatusEquals", entry["AlertStatus"]) == entry["AlertStatus"]
        and params.get("CreationTimeAfter", when) <= when <= params.get("CreationTimeBefore", when)
    )


def _schedule(scope: Scope, params: Params) -> Record:
    return verbs.find(scope, scope.resources.resource("MonitoringSchedule"), params)


def settle(scope: Scope) -> None:
    """Bring to the present all that monitors."""
    scope.settle(scope.resources.resource("MonitoringSchedule"))
    scope.settle(scope.resources.resource("ProcessingJob"))


def _page(scope: Scope, operation: str, params: Params, member: str, entries: list[Answer]) -> Answer:
    query = paging.query(operation, scope.place.account, scope.place.region, params)
    kept, following = paging.window(query, params, enumerate(entries), lambda entry: ("", entry[0]), PAGE)
    return {member: [one for _, one in kept]} | ({"NextToken": following} if following else {})


OPERATIONS = {
    "ListMonitoringAlertHistory": list_history,
    "ListMonitoringAlerts": list_alerts,
    "UpdateMonitoringAlert": update,
}
