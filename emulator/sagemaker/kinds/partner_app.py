"""Partner AI apps: other makers' applications, known by an ARN that the service makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine.kind import Kind, Listing, Making, Minted, Referred
from emulator.engine.lifecycle import GONE, Lifecycle, Stage

_RESTING = ("Available", "Failed", "UpdateFailed")
_DAY = 24 * 3600


def check(params: Mapping[str, Any], _: list[Referred]) -> None:
    """Refuse users of IAM Identity Center without an instance of it."""
    if (params["AuthType"] == "IDC") != ("IdcConfig" in params):
        raise Refusal(VALIDATION, errors.IDC_CONFIG).error()


def base_url(making: Making) -> str | None:
    """Return where the app answers, once it is there."""
    if making.state is None or making.state.status in ("Creating", "Failed"):
        return None
    return f"https://{making.members['ArnId']}.partner-app.{making.region}.sagemaker.aws".lower()


def application(holder: Mapping[str, Any], making: Making) -> str:
    """Return the ARN of the app in IAM Identity Center."""
    instance = holder["InstanceArn"].rpartition("/")[2]
    return f"arn:aws:sso::{making.account}:application/{instance}/apl-{making.members['ArnId'][4:].lower()}"


def error(making: Making) -> dict[str, str] | None:
    """Return why the app failed."""
    reason = making.state.reason if making.state else None
    return {"Code": "InternalError", "Reason": reason} if reason else None


KIND = Kind(
    "PartnerApp",
    minted={"ArnId": Minted("app-", 12, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")},
    lifecycle=Lifecycle(
        begins="Creating",
        calls={"Update": dict.fromkeys(_RESTING, "Updating"), "Delete": dict.fromkeys(_RESTING, "Deleting")},
        times={
            "Creating": Stage("Available", failed="Failed"),
            "Updating": Stage("Available", failed="UpdateFailed"),
            "Deleting": Stage("Deleted", failed="Failed"),
            "Deleted": Stage(GONE, seconds=_DAY, steady=True),
        },
    ),
    ended=frozenset({"Deleted"}),
    defaults={"EnableAutoMinorVersionUpgrade": False, "Version": "1.0"},
    made={"IdcConfig.ApplicationArn": application},
    shown={"BaseUrl": base_url, "Error": error},
    renamed={"AppVersion": "Version"},
    listing=Listing(paths={"Name": "Name"}),
    check=check,
)
