"""Model cards: what is documented about a model. Every change of the content is a version of the card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import CONFLICT, VALIDATION, Refusal
from emulator.engine.kind import Kind, Making, Referred
from emulator.engine.lifecycle import GONE, Lifecycle, Stage
from emulator.sagemaker.rules import cards

KEPT = "Kept"  # the phase of a card that nobody deletes: it shows no processing status
_DELETION = ("DeletePending", "DeleteInProgress", "ContentDeleted", "ExportJobsDeleted")


def check(params: Mapping[str, Any], _: list[Referred]) -> None:
    """Refuse content that is no model card."""
    cards.check(params["Content"])


def check_update(members: Mapping[str, Any], params: Mapping[str, Any]) -> None:
    """Refuse both changes in one call, content that is no card, and new content of a card that is archived."""
    if {"Content", "ModelCardStatus"} <= params.keys():
        raise Refusal(VALIDATION, errors.CONTENT_AND_STATUS).error()
    if "Content" in params:
        if members["ModelCardStatus"] == cards.ARCHIVED:
            raise Refusal(CONFLICT, errors.CARD_ARCHIVED).error()
        cards.check(params["Content"])


def nobody(_: Mapping[str, Any], __: Making) -> dict[str, Any]:
    """Say that no user of Studio did it."""
    return {}


KIND = Kind(
    "ModelCard",
    status="ModelCardProcessingStatus",
    lifecycle=Lifecycle(
        begins=KEPT,
        calls={"Update": {KEPT: KEPT}, "Delete": {KEPT: _DELETION[0]}},
        times={
            status: Stage(then, seconds=2, failed="DeleteFailed")
            for status, then in zip(_DELETION, (*_DELETION[1:], GONE), strict=True)
        },
        shows={KEPT: ""},
    ),
    refused=Refusal(VALIDATION, errors.CARD_BEING_DELETED),
    made={"CreatedBy": nobody, "LastModifiedBy": nobody},
    check=check,
    check_update=check_update,
)
