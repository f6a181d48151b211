"""Search: filters, expressions, order, pages and visibility over every type of resource."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from emulator.engine.clock import ManualClock
from tests.behaviour.examples import CONTAINER, make_group, make_model, make_version, plain, refusal
from tests.behaviour.test_experiments import make_component, make_job, make_trial
from tests.conftest import ROLE

Find = Callable[..., list[str]]


def where(name: str, operator: str | None = None, value: str | None = None) -> dict[str, str]:
    """Return a filter."""
    said = {"Name": name, "Operator": operator, "Value": value}
    return {key: word for key, word in said.items() if word is not None}


@pytest.fixture
def find(client: Any) -> Find:
    """Return a function that gives the names of the training jobs that satisfy filters."""

    def find(*filters: dict[str, str], resource: str = "TrainingJob", **params: Any) -> list[str]:
        if filters:
            params["SearchExpression"] = {"Filters": list(filters)}
        results = client.search(Resource=resource, **params)["Results"]
        return [one["TrainingJob"]["TrainingJobName"] for one in results]

    return find


def job(client: Any, name: str, channels: dict[str, str], tags: dict[str, str], **hyper: str) -> None:
    client.create_training_job(
        TrainingJobName=name,
        AlgorithmSpecification={"TrainingImage": "image:1", "TrainingInputMode": "File"},
        RoleArn=ROLE,
        InputDataConfig=[
            {
                "ChannelName": channel,
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}},
            }
            for channel, uri in channels.items()
        ],
        OutputDataConfig={"S3OutputPath": "s3://b/out"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": len(channels), "VolumeSizeInGB": 30},
        StoppingCondition={"MaxRuntimeInSeconds": 60},
        EnableManagedSpotTraining=False,
        EnableNetworkIsolation=name == "c",
        HyperParameters=hyper,
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )


@pytest.fixture
def jobs(client: Any, clock: ManualClock) -> None:
    """Three training jobs, made ten seconds apart."""
    job(client, "a", {"train": "s3://b/cats"}, {"team": "red", "cost.center": "1"}, rate="0.25", mode="fast")
    clock.advance(10)
    job(client, "b", {"train": "s3://b/dogs", "test": "s3://b/cats"}, {"team": "blue"}, rate="0.5", depth="10")
    clock.advance(10)
    job(client, "c", {"test": "s3://c/cats"}, {}, rate="1.75", depth="9")


# --- Filters ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("jobs")
@pytest.mark.parametrize(
    ("said", "found"),
    [
        (where("TrainingJobName", "Equals", "a"), "a"),
        (where("TrainingJobName", None, "a"), "a"),
        (where("TrainingJobName", "NotEquals", "a"), "cb"),
        (where("TrainingJobName", "In", "a, c,x"), "ca"),
        (where("TrainingJobName"), "cba"),
        (where("TrainingJobArn", "Contains", "/b"), "b"),
        (where("TrainingJobStatus", "Equals", "Completed"), "cba"),
        (where("FailureReason", "Exists"), ""),
        (where("FailureReason", "NotExists"), "cba"),
        (where("FailureReason", "NotEquals", "x"), "cba"),
        (where("FailureReason", "Equals", "x"), ""),
        (where("ResourceConfig.InstanceCount", "GreaterThan", "1"), "b"),
        (where("ResourceConfig.InstanceCount", "LessThanOrEqualTo", "1.0"), "ca"),
        (where("ResourceConfig.InstanceCount", "Equals", "2"), "b"),
        (where("CreationTime", "GreaterThanOrEqualTo", "2023-11-14T22:13:30"), "cb"),
        (where("CreationTime", "LessThan", "2023-11-14T22:13:30Z"), "a"),
        (where("CreationTime", "Equals", "2023-11-14T23:13:20+01:00"), "a"),
        (where("EnableNetworkIsolation", "Equals", "true"), "c"),
        (where("EnableNetworkIsolation", "NotEquals", "True"), "ba"),
        (where("HyperParameters.rate", "LessThan", "0.4"), "a"),
        (where("HyperParameters.rate", "Equals", "1"), "c"),
        (where("HyperParameters.rate", "LessThan", "1"), "ba"),
        (where("HyperParameters.rate", "Equals", "0.50"), "b"),
        (where("HyperParameters.depth", "GreaterThan", "9"), "b"),
        (where("HyperParameters.mode", "Equals", "fast"), "a"),
        (where("HyperParameters.depth", "NotExists"), "a"),
        (where("Tags.team", "Equals", "red"), "a"),
        (where("Tags.team", "Contains", "e"), "ba"),
        (where("Tags.team", "NotExists"), "c"),
        (where("Tags.cost.center", "Equals", "1"), "a"),
        (where("Tags", "Exists"), "ba"),
        (where("InputDataConfig.ChannelName", "Equals", "train"), "ba"),
        (where("InputDataConfig.DataSource.S3DataSource.S3Uri", "Contains", "cats"), "cba"),
        (where("InputDataConfig.DataSource.S3DataSource.S3Uri", "NotEquals", "s3://b/cats"), "c"),
        (where("trainingJobName", "Equals", "a"), "a"),
    ],
)
def test_a_filter_finds_what_satisfies_it(find: Find, said: dict[str, str], found: str) -> None:
    assert find(said) == list(found)


@pytest.mark.usefixtures("jobs")
@pytest.mark.parametrize(
    ("said", "message"),
    [
        (where("Nonsense", "Equals", "x"), "Unknown property name for TrainingJob: Nonsense"),
        (where("ResourceConfig.Nonsense", "Exists"), "Unknown property name for TrainingJob: ResourceConfig.Nonsense"),
        (where("ResourceConfig.InstanceCount.More"), "Unknown property name"),
        (where("TrainingJobName", "GreaterThan", "a"), "GreaterThan is not supported for the text property"),
        (where("ResourceConfig.InstanceCount", "Contains", "1"), "Contains is not supported for the numeric property"),
        (where("CreationTime", "In", "1"), "In is not supported for the timestamp property CreationTime"),
        (where("ResourceConfig", "Equals", "x"), "Equals is not supported for the structured property"),
        (where("TrainingJobName", "Equals"), "Operator Equals on property TrainingJobName requires a value."),
        (where("ResourceConfig.InstanceCount", "Equals", "two"), "Value 'two' is not valid for the numeric property"),
        (where("CreationTime", "GreaterThan", "yesterday"), "Value 'yesterday' is not valid for the timestamp"),
        (where("EnableNetworkIsolation", "Equals", "perhaps"), "Value 'perhaps' is not valid for the Boolean property"),
        (where("HyperParameters.rate", "GreaterThan", "much"), "Value 'much' is not valid for the hyperparameter"),
    ],
)
def test_a_filter_that_cannot_be_is_refused(client: Any, said: dict[str, str], message: str) -> None:
    code, text = refusal(client.search, Resource="TrainingJob", SearchExpression={"Filters": [said]})

    assert code == "ValidationException"
    assert message in text


# --- Expressions ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("jobs")
def test_expressions_are_joined_by_and_or_or(client: Any) -> None:
    a, b, fast = where("TrainingJobName", "Equals", "a"), where("TrainingJobName", "Equals", "b"), where("Tags.team")

    def find(expression: dict[str, Any]) -> str:
        results = client.search(Resource="TrainingJob", SearchExpression=expression)["Results"]
        return "".join(one["TrainingJob"]["TrainingJobName"] for one in results)

    assert find({"Filters": [a, fast]}) == "a"
    assert find({"Filters": [a, b]}) == ""
    assert find({"Filters": [a, b], "Operator": "Or"}) == "ba"
    assert find({"SubExpressions": [{"Filters": [a, b], "Operator": "Or"}, {"Filters": [b]}]}) == "b"
    assert find({"Filters": [a], "SubExpressions": [{"Filters": [b]}], "Operator": "Or"}) == "ba"


@pytest.mark.usefixtures("jobs")
def test_nested_filters_are_satisfied_by_one_and_the_same_element(client: Any, find: Find) -> None:
    train = where("InputDataConfig.ChannelName", "Equals", "train")
    cats = where("InputDataConfig.DataSource.S3DataSource.S3Uri", "Contains", "b/cats")

    def nested(name: str, *filters: dict[str, str]) -> dict[str, Any]:
        return {"SearchExpression": {"NestedFilters": [{"NestedPropertyName": name, "Filters": list(filters)}]}}

    assert find(train, cats) == ["b", "a"]
    assert find(**nested("InputDataConfig", train, cats)) == ["a"]
    for name, one, message in (
        ("TrainingJobName", train, "is no list"),
        ("InputDataConfig", where("TrainingJobName"), "is not inside"),
        ("Nonsense", train, "Unknown property name"),
    ):
        code, text = refusal(client.search, Resource="TrainingJob", **nested(name, one))
        assert (code, message in text) == ("ValidationException", True)


def test_an_expression_has_limits(client: Any) -> None:
    def refused(expression: dict[str, Any]) -> str:
        code, text = refusal(client.search, Resource="Experiment", SearchExpression=expression)
        assert code == "ValidationException"
        return text

    contains = where("Description", "Contains", "x")
    assert "at least one" in refused({})
    assert "at least one" in refused({"SubExpressions": [{"Operator": "Or"}]})
    assert refused({"Filters": [contains, contains]}) == "'CONTAINS' operator usage limit of 1 exceeded."
    many = [{"Filters": [where("ExperimentName", "Equals", "x")] * 20} for _ in range(3)]
    assert "has 63 " in refused({"SubExpressions": many})
    often = [where(name, "Contains", "x") for name in ("DisplayName", "ExperimentName", "Tags", "Tags.a")]
    assert client.search(Resource="Experiment", SearchExpression={"Filters": often})["Results"] == []


# --- Order and pages --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("jobs")
def test_results_come_in_any_order_and_what_has_no_value_comes_last(find: Find) -> None:
    assert find() == ["c", "b", "a"]
    assert find(SortOrder="Ascending") == ["a", "b", "c"]
    assert find(SortBy="TrainingJobName", SortOrder="Ascending") == ["a", "b", "c"]
    assert find(SortBy="HyperParameters.depth", SortOrder="Ascending") == ["c", "b", "a"]
    assert find(SortBy="HyperParameters.depth", SortOrder="Descending") == ["b", "c", "a"]
    assert find(SortBy="ResourceConfig.InstanceCount") == ["b", "c", "a"]
    assert find(SortBy="Tags.team", SortOrder="Ascending") == ["b", "a", "c"]


@pytest.mark.usefixtures("jobs")
def test_sorting_by_what_does_not_exist_or_has_no_single_value_is_refused(client: Any) -> None:
    assert "Unknown property name" in refusal(client.search, Resource="TrainingJob", SortBy="Nonsense")[1]
    assert "Cannot sort by" in refusal(client.search, Resource="TrainingJob", SortBy="ResourceConfig")[1]


@pytest.mark.parametrize(
    "order", [{}, {"SortBy": "ExperimentName"}, {"SortBy": "Description", "SortOrder": "Ascending"}]
)
def test_pages_hold_every_hit_once_while_others_come_and_go(client: Any, order: dict[str, str]) -> None:
    for number in range(7):
        more = {"Description": f"d{number % 3}"} if number % 2 else {}
        client.create_experiment(ExperimentName=f"e{number}", **more)
    whole = [one["Experiment"]["ExperimentName"] for one in client.search(Resource="Experiment", **order)["Results"]]
    seen: list[str] = []
    params: dict[str, Any] = {"Resource": "Experiment", "MaxResults": 2, **order}
    while True:
        page = client.search(**params)
        seen += [one["Experiment"]["ExperimentName"] for one in page["Results"]]
        if seen and seen[-1] in {"e0", "e1", "e2", "e3", "e4", "e5", "e6"} and len(seen) == 2:
            assert page["TotalHits"] == {"Value": 7, "Relation": "EqualTo"}
            client.delete_experiment(ExperimentName=seen[-1])
        if "NextToken" not in page:
            break
        params["NextToken"] = page["NextToken"]

    assert seen == whole
    assert len(whole) == 7
    params["NextToken"] = "nonsense"
    assert refusal(client.search, **params)[0] == "ValidationException"


# --- Visibility -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("jobs")
def test_visibility_conditions_limit_what_is_found_to_tags(client: Any, find: Find) -> None:
    def visible(key: str, value: str) -> dict[str, Any]:
        return {"VisibilityConditions": [{"Key": key, "Value": value}]}

    assert find(**visible("Tags.team", "red")) == ["a"]
    assert find(where("TrainingJobName", "Equals", "b"), **visible("Tags.team", "red")) == []
    assert refusal(client.search, Resource="TrainingJob", **visible("team", "red"))[0] == "ValidationException"


@pytest.mark.usefixtures("jobs")
def test_nobody_shares_anything_across_accounts(client: Any, find: Find, connect: Callable[..., Any]) -> None:
    assert find(CrossAccountFilterOption="CrossAccount") == []
    assert find(CrossAccountFilterOption="SameAccount") == ["c", "b", "a"]
    other = connect(account="999999999999").search(Resource="TrainingJob")
    assert plain(other) == {"Results": [], "TotalHits": {"Value": 0, "Relation": "EqualTo"}}


# --- Types of resources -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "resource", ["Image", "ImageVersion", "Job", "HubContent", "PipelineVersion", "FeatureMetadata"]
)
def test_every_type_can_be_searched_when_there_is_nothing(client: Any, resource: str) -> None:
    answer = client.search(Resource=resource, SearchExpression={"Filters": [where("CreationTime", "Exists")]})

    assert plain(answer) == {"Results": [], "TotalHits": {"Value": 0, "Relation": "EqualTo"}}


def test_every_type_of_the_model_is_searched_and_suggested_for(client: Any) -> None:
    types = client.meta.service_model.shape_for("ResourceType").enum
    for resource in types:
        assert client.search(Resource=resource)["Results"] == []
        assert client.get_search_suggestions(Resource=resource)["PropertyNameSuggestions"]


def test_a_training_job_is_found_as_it_is_described(client: Any) -> None:
    make_job(client, "job", Tags=[{"Key": "k", "Value": "v"}])

    [result] = client.search(Resource="TrainingJob")["Results"]

    described = plain(client.describe_training_job(TrainingJobName="job"))
    shared = result["TrainingJob"].keys() & described.keys()
    assert {name: result["TrainingJob"][name] for name in shared} == {name: described[name] for name in shared}
    assert {"TrainingJobName", "ModelArtifacts", "HyperParameters", "TrainingJobStatus"} <= shared
    assert result["TrainingJob"]["Tags"] == [{"Key": "k", "Value": "v"}]


def test_components_are_found_by_their_parents_and_with_their_source(client: Any) -> None:
    client.create_experiment(ExperimentName="e")
    make_trial(client, "t")
    make_job(client, "job", ExperimentConfig={"ExperimentName": "e", "TrialName": "t"})
    make_component(client, "lonely", Parameters={"rate": {"NumberValue": 0.5}, "mode": {"StringValue": "slow"}})

    def find(*filters: dict[str, str]) -> list[dict[str, Any]]:
        expression = {"SearchExpression": {"Filters": list(filters)}} if filters else {}
        results = client.search(Resource="ExperimentTrialComponent", **expression)["Results"]
        return [one["TrialComponent"] for one in results]

    [component] = find(where("Parents.ExperimentName", "Equals", "e"))
    assert component["Parents"] == [{"TrialName": "t", "ExperimentName": "e"}]
    assert component["SourceDetail"]["TrainingJob"]["TrainingJobName"] == "job"
    assert component["Source"]["SourceType"] == "SageMakerTrainingJob"
    assert component["LineageGroupArn"].endswith("lineage-group/sagemaker-default-lineage-group")
    names = [
        [one["TrialComponentName"] for one in find(said)]
        for said in (
            where("Parameters.rate", "LessThan", "0.6"),
            where("Parameters.mode", "Equals", "slow"),
            where("InputArtifacts.train.Value", "Contains", "train"),
            where("Source.SourceType", "Equals", "SageMakerTrainingJob"),
        )
    ]
    assert names == [["lonely"], ["lonely"], ["job-aws-training-job"], ["job-aws-training-job"]]
    [trial] = client.search(Resource="ExperimentTrial")["Results"]
    [summary] = trial["Trial"]["TrialComponentSummaries"]
    assert summary["TrialComponentName"] == "job-aws-training-job"


def test_a_model_is_found_with_the_endpoints_that_serve_it(client: Any) -> None:
    make_model(client, "m")
    make_model(client, "other")
    variant = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    client.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
    client.create_endpoint(EndpointName="e", EndpointConfigName="c")

    for name in ("Model.ModelName", "ModelName"):
        expression = {"Filters": [where(name, "Equals", "m")]}
        [result] = client.search(Resource="Model", SearchExpression=expression)["Results"]
        assert result["Model"]["Model"]["ModelName"] == "m"
        assert result["Model"]["Model"]["PrimaryContainer"]["Image"] == CONTAINER["Image"]
        [endpoint] = result["Model"]["Endpoints"]
        assert (endpoint["EndpointName"], endpoint["EndpointStatus"]) == ("e", "InService")


def test_model_packages_and_their_groups_are_found(client: Any) -> None:
    make_group(client, "g", Tags=[{"Key": "k", "Value": "v"}])
    make_version(client, "g", ModelApprovalStatus="Approved")
    make_version(client, "g")

    approved = {"Filters": [where("ModelApprovalStatus", "Equals", "Approved")]}
    [package] = client.search(Resource="ModelPackage", SearchExpression=approved)["Results"]
    assert package["ModelPackage"]["ModelPackageVersion"] == 1
    newest = client.search(Resource="ModelPackage", SortBy="ModelPackageVersion")["Results"]
    assert [one["ModelPackage"]["ModelPackageVersion"] for one in newest] == [2, 1]
    tagged = {"Filters": [where("Tags.k", "Equals", "v")]}
    [group] = client.search(Resource="ModelPackageGroup", SearchExpression=tagged)["Results"]
    assert group["ModelPackageGroup"]["ModelPackageGroupName"] == "g"


# --- Suggestions ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("jobs")
def test_property_names_are_suggested_from_the_shape_and_from_what_there_is(client: Any) -> None:
    def suggest(hint: str | None = None) -> list[str]:
        query = {} if hint is None else {"SuggestionQuery": {"PropertyNameQuery": {"PropertyNameHint": hint}}}
        answer = client.get_search_suggestions(Resource="TrainingJob", **query)
        return [one["PropertyName"] for one in answer["PropertyNameSuggestions"]]

    assert suggest("HyperP") == ["HyperParameters.depth", "HyperParameters.mode", "HyperParameters.rate"]
    assert suggest("Tags.") == ["Tags.cost.center", "Tags.team"]
    assert "TrainingJobName" in suggest("Training")
    assert "ResourceConfig.InstanceCount" in suggest()
    assert suggest("nonsense") == []
    for name in suggest():
        client.search(Resource="TrainingJob", SearchExpression={"Filters": [where(name, "Exists")]})
