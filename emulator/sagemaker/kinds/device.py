"""Devices: edge devices that are registered in a fleet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine.kind import Kind, Listing, Parent


def has_model(wanted: str, members: Mapping[str, Any]) -> bool:
    """Say whether a model is deployed on a device."""
    return any(model["ModelName"] == wanted for model in members.get("Models", ()))


KIND = Kind(
    "Device",
    keys=(("DeviceFleetName", "DeviceName"),),
    arn="device-fleet/{DeviceFleetName}/device/{DeviceName}",
    taggable=True,
    taken=Refusal(VALIDATION, errors.DEVICE_EXISTS),
    missing=Refusal(VALIDATION, errors.NO_DEVICE),
    parents=(Parent("DeviceFleet", by="DeviceFleetName", orphans=Refusal(errors.IN_USE, errors.FLEET_IN_USE)),),
    listing=Listing(choose={"ModelName": has_model}),
)
