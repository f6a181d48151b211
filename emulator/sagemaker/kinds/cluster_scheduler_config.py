"""Scheduler configurations: which tasks of a cluster come first, version by version."""

from __future__ import annotations

from emulator.aws import errors
from emulator.aws.errors import CONFLICT, NOT_FOUND, Refusal
from emulator.engine.kind import Kind, Listing
from emulator.sagemaker.rules import cluster_policies

KIND = Kind(
    "ClusterSchedulerConfig",
    lifecycle=cluster_policies.LIFE,
    ended=cluster_policies.ENDED,
    missing=Refusal(NOT_FOUND, errors.NO_POLICY),
    taken=Refusal(CONFLICT, errors.POLICY_EXISTS),
    defaults={"ClusterSchedulerConfigVersion": 1},
    views={"ClusterSchedulerConfigVersion": cluster_policies.version("ClusterSchedulerConfigVersion")},
    parents=(cluster_policies.CLUSTER,),
    listing=Listing(paths={"Name": "Name"}),
)
