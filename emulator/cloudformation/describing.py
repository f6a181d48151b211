"""Stacks and their resources as the answers of operations show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.cloudformation import parameters, target
from emulator.cloudformation.parameters import Settled
from emulator.cloudformation.phases import GONE
from emulator.cloudformation.stacks import Resource, Source, Stack

_UNCHECKED = {"StackResourceDriftStatus": "NOT_CHECKED"}


def stack(one: Stack) -> dict[str, Any]:
    """Return a stack as DescribeStacks shows it."""
    said = {
        "StackId": one.id,
        "StackName": one.name,
        "ChangeSetId": None if one.status == GONE else one.change_set,
        "Description": one.description,
        "Parameters": shown(one.source) or None,
        "CreationTime": one.created,
        "DeletionTime": one.deleted,
        "LastUpdatedTime": one.updated,
        "RollbackConfiguration": {},
        "StackStatus": one.status,
        "StackStatusReason": one.reason,
        "DisableRollback": False,
        "NotificationARNs": [],
        "Outputs": one.outputs or None,
        "Tags": tags(one.source.tags),
        "EnableTerminationProtection": None if one.status == GONE or one.parent else one.protected,
        "ParentId": one.parent,
        "RootId": one.root,
        "DriftInformation": one.drift,
        **{name: value for name, value in one.kept.items() if value not in (None, [])},
    }
    return present(said)


def summary(one: Stack) -> dict[str, Any]:
    """Return a stack as ListStacks shows it."""
    return present({
        "StackId": one.id,
        "StackName": one.name,
        "TemplateDescription": one.description,
        "CreationTime": one.created,
        "LastUpdatedTime": one.updated,
        "DeletionTime": one.deleted,
        "StackStatus": one.status,
        "StackStatusReason": one.reason,
        "ParentId": one.parent,
        "RootId": one.root,
        "DriftInformation": one.drift,
    })  # fmt: skip


def resource(of: Stack, one: Resource) -> dict[str, Any]:
    """Return a resource as DescribeStackResources shows it."""
    return {"StackName": of.name, "StackId": of.id, **_resource(one), "Timestamp": one.changed}


def resource_detail(of: Stack, one: Resource, metadata: str | None) -> dict[str, Any]:
    """Return a resource as DescribeStackResource shows it."""
    shown = {"StackName": of.name, "StackId": of.id, **_resource(one), "LastUpdatedTimestamp": one.changed}
    return present({**shown, "Metadata": metadata})


def resource_summary(one: Resource) -> dict[str, Any]:
    """Return a resource as ListStackResources shows it."""
    return {**_resource(one), "LastUpdatedTimestamp": one.changed}


def _resource(one: Resource) -> dict[str, Any]:
    drift = _UNCHECKED
    if one.drift is not None:
        drift = {
            "StackResourceDriftStatus": one.drift["StackResourceDriftStatus"],
            "LastCheckTimestamp": one.drift["Timestamp"],
        }
    return present({
        "LogicalResourceId": one.logical,
        "PhysicalResourceId": one.physical or None,
        "ResourceType": one.type,
        "ResourceStatus": one.status,
        "ResourceStatusReason": one.reason,
        "DriftInformation": drift,
    })  # fmt: skip


def shown(source: Source) -> list[dict[str, str]]:
    """Return the parameters of a source; what is not to be echoed is masked."""
    if not source.body:
        return []
    settled = {name: Settled(*said) for name, said in source.parameters.items()}
    return parameters.shown(target.read(source.body), settled)


def tags(said: Mapping[str, str]) -> list[dict[str, str]]:
    """Return tags as they are listed."""
    return [{"Key": key, "Value": value} for key, value in said.items()]


def present(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of some members has a value."""
    return {name: value for name, value in said.items() if value is not None}
