"""Model card versions: what a card said each time that its content was changed, numbered from 1."""

from __future__ import annotations

from emulator.aws import errors
from emulator.aws.errors import NOT_FOUND, Refusal
from emulator.engine.kind import Kind, Listing, Making, Parent, Versions


def card_arn(making: Making) -> str:
    """Show the ARN of the card: a version has none of its own."""
    its_own: str = making.members["ModelCardArn"]
    return its_own.rpartition("/version/")[0]


KIND = Kind(
    "ModelCardVersion",
    title="ModelCard version",
    arn="model-card/{ModelCardName}/version/{ModelCardVersion}",  # nobody sees it
    operations={"Describe": "DescribeModelCard"},
    missing=Refusal(NOT_FOUND, errors.CARD_VERSION_DOES_NOT_EXIST),
    shown={"ModelCardArn": card_arn},
    parents=(Parent("ModelCard", by="ModelCardName"),),
    versions=Versions(number="ModelCardVersion"),
    listing=Listing(sort_by="Version"),
)
