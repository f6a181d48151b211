"""Inference routers: targets by name, each with the endpoints and inference components that serve it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import ALREADY_EXISTS, CONFLICT, VALIDATION, Refusal
from emulator.engine.kind import Kind, Referred


def check(params: Mapping[str, Any], _: list[Referred]) -> None:
    """Refuse targets of one name, and a destination that stands twice in one."""
    targets = params["RoutingTargets"]
    if twice := _twice(target["Name"] for target in targets):
        raise Refusal(VALIDATION, errors.TARGET_TWICE).error(target=twice)
    for target in targets:
        if twice := _twice(one["ResourceArn"] for one in target["Destinations"]):
            raise Refusal(VALIDATION, errors.DESTINATION_TWICE).error(arn=twice)


def check_update(_: Mapping[str, Any], params: Mapping[str, Any]) -> None:
    """Refuse the same of the targets that replace the old ones."""
    check(params, [])


def _twice(names: Any) -> str | None:
    return next((name for name, times in Counter(names).items() if times > 1), None)


KIND = Kind(
    "InferenceRouter",
    taken=Refusal(ALREADY_EXISTS, errors.CANNOT_CREATE_EXISTING),
    refused=Refusal(CONFLICT, errors.IN_PROGRESS),
    check=check,
    check_update=check_update,
)
