"""User profiles: the users of a domain, each with settings of their own."""

from emulator.aws import errors
from emulator.aws.errors import IN_USE, Refusal
from emulator.engine.kind import Kind, Listing, Minted, Parent, Update

KIND = Kind(
    "UserProfile",
    minted={"HomeEfsFileSystemUid": Minted("20", 4, "0123456789")},
    parents=(Parent("Domain", by="DomainId", orphans=Refusal(IN_USE, errors.ASSOCIATED)),),
    update=Update(merged=frozenset({"UserSettings"})),
    listing=Listing(descending=False),
)
