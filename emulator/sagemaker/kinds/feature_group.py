"""Feature groups: definitions of features, with an online store, an offline store, or both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import IN_USE, NOT_FOUND, VALIDATION, Refusal
from emulator.engine.kind import Kind, Making, Referred, Update
from emulator.engine.lifecycle import GONE, Lifecycle, Stage

_UPDATE = {"Updating": "InProgress", "Updated": "Successful", "UpdateFailed": "Failed"}
_UPDATED = ("Updated", "UpdateFailed")


def check(params: Mapping[str, Any], _: list[Referred]) -> None:
    """Refuse a group without a store, and one whose key features it does not define."""
    if not params.get("OnlineStoreConfig", {}).get("EnableOnlineStore") and "OfflineStoreConfig" not in params:
        raise Refusal(VALIDATION, errors.NO_STORE).error()
    types = {one["FeatureName"]: one["FeatureType"] for one in params["FeatureDefinitions"]}
    refuse_twice([one["FeatureName"] for one in params["FeatureDefinitions"]])
    for member in ("RecordIdentifierFeatureName", "EventTimeFeatureName"):
        if params[member] not in types:
            raise Refusal(VALIDATION, errors.UNDEFINED_FEATURE).error(member=member, feature=params[member])
    if types[params["EventTimeFeatureName"]] == "Integral":
        raise Refusal(VALIDATION, errors.EVENT_TIME_TYPE).error(feature=params["EventTimeFeatureName"])


def check_update(present: Mapping[str, Any], params: Mapping[str, Any]) -> None:
    """Refuse to define a feature again."""
    refuse_twice([one["FeatureName"] for one in (*present["FeatureDefinitions"], *params.get("FeatureAdditions", ()))])


def refuse_twice(names: list[str]) -> None:
    """Refuse a name that is among them more than once."""
    twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if twice is not None:
        raise Refusal(VALIDATION, errors.FEATURE_TWICE).error(feature=twice)


def since(making: Making) -> int:
    """Return the second in which the group was made, which names its table and its place in S3."""
    return int(making.state.since) if making.state else 0


def catalog(holder: Mapping[str, Any], making: Making) -> dict[str, str] | None:
    """Return the Glue table that SageMaker makes for the offline store."""
    if holder.get("DisableGlueTableCreation"):
        return None
    name = making.members["FeatureGroupName"].lower().replace("-", "_")
    table = f"{name}_{since(making)}"
    return {"TableName": table, "Catalog": "AwsDataCatalog", "Database": "sagemaker_featurestore"}


def resolved(holder: Mapping[str, Any], making: Making) -> str:
    """Return where in S3 the offline store writes."""
    name = making.members["FeatureGroupName"]
    place = f"{making.account}/sagemaker/{making.region}/offline-store/{name}-{since(making)}/data"
    return f"{holder['S3Uri'].rstrip('/')}/{place}"


def offline_status(_: Mapping[str, Any], making: Making) -> str:
    """Return whether the offline store writes; lists filter on it and sort by it."""
    return "Active" if "OfflineStoreConfig" in making.members else "Disabled"


def shown_offline_status(making: Making) -> dict[str, str]:
    """Return the offline store's status as it is shown."""
    return {"Status": making.members["OfflineStoreStatus"]}


def last_update(making: Making) -> dict[str, str] | None:
    """Return what became of the last update, if there was one."""
    if making.state is None or making.state.status not in _UPDATE:
        return None
    reason = {"FailureReason": making.state.reason} if making.state.reason else {}
    return {"Status": _UPDATE[making.state.status], **reason}


KIND = Kind(
    "FeatureGroup",
    lifecycle=Lifecycle(
        begins="Creating",
        calls={
            "Update": dict.fromkeys(("Created", *_UPDATED), "Updating"),
            "Delete": dict.fromkeys(("Created", *_UPDATED, "CreateFailed", "DeleteFailed"), "Deleting"),
        },
        times={
            "Creating": Stage("Created", seconds=20, failed="CreateFailed"),
            "Updating": Stage("Updated", failed="UpdateFailed"),
            "Deleting": Stage(GONE, failed="DeleteFailed"),
        },
        shows=dict.fromkeys(("Updating", *_UPDATED), "Created"),
    ),
    missing=Refusal(NOT_FOUND, errors.CANNOT_FIND_FEATURE_GROUP),
    taken=Refusal(IN_USE, errors.FEATURE_GROUP_EXISTS),
    defaults={
        "OfflineStoreConfig.DisableGlueTableCreation": False,
        "OfflineStoreConfig.TableFormat": "Glue",
        "ThroughputConfig": {"ThroughputMode": "OnDemand"},
    },
    made={
        "OfflineStoreStatus": offline_status,
        "OfflineStoreConfig.DataCatalogConfig": catalog,
        "OfflineStoreConfig.S3StorageConfig.ResolvedOutputS3Uri": resolved,
    },
    shown={"OfflineStoreStatus": shown_offline_status, "LastUpdateStatus": last_update},
    renamed={"FeatureAdditions": "FeatureDefinitions"},
    update=Update(
        appended=frozenset({"FeatureDefinitions"}), merged=frozenset({"OnlineStoreConfig", "ThroughputConfig"})
    ),
    check=check,
    check_update=check_update,
)
