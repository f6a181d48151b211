"""aiobotocore's clients are answered in process and over HTTP, and guarded as boto3's are."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.request import Request, urlopen

import pytest

from emulator import SageMaker
from emulator.interfaces.guard import LeakError
from tests.conftest import ACCOUNT, ROLE

pytest.importorskip("aiobotocore", reason="it pins a botocore of its own: make apart")

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session

JSON = {"Content-Type": "application/json"}
ONCE = AioConfig(retries={"total_max_attempts": 1})
CONTAINER = {"Image": f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/serve:1"}


@pytest.fixture(params=["http", "inprocess wire", "inprocess fast"])
def world(request: pytest.FixtureRequest) -> SageMaker:
    """A SageMaker that has not begun."""
    transport, _, lane = request.param.partition(" ")
    return SageMaker(transport=transport, lane=lane or "wire")


def using(world: SageMaker, act: Callable[[Any], Awaitable[Any]], service: str = "sagemaker", **more: Any) -> Any:
    """Return what comes of using a client of aiobotocore's."""

    async def use() -> Any:
        async with get_session().create_client(service, **more) as client:
            return await act(client)

    with world:
        return asyncio.run(use())


def test_a_client_makes_describes_lists_and_is_refused(world: SageMaker) -> None:
    async def act(client: Any) -> None:
        for name in ("one", "two"):
            await client.create_image(ImageName=name, RoleArn=ROLE)
        described = await client.describe_image(ImageName="one")
        assert described["ImageStatus"] == "CREATED"
        assert described["CreationTime"].tzinfo is not None
        pages = client.get_paginator("list_images").paginate(PaginationConfig={"PageSize": 1})
        assert [one["ImageName"] async for page in pages for one in page["Images"]] == ["two", "one"]
        await client.get_waiter("image_created").wait(ImageName="two")
        with pytest.raises(client.exceptions.ResourceNotFound, match="none does not exist"):
            await client.describe_image(ImageName="none")

    using(world, act)


def test_bodies_and_streams_are_read(world: SageMaker) -> None:
    variant = {"VariantName": "all", "ModelName": "m", "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}

    async def make(client: Any) -> None:
        await client.create_model(ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer=CONTAINER)
        await client.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
        await client.create_endpoint(EndpointName="e", EndpointConfigName="c")

    async def invoke(client: Any) -> None:
        answer = await client.invoke_endpoint(EndpointName="e", Body=b"{}", ContentType="application/json")
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
        async with answer["Body"] as body:
            assert await body.read(1) == b"0"
            assert await body.read() == b".9"
        streamed = await client.invoke_endpoint_with_response_stream(EndpointName="e", Body=b"{}")
        assert b"".join([part["PayloadPart"]["Bytes"] async for part in streamed["Body"]]) == b"0.9"

    with world:
        using(world, make)
        said = Request(f"{world.url}/_emulator/endpoints/e/answers", b'{"body": "0.9"}', JSON, method="PUT")
        urlopen(said).close()
        using(world, invoke, "sagemaker-runtime")


def test_what_was_asked_for_happens_to_its_calls(world: SageMaker) -> None:
    async def act(client: Any) -> Any:
        world.error("throttling", times=1)
        return (await client.list_models())["ResponseMetadata"]["RetryAttempts"]

    assert using(world, act) == 1


def test_many_calls_at_once_are_all_answered(world: SageMaker) -> None:
    async def act(client: Any) -> int:
        await asyncio.gather(*(client.create_image(ImageName=f"i-{number}", RoleArn=ROLE) for number in range(20)))
        return len((await client.list_images(MaxResults=100))["Images"])

    assert using(world, act) == 20


def test_a_call_that_would_leave_this_machine_is_refused() -> None:
    async def act(client: Any) -> None:
        await client.list_models()

    with pytest.raises(LeakError, match=r"SageMaker\.ListModels would have left this machine"):
        using(
            SageMaker(transport="http"), act, endpoint_url="https://api.sagemaker.us-east-1.amazonaws.com", config=ONCE
        )
