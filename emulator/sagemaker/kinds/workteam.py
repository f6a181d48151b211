"""Work teams: groups of a workforce to which tasks are given."""

from __future__ import annotations

from emulator.aws import errors
from emulator.aws.errors import IN_USE, VALIDATION, Refusal
from emulator.engine.kind import Kind, Listing, Minted, Parent
from emulator.sagemaker.kinds.workforce import sub_domain

KIND = Kind(
    "Workteam",
    arn="workteam/private-crowd/{WorkteamName}",
    minted={"SubDomain": Minted("", 10)},
    missing=Refusal(VALIDATION, errors.NO_WORKTEAM),
    shown={"SubDomain": sub_domain},
    parents=(Parent("Workforce", by="WorkforceName", orphans=Refusal(IN_USE, errors.WORKTEAMS_LEFT)),),
    listing=Listing(descending=False),
)
