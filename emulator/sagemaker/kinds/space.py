"""Spaces: storage in a domain with an app on it, of one user or shared by many."""

from emulator.aws import errors
from emulator.aws.errors import IN_USE, Refusal
from emulator.engine.kind import Kind, Listing, Making, Minted, Parent, Update


def url(making: Making) -> str:
    """Return where the space is opened."""
    return f"https://{making.members['Url']}.studio.{making.region}.sagemaker.aws"


KIND = Kind(
    "Space",
    minted={"HomeEfsFileSystemUid": Minted("20", 4, "0123456789"), "Url": Minted("", 15)},
    shown={"Url": url},
    parents=(Parent("Domain", by="DomainId", orphans=Refusal(IN_USE, errors.ASSOCIATED)),),
    update=Update(merged=frozenset({"SpaceSettings"})),
    listing=Listing(
        descending=False,
        paths={
            "SpaceSettingsSummary": "SpaceSettings",
            "SpaceSharingSettingsSummary": "SpaceSharingSettings",
            "OwnershipSettingsSummary": "OwnershipSettings",
        },
    ),
)
