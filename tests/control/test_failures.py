"""What clients see of the failures that were asked for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, WaiterError

from emulator import SageMaker
from emulator.engine import faults
from emulator.engine.clock import Chance
from emulator.engine.emulator import Emulator
from tests.behaviour import examples
from tests.conftest import ACCOUNT, REGION, ROLE


@pytest.fixture
def patient(session: boto3.Session, url: str) -> Any:
    """A client that tries four times, as botocore does by itself."""
    return session.client(
        "sagemaker",
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="local",  # noqa: S106 - the emulator checks no signature
        config=Config(retries={"total_max_attempts": 4, "mode": "standard"}),
    )


def endpoint(client: Any, *types: str) -> None:
    """Make an endpoint, and a configuration for each instance type."""
    client.create_model(ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer={"Image": examples.IMAGE})
    for one in types:
        variant = {"VariantName": "v", "ModelName": "m", "InstanceType": one, "InitialInstanceCount": 2}
        client.create_endpoint_config(EndpointConfigName=one.replace(".", "-"), ProductionVariants=[variant])
    client.create_endpoint(EndpointName="e", EndpointConfigName=types[0].replace(".", "-"))


# --- Outcomes ---------------------------------------------------------------------------------------------------------


def test_an_image_version_of_a_broken_base_ends_in_failure_and_its_waiter_says_so(client: Any, control: Any) -> None:
    control.fail("ImageVersion", "The image has no kernel.", where="ends_with(BaseImage, ':broken')")
    client.create_image(ImageName="studio", RoleArn=ROLE)
    client.describe_image(ImageName="studio")
    repository = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/studio"
    for tag in ("fine", "broken"):
        client.create_image_version(ImageName="studio", BaseImage=f"{repository}:{tag}", ClientToken=tag)

    client.get_waiter("image_version_created").wait(ImageName="studio", Version=1)
    with pytest.raises(WaiterError, match="CREATE_FAILED"):
        client.get_waiter("image_version_created").wait(ImageName="studio", Version=2)
    assert client.describe_image_version(ImageName="studio", Version=2)["FailureReason"] == "The image has no kernel."


def test_the_next_update_of_an_endpoint_rolls_back_and_the_one_after_does_not(client: Any, control: Any) -> None:
    endpoint(client, "ml.m5.large", "ml.m5.xlarge")
    client.get_waiter("endpoint_in_service").wait(EndpointName="e")
    control.fail("Endpoint", "The container did not pass the ping health check.", verb="Update", name="e", times=1)

    seen = []
    for _ in range(2):
        client.update_endpoint(EndpointName="e", EndpointConfigName="ml-m5-xlarge")
        told = client.describe_endpoint(EndpointName="e")
        seen.append((told["EndpointStatus"], told["EndpointConfigName"], told.get("FailureReason")))
    assert seen == [
        ("InService", "ml-m5-large", "The container did not pass the ping health check."),
        ("InService", "ml-m5-xlarge", None),
    ]


def test_a_failure_is_one_more_status_on_the_way(client: Any, control: Any) -> None:
    control.pace("step")
    control.fail("Endpoint", "r", verb="Update")
    endpoint(client, "ml.m5.large", "ml.m5.xlarge")
    while client.describe_endpoint(EndpointName="e")["EndpointStatus"] != "InService":
        pass
    client.update_endpoint(EndpointName="e", EndpointConfigName="ml-m5-xlarge")

    seen = [client.describe_endpoint(EndpointName="e")["EndpointStatus"] for _ in range(3)]
    assert seen == ["Updating", "RollingBack", "InService"]


def test_a_failure_is_met_when_the_clock_comes_to_it(client: Any, control: Any) -> None:
    control.pace("real")
    endpoint(client, "ml.m5.large")
    control.fail("Endpoint", "r")

    assert client.describe_endpoint(EndpointName="e")["EndpointStatus"] == "Creating"
    control.clock.advance(minutes=5)
    assert client.describe_endpoint(EndpointName="e")["EndpointStatus"] == "Failed"


def test_a_deletion_can_fail(client: Any, control: Any) -> None:
    control.fail("Image", "still in use", verb="delete")
    client.create_image(ImageName="studio", RoleArn=ROLE)
    client.describe_image(ImageName="studio")
    client.delete_image(ImageName="studio")

    told = client.describe_image(ImageName="studio")
    assert (told["ImageStatus"], told["FailureReason"]) == ("DELETE_FAILED", "still in use")


def test_a_pipeline_execution_can_fail_and_the_next_one_works(client: Any, control: Any) -> None:
    client.create_pipeline(
        PipelineName="p", RoleArn=ROLE, ClientRequestToken="t" * 32,
        PipelineDefinition='{"Version": "2020-12-01", "Steps": [{"Name": "f", "Type": "Fail", "Arguments": {}}]}',
    )  # fmt: skip
    control.fail("PipelineExecution", "the service was down", verb="*", times=1)
    arn = client.start_pipeline_execution(PipelineName="p", ClientRequestToken="u" * 32)["PipelineExecutionArn"]

    told = client.describe_pipeline_execution(PipelineExecutionArn=arn)
    assert (told["PipelineExecutionStatus"], told["FailureReason"]) == ("Failed", "the service was down")


# --- Errors -----------------------------------------------------------------------------------------------------------


def test_a_throttled_call_is_retried_and_then_succeeds(patient: Any, control: Any) -> None:
    control.error("throttling", operation="ListModels", times=2)

    answer = patient.list_models()
    assert answer["ResponseMetadata"]["RetryAttempts"] == 2
    assert [one["happened"] for one in control.rules()] == [2]


def test_an_internal_failure_is_retried_and_then_succeeds(patient: Any, control: Any) -> None:
    control.error("internal", times=1)

    assert patient.list_models()["ResponseMetadata"]["RetryAttempts"] == 1


def test_who_is_not_allowed_is_told_who_what_and_on_what(client: Any, control: Any) -> None:
    control.error("access-denied", caller="arn:aws:sts::123456789012:assumed-role/ci/run", times=1)
    control.error("access-denied")
    prefix = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"

    with pytest.raises(ClientError) as denied:
        client.create_endpoint(EndpointName="e", EndpointConfigName="c")
    assert denied.value.response["Error"] == {
        "Code": "AccessDeniedException",
        "Message": (
            "User: arn:aws:sts::123456789012:assumed-role/ci/run is not authorized to perform: "
            f"sagemaker:CreateEndpoint on resource: {prefix}:endpoint/e because no identity-based policy allows the "
            "sagemaker:CreateEndpoint action"
        ),
    }
    for call, where in (
        (client.list_models, f"{prefix}:model/*"),
        (lambda: client.list_tags(ResourceArn=f"{prefix}:model/m"), f"{prefix}:model/m"),
        (lambda: client.describe_image_version(ImageName="i", Version=3), f"{prefix}:image-version/i/3"),
    ):
        with pytest.raises(ClientError, match=f"User: arn:aws:iam::{ACCOUNT}:root is not .* on resource: ") as denied:
            call()
        assert f" on resource: {where} because" in str(denied.value)


def test_a_concurrent_change_is_refused_in_awss_words(client: Any, control: Any) -> None:
    client.create_image(ImageName="studio", RoleArn=ROLE)
    client.describe_image(ImageName="studio")
    control.error("concurrent", operation="CreateImageVersion", name="studio", times=1)
    base = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/studio:1"

    with pytest.raises(ClientError) as refused:
        client.create_image_version(ImageName="studio", BaseImage=base, ClientToken="t")
    assert refused.value.response["Error"] == {
        "Code": "ResourceInUse",
        "Message": "Resource was modified concurrently",
    }
    assert client.create_image_version(ImageName="studio", BaseImage=base, ClientToken="t")


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"name": "prod-*"}, [True, False]),
        ({"where": "PrimaryContainer.Mode == 'MultiModel'"}, [False, True]),
        ({"where": "Tags[?Key=='team']"}, [True, False]),
        ({"operation": "CreateModel*"}, [True, True]),
        ({"operation": "DescribeModel"}, [False, False]),
        ({"region": "eu-*"}, [False, False]),
        ({"region": REGION, "name": "dev-?"}, [False, True]),
        ({"every": 2}, [False, True]),
        ({"times": 1}, [True, False]),
        ({"probability": 0}, [False, False]),
    ],
)
def test_only_the_calls_asked_for_are_refused(
    client: Any, control: Any, said: dict[str, Any], refused: list[bool]
) -> None:
    control.error("limit", **said)

    def fails(**params: Any) -> bool:
        try:
            client.create_model(ExecutionRoleArn=ROLE, **params)
        except ClientError as error:
            return error.response["Error"]["Code"] == "ResourceLimitExceeded"
        return False

    container = {"Image": examples.IMAGE}
    assert [
        fails(ModelName="prod-1", PrimaryContainer=container, Tags=[{"Key": "team", "Value": "a"}]),
        fails(ModelName="dev-1", PrimaryContainer={**container, "Mode": "MultiModel", "ModelDataUrl": "s3://b/k/"}),
    ] == refused


@pytest.mark.parametrize("where", ["Tags[?Key > `1`]", "Tags[::0]", "ceil(to_number('1e999'))", "max(Tags)"])
def test_a_jmespath_that_cannot_be_worked_out_does_not_hold(client: Any, control: Any, where: str) -> None:
    control.error("limit", where=where)

    client.create_model_package_group(ModelPackageGroupName="g", Tags=[{"Key": "team", "Value": "a"}])
    assert control.calls.query(where=where) == []
    assert [one["happened"] for one in control.rules()] == [0]


@pytest.mark.parametrize("lane", ["wire", "fast"])
def test_a_status_without_a_name_is_sent_as_any_other_in_process_too(client: Any, control: Any, lane: str) -> None:
    with SageMaker(lane=lane) as sagemaker:
        for status in (420, 599):
            for one, surface in ((client, control), (sagemaker.client(), sagemaker.control)):
                surface.error("TeapotException", status=status, times=10)
                with pytest.raises(ClientError, match="TeapotException") as refused:
                    one.list_models()
                assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
                surface.forget()


def test_a_name_is_found_in_an_arn_too(client: Any, control: Any) -> None:
    control.error("throttling", name="prod-*")
    prefix = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package-group"

    for name, code in (("prod-1", "ThrottlingException"), ("dev", "ValidationException")):
        with pytest.raises(ClientError) as refused:
            client.list_tags(ResourceArn=f"{prefix}/{name}")
        assert (refused.value.response["Error"]["Code"] == "ThrottlingException") == (code == "ThrottlingException")


def test_a_probability_comes_from_the_seed(client: Any, control: Any, emulator: Emulator) -> None:
    def run() -> list[bool]:
        control.forget()
        emulator.chance = Chance(7)
        control.error("throttling", probability=0.5)
        seen = []
        for _ in range(30):
            try:
                client.list_models()
                seen.append(True)
            except ClientError:
                seen.append(False)
        return seen

    first = run()
    assert first == run()
    assert 5 < sum(first) < 25


def test_what_is_refused_has_done_nothing(client: Any, control: Any) -> None:
    control.error("internal", operation="Create*")

    with pytest.raises(ClientError):
        client.create_model_package_group(ModelPackageGroupName="g")
    assert client.list_model_package_groups()["ModelPackageGroupSummaryList"] == []


# --- Latency and dropped connections ----------------------------------------------------------------------------------


def test_an_answer_is_late_by_as_much_as_asked_for(client: Any, control: Any) -> None:
    control.delay(0.2, operation="ListModels")

    def took(call: Callable[[], Any]) -> float:
        began = time.perf_counter()
        call()
        return time.perf_counter() - began

    assert took(client.list_models) >= 0.2
    assert took(client.list_images) < 0.2


def test_a_late_answer_keeps_nobody_else_waiting(client: Any, control: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, on = threading.Event(), threading.Event()
    monkeypatch.setattr(faults, "time", SimpleNamespace(sleep=lambda _: begun.set() or on.wait(10)))
    control.delay(0.2, operation="ListModels")

    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(client.list_models)
        assert begun.wait(10)
        assert client.list_images()["Images"] == []
        assert not late.done()
        on.set()
        assert late.result()["Models"] == []


def test_a_dropped_connection_is_seen_as_one_and_has_done_nothing(client: Any, control: Any) -> None:
    control.drop(operation="CreateModelPackageGroup", times=1)

    with pytest.raises(ConnectionClosedError):
        client.create_model_package_group(ModelPackageGroupName="g")
    assert client.create_model_package_group(ModelPackageGroupName="g")


def test_a_dropped_connection_is_retried(patient: Any, control: Any) -> None:
    control.drop(times=2)

    assert patient.list_models()["ResponseMetadata"]["RetryAttempts"] == 2


# --- The other ways in ------------------------------------------------------------------------------------------------


def test_an_invocation_is_refused_dropped_and_answered(client: Any, connect: Any, control: Any) -> None:
    endpoint(client, "ml.m5.large")
    client.describe_endpoint(EndpointName="e")
    control.error("throttling", operation="InvokeEndpoint", name="e", times=1)
    control.drop(operation="InvokeEndpoint", times=1)
    runtime = connect("sagemaker-runtime")

    def invoke() -> None:
        runtime.invoke_endpoint(EndpointName="e", Body=b"{}", ContentType="application/json")

    with pytest.raises(ClientError, match=r"ThrottlingException.*Rate exceeded"):
        invoke()
    with pytest.raises(ConnectionClosedError):
        invoke()
    with pytest.raises(ClientError, match=r"\(ModelError\)"):  # nobody has said what it answers
        invoke()


METRIC = {
    "MetricName": "m",
    "ResourceArn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:experiment-trial-component/c",
    "MetricStat": "Min",
    "Period": "OneMinute",
    "XAxisType": "Timestamp",
}


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("featurestore-runtime", "get_record", {"FeatureGroupName": "g", "RecordIdentifierValueAsString": "1"}),
        ("metrics", "batch_get_metrics", {"MetricQueries": [METRIC]}),
    ],
)
def test_the_other_data_planes_meet_what_was_asked_for(
    connect: Any, control: Any, service: str, operation: str, params: dict[str, Any]
) -> None:
    control.error("internal", operation="*Get*")

    with pytest.raises(ClientError, match="InternalFailure") as refused:
        getattr(connect(f"sagemaker-{service}"), operation)(**params)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
