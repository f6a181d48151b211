"""Nodes of clusters: instances that are launched, checked, patched, rebooted, replaced and shut down."""

from __future__ import annotations

from typing import Any

from emulator.aws import errors
from emulator.aws.errors import NOT_FOUND, Refusal
from emulator.engine.kind import Kind, Listing, Making, Parent
from emulator.engine.lifecycle import GONE, Lifecycle, Stage

CONTINUOUS = "Continuous"  # a note of a node: nobody waits for its instance
CHECKED = "Checking"  # the phase in which a node is launched that is checked before it runs
_UP = ("Running", "Updated")
_SETTLED = (*_UP, "Failure")

LIFE = Lifecycle(
    begins="Pending",
    calls={
        "Launch": {"Pending": CHECKED},  # of a group whose nodes are checked before they run
        "Check": dict.fromkeys(_UP, "DeepHealthCheckInProgress"),
        "UpdateSoftware": dict.fromkeys(_UP, "SystemUpdating"),
        "Reboot": dict.fromkeys(_SETTLED, "Rebooting"),
        "Replace": dict.fromkeys(_SETTLED, "Pending"),
        "Delete": dict.fromkeys((*_SETTLED, "Pending", CHECKED, "Rebooting"), "ShuttingDown"),
        "Attach": {status: status for status in _UP},
    },
    times={
        "Pending": Stage("Running", seconds=240, failed="Failure"),
        CHECKED: Stage("DeepHealthCheckInProgress", seconds=240, failed="Failure"),
        "DeepHealthCheckInProgress": Stage("Running", seconds=3600, failed="Failure"),
        "SystemUpdating": Stage("Updated", seconds=600, failed="Failure"),
        "Rebooting": Stage("Running", seconds=180, failed="Failure"),
        "ShuttingDown": Stage(GONE, seconds=60),
    },
    touches=False,
    shows={CHECKED: "Pending", "Updated": "Running", "Rebooting": "Pending"},
)


def instance_status(making: Making) -> dict[str, Any]:
    """Show how the instance is."""
    assert making.state is not None  # a node has a life
    message = {"Message": making.state.reason} if making.state.reason else {}
    return {"Status": LIFE.shown(making.state.status), **message}


def instance_id(making: Making) -> str:
    """Show the instance, once there is one where nobody waits for it."""
    waits = making.members.get(CONTINUOUS) and making.state and LIFE.shown(making.state.status) == "Pending"
    return "" if waits else str(making.members["Instance"])


KIND = Kind(
    "ClusterNode",
    title="Node",
    keys=(("ClusterName", "NodeLogicalId"),),
    status="InstanceStatus",
    lifecycle=LIFE,
    missing=Refusal(NOT_FOUND, errors.NO_NODE),
    moments={"LastSoftwareUpdateTime": ("Updated",)},
    shown={"InstanceId": instance_id, "InstanceStatus": instance_status},
    parents=(Parent("Cluster", by="ClusterName"),),
    listing=Listing(descending=False),
)
