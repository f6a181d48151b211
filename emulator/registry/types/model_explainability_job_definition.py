"""Model explainability job definitions: their summaries call them otherwise."""

from emulator.registry.departure import Departure

TYPE = Departure(
    names={"JobDefinitionArn": "MonitoringJobDefinitionArn", "JobDefinitionName": "MonitoringJobDefinitionName"},
    unsent={"EndpointName": "the input of the job names the endpoint"},
)
