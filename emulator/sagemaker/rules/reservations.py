"""Reservations: how training plans and their capacity live by the clock, and how many of their instances are there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.engine.kind import Making
from emulator.engine.lifecycle import Lifecycle, Stage

IN_USE = "InstancesInUse"  # a note: how many instances work for somebody
SPARE = "SpareInstances"  # a note: how many instances of its UltraServers are kept for emergencies
LIFE = Lifecycle(
    begins="Pending",
    times={
        "Pending": Stage("Scheduled", seconds=60, failed="Failed"),
        "Scheduled": Stage("Active", until="StartTime"),
        "Active": Stage("Expired", until="EndTime"),
    },
    touches=False,
)


def in_use(making: Making) -> int:
    """Show how many instances work for somebody."""
    return int(making.members.get(IN_USE, 0)) if _active(making) else 0


def available(making: Making) -> int:
    """Show how many instances wait for work: none before the time, and none after."""
    return int(making.members["TotalInstanceCount"]) - in_use(making) if _active(making) else 0


def spare(making: Making) -> int | None:
    """Show how many spare instances there are, where there are UltraServers."""
    return making.members.get(SPARE)


def _active(making: Making) -> bool:
    return making.state is not None and making.state.status == "Active"


def summaries(making: Making) -> list[dict[str, Any]] | None:
    """Show the capacity that a plan provides; it is where the plan is in its life."""
    kept: list[dict[str, Any]] | None = making.members.get("ReservedCapacitySummaries")
    if kept is None or making.state is None:
        return None
    return [{**one, "Status": making.state.status} for one in kept]


def extension_status(extension: Mapping[str, Any], now: float) -> str:
    """Return where an extension is in its life."""
    if now < extension["StartDate"]:
        return "Scheduled"
    return "Active" if now < extension["EndDate"] else "Expired"
