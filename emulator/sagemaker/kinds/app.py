"""Apps: what runs in Studio for a user or in a space. A deleted one is shown for a day, and its name is free."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import IN_USE, VALIDATION, Refusal
from emulator.engine.kind import Kind, Listing, Making, Parent
from emulator.engine.lifecycle import GONE, Lifecycle, Stage

_WITH_INSTANCE = frozenset({"KernelGateway", "JupyterLab", "CodeEditor", "RSessionGateway"})
_DAY = 24 * 3600


def instance_type(_: Mapping[str, Any], making: Making) -> str:
    """Return the instance type of an app for which none is given."""
    return "ml.t3.medium" if making.members["AppType"] in _WITH_INSTANCE else "system"


def resource_spec(holder: Mapping[str, Any], making: Making) -> dict[str, Any]:
    """Return what an app runs on for which nothing is given."""
    return {"InstanceType": instance_type(holder, making)}


_ASSOCIATED = Refusal(IN_USE, errors.ASSOCIATED)

KIND = Kind(
    "App",
    keys=(("DomainId", "UserProfileName", "AppType", "AppName"), ("DomainId", "SpaceName", "AppType", "AppName")),
    unnamed=Refusal(VALIDATION, errors.ONE_OWNER),
    arn="app/{DomainId}/{UserProfileName}/{AppType:lower}/{AppName}",
    lifecycle=Lifecycle(
        begins="Pending",
        calls={"Delete": dict.fromkeys(("Pending", "InService", "Failed"), "Deleting")},
        times={
            "Pending": Stage("InService", failed="Failed"),
            "Deleting": Stage("Deleted", failed="Failed"),
            "Deleted": Stage(GONE, seconds=_DAY, steady=True),
        },
    ),
    ended=frozenset({"Deleted"}),
    refusals={"Delete": Refusal(VALIDATION, errors.ALREADY_DELETED)},
    made={"ResourceSpec": resource_spec, "ResourceSpec.InstanceType": instance_type},
    moments={"LastHealthCheckTimestamp": ("InService",), "LastUserActivityTimestamp": ("InService",)},
    parents=(
        Parent("UserProfile", by="UserProfileName", orphans=_ASSOCIATED),
        Parent("Space", by="SpaceName", orphans=_ASSOCIATED),
    ),
    listing=Listing(descending=False, paths={"UserProfileName": "UserProfileName", "SpaceName": "SpaceName"}),
)
