"""Training plans are bought from offerings, extended, and made of reserved capacity, some of it in UltraServers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import NOT_FOUND, VALIDATION, Refusal
from emulator.aws.wire import timestamp
from emulator.engine import paging, verbs
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack
from emulator.sagemaker.rules import offerings
from emulator.sagemaker.rules.offerings import CURRENCY, Extension, Offering
from emulator.sagemaker.rules.reservations import IN_USE, SPARE, extension_status
from emulator.sagemaker.rules.zones import zone_id

Params = Mapping[str, Any]
KIND = "TrainingPlan"
EXTENSIONS = "Extensions"  # a note of a plan: its extensions so far
ULTRA_SERVERS = "UltraServers"  # a note of a capacity: the IDs of its UltraServers
PAGE = 10
_HEX = "0123456789abcdef"
_SUMMARIZED = (
    *("ReservedCapacityType", "UltraServerType", "UltraServerCount", "InstanceType", "TotalInstanceCount"),
    *("AvailabilityZone", "AvailabilityZoneId", "DurationHours", "DurationMinutes", "StartTime", "EndTime"),
)


# --- Offerings --------------------------------------------------------------------------------------------------------


def search(scope: Scope, params: Params) -> dict[str, Any]:
    """Find offerings for a new plan, or extensions of one that is there."""
    if "TrainingPlanArn" in params:
        missing = Refusal(VALIDATION, errors.NO_TRAINING_PLAN)
        plan = verbs.find(
            scope, scope.resources.resource(KIND), {"TrainingPlanArn": params["TrainingPlanArn"]}, missing
        )
        return {"TrainingPlanOfferings": [], "TrainingPlanExtensionOfferings": _extensions(params, plan)}
    found = offerings.search(params, scope.clock.now())
    return {"TrainingPlanOfferings": [_offered(scope, params, one) for one in found]}


def _offered(scope: Scope, params: Params, one: Offering) -> dict[str, Any]:
    said = (("RequestedStartTimeAfter", "StartTimeAfter"), ("RequestedEndTimeBefore", "EndTimeBefore"))
    return {
        "TrainingPlanOfferingId": offerings.identifier(one),
        "TargetResources": list(one.targets),
        **{name: params[member] for name, member in said if member in params},
        "DurationHours": one.hours,
        "DurationMinutes": 0,
        **one.price(),
        "ReservedCapacityOfferings": [{**one.capacity(scope.place.region), "InstanceCount": one.instances}],
    }


def _extensions(params: Params, plan: Record) -> list[dict[str, Any]]:
    if plan.state is None or plan.state.status not in ("Scheduled", "Active"):
        return []
    members = plan.members
    return [
        {"TrainingPlanExtensionOfferingId": offerings.identifier(one), **_extended(members, one)}
        for one in offerings.extensions(params, plan.key[-1], members["EndTime"])
    ]


def _extended(members: Params, one: Extension) -> dict[str, Any]:
    return {
        "AvailabilityZone": members["ReservedCapacitySummaries"][0]["AvailabilityZone"],
        "StartDate": one.start,
        "EndDate": one.end,
        "DurationHours": one.hours,
        "UpfrontFee": offerings.fee(members["TotalInstanceCount"], one.hours),
        "CurrencyCode": CURRENCY,
    }


# --- Plans ------------------------------------------------------------------------------------------------------------


def create(scope: Scope, params: Params) -> dict[str, Any]:
    """Buy an offering."""
    resource = scope.resources.resource(KIND)
    bought = offerings.offering(params["TrainingPlanOfferingId"])
    if bought is None or bought.end <= scope.clock.now():
        raise Refusal(NOT_FOUND, errors.NO_OFFERING).error(offering=params["TrainingPlanOfferingId"])
    spare = params.get("SpareInstanceCountPerUltraServer", 1) * bought.ultra_count
    own = {
        "DurationHours": bought.hours,
        "DurationMinutes": 0,
        "StartTime": bought.start,
        "EndTime": bought.end,
        **bought.price(),
        "TotalInstanceCount": bought.instances,
        "TargetResources": list(bought.targets),
        **({"TotalUltraServerCount": bought.ultra_count, SPARE: spare} if bought.ultra_type else {}),
    }
    plan = verbs.make(scope, resource, params, own)
    capacity = _reserve(scope, bought, spare)
    members = capacity.members
    summary = {name: members[name] for name in _SUMMARIZED if name in members}
    kept = {**plan.members, "ReservedCapacitySummaries": [{"ReservedCapacityArn": capacity.arn, **summary}]}
    scope.put(resource, plan._replace(packed=pack(kept)))
    return {"TrainingPlanArn": plan.arn}


def _reserve(scope: Scope, bought: Offering, spare: int) -> Record:
    ids = [f"us-{scope.chance.text(17, _HEX)}" for _ in range(bought.ultra_count)]
    own = {
        **bought.capacity(scope.place.region),
        "TotalInstanceCount": bought.instances,
        "AvailabilityZoneId": zone_id(scope.place.region, bought.zone),
        **({ULTRA_SERVERS: ids, SPARE: spare} if ids else {}),
    }
    return verbs.make(scope, scope.resources.resource("ReservedCapacity"), {}, own)


def extend(scope: Scope, params: Params) -> dict[str, Any]:
    """Buy an extension: the plan and its capacity end later."""
    text = params["TrainingPlanExtensionOfferingId"]
    bought = offerings.extension(text)
    resource = scope.resources.resource(KIND)
    plan = scope.find(resource, (bought.plan,)) if bought else None
    members = plan.members if plan else {}
    fits = plan and plan.state and plan.state.status in ("Scheduled", "Active") and bought
    if not fits or plan is None or bought is None or members["EndTime"] != bought.start:
        raise Refusal(NOT_FOUND, errors.NO_OFFERING).error(offering=text)
    now = timestamp(scope.clock.now())
    members[EXTENSIONS] = [
        *members.get(EXTENSIONS, ()),
        {
            "TrainingPlanExtensionOfferingId": text,
            "ExtendedAt": now,
            "PaymentStatus": "Succeeded",
            "AvailabilityZoneId": members["ReservedCapacitySummaries"][0]["AvailabilityZoneId"],
            **_extended(members, bought),
        },
    ]
    for one in (members, *members["ReservedCapacitySummaries"]):
        _lengthen(one, bought)
    scope.put(resource, plan._replace(packed=pack(members)))
    for capacity, record in _capacities(scope, plan):
        inside = record.members
        _lengthen(inside, bought)
        scope.put(capacity, record._replace(packed=pack(inside)))
    return {"TrainingPlanExtensions": _history(scope, members)}


def _lengthen(members: dict[str, Any], bought: Extension) -> None:
    members["EndTime"] = bought.end
    members["DurationHours"] += bought.hours


def history(scope: Scope, params: Params) -> dict[str, Any]:
    """List the extensions of a plan, the first one first."""
    plan = verbs.find(scope, scope.resources.resource(KIND), {"TrainingPlanArn": params["TrainingPlanArn"]})
    query = paging.query("DescribeTrainingPlanExtensionHistory", scope.place.account, scope.place.region, params)
    entries = enumerate(_history(scope, plan.members))
    kept, following = paging.window(query, params, entries, lambda entry: ("", entry[0]), PAGE)
    return {"TrainingPlanExtensions": [one for _, one in kept]} | ({"NextToken": following} if following else {})


def _history(scope: Scope, members: Params) -> list[dict[str, Any]]:
    now = scope.clock.now()
    return [{**one, "Status": extension_status(one, now)} for one in members.get(EXTENSIONS, ())]


def use(scope: Scope, plan_arn: str, more: int) -> None:
    """Take so many instances of a plan into use, or give them back."""
    found = scope.by_arn(plan_arn)
    if found is None or found[0].name != KIND:
        return
    resource, plan = found
    _count(scope, resource, plan, more)
    for capacity, record in _capacities(scope, plan):
        _count(scope, capacity, record, more)


def _capacities(scope: Scope, plan: Record) -> list[tuple[Resource, Record]]:
    """Return the capacity that a plan provides."""
    arns = [one["ReservedCapacityArn"] for one in plan.members.get("ReservedCapacitySummaries", ())]
    return [found for one in arns if (found := scope.by_arn(one)) is not None]


def _count(scope: Scope, resource: Resource, record: Record, more: int) -> None:
    members = record.members
    members[IN_USE] = max(0, members.get(IN_USE, 0) + more)
    scope.put(resource, record._replace(packed=pack(members)))


# --- UltraServers -----------------------------------------------------------------------------------------------------


def ultra_servers(scope: Scope, params: Params) -> dict[str, Any]:
    """List the UltraServers of a capacity."""
    resource = scope.resources.resource("ReservedCapacity")
    record = verbs.find(scope, resource, {"ReservedCapacityArn": params["ReservedCapacityArn"]})
    query = paging.query("ListUltraServersByReservedCapacity", scope.place.account, scope.place.region, params)
    fields = scope.fields(resource, record)
    entries = enumerate(fields.get(ULTRA_SERVERS, ()))
    kept, following = paging.window(query, params, entries, lambda entry: ("", entry[0]), PAGE)
    servers = [_ultra_server(fields, number, name) for number, name in kept]
    return {"UltraServers": servers} | ({"NextToken": following} if following else {})


def _ultra_server(fields: Params, number: int, name: str) -> dict[str, Any]:
    """Return one UltraServer; the first ones have the instances that are in use."""
    each = fields["TotalInstanceCount"] // fields["UltraServerCount"]
    spare = fields[SPARE] // fields["UltraServerCount"]
    used = min(each, max(0, fields["InUseInstanceCount"] - number * each))
    there = fields["AvailableInstanceCount"] + fields["InUseInstanceCount"] > 0
    return {
        "UltraServerId": name,
        **{one: fields[one] for one in ("UltraServerType", "AvailabilityZone", "InstanceType")},
        "TotalInstanceCount": each,
        "ConfiguredSpareInstanceCount": spare,
        "AvailableInstanceCount": each - used if there else 0,
        "InUseInstanceCount": used,
        "AvailableSpareInstanceCount": spare if there else 0,
        "UnhealthyInstanceCount": 0,
        "HealthStatus": "OK",
    }


OPERATIONS = {
    "CreateTrainingPlan": create,
    "DescribeTrainingPlanExtensionHistory": history,
    "ExtendTrainingPlan": extend,
    "ListUltraServersByReservedCapacity": ultra_servers,
    "SearchTrainingPlanOfferings": search,
}
