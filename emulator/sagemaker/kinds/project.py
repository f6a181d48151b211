"""Projects: products of Service Catalog, or CloudFormation stacks, provisioned from a template."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine.kind import Kind, Listing, Making, Minted, Update
from emulator.engine.lifecycle import Lifecycle, Stage

PROVIDERS = "TemplateProviders"
DETAILS = "ServiceCatalogProvisioningDetails"
_DELETED = "DeleteCompleted"
_AT_REST = ("CreateCompleted", "CreateFailed", "UpdateCompleted", "UpdateFailed", "DeleteFailed")


def nobody(_: Mapping[str, Any], __: Making) -> dict[str, Any]:
    """Say that no user of Studio did it."""
    return {}


def artifact(holder: Mapping[str, Any], _: Making) -> str:
    """Take the latest artifact of a product where none is named."""
    return f"pa-{_digest(holder['ProductId'])}"


def product(making: Making) -> dict[str, str] | None:
    """Show the product that was provisioned; there is none where only stacks were made."""
    members, status = making.members, making.state.status if making.state else ""
    if PROVIDERS in members and DETAILS not in members:
        return None
    message = (
        "ERROR" if status.endswith("Failed") else "AVAILABLE" if status in (*_AT_REST, _DELETED) else "UNDER_CHANGE"
    )
    return {
        "ProvisionedProductId": f"pp-{_digest(members['ProjectId'])}",
        "ProvisionedProductStatusMessage": making.state.reason if making.state and making.state.reason else message,
    }


def providers(making: Making) -> list[dict[str, Any]] | None:
    """Show the template providers with the stacks that were made from them."""
    members = making.members
    if PROVIDERS not in members:
        return None
    shown = []
    for one in members[PROVIDERS]:
        template = one.get("CfnTemplateProvider")
        if template is not None:
            shown.append({"CfnTemplateProviderDetail": {**template, "StackDetail": _stack(making, template)}})
    return shown


def _stack(making: Making, template: Mapping[str, Any]) -> dict[str, str]:
    project, status = making.members["ProjectId"], making.state.status if making.state else ""
    name = f"sagemaker-{project}-{template['TemplateName']}"
    number = _digest(name)
    ident = f"{number[:8]}-{number[8:12]}-11ee-8c99-{_digest(project)[:12]}"
    words = {"Pending": "CREATE_IN_PROGRESS", "CreateInProgress": "CREATE_IN_PROGRESS"}
    words |= {"UpdateInProgress": "UPDATE_IN_PROGRESS", "UpdateCompleted": "UPDATE_COMPLETE"}
    words |= {"DeleteInProgress": "DELETE_IN_PROGRESS", _DELETED: "DELETE_COMPLETE"}
    return {
        "Name": name,
        "Id": f"arn:aws:cloudformation:{making.region}:{making.account}:stack/{name}/{ident}",
        "StatusMessage": words.get(status, "CREATE_COMPLETE"),
    }


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=7).hexdigest()[:13]


KIND = Kind(
    "Project",
    minted={"ProjectId": Minted("p-")},
    lifecycle=Lifecycle(
        begins="Pending",
        calls={
            "Update": dict.fromkeys(_AT_REST, "UpdateInProgress"),
            "Delete": dict.fromkeys(_AT_REST, "DeleteInProgress"),
        },
        times={
            "Pending": Stage("CreateInProgress", seconds=2),
            "CreateInProgress": Stage("CreateCompleted", seconds=60, failed="CreateFailed"),
            "UpdateInProgress": Stage("UpdateCompleted", seconds=30, failed="UpdateFailed"),
            "DeleteInProgress": Stage(_DELETED, seconds=30, failed="DeleteFailed"),
        },
    ),
    ended=frozenset({_DELETED}),
    missing=Refusal(VALIDATION, errors.ARN_DOES_NOT_EXIST),
    refused=Refusal(VALIDATION, errors.CANNOT_DO_IN_STATUS),
    renamed={"ServiceCatalogProvisioningUpdateDetails": DETAILS},
    update=Update(merged=frozenset({DETAILS})),
    made={"CreatedBy": nobody, f"{DETAILS}.ProvisioningArtifactId": artifact},
    shown={
        "ServiceCatalogProvisionedProductDetails": product,
        "TemplateProviderDetails": providers,
    },
    listing=Listing(descending=False),
)
