"""Monitoring: definitions of four types, schedules, the executions that the clock makes, and alerts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import pytest

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace
from tests.behaviour.examples import arn, make_model, plain, refusal
from tests.conftest import ROLE

HOUR = 3600
TYPES = ("DataQuality", "ModelQuality", "ModelBias", "ModelExplainability")
HOURLY = {"ScheduleExpression": "cron(0 * ? * * *)"}
NOW = {"ScheduleExpression": "NOW", "DataAnalysisStartTime": "-PT5H", "DataAnalysisEndTime": "-PT0H"}
ENDPOINT = {"EndpointInput": {"EndpointName": "endpoint", "LocalPath": "/opt/ml/processing/input"}}
BATCH = {
    "BatchTransformInput": {
        "DataCapturedDestinationS3Uri": "s3://b/captured",
        "DatasetFormat": {"Csv": {"Header": True}},
        "LocalPath": "/opt/ml/processing/input",
    }
}
OUTPUT = {"MonitoringOutputs": [{"S3Output": {"S3Uri": "s3://bucket/out", "LocalPath": "/opt/ml/processing/output"}}]}
RESOURCES = {"ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 20}}
INLINE = {
    "MonitoringInputs": [ENDPOINT],
    "MonitoringOutputConfig": OUTPUT,
    "MonitoringResources": RESOURCES,
    "MonitoringAppSpecification": {"ImageUri": "image"},
    "StoppingCondition": {"MaxRuntimeInSeconds": 1800},
    "Environment": {"dataset_format": "csv"},
    "RoleArn": ROLE,
}


@pytest.fixture(autouse=True)
def endpoint(client: Any) -> str:
    """An endpoint that captures what it gets."""
    make_model(client, "model")
    client.create_endpoint_config(
        EndpointConfigName="config",
        ProductionVariants=[
            {"VariantName": "v", "ModelName": "model", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        ],
        DataCaptureConfig={
            "EnableCapture": True,
            "InitialSamplingPercentage": 100,
            "DestinationS3Uri": "s3://bucket/captured",
            "CaptureOptions": [{"CaptureMode": "Input"}],
        },
    )
    client.create_endpoint(EndpointName="endpoint", EndpointConfigName="config")
    return "endpoint"


def operation(client: Any, verb: str, monitored: str) -> Any:
    words = {
        "DataQuality": "data_quality",
        "ModelQuality": "model_quality",
        "ModelBias": "model_bias",
        "ModelExplainability": "model_explainability",
    }
    plural = "s" if verb == "list" else ""
    return getattr(client, f"{verb}_{words[monitored]}_job_definition{plural}")


def definition(monitored: str, name: str = "definition", source: Any = ENDPOINT) -> dict[str, Any]:
    application = {"ImageUri": "image", "Environment": {"a": "b"}}
    inputs = dict(source)
    if monitored in ("ModelBias", "ModelExplainability"):
        application["ConfigUri"] = "s3://bucket/config.json"
    if monitored in ("ModelQuality", "ModelBias"):
        inputs["GroundTruthS3Input"] = {"S3Uri": "s3://bucket/truth"}
    if monitored == "ModelQuality":
        application["ProblemType"] = "Regression"
    return {
        "JobDefinitionName": name,
        f"{monitored}BaselineConfig": {"ConstraintsResource": {"S3Uri": "s3://bucket/constraints.json"}},
        f"{monitored}AppSpecification": application,
        f"{monitored}JobInput": inputs,
        f"{monitored}JobOutputConfig": OUTPUT,
        "JobResources": RESOURCES,
        "RoleArn": ROLE,
    }


def schedule(client: Any, name: str = "schedule", when: Any = HOURLY, tags: Any = (), **config: Any) -> str:
    said = config or {"MonitoringJobDefinition": INLINE}
    timed = {"ScheduleConfig": when} if when else {}
    answer = client.create_monitoring_schedule(
        MonitoringScheduleName=name, MonitoringScheduleConfig={**timed, **said}, Tags=list(tags)
    )
    return answer["MonitoringScheduleArn"]


def described(client: Any, name: str = "schedule") -> dict[str, Any]:
    return plain(client.describe_monitoring_schedule(MonitoringScheduleName=name))


def executions(client: Any, **asked: Any) -> list[dict[str, Any]]:
    return client.list_monitoring_executions(**asked)["MonitoringExecutionSummaries"]


def hours(client: Any, **asked: Any) -> list[int]:
    """Return the hours in UTC at which executions were due, oldest first."""
    due = [one["ScheduledTime"] for one in executions(client, SortOrder="Ascending", MaxResults=100, **asked)]
    assert all((when.minute, when.second) == (0, 0) for when in due)
    return [when.astimezone(timezone.utc).hour for when in due]


def walk(clock: ManualClock, count: int) -> Iterator[int]:
    """Pass so many hours, one by one."""
    for number in range(count):
        clock.advance(HOUR)
        yield number


# --- Definitions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("monitored", TYPES)
def test_a_definition_comes_back_as_it_was_made_with_its_defaults(client: Any, monitored: str) -> None:
    said = definition(monitored)

    made = plain(operation(client, "create", monitored)(**said))
    answer = plain(operation(client, "describe", monitored)(JobDefinitionName="definition"))

    words = "-".join(operation(client, "create", monitored).__name__.split("_")[1:])
    assert made == {"JobDefinitionArn": arn(f"{words}/definition")}
    assert answer.pop("CreationTime")
    source = answer[f"{monitored}JobInput"]["EndpointInput"]
    assert (source.pop("S3InputMode"), source.pop("S3DataDistributionType")) == ("File", "FullyReplicated")
    assert answer[f"{monitored}JobOutputConfig"]["MonitoringOutputs"][0]["S3Output"].pop("S3UploadMode") == "EndOfJob"
    assert answer.pop("StoppingCondition") == {"MaxRuntimeInSeconds": 3600}
    assert answer == {**said, **made}


@pytest.mark.parametrize("monitored", TYPES)
def test_definitions_are_listed_with_the_endpoint_they_monitor(client: Any, monitored: str) -> None:
    operation(client, "create", monitored)(**definition(monitored, "a"))
    operation(client, "create", monitored)(**definition(monitored, "b", BATCH))

    listed = operation(client, "list", monitored)(EndpointName="endpoint")["JobDefinitionSummaries"]
    everything = operation(client, "list", monitored)(SortBy="Name", SortOrder="Ascending")["JobDefinitionSummaries"]

    assert [(one["MonitoringJobDefinitionName"], one["EndpointName"]) for one in listed] == [("a", "endpoint")]
    assert [one["MonitoringJobDefinitionName"] for one in everything] == ["a", "b"]
    assert listed[0]["MonitoringJobDefinitionArn"].endswith("job-definition/a")


@pytest.mark.parametrize("monitored", TYPES)
def test_a_definition_is_made_once_found_by_name_and_deleted(client: Any, monitored: str) -> None:
    operation(client, "create", monitored)(**definition(monitored))

    assert refusal(operation(client, "create", monitored), **definition(monitored))[0] == "ResourceInUse"
    operation(client, "delete", monitored)(JobDefinitionName="definition")
    for verb in ("describe", "delete"):
        assert refusal(operation(client, verb, monitored), JobDefinitionName="definition")[0] == "ResourceNotFound"


def test_a_definition_monitors_an_endpoint_that_is_there_or_a_batch_transform(client: Any) -> None:
    create = client.create_data_quality_job_definition
    missing = {"EndpointInput": {"EndpointName": "nothing", "LocalPath": "/in"}}

    code, message = refusal(create, **definition("DataQuality", source=missing))
    assert (code, message) == ("ValidationException", f'Could not find endpoint "{arn("endpoint/nothing")}".')
    assert refusal(create, **definition("DataQuality", source={}))[0] == "ValidationException"


# --- Schedules --------------------------------------------------------------------------------------------------------


def test_a_schedule_with_an_inline_definition_shows_what_it_monitors(client: Any) -> None:
    its_arn = schedule(client)

    answer = described(client)

    assert its_arn == arn("monitoring-schedule/schedule")
    assert answer.pop("CreationTime") == answer.pop("LastModifiedTime")
    assert answer == {
        "MonitoringScheduleArn": its_arn,
        "MonitoringScheduleName": "schedule",
        "MonitoringScheduleStatus": "Scheduled",
        "MonitoringType": "DataQuality",
        "EndpointName": "endpoint",
        "MonitoringScheduleConfig": {"ScheduleConfig": HOURLY, "MonitoringJobDefinition": INLINE},
    }


@pytest.mark.parametrize("monitored", TYPES)
def test_a_schedule_with_a_named_definition_shows_its_type_and_endpoint(client: Any, monitored: str) -> None:
    operation(client, "create", monitored)(**definition(monitored))
    named = {"MonitoringJobDefinitionName": "definition", "MonitoringType": monitored}

    schedule(client, **named)

    answer = described(client)
    assert (answer["MonitoringType"], answer["EndpointName"]) == (monitored, "endpoint")
    assert answer["MonitoringScheduleConfig"] == {"ScheduleConfig": HOURLY, **named}
    for asked in ({"MonitoringTypeEquals": monitored}, {"EndpointName": "endpoint"}, named):
        asked.pop("MonitoringType", None)
        [listed] = client.list_monitoring_schedules(**asked)["MonitoringScheduleSummaries"]
        assert listed["MonitoringJobDefinitionName"] == "definition"
        assert listed["MonitoringType"] == monitored
    assert client.list_monitoring_schedules(EndpointName="other")["MonitoringScheduleSummaries"] == []


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({}, "Specify either MonitoringJobDefinition or MonitoringJobDefinitionName."),
        (
            {"MonitoringJobDefinition": INLINE, "MonitoringJobDefinitionName": "d", "MonitoringType": "DataQuality"},
            "Specify either MonitoringJobDefinition or MonitoringJobDefinitionName.",
        ),
        ({"MonitoringJobDefinitionName": "d"}, "MonitoringType is required with MonitoringJobDefinitionName."),
        (
            {"MonitoringJobDefinition": INLINE, "ScheduleConfig": {"ScheduleExpression": "cron(5 * ? * * *)"}},
            "The schedule expression cron(5 * ? * * *) is not supported.",
        ),
        (
            {"MonitoringJobDefinition": INLINE, "ScheduleConfig": {"ScheduleExpression": "NOW"}},
            "DataAnalysisStartTime and DataAnalysisEndTime are required with the schedule expression NOW.",
        ),
    ],
)
def test_a_configuration_that_says_too_little_or_too_much_is_refused(client: Any, config: Any, message: str) -> None:
    create = {"MonitoringScheduleName": "schedule", "MonitoringScheduleConfig": config}
    assert refusal(client.create_monitoring_schedule, **create) == ("ValidationException", message)

    schedule(client)
    assert refusal(client.update_monitoring_schedule, **create) == ("ValidationException", message)
    assert described(client)["MonitoringScheduleConfig"]["MonitoringJobDefinition"] == INLINE


def test_a_schedule_needs_a_definition_that_is_there_and_a_name_of_its_own(client: Any) -> None:
    missing = {"MonitoringJobDefinitionName": "nothing", "MonitoringType": "ModelBias"}
    create = {"MonitoringScheduleName": "schedule", "MonitoringScheduleConfig": missing}

    assert refusal(client.create_monitoring_schedule, **create)[0] == "ResourceNotFound"
    schedule(client)
    assert refusal(schedule, client=client)[0] == "ResourceInUse"
    for verb in ("describe", "update", "delete", "start", "stop"):
        more = {"MonitoringScheduleConfig": {"MonitoringJobDefinition": INLINE}} if verb == "update" else {}
        call = getattr(client, f"{verb}_monitoring_schedule")
        assert refusal(call, MonitoringScheduleName="nobody", **more)[0] == "ResourceNotFound"


def test_a_schedule_is_pending_before_it_is_scheduled_and_left_alone_then(client: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("manual")
    schedule(client)

    for verb in ("delete", "stop", "start"):
        refused = refusal(getattr(client, f"{verb}_monitoring_schedule"), MonitoringScheduleName="schedule")
        assert refused == ("ValidationException", "Monitoring schedule in status Pending")
    assert described(client)["MonitoringScheduleStatus"] == "Pending"


def test_a_schedule_stops_and_starts_and_nothing_is_due_in_between(client: Any, clock: ManualClock) -> None:
    schedule(client)
    clock.advance(2 * HOUR)  # 22:13 to 0:13
    client.stop_monitoring_schedule(MonitoringScheduleName="schedule")
    assert described(client)["MonitoringScheduleStatus"] == "Stopped"
    clock.advance(3 * HOUR)
    client.start_monitoring_schedule(MonitoringScheduleName="schedule")
    assert described(client)["MonitoringScheduleStatus"] == "Scheduled"
    clock.advance(HOUR)

    assert hours(client) == [23, 0, 4]


def test_an_update_replaces_the_configuration(client: Any, clock: ManualClock) -> None:
    schedule(client)
    client.create_model_bias_job_definition(**definition("ModelBias", source=BATCH))
    named = {"MonitoringJobDefinitionName": "definition", "MonitoringType": "ModelBias"}
    clock.advance(HOUR)

    client.update_monitoring_schedule(
        MonitoringScheduleName="schedule",
        MonitoringScheduleConfig={"ScheduleConfig": {"ScheduleExpression": "cron(0 2 ? * * *)"}, **named},
    )
    clock.advance(6 * HOUR)

    answer = described(client)
    assert (answer["MonitoringType"], "EndpointName" in answer) == ("ModelBias", False)
    assert hours(client) == [23, 2]
    assert hours(client, MonitoringTypeEquals="ModelBias") == [2]
    client.delete_endpoint(EndpointName="endpoint")


def test_an_endpoint_that_is_monitored_is_not_deleted(client: Any) -> None:
    schedule(client)

    code, message = refusal(client.delete_endpoint, EndpointName="endpoint")

    assert (code, "monitoring schedule" in message) == ("ValidationException", True)
    client.delete_monitoring_schedule(MonitoringScheduleName="schedule")
    client.delete_endpoint(EndpointName="endpoint")


# --- Executions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "due"),
    [
        ("cron(0 * ? * * *)", [23, *range(23)]),
        ("cron(0 12 ? * * *)", [12]),
        ("cron(0 0/6 ? * * *)", [0, 6, 12, 18]),
        ("cron(0 17/12 ? * * *)", [5, 17]),
        (None, [23]),
    ],
)
def test_a_day_has_the_executions_that_the_expression_says(
    client: Any, clock: ManualClock, expression: str | None, due: list[int]
) -> None:
    schedule(client, when={"ScheduleExpression": expression} if expression else None)

    assert hours(client) == []
    clock.advance(24 * HOUR)

    assert hours(client) == due


def test_it_does_not_matter_whether_anybody_looks_in_between(client: Any, clock: ManualClock) -> None:
    schedule(client, "seen")
    for _ in walk(clock, 4):
        described(client, "seen")
    looked = hours(client, MonitoringScheduleName="seen")
    schedule(client, "unseen")
    clock.advance(4 * HOUR)

    assert looked == [23, 0, 1, 2]
    assert hours(client, MonitoringScheduleName="unseen") == [3, 4, 5, 6]


def test_now_is_once(client: Any, clock: ManualClock) -> None:
    schedule(client, when=NOW)

    assert len(executions(client)) == 1
    clock.advance(48 * HOUR)
    [only] = executions(client)
    assert only["ScheduledTime"].timestamp() == clock.now() - 48 * HOUR
    again = {"ScheduleConfig": NOW, "MonitoringJobDefinition": INLINE}
    client.update_monitoring_schedule(MonitoringScheduleName="schedule", MonitoringScheduleConfig=again)
    assert len(executions(client)) == 2


def test_an_execution_is_a_processing_job(client: Any, clock: ManualClock) -> None:
    its_arn = schedule(client)
    clock.advance(HOUR)

    [execution] = executions(client)
    job = client.describe_processing_job(ProcessingJobName=execution["ProcessingJobArn"].rpartition("/")[2])

    due = datetime.fromtimestamp(clock.now() // HOUR * HOUR, timezone.utc)
    assert execution.pop("LastModifiedTime") >= due
    assert execution == {
        "MonitoringScheduleName": "schedule",
        "ScheduledTime": due,
        "CreationTime": due,
        "MonitoringExecutionStatus": "Completed",
        "ProcessingJobArn": job["ProcessingJobArn"],
        "EndpointName": "endpoint",
        "MonitoringType": "DataQuality",
    }
    assert job["MonitoringScheduleArn"] == its_arn
    assert job["CreationTime"] == due
    assert job["ExitMessage"] == "Completed: Job completed successfully with no violations."
    assert job["RoleArn"] == ROLE
    assert job["StoppingCondition"] == {"MaxRuntimeInSeconds": 1800}
    assert job["Environment"]["dataset_format"] == "csv"
    assert job["ProcessingInputs"][0]["S3Input"]["S3Uri"] == "s3://bucket/captured/endpoint"
    output = job["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"]
    assert output == f"s3://bucket/out/endpoint/schedule/{due:%Y/%m/%d/%H}"
    last = described(client)["LastMonitoringExecutionSummary"]
    assert last["MonitoringExecutionStatus"] == "Completed"


def test_an_execution_goes_the_way_of_its_job(client: Any, clock: ManualClock, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("real")
    schedule(client)
    clock.advance(47 * 60)  # to 23:00:20

    def status() -> tuple[str, str]:
        listed = executions(client)[0]["MonitoringExecutionStatus"]
        return listed, described(client)["LastMonitoringExecutionSummary"]["MonitoringExecutionStatus"]

    assert status() == ("InProgress", "InProgress")
    name = executions(client)[0]["ProcessingJobArn"].rpartition("/")[2]
    client.stop_processing_job(ProcessingJobName=name)
    assert status() == ("Stopping", "Stopping")
    clock.advance(600)
    assert status() == ("Stopped", "Stopped")
    assert executions(client, StatusEquals="Stopped")
    assert not executions(client, StatusEquals="Completed")


def test_executions_outlive_their_schedule(client: Any, clock: ManualClock) -> None:
    schedule(client)
    clock.advance(3 * HOUR)

    client.delete_monitoring_schedule(MonitoringScheduleName="schedule")
    clock.advance(3 * HOUR)

    assert hours(client, MonitoringScheduleName="schedule") == [23, 0, 1]


def test_executions_are_filtered_sorted_and_paged(client: Any, clock: ManualClock) -> None:
    schedule(client)
    schedule(client, "other", MonitoringJobDefinition={**INLINE, "MonitoringInputs": [BATCH]})
    start = clock.now()
    clock.advance(4 * HOUR)

    assert hours(client, EndpointName="endpoint") == [23, 0, 1, 2]
    assert hours(client, MonitoringScheduleName="other", ScheduledTimeAfter=start + 2 * HOUR) == [1, 2]
    assert hours(client, MonitoringScheduleName="other", ScheduledTimeBefore=start + 2 * HOUR) == [23, 0]
    newest = executions(client, SortBy="ScheduledTime", MaxResults=1)[0]
    assert newest["ScheduledTime"] == max(one["ScheduledTime"] for one in executions(client))
    pages = client.get_paginator("list_monitoring_executions").paginate(PaginationConfig={"PageSize": 3})
    assert [len(page["MonitoringExecutionSummaries"]) for page in pages] == [3, 3, 2]


# --- Alerts -----------------------------------------------------------------------------------------------------------


def alert(client: Any) -> dict[str, Any]:
    [only] = client.list_monitoring_alerts(MonitoringScheduleName="schedule")["MonitoringAlertSummaries"]
    return only


def test_a_schedule_has_an_alert_from_the_start(client: Any, clock: ManualClock) -> None:
    schedule(client)

    only = alert(client)

    assert only.pop("CreationTime").timestamp() == clock.now()
    assert only.pop("LastModifiedTime").timestamp() == clock.now()
    assert only.pop("MonitoringAlertName")
    assert only == {
        "AlertStatus": "OK",
        "DatapointsToAlert": 1,
        "EvaluationPeriod": 1,
        "Actions": {"ModelDashboardIndicator": {"Enabled": True}},
    }


def test_an_alert_is_raised_by_violations_and_over_without_them(client: Any, clock: ManualClock) -> None:
    its_arn = schedule(client, tags=[{"Key": "emulator:monitoring-violations", "Value": "5"}])
    clock.advance(2 * HOUR)
    [newest, _] = executions(client)
    job = client.describe_processing_job(ProcessingJobName=newest["ProcessingJobArn"].rpartition("/")[2])
    raised = alert(client)["AlertStatus"]
    client.delete_tags(ResourceArn=its_arn, TagKeys=["emulator:monitoring-violations"])
    clock.advance(HOUR)
    over = alert(client)["AlertStatus"]

    assert newest["MonitoringExecutionStatus"] == "CompletedWithViolations"
    assert job["ExitMessage"] == "CompletedWithViolations: Job completed successfully with 5 violations."
    assert (raised, over) == ("InAlert", "OK")
    history = client.list_monitoring_alert_history(MonitoringScheduleName="schedule")["MonitoringAlertHistory"]
    assert [one["AlertStatus"] for one in history] == ["OK", "InAlert"]
    in_alert = client.list_monitoring_alert_history(StatusEquals="InAlert")["MonitoringAlertHistory"]
    assert [one["MonitoringScheduleName"] for one in in_alert] == ["schedule"]
    pages = client.get_paginator("list_monitoring_alert_history").paginate(
        SortOrder="Ascending", PaginationConfig={"PageSize": 1}
    )
    assert [page["MonitoringAlertHistory"][0]["AlertStatus"] for page in pages] == ["InAlert", "OK"]


def test_an_alert_waits_for_as_many_violations_as_it_is_told(client: Any, clock: ManualClock) -> None:
    its_arn = schedule(client, tags=[{"Key": "emulator:monitoring-violations", "Value": "1"}])
    name = alert(client)["MonitoringAlertName"]
    answer = plain(
        client.update_monitoring_alert(
            MonitoringScheduleName="schedule", MonitoringAlertName=name, DatapointsToAlert=2, EvaluationPeriod=3
        )
    )

    seen = []
    for number in walk(clock, 5):
        if number == 2:  # the third execution is over: whoever takes the tag off sees the schedule as it is by now
            client.delete_tags(ResourceArn=its_arn, TagKeys=["emulator:monitoring-violations"])
        seen.append(alert(client)["AlertStatus"])

    assert answer == {"MonitoringScheduleArn": its_arn, "MonitoringAlertName": name}
    assert seen == ["OK", "InAlert", "InAlert", "InAlert", "OK"]


def test_an_alert_that_is_not_there_or_cannot_be_is_refused(client: Any) -> None:
    schedule(client)
    name = alert(client)["MonitoringAlertName"]
    update = client.update_monitoring_alert

    for params, code in (
        (("nobody", name, 1, 1), "ResourceNotFound"),
        (("schedule", "nothing", 1, 1), "ResourceNotFound"),
        (("schedule", name, 3, 2), "ValidationException"),
    ):
        members = ("MonitoringScheduleName", "MonitoringAlertName", "DatapointsToAlert", "EvaluationPeriod")
        assert refusal(update, **dict(zip(members, params, strict=True)))[0] == code
    assert refusal(client.list_monitoring_alerts, MonitoringScheduleName="nobody")[0] == "ResourceNotFound"
    assert refusal(client.list_monitoring_alert_history, MonitoringScheduleName="nobody")[0] == "ResourceNotFound"
