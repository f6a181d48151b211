"""Workforces: the people who label and review. There is one private workforce in a region."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine.kind import Kind, Listing, Making, Minted, Referred


def check(params: Mapping[str, Any], _: list[Referred]) -> None:
    """Refuse two identity providers, and none."""
    if ("CognitoConfig" in params) == ("OidcConfig" in params):
        raise Refusal(VALIDATION, errors.ONE_IDENTITY_PROVIDER).error()


def sub_domain(making: Making) -> str:
    """Return where workers sign in."""
    return f"{making.members['SubDomain']}.labeling.{making.region}.sagemaker.aws"


def vpc_endpoint(holder: Mapping[str, Any], _: Making) -> str:
    """Return the endpoint in the caller's VPC, always the same for the same VPC."""
    return "vpce-" + hashlib.sha256(holder.get("VpcId", "").encode()).hexdigest()[:17]


KIND = Kind(
    "Workforce",
    arn="workforce/private-crowd/{WorkforceName}",
    minted={"SubDomain": Minted("", 10)},
    missing=Refusal(VALIDATION, errors.NO_WORKFORCE),
    made={"WorkforceVpcConfig.VpcEndpointId": vpc_endpoint},
    shown={"SubDomain": sub_domain},
    listing=Listing(descending=False),
    check=check,
)
