"""Reserved capacity: the instances behind a training plan."""

from __future__ import annotations

from typing import Any

from emulator.engine.kind import Kind, Making
from emulator.sagemaker.rules import reservations


def ultra_servers(making: Making) -> dict[str, Any] | None:
    """Show the UltraServers that the instances are in, if they are."""
    members = making.members
    if "UltraServerType" not in members:
        return None
    kept = ("UltraServerType", "InstanceType", "UltraServerCount")
    return {
        **{name: members[name] for name in kept},
        "AvailableSpareInstanceCount": members[reservations.SPARE],
        "UnhealthyInstanceCount": 0,
    }


KIND = Kind(
    "ReservedCapacity",
    lifecycle=reservations.LIFE,
    shown={
        "AvailableInstanceCount": reservations.available,
        "InUseInstanceCount": reservations.in_use,
        "UltraServerSummary": ultra_servers,
    },
)
