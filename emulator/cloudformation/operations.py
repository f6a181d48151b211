"""Every operation of CloudFormation that is answered, and those that are refused with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from emulator.cloudformation import change_sets, drift, errors, reading, registered, stack_operations
from emulator.cloudformation.asked import Act, Asked
from emulator.cloudformation.engine import answer

# What is not there, and so has no operations.
_REFUSED = {
    "no signals reach a stack": ("SignalResource",),
    "there are no stack sets": (
        "CreateStackInstances", "CreateStackSet", "DeleteStackInstances", "DeleteStackSet", "DescribeStackInstance",
        "DescribeStackSet", "DescribeStackSetOperation", "DetectStackSetDrift", "ImportStacksToStackSet",
        "ListStackInstanceResourceDrifts", "ListStackInstances", "ListStackSetAutoDeploymentTargets",
        "ListStackSetOperationResults", "ListStackSetOperations", "ListStackSets", "StopStackSetOperation",
        "UpdateStackInstances", "UpdateStackSet",
    ),
    "types come with the emulator": (
        "ActivateType", "BatchDescribeTypeConfigurations", "DeactivateType", "DeregisterType", "DescribePublisher",
        "DescribeTypeRegistration", "ListTypeRegistrations", "ListTypeVersions", "PublishType", "RecordHandlerProgress",
        "RegisterPublisher", "RegisterType", "SetTypeConfiguration", "SetTypeDefaultVersion", "TestType",
    ),
    "templates are not generated from resources": (
        "CreateGeneratedTemplate", "DeleteGeneratedTemplate", "DescribeGeneratedTemplate", "DescribeResourceScan",
        "GetGeneratedTemplate", "ListGeneratedTemplates", "ListResourceScanRelatedResources",
        "ListResourceScanResources", "ListResourceScans", "StartResourceScan", "UpdateGeneratedTemplate",
    ),
    "stacks are not refactored": (
        "CreateStackRefactor", "DescribeStackRefactor", "ExecuteStackRefactor", "ListStackRefactorActions",
        "ListStackRefactors",
    ),
    "stacks have no aliases": ("RemoveAlias", "SetAlias"),
    "there are no hooks": ("GetHookResult", "ListHookResults"),
    "organizations are not emulated": (
        "ActivateOrganizationsAccess", "DeactivateOrganizationsAccess", "DescribeOrganizationsAccess",
    ),
    "costs are not estimated": ("EstimateTemplateCost", "DescribeAccountLimits"),
}  # fmt: skip


def _refuse(operation: str, why: str, asked: Asked, params: Mapping[str, Any]) -> dict[str, Any] | None:  # noqa: ARG001 - an Act's
    """Refuse an operation, whatever it is asked."""
    raise errors.not_served(operation, why)


OPERATIONS: dict[str, Act] = {
    **{name: partial(_refuse, name, why) for why, names in _REFUSED.items() for name in names},
    **registered.OPERATIONS,
    **{
        name: partial(answer, operation)
        for module in (stack_operations, reading, change_sets, drift)
        for name, operation in module.OPERATIONS.items()
    },
}
