"""Compute quotas: what a team may use of a cluster, version by version."""

from __future__ import annotations

from emulator.aws import errors
from emulator.aws.errors import CONFLICT, NOT_FOUND, Refusal
from emulator.engine.kind import Kind, Listing
from emulator.sagemaker.rules import cluster_policies

KIND = Kind(
    "ComputeQuota",
    lifecycle=cluster_policies.LIFE,
    ended=cluster_policies.ENDED,
    missing=Refusal(NOT_FOUND, errors.NO_POLICY),
    taken=Refusal(CONFLICT, errors.POLICY_EXISTS),
    defaults={"ComputeQuotaVersion": 1, "ActivationState": "Enabled"},
    views={"ComputeQuotaVersion": cluster_policies.version("ComputeQuotaVersion")},
    parents=(cluster_policies.CLUSTER,),
    listing=Listing(paths={"Name": "Name"}),
)
