"""Pipelines: what is run is kept with their versions; the pipeline itself shows the latest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import CONFLICT, NOT_FOUND, VALIDATION, Refusal
from emulator.engine.kind import Kind, Listing, Making


def display_name(holder: Mapping[str, Any], _: Making) -> str:
    """Show a pipeline by its name, where it is given no other."""
    name: str = holder["PipelineName"]
    return name


def is_managed_by(manager: str, _: Mapping[str, Any]) -> bool:
    """Say whether a pipeline is managed by someone: nobody but customers makes pipelines here."""
    return manager == "CUSTOMER"


KIND = Kind(
    "Pipeline",
    missing=Refusal(NOT_FOUND, errors.PIPELINE_DOES_NOT_EXIST),
    taken=Refusal(VALIDATION, errors.PIPELINE_NAME_TAKEN),
    refused=Refusal(CONFLICT, errors.PIPELINE_BEING_DELETED),
    defaults={"CreatedBy": {}, "LastModifiedBy": {}},
    made={"PipelineDisplayName": display_name},
    listing=Listing(paths={"LastExecutionTime": "LastRunTime"}, choose={"ManagedBy": is_managed_by}),
)
