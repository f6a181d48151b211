"""AutoML jobs: created and described in two ways, with candidates and the best of them."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace
from tests.behaviour.examples import arn, refusal
from tests.conftest import ROLE

DATA = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/in"}}
CHANNEL = {"DataSource": DATA, "TargetAttributeName": "y"}
OUTPUT = {"S3OutputPath": "s3://bucket/out"}


def create(client: Any, name: str = "a", **more: Any) -> str:
    """Make a job in the first way and return its ARN."""
    params = {"InputDataConfig": [CHANNEL], "OutputDataConfig": OUTPUT, "RoleArn": ROLE} | more
    return client.create_auto_ml_job(AutoMLJobName=name, **params)["AutoMLJobArn"]


def create_v2(client: Any, name: str = "a", **more: Any) -> str:
    """Make a job in the second way and return its ARN."""
    params = {
        "AutoMLJobInputDataConfig": [{"DataSource": DATA, "ChannelType": "training"}],
        "OutputDataConfig": OUTPUT,
        "AutoMLProblemTypeConfig": {"TabularJobConfig": {"TargetAttributeName": "y"}},
        "RoleArn": ROLE,
    } | more
    return client.create_auto_ml_job_v2(AutoMLJobName=name, **params)["AutoMLJobArn"]


def test_a_job_ends_with_candidates_of_which_one_is_best(client: Any) -> None:
    criteria = {"CompletionCriteria": {"MaxCandidates": 5}}
    assert create(client, AutoMLJobConfig=criteria) == arn("automl-job/a")

    described = client.describe_auto_ml_job(AutoMLJobName="a")

    assert (described["AutoMLJobStatus"], described["AutoMLJobSecondaryStatus"]) == ("Completed", "Completed")
    candidates = client.list_candidates_for_auto_ml_job(AutoMLJobName="a")["Candidates"]
    assert len(candidates) == 5
    best = described["BestCandidate"]
    assert best in candidates
    values = [one["FinalAutoMLJobObjectiveMetric"]["Value"] for one in candidates]
    assert best["FinalAutoMLJobObjectiveMetric"]["Value"] == max(values)
    assert best["FinalAutoMLJobObjectiveMetric"]["MetricName"] == "F1"
    assert len(best["InferenceContainers"]) == 3
    assert best["CandidateSteps"][-1]["CandidateStepType"] == "AWS::SageMaker::TrainingJob"
    assert described["ResolvedAttributes"]["ProblemType"] == "BinaryClassification"
    assert described["ResolvedAttributes"]["CompletionCriteria"]["MaxCandidates"] == 5
    assert described["AutoMLJobArtifacts"]["DataExplorationNotebookLocation"].startswith("s3://bucket/out/a/")
    assert described["EndTime"]


def test_the_least_error_is_the_best(client: Any) -> None:
    create(client, ProblemType="Regression", AutoMLJobObjective={"MetricName": "RMSE"})

    best = client.describe_auto_ml_job(AutoMLJobName="a")["BestCandidate"]["FinalAutoMLJobObjectiveMetric"]

    candidates = client.list_candidates_for_auto_ml_job(AutoMLJobName="a", MaxResults=300)["Candidates"]
    assert best["MetricName"] == "RMSE"
    assert best["Value"] == min(one["FinalAutoMLJobObjectiveMetric"]["Value"] for one in candidates)


def test_a_job_of_the_first_way_is_described_in_the_second(client: Any) -> None:
    create(
        client,
        ProblemType="Regression",
        AutoMLJobObjective={"MetricName": "MSE"},
        AutoMLJobConfig={"Mode": "ENSEMBLING", "DataSplitConfig": {"ValidationFraction": 0.2}},
    )

    described = client.describe_auto_ml_job_v2(AutoMLJobName="a")

    assert described["AutoMLJobInputDataConfig"] == [{"DataSource": DATA}]
    assert described["AutoMLProblemTypeConfigName"] == "Tabular"
    assert described["AutoMLProblemTypeConfig"] == {
        "TabularJobConfig": {"TargetAttributeName": "y", "ProblemType": "Regression", "Mode": "ENSEMBLING"}
    }
    assert described["DataSplitConfig"] == {"ValidationFraction": 0.2}
    resolved = described["ResolvedAttributes"]["AutoMLProblemTypeResolvedAttributes"]
    assert resolved == {"TabularResolvedAttributes": {"ProblemType": "Regression"}}


def test_a_job_of_the_second_way_is_described_in_the_second_only(client: Any) -> None:
    split = {"ValidationFraction": 0.25}
    assert create_v2(client, DataSplitConfig=split, Tags=[{"Key": "k", "Value": "v"}]) == arn("automl-job/a")

    described = client.describe_auto_ml_job_v2(AutoMLJobName="a")

    assert described["AutoMLJobStatus"] == "Completed"
    assert described["AutoMLProblemTypeConfigName"] == "Tabular"
    assert described["DataSplitConfig"] == split
    assert described["BestCandidate"]["CandidateName"]
    code, _ = refusal(client.describe_auto_ml_job, AutoMLJobName="a")
    assert code == "ValidationException"
    assert client.list_tags(ResourceArn=described["AutoMLJobArn"])["Tags"] == [{"Key": "k", "Value": "v"}]


@pytest.mark.parametrize(
    ("problem", "name", "metric"),
    [
        ({"ImageClassificationJobConfig": {}}, "ImageClassification", "Accuracy"),
        (
            {"TextClassificationJobConfig": {"ContentColumn": "text", "TargetLabelColumn": "label"}},
            "TextClassification",
            "Accuracy",
        ),
        ({"TextGenerationJobConfig": {"BaseModelName": "Falcon7B"}}, "TextGeneration", None),
    ],
)
def test_other_problems_have_one_candidate(client: Any, problem: dict[str, Any], name: str, metric: str | None) -> None:
    create_v2(client, AutoMLProblemTypeConfig=problem)

    described = client.describe_auto_ml_job_v2(AutoMLJobName="a")

    assert described["AutoMLProblemTypeConfigName"] == name
    assert "AutoMLJobArtifacts" not in described
    [candidate] = client.list_candidates_for_auto_ml_job(AutoMLJobName="a")["Candidates"]
    assert candidate.get("FinalAutoMLJobObjectiveMetric", {}).get("MetricName") == metric


def test_both_ways_share_the_names_and_the_list(client: Any) -> None:
    create(client, "a")
    create_v2(client, "b")

    with pytest.raises(client.exceptions.ResourceInUse):
        create_v2(client, "a")

    listed = client.list_auto_ml_jobs(SortOrder="Ascending")["AutoMLJobSummaries"]
    assert [(one["AutoMLJobName"], one["AutoMLJobSecondaryStatus"]) for one in listed] == [
        ("a", "Completed"),
        ("b", "Completed"),
    ]


def test_a_job_shows_what_it_does(client: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("step")
    create(client)
    seen = []

    for _ in range(7):
        described = client.describe_auto_ml_job(AutoMLJobName="a")
        seen.append((described["AutoMLJobStatus"], described["AutoMLJobSecondaryStatus"]))

    assert [second for _, second in seen] == [
        "Starting",
        "AnalyzingData",
        "FeatureEngineering",
        "ModelTuning",
        "GeneratingExplainabilityReport",
        "GeneratingModelInsightsReport",
        "Completed",
    ]
    assert {first for first, _ in seen[:-1]} == {"InProgress"}


def test_a_job_that_only_defines_candidates_trains_none(client: Any) -> None:
    create(client, GenerateCandidateDefinitionsOnly=True)

    described = client.describe_auto_ml_job(AutoMLJobName="a")

    assert described["AutoMLJobSecondaryStatus"] == "CandidateDefinitionsGenerated"
    assert "BestCandidate" not in described
    assert client.list_candidates_for_auto_ml_job(AutoMLJobName="a")["Candidates"] == []


def test_a_job_is_stopped_without_candidates(client: Any) -> None:
    create(client)

    client.stop_auto_ml_job(AutoMLJobName="a")

    described = client.describe_auto_ml_job(AutoMLJobName="a")
    assert (described["AutoMLJobStatus"], described["AutoMLJobSecondaryStatus"]) == ("Stopped", "Stopped")
    assert "BestCandidate" not in described


def test_candidates_are_found_sorted_and_paged(client: Any) -> None:
    create(client, AutoMLJobConfig={"CompletionCriteria": {"MaxCandidates": 12}})
    pages = client.get_paginator("list_candidates_for_auto_ml_job").paginate(
        AutoMLJobName="a", SortBy="FinalObjectiveMetricValue", SortOrder="Descending", PaginationConfig={"PageSize": 5}
    )

    candidates = [one for page in pages for one in page["Candidates"]]

    values = [one["FinalAutoMLJobObjectiveMetric"]["Value"] for one in candidates]
    assert values == sorted(values, reverse=True)
    assert len(values) == 12
    name = candidates[3]["CandidateName"]
    [found] = client.list_candidates_for_auto_ml_job(AutoMLJobName="a", CandidateNameEquals=name)["Candidates"]
    assert found == candidates[3]
    failed = client.list_candidates_for_auto_ml_job(AutoMLJobName="a", StatusEquals="Failed")["Candidates"]
    assert failed == []


def test_the_best_candidate_is_put_behind_an_endpoint(client: Any) -> None:
    create(client, ModelDeployConfig={"EndpointName": "served"})

    described = client.describe_auto_ml_job(AutoMLJobName="a")

    assert described["ModelDeployResult"] == {"EndpointName": "served"}
    assert client.describe_endpoint(EndpointName="served")["EndpointStatus"] == "InService"


@pytest.mark.parametrize("deploy", [{"AutoGenerateEndpointName": True, "EndpointName": "e"}, {}])
def test_an_endpoint_name_is_given_or_generated(client: Any, deploy: dict[str, Any]) -> None:
    with pytest.raises(client.exceptions.ClientError, match="AutoGenerateEndpointName"):
        create(client, ModelDeployConfig=deploy)


@pytest.mark.parametrize(
    "verb", ["describe_auto_ml_job", "describe_auto_ml_job_v2", "stop_auto_ml_job", "list_candidates_for_auto_ml_job"]
)
def test_a_job_that_is_not_there_is_refused_by_name(client: Any, verb: str) -> None:
    assert refusal(getattr(client, verb), AutoMLJobName="a") == (
        "ResourceNotFound",
        "Amazon SageMaker can't find an AutoML job called a.",
    )
