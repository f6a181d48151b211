"""Tuning jobs: the training jobs they launch, within their ranges and limits, and the best of them."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.engine.clock import Chance, ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace
from tests.behaviour.examples import arn, refusal
from tests.conftest import ROLE

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/train:1"
RANGES = {
    "IntegerParameterRanges": [{"Name": "depth", "MinValue": "2", "MaxValue": "9"}],
    "ContinuousParameterRanges": [
        {"Name": "rate", "MinValue": "0.001", "MaxValue": "0.1", "ScalingType": "Logarithmic"},
    ],
    "CategoricalParameterRanges": [{"Name": "optimizer", "Values": ["sgd", "adam"]}],
}
DEFINITION = {
    "StaticHyperParameters": {"epochs": "3"},
    "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
    "RoleArn": ROLE,
    "OutputDataConfig": {"S3OutputPath": "s3://bucket/out"},
    "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 5},
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
}


def config(most: int = 4, parallel: int = 2, aim: str = "Minimize", **more: Any) -> dict[str, Any]:
    """Return the configuration of a tuning job."""
    return {
        "Strategy": "Bayesian",
        "HyperParameterTuningJobObjective": {"Type": aim, "MetricName": "loss"},
        "ResourceLimits": {"MaxNumberOfTrainingJobs": most, "MaxParallelTrainingJobs": parallel},
        "ParameterRanges": RANGES,
    } | more


def tune(client: Any, name: str = "h", **more: Any) -> str:
    """Make a tuning job and return its ARN."""
    params = {"HyperParameterTuningJobConfig": config(), "TrainingJobDefinition": DEFINITION} | more
    answer = client.create_hyper_parameter_tuning_job(HyperParameterTuningJobName=name, **params)
    return answer["HyperParameterTuningJobArn"]


def describe(client: Any, name: str = "h") -> dict[str, Any]:
    """Describe a tuning job."""
    return client.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)


def launched(client: Any, name: str = "h", **params: Any) -> list[dict[str, Any]]:
    """List the training jobs of a tuning job."""
    answer = client.list_training_jobs_for_hyper_parameter_tuning_job(HyperParameterTuningJobName=name, **params)
    return answer["TrainingJobSummaries"]


def test_a_tuning_job_ends_with_its_training_jobs_and_names_the_best(client: Any) -> None:
    assert tune(client) == arn("hyper-parameter-tuning-job/h")

    described = describe(client)

    assert described["HyperParameterTuningJobStatus"] == "Completed"
    assert described["TrainingJobStatusCounters"] == {
        "Completed": 4,
        "InProgress": 0,
        "RetryableError": 0,
        "NonRetryableError": 0,
        "Stopped": 0,
    }
    assert described["ObjectiveStatusCounters"] == {"Succeeded": 4, "Pending": 0, "Failed": 0}
    jobs = launched(client)
    values = [one["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for one in jobs]
    best = described["BestTrainingJob"]
    assert best["FinalHyperParameterTuningJobObjectiveMetric"] == {"MetricName": "loss", "Value": min(values)}
    assert best["ObjectiveStatus"] == "Succeeded"
    assert best in jobs
    assert described["HyperParameterTuningEndTime"]
    assert described["ConsumedResources"]["RuntimeInSeconds"] >= 0
    assert described["TuningJobCompletionDetails"]["NumberOfTrainingJobsObjectiveNotImproving"] <= 3


def test_the_most_is_the_best_where_more_is_better(client: Any) -> None:
    tune(client, HyperParameterTuningJobConfig=config(aim="Maximize"))

    best = describe(client)["BestTrainingJob"]["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]

    assert best == max(one["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for one in launched(client))


def test_what_a_tuning_job_launches_are_training_jobs_like_any_other(client: Any) -> None:
    tune(client, Tags=[{"Key": "team", "Value": "blue"}])
    names = [one["TrainingJobName"] for one in client.list_training_jobs()["TrainingJobSummaries"]]
    assert sorted(name[:6] for name in names) == ["h-001-", "h-002-", "h-003-", "h-004-"]

    summary = launched(client)[0]
    job = client.describe_training_job(TrainingJobName=summary["TrainingJobName"])

    assert job["TuningJobArn"] == arn("hyper-parameter-tuning-job/h")
    assert job["TrainingJobStatus"] == "Completed"
    tuned = summary["TunedHyperParameters"]
    assert job["HyperParameters"] == {"epochs": "3", "_tuning_objective_metric": "loss", **tuned}
    assert 2 <= int(tuned["depth"]) <= 9
    assert 0.001 <= float(tuned["rate"]) <= 0.1
    assert tuned["optimizer"] in ("sgd", "adam")
    assert job["FinalMetricDataList"][0]["MetricName"] == "loss"
    assert job["ModelArtifacts"]["S3ModelArtifacts"] == f"s3://bucket/out/{job['TrainingJobName']}/output/model.tar.gz"
    assert client.list_tags(ResourceArn=job["TrainingJobArn"])["Tags"] == [{"Key": "team", "Value": "blue"}]


def test_the_same_seed_chooses_the_same_hyperparameters(client: Any, emulator: Emulator) -> None:
    chosen = []
    for _ in range(2):
        emulator.store.reset()
        emulator.chance = Chance(7)
        tune(client)
        chosen.append(launched(client))

    assert chosen[0] == chosen[1]


def test_a_random_seed_chooses_the_same_hyperparameters_for_every_tuning_job(client: Any) -> None:
    for name in ("a", "b"):
        tune(client, name, HyperParameterTuningJobConfig=config(RandomSeed=5))

    first, second = ([one["TunedHyperParameters"] for one in launched(client, name)] for name in ("a", "b"))

    assert first == second


def test_a_tuning_job_comes_back_with_the_defaults(client: Any) -> None:
    tune(client)

    definition = describe(client)["TrainingJobDefinition"]

    assert definition == {
        **DEFINITION,
        "StaticHyperParameters": {"epochs": "3", "_tuning_objective_metric": "loss"},
        "EnableNetworkIsolation": False,
        "EnableInterContainerTrafficEncryption": False,
        "EnableManagedSpotTraining": False,
    }


def test_no_more_training_jobs_run_at_a_time_than_may(client: Any, emulator: Emulator, clock: ManualClock) -> None:
    emulator.settings.pace = Pace("real")
    born = clock.now()
    tune(client, HyperParameterTuningJobConfig=config(most=5, parallel=2))
    seen = []

    for _ in range(4):
        counters = describe(client)["TrainingJobStatusCounters"]
        seen.append((counters["Completed"], counters["InProgress"]))
        clock.advance(220)

    assert seen == [(0, 2), (2, 2), (4, 1), (5, 0)]
    described = describe(client)
    assert described["HyperParameterTuningJobStatus"] == "Completed"
    assert described["HyperParameterTuningEndTime"].timestamp() == born + 660
    assert described["ConsumedResources"]["RuntimeInSeconds"] == 660
    begun = [one["CreationTime"].timestamp() - born for one in launched(client)]
    assert begun == [0, 0, 220, 220, 440]


def test_what_was_due_while_nobody_looked_was_launched_then(
    client: Any, emulator: Emulator, clock: ManualClock
) -> None:
    emulator.settings.pace = Pace("real")
    born = clock.now()
    tune(client, HyperParameterTuningJobConfig=config(most=3, parallel=1))
    clock.advance(10_000)

    jobs = client.list_training_jobs(SortBy="Name", SortOrder="Ascending")["TrainingJobSummaries"]

    assert [one["CreationTime"].timestamp() - born for one in jobs] == [0, 220, 440]
    assert {one["TrainingJobStatus"] for one in jobs} == {"Completed"}
    assert describe(client)["HyperParameterTuningEndTime"].timestamp() == born + 660


def test_at_each_step_the_running_training_jobs_end_and_the_next_begin(client: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("step")
    tune(client, HyperParameterTuningJobConfig=config(most=4, parallel=2))
    seen = []

    for _ in range(3):
        described = describe(client)
        seen.append((described["HyperParameterTuningJobStatus"], described["TrainingJobStatusCounters"]["Completed"]))

    assert seen == [("InProgress", 0), ("InProgress", 2), ("Completed", 4)]


def test_a_tuning_job_that_is_stopped_stops_its_training_jobs(client: Any, emulator: Emulator) -> None:
    tune(client)

    client.stop_hyper_parameter_tuning_job(HyperParameterTuningJobName="h")

    described = describe(client)
    assert described["HyperParameterTuningJobStatus"] == "Stopped"
    assert described["TrainingJobStatusCounters"]["Stopped"] == 2
    assert described["ObjectiveStatusCounters"]["Failed"] == 2
    assert "BestTrainingJob" not in described
    assert [one["TrainingJobStatus"] for one in launched(client)] == ["Stopped", "Stopped"]


def test_a_tuning_job_that_has_ended_is_not_stopped(client: Any) -> None:
    tune(client)
    describe(client)

    code, message = refusal(client.stop_hyper_parameter_tuning_job, HyperParameterTuningJobName="h")

    assert code == "ValidationException"
    assert "already" in message


def test_a_tuning_job_is_deleted_at_its_end_only_and_its_training_jobs_stay(client: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("manual")
    tune(client)
    code, message = refusal(client.delete_hyper_parameter_tuning_job, HyperParameterTuningJobName="h")
    assert code == "ValidationException"
    assert "not in a terminal state" in message
    emulator.settings.pace = Pace()
    describe(client)

    client.delete_hyper_parameter_tuning_job(HyperParameterTuningJobName="h")

    code, message = refusal(client.describe_hyper_parameter_tuning_job, HyperParameterTuningJobName="h")
    assert code == "ResourceNotFound"
    assert message.startswith("Amazon SageMaker can't find a tuning job")
    assert len(client.list_training_jobs()["TrainingJobSummaries"]) == 4


def test_a_grid_has_one_training_job_for_each_point(client: Any) -> None:
    categories = [{"Name": "a", "Values": ["1", "2", "3"]}, {"Name": "b", "Values": ["x", "y"]}]
    grid = config(Strategy="Grid", ParameterRanges={"CategoricalParameterRanges": categories})
    grid["ResourceLimits"] = {"MaxParallelTrainingJobs": 3}
    tune(client, HyperParameterTuningJobConfig=grid)

    points = {tuple(one["TunedHyperParameters"].values()) for one in launched(client)}

    assert points == {(a, b) for a in "123" for b in "xy"}


def test_several_definitions_take_turns_and_say_what_they_are_tuned_for(client: Any) -> None:
    definitions = [
        {
            **DEFINITION,
            "DefinitionName": name,
            "TuningObjective": {"Type": "Minimize", "MetricName": metric},
            "HyperParameterRanges": RANGES,
        }
        for name, metric in (("one", "loss"), ("two", "error"))
    ]
    shared = config()
    del shared["HyperParameterTuningJobObjective"], shared["ParameterRanges"]
    client.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName="h", HyperParameterTuningJobConfig=shared, TrainingJobDefinitions=definitions
    )

    jobs = launched(client)

    assert [one["TrainingJobDefinitionName"] for one in jobs] == ["one", "two", "one", "two"]
    final = jobs[1]["FinalHyperParameterTuningJobObjectiveMetric"]
    assert (final["Type"], final["MetricName"]) == ("Minimize", "error")


def test_a_warm_start_compares_with_its_parents(client: Any) -> None:
    tune(client, "parent", HyperParameterTuningJobConfig=config(most=30, parallel=10))
    before = describe(client, "parent")["BestTrainingJob"]
    start = {
        "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "parent"}],
        "WarmStartType": "IdenticalDataAndAlgorithm",
    }
    tune(client, "child", HyperParameterTuningJobConfig=config(most=1, parallel=1), WarmStartConfig=start)

    described = describe(client, "child")

    values = [
        one["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for one in (before, described["BestTrainingJob"])
    ]
    assert described["OverallBestTrainingJob"]["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] == min(values)


def test_a_warm_start_needs_its_parents(client: Any) -> None:
    start = {
        "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "nobody"}],
        "WarmStartType": "TransferLearning",
    }
    with pytest.raises(client.exceptions.ResourceNotFound):
        tune(client, WarmStartConfig=start)


def test_a_range_that_is_none_is_refused_and_nothing_is_launched(client: Any) -> None:
    wrong = {"IntegerParameterRanges": [{"Name": "depth", "MinValue": "9", "MaxValue": "2"}]}

    with pytest.raises(client.exceptions.ClientError, match="depth"):
        tune(client, HyperParameterTuningJobConfig=config(ParameterRanges=wrong))

    assert client.list_training_jobs()["TrainingJobSummaries"] == []
    assert client.list_hyper_parameter_tuning_jobs()["HyperParameterTuningJobSummaries"] == []


def test_training_jobs_of_a_tuning_job_are_sorted_filtered_and_paged(client: Any) -> None:
    tune(client, HyperParameterTuningJobConfig=config(most=12, parallel=4))
    assert len(launched(client)) == 10

    best_first = launched(client, SortBy="FinalObjectiveMetricValue", MaxResults=100)
    pages = client.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job").paginate(
        HyperParameterTuningJobName="h", SortBy="CreationTime", PaginationConfig={"PageSize": 5}
    )

    values = [one["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for one in best_first]
    assert values == sorted(values)
    assert len(values) == 12
    names = [one["TrainingJobName"] for page in pages for one in page["TrainingJobSummaries"]]
    assert names == sorted(names)
    assert len(names) == 12
    assert launched(client, StatusEquals="Failed") == []


def test_tuning_jobs_are_listed_by_name_with_their_strategy(client: Any) -> None:
    for name in ("b", "a"):
        tune(client, name)

    listed = client.list_hyper_parameter_tuning_jobs()["HyperParameterTuningJobSummaries"]

    assert [one["HyperParameterTuningJobName"] for one in listed] == ["a", "b"]
    assert listed[0]["Strategy"] == "Bayesian"
    assert listed[0]["ResourceLimits"] == {"MaxNumberOfTrainingJobs": 4, "MaxParallelTrainingJobs": 2}
    assert listed[0]["TrainingJobStatusCounters"]["Completed"] == 4
