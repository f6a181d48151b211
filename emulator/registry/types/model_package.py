"""Model packages: some of what they say is only said by an update, and some only by the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.registry import errors
from emulator.registry.departure import Departure, Members
from emulator.registry.handler import CREATE

MORE = "AdditionalInferenceSpecifications"


def sending(verb: str, params: Members, _: Mapping[str, Any], present: Mapping[str, Any]) -> Members:
    """Add to a package the specifications that it does not have yet."""
    if verb != "Update" or MORE not in params:
        return params
    there = [one["Name"] for one in present.get(MORE, ())]
    new = [one for one in params.pop(MORE) if one["Name"] not in there]
    added = [*params.get(f"{MORE}ToAdd", ()), *new]
    return {**params, **({f"{MORE}ToAdd": added} if added else {})}


TYPE = Departure(
    unsent={
        "ModelPackageVersion": "the service counts",
        "ModelPackageStatusDetails": "only the service says it",
    },
    late=frozenset({"ApprovalDescription", f"{MORE}ToAdd"}),
    listed={"ModelPackageType": "Both"},
    sending=sending,
    failed={CREATE: (errors.INVALID_REQUEST, errors.PACKAGE_FAILED)},
)
