"""Model packages: versions of a group in the model registry, or packages under a name of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import CONFLICT, VALIDATION, Refusal
from emulator.engine.kind import Kind, Listing, Making, Parent, Referred, Update, Versions
from emulator.engine.lifecycle import GONE, Lifecycle, Stage
from emulator.sagemaker.rules import cards
from emulator.sagemaker.rules.packages import image_digest, status_details

ADDITIONAL = "AdditionalInferenceSpecifications"
TRANSFORM_OUTPUT = "ValidationSpecification.ValidationProfiles[].TransformJobDefinition.TransformOutput"


def check(params: Mapping[str, Any], _: list[Referred]) -> None:
    """Refuse what only versions, or only packages of their own, may have."""
    version = "ModelPackageGroupName" in params
    _check_specifications(params, params.get(ADDITIONAL, []), version=version)
    if "ModelCardContent" in params.get("ModelCard", {}):
        cards.check(params["ModelCard"]["ModelCardContent"])
    if not version and "ModelApprovalStatus" in params:
        raise Refusal(VALIDATION, errors.APPROVAL_OF_UNVERSIONED).error()


def check_update(members: Mapping[str, Any], params: Mapping[str, Any]) -> None:
    """Refuse to approve a package that is no version, and content that its model card cannot take."""
    version = "ModelPackageVersion" in members
    present = members.get(ADDITIONAL, [])
    _check_specifications(params, [*present, *params.get(f"{ADDITIONAL}ToAdd", ())], version=version)
    if not version and params.keys() & {"ModelApprovalStatus", "ApprovalDescription"}:
        raise Refusal(VALIDATION, errors.APPROVAL_OF_UNVERSIONED).error()
    content = params.get("ModelCard", {}).get("ModelCardContent")
    if content is not None:
        if members.get("ModelCard", {}).get("ModelCardStatus") == cards.ARCHIVED:
            raise Refusal(CONFLICT, errors.CARD_ARCHIVED).error()
        cards.check(content)


def _check_specifications(params: Mapping[str, Any], additional: list[Any], *, version: bool) -> None:
    """Refuse containers with what they may not have, and additional specifications of one name."""
    containers = params.get("InferenceSpecification", {}).get("Containers", ())
    if any("AdditionalS3DataSource" in container for container in containers):
        raise Refusal(VALIDATION, errors.ADDITIONAL_DATA_IN_SPECIFICATION).error()
    if not version and any(container.get("Environment") for container in containers):
        raise Refusal(VALIDATION, errors.ENVIRONMENT_OF_UNVERSIONED).error()
    names = [specification["Name"] for specification in additional]
    if len(set(names)) < len(names):
        raise Refusal(VALIDATION, errors.SPECIFICATION_TWICE).error()


def approval(holder: Mapping[str, Any], _: Making) -> str | None:
    """Let a version wait for approval until someone decides; a package of its own is never approved."""
    return "PendingManualApproval" if "ModelPackageVersion" in holder else None


def is_type(wanted: str, members: Mapping[str, Any]) -> bool:
    """Say whether a package is of the wanted type: versions have a number."""
    return wanted in ("Both", "Versioned" if "ModelPackageVersion" in members else "Unversioned")


def included(wanted: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Leave of the model card's content only what is not encrypted, if metadata is all that is asked for."""
    card = fields.get("ModelCard", {})
    if wanted != "MetadataOnly" or "ModelCardContent" not in card:
        return fields
    return {**fields, "ModelCard": {**card, "ModelCardContent": cards.metadata(card["ModelCardContent"])}}


KIND = Kind(
    "ModelPackage",
    lifecycle=Lifecycle(
        begins="Pending",
        calls={
            "Update": {status: status for status in ("Completed", "Failed")},
            "Delete": dict.fromkeys(("Completed", "Failed"), "Deleting"),
        },
        times={
            "Pending": Stage("InProgress", seconds=1),
            "InProgress": Stage("Completed", seconds=5, failed="Failed"),
            "Deleting": Stage(GONE, seconds=1),
        },
        touches=False,
    ),
    missing=Refusal(VALIDATION, errors.ARN_DOES_NOT_EXIST),
    taken=Refusal(VALIDATION, errors.TITLE_ALREADY_EXISTS_AT),
    defaults={"CertifyForMarketplace": False, f"{TRANSFORM_OUTPUT}.KmsKeyId": ""},
    made={
        "ModelApprovalStatus": approval,
        "InferenceSpecification.Containers[].ImageDigest": image_digest,
        f"{ADDITIONAL}[].Containers[].ImageDigest": image_digest,
    },
    shown={"ModelPackageStatusDetails": status_details},
    parents=(
        Parent(
            "ModelPackageGroup",
            by="ModelPackageGroupName",
            ready=frozenset({"Completed", "DeleteFailed"}),
            not_ready=Refusal(CONFLICT, errors.BEING_DELETED),
            orphans=Refusal(CONFLICT, errors.HAS_CHILDREN),
        ),
    ),
    versions=Versions(
        number="ModelPackageVersion",
        alone="ModelPackageName",
        both=Refusal(VALIDATION, errors.BOTH_PACKAGE_NAMES),
        neither=Refusal(VALIDATION, errors.MISSING_ARN),
        untagged=Refusal(VALIDATION, errors.VERSIONS_TAKE_NO_TAGS),
    ),
    views={"IncludedData": included},
    listing=Listing(
        # Documented as Ascending; AWS's own templates rely on the newest first.
        choose={"ModelPackageType": is_type},
        implied={"ModelPackageType": "Unversioned"},
        implied_unless="ModelPackageGroupName",
    ),
    modified_at_birth=False,
    update=Update(merged=frozenset({"ModelCard"})),
    check=check,
    check_update=check_update,
)
