"""Devices, by the batch: registered in a fleet, changed, taken out; and the report on a fleet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.aws.wire import timestamp
from emulator.engine import families, verbs
from emulator.engine.scope import Scope
from emulator.engine.store import Record

Params = Mapping[str, Any]
NO_FLEET = Refusal(VALIDATION, errors.NO_DEVICE_FLEET)
NO_DEVICE = Refusal(VALIDATION, errors.NO_DEVICE_TO_CHANGE)


def register(scope: Scope, params: Params) -> None:
    """Put devices into a fleet: all of them, or none if one is there already."""
    fleet = _fleet(scope, params)
    resource = scope.resources.resource("Device")
    for device in params["Devices"]:
        if (fleet.key[0], device["DeviceName"]) in scope.table(resource).records:
            raise Refusal(VALIDATION, errors.DEVICE_EXISTS).error(name=device["DeviceName"])
    tags = {"Tags": params["Tags"]} if "Tags" in params else {}
    for device in params["Devices"]:
        verbs.make(scope, resource, {"DeviceFleetName": fleet.key[0], **device, **tags})


def deregister(scope: Scope, params: Params) -> None:
    """Take devices out of a fleet: all of them, or none if one is not there."""
    _fleet(scope, params)
    resource = scope.resources.resource("Device")
    for record in [_device(scope, params, name) for name in params["DeviceNames"]]:
        scope.remove(resource, record)


def update(scope: Scope, params: Params) -> None:
    """Change devices of a fleet: all of them, or none if one is not there."""
    _fleet(scope, params)
    resource = scope.resources.resource("Device")
    for device in params["Devices"]:
        _device(scope, params, device["DeviceName"])
    for device in params["Devices"]:
        verbs.update(scope, resource, {"DeviceFleetName": params["DeviceFleetName"], **device})


def describe(scope: Scope, params: Params) -> dict[str, Any]:
    """Tell all about a device of a fleet."""
    _fleet(scope, params)
    resource = scope.resources.resource("Device")
    record = verbs.find(scope, resource, params)
    return resource.project("DescribeDeviceResponse", scope.fields(resource, record))


def report(scope: Scope, params: Params) -> dict[str, Any]:
    """Count the devices of a fleet, those that were heard of, and the agents and models on them."""
    fleet = _fleet(scope, params)
    resource = scope.resources.resource("DeviceFleet")
    devices = [one.members for one in devices_of(scope, fleet)]
    heard = [one for one in devices if "LatestHeartbeat" in one]
    agents = Counter(one["AgentVersion"] for one in devices if "AgentVersion" in one)
    models = Counter((model["ModelName"], model["ModelVersion"]) for one in devices for model in one.get("Models", ()))
    return resource.project("GetDeviceFleetReportResponse", scope.fields(resource, fleet)) | {
        "ReportGenerated": timestamp(scope.clock.now()),
        "DeviceStats": {"ConnectedDeviceCount": len(heard), "RegisteredDeviceCount": len(devices)},
        "AgentVersions": [{"Version": version, "AgentCount": count} for version, count in agents.items()],
        "ModelStats": [
            {
                "ModelName": name,
                "ModelVersion": version,
                "OfflineDeviceCount": count,
                "ConnectedDeviceCount": 0,
                "ActiveDeviceCount": 0,
                "SamplingDeviceCount": 0,
            }
            for (name, version), count in models.items()
        ],
    }


def update_fleet(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Change a fleet; a role alias is made if one is asked for."""
    alias = {"IotRoleAlias": f"SageMakerEdge-{params['DeviceFleetName']}"} if params.get("EnableIotRoleAlias") else {}
    return verbs.update(scope, scope.resources.resource("DeviceFleet"), {**params, **alias})


def devices_of(scope: Scope, fleet: Record) -> list[Record]:
    """Return the devices of a fleet, oldest first."""
    family = families.family(scope.resources.resource("DeviceFleet"), fleet.key)
    return list(scope.table(scope.resources.resource("Device")).family(family).values())


def _fleet(scope: Scope, params: Params) -> Record:
    return verbs.found(scope, scope.resources.resource("DeviceFleet"), params["DeviceFleetName"], NO_FLEET)


def _device(scope: Scope, params: Params, name: str) -> Record:
    named = {"DeviceFleetName": params["DeviceFleetName"], "DeviceName": name}
    return verbs.find(scope, scope.resources.resource("Device"), named, NO_DEVICE)


OPERATIONS = {
    "RegisterDevices": register,
    "DeregisterDevices": deregister,
    "UpdateDevices": update,
    "DescribeDevice": describe,
    "GetDeviceFleetReport": report,
    "UpdateDeviceFleet": update_fleet,
}
