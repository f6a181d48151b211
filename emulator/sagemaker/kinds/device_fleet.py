"""Device fleets: groups of edge devices, and where they send what they collect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine.kind import Kind, Making


def role_alias(holder: Mapping[str, Any], _: Making) -> str | None:
    """Return the role alias that IoT gets, where one is asked for."""
    return f"SageMakerEdge-{holder['DeviceFleetName']}" if holder.get("EnableIotRoleAlias") else None


KIND = Kind(
    "DeviceFleet",
    missing=Refusal(VALIDATION, errors.NO_FLEET),
    missing_to={
        "Delete": Refusal(VALIDATION, errors.NO_FLEET_TO_CHANGE),
        "Update": Refusal(VALIDATION, errors.NO_FLEET_TO_CHANGE),
    },
    made={"IotRoleAlias": role_alias},
)
