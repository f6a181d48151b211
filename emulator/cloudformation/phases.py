"""The life of a stack as a table: through which phases a deployment goes, and where each of them ends."""

from __future__ import annotations

from typing import NamedTuple

BUILD, REMOVE, RESTORE, CLEAN = "build", "remove", "restore", "clean"


class Phase(NamedTuple):
    """One phase: the status of the stack meanwhile, what is done in it, and what comes then.

    ``then`` is the next phase, or the status that the stack ends in if there is none. ``failing`` is the same for a
    phase in which something failed.
    """

    status: str
    does: str
    then: str
    failing: str


PHASES = {
    "CREATE": Phase("CREATE_IN_PROGRESS", BUILD, "CREATE_COMPLETE", "ROLLBACK"),
    "ROLLBACK": Phase("ROLLBACK_IN_PROGRESS", REMOVE, "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"),
    "DELETE": Phase("DELETE_IN_PROGRESS", REMOVE, "DELETE_COMPLETE", "DELETE_FAILED"),
    "UPDATE": Phase("UPDATE_IN_PROGRESS", BUILD, "UPDATE_CLEANUP", "UPDATE_ROLLBACK"),
    "UPDATE_CLEANUP": Phase("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", CLEAN, "UPDATE_COMPLETE", "UPDATE_COMPLETE"),
    "UPDATE_ROLLBACK": Phase(
        "UPDATE_ROLLBACK_IN_PROGRESS", RESTORE, "UPDATE_ROLLBACK_CLEANUP", "UPDATE_ROLLBACK_FAILED"
    ),
    "UPDATE_ROLLBACK_CLEANUP": Phase(
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", CLEAN, "UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"
    ),
    "IMPORT": Phase("IMPORT_IN_PROGRESS", BUILD, "IMPORT_COMPLETE", "IMPORT_ROLLBACK"),
    "IMPORT_ROLLBACK": Phase(
        "IMPORT_ROLLBACK_IN_PROGRESS", RESTORE, "IMPORT_ROLLBACK_COMPLETE", "IMPORT_ROLLBACK_FAILED"
    ),
}

# What a failed creation or update leaves standing when it is not to be rolled back.
KEPT = {"CREATE": "CREATE_FAILED", "UPDATE": "UPDATE_FAILED"}

REVIEW, GONE = "REVIEW_IN_PROGRESS", "DELETE_COMPLETE"
FAILED_ROLLBACK = "UPDATE_ROLLBACK_FAILED"

# Statuses in which a stack can be updated; the failed ones only if what failed was kept.
UPDATABLE = frozenset({
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE",
    "CREATE_FAILED",
    "UPDATE_FAILED",
})  # fmt: skip
DRIFTABLE = UPDATABLE | {FAILED_ROLLBACK}
DELETABLE = frozenset({
    *UPDATABLE, REVIEW, FAILED_ROLLBACK, "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED", "CREATE_IN_PROGRESS",
})  # fmt: skip
