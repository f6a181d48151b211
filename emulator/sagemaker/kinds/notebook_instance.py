"""Notebook instances: machines that are started, stopped, and changed while they stand still."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine.kind import Kind, Listing, Making, Minted, Reference, Update
from emulator.engine.lifecycle import GONE, Lifecycle, Stage

_STILL = ("Stopped", "Failed")


def is_name(text: str) -> bool:
    """Say whether a code repository is called by its name; otherwise it is anywhere in the world, by its URL."""
    return "://" not in text and "@" not in text


def url(making: Making) -> str | None:
    """Return where Jupyter answers, once it has ever answered."""
    if making.state is None or making.state.status in ("Pending", "Failed"):
        return None
    return f"{making.members['NotebookInstanceName']}.notebook.{making.region}.sagemaker.aws"


def network_interface(making: Making) -> str | None:
    """Return the interface in the caller's own subnet."""
    return making.members["Interface"] if "SubnetId" in making.members else None


def check_update(present: Mapping[str, Any], params: Mapping[str, Any]) -> None:
    """Refuse to shrink the volume."""
    if params.get("VolumeSizeInGB", present["VolumeSizeInGB"]) < present["VolumeSizeInGB"]:
        raise Refusal(VALIDATION, errors.SMALLER_VOLUME).error()


def has_repository(wanted: str, members: Mapping[str, Any]) -> bool:
    """Say whether a repository is among the additional ones."""
    return wanted in members.get("AdditionalCodeRepositories", ())


KIND = Kind(
    "NotebookInstance",
    noun="Notebook Instance",
    minted={"Interface": Minted("eni-", 17, "0123456789abcdef")},
    lifecycle=Lifecycle(
        begins="Pending",
        calls={
            "Start": dict.fromkeys(_STILL, "Pending"),
            "Stop": {"InService": "Stopping"},
            "Update": dict.fromkeys(_STILL, "Updating"),
            "Delete": dict.fromkeys(_STILL, "Deleting"),
        },
        times={
            "Pending": Stage("InService", seconds=120, failed="Failed"),
            "Stopping": Stage("Stopped", seconds=60, failed="Failed"),
            "Updating": Stage("Stopped", seconds=20, failed="Failed"),
            "Deleting": Stage(GONE, seconds=20, failed="Failed"),
        },
    ),
    missing=Refusal(VALIDATION, errors.RECORD_NOT_FOUND),
    taken=Refusal(VALIDATION, errors.DUPLICATE),
    refused=Refusal(VALIDATION, errors.STATUS_NOT_IN),
    defaults={
        "VolumeSizeInGB": 5,
        "DirectInternetAccess": "Enabled",
        "RootAccess": "Enabled",
        "IpAddressType": "ipv4",
        "PlatformIdentifier": "notebook-al2023-v1",
    },
    shown={"Url": url, "NetworkInterfaceId": network_interface},
    renamed={"SecurityGroupIds": "SecurityGroups", "LifecycleConfigName": "NotebookInstanceLifecycleConfigName"},
    update=Update(
        clears={
            "DisassociateLifecycleConfig": "NotebookInstanceLifecycleConfigName",
            "DisassociateAcceleratorTypes": "AcceleratorTypes",
            "DisassociateDefaultCodeRepository": "DefaultCodeRepository",
            "DisassociateAdditionalCodeRepositories": "AdditionalCodeRepositories",
        }
    ),
    references=(
        Reference("LifecycleConfigName", "NotebookInstanceLifecycleConfig"),
        Reference("DefaultCodeRepository", "CodeRepository", when=is_name),
        Reference("AdditionalCodeRepositories[]", "CodeRepository", when=is_name),
    ),
    listing=Listing(sort_by="Name", descending=False, choose={"AdditionalCodeRepositoryEquals": has_repository}),
    check_update=check_update,
)
