"""Amazon Resource Names: ``arn:partition:service:region:account:resource``."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov", "us-iso-": "aws-iso", "us-isob-": "aws-iso-b"}


class Arn(NamedTuple):
    """The parts of an ARN; ``resource`` is everything behind the account."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"


def parse(text: str) -> Arn | None:
    """Return the parts of a text that has the form of an ARN, else None."""
    parts = text.split(":", 5)
    return Arn(*parts[1:]) if len(parts) == 6 and parts[0] == "arn" else None


@lru_cache(maxsize=256)
def prefix(service: str, region: str, account: str) -> str:
    """Return what all ARNs of a service in one account and region begin with."""
    return str(Arn(partition(region), service, region, account, ""))


@lru_cache(maxsize=256)
def partition(region: str) -> str:
    """Return the partition a region belongs to (the prefixes are those of botocore's ``partitions.json``)."""
    return next((name for start, name in _PARTITIONS.items() if region.startswith(start)), "aws")
