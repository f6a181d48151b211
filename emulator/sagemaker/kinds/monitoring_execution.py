"""Monitoring executions: each time that a schedule was due, and what came of it. They outlive their schedule."""

from emulator.engine.kind import Kind, Listing

_SHOWN = ("MonitoringScheduleName", "ScheduledTime", "EndpointName", "MonitoringJobDefinitionName", "MonitoringType")

KIND = Kind(
    "MonitoringExecution",
    keys=(("ProcessingJobName",),),
    arn="monitoring-execution/{ProcessingJobName}",  # nobody sees it
    listing=Listing(paths={**{name: name for name in _SHOWN}, "Status": "MonitoringExecutionStatus"}),
)
