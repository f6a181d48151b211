"""Lineage: what experiment and lineage entities have in common, and how they are related."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import arn, errors
from emulator.aws.errors import NOT_FOUND, VALIDATION, Refusal
from emulator.engine.kind import Bond, Making

# The relations, by what stands on their two sides.
TRIALS = "trial components and their trials"
ASSOCIATIONS = "sources and destinations of associations"
SOURCES = "{kind} by source"  # the URI or ARN of a source, and what has it

# The group that every account has; there is no call that makes another (developer guide, cross-account lineage).
DEFAULT_GROUP = "sagemaker-default-lineage-group"

ENTITY_MISSING = Refusal(NOT_FOUND, errors.ENTITY_DOES_NOT_EXIST)
ENTITY_TAKEN = Refusal(VALIDATION, errors.ENTITY_NAME_TAKEN)
ASSOCIATED = (Bond(ASSOCIATIONS, Refusal(VALIDATION, errors.ENTITY_HAS_ASSOCIATIONS)),)

# Outside Studio nobody is known to have made or changed anything: the service shows an empty user (recorded).
NOBODY: Mapping[str, Any] = {"CreatedBy": {}, "LastModifiedBy": {}}


def group_arn(making: Making) -> str:
    """Return the ARN of the account's default lineage group."""
    return arn.prefix("sagemaker", making.region, making.account) + f"lineage-group/{DEFAULT_GROUP}"


SHOWN = {"LineageGroupArn": group_arn}


def displayed(name: str) -> Mapping[str, Any]:
    """Return what makes the name be displayed, where no other one is given."""
    return {"DisplayName": lambda holder, _: holder[name]}
