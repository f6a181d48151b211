"""Warm pools: instances that are kept for a while after a training job, for the next one that matches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.engine.kind import Making
from emulator.sagemaker.rules.jobs import DELETING, ENDS

AVAILABLE, IN_USE, REUSED, TERMINATED = "Available", "InUse", "Reused", "Terminated"
REUSED_BY = "WarmPoolReusedBy"  # a note: by which job, and when
ENDED = "WarmPoolEnded"  # a note: when an update ended it
STATUS = "WarmPoolStatus"

# What must be the same for a job to run on the instances of another (developer guide, Matching training jobs).
_MATCHING = ("RoleArn", "VpcConfig", "EnableInterContainerTrafficEncryption", "EnableNetworkIsolation")
_MATCHING_RESOURCES = ("InstanceType", "InstanceCount", "VolumeSizeInGB", "VolumeKmsKeyId", "InstanceGroups")


def keep_alive(members: Mapping[str, Any]) -> int | None:
    """Return for how many seconds the instances of a job are kept, None if they are not."""
    seconds: int | None = members.get("ResourceConfig", {}).get("KeepAlivePeriodInSeconds")
    return seconds


def status(making: Making) -> dict[str, Any] | None:
    """Show what has become of a job's instances by now."""
    if making.state is None or making.state.status == DELETING:
        return None
    return at(making.members, making.state.status, making.state.since, making.now)


def at(members: Mapping[str, Any], phase: str, since: float, now: float) -> dict[str, Any] | None:
    """Return the status of the warm pool of a job that has been in a phase since then."""
    seconds = keep_alive(members)
    if seconds is None:
        return None
    if phase not in ENDS:
        return {"Status": IN_USE}
    if REUSED_BY in members:
        name, when = members[REUSED_BY]
        return _retained(REUSED, when - since) | {"ReusedByJob": name}
    if ENDED in members or now >= since + seconds:
        return _retained(TERMINATED, members.get(ENDED, since + seconds) - since)
    return _retained(AVAILABLE, now - since)


def _retained(word: str, seconds: float) -> dict[str, Any]:
    return {"Status": word, "ResourceRetainedBillableTimeInSeconds": max(0, int(seconds))}


def specification(members: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what a job must share with another to run on its instances."""
    resources = members.get("ResourceConfig", {})
    own = tuple(members.get(name) for name in _MATCHING)
    return own + tuple(resources.get(name) for name in _MATCHING_RESOURCES)


def has_status(wanted: str, members: Mapping[str, Any]) -> bool:
    """Say whether a warm pool had a status when its list was last prepared."""
    return bool(members.get(STATUS, {}).get("Status") == wanted)
