"""MLflow tracking servers: named servers that are started and stopped."""

from __future__ import annotations

from emulator.engine.kind import Kind, Making, Minted

_RUNNING = frozenset({"Created", "Updating", "Updated", "Started", "UpdateFailed", "StopFailed", "DeleteFailed"})


def url(making: Making) -> str:
    """Return where the server answers."""
    return f"https://{making.members['Host']}.{making.region}.experiments.sagemaker.aws"


def is_active(making: Making) -> str:
    """Say whether the server runs."""
    return "Active" if making.state and making.state.status in _RUNNING else "Inactive"


KIND = Kind(
    "MlflowTrackingServer",
    status="TrackingServerStatus",
    minted={"Host": Minted("t-", 12)},
    defaults={
        "TrackingServerSize": "Small",
        "MlflowVersion": "3.0",
        "AutomaticModelRegistration": False,
        "WeeklyMaintenanceWindowStart": "Sun:03:00",
    },
    shown={"TrackingServerUrl": url, "IsActive": is_active},
)
