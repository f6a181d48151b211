"""Deployments: what serves now, and what is on its way to take its place, or is taken back.

A record holds both: under ``Deployed`` what served when the last deployment began, under ``Deploying`` what that one
brings. Which of the two serves is said by the phase of its life alone, so time has nothing to write.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DEPLOYED, DEPLOYING = "Deployed", "Deploying"
ROLLED_BACK = "RolledBack"  # shown as InService: with what served before
WITHDRAWING = "Withdrawing"  # shown as Deleting: with what served before, if anything did
SHOWS = {ROLLED_BACK: "InService", WITHDRAWING: "Deleting"}
_ARRIVED = frozenset({"InService", "Deleting"})

Members = Mapping[str, Any]


def arrived(phase: str) -> bool:
    """Say whether the last deployment is what serves in a phase."""
    return phase in _ARRIVED


def serving(members: Members, phase: str) -> Members | None:
    """Return what serves in a phase; None before anything does."""
    now: Members | None = members.get(DEPLOYING if arrived(phase) else DEPLOYED)
    return now


def wanted(members: Members, phase: str) -> Members:
    """Return what shall serve in the end, as far as it is known in a phase: what was taken back is not wanted."""
    back = phase in (ROLLED_BACK, WITHDRAWING) and DEPLOYED in members
    target: Members = members[DEPLOYED if back else DEPLOYING]
    return target


def begun(members: Members, phase: str, target: Members) -> dict[str, Any]:
    """Return the members of a resource that begins to deploy something else."""
    now = serving(members, phase)
    return {**members, DEPLOYING: target} | ({} if now is None else {DEPLOYED: now})
