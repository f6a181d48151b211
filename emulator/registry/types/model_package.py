"""Model packages: some of what they say is only said by an update, and some only by the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.registry import errors
from emulator.registry.departure import Departure, Members
from emulator.registry.handler import CREATE, HandlerError

MORE = "AdditionalInferenceSpecifications"
TO_ADD = f"{MORE}ToAdd"


def sending(verb: str, params: Members, wished: Mapping[str, Any], present: Mapping[str, Any]) -> Members:
    """Add to a package the specifications that it does not have yet; those that it has stay as they are."""
    if verb != "Update" or not wished.keys() & {MORE, TO_ADD}:
        return params
    there = {one["Name"]: one for one in present.get(MORE, ())}
    now = {one["Name"]: one for one in (*wished.get(MORE, present.get(MORE, ())), *wished.get(TO_ADD, ()))}
    if any(name not in now or not says(one, now[name]) for name, one in there.items()):
        sentence = errors.NOT_UPDATED(type="AWS::SageMaker::ModelPackage", identifier=present["ModelPackageArn"])
        raise HandlerError(errors.NOT_UPDATABLE, sentence)
    added = [one for name, one in now.items() if name not in there]
    others = {name: value for name, value in params.items() if name != TO_ADD}
    return {**others, **({TO_ADD: added} if added else {})}


def says(whole: Any, part: Any) -> bool:
    """Say whether all of a part is in a whole, to which the service may have added something."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(name in whole and says(whole[name], inner) for name, inner in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return len(whole) == len(part) and all(map(says, whole, part))
    return bool(whole == part)


TYPE = Departure(
    unsent={
        "ModelPackageVersion": "the service counts",
        "ModelPackageStatusDetails": "only the service says it",
    },
    untagged=lambda properties: "ModelPackageGroupName" in properties,
    late=frozenset({"ApprovalDescription", TO_ADD}),
    listed={"ModelPackageType": "Both"},
    sending=sending,
    failed={CREATE: (errors.INVALID_REQUEST, errors.PACKAGE_FAILED)},
)
