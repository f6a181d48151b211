"""Training jobs beyond their life: metrics, warm pools, and the lists that tuning jobs add to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import IN_USE, VALIDATION, Refusal
from emulator.engine import verbs
from emulator.engine.listing import List
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack
from emulator.sagemaker.operations import tuning
from emulator.sagemaker.rules import warm_pools
from emulator.sagemaker.rules.jobs import COMPLETED, ENDS
from emulator.sagemaker.rules.warm_pools import AVAILABLE
from emulator.sagemaker.rules.warm_pools import IN_USE as POOL_IN_USE

Params = Mapping[str, Any]
PROFILING = frozenset({"ProfilerConfig", "ProfilerRuleConfigurations"})


def update(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Change how a job is profiled and debugged, and how long its instances are kept."""
    scope = scope.unseen
    resource = scope.resources.resource("TrainingJob")
    record = verbs.find(scope, resource, params)
    _check_update(scope, resource, record, params)
    answer = verbs.update(scope, resource, params)
    if warm_pools.keep_alive(params) is not None:
        _end_if_over(scope, resource, verbs.find(scope, resource, params))
    return answer


def _check_update(scope: Scope, resource: Resource, record: Record, params: Params) -> None:
    phase = record.state.status if record.state else ""
    words = resource.called(record.arn, record.key)
    if phase in ENDS and PROFILING & params.keys():
        raise Refusal(VALIDATION, errors.NO_PROFILING_ANY_MORE).error(**words, status=phase)
    pool = _pool(scope, record)
    if "ResourceConfig" in params and (pool or {}).get("Status") not in (AVAILABLE, POOL_IN_USE):
        raise Refusal(VALIDATION, errors.NO_WARM_POOL).error(**words)


def _end_if_over(scope: Scope, resource: Resource, record: Record) -> None:
    pool = _pool(scope, record)
    members = record.members
    if pool and pool["Status"] == warm_pools.TERMINATED and warm_pools.ENDED not in members:
        scope.put(resource, record._replace(packed=pack({**members, warm_pools.ENDED: scope.clock.now()})))


def delete(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Delete a job that has ended and whose instances are not kept."""
    resource = scope.resources.resource("TrainingJob")
    record = verbs.find(scope, resource, params)
    if (_pool(scope, record) or {}).get("Status") == AVAILABLE:
        raise Refusal(IN_USE, errors.WARM_POOL_AVAILABLE).error(**resource.called(record.arn, record.key))
    return verbs.delete(scope, resource, params)


def list_all(scope: Scope, params: Params) -> dict[str, Any]:
    """List training jobs, those of tuning jobs among them."""
    scope.settle(scope.resources.resource("HyperParameterTuningJob"))
    resource = scope.resources.resource("TrainingJob")
    if "WarmPoolStatusEquals" in params:
        scope.settle(resource)
        for record in list(scope.table(resource).records.values()):
            if (pool := _pool(scope, record)) is not None:
                scope.put(resource, record._replace(packed=pack({**record.members, warm_pools.STATUS: pool})))
    return lister(resource, "ListTrainingJobs")(scope, resource, params)


@cache
def lister(resource: Resource, operation: str) -> List:
    """Return the list of a kind."""
    return List(resource, operation)


def follow(scope: Scope, resource: Resource, old: Record | None, new: Record | None) -> None:
    """Let a new job take the instances of one that has ended, and a completed one have metrics."""
    if new is None or new.state is None:
        return
    if old is None:
        _reuse(scope, resource, new)
    elif new.state.status == COMPLETED:
        _measure(scope, resource, new)


def _reuse(scope: Scope, resource: Resource, new: Record) -> None:
    """Hand instances that are kept to a new job that matches; only one that keeps its own in turn is looked at."""
    members = new.members
    if not warm_pools.keep_alive(members):
        return
    wanted = warm_pools.specification(members)
    for record in list(scope.table(resource).records.values()):
        settled = scope.find(resource, record.key) if record.key != new.key else None
        if settled is None or (_pool(scope, settled) or {}).get("Status") != AVAILABLE:
            continue
        kept = settled.members
        if warm_pools.specification(kept) == wanted:
            kept[warm_pools.REUSED_BY] = (new.key[-1], new.created)
            scope.put(resource, settled._replace(packed=pack(kept)))
            return


def _pool(scope: Scope, record: Record) -> dict[str, Any] | None:
    if record.state is None:
        return None
    return warm_pools.at(record.members, record.state.status, record.state.since, scope.clock.now())


def _measure(scope: Scope, resource: Resource, record: Record) -> None:
    """Give a completed job a final value of each metric that its algorithm emits."""
    members = record.members
    names = [one["Name"] for one in members.get("AlgorithmSpecification", {}).get("MetricDefinitions", ())]
    objective = members.get(tuning.OBJECTIVE)
    if objective and objective["MetricName"] not in names:
        names.append(objective["MetricName"])
    if not names or record.state is None:
        return
    values = {name: round(scope.chance.fraction(), 6) for name in names[:40]}
    members["FinalMetricDataList"] = [
        {"MetricName": name, "Value": value, "Timestamp": int(record.state.since)} for name, value in values.items()
    ]
    if objective:
        members[tuning.FINAL] = {**objective, "Value": values[objective["MetricName"]]}
    scope.put(resource, record._replace(packed=pack(members)))


OPERATIONS = {"UpdateTrainingJob": update, "DeleteTrainingJob": delete, "ListTrainingJobs": list_all}
