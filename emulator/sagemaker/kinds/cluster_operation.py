"""Cluster operations: scaling and health checks that take their time. They are shown with the cluster's ARN."""

from __future__ import annotations

from typing import Any

from emulator.aws import errors
from emulator.aws.errors import NOT_FOUND, Refusal
from emulator.engine.kind import Kind, Making, Parent
from emulator.engine.lifecycle import Lifecycle, Stage


def scaling(making: Making) -> list[dict[str, Any]] | None:
    """Show how far scaling has come, group by group."""
    details = making.members.get("ScalingDetails")
    status = making.state.status if making.state else ""
    return [{**one, "Status": status} for one in details] if details else None


KIND = Kind(
    "ClusterOperation",
    lifecycle=Lifecycle(
        begins="InProgress",
        calls={"Supersede": {"InProgress": "Superseded"}},
        times={"InProgress": Stage("Done", seconds=300)},
    ),
    missing=Refusal(NOT_FOUND, errors.NOTHING_IN_CLUSTER),
    shown={"ScalingDetails": scaling},
    parents=(Parent("Cluster", by="ClusterName"),),
)
