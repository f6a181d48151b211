"""Edge deployment plans with their stages: what is deployed on which devices, and how many have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import IN_USE, VALIDATION, Refusal
from emulator.aws.wire import timestamp
from emulator.engine import families, paging, verbs
from emulator.engine.listing import List
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack
from emulator.sagemaker.operations.devices import devices_of

Params = Mapping[str, Any]
PAGE = 10
ACTIVE = frozenset({"STARTING", "INPROGRESS", "STOPPING"})
STARTED = "EdgeDeploymentStageStartTime"
_DEVICE = {"CREATING": "READYTODEPLOY", "STARTING": "INPROGRESS", "STOPPING": "INPROGRESS"}
_COUNT = {"DEPLOYED": "Success", "FAILED": "Failed", "STOPPED": "Failed"}


def create_plan(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Make a plan with its first stages."""
    _refuse_twice(params.get("Stages", ()))
    plan = {name: value for name, value in params.items() if name != "Stages"}
    answer = verbs.create(scope, scope.resources.resource("EdgeDeploymentPlan"), plan)
    _add_stages(scope, params)
    return answer


def describe_plan(scope: Scope, params: Params) -> dict[str, Any]:
    """Tell all about a plan, its stages by the page."""
    resource, record = _plan(scope, params)
    stages = [(serial, _stage_summary(scope, one)) for serial, one in enumerate(list(_stages(scope, record)))]
    query = paging.query("DescribeEdgeDeploymentPlan", scope.place.account, scope.place.region, params)
    kept, following = paging.window(query, params, stages, lambda entry: ("", entry[0]), PAGE)
    fields = _counted(scope, record)
    answer = resource.project("DescribeEdgeDeploymentPlanResponse", fields)
    answer["Stages"] = [summary for _, summary in kept]
    return answer | ({"NextToken": following} if following else {})


def list_plans(scope: Scope, params: Params) -> dict[str, Any]:
    """List plans with what their stages have reached."""
    resource = scope.resources.resource("EdgeDeploymentPlan")
    answer = List(resource, "ListEdgeDeploymentPlans")(scope, resource, params)
    for summary in answer["EdgeDeploymentPlanSummaries"]:
        summary.update(_counts(scope, _plan(scope, summary)[1]))
    return answer


def delete_plan(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Delete a plan of which no stage is active, with its stages."""
    resource, record = _plan(scope, params)
    if any(_status(one) in ACTIVE for one in _stages(scope, record)):
        raise Refusal(IN_USE, errors.PLAN_ACTIVE).error(**resource.called(record.arn, record.key))
    return verbs.delete(scope, resource, params)


def create_stages(scope: Scope, params: Params) -> None:
    """Add stages to a plan: all of them, or none if one is there already."""
    _, plan = _plan(scope, params)
    _refuse_twice(params["Stages"], {one.key[1] for one in _stages(scope, plan)})
    _add_stages(scope, params)


def delete_stage(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Take an inactive stage out of a plan."""
    _plan(scope, params)
    return verbs.delete(scope, scope.resources.resource("EdgeDeploymentStage"), params)


def start_stage(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Begin to deploy a stage."""
    _plan(scope, params)
    resource = scope.resources.resource("EdgeDeploymentStage")
    answer = verbs.start(scope, resource, params)
    stage = verbs.find(scope.unseen, resource, params)
    started = {**stage.members, STARTED: timestamp(scope.clock.now())}
    scope.put(resource, stage._replace(packed=pack(started)))
    return answer


def stop_stage(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Stop deploying a stage."""
    _plan(scope, params)
    return verbs.stop(scope, scope.resources.resource("EdgeDeploymentStage"), params)


def list_devices(scope: Scope, params: Params) -> dict[str, Any]:
    """List the devices of a stage, with how far each has got."""
    _, plan = _plan(scope, params)
    stage = verbs.find(scope, scope.resources.resource("EdgeDeploymentStage"), params)
    elsewhere = _deployed_before(scope, plan, stage)
    devices = _selected(scope, plan, stage)
    if params.get("ExcludeDevicesDeployedInOtherStage"):
        devices = [one for one in devices if one.key not in elsewhere]
    query = paging.query("ListStageDevices", scope.place.account, scope.place.region, params)
    kept, following = paging.window(query, params, devices, lambda one: ("", one.serial), PAGE)
    summaries = [_deployment(scope, plan, stage, one, elsewhere) for one in kept]
    return {"DeviceDeploymentSummaries": summaries} | ({"NextToken": following} if following else {})


def follow(scope: Scope, _: Resource, __: Record | None, new: Record | None) -> None:
    """Put the models of a plan on the devices of a stage that is deployed."""
    if new is None or _status(new) != "DEPLOYED":
        return
    plans = scope.resources.resource("EdgeDeploymentPlan")
    plan = scope.table(plans).records[new.key[:1]]
    jobs, devices = scope.resources.resource("EdgePackagingJob"), scope.resources.resource("Device")
    named = [config["EdgePackagingJobName"] for config in plan.members["ModelConfigs"]]
    found = [job.members for name in named if (job := scope.table(jobs).records.get((name,)))]
    models = [{part: job[part] for part in ("ModelName", "ModelVersion")} for job in found]
    names = {model["ModelName"] for model in models}
    for device in _selected(scope, plan, new):
        members = device.members
        members["Models"] = [one for one in members.get("Models", ()) if one["ModelName"] not in names] + models
        scope.put(devices, device._replace(packed=pack(members)))


# --- Stages -----------------------------------------------------------------------------------------------------------


def _plan(scope: Scope, params: Params) -> tuple[Resource, Record]:
    resource = scope.resources.resource("EdgeDeploymentPlan")
    return resource, verbs.found(scope, resource, params["EdgeDeploymentPlanName"])


def _stages(scope: Scope, plan: Record) -> Iterator[Record]:
    """Yield the stages of a plan as they are by now."""
    resource = scope.resources.resource("EdgeDeploymentStage")
    scope.settle(resource)
    family = families.family(scope.resources.resource("EdgeDeploymentPlan"), plan.key)
    yield from list(scope.table(resource).family(family).values())


def _add_stages(scope: Scope, params: Params) -> None:
    for stage in params.get("Stages", ()):
        said = {"EdgeDeploymentPlanName": params["EdgeDeploymentPlanName"], **stage}
        verbs.make(scope, scope.resources.resource("EdgeDeploymentStage"), said)


def _refuse_twice(stages: Any, there: set[str] | frozenset[str] = frozenset()) -> None:
    seen = set(there)
    for stage in stages:
        if stage["StageName"] in seen:
            raise Refusal(VALIDATION, errors.STAGE_EXISTS).error(name=stage["StageName"])
        seen.add(stage["StageName"])


def _stage_summary(scope: Scope, stage: Record) -> dict[str, Any]:
    resource = scope.resources.resource("EdgeDeploymentStage")
    plan = scope.table(scope.resources.resource("EdgeDeploymentPlan")).records[stage.key[:1]]
    fields = scope.fields(resource, scope.look(resource, stage))
    counts = {"Success": 0, "Pending": 0, "Failed": 0, _count(stage): len(_selected(scope, plan, stage))}
    status: dict[str, Any] = {"StageStatus": _status(stage)}
    status |= {f"EdgeDeployment{name}InStage": count for name, count in counts.items()}
    status |= {STARTED: fields[STARTED]} if STARTED in fields else {}
    return resource.project("DeploymentStageStatusSummary", {**fields, "DeploymentStatus": status})


def _status(stage: Record) -> str:
    return stage.state.status if stage.state else ""


def _count(stage: Record) -> str:
    """Return as what the devices of a stage count."""
    return _COUNT.get(_status(stage), "Pending")


def _counts(scope: Scope, plan: Record) -> dict[str, int]:
    counts = {"Success": 0, "Pending": 0, "Failed": 0}
    for stage in _stages(scope, plan):
        counts[_count(stage)] += len(_selected(scope, plan, stage))
    return {f"EdgeDeployment{name}": count for name, count in counts.items()}


def _counted(scope: Scope, plan: Record) -> dict[str, Any]:
    return scope.fields(scope.resources.resource("EdgeDeploymentPlan"), plan) | _counts(scope, plan)


# --- Devices ----------------------------------------------------------------------------------------------------------


def _selected(scope: Scope, plan: Record, stage: Record) -> list[Record]:
    """Return the devices of the fleet that a stage selects."""
    fleets = scope.resources.resource("DeviceFleet")
    fleet = scope.table(fleets).records.get((plan.members["DeviceFleetName"],))
    devices = devices_of(scope, fleet) if fleet else []
    selection = stage.members["DeviceSelectionConfig"]
    if selection["DeviceSubsetType"] == "PERCENTAGE":
        return devices[: -(-len(devices) * selection.get("Percentage", 100) // 100)]
    if selection["DeviceSubsetType"] == "SELECTION":
        return [one for one in devices if one.key[1] in selection.get("DeviceNames", ())]
    return [one for one in devices if selection.get("DeviceNameContains", "") in one.key[1]]


def _deployed_before(scope: Scope, plan: Record, stage: Record) -> dict[Any, str]:
    """Return the devices that another stage of the plan has deployed on, with its name."""
    deployed: dict[Any, str] = {}
    for other in _stages(scope, plan):
        if other.key != stage.key and _status(other) == "DEPLOYED":
            deployed |= {one.key: other.key[1] for one in _selected(scope, plan, other)}
    return deployed


def _deployment(
    scope: Scope, plan: Record, stage: Record, device: Record, elsewhere: Mapping[Any, str]
) -> dict[str, Any]:
    devices = scope.resources.resource("Device")
    fields = stage.members
    status = _status(stage)
    summary = {
        "EdgeDeploymentPlanArn": plan.arn,
        "EdgeDeploymentPlanName": plan.key[0],
        "StageName": stage.key[1],
        "DeviceDeploymentStatus": _DEVICE.get(status, status),
    }
    if status == "DEPLOYED" or device.key in elsewhere:
        summary["DeployedStageName"] = stage.key[1] if status == "DEPLOYED" else elsewhere[device.key]
    if STARTED in fields:
        summary["DeploymentStartTime"] = fields[STARTED]
    return devices.project("DeviceDeploymentSummary", {**scope.fields(devices, device), **summary})


OPERATIONS = {
    "CreateEdgeDeploymentPlan": create_plan,
    "DescribeEdgeDeploymentPlan": describe_plan,
    "ListEdgeDeploymentPlans": list_plans,
    "DeleteEdgeDeploymentPlan": delete_plan,
    "CreateEdgeDeploymentStage": create_stages,
    "DeleteEdgeDeploymentStage": delete_stage,
    "StartEdgeDeploymentStage": start_stage,
    "StopEdgeDeploymentStage": stop_stage,
    "ListStageDevices": list_devices,
}
