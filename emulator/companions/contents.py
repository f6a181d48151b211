"""What moto's services hold, read where they keep it. Importing this loads those of moto's services."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.iam.models import iam_backends
from moto.s3.models import FakeKey, s3_backends
from moto.sts.models import sts_backends

from emulator.engine.neighbours import Identity


def identity(key: str) -> Identity | None:
    """Return whose an access key is that IAM or STS has handed out; None if they have not."""
    for account, partition, iam in iam_backends.iter_backends():
        if key in iam.access_keys:
            user, its_arn, _ = sts_backends[account][partition].get_caller_identity(key, _REGION[partition])
            return Identity(account, its_arn, user)
    return None


def trusts(role: str, service: str) -> bool:
    """Say whether the role of an ARN is there and lets a service assume it."""
    policies = (
        one.assume_role_policy_document
        for _, _, iam in iam_backends.iter_backends()
        for one in list(iam.roles.values())
        if one.arn == role
    )
    return any(
        _admits(statement, service)
        for policy in policies
        for statement in _several(json.loads(policy).get("Statement", ()))
    )


def bucket(name: str) -> Any:
    """Return a bucket, whoever owns it; LookupError if there is none."""
    partition, account = s3_backends.bucket_accounts[name]
    return s3_backends[account][partition].buckets[name]


def keys(name: str, prefix: str) -> Iterator[str]:
    """Yield the keys in a bucket that begin so; LookupError if there is no such bucket."""
    there = bucket(name)
    return (key for key in list(there.keys) if key.startswith(prefix) and isinstance(there.keys[key], FakeKey))


def content(name: str, key: str) -> bytes:
    """Return an object; LookupError if there is none."""
    if key not in keys(name, key):
        raise LookupError(key)
    found: bytes = bucket(name).keys[key].value
    return found


def forget(account: str | None, region: str | None) -> None:
    """Forget everything, or what there is of one account, one region or both; what has no region is of no region."""
    if account is None and region is None:
        iam_backends.clear()  # to reset it would load all the policies of AWS, only to forget them
        BackendDict.reset()
        reset_model_data()
        return
    for service in list(BackendDict._instances):  # noqa: SLF001 - only there all services are found that hold something
        for its_account, its_region, backend in list(service.iter_backends()):
            if account in (None, its_account) and region in (None, its_region):
                backend.reset()


_REGION = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


def _admits(statement: dict[str, Any], service: str) -> bool:
    principal = statement.get("Principal", {})
    services = ["*"] if principal == "*" else _several(principal.get("Service", ()))
    actions = {action.lower() for action in _several(statement.get("Action", ()))}
    return (
        statement.get("Effect") == "Allow"
        and bool({service, "*"}.intersection(services))
        and bool({"sts:assumerole", "sts:*", "*"} & actions)
    )


def _several(said: Any) -> list[Any]:
    return [said] if isinstance(said, str | dict) else list(said)
