"""Models, through boto3."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conftest import ROLE


def test_a_name_is_taken_once(client: Any) -> None:
    container = {"Image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/serve:1"}
    client.create_model(ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer=container)

    with pytest.raises(ClientError) as refused:
        client.create_model(ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer=container)

    assert refused.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": 'Cannot create already existing model "arn:aws:sagemaker:us-east-1:123456789012:model/m".',
    }
