"""Jobs: how they run, what they leave behind, how they are stopped, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace
from tests.behaviour.examples import arn, make_model, plain, refusal
from tests.conftest import ROLE

TRAINING_IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/train:1"
ALGORITHM = {"TrainingImage": TRAINING_IMAGE, "TrainingInputMode": "File"}
CHANNEL = {
    "ChannelName": "train",
    "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/train"}},
}
RESOURCES = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 5}


def train(client: Any, name: str, **more: Any) -> str:
    """Make a training job and return its ARN."""
    params = {
        "AlgorithmSpecification": ALGORITHM,
        "RoleArn": ROLE,
        "InputDataConfig": [CHANNEL],
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/out/"},
        "ResourceConfig": RESOURCES,
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    } | more
    return client.create_training_job(TrainingJobName=name, **params)["TrainingJobArn"]


def process(client: Any, name: str, **more: Any) -> str:
    """Make a processing job and return its ARN."""
    params = {
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}
        },
        "AppSpecification": {"ImageUri": TRAINING_IMAGE},
        "RoleArn": ROLE,
    } | more
    return client.create_processing_job(ProcessingJobName=name, **params)["ProcessingJobArn"]


def transform(client: Any, name: str, model: str, **more: Any) -> str:
    """Make a transform job and return its ARN."""
    params = {
        "TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/in"}}},
        "TransformOutput": {"S3OutputPath": "s3://bucket/out"},
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
    } | more
    return client.create_transform_job(TransformJobName=name, ModelName=model, **params)["TransformJobArn"]


def compile_model(client: Any, name: str, **more: Any) -> str:
    """Make a compilation job and return its ARN."""
    params = {
        "RoleArn": ROLE,
        "InputConfig": {
            "S3Uri": "s3://bucket/in/resnet.tar.gz",
            "DataInputConfig": '{"input":[1,3,224,224]}',
            "Framework": "PYTORCH",
            "FrameworkVersion": "1.13",
        },
        "OutputConfig": {"S3OutputLocation": "s3://bucket/out", "TargetDevice": "ml_c5"},
        "StoppingCondition": {"MaxRuntimeInSeconds": 900},
    } | more
    return client.create_compilation_job(CompilationJobName=name, **params)["CompilationJobArn"]


def label(client: Any, name: str, team: str = "team", **more: Any) -> str:
    """Make a labeling job and return its ARN."""
    params = {
        "LabelAttributeName": "label",
        "InputConfig": {"DataSource": {"S3DataSource": {"ManifestS3Uri": "s3://bucket/in.manifest"}}},
        "OutputConfig": {"S3OutputPath": "s3://bucket/labels"},
        "RoleArn": ROLE,
        "HumanTaskConfig": {
            "WorkteamArn": arn(f"workteam/private-crowd/{team}"),
            "UiConfig": {"UiTemplateS3Uri": "s3://bucket/ui.html"},
            "TaskTitle": "title",
            "TaskDescription": "description",
            "NumberOfHumanWorkersPerDataObject": 3,
            "TaskTimeLimitInSeconds": 60,
        },
    } | more
    return client.create_labeling_job(LabelingJobName=name, **params)["LabelingJobArn"]


def stop_where_it_is(emulator: Emulator) -> None:
    """Let nothing move by itself."""
    emulator.settings.pace = Pace("manual")


# --- Training jobs ----------------------------------------------------------------------------------------------------


def test_a_training_job_is_completed_at_the_first_look_with_all_that_it_leaves(client: Any, clock: ManualClock) -> None:
    train(client, "t", HyperParameters={"epochs": "3"})

    described = plain(client.describe_training_job(TrainingJobName="t"))

    now = clock.now()
    for member in ("CreationTime", "LastModifiedTime", "TrainingStartTime", "TrainingEndTime"):
        assert described.pop(member).timestamp() == now
    transitions = described.pop("SecondaryStatusTransitions")
    assert [one["Status"] for one in transitions] == ["Starting", "Downloading", "Training", "Uploading", "Completed"]
    assert all(one["EndTime"].timestamp() == now for one in transitions)
    assert transitions[-1]["StatusMessage"] == "Training job completed"
    assert described == {
        "TrainingJobName": "t",
        "TrainingJobArn": arn("training-job/t"),
        "ModelArtifacts": {"S3ModelArtifacts": "s3://bucket/out/t/output/model.tar.gz"},
        "TrainingJobStatus": "Completed",
        "SecondaryStatus": "Completed",
        "HyperParameters": {"epochs": "3"},
        "AlgorithmSpecification": {**ALGORITHM, "EnableSageMakerMetricsTimeSeries": False},
        "RoleArn": ROLE,
        "InputDataConfig": [{**CHANNEL, "CompressionType": "None", "RecordWrapperType": "None"}],
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/out/", "KmsKeyId": "", "CompressionType": "GZIP"},
        "ResourceConfig": RESOURCES,
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        "EnableNetworkIsolation": False,
        "EnableInterContainerTrafficEncryption": False,
        "EnableManagedSpotTraining": False,
        "TrainingTimeInSeconds": 1,
        "BillableTimeInSeconds": 1,
        "ProfilingStatus": "Disabled",
    }


def test_a_training_job_takes_its_time_at_real_pace(client: Any, emulator: Emulator, clock: ManualClock) -> None:
    emulator.settings.pace = Pace("real")
    born = clock.now()
    train(client, "t")
    seen = []

    for _ in range(5):
        described = client.describe_training_job(TrainingJobName="t")
        seen.append((described["TrainingJobStatus"], described["SecondaryStatus"], "ModelArtifacts" in described))
        clock.advance(61)

    assert seen == [
        ("InProgress", "Starting", False),
        ("InProgress", "Downloading", False),
        ("InProgress", "Training", False),
        ("InProgress", "Training", False),
        ("Completed", "Completed", True),
    ]
    described = client.describe_training_job(TrainingJobName="t")
    assert described["TrainingStartTime"].timestamp() == born + 60
    assert described["TrainingEndTime"].timestamp() == born + 220
    assert (described["TrainingTimeInSeconds"], described["BillableTimeInSeconds"]) == (160, 160)
    first, second, *_ = described["SecondaryStatusTransitions"]
    assert first["EndTime"] == second["StartTime"]


def test_a_spot_job_costs_less_than_it_takes(client: Any, emulator: Emulator, clock: ManualClock) -> None:
    emulator.settings.pace = Pace("real")
    limits = {"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": 7200}
    train(client, "t", EnableManagedSpotTraining=True, StoppingCondition=limits)
    clock.advance(1000)

    described = client.describe_training_job(TrainingJobName="t")

    assert (described["TrainingTimeInSeconds"], described["BillableTimeInSeconds"]) == (160, 48)


def test_a_spot_job_must_say_how_long_it_waits(client: Any) -> None:
    code, _ = refusal(client.create_training_job, **spot())

    assert code == "ValidationException"


def spot() -> dict[str, Any]:
    """Return a spot job that says nothing of waiting."""
    return {
        "TrainingJobName": "t",
        "AlgorithmSpecification": ALGORITHM,
        "RoleArn": ROLE,
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/out"},
        "ResourceConfig": RESOURCES,
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        "EnableManagedSpotTraining": True,
    }


def test_metrics_that_an_algorithm_emits_have_a_final_value(client: Any) -> None:
    metrics = [{"Name": "loss", "Regex": "loss=(.*)"}]
    train(client, "t", AlgorithmSpecification={**ALGORITHM, "MetricDefinitions": metrics})

    [final] = client.describe_training_job(TrainingJobName="t")["FinalMetricDataList"]

    assert final["MetricName"] == "loss"
    assert 0 <= final["Value"] < 1


def test_a_job_that_nobody_looked_at_can_be_stopped_and_then_is(client: Any) -> None:
    train(client, "t")

    client.stop_training_job(TrainingJobName="t")

    described = client.describe_training_job(TrainingJobName="t")
    assert (described["TrainingJobStatus"], described["SecondaryStatus"]) == ("Stopped", "Stopped")
    assert [one["Status"] for one in described["SecondaryStatusTransitions"]] == ["Starting", "Stopping", "Stopped"]
    assert "ModelArtifacts" not in described
    assert "TrainingStartTime" not in described
    assert "TrainingEndTime" in described


def test_a_job_is_seen_stopping_before_it_is_stopped(client: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("step")
    train(client, "t")
    client.stop_training_job(TrainingJobName="t")

    seen = [client.describe_training_job(TrainingJobName="t")["TrainingJobStatus"] for _ in range(2)]

    assert seen == ["Stopping", "Stopped"]


def test_a_training_job_that_has_ended_is_not_stopped(client: Any) -> None:
    train(client, "t")
    client.describe_training_job(TrainingJobName="t")

    assert refusal(client.stop_training_job, TrainingJobName="t") == (
        "ValidationException",
        "The request was rejected because the training job is in status Completed.",
    )


@pytest.mark.parametrize("verb", ["describe", "stop", "delete", "update"])
def test_a_training_job_that_is_not_there_is_refused_as_aws_does(client: Any, verb: str) -> None:
    assert refusal(getattr(client, f"{verb}_training_job"), TrainingJobName="t") == (
        "ValidationException",
        "Requested resource not found.",
    )


def test_the_name_of_a_training_job_is_taken_until_it_is_deleted(client: Any) -> None:
    train(client, "t")
    client.describe_training_job(TrainingJobName="t")

    code, message = refusal(client.create_training_job, **{**spot(), "EnableManagedSpotTraining": False})

    assert code == "ResourceInUse"
    assert message == (
        "Training job names must be unique within an AWS account and region, "
        f"and a training job with this name already exists ({arn('training-job/t')})"
    )
    client.delete_training_job(TrainingJobName="t")
    train(client, "t")


def test_a_training_job_that_runs_is_not_deleted(client: Any, emulator: Emulator) -> None:
    stop_where_it_is(emulator)
    train(client, "t")

    code, message = refusal(client.delete_training_job, TrainingJobName="t")

    assert code == "ResourceInUse"
    assert "InProgress" in message


def test_a_job_that_is_being_deleted_shows_how_it_ended(client: Any, emulator: Emulator) -> None:
    train(client, "t")
    client.describe_training_job(TrainingJobName="t")
    stop_where_it_is(emulator)
    client.delete_training_job(TrainingJobName="t")

    described = client.describe_training_job(TrainingJobName="t")

    assert (described["TrainingJobStatus"], described["SecondaryStatus"]) == ("Deleting", "Completed")
    assert described["SecondaryStatusTransitions"][-1]["Status"] == "Completed"


def test_an_algorithm_that_does_not_exist_is_refused(client: Any) -> None:
    algorithm = {"AlgorithmName": "nobody", "TrainingInputMode": "File"}

    with pytest.raises(client.exceptions.ClientError):
        train(client, "t", AlgorithmSpecification=algorithm)

    assert client.list_training_jobs()["TrainingJobSummaries"] == []


def test_training_jobs_are_listed_by_status_and_name(client: Any) -> None:
    train(client, "a-1")
    train(client, "b-2")
    client.stop_training_job(TrainingJobName="b-2")

    listed = client.list_training_jobs(StatusEquals="Stopped")["TrainingJobSummaries"]
    named = client.list_training_jobs(NameContains="a-")["TrainingJobSummaries"]
    ordered = client.list_training_jobs(SortBy="Name", SortOrder="Ascending")["TrainingJobSummaries"]

    assert [(one["TrainingJobName"], one["SecondaryStatus"]) for one in listed] == [("b-2", "Stopped")]
    assert [one["TrainingJobName"] for one in named] == ["a-1"]
    assert [one["TrainingJobName"] for one in ordered] == ["a-1", "b-2"]
    assert all("TrainingEndTime" in one for one in ordered)


def test_the_waiters_of_jobs_end_at_their_first_poll(client: Any) -> None:
    make_model(client, "m")
    train(client, "t")
    process(client, "p")
    transform(client, "f", "m")
    once = {"Delay": 0, "MaxAttempts": 1}

    client.get_waiter("training_job_completed_or_stopped").wait(TrainingJobName="t", WaiterConfig=once)
    client.get_waiter("processing_job_completed_or_stopped").wait(ProcessingJobName="p", WaiterConfig=once)
    client.get_waiter("transform_job_completed_or_stopped").wait(TransformJobName="f", WaiterConfig=once)


# --- Warm pools -------------------------------------------------------------------------------------------------------


def warm(client: Any, name: str, seconds: int = 600, **more: Any) -> None:
    """Make a training job whose instances are kept."""
    train(client, name, ResourceConfig={**RESOURCES, "KeepAlivePeriodInSeconds": seconds}, **more)


def pool(client: Any, name: str) -> dict[str, Any]:
    """Return the status of a job's warm pool."""
    return client.describe_training_job(TrainingJobName=name)["WarmPoolStatus"]


def test_a_warm_pool_is_available_for_as_long_as_it_is_kept(client: Any, clock: ManualClock) -> None:
    warm(client, "t")

    assert pool(client, "t") == {"Status": "Available", "ResourceRetainedBillableTimeInSeconds": 0}
    clock.advance(599)
    assert pool(client, "t") == {"Status": "Available", "ResourceRetainedBillableTimeInSeconds": 599}
    clock.advance(1)
    assert pool(client, "t") == {"Status": "Terminated", "ResourceRetainedBillableTimeInSeconds": 600}


def test_a_warm_pool_is_in_use_while_its_job_runs(client: Any, emulator: Emulator) -> None:
    stop_where_it_is(emulator)
    warm(client, "t")

    assert pool(client, "t") == {"Status": "InUse"}


def test_a_matching_job_takes_the_warm_pool_of_another(client: Any, clock: ManualClock) -> None:
    warm(client, "first")
    warm(client, "other", EnableNetworkIsolation=True)
    clock.advance(30)

    warm(client, "second")

    assert pool(client, "first") == {
        "Status": "Reused",
        "ResourceRetainedBillableTimeInSeconds": 30,
        "ReusedByJob": "second",
    }
    assert pool(client, "other")["Status"] == "Available"
    assert pool(client, "second")["Status"] == "Available"


def test_an_update_keeps_a_warm_pool_longer_or_ends_it(client: Any, clock: ManualClock) -> None:
    warm(client, "t", 60)
    client.update_training_job(TrainingJobName="t", ResourceConfig={"KeepAlivePeriodInSeconds": 600})
    clock.advance(100)
    assert pool(client, "t")["Status"] == "Available"

    client.update_training_job(TrainingJobName="t", ResourceConfig={"KeepAlivePeriodInSeconds": 0})

    assert pool(client, "t") == {"Status": "Terminated", "ResourceRetainedBillableTimeInSeconds": 100}
    described = client.describe_training_job(TrainingJobName="t")
    assert described["ResourceConfig"] == {**RESOURCES, "KeepAlivePeriodInSeconds": 0}
    code, _ = refusal(client.update_training_job, TrainingJobName="t", ResourceConfig={"KeepAlivePeriodInSeconds": 60})
    assert code == "ValidationException"


def test_a_job_with_an_available_warm_pool_is_not_deleted(client: Any, clock: ManualClock) -> None:
    warm(client, "t", 60)

    code, _ = refusal(client.delete_training_job, TrainingJobName="t")

    assert code == "ResourceInUse"
    clock.advance(60)
    client.delete_training_job(TrainingJobName="t")


def test_training_jobs_are_listed_by_the_status_of_their_warm_pools(client: Any, clock: ManualClock) -> None:
    train(client, "cold")
    warm(client, "warm", 60)

    def listed(status: str) -> list[str]:
        jobs = client.list_training_jobs(WarmPoolStatusEquals=status)["TrainingJobSummaries"]
        return [one["TrainingJobName"] for one in jobs]

    assert listed("Available") == ["warm"]
    clock.advance(60)
    assert listed("Available") == []
    assert listed("Terminated") == ["warm"]


def test_the_profiler_is_changed_while_a_job_runs_only(client: Any, emulator: Emulator) -> None:
    stop_where_it_is(emulator)
    train(client, "t", ProfilerConfig={"S3OutputPath": "s3://bucket/p"})

    client.update_training_job(TrainingJobName="t", ProfilerConfig={"ProfilingIntervalInMilliseconds": 500})

    described = client.describe_training_job(TrainingJobName="t")
    assert described["ProfilerConfig"] == {"S3OutputPath": "s3://bucket/p", "ProfilingIntervalInMilliseconds": 500}
    assert described["ProfilingStatus"] == "Enabled"
    emulator.settings.pace = Pace()
    client.describe_training_job(TrainingJobName="t")
    code, _ = refusal(client.update_training_job, TrainingJobName="t", ProfilerConfig={"DisableProfiler": True})
    assert code == "ValidationException"


# --- Processing and transform jobs ------------------------------------------------------------------------------------


def test_a_processing_job_comes_back_with_the_defaults(client: Any) -> None:
    process(
        client,
        "p",
        ProcessingInputs=[
            {
                "InputName": "in",
                "S3Input": {
                    "S3Uri": "s3://bucket/in",
                    "LocalPath": "/in",
                    "S3DataType": "S3Prefix",
                    "S3InputMode": "File",
                },
            }
        ],
        NetworkConfig={},
    )

    described = client.describe_processing_job(ProcessingJobName="p")

    assert described["ProcessingJobStatus"] == "Completed"
    assert described["StoppingCondition"] == {"MaxRuntimeInSeconds": 86400}
    [given] = described["ProcessingInputs"]
    assert given["AppManaged"] is False
    assert given["S3Input"]["S3DataDistributionType"] == "FullyReplicated"
    assert described["NetworkConfig"] == {
        "EnableNetworkIsolation": False,
        "EnableInterContainerTrafficEncryption": False,
    }
    assert described["ProcessingStartTime"] <= described["ProcessingEndTime"]


def test_a_processing_job_is_refused_by_name(client: Any) -> None:
    missing = ("ValidationException", "Could not find requested job with name: p")
    assert refusal(client.describe_processing_job, ProcessingJobName="p") == missing
    assert refusal(client.stop_processing_job, ProcessingJobName="p") == missing

    process(client, "p")

    client.stop_processing_job(ProcessingJobName="p")
    with pytest.raises(client.exceptions.ResourceInUse):
        process(client, "p")
    assert client.describe_processing_job(ProcessingJobName="p")["ProcessingJobStatus"] == "Stopped"
    client.delete_processing_job(ProcessingJobName="p")
    assert refusal(client.describe_processing_job, ProcessingJobName="p") == missing


def test_a_processing_job_that_runs_is_not_deleted(client: Any, emulator: Emulator) -> None:
    stop_where_it_is(emulator)
    process(client, "p")

    code, _ = refusal(client.delete_processing_job, ProcessingJobName="p")

    assert code == "ResourceInUse"


def test_a_transform_job_needs_its_model_and_comes_back_with_the_defaults(client: Any) -> None:
    with pytest.raises(client.exceptions.ClientError, match="Could not find model"):
        transform(client, "f", "m")
    make_model(client, "m")
    transform(client, "f", "m")

    described = client.describe_transform_job(TransformJobName="f")

    assert described["TransformJobStatus"] == "Completed"
    assert described["TransformInput"]["CompressionType"] == "None"
    assert described["TransformInput"]["SplitType"] == "None"
    assert described["TransformOutput"] == {"S3OutputPath": "s3://bucket/out", "AssembleWith": "None", "KmsKeyId": ""}
    assert described["DataProcessing"] == {"InputFilter": "$", "OutputFilter": "$", "JoinSource": "None"}
    assert described["TransformStartTime"] <= described["TransformEndTime"]
    assert "LastModifiedTime" not in described
    [listed] = client.list_transform_jobs()["TransformJobSummaries"]
    assert {"LastModifiedTime", "TransformEndTime"} <= listed.keys()


# --- Compilation, optimization and edge packaging ---------------------------------------------------------------------


def test_a_compiled_model_is_named_after_its_source_and_its_target(client: Any) -> None:
    compile_model(client, "c")

    described = client.describe_compilation_job(CompilationJobName="c")

    assert described["CompilationJobStatus"] == "COMPLETED"
    assert described["ModelArtifacts"] == {"S3ModelArtifacts": "s3://bucket/out/resnet-ml_c5.tar.gz"}
    assert described["InferenceImage"].endswith("/sagemaker-inference-pytorch:1.13-cpu-py3")
    assert described["ModelDigests"]["ArtifactDigest"]
    assert described["CompilationStartTime"] <= described["CompilationEndTime"]
    [listed] = client.list_compilation_jobs()["CompilationJobSummaries"]
    assert listed["CompilationTargetDevice"] == "ml_c5"


def test_a_model_for_the_edge_needs_no_image(client: Any) -> None:
    platform = {"Os": "LINUX", "Arch": "ARM64", "Accelerator": "NVIDIA"}
    compile_model(client, "c", OutputConfig={"S3OutputLocation": "s3://bucket/out", "TargetPlatform": platform})

    described = client.describe_compilation_job(CompilationJobName="c")

    assert described["ModelArtifacts"] == {"S3ModelArtifacts": "s3://bucket/out/resnet-LINUX_ARM64_NVIDIA.tar.gz"}
    assert "InferenceImage" not in described


def test_compilation_jobs_are_deleted_at_their_end_only(client: Any, emulator: Emulator) -> None:
    stop_where_it_is(emulator)
    compile_model(client, "c")
    code, _ = refusal(client.delete_compilation_job, CompilationJobName="c")
    assert code == "ValidationException"

    client.stop_compilation_job(CompilationJobName="c")
    emulator.settings.pace = Pace()

    assert client.describe_compilation_job(CompilationJobName="c")["CompilationJobStatus"] == "STOPPED"
    client.delete_compilation_job(CompilationJobName="c")
    code, _ = refusal(client.describe_compilation_job, CompilationJobName="c")
    assert code == "ResourceNotFound"


def test_an_edge_package_is_made_of_a_compiled_model(client: Any) -> None:
    params = {
        "EdgePackagingJobName": "e",
        "CompilationJobName": "c",
        "ModelName": "model",
        "ModelVersion": "1.0",
        "RoleArn": ROLE,
        "OutputConfig": {"S3OutputLocation": "s3://bucket/edge/", "PresetDeploymentType": "GreengrassV2Component"},
    }
    code, _ = refusal(client.create_edge_packaging_job, **params)
    assert code == "ResourceNotFound"
    compile_model(client, "c")
    client.create_edge_packaging_job(**params)

    described = client.describe_edge_packaging_job(EdgePackagingJobName="e")

    assert described["EdgePackagingJobStatus"] == "COMPLETED"
    assert described["ModelArtifact"] == "s3://bucket/edge/model-1.0.tar.gz"
    assert described["PresetDeploymentOutput"]["Status"] == "COMPLETED"
    assert described["PresetDeploymentOutput"]["Artifact"].startswith("arn:aws:greengrass:us-east-1:")
    [listed] = client.list_edge_packaging_jobs(ModelNameContains="mod")["EdgePackagingJobSummaries"]
    assert listed["CompilationJobName"] == "c"


def test_an_optimization_job_says_what_to_serve_with(client: Any) -> None:
    client.create_optimization_job(
        OptimizationJobName="o",
        RoleArn=ROLE,
        ModelSource={"S3": {"S3Uri": "s3://bucket/model"}},
        DeploymentInstanceType="ml.g5.2xlarge",
        OptimizationConfigs=[{"ModelQuantizationConfig": {"OverrideEnvironment": {"OPTION_QUANTIZE": "awq"}}}],
        OutputConfig={"S3OutputLocation": "s3://bucket/out"},
        StoppingCondition={"MaxRuntimeInSeconds": 3600},
    )

    described = client.describe_optimization_job(OptimizationJobName="o")

    assert described["OptimizationJobStatus"] == "COMPLETED"
    assert "djl-inference" in described["OptimizationOutput"]["RecommendedInferenceImage"]
    [listed] = client.list_optimization_jobs(OptimizationContains="Quant")["OptimizationJobSummaries"]
    assert listed["OptimizationTypes"] == ["Quantization"]
    assert client.list_optimization_jobs(OptimizationContains="Compilation")["OptimizationJobSummaries"] == []


# --- Labeling jobs ----------------------------------------------------------------------------------------------------


def test_a_labeling_job_leaves_a_manifest_and_counts(client: Any) -> None:
    label(client, "l", StoppingConditions={"MaxHumanLabeledObjectCount": 5}, Tags=[{"Key": "k", "Value": "v"}])

    described = client.describe_labeling_job(LabelingJobName="l")

    assert described["LabelingJobStatus"] == "Completed"
    assert described["LabelCounters"]["HumanLabeled"] == 5
    assert described["LabelCounters"]["Unlabeled"] == 0
    assert described["LabelingJobOutput"] == {
        "OutputDatasetS3Uri": "s3://bucket/labels/l/manifests/output/output.manifest"
    }
    assert described["OutputConfig"]["KmsKeyId"] == ""
    assert described["HumanTaskConfig"]["MaxConcurrentTaskCount"] == 1000
    assert described["Tags"] == [{"Key": "k", "Value": "v"}]
    [listed] = client.list_labeling_jobs()["LabelingJobSummaryList"]
    assert listed["WorkteamArn"] == arn("workteam/private-crowd/team")


def test_a_work_team_sees_its_own_labeling_jobs(client: Any) -> None:
    for number in range(3):
        label(client, f"l{number}")
    label(client, "other", "others")
    team = arn("workteam/private-crowd/team")

    pages = client.get_paginator("list_labeling_jobs_for_workteam").paginate(
        WorkteamArn=team, SortOrder="Ascending", PaginationConfig={"PageSize": 2}
    )

    jobs = [one for page in pages for one in page["LabelingJobSummaryList"]]
    assert [one["LabelingJobName"] for one in jobs] == ["l0", "l1", "l2"]
    assert jobs[0]["LabelCounters"] == {"HumanLabeled": 0, "PendingHuman": 0, "Total": 0}
    assert jobs[0]["NumberOfHumanWorkersPerDataObject"] == 3
    code = client.describe_labeling_job(LabelingJobName="l1")["JobReferenceCode"]
    found = client.list_labeling_jobs_for_workteam(WorkteamArn=team, JobReferenceCodeContains=code)
    assert [one["LabelingJobName"] for one in found["LabelingJobSummaryList"]] == ["l1"]


def test_a_labeling_job_is_stopped(client: Any) -> None:
    label(client, "l")

    client.stop_labeling_job(LabelingJobName="l")

    described = client.describe_labeling_job(LabelingJobName="l")
    assert described["LabelingJobStatus"] == "Stopped"
    assert "LabelingJobOutput" not in described


# --- Benchmarks, recommendations, jobs and sessions -------------------------------------------------------------------


def benchmark(client: Any, name: str, workload: str) -> None:
    """Make a benchmark job."""
    client.create_ai_benchmark_job(
        AIBenchmarkJobName=name,
        BenchmarkTarget={"Endpoint": {"Identifier": "endpoint"}},
        OutputConfig={"S3OutputLocation": "s3://bucket/bench"},
        AIWorkloadConfigIdentifier=workload,
        RoleArn=ROLE,
    )


def test_a_workload_is_kept_while_a_benchmark_uses_it(client: Any, emulator: Emulator) -> None:
    workload = client.create_ai_workload_config(AIWorkloadConfigName="w")["AIWorkloadConfigArn"]
    stop_where_it_is(emulator)
    benchmark(client, "b", workload)
    code, _ = refusal(client.delete_ai_workload_config, AIWorkloadConfigName="w")
    assert code == "ResourceInUse"

    emulator.settings.pace = Pace()
    described = client.describe_ai_benchmark_job(AIBenchmarkJobName="b")

    assert described["AIBenchmarkJobStatus"] == "Completed"
    assert described["OutputConfig"]["S3OutputLocation"] == "s3://bucket/bench"
    [logs] = described["OutputConfig"]["CloudWatchLogs"]
    assert logs["LogStreamName"] == "b"
    [listed] = client.list_ai_benchmark_jobs()["AIBenchmarkJobs"]
    assert listed["AIWorkloadConfigName"] == "w"
    client.delete_ai_workload_config(AIWorkloadConfigName="w")


def test_a_benchmark_needs_a_workload(client: Any) -> None:
    with pytest.raises(client.exceptions.ResourceNotFound):
        benchmark(client, "b", "nobody")


def test_a_recommendation_names_an_instance_type(client: Any) -> None:
    client.create_ai_workload_config(AIWorkloadConfigName="w")
    client.create_ai_recommendation_job(
        AIRecommendationJobName="r",
        ModelSource={"S3": {"S3Uri": "s3://bucket/model"}},
        OutputConfig={},
        AIWorkloadConfigIdentifier="w",
        PerformanceTarget={"Constraints": [{"Metric": "throughput"}]},
        ComputeSpec={"InstanceTypes": ["ml.g5.12xlarge"]},
        RoleArn=ROLE,
    )

    described = client.describe_ai_recommendation_job(AIRecommendationJobName="r")

    assert described["AIRecommendationJobStatus"] == "Completed"
    [recommended] = described["Recommendations"]
    assert recommended["DeploymentConfiguration"]["InstanceType"] == "ml.g5.12xlarge"
    assert described["OutputConfig"]["S3OutputLocation"].startswith("s3://sagemaker-us-east-1-123456789012/")


def job(client: Any, name: str, category: str = "AgentRFT") -> str:
    """Make a job of a category and return its ARN."""
    version = client.list_job_schema_versions(JobCategory=category)["JobConfigSchemas"][0]["JobConfigSchemaVersion"]
    return client.create_job(
        JobName=name,
        JobCategory=category,
        RoleArn=ROLE,
        JobConfigSchemaVersion=version,
        JobConfigDocument="{}",
        Tags=[{"Key": "k", "Value": "v"}],
    )["JobArn"]


def test_a_job_of_a_category_tells_its_history(client: Any) -> None:
    assert job(client, "j") == arn("job/AgentRFT/j")
    job(client, "j", "DataTransformation")

    described = client.describe_job(JobName="j", JobCategory="AgentRFT")

    assert (described["JobStatus"], described["SecondaryStatus"]) == ("Completed", "Completed")
    assert described["SecondaryStatusTransitions"][0]["Status"] == "Starting"
    assert described["SecondaryStatusTransitions"][-1]["EndTime"] == described["EndTime"]
    assert described["Tags"] == [{"Key": "k", "Value": "v"}]
    [listed] = client.list_jobs(JobCategory="AgentRFT")["JobSummaries"]
    assert listed["JobSecondaryStatus"] == "Completed"
    client.delete_job(JobName="j", JobCategory="AgentRFT")
    code, _ = refusal(client.describe_job, JobName="j", JobCategory="AgentRFT")
    assert code == "ResourceNotFound"
    assert client.describe_job(JobName="j", JobCategory="DataTransformation")["JobStatus"] == "Completed"


def test_a_job_schema_is_found_by_version_or_as_the_newest(client: Any) -> None:
    newest = client.describe_job_schema_version(JobCategory="AgentRFT")

    named = client.describe_job_schema_version(
        JobCategory="AgentRFT", JobConfigSchemaVersion=newest["JobConfigSchemaVersion"]
    )

    assert plain(named) == plain(newest)
    code, _ = refusal(client.describe_job_schema_version, JobCategory="AgentRFT", JobConfigSchemaVersion="9.9.9")
    assert code == "ResourceNotFound"


def test_a_training_session_runs_until_it_is_stopped(client: Any, clock: ManualClock) -> None:
    client.create_training_session(
        TrainingSessionName="s",
        LoraConfig={"Rank": 8, "Alpha": 16},
        RoleArn=ROLE,
        ModelConfig={"BaseModelArn": "arn:aws:sagemaker:us-east-1:aws:hub-content/SageMakerPublicHub/Model/m/1.0.0"},
        OutputConfig={"S3Location": {"Path": "s3://bucket/session"}},
    )
    detail = client.describe_training_session(TrainingSessionName="s")["TrainingSessionDetail"]
    assert detail["TrainingSessionStatus"] == "Running"
    assert detail["CreationTime"].timestamp() == clock.now()
    code, _ = refusal(client.delete_training_session, TrainingSessionName="s")
    assert code == "ValidationException"

    client.stop_training_session(TrainingSessionName="s")

    detail = client.describe_training_session(TrainingSessionName="s")["TrainingSessionDetail"]
    assert detail["TrainingSessionStatus"] == "Stopped"
    assert "EndTime" in detail
    [listed] = client.list_training_sessions(StatusEquals="Stopped")["TrainingSessionSummaries"]
    assert listed["TrainingSessionArn"] == arn("training-session/s")
    client.delete_training_session(TrainingSessionName="s")
    code, _ = refusal(client.describe_training_session, TrainingSessionName="s")
    assert code == "ResourceNotFound"
