"""Domains: where Studio lives, with its file system, its users, and their spaces."""

from __future__ import annotations

from emulator.engine.kind import Kind, Listing, Making, Minted, Update

HEX = "0123456789abcdef"


def url(making: Making) -> str:
    """Return where the domain's users sign in."""
    return f"https://{making.members['DomainId']}.studio.{making.region}.sagemaker.aws"


def sso_instance(making: Making) -> str | None:
    """Return the application that IAM Identity Center manages for the domain, where users sign in through it."""
    return f"ins-{making.members['DomainId'][2:]}" if making.members["AuthMode"] == "SSO" else None


def sso_application(making: Making) -> str | None:
    """Return the ARN of that application."""
    if making.members["AuthMode"] != "SSO":
        return None
    own = making.members["DomainId"][2:]
    return f"arn:aws:sso::{making.account}:application/sagemaker/apl-{own}"


KIND = Kind(
    "Domain",
    minted={
        "DomainId": Minted("d-", 12),
        "HomeEfsFileSystemId": Minted("fs-", 17, HEX),
        "SecurityGroupIdForDomainBoundary": Minted("sg-", 17, HEX),
    },
    defaults={"AppNetworkAccessType": "PublicInternetOnly", "TagPropagation": "DISABLED"},
    shown={
        "Url": url,
        "SingleSignOnManagedApplicationInstanceId": sso_instance,
        "SingleSignOnApplicationArn": sso_application,
    },
    renamed={"DomainSettingsForUpdate": "DomainSettings"},
    update=Update(merged=frozenset({"DefaultUserSettings", "DefaultSpaceSettings", "DomainSettings"})),
    listing=Listing(descending=False),
)
