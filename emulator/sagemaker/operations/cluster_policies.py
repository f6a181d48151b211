"""Scheduler configurations and compute quotas: named once per cluster, updated version by version."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import CONFLICT, Refusal
from emulator.engine import families, verbs
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import pack
from emulator.sagemaker.rules.cluster_policies import CHANGING, PAST

Params = Mapping[str, Any]


def create(kind: str, scope: Scope, params: Params) -> dict[str, Any] | None:
    """Make a policy whose name is free in its cluster."""
    resource = scope.resources.resource(kind)
    _refuse_taken(scope, resource, params)
    return verbs.create(scope, resource, params)


def _refuse_taken(scope: Scope, resource: Resource, params: Params) -> None:
    found = families.parent(scope, resource, params)
    for child, _, records in scope.children_of(*found) if found else ():
        for one in records if child is resource else ():
            if one.members["Name"] == params["Name"] and not families.ended(resource, one):
                words = resource.called(one.arn, one.key)
                raise resource.taken.error(**words | {"name": params["Name"]})


def update(kind: str, scope: Scope, params: Params) -> dict[str, Any]:
    """Make the next version of a policy; ServiceError if the caller believes in another present one."""
    resource = scope.resources.resource(kind)
    record = verbs.find(scope, resource, params)
    state = verbs.moved(scope, resource, record, "Update")
    members, member = record.members, f"{kind}Version"
    present = members[member]
    if params["TargetVersion"] != present:
        words = resource.called(record.arn, record.key)
        raise Refusal(CONFLICT, errors.ANOTHER_VERSION).error(**words, wanted=params["TargetVersion"], version=present)
    past = {**members.get(PAST, {}), str(present): {name: members[name] for name in CHANGING if name in members}}
    changed = {name: params[name] for name in CHANGING if name in params}
    packed = pack({**members, **changed, member: present + 1, PAST: past})
    scope.put(resource, record._replace(packed=packed, modified=scope.now, state=state))
    return {f"{kind}Arn": record.arn, member: present + 1}


OPERATIONS = {
    f"{verb}{kind}": partial(act, kind)
    for verb, act in (("Create", create), ("Update", update))
    for kind in ("ClusterSchedulerConfig", "ComputeQuota")
}
