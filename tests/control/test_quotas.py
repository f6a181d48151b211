"""Quotas are counted from what is there, and exceeding them is refused in AWS's words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.behaviour import examples
from tests.conftest import ROLE
from tests.control.test_failures import endpoint

AFTER = (
    "Please use AWS Service Quotas to request an increase for this quota. If AWS Service Quotas is not available, "
    "contact AWS support to request an increase for this quota."
)


def exceeded(error: pytest.ExceptionInfo[ClientError]) -> str:
    said = error.value.response["Error"]
    assert said["Code"] == "ResourceLimitExceeded"
    assert said["Message"].endswith(AFTER)
    return str(said["Message"].removesuffix(AFTER).strip())


def train(client: Any, name: str, count: int = 1) -> None:
    client.create_training_job(
        TrainingJobName=name,
        RoleArn=ROLE,
        AlgorithmSpecification={"TrainingImage": examples.IMAGE, "TrainingInputMode": "File"},
        OutputDataConfig={"S3OutputPath": "s3://b/out"},
        ResourceConfig={"InstanceType": "ml.p3.2xlarge", "InstanceCount": count, "VolumeSizeInGB": 10},
        StoppingCondition={"MaxRuntimeInSeconds": 3600},
    )


def test_an_endpoint_needs_the_instances_of_its_configuration(client: Any, control: Any) -> None:
    control.quota("Endpoint", 0, "ml.g6.48xlarge")

    with pytest.raises(ClientError) as error:
        endpoint(client, "ml.g6.48xlarge")
    assert exceeded(error) == (
        "The account-level service limit 'ml.g6.48xlarge for endpoint usage' is 0 Instances, with current utilization "
        "of 0 Instances and a request delta of 2 Instances."
    )
    assert client.list_endpoints()["Endpoints"] == []


def test_an_update_needs_the_new_instances_beside_the_old(client: Any, control: Any) -> None:
    control.quota("Endpoint", 3, "ml.m5.large")
    endpoint(client, "ml.m5.large", "ml.m5.xlarge")
    client.describe_endpoint(EndpointName="e")

    with pytest.raises(ClientError) as error:
        client.update_endpoint(EndpointName="e", EndpointConfigName="ml-m5-large")
    assert "is 3 Instances, with current utilization of 2 Instances and a request delta of 2 " in exceeded(error)
    client.update_endpoint(EndpointName="e", EndpointConfigName="ml-m5-xlarge")
    client.describe_endpoint(EndpointName="e")
    client.update_endpoint(EndpointName="e", EndpointConfigName="ml-m5-large")


def test_more_instances_of_a_variant_are_counted(client: Any, control: Any) -> None:
    control.quota("Endpoint", 3, "ml.m5.large")
    endpoint(client, "ml.m5.large")
    client.describe_endpoint(EndpointName="e")

    def scale(count: int) -> None:
        wanted = [{"VariantName": "v", "DesiredInstanceCount": count}]
        client.update_endpoint_weights_and_capacities(EndpointName="e", DesiredWeightsAndCapacities=wanted)
        client.describe_endpoint(EndpointName="e")

    scale(3)
    with pytest.raises(ClientError) as error:
        scale(4)
    assert "current utilization of 3 Instances and a request delta of 1 Instances" in exceeded(error)
    scale(1)


def test_a_job_uses_instances_until_it_ends(client: Any, control: Any) -> None:
    control.quota("TrainingJob", 3, "ml.p3.2xlarge")
    train(client, "one", 2)

    with pytest.raises(ClientError) as error:
        train(client, "two", 2)
    assert exceeded(error).startswith("The account-level service limit 'ml.p3.2xlarge for training job usage' is 3 ")
    assert client.describe_training_job(TrainingJobName="one")["TrainingJobStatus"] == "Completed"
    train(client, "two", 2)


def test_the_clock_frees_instances(client: Any, control: Any) -> None:
    control.pace("real")
    control.quota("TrainingJob", 1, "ml.p3.2xlarge")
    train(client, "one")
    control.clock.advance(days=1)

    train(client, "two")


def test_a_notebook_that_stands_still_uses_no_instance(client: Any, control: Any) -> None:
    control.quota("NotebookInstance", 1, "ml.t3.medium")
    names = ("one", "two")
    client.create_notebook_instance(NotebookInstanceName="one", InstanceType="ml.t3.medium", RoleArn=ROLE)
    client.get_waiter("notebook_instance_in_service").wait(NotebookInstanceName="one")
    client.stop_notebook_instance(NotebookInstanceName="one")
    client.get_waiter("notebook_instance_stopped").wait(NotebookInstanceName="one")
    client.create_notebook_instance(NotebookInstanceName="two", InstanceType="ml.t3.medium", RoleArn=ROLE)

    with pytest.raises(ClientError) as error:
        client.start_notebook_instance(NotebookInstanceName="one")
    assert "'ml.t3.medium for notebook instance usage' is 1 Instances" in exceeded(error)
    assert len(client.list_notebook_instances()["NotebookInstances"]) == len(names)


def test_a_total_is_counted_for_each_account_and_region(client: Any, connect: Any, control: Any) -> None:
    control.quota("Model", 1)

    def make(one: Any, name: str) -> None:
        one.create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer={"Image": examples.IMAGE})

    make(client, "one")
    with pytest.raises(ClientError) as error:
        make(client, "two")
    assert exceeded(error) == (
        "The account-level service limit 'Total models' is 1 Models, with current utilization of 1 Models and a "
        "request delta of 1 Models."
    )
    make(connect(region="eu-west-1"), "two")
    make(connect(account="444455556666"), "two")
    client.delete_model(ModelName="one")
    make(client, "two")


def test_what_is_there_already_may_be_more_than_a_new_quota(client: Any, control: Any) -> None:
    client.create_image(ImageName="one", RoleArn=ROLE)
    client.describe_image(ImageName="one")
    control.quota("Image", 0)

    client.update_image(ImageName="one", Description="d")
    with pytest.raises(ClientError):
        client.create_image(ImageName="two", RoleArn=ROLE)
    client.delete_image(ImageName="one")


def test_a_cluster_uses_the_instances_of_its_groups(client: Any, control: Any) -> None:
    control.quota("Cluster", 3, "ml.c5.xlarge")
    group = {
        "InstanceGroupName": "g",
        "InstanceType": "ml.c5.xlarge",
        "InstanceCount": 4,
        "LifeCycleConfig": {"SourceS3Uri": "s3://sagemaker-b/k", "OnCreate": "on.sh"},
        "ExecutionRole": ROLE,
    }

    with pytest.raises(ClientError) as error:
        client.create_cluster(ClusterName="c", InstanceGroups=[group])
    assert "request delta of 4 Instances" in exceeded(error)
    client.create_cluster(ClusterName="c", InstanceGroups=[{**group, "InstanceCount": 3}])


def test_a_pipelines_step_fails_beyond_a_quota(client: Any, control: Any) -> None:
    control.quota("Model", 0)
    arguments = {"ExecutionRoleArn": ROLE, "PrimaryContainer": {"Image": examples.IMAGE}}
    client.create_pipeline(
        PipelineName="p",
        RoleArn=ROLE,
        ClientRequestToken="t" * 32,
        PipelineDefinition=definition(arguments),
    )
    arn = client.start_pipeline_execution(PipelineName="p", ClientRequestToken="u" * 32)["PipelineExecutionArn"]

    [step] = client.list_pipeline_execution_steps(PipelineExecutionArn=arn)["PipelineExecutionSteps"]
    assert step["StepStatus"] == "Failed"
    assert "The account-level service limit 'Total models' is 0 Models" in step["FailureReason"]


def definition(arguments: dict[str, Any]) -> str:
    return json.dumps({"Version": "2020-12-01", "Steps": [{"Name": "m", "Type": "Model", "Arguments": arguments}]})
