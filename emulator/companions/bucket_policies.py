"""A bucket's policy, in the form of moto's classes of resource types, which lack it. Importing this loads moto."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult

from emulator.companions.contents import bucket


class BucketPolicy:
    """The policy of one bucket, which is known by the bucket's name."""

    def __init__(self, name: str) -> None:
        self.physical_resource_id = name

    @staticmethod
    def cloudformation_name_type() -> str:
        """Return the property that would be made up, if there were one."""
        return ""

    @classmethod
    def create_from_cloudformation_json(cls, _: str, said: dict[str, Any], *__: str, **___: str) -> BucketPolicy:
        """Put a policy on a bucket."""
        properties = said["Properties"]
        holder = bucket(properties["Bucket"])
        holder.policy = json.dumps(properties["PolicyDocument"]).encode()
        holder.get_permission = partial(permission, holder)
        return cls(properties["Bucket"])

    @classmethod
    def update_from_cloudformation_json(cls, cloudformation_json: dict[str, Any], **_: Any) -> BucketPolicy:
        """Put another policy in its place."""
        return cls.create_from_cloudformation_json("", cloudformation_json)

    @classmethod
    def delete_from_cloudformation_json(cls, name: str, *_: Any) -> None:
        """Take the policy off the bucket."""
        bucket(name).policy = None


def permission(holder: Any, action: str, resource: str) -> Any:
    """Judge an action by a bucket's policy, as moto does, but by statements alone that hold without a condition.

    For moto a condition never holds, since it does not look at the request, and what no condition allows it denies: all
    that is done, if a policy asks for TLS.
    """
    if holder.policy is None:
        return PermissionResult.NEUTRAL
    document = json.loads(holder.policy)
    said = document.get("Statement", [])
    certain = [one for one in (said if isinstance(said, list) else [said]) if "Condition" not in one]
    return IAMPolicy(json.dumps({**document, "Statement": certain})).is_action_permitted(action, resource)
