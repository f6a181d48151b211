"""Other services beside this one, as far as it knows them: whose a key is, whom a role trusts, what buckets hold."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Identity(NamedTuple):
    """Who a caller is."""

    account: str
    arn: str
    user: str


class Neighbours(Protocol):
    """The other services. A service that nobody has used since the last reset says nothing: None."""

    def forget(self, account: str | None = None, region: str | None = None) -> None:
        """Forget everything, or what there is of one account, one region or both."""

    def identity(self, key: str) -> Identity | None:
        """Return whose an access key is that another service has handed out; None if it has not."""

    def trusts(self, role: str, service: str) -> bool | None:
        """Say whether the role of an ARN exists and lets a service assume it."""

    def holds(self, account: str, bucket: str, key: str, *, exact: bool) -> bool | None:
        """Say whether a bucket holds an object of a key, or of keys that begin so; LookupError if it is not there."""

    def read(self, account: str, bucket: str, key: str) -> bytes | None:
        """Return an object; LookupError if it is not there."""
