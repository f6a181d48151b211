"""Cluster policies: how scheduler configurations and compute quotas live, are versioned, and are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import CONFLICT, NOT_FOUND, Refusal
from emulator.engine.kind import Parent
from emulator.engine.lifecycle import GONE, Lifecycle, Stage

PAST = "PastVersions"  # a note: the members that were, by version
CHANGING = ("Description", "SchedulerConfig", "ComputeQuotaConfig", "ComputeQuotaTarget", "ActivationState")
_DAY = 24 * 3600
_HERE = ("Created", "Updated", "CreateFailed", "UpdateFailed", "DeleteFailed")

LIFE = Lifecycle(
    begins="Creating",
    calls={"Update": dict.fromkeys(_HERE, "Updating"), "Delete": dict.fromkeys(_HERE, "Deleting")},
    times={
        "Creating": Stage("Created", seconds=10, failed="CreateFailed"),
        "Updating": Stage("Updated", seconds=10, failed="UpdateFailed"),
        "Deleting": Stage("Deleted", seconds=10, failed="DeleteFailed"),
        "Deleted": Stage(GONE, seconds=_DAY, steady=True),
    },
)
ENDED = frozenset({"Deleted"})
CLUSTER = Parent(
    "Cluster",
    by="ClusterArn",
    ready=frozenset({"InService", "Updating", "SystemUpdating"}),
    not_ready=Refusal(CONFLICT, errors.CLUSTER_NOT_READY),
    orphans=Refusal(CONFLICT, errors.HAS_CHILDREN),
)


def version(member: str) -> Callable[[int, dict[str, Any]], dict[str, Any]]:
    """Return the view of one version of a policy, present or past."""

    def view(wanted: int, fields: dict[str, Any]) -> dict[str, Any]:
        if wanted == fields[member]:
            return fields
        past: Mapping[str, Any] | None = fields.get(PAST, {}).get(str(wanted))
        if past is None:
            raise Refusal(NOT_FOUND, errors.NO_POLICY_VERSION).error(version=wanted, name=fields["Name"])
        kept = {name: value for name, value in fields.items() if name not in CHANGING}
        return {**kept, **past, member: wanted}

    return view
