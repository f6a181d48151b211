"""Cluster events: what has happened to a cluster, its groups and its nodes. They are shown with the cluster's ARN."""

from __future__ import annotations

from emulator.aws import errors
from emulator.aws.errors import NOT_FOUND, Refusal
from emulator.engine.kind import Kind, Listing, Parent

KIND = Kind(
    "ClusterEvent",
    keys=(("ClusterName", "EventId"),),
    missing=Refusal(NOT_FOUND, errors.NOTHING_IN_CLUSTER),
    parents=(Parent("Cluster", by="ClusterName"),),
    listing=Listing(sort_by="EventTime", paths={"NodeId": "InstanceId"}),
)
