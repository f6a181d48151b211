"""Pipeline executions: they live by the work of their steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import NOT_FOUND, Refusal
from emulator.engine.kind import Kind, Listing, Making, Parent
from emulator.engine.lifecycle import Lifecycle


def display_name(_: Mapping[str, Any], making: Making) -> str:
    """Call an execution by when it was started, where it is given no name."""
    return f"execution-{round(making.now * 1000)}"


def is_of_version(version: int, members: Mapping[str, Any]) -> bool:
    """Say whether an execution runs a version: the one that an alias stands for."""
    return bool(members["PipelineVersionId"] == version)


KIND = Kind(
    "PipelineExecution",
    keys=(("PipelineName", "PipelineExecutionId"),),
    arn="pipeline/{PipelineName}/execution/{PipelineExecutionId}",
    operations={"Create": "StartPipelineExecution"},
    lifecycle=Lifecycle(
        begins="Executing",
        calls={
            "Stop": {"Executing": "Stopping", "Stopping": "Stopping"},
            "Retry": {"Failed": "Executing", "Stopped": "Executing"},
        },
        works={"Executing": ("Succeeded", "Failed"), "Stopping": ("Stopped",)},
    ),
    defaults={"CreatedBy": {}, "LastModifiedBy": {}},
    made={"PipelineExecutionDisplayName": display_name},
    missing=Refusal(NOT_FOUND, errors.PIPELINE_EXECUTION_DOES_NOT_EXIST),
    parents=(Parent("Pipeline", by="PipelineName"),),
    listing=Listing(paths={"StartTime": "CreationTime"}, choose={"PipelineVersionAlias": is_of_version}),
)
