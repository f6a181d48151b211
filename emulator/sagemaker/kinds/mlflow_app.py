"""MLflow apps: known by an ARN that the service makes. A deleted one is shown for a while."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.engine.kind import Kind, Listing, Minted
from emulator.engine.lifecycle import GONE, Lifecycle, Stage

_RESTING = ("Created", "Updated", "CreateFailed", "UpdateFailed", "DeleteFailed")
_DAY = 24 * 3600


def is_default_for(domain: str, members: Mapping[str, Any]) -> bool:
    """Say whether an app is the default of a domain."""
    return domain in members.get("DefaultDomainIdList", ())


KIND = Kind(
    "MlflowApp",
    minted={"ArnId": Minted("app-", 12, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")},
    lifecycle=Lifecycle(
        begins="Creating",
        calls={"Update": dict.fromkeys(_RESTING, "Updating"), "Delete": dict.fromkeys(_RESTING, "Deleting")},
        times={
            "Creating": Stage("Created", failed="CreateFailed"),
            "Updating": Stage("Updated", failed="UpdateFailed"),
            "Deleting": Stage("Deleted", failed="DeleteFailed"),
            "Deleted": Stage(GONE, seconds=_DAY, steady=True),
        },
    ),
    ended=frozenset({"Deleted"}),
    defaults={
        "MlflowVersion": "3.4",
        "ModelRegistrationMode": "AutoModelRegistrationDisabled",
        "AccountDefaultStatus": "DISABLED",
        "WeeklyMaintenanceWindowStart": "Sun:03:00",
    },
    listing=Listing(paths={"Name": "Name"}, choose={"DefaultForDomainId": is_default_for}),
)
