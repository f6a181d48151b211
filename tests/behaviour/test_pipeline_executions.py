"""Executions of pipelines: which steps run, in which order, what they create, and how it ends."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace, State
from tests.behaviour.examples import IMAGE, arn, plain, refusal
from tests.behaviour.pipeline_examples import (
    broken,
    callback,
    compare,
    condition,
    definition,
    equal,
    fail,
    get,
    job_of,
    make_pipeline,
    model,
    name_of,
    parameter,
    process,
    register,
    run,
    start,
    status,
    statuses,
    steps_of,
    train,
    until,
)
from tests.conftest import ACCOUNT, REGION, ROLE

ARTIFACT = get("Steps.Train.ModelArtifacts.S3ModelArtifacts")


def token_of(client: Any, execution: str, name: str = "Ask") -> str:
    return steps_of(client, execution)[name]["Metadata"]["Callback"]["CallbackToken"]


# --- What an execution says of itself ---------------------------------------------------------------------------------


def test_an_execution_is_described_with_what_it_was_started_with(client: Any, clock: ManualClock) -> None:
    make_pipeline(client, fail(), name="Forecast")
    execution = start(client, "Forecast", PipelineExecutionDescription="by hand", MlflowExperimentName="flow")

    described = plain(client.describe_pipeline_execution(PipelineExecutionArn=execution))
    times = {described.pop(name).timestamp() for name in ("CreationTime", "LastModifiedTime")}

    assert execution.startswith(arn("pipeline/Forecast/execution/"))
    assert len(execution.rpartition("/")[2]) == 12
    assert described == {
        "PipelineArn": arn("pipeline/Forecast"),
        "PipelineExecutionArn": execution,
        "PipelineExecutionDisplayName": f"execution-{round(clock.now() * 1000)}",
        "PipelineExecutionDescription": "by hand",
        "PipelineExecutionStatus": "Failed",
        "FailureReason": "Step failure: One or multiple steps failed.",
        "CreatedBy": {},
        "LastModifiedBy": {},
        "PipelineVersionId": 1,
        "MLflowConfig": {"MlflowExperimentName": "flow"},
    }
    assert times == {clock.now()}


def test_parallelism_is_that_of_the_execution_or_else_of_the_pipeline(client: Any) -> None:
    client.create_pipeline(
        PipelineName="p",
        PipelineDefinition=definition(fail()),
        RoleArn=ROLE,
        ParallelismConfiguration={"MaxParallelExecutionSteps": 2},
    )

    def parallel(execution: str) -> int:
        described = client.describe_pipeline_execution(PipelineExecutionArn=execution)
        return described["ParallelismConfiguration"]["MaxParallelExecutionSteps"]

    own = start(client, ParallelismConfiguration={"MaxParallelExecutionSteps": 5})
    assert (parallel(own), parallel(start(client))) == (5, 2)


def test_an_execution_can_be_called_and_described_otherwise_later(client: Any) -> None:
    execution = run(client, callback())

    answer = client.update_pipeline_execution(
        PipelineExecutionArn=execution,
        PipelineExecutionDisplayName="nightly",
        PipelineExecutionDescription="text",
        ParallelismConfiguration={"MaxParallelExecutionSteps": 1},
    )

    assert plain(answer) == {"PipelineExecutionArn": execution}
    assert (
        client.describe_pipeline_execution(PipelineExecutionArn=execution).items()
        >= {
            "PipelineExecutionDisplayName": "nightly",
            "PipelineExecutionDescription": "text",
            "ParallelismConfiguration": {"MaxParallelExecutionSteps": 1},
        }.items()
    )


def test_a_start_that_is_sent_twice_is_one_execution(client: Any) -> None:
    make_pipeline(client, fail())

    assert start(client, ClientRequestToken="t" * 32) == start(client, ClientRequestToken="t" * 32)
    assert len(client.list_pipeline_executions(PipelineName="p")["PipelineExecutionSummaries"]) == 1


def test_an_execution_runs_the_version_that_is_named_by_number_or_alias(client: Any) -> None:
    make_pipeline(client, fail(message="one"))
    two = definition(fail(message="two"))
    client.update_pipeline(PipelineName="p", PipelineDefinition=two, PipelineVersionAliases=["next"])

    def message(execution: str) -> str:
        return steps_of(client, execution)["Stop"]["FailureReason"]

    first = start(client, PipelineVersionId=1)
    assert [message(one) for one in (start(client), first, start(client, PipelineVersionAlias="next"))] == [
        "two",
        "one",
        "two",
    ]
    described = client.describe_pipeline_definition_for_execution(PipelineExecutionArn=first)
    assert described["PipelineDefinition"] == definition(fail(message="one"))
    assert refusal(client.start_pipeline_execution, PipelineName="p", PipelineVersionId=9)[0] == "ResourceNotFound"


def test_the_aliases_of_an_execution_are_those_its_version_has_now(client: Any) -> None:
    its_arn = make_pipeline(client, fail())
    execution = start(client)
    client.update_pipeline(PipelineName="p", PipelineDefinition=definition(fail(message="two")))
    other = start(client)
    client.update_pipeline_version(
        PipelineArn=its_arn, PipelineVersionId=1, PipelineVersionAliasOperations={"Add": ["prod"]}
    )

    described = client.describe_pipeline_execution(PipelineExecutionArn=execution)
    listed = client.list_pipeline_executions(PipelineName="p", PipelineVersionAlias="prod")
    code, _ = refusal(client.list_pipeline_executions, PipelineName="p", PipelineVersionAlias="x")

    assert described["PipelineVersionAliases"] == ["prod"]
    assert "PipelineVersionAliases" not in client.describe_pipeline_execution(PipelineExecutionArn=other)
    assert [one["PipelineExecutionArn"] for one in listed["PipelineExecutionSummaries"]] == [execution]
    assert listed["PipelineExecutionSummaries"][0]["PipelineVersionAliases"] == ["prod"]
    assert code == "ResourceNotFound"


def test_executions_are_listed_newest_first_with_why_they_failed(client: Any, clock: ManualClock) -> None:
    its_arn = make_pipeline(client, fail())
    executions = []
    for _ in range(3):
        executions.append(start(client))
        clock.advance(60)

    def listed(**params: Any) -> list[str]:
        answer = client.list_pipeline_executions(PipelineName=its_arn, **params)
        return [one["PipelineExecutionArn"] for one in answer["PipelineExecutionSummaries"]]

    assert listed() == executions[::-1]
    assert listed(SortBy="PipelineExecutionArn", SortOrder="Ascending") == sorted(executions)
    assert listed(CreatedAfter=clock.now() - 130) == executions[:0:-1]
    assert listed(CreatedBefore=clock.now() - 130) == executions[:1]
    [one] = client.list_pipeline_executions(PipelineName="p", MaxResults=1)["PipelineExecutionSummaries"]
    assert one["StartTime"].timestamp() == clock.now() - 60
    assert one["PipelineExecutionStatus"] == "Failed"
    assert one["PipelineExecutionFailureReason"] == "Step failure: One or multiple steps failed."


def test_an_execution_that_is_not_there_is_refused_by_every_operation(client: Any) -> None:
    execution = arn("pipeline/p/execution/abcdefghijkl")
    for operation in (
        client.describe_pipeline_execution,
        client.describe_pipeline_definition_for_execution,
        client.list_pipeline_execution_steps,
        client.list_pipeline_parameters_for_execution,
        client.stop_pipeline_execution,
        client.retry_pipeline_execution,
        client.update_pipeline_execution,
    ):
        assert refusal(operation, PipelineExecutionArn=execution) == (
            "ResourceNotFound",
            f"Pipeline execution '{execution}' does not exist",
        )
    assert refusal(client.start_pipeline_execution, PipelineName="p")[0] == "ResourceNotFound"
    assert refusal(client.list_pipeline_executions, PipelineName="p")[0] == "ResourceNotFound"


def test_the_role_of_a_pipeline_cannot_be_replaced_for_one_execution(client: Any) -> None:
    make_pipeline(client, fail())

    assert refusal(client.start_pipeline_execution, PipelineName="p", RoleArn=ROLE)[0] == "ValidationException"


def test_an_execution_opens_the_experiment_and_trial_of_its_pipeline(client: Any) -> None:
    config = {"ExperimentName": get("Execution.PipelineName"), "TrialName": get("Execution.PipelineExecutionId")}
    make_pipeline(client, train(), name="Forecast", PipelineExperimentConfig=config)
    execution = start(client, "Forecast")

    trial = execution.rpartition("/")[2]
    described = client.describe_pipeline_execution(PipelineExecutionArn=execution)

    assert described["PipelineExperimentConfig"] == {"ExperimentName": "forecast", "TrialName": trial}
    assert client.describe_trial(TrialName=trial)["ExperimentName"] == "forecast"
    job = client.describe_training_job(TrainingJobName=name_of(steps_of(client, execution)["Train"]))
    assert job["ExperimentConfig"] == {"ExperimentName": "forecast", "TrialName": trial}


# --- Parameters -------------------------------------------------------------------------------------------------------

PARAMETERS = (
    parameter("Word", DefaultValue="a", EnumValues=["a", "b"]),
    parameter("Count", "Integer", DefaultValue=2),
    parameter("Rate", "Float", DefaultValue=0.5),
    parameter("Really", "Boolean", DefaultValue=False),
    parameter("Needed"),
)


def test_parameters_are_listed_with_given_values_and_defaults(client: Any) -> None:
    make_pipeline(client, fail(), parameters=PARAMETERS)
    execution = start(client, parameters={"Needed": "x", "Count": "7", "Really": "true"})

    def listed(**params: Any) -> Any:
        return client.list_pipeline_parameters_for_execution(PipelineExecutionArn=execution, **params)

    assert {one["Name"]: one["Value"] for one in listed()["PipelineParameters"]} == {
        "Word": "a",
        "Count": "7",
        "Rate": "0.5",
        "Really": "true",
        "Needed": "x",
    }
    page = listed(MaxResults=4)
    assert [one["Name"] for one in listed(NextToken=page["NextToken"])["PipelineParameters"]] == ["Needed"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Pipeline parameters [Needed] have no default value and were not provided."),
        ({"Needed": "x", "Other": "1"}, "Pipeline parameters [Other] are not defined in the pipeline definition."),
        ({"Needed": "x", "Count": "1.5"}, "Value '1.5' of pipeline parameter 'Count' is not of type Integer."),
        ({"Needed": "x", "Rate": "fast"}, "Value 'fast' of pipeline parameter 'Rate' is not of type Float."),
        ({"Needed": "x", "Really": "yes"}, "Value 'yes' of pipeline parameter 'Really' is not of type Boolean."),
        ({"Needed": ""}, '[string "" is too short (length: 0, required minimum: 1)]'),
        ({"Needed": "x", "Word": "c"}, "Value 'c' of pipeline parameter 'Word' is not in its enum values [a, b]."),
    ],
)
def test_parameters_that_do_not_fit_are_refused(client: Any, given: dict[str, str], sentence: str) -> None:
    make_pipeline(client, fail(), parameters=PARAMETERS)
    said = [{"Name": name, "Value": value} for name, value in given.items()]

    refused = refusal(client.start_pipeline_execution, PipelineName="p", PipelineParameters=said)

    assert refused == ("ValidationException", sentence)
    assert client.list_pipeline_executions(PipelineName="p")["PipelineExecutionSummaries"] == []


def test_a_parameter_reaches_a_job_in_its_type(client: Any) -> None:
    resources = {"InstanceType": get("Parameters.Type"), "InstanceCount": get("Parameters.N"), "VolumeSizeInGB": 5}
    parameters = (parameter("Type", DefaultValue="ml.m5.xlarge"), parameter("N", "Integer"))
    make_pipeline(client, train(arguments={"ResourceConfig": resources}), parameters=parameters)

    execution = start(client, parameters={"N": "3"})

    job = client.describe_training_job(TrainingJobName=name_of(steps_of(client, execution)["Train"]))
    assert job["ResourceConfig"] == {"InstanceType": "ml.m5.xlarge", "InstanceCount": 3, "VolumeSizeInGB": 5}


# --- Steps, in order --------------------------------------------------------------------------------------------------


def test_steps_create_what_they_name_and_pass_on_what_came_of_it(client: Any) -> None:
    uri = get("Steps.Process.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri")
    channel = {"ChannelName": "train", "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}}
    package = {"InferenceSpecification": {"Containers": [{"Image": IMAGE, "ModelDataUrl": ARTIFACT}]}}
    execution = run(
        client,
        register(arguments={**package, "ModelApprovalStatus": "Approved"}),
        model(data=ARTIFACT),
        train(arguments={"InputDataConfig": [channel]}),
        process(),
    )

    found = steps_of(client, execution)
    trained = client.describe_training_job(TrainingJobName=name_of(found["Train"]))
    created = client.describe_model(ModelName=name_of(found["Create"]))
    registered = client.describe_model_package(ModelPackageName=job_of(found["Register"]))

    assert status(client, execution) == "Succeeded"
    assert set(found) == {"Process", "Train", "Create", "Register"}
    assert list(found)[:2] == ["Process", "Train"]
    assert trained["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3Uri"] == "s3://bucket/train"
    artifact = trained["ModelArtifacts"]["S3ModelArtifacts"]
    assert created["PrimaryContainer"]["ModelDataUrl"] == artifact
    assert registered["InferenceSpecification"]["Containers"][0]["ModelDataUrl"] == artifact
    assert registered["ModelPackageArn"] == arn("model-package/group/1")
    assert registered["ModelApprovalStatus"] == "Approved"
    assert name_of(found["Train"]).startswith(f"pipelines-{execution.rpartition('/')[2]}-Train-")


def test_a_step_is_listed_with_its_times_and_its_attempt(client: Any, clock: ManualClock) -> None:
    execution = run(client, train(DisplayName="Train it", Description="well"))

    [step] = client.list_pipeline_execution_steps(PipelineExecutionArn=execution)["PipelineExecutionSteps"]

    assert {step.pop("StartTime").timestamp(), step.pop("EndTime").timestamp()} == {clock.now()}
    assert step == {
        "StepName": "Train",
        "StepDisplayName": "Train it",
        "StepDescription": "well",
        "StepStatus": "Succeeded",
        "AttemptCount": 1,
        "Metadata": {"TrainingJob": {"Arn": job_of(step)}},
    }


def test_steps_are_listed_newest_first_page_by_page(client: Any) -> None:
    execution = run(client, model("a"), model("b", DependsOn=["a"]), model("c", DependsOn=["b"]))

    def page(**params: Any) -> tuple[list[str], str | None]:
        answer = client.list_pipeline_execution_steps(PipelineExecutionArn=execution, **params)
        return [step["StepName"] for step in answer["PipelineExecutionSteps"]], answer.get("NextToken")

    first, token = page(MaxResults=2)
    assert (first, page(NextToken=token, MaxResults=2)) == (["c", "b"], (["a"], None))
    assert page(SortOrder="Ascending")[0] == ["a", "b", "c"]


def test_a_step_waits_for_those_it_depends_on(client: Any) -> None:
    execution = run(client, model("last", DependsOn=["Ask"]), callback())

    assert statuses(client, execution) == {"Ask": "Executing"}
    client.send_pipeline_execution_step_success(CallbackToken=token_of(client, execution))
    assert statuses(client, execution) == {"Ask": "Succeeded", "last": "Succeeded"}


def test_no_more_steps_run_in_parallel_than_allowed(client: Any) -> None:
    make_pipeline(client, *(callback(f"a{number}") for number in range(3)))
    execution = start(client, ParallelismConfiguration={"MaxParallelExecutionSteps": 2})

    assert statuses(client, execution) == {"a0": "Executing", "a1": "Executing"}
    client.send_pipeline_execution_step_success(CallbackToken=token_of(client, execution, "a0"))
    assert statuses(client, execution) == {"a0": "Succeeded", "a1": "Executing", "a2": "Executing"}


def test_texts_are_joined_of_everything_that_can_be_referred_to(client: Any) -> None:
    values = ["n", get("Parameters.N"), get("Execution.PipelineName"), get("Execution.PipelineExecutionId")]
    message = {"Std:Join": {"On": "/", "Values": [*values, get("Steps.Check.Outcome")]}}
    execution = run(
        client,
        condition(equal(1, 2)),
        fail(message=message),
        parameters=(parameter("N", "Integer", DefaultValue=4),),
    )

    reason = steps_of(client, execution)["Stop"]["FailureReason"]
    assert reason == f"n/4/p/{execution.rpartition('/')[2]}/false"


def tune(objective: str = "Minimize") -> dict[str, Any]:
    ranges = {"IntegerParameterRanges": [{"Name": "depth", "MinValue": "1", "MaxValue": "3"}]}
    arguments = {
        "HyperParameterTuningJobConfig": {
            "Strategy": "Bayesian",
            "HyperParameterTuningJobObjective": {"Type": objective, "MetricName": "loss"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 1},
            "ParameterRanges": ranges,
        },
        "TrainingJobDefinition": {
            "AlgorithmSpecification": {
                "TrainingImage": IMAGE,
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "loss", "Regex": "x"}],
            },
            "RoleArn": ROLE,
            "OutputDataConfig": {"S3OutputPath": "s3://bucket/out"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
            "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        },
    }
    return {"Name": "Tune", "Type": "Tuning", "Arguments": arguments}


def test_jobs_of_every_type_are_created(client: Any) -> None:
    transform = {
        "ModelName": get("Steps.Create.ModelName"),
        "TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/in"}}},
        "TransformOutput": {"S3OutputPath": "s3://bucket/out"},
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
    }
    automl = {
        "InputDataConfig": [
            {
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/in"}},
                "TargetAttributeName": "y",
            }
        ],
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/out"},
        "RoleArn": ROLE,
    }
    execution = run(
        client,
        model(),
        tune(),
        {"Name": "Apply", "Type": "Transform", "Arguments": transform},
        {"Name": "Find", "Type": "AutoML", "Arguments": automl},
        process("Quality", Type="QualityCheck", CheckType="DATA_QUALITY", SkipCheck=True, RegisterNewBaseline=True),
        {"Name": "Spark", "Type": "EMR", "Arguments": {"ClusterId": "j-1", "StepConfig": {}}},
        {"Name": "Call", "Type": "Lambda", "FunctionArn": "arn:aws:lambda:us-east-1:1:function:f", "Arguments": {}},
    )

    found = {name: step["Metadata"] for name, step in steps_of(client, execution).items()}

    assert statuses(client, execution) == dict.fromkeys(found, "Succeeded")
    assert ":hyper-parameter-tuning-job/" in found["Tune"]["TuningJob"]["Arn"]
    assert ":transform-job/pipelines-" in found["Apply"]["TransformJob"]["Arn"]
    assert ":automl-job/" in found["Find"]["AutoMLJob"]["Arn"]
    assert (
        found["Quality"]["QualityCheck"].items()
        >= {
            "CheckType": "DATA_QUALITY",
            "SkipCheck": True,
            "CalculatedBaselineConstraints": "s3://bucket/train/constraints.json",
            "BaselineUsedForDriftCheckStatistics": "s3://bucket/train/statistics.json",
        }.items()
    )
    assert found["Spark"]["EMR"]["ClusterId"] == "j-1"
    assert found["Call"]["Lambda"] == {"Arn": "arn:aws:lambda:us-east-1:1:function:f", "OutputParameters": []}


# --- Conditions and what only files and functions know ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "outcome"),
    [
        (equal(1, 1), True),
        (equal("a", "b"), False),
        (compare("GreaterThan", 2, 1), True),
        (compare("GreaterThanOrEqualTo", 1, 2), False),
        (compare("LessThan", 1, 2.5), True),
        (compare("LessThanOrEqualTo", "2", 1), False),
        ({"Type": "In", "QueryValue": "a", "Values": ["a", "b"]}, True),
        ({"Type": "Not", "Expression": equal(1, 1)}, False),
        ({"Type": "Or", "Conditions": [equal(1, 2), equal(1, 1)]}, True),
    ],
)
def test_a_condition_takes_one_of_two_branches(client: Any, one: Any, outcome: bool) -> None:
    execution = run(client, condition(one, yes=(model("yes"),), no=(model("no"),)))

    found = steps_of(client, execution)
    assert found["Check"]["Metadata"] == {"Condition": {"Outcome": str(outcome)}}
    assert list(found) == ["Check", "yes" if outcome else "no"]
    assert status(client, execution) == "Succeeded"


def test_what_waits_for_a_branch_that_is_not_taken_never_runs(client: Any) -> None:
    execution = run(client, condition(equal(1, 2), yes=(model("yes"),)), model("after", DependsOn=["yes"]))

    assert list(steps_of(client, execution)) == ["Check"]
    assert status(client, execution) == "Succeeded"


def test_conditions_can_stand_inside_each_other(client: Any) -> None:
    inner = condition(equal(1, 1), name="Inner", yes=(model("deep"),))
    execution = run(client, condition(equal(1, 1), yes=(inner,)))

    assert list(steps_of(client, execution)) == ["Check", "Inner", "deep"]


GATE = (
    process("Evaluate", PropertyFiles=[{"PropertyFileName": "Report", "OutputName": "train", "FilePath": "r.json"}]),
    condition(
        compare(
            "LessThanOrEqualTo",
            {
                "Std:JsonGet": {
                    "PropertyFile": get("Steps.Evaluate.PropertyFiles.Report"),
                    "Path": "regression_metrics['mse'].value",
                }
            },
            6,
        ),
        yes=(model("good"),),
        no=(model("bad"),),
    ),
)


@pytest.mark.parametrize(("mse", "branch"), [("4.5", "good"), ("8", "bad")])
def test_the_tags_of_a_pipeline_tell_what_its_property_files_hold(client: Any, mse: str, branch: str) -> None:
    execution = run(client, *GATE, tags={"emulator:Evaluate.Report.regression_metrics.mse.value": mse})

    assert list(steps_of(client, execution)) == ["Evaluate", "Check", branch]


def test_a_property_file_that_nobody_told_of_fails_the_step_and_says_how_to_tell(client: Any) -> None:
    execution = run(client, *GATE)

    reason = steps_of(client, execution)["Check"]["FailureReason"]
    assert "the tag emulator:Evaluate.Report.regression_metrics.mse.value" in reason
    assert status(client, execution) == "Failed"


def test_the_outputs_of_a_lambda_function_are_told_by_tags_too(client: Any) -> None:
    outputs = [{"OutputName": "code", "OutputType": "Integer"}, {"OutputName": "word", "OutputType": "String"}]
    call = {"Name": "Call", "Type": "Lambda", "FunctionArn": "arn:f", "Arguments": {}, "OutputParameters": outputs}
    check = condition(equal(get("Steps.Call.OutputParameters['code']"), 200), yes=(model("fine"),))
    tags = {"emulator:Call.OutputParameters.code": "200", "emulator:Call.OutputParameters.word": "ok"}
    execution = run(client, call, check, tags=tags)

    found = steps_of(client, execution)
    assert found["Call"]["Metadata"]["Lambda"]["OutputParameters"] == [
        {"Name": "code", "Value": "200"},
        {"Name": "word", "Value": "ok"},
    ]
    assert list(found) == ["Call", "Check", "fine"]


def test_values_that_cannot_be_compared_fail_the_condition(client: Any) -> None:
    execution = run(client, condition(compare("LessThan", "a", 1)))

    assert statuses(client, execution) == {"Check": "Failed"}


# --- Failures ---------------------------------------------------------------------------------------------------------


def test_what_sagemaker_refuses_fails_the_step_and_the_execution(client: Any) -> None:
    execution = run(client, broken(), model("after", DependsOn=["Broken"]))

    step = steps_of(client, execution)["Broken"]
    assert step["StepStatus"] == "Failed"
    assert step["Metadata"] == {}
    assert step["FailureReason"].startswith("ClientError: Failed to invoke sagemaker:CreateModel. Error Details: ")
    assert list(steps_of(client, execution)) == ["Broken"]
    described = client.describe_pipeline_execution(PipelineExecutionArn=execution)
    assert described["PipelineExecutionStatus"] == "Failed"
    assert described["FailureReason"] == "Step failure: One or multiple steps failed."


def test_a_step_that_refers_to_nothing_fails(client: Any) -> None:
    execution = run(client, model("a"), fail(message=get("Steps.a.Colour")))

    assert steps_of(client, execution)["Stop"]["FailureReason"] == "ClientError: A reference leads to nothing: Colour."


def test_what_runs_beside_a_failed_step_comes_to_its_end_and_nothing_else_begins(client: Any) -> None:
    execution = run(client, callback(), broken(), model("after", DependsOn=["Ask"]))

    assert statuses(client, execution) == {"Ask": "Executing", "Broken": "Failed"}
    assert status(client, execution) == "Executing"
    client.send_pipeline_execution_step_success(CallbackToken=token_of(client, execution))
    assert statuses(client, execution) == {"Ask": "Succeeded", "Broken": "Failed"}
    assert status(client, execution) == "Failed"


def test_a_fail_step_stops_what_runs_beside_it(client: Any) -> None:
    execution = run(
        client, callback(), model("a"), fail(message={"Std:Join": {"On": "", "Values": [get("Steps.a.ModelName")]}})
    )

    found = steps_of(client, execution)
    assert {name: step["StepStatus"] for name, step in found.items()} == {
        "Ask": "Stopped",
        "a": "Succeeded",
        "Stop": "Failed",
    }
    assert found["Stop"]["Metadata"] == {"Fail": {"ErrorMessage": found["Stop"]["FailureReason"]}}
    assert status(client, execution) == "Failed"


def test_a_fail_step_without_a_message_gives_no_reason(client: Any) -> None:
    execution = run(client, {"Name": "Stop", "Type": "Fail", "Arguments": {}})

    step = steps_of(client, execution)["Stop"]
    assert "FailureReason" not in step
    assert step["Metadata"] == {"Fail": {"ErrorMessage": ""}}


def job_fails(emulator: Emulator, name: str, reason: str) -> None:
    """Let a training job have failed."""
    with emulator.at(ACCOUNT, REGION) as scope:
        resource = scope.resources.resource("TrainingJob")
        record = scope.table(resource).records[(name,)]
        scope.change(resource, record, State("Failed", emulator.clock.now(), reason))


def test_a_job_that_fails_fails_its_step_for_its_reason(client: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("manual")
    execution = run(client, train())
    job_fails(emulator, name_of(steps_of(client, execution)["Train"]), "AlgorithmError: no convergence")
    emulator.push()

    step = steps_of(client, execution)["Train"]
    assert (step["StepStatus"], step["FailureReason"]) == ("Failed", "AlgorithmError: no convergence")


def test_a_job_that_is_gone_fails_its_step(client: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("manual")
    execution = run(client, train())
    with emulator.at(ACCOUNT, REGION) as scope:
        resource = scope.resources.resource("TrainingJob")
        scope.remove(resource, next(iter(scope.table(resource).records.values())))
    emulator.push()

    assert steps_of(client, execution)["Train"]["FailureReason"] == "ClientError: Requested resource not found."


def test_the_jobs_of_a_tuning_can_be_referred_to_from_the_best_on(client: Any) -> None:
    for kind, best in (("Minimize", min), ("Maximize", max)):
        name = f"tune-{kind.lower()}"
        first = get("Steps.Tune.TrainingJobSummaries[0].TrainingJobName")
        make_pipeline(client, tune(kind), fail(message=first), name=name)
        found = steps_of(client, start(client, name))

        tuned = client.list_training_jobs_for_hyper_parameter_tuning_job(
            HyperParameterTuningJobName=name_of(found["Tune"])
        )
        jobs = {
            one["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]: one["TrainingJobName"]
            for one in tuned["TrainingJobSummaries"]
        }
        assert found["Stop"]["FailureReason"] == jobs[best(jobs)]


def test_a_retry_policy_runs_a_failed_job_again_under_another_name(client: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("manual")
    policy = {"ExceptionType": ["SageMaker.JOB_INTERNAL_ERROR"], "MaxAttempts": 1, "IntervalSeconds": 5}
    execution = run(client, train(RetryPolicies=[policy]))
    names = []
    for _ in range(2):
        names.append(name_of(steps_of(client, execution)["Train"]))
        job_fails(emulator, names[-1], "InternalServerError: sorry")
        emulator.push()
        emulator.push()

    step = steps_of(client, execution)["Train"]
    assert names[0] != names[1]
    assert (step["StepStatus"], step["AttemptCount"]) == ("Failed", 2)
    assert step["FailureReason"].endswith(
        f"Retry not appropriate on execution of step with PipelineExecutionArn {execution} and StepId Train. "
        "No retry policy configured for the exception type SAGEMAKER_JOB_INTERNAL_ERROR."
    )


# --- Callbacks --------------------------------------------------------------------------------------------------------


def test_a_callback_waits_for_its_answer_and_passes_it_on(client: Any) -> None:
    ask = callback(OutputParameters=[{"OutputName": "uri", "OutputType": "String"}])
    execution = run(client, ask, model(data=get("Steps.Ask.OutputParameters['uri']")))

    assert status(client, execution) == "Executing"
    shown = steps_of(client, execution)["Ask"]["Metadata"]["Callback"]
    assert shown["SqsQueueUrl"] == "https://sqs.us-east-1.amazonaws.com/123456789012/queue"
    outputs = [{"Name": "uri", "Value": "s3://bucket/other.tar.gz"}]
    answer = client.send_pipeline_execution_step_success(CallbackToken=shown["CallbackToken"], OutputParameters=outputs)
    assert plain(answer) == {"PipelineExecutionArn": execution}
    found = steps_of(client, execution)
    assert found["Ask"]["Metadata"]["Callback"]["OutputParameters"] == outputs
    created = client.describe_model(ModelName=name_of(found["Create"]))
    assert created["PrimaryContainer"]["ModelDataUrl"] == "s3://bucket/other.tar.gz"
    assert status(client, execution) == "Succeeded"


def test_a_callback_fails_for_the_reason_that_is_sent(client: Any) -> None:
    execution = run(client, callback())

    answer = client.send_pipeline_execution_step_failure(
        CallbackToken=token_of(client, execution), FailureReason="no time"
    )

    assert plain(answer) == {"PipelineExecutionArn": execution}
    step = steps_of(client, execution)["Ask"]
    assert (step["StepStatus"], step["FailureReason"]) == ("Failed", "no time")
    assert status(client, execution) == "Failed"


def test_a_token_is_known_while_its_step_waits(client: Any) -> None:
    execution = run(client, callback())
    token = token_of(client, execution)
    client.send_pipeline_execution_step_success(CallbackToken=token)

    for operation in (client.send_pipeline_execution_step_success, client.send_pipeline_execution_step_failure):
        assert refusal(operation, CallbackToken=token) == (
            "ResourceNotFound",
            f"Callback token {token} does not exist.",
        )


# --- Stopping and trying again ----------------------------------------------------------------------------------------


def test_a_stopped_execution_stops_its_jobs_and_begins_nothing_more(client: Any) -> None:
    execution = run(client, train(), model("after", DependsOn=["Train"]))

    answer = client.stop_pipeline_execution(PipelineExecutionArn=execution)

    assert plain(answer) == {"PipelineExecutionArn": execution}
    assert status(client, execution) == "Stopped"
    found = steps_of(client, execution)
    assert {name: step["StepStatus"] for name, step in found.items()} == {"Train": "Stopped"}
    job = client.describe_training_job(TrainingJobName=name_of(found["Train"]))
    assert job["TrainingJobStatus"] == "Stopped"


def test_an_execution_stops_when_its_callback_is_answered_and_not_before(client: Any) -> None:
    execution = run(client, callback(), model("after", DependsOn=["Ask"]))
    token = token_of(client, execution)

    client.stop_pipeline_execution(PipelineExecutionArn=execution)

    assert status(client, execution) == "Stopping"
    assert statuses(client, execution) == {"Ask": "Stopping"}
    client.send_pipeline_execution_step_failure(CallbackToken=token, FailureReason="stopped")
    assert status(client, execution) == "Stopped"


def test_what_has_ended_cannot_be_stopped(client: Any) -> None:
    execution = run(client, model())
    assert status(client, execution) == "Succeeded"

    assert refusal(client.stop_pipeline_execution, PipelineExecutionArn=execution)[0] == "ConflictException"
    assert refusal(client.retry_pipeline_execution, PipelineExecutionArn=execution)[0] == "ConflictException"
    assert status(client, execution) == "Succeeded"


def test_a_retry_runs_again_what_failed_and_what_comes_behind_it(client: Any) -> None:
    execution = run(client, model("a"), callback(DependsOn=["a"]), model("after", DependsOn=["Ask"]))
    token = token_of(client, execution)
    first = job_of(steps_of(client, execution)["a"])
    client.send_pipeline_execution_step_failure(CallbackToken=token)
    assert status(client, execution) == "Failed"

    answer = client.retry_pipeline_execution(
        PipelineExecutionArn=execution, ParallelismConfiguration={"MaxParallelExecutionSteps": 4}
    )

    assert plain(answer) == {"PipelineExecutionArn": execution}
    described = client.describe_pipeline_execution(PipelineExecutionArn=execution)
    assert described["PipelineExecutionStatus"] == "Executing"
    assert "FailureReason" not in described
    assert described["ParallelismConfiguration"] == {"MaxParallelExecutionSteps": 4}
    again = token_of(client, execution)
    assert again != token
    client.send_pipeline_execution_step_success(CallbackToken=again)
    assert statuses(client, execution) == {"a": "Succeeded", "Ask": "Succeeded", "after": "Succeeded"}
    assert job_of(steps_of(client, execution)["a"]) == first


# --- Results of other executions --------------------------------------------------------------------------------------


def cached(expires: str = "P30D", **more: Any) -> dict[str, Any]:
    return train(CacheConfig={"Enabled": True, "ExpireAfter": expires}, **more)


def test_a_cached_step_takes_the_result_of_an_earlier_execution(client: Any) -> None:
    make_pipeline(client, cached(), model(data=ARTIFACT))
    first = start(client)
    job = job_of(steps_of(client, first)["Train"])

    step = steps_of(client, start(client))["Train"]

    assert step["CacheHitResult"] == {"SourcePipelineExecutionArn": first}
    assert job_of(step) == job
    assert len(client.list_training_jobs()["TrainingJobSummaries"]) == 1


def test_a_cached_result_is_not_taken_when_it_is_too_old_or_of_another_question(
    client: Any, clock: ManualClock
) -> None:
    depth = {"HyperParameters": {"depth": get("Parameters.Depth")}}
    make_pipeline(client, cached("PT1H", arguments=depth), parameters=(parameter("Depth", DefaultValue="1"),))
    steps_of(client, start(client))

    other = steps_of(client, start(client, parameters={"Depth": "2"}))["Train"]
    clock.advance(3601)
    late = steps_of(client, start(client))["Train"]

    assert "CacheHitResult" not in other
    assert "CacheHitResult" not in late


def selective(*names: str, source: str | None = None) -> dict[str, Any]:
    config: dict[str, Any] = {"SelectedSteps": [{"StepName": name} for name in names]}
    return {"SelectiveExecutionConfig": config | ({"SourcePipelineExecutionArn": source} if source else {})}


def test_selected_steps_run_on_the_results_of_another_execution(client: Any) -> None:
    make_pipeline(client, train(), model(data=ARTIFACT), model("other"))
    source = start(client)
    trained = steps_of(client, source)["Train"]

    execution = start(client, **selective("Create", source=source))

    found = steps_of(client, execution)
    assert list(found) == ["Train", "Create"]
    assert job_of(found["Train"]) == job_of(trained)
    assert found["Train"]["SelectiveExecutionResult"] == {"SourcePipelineExecutionArn": source}
    assert "SelectiveExecutionResult" not in found["Create"]
    described = client.describe_pipeline_execution(PipelineExecutionArn=execution)
    assert described["SelectiveExecutionConfig"] == selective("Create", source=source)["SelectiveExecutionConfig"]


def test_a_selective_execution_has_the_parameters_of_its_source(client: Any) -> None:
    make_pipeline(client, train(), parameters=(parameter("a", DefaultValue="1"), parameter("b", DefaultValue="1")))
    source = start(client, parameters={"a": "2", "b": "2"})
    status(client, source)

    execution = start(client, parameters={"b": "3"}, **selective("Train", source=source))

    listed = client.list_pipeline_parameters_for_execution(PipelineExecutionArn=execution)["PipelineParameters"]
    assert listed == [{"Name": "a", "Value": "2"}, {"Name": "b", "Value": "3"}]


def test_selected_steps_that_need_others_need_a_source_that_has_them(client: Any) -> None:
    make_pipeline(client, callback("Train"), model(data=ARTIFACT), name="q")
    make_pipeline(client, train(), model(data=ARTIFACT))
    other, waits = start(client), start(client, "q")

    def refused(name: str = "p", **params: Any) -> str:
        return refusal(client.start_pipeline_execution, PipelineName=name, **params)[1]

    assert refused(**selective("Create")) == (
        "Invalid SourcePipelineExecutionArn: null. The selected steps [Create] have dependencies on [Train]"
    )
    assert refused(**selective("x")) == "The selected steps [x] are not in the pipeline definition."
    assert refused("q", **selective("Create", source=other)).endswith("It is not an execution of this pipeline.")
    assert refused("q", **selective("Create", source=waits)).endswith("not Failed or Succeeded.")
    assert list(steps_of(client, start(client, **selective("Train")))) == ["Train"]


# --- Paces ------------------------------------------------------------------------------------------------------------


def test_at_pace_step_every_look_sees_the_execution_one_stage_on(client: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("step")
    execution = run(client, model("a"), model("b", DependsOn=["a"]), model("c", DependsOn=["b"]))

    seen = [len(statuses(client, execution)) for _ in range(4)]

    assert seen == [1, 2, 3, 3]
    assert until(client, execution, lambda found: len(found) == 3)
    assert status(client, execution) == "Succeeded"


def test_at_pace_manual_an_execution_goes_on_only_when_pushed(client: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("manual")
    execution = run(client, model("a"), model("b", DependsOn=["a"]))

    assert [statuses(client, execution) for _ in range(2)] == [{"a": "Succeeded"}] * 2
    emulator.push()
    assert statuses(client, execution) == {"a": "Succeeded", "b": "Succeeded"}


def test_at_pace_real_steps_follow_each_other_by_the_clock_however_late_somebody_looks(
    client: Any, emulator: Emulator, clock: ManualClock
) -> None:
    emulator.settings.pace = Pace("real")
    began = clock.now()
    execution = run(client, process(), train(DependsOn=["Process"]), model(data=ARTIFACT))
    assert statuses(client, execution) == {"Process": "Executing"}

    clock.advance(86400)
    found = steps_of(client, execution)

    described = client.describe_training_job(TrainingJobName=name_of(found["Train"]))
    assert status(client, execution) == "Succeeded"
    assert began < found["Process"]["EndTime"].timestamp() == found["Train"]["StartTime"].timestamp()
    assert described["CreationTime"] == found["Train"]["StartTime"]
    assert found["Train"]["EndTime"] == found["Create"]["StartTime"] == found["Create"]["EndTime"]
    ended = client.describe_pipeline_execution(PipelineExecutionArn=execution)["LastModifiedTime"]
    assert ended == found["Create"]["EndTime"]
    assert ended.timestamp() < clock.now()


@pytest.mark.parametrize("pace", ["instant", "real"])
def test_a_list_shows_what_an_execution_has_made_by_now_though_nobody_looked_at_it(
    client: Any, emulator: Emulator, clock: ManualClock, pace: str
) -> None:
    emulator.settings.pace = Pace(pace)
    run(client, train(), register(DependsOn=["Train"]))
    clock.advance(86400)

    listed = client.list_model_packages(ModelPackageGroupName="group")["ModelPackageSummaryList"]

    assert [one["ModelPackageStatus"] for one in listed] == ["Completed"]


def test_an_execution_whose_definition_has_no_steps_has_succeeded(client: Any) -> None:
    client.create_pipeline(
        PipelineName="p", PipelineDefinition=json.dumps({"Version": "2020-12-01", "Steps": []}), RoleArn=ROLE
    )

    assert status(client, start(client)) == "Succeeded"
