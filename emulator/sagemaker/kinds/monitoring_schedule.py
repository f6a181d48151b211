"""Monitoring schedules: when a monitoring job runs, on what, and how often it may find something before that alerts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine.kind import Kind, Listing, Reference, Referred
from emulator.engine.lifecycle import Lifecycle, Stage
from emulator.sagemaker.rules import monitoring, schedules

_CONFIG = "MonitoringScheduleConfig"
_SETTLED = ("Scheduled", "Stopped", "Failed")


def check(params: Mapping[str, Any], _: list[Referred]) -> None:
    """Refuse a configuration that says too little, too much, or when nothing can be due."""
    config = params[_CONFIG]
    inline, named = "MonitoringJobDefinition" in config, "MonitoringJobDefinitionName" in config
    if inline == named:
        raise Refusal(VALIDATION, errors.ONE_MONITORING_DEFINITION).error()
    if named and "MonitoringType" not in config:
        raise Refusal(VALIDATION, errors.NO_MONITORING_TYPE).error()
    if inline:
        monitoring.check(config["MonitoringJobDefinition"]["MonitoringInputs"][0])
    schedule = config.get("ScheduleConfig")
    if schedule is None:
        return
    expression = schedule["ScheduleExpression"]
    if not schedules.supported(expression):
        raise Refusal(VALIDATION, errors.BAD_SCHEDULE_EXPRESSION).error(expression=expression)
    if expression == schedules.NOW and not {"DataAnalysisStartTime", "DataAnalysisEndTime"} <= schedule.keys():
        raise Refusal(VALIDATION, errors.NO_ANALYSIS_TIME).error()


def check_update(_: Mapping[str, Any], params: Mapping[str, Any]) -> None:
    """Refuse in an update what a new schedule may not say either."""
    check(params, [])


KIND = Kind(
    "MonitoringSchedule",
    lifecycle=Lifecycle(
        begins="Pending",
        calls={
            "Update": dict.fromkeys(_SETTLED, "Pending"),
            "Stop": dict.fromkeys(("Scheduled", "Stopped"), "Stopped"),
            "Start": dict.fromkeys(("Scheduled", "Stopped"), "Scheduled"),
            "Delete": {status: status for status in _SETTLED},
        },
        times={"Pending": Stage("Scheduled", seconds=30, failed="Failed")},
        works={"Scheduled": ()},
    ),
    refused=Refusal(VALIDATION, errors.SCHEDULE_IN_STATUS),
    references=(
        Reference(f"{_CONFIG}.MonitoringJobDefinition.MonitoringInputs[].EndpointInput.EndpointName", "Endpoint"),
    ),
    listing=Listing(
        paths={
            "MonitoringJobDefinitionName": f"{_CONFIG}.MonitoringJobDefinitionName",
            "MonitoringType": "MonitoringType",
            "EndpointName": "EndpointName",
        }
    ),
    check=check,
    check_update=check_update,
)
