"""Policies of buckets that a stack has: what they deny without a condition is denied, and what asks for TLS is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.companions.conftest import Refused

Connect = Callable[..., Any]

ALL = {"Effect": "Deny", "Principal": "*", "Resource": "arn:aws:s3:::stage/*"}
TLS = {**ALL, "Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}


def deploy(connect: Connect, *statements: dict[str, Any]) -> Any:
    """Have a stack with a bucket and its policy, and return a client of S3."""
    resources = {
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "stage"}},
        "Policy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {
                "Bucket": {"Ref": "Bucket"},
                "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)},
            },
        },
    }
    cloudformation = connect("cloudformation")
    cloudformation.create_stack(StackName="stage", TemplateBody=json.dumps({"Resources": resources}))
    assert cloudformation.describe_stacks(StackName="stage")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
    return connect("s3")


def test_a_policy_that_asks_for_tls_lets_objects_in(connect: Connect) -> None:
    s3 = deploy(connect, TLS)
    s3.put_object(Bucket="stage", Key="a", Body=b"b")

    assert s3.get_object(Bucket="stage", Key="a")["Body"].read() == b"b"
    assert json.loads(s3.get_bucket_policy(Bucket="stage")["Policy"])["Statement"] == [TLS]


def test_what_a_policy_denies_is_refused(connect: Connect, refused: Refused) -> None:
    s3 = deploy(connect, TLS, {**ALL, "Action": "s3:PutObject"})

    assert refused(s3.put_object, Bucket="stage", Key="a", Body=b"b")["ResponseMetadata"]["HTTPStatusCode"] == 403
