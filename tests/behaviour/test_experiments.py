"""Experiments, trials and trial components: who is in what, and what is not deleted before it is empty."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace
from tests.behaviour.examples import arn, plain, refusal
from tests.conftest import ROLE


def make_trial(client: Any, name: str, experiment: str = "e") -> str:
    return client.create_trial(TrialName=name, ExperimentName=experiment)["TrialArn"]


def make_component(client: Any, name: str, **more: Any) -> str:
    return client.create_trial_component(TrialComponentName=name, **more)["TrialComponentArn"]


def make_job(client: Any, name: str, **more: Any) -> str:
    params = {
        "AlgorithmSpecification": {"TrainingImage": "image:1", "TrainingInputMode": "File"},
        "RoleArn": ROLE,
        "InputDataConfig": [
            {
                "ChannelName": "train",
                "ContentType": "text/csv",
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/train"}},
            }
        ],
        "OutputDataConfig": {"S3OutputPath": "s3://b/out"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        "HyperParameters": {"depth": "7", "mode": "fast"},
    }
    return client.create_training_job(TrainingJobName=name, **params, **more)["TrainingJobArn"]


@pytest.fixture
def experiment(client: Any) -> str:
    """An experiment that is there."""
    client.create_experiment(ExperimentName="e")
    return "e"


# --- Experiments ------------------------------------------------------------------------------------------------------


def test_an_experiment_comes_back_with_its_name_displayed(client: Any, clock: ManualClock) -> None:
    made = client.create_experiment(ExperimentName="e", Description="d")

    described = plain(client.describe_experiment(ExperimentName="e"))

    assert plain(made) == {"ExperimentArn": arn("experiment/e")}
    assert described.pop("CreationTime").timestamp() == described.pop("LastModifiedTime").timestamp() == clock.now()
    assert described == {
        "ExperimentName": "e",
        "ExperimentArn": arn("experiment/e"),
        "DisplayName": "e",
        "Description": "d",
        "CreatedBy": {},
        "LastModifiedBy": {},
    }


def test_names_that_differ_by_case_are_one_name(client: Any) -> None:
    client.create_experiment(ExperimentName="My-Experiment")

    assert client.describe_experiment(ExperimentName="my-experiment")["ExperimentName"] == "My-Experiment"
    code, message = refusal(client.create_experiment, ExperimentName="MY-EXPERIMENT")
    assert code == "ValidationException"
    assert message == (
        "Experiment names must be unique within an AWS account and region. "
        "Experiment with name (MY-EXPERIMENT) already exists."
    )


@pytest.mark.parametrize("operation", ["describe_experiment", "update_experiment", "delete_experiment"])
def test_an_unknown_experiment_is_not_found(client: Any, operation: str) -> None:
    assert refusal(getattr(client, operation), ExperimentName="nobody") == (
        "ResourceNotFound",
        f"Experiment '{arn('experiment/nobody')}' does not exist.",
    )


def test_an_update_changes_the_display_name_and_answers_the_arn(client: Any, experiment: str) -> None:
    answer = client.update_experiment(ExperimentName=experiment, DisplayName="Better", Description="new")

    described = client.describe_experiment(ExperimentName=experiment)
    assert plain(answer) == {"ExperimentArn": arn("experiment/e")}
    assert (described["DisplayName"], described["Description"]) == ("Better", "new")


def test_an_experiment_with_trials_is_not_deleted(client: Any, experiment: str) -> None:
    make_trial(client, "t")

    assert refusal(client.delete_experiment, ExperimentName=experiment) == (
        "ValidationException",
        f"Experiment '{arn('experiment/e')}' has 1 or more trials and cannot be deleted.",
    )
    client.delete_trial(TrialName="t")
    assert plain(client.delete_experiment(ExperimentName=experiment)) == {"ExperimentArn": arn("experiment/e")}
    assert client.list_experiments()["ExperimentSummaries"] == []


# --- Trials -----------------------------------------------------------------------------------------------------------


def test_a_trial_needs_an_experiment_that_is_there(client: Any) -> None:
    assert refusal(client.create_trial, TrialName="t", ExperimentName="nobody") == (
        "ResourceNotFound",
        f"Experiment '{arn('experiment/nobody')}' does not exist.",
    )


def test_a_trial_comes_back_complete(client: Any, experiment: str) -> None:
    metadata = {"CommitId": "c", "Repository": "r", "GeneratedBy": "g", "ProjectId": "p"}
    client.create_trial(TrialName="t", ExperimentName=experiment, DisplayName="T", MetadataProperties=metadata)

    described = plain(client.describe_trial(TrialName="t"))

    assert described.pop("CreationTime") == described.pop("LastModifiedTime")
    assert described == {
        "TrialName": "t",
        "TrialArn": arn("experiment-trial/t"),
        "DisplayName": "T",
        "ExperimentName": "e",
        "MetadataProperties": metadata,
        "CreatedBy": {},
        "LastModifiedBy": {},
    }


def test_trials_are_listed_by_experiment_and_by_component(client: Any, experiment: str, clock: ManualClock) -> None:
    client.create_experiment(ExperimentName="other")
    for name, of in (("a", "e"), ("b", "e"), ("c", "other")):
        make_trial(client, name, of)
        clock.advance(1)
    make_component(client, "tc")
    for name in ("a", "c"):
        client.associate_trial_component(TrialComponentName="tc", TrialName=name)

    def names(**params: Any) -> list[str]:
        return [one["TrialName"] for one in client.list_trials(**params)["TrialSummaries"]]

    assert names() == ["c", "b", "a"]
    assert names(ExperimentName="e") == ["b", "a"]
    assert names(TrialComponentName="tc") == ["c", "a"]
    assert names(TrialComponentName="tc", ExperimentName="E") == ["a"]
    assert names(TrialComponentName="tc", SortBy="Name", SortOrder="Ascending") == ["a", "c"]
    assert refusal(client.list_trials, ExperimentName="nobody")[0] == "ResourceNotFound"
    assert refusal(client.list_trials, TrialComponentName="nobody")[0] == "ResourceNotFound"


# --- Trial components -------------------------------------------------------------------------------------------------


def test_a_component_comes_back_complete_by_name_and_by_arn(client: Any) -> None:
    sent = {
        "DisplayName": "C",
        "Status": {"PrimaryStatus": "InProgress", "Message": "m"},
        "Parameters": {"depth": {"NumberValue": 3.0}, "mode": {"StringValue": "fast"}},
        "InputArtifacts": {"data": {"MediaType": "text/csv", "Value": "s3://b/in"}},
        "OutputArtifacts": {"model": {"Value": "s3://b/out"}},
        "MetadataProperties": {"CommitId": "c"},
    }
    its_arn = make_component(client, "tc", **sent)

    described = plain(client.describe_trial_component(TrialComponentName=its_arn))

    assert described == plain(client.describe_trial_component(TrialComponentName="tc"))
    assert {name: described[name] for name in sent} == sent
    assert described["TrialComponentArn"] == its_arn == arn("experiment-trial-component/tc")
    assert described["LineageGroupArn"] == arn("lineage-group/sagemaker-default-lineage-group")
    assert described["Metrics"] == []
    assert "Source" not in described


def test_an_update_adds_parameters_and_takes_others_away(client: Any) -> None:
    make_component(client, "tc", Parameters={"a": {"NumberValue": 1}, "b": {"NumberValue": 2}})

    client.update_trial_component(
        TrialComponentName="tc",
        Parameters={"b": {"NumberValue": 3}, "c": {"StringValue": "x"}},
        ParametersToRemove=["a"],
        OutputArtifacts={"o": {"Value": "s3://b/o"}},
    )

    described = client.describe_trial_component(TrialComponentName="tc")
    assert described["Parameters"] == {"b": {"NumberValue": 3.0}, "c": {"StringValue": "x"}}
    assert described["OutputArtifacts"] == {"o": {"Value": "s3://b/o"}}


def test_a_component_is_in_as_many_trials_as_one_likes(client: Any, experiment: str) -> None:
    make_trial(client, "a")
    make_trial(client, "b")
    make_component(client, "tc")

    for trial in ("a", "b", "a"):
        answer = client.associate_trial_component(TrialComponentName="tc", TrialName=trial)
        assert plain(answer) == {
            "TrialComponentArn": arn("experiment-trial-component/tc"),
            "TrialArn": arn(f"experiment-trial/{trial}"),
        }

    linked = f"TrialComponent '{arn('experiment-trial-component/tc')}' is linked to 1 or more trials"
    assert refusal(client.delete_trial_component, TrialComponentName="tc") == (
        "ValidationException",
        f"{linked} and cannot be deleted.",
    )
    code, message = refusal(client.delete_trial, TrialName="a")
    assert (code, "linked to 1 or more trial components" in message) == ("ValidationException", True)
    for trial in ("a", "b"):
        client.disassociate_trial_component(TrialComponentName="tc", TrialName=trial)
    assert refusal(client.disassociate_trial_component, TrialComponentName="tc", TrialName="a")[0] == "ResourceNotFound"
    client.delete_trial_component(TrialComponentName="tc")
    client.delete_trial(TrialName="a")


@pytest.mark.parametrize(
    "params", [{"TrialComponentName": "tc", "TrialName": "nobody"}, {"TrialComponentName": "nobody", "TrialName": "t"}]
)
def test_what_is_associated_must_be_there(client: Any, experiment: str, params: dict[str, str]) -> None:
    make_trial(client, "t")
    make_component(client, "tc")

    assert refusal(client.associate_trial_component, **params)[0] == "ResourceNotFound"
    assert refusal(client.disassociate_trial_component, **params)[0] == "ResourceNotFound"


def test_components_are_listed_by_trial_and_by_experiment_page_by_page(client: Any, clock: ManualClock) -> None:
    for experiment in ("e", "other"):
        client.create_experiment(ExperimentName=experiment)
        make_trial(client, f"{experiment}-1", experiment)
        make_trial(client, f"{experiment}-2", experiment)
    for number in range(6):
        make_component(client, f"tc{number}")
        clock.advance(1)
        trials = ("e-1", "e-2") if number % 2 else ("other-1",)
        for trial in trials:
            client.associate_trial_component(TrialComponentName=f"tc{number}", TrialName=trial)

    def names(**params: Any) -> list[str]:
        pages = client.get_paginator("list_trial_components").paginate(PaginationConfig={"PageSize": 2}, **params)
        return [one["TrialComponentName"] for page in pages for one in page["TrialComponentSummaries"]]

    assert names() == [f"tc{number}" for number in range(5, -1, -1)]
    assert names(TrialName="e-1") == names(ExperimentName="e") == ["tc5", "tc3", "tc1"]
    assert names(ExperimentName="other", SortOrder="Ascending") == ["tc0", "tc2", "tc4"]
    assert names(TrialName="other-2") == []
    assert refusal(client.list_trial_components, ExperimentName="nobody")[0] == "ResourceNotFound"
    assert refusal(client.list_trial_components, TrialName="nobody")[0] == "ResourceNotFound"
    assert refusal(client.list_trial_components, TrialName="e-1", ExperimentName="e")[0] == "ValidationException"


# --- Components of jobs -----------------------------------------------------------------------------------------------


def test_a_training_job_has_a_component_that_tells_what_it_did(client: Any, clock: ManualClock) -> None:
    job = make_job(client, "My-Job")

    [summary] = client.list_trial_components(SourceArn=job)["TrialComponentSummaries"]
    described = client.describe_trial_component(TrialComponentName="My-Job-aws-training-job")

    source = {"SourceArn": job, "SourceType": "SageMakerTrainingJob"}
    assert summary["TrialComponentName"] == described["TrialComponentName"] == "my-job-aws-training-job"
    assert summary["TrialComponentSource"] == described["Source"] == source
    assert described["Status"] == {
        "PrimaryStatus": "Completed",
        "Message": "Status: Completed, secondary status: Completed, failure reason: .",
    }
    assert described["Parameters"] == {
        "depth": {"NumberValue": 7.0},
        "mode": {"StringValue": "fast"},
        "SageMaker.ImageUri": {"StringValue": "image:1"},
        "SageMaker.InstanceCount": {"NumberValue": 2.0},
        "SageMaker.InstanceType": {"StringValue": "ml.m5.large"},
        "SageMaker.VolumeSizeInGB": {"NumberValue": 30.0},
    }
    assert described["InputArtifacts"] == {"train": {"MediaType": "text/csv", "Value": "s3://b/train"}}
    assert described["OutputArtifacts"] == {
        "SageMaker.ModelArtifact": {"Value": "s3://b/out/My-Job/output/model.tar.gz"}
    }
    assert described["StartTime"] <= described["EndTime"]


def test_a_component_goes_the_way_of_its_job(client: Any, emulator: Emulator, clock: ManualClock) -> None:
    emulator.settings.pace = Pace("real")
    make_job(client, "job")

    def status() -> str:
        component = client.describe_trial_component(TrialComponentName="job-aws-training-job")
        return component["Status"]["PrimaryStatus"]

    assert status() == "InProgress"
    client.stop_training_job(TrainingJobName="job")
    assert status() == "Stopping"
    clock.advance(100)
    assert status() == "Stopped"


def test_a_job_can_say_which_trial_it_is_in(client: Any, experiment: str) -> None:
    make_trial(client, "t")
    make_job(
        client,
        "job",
        ExperimentConfig={"ExperimentName": "e", "TrialName": "t", "TrialComponentDisplayName": "Training"},
    )
    make_job(client, "lonely", ExperimentConfig={"ExperimentName": "e"})

    [component] = client.list_trial_components(TrialName="t")["TrialComponentSummaries"]
    assert (component["TrialComponentName"], component["DisplayName"]) == ("job-aws-training-job", "Training")
    names = {
        one["TrialComponentName"] for one in client.list_trial_components(ExperimentName="e")["TrialComponentSummaries"]
    }
    assert names == {"job-aws-training-job", "lonely-aws-training-job"}
