"""Monitoring schedules: the schema also knows what only the service says."""

from emulator.registry.departure import Departure

TYPE = Departure(
    unsent={
        "EndpointName": "the schedule's input names the endpoint",
        **dict.fromkeys(
            ("FailureReason", "LastMonitoringExecutionSummary", "MonitoringScheduleStatus"), "only the service says it"
        ),
    },
)
