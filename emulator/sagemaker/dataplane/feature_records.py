"""The feature store's runtime: records of feature groups that exist, typed as their features are.

Only online stores are kept; what goes to an offline store is checked and forgotten, for there is no S3 here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import NOT_FOUND, Refusal, ServiceError
from emulator.engine import paging
from emulator.engine.scope import Scope
from emulator.sagemaker.dataplane.online_store import Entry, OnlineStore, Value

Params = Mapping[str, Any]
Members = Mapping[str, Any]

INVALID = "ValidationError"
STORE = "online store of {group}"  # the shelf
PAGE = 100
_SECONDS = {"Seconds": 1, "Minutes": 60, "Hours": 3600, "Days": 86400, "Weeks": 604800}
_FORMATS = ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ")
_LARGEST = 2**63
_INTEGRAL = re.compile(r"[+-]?[0-9]{1,30}")
_FRACTIONAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_LATEST = 253_402_300_799  # the last second of the year 9999


# --- What clients call ------------------------------------------------------------------------------------------------


def put_record(scope: Scope, params: Params) -> None:
    """Keep a record, if it is newer than the one that is there."""
    group = _group(scope, params)
    _put(scope, group, params, params.get("TtlDuration"))


def get_record(scope: Scope, params: Params) -> dict[str, Any]:
    """Return the latest record of an identifier, or nothing."""
    group = _online(_group(scope, params, NOT_FOUND))
    names = params.get("FeatureNames")
    _refuse_unknown(group, names or ())
    entry = _store(scope, group["FeatureGroupName"]).find(params["RecordIdentifierValueAsString"], scope.clock.now())
    return {} if entry is None else _shown(entry, names, params)


def delete_record(scope: Scope, params: Params) -> None:
    """Delete a record that is older than the deletion."""
    group = _group(scope, params)
    event_time = _event_time(group, params["EventTime"])
    if not _goes_online(group, params):
        return
    softly = params.get("DeletionMode", "SoftDelete") == "SoftDelete"
    identifier = params["RecordIdentifierValueAsString"]
    gone = _store(scope, group["FeatureGroupName"]).delete(identifier, event_time, scope.clock.now(), softly=softly)
    if not gone and not softly:
        raise _invalid(errors.EVENT_TIME_OLDER, value=params["EventTime"])


def update_record(scope: Scope, params: Params) -> None:
    """Change some values of a record, and leave the rest."""
    group = _online(_group(scope, params, NOT_FOUND))
    if group["OnlineStoreConfig"].get("StorageType", "Standard") == "Standard":
        raise _invalid(errors.UPDATES_NEED_STORE)
    store, identifier = _store(scope, group["FeatureGroupName"]), params["RecordIdentifierValueAsString"]
    entry = store.find(identifier, scope.clock.now())
    if entry is None:
        message = errors.NO_RECORD(record=identifier, name=group["FeatureGroupName"])
        raise ServiceError(NOT_FOUND, message, 404)
    values = _typed(group, params["Features"])
    timed = group["EventTimeFeatureName"]
    if "TtlDuration" in params and timed not in values:
        raise _invalid(errors.TTL_NEEDS_EVENT_TIME, feature=timed)
    event_time = _event_time(group, values[timed]["ValueAsString"]) if timed in values else entry.event_time
    if event_time < entry.event_time:
        message = errors.EVENT_TIME_OLDER(value=values[timed]["ValueAsString"])
        raise ServiceError(errors.CONFLICT, message, 409)
    lives = None if entry.expires is None else entry.expires - entry.event_time
    if "TtlDuration" in params:
        lives = _seconds(params["TtlDuration"])
    expires = None if lives is None else event_time + lives
    if _goes_online(group, params):
        store.replace(identifier, Entry(event_time, {**entry.values, **values}, expires))


def list_records(scope: Scope, params: Params) -> dict[str, Any]:
    """List the identifiers of the records in a group's online store."""
    group = _online(_group(scope, params, NOT_FOUND))
    deleted = params.get("IncludeSoftDeletedRecords", False)
    identifiers = _store(scope, group["FeatureGroupName"]).identifiers(scope.clock.now(), deleted=deleted)
    query = paging.query("ListRecords", scope.place.account, scope.place.region, params)
    kept, following = paging.window(query, params, identifiers, lambda one: (one, 0), PAGE)
    return {"RecordIdentifiers": kept} | ({"NextToken": following} if following else {})


def batch_get(scope: Scope, params: Params) -> dict[str, Any]:
    """Return the latest records of many identifiers; what is wrong with one is said beside the others."""
    records, faults = [], []
    for wanted in params["Identifiers"]:
        for identifier in wanted["RecordIdentifiersValueAsString"]:
            called = {"FeatureGroupName": wanted["FeatureGroupName"], "RecordIdentifierValueAsString": identifier}
            try:
                found = get_record(scope, {**params, **wanted, **called})
            except ServiceError as error:
                faults.append({**called, "ErrorCode": error.code, "ErrorMessage": error.message})
            else:
                records += [{**called, **found}] if found else []
    return {"Records": records, "Errors": faults, "UnprocessedIdentifiers": []}


def batch_write(scope: Scope, params: Params) -> dict[str, Any]:
    """Keep many records; what is wrong with one is said beside the others."""
    faults = []
    for entry in params["Entries"]:
        try:
            _put(scope, _group(scope, entry), entry, entry.get("TtlDuration", params.get("TtlDuration")))
        except ServiceError as error:
            faults.append({"Entry": entry, "ErrorCode": error.code, "ErrorMessage": error.message})
    return {"Errors": faults, "UnprocessedEntries": []}


OPERATIONS: Mapping[str, Callable[[Scope, Params], dict[str, Any] | None]] = {
    "PutRecord": put_record,
    "GetRecord": get_record,
    "DeleteRecord": delete_record,
    "UpdateRecord": update_record,
    "ListRecords": list_records,
    "BatchGetRecord": batch_get,
    "BatchWriteRecord": batch_write,
}


def forget(scope: Scope, name: str) -> None:
    """Forget the records of a group that ends."""
    _store(scope, name).forget()


# --- Groups and their stores ------------------------------------------------------------------------------------------


def _group(scope: Scope, params: Params, missing: str = INVALID) -> Members:
    """Return the members of the group that the params name; ServiceError if it cannot be written to or read from."""
    resource = scope.resources.resource("FeatureGroup")
    text = params["FeatureGroupName"]
    key = scope.identify(resource, text)
    record = scope.find(resource, key) if key else None
    if record is None:
        message = errors.CANNOT_FIND_FEATURE_GROUP(**scope.words(resource, text))
        raise ServiceError(missing, message, 404 if missing == NOT_FOUND else 400)
    fields = scope.fields(resource, record)
    if fields["FeatureGroupStatus"] != "Created":
        raise _invalid(errors.GROUP_NOT_CREATED, name=record.key[0])
    return fields


def _online(group: Members) -> Members:
    if not group.get("OnlineStoreConfig", {}).get("EnableOnlineStore"):
        raise _invalid(errors.NO_ONLINE_STORE, name=group["FeatureGroupName"])
    return group


def _goes_online(group: Members, params: Params) -> bool:
    """Say whether a call is about the online store: it is unless the caller or the group has none in mind."""
    if "OnlineStore" in params.get("TargetStores", ()):
        _online(group)
    wanted = "OnlineStore" in params.get("TargetStores", ("OnlineStore",))
    return wanted and bool(group.get("OnlineStoreConfig", {}).get("EnableOnlineStore"))


def _store(scope: Scope, group: str) -> OnlineStore:
    return OnlineStore(scope.place.shelf(STORE.format(group=group)))


# --- Records ----------------------------------------------------------------------------------------------------------


def _put(scope: Scope, group: Members, params: Params, duration: Params | None) -> None:
    values = _typed(group, params["Record"])
    for member in ("RecordIdentifierFeatureName", "EventTimeFeatureName"):
        if "ValueAsString" not in values.get(group[member], {}):
            raise _invalid(errors.MISSING_FEATURE, feature=group[member])
    event_time = _event_time(group, values[group["EventTimeFeatureName"]]["ValueAsString"])
    if not _goes_online(group, params):
        return
    duration = duration or group["OnlineStoreConfig"].get("TtlDuration")
    expires = event_time + _seconds(duration) if duration else None
    identifier = values[group["RecordIdentifierFeatureName"]]["ValueAsString"]
    _store(scope, group["FeatureGroupName"]).put(identifier, Entry(event_time, values, expires), scope.clock.now())


def _shown(entry: Entry, names: list[str] | None, params: Params) -> dict[str, Any]:
    wanted = entry.values if names is None else [name for name in names if name in entry.values]
    shown: dict[str, Any] = {"Record": [entry.values[name] for name in wanted]}
    if params.get("ExpirationTimeResponse") == "Enabled" and entry.expires is not None:
        moment = datetime.fromtimestamp(min(entry.expires, _LATEST), timezone.utc)
        shown["ExpiresAt"] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return shown


def _typed(group: Members, record: list[Value]) -> dict[str, Value]:
    """Return the values of a record by feature; ServiceError if one is of the wrong type, unknown, or there twice."""
    features = {one["FeatureName"]: one for one in group["FeatureDefinitions"]}
    names = [value["FeatureName"] for value in record]
    _refuse_unknown(group, names)
    for value in record:
        name = value["FeatureName"]
        if names.count(name) > 1:
            raise _invalid(errors.FEATURE_TWICE, feature=name)
        if not _fits(features[name], value):
            kind = features[name].get("CollectionType", "")
            raise _invalid(errors.WRONG_VALUE, feature=name, type=f"{kind} {features[name]['FeatureType']}".strip())
    return {value["FeatureName"]: value for value in record}


def _refuse_unknown(group: Members, names: Any) -> None:
    known = {one["FeatureName"] for one in group["FeatureDefinitions"]}
    for name in names:
        if name not in known:
            raise _invalid(errors.UNKNOWN_FEATURE, name=group["FeatureGroupName"], feature=name)


def _fits(feature: Members, value: Value) -> bool:
    """Say whether a value is one of a feature's type: a list for collections, and a vector of its dimension."""
    if "CollectionType" not in feature:
        return "ValueAsStringList" not in value and _is(feature["FeatureType"], value.get("ValueAsString", ""))
    several = value.get("ValueAsStringList")
    if several is None or "ValueAsString" in value:
        return False
    dimension = feature.get("CollectionConfig", {}).get("VectorConfig", {}).get("Dimension", len(several))
    return len(several) == dimension and all(_is(feature["FeatureType"], one) for one in several)


def _is(wanted: str, text: str) -> bool:
    if wanted == "Integral":
        return _INTEGRAL.fullmatch(text) is not None and -_LARGEST <= int(text) < _LARGEST
    return wanted == "String" or (_FRACTIONAL.fullmatch(text) is not None and math.isfinite(float(text)))


def _event_time(group: Members, text: str) -> float:
    """Return the time that an event time says, in seconds since 1970."""
    types = {one["FeatureName"]: one["FeatureType"] for one in group["FeatureDefinitions"]}
    fractional = types[group["EventTimeFeatureName"]] == "Fractional" and _is("Fractional", text)
    if fractional and 0 <= float(text) <= _LATEST:
        return float(text)
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=timezone.utc).timestamp()
        except ValueError:
            continue
    raise _invalid(errors.EVENT_TIME_FORMAT, value=text)


def _seconds(duration: Params) -> int:
    seconds: int = duration["Value"] * _SECONDS[duration["Unit"]]
    return seconds


def _invalid(sentence: errors.Sentence, **words: Any) -> ServiceError:
    return Refusal(INVALID, sentence).error(**words)
