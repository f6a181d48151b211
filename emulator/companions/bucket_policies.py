"""A bucket's policy, in the form of moto's classes of resource types, which lack it. Importing this loads moto."""

from __future__ import annotations

import json
from typing import Any

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
        bucket(properties["Bucket"]).policy = json.dumps(properties["PolicyDocument"]).encode()
        return cls(properties["Bucket"])

    @classmethod
    def update_from_cloudformation_json(cls, cloudformation_json: dict[str, Any], **_: Any) -> BucketPolicy:
        """Put another policy in its place."""
        return cls.create_from_cloudformation_json("", cloudformation_json)

    @classmethod
    def delete_from_cloudformation_json(cls, name: str, *_: Any) -> None:
        """Take the policy off the bucket."""
        bucket(name).policy = None
