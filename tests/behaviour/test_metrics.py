"""The metrics data plane: what is put shows up on trial components, and can be asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.behaviour.examples import plain, refusal
from tests.behaviour.test_experiments import make_component, make_job
from tests.conftest import ACCOUNT, REGION

START = 1_700_000_040  # a full minute


@pytest.fixture
def metrics(connect: Callable[..., Any]) -> Any:
    """A client of the data plane."""
    return connect("sagemaker-metrics")


def put(metrics: Any, component: str, *points: tuple[str, int, float, int | None]) -> dict[str, Any]:
    data = [
        {"MetricName": name, "Timestamp": datetime.fromtimestamp(START + when, timezone.utc), "Value": value}
        | ({} if step is None else {"Step": step})
        for name, when, value, step in points
    ]
    return plain(metrics.batch_put_metrics(TrialComponentName=component, MetricData=data))


def ask(metrics: Any, arn: str, **query: Any) -> dict[str, Any]:
    said = {"MetricName": "loss", "MetricStat": "Avg", "Period": "IterationNumber", "XAxisType": "IterationNumber"}
    answer = metrics.batch_get_metrics(MetricQueries=[{**said, "ResourceArn": arn, **query}])
    [result] = answer["MetricQueryResults"]
    return result


def test_what_is_put_is_summed_up_on_the_component(client: Any, metrics: Any) -> None:
    its_arn = make_component(client, "tc")

    assert put(metrics, "tc", ("loss", 0, 4.0, 0), ("loss", 60, 2.0, 1)) == {}
    assert put(metrics, "tc", ("loss", 30, 9.0, 5), ("acc", 0, 0.5, None)) == {}

    loss, accuracy = client.describe_trial_component(TrialComponentName="tc")["Metrics"]
    assert loss.pop("StdDev") == pytest.approx(2.943920)
    assert loss.pop("TimeStamp").timestamp() == START + 60
    assert loss == {
        "MetricName": "loss",
        "SourceArn": its_arn,
        "Max": 9.0,
        "Min": 2.0,
        "Last": 2.0,
        "Count": 3,
        "Avg": 5.0,
    }
    assert (accuracy["MetricName"], accuracy["Count"], accuracy["StdDev"]) == ("acc", 1, 0.0)


def test_components_are_found_and_sorted_by_their_metrics(client: Any, metrics: Any) -> None:
    for name, value in (("a", 0.5), ("b", 0.9), ("c", 0.7)):
        make_component(client, name)
        put(metrics, name, ("validation:acc.top1", 0, value, None))

    def find(name: str, **params: Any) -> list[str]:
        results = client.search(Resource="ExperimentTrialComponent", SortBy=name, **params)["Results"]
        return [one["TrialComponent"]["TrialComponentName"] for one in results]

    better = {"Name": "Metrics.validation:acc.top1", "Operator": "GreaterThan", "Value": "0.6"}
    assert find("metrics.validation:acc.top1.max") == ["b", "c", "a"]
    assert find("Metrics.validation:acc.top1", SearchExpression={"Filters": [better]}) == ["b", "c"]


def test_what_cannot_be_kept_is_told_by_its_place(client: Any, metrics: Any, url: str) -> None:
    make_component(client, "tc")

    assert put(metrics, "nobody", ("loss", 0, 1.0, None), ("loss", 1, 1.0, None)) == {
        "Errors": [{"Code": "VALIDATION_ERROR", "MetricIndex": place} for place in (0, 1)]
    }
    body = {
        "TrialComponentName": "tc",
        "MetricData": [{"MetricName": "loss", "Timestamp": START, "Value": value} for value in (1.0, float("nan"))],
    }
    request = Request(f"{url}/BatchPutMetrics", json.dumps(body).encode(), method="PUT")
    with urlopen(request) as response:
        assert json.load(response) == {"Errors": [{"Code": "VALIDATION_ERROR", "MetricIndex": 1}]}
    [loss] = client.describe_trial_component(TrialComponentName="tc")["Metrics"]
    assert (loss["Count"], loss["Last"]) == (1, 1.0)


@pytest.mark.parametrize(("method", "operation"), [("PUT", "BatchPutMetrics"), ("POST", "BatchGetMetrics")])
def test_a_body_that_is_too_deep_to_be_read_is_refused(url: str, method: str, operation: str) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(f"{url}/{operation}", b"[" * 100_000, method=method))
    with refused.value as error:
        assert (error.code, error.headers["x-amzn-ErrorType"]) == (400, "SerializationException")


def test_input_that_the_model_forbids_is_refused(client: Any, connect: Callable[..., Any]) -> None:
    free = connect("sagemaker-metrics", validate=False)

    assert refusal(free.batch_put_metrics, TrialComponentName="tc", MetricData=[])[0] == "ValidationException"


@pytest.mark.parametrize(
    ("query", "where", "values"),
    [
        ({}, [0, 1, 2], [5.0, 2.0, 1.0]),
        ({"MetricStat": "Max"}, [0, 1, 2], [6.0, 2.0, 1.0]),
        ({"MetricStat": "Count"}, [0, 1, 2], [2.0, 1.0, 1.0]),
        ({"MetricStat": "Last", "Start": 1, "End": 1}, [1], [2.0]),
        ({"Period": "OneMinute", "XAxisType": "Timestamp", "MetricStat": "Min"}, [START, START + 60], [2.0, 1.0]),
        (
            {"Period": "OneHour", "XAxisType": "Timestamp", "MetricStat": "StdDev"},
            [1_699_999_200],
            [pytest.approx(1.920286)],
        ),
        ({"MetricName": "unknown"}, [], []),
    ],
)
def test_metrics_are_asked_for_by_step_and_by_time(
    client: Any, metrics: Any, query: dict[str, Any], where: list[int], values: list[float]
) -> None:
    its_arn = make_component(client, "tc")
    put(metrics, "tc", ("loss", 0, 4.0, 0), ("loss", 10, 6.0, 0), ("loss", 50, 2.0, 1), ("loss", 70, 1.0, 2))

    result = ask(metrics, its_arn, **query)

    assert (result["Status"], result["XAxisValues"], result["MetricValues"]) == ("Complete", where, values)


def test_a_jobs_metrics_are_those_of_its_component(client: Any, metrics: Any) -> None:
    job = make_job(client, "job")
    put(metrics, "job-aws-training-job", ("loss", 0, 4.0, 0))

    assert ask(metrics, job)["MetricValues"] == [4.0]
    nobody = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:training-job/nobody"
    assert ask(metrics, nobody)["Status"] == "ValidationError"
