"""Devices: registered, changed and taken out by the batch, of which a type has one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.registry.departure import Departure, Members


def sending(verb: str, params: Members, whom: Mapping[str, Any], _: Mapping[str, Any]) -> Members:
    """Name the one device that is taken out."""
    if verb != "Delete":
        return params
    return {"DeviceFleetName": whom["DeviceFleetName"], "DeviceNames": [whom["DeviceName"]]}


TYPE = Departure(
    operations={"Create": "RegisterDevices", "Update": "UpdateDevices", "Delete": "DeregisterDevices"},
    names={"Device": ("Devices", "")},
    sending=sending,
)
