"""Pipelines and their versions, and which definitions are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.engine.clock import ManualClock
from tests.behaviour.examples import arn, plain, refusal
from tests.behaviour.pipeline_examples import (
    callback,
    compare,
    condition,
    definition,
    equal,
    fail,
    get,
    make_pipeline,
    model,
    parameter,
    process,
    start,
    train,
)
from tests.conftest import ROLE

TEXT = definition(fail())
OTHER = definition(fail(message="worse"))
PARSE = "Unable to parse pipeline definition. "


# --- Pipelines --------------------------------------------------------------------------------------------------------


def test_a_pipeline_is_described_as_it_was_sent(client: Any, clock: ManualClock) -> None:
    answer = client.create_pipeline(
        PipelineName="Forecast",
        PipelineDisplayName="forecast-daily",
        PipelineDefinition=TEXT,
        PipelineDescription="every day",
        RoleArn=ROLE,
        ParallelismConfiguration={"MaxParallelExecutionSteps": 3},
        Tags=[{"Key": "team", "Value": "a"}],
    )
    described = plain(client.describe_pipeline(PipelineName="Forecast"))
    times = {described.pop(name).timestamp() for name in ("CreationTime", "LastModifiedTime")}

    assert plain(answer) == {"PipelineArn": arn("pipeline/Forecast")}
    assert described == {
        "PipelineArn": arn("pipeline/Forecast"),
        "PipelineName": "Forecast",
        "PipelineDisplayName": "forecast-daily",
        "PipelineDefinition": TEXT,
        "PipelineDescription": "every day",
        "RoleArn": ROLE,
        "PipelineStatus": "Active",
        "CreatedBy": {},
        "LastModifiedBy": {},
        "ParallelismConfiguration": {"MaxParallelExecutionSteps": 3},
    }
    assert times == {clock.now()}
    assert client.list_tags(ResourceArn=answer["PipelineArn"])["Tags"] == [{"Key": "team", "Value": "a"}]


def test_a_definition_is_kept_byte_by_byte(client: Any) -> None:
    text = json.dumps(json.loads(TEXT), indent=3) + "\n"
    client.create_pipeline(PipelineName="p", PipelineDefinition=text, RoleArn=ROLE)

    assert client.describe_pipeline(PipelineName="p")["PipelineDefinition"] == text


def test_a_pipeline_is_found_by_its_arn_too(client: Any) -> None:
    its_arn = make_pipeline(client, fail())

    assert client.describe_pipeline(PipelineName=its_arn)["PipelineName"] == "p"


def test_a_pipeline_without_a_display_name_is_displayed_by_its_name(client: Any) -> None:
    make_pipeline(client, fail())

    assert client.describe_pipeline(PipelineName="p")["PipelineDisplayName"] == "p"


def test_a_name_can_be_taken_once(client: Any) -> None:
    make_pipeline(client, fail())

    refused = refusal(client.create_pipeline, PipelineName="p", PipelineDefinition=TEXT, RoleArn=ROLE)

    assert refused == (
        "ValidationException",
        "Pipeline names must be unique within an AWS account and region. Pipeline with name (p) already exists.",
    )


def test_a_create_that_is_sent_twice_is_made_once(client: Any) -> None:
    said = {"PipelineName": "p", "PipelineDefinition": TEXT, "RoleArn": ROLE, "ClientRequestToken": "t" * 32}

    assert plain(client.create_pipeline(**said)) == plain(client.create_pipeline(**said))


@pytest.mark.parametrize("operation", ["describe_pipeline", "update_pipeline", "delete_pipeline"])
def test_a_pipeline_that_is_not_there_is_refused(client: Any, operation: str) -> None:
    assert refusal(getattr(client, operation), PipelineName="p") == (
        "ResourceNotFound",
        f"Pipeline '{arn('pipeline/p')}' does not exist.",
    )


def test_an_update_changes_what_it_names_and_makes_no_version_of_the_same_definition(client: Any) -> None:
    make_pipeline(client, fail())
    before = plain(client.describe_pipeline(PipelineName="p"))

    answer = client.update_pipeline(PipelineName="p", PipelineDescription="new", PipelineDefinition=TEXT)

    assert plain(answer) == {"PipelineArn": arn("pipeline/p"), "PipelineVersionId": 1}
    assert plain(client.describe_pipeline(PipelineName="p")) == {**before, "PipelineDescription": "new"}


def test_a_deleted_pipeline_is_gone_and_its_name_is_free(client: Any) -> None:
    make_pipeline(client, fail())

    answer = client.delete_pipeline(PipelineName="p")

    assert plain(answer) == {"PipelineArn": arn("pipeline/p")}
    assert refusal(client.describe_pipeline, PipelineName="p")[0] == "ResourceNotFound"
    make_pipeline(client, fail())
    assert [one["PipelineVersionId"] for one in versions(client)] == [1]


def test_a_pipeline_is_not_deleted_while_it_runs(client: Any) -> None:
    make_pipeline(client, callback())
    execution = start(client)

    code, message = refusal(client.delete_pipeline, PipelineName="p")

    assert code == "ConflictException"
    assert execution.rpartition("/")[2] in message
    assert client.describe_pipeline(PipelineName="p")["PipelineStatus"] == "Active"


def test_executions_go_with_their_pipeline(client: Any) -> None:
    make_pipeline(client, fail())
    execution = start(client)
    client.describe_pipeline_execution(PipelineExecutionArn=execution)
    client.delete_pipeline(PipelineName="p")

    refused = refusal(client.describe_pipeline_execution, PipelineExecutionArn=execution)

    assert refused == ("ResourceNotFound", f"Pipeline execution '{execution}' does not exist")


def test_pipelines_are_listed_by_prefix_time_and_manager(client: Any, clock: ManualClock) -> None:
    for name in ("a1", "b1", "a2"):
        make_pipeline(client, fail(), name=name)
        clock.advance(60)
    start(client, "a1")

    def names(**params: Any) -> list[str]:
        return [one["PipelineName"] for one in client.list_pipelines(**params)["PipelineSummaries"]]

    assert names() == ["a2", "b1", "a1"]
    assert names(PipelineNamePrefix="a", SortBy="Name", SortOrder="Ascending") == ["a1", "a2"]
    assert names(CreatedAfter=clock.now() - 130) == ["a2", "b1"]
    assert names(CreatedBefore=clock.now() - 130) == ["a1"]
    assert names(ManagedBy="AWS") == []
    assert len(names(ManagedBy="CUSTOMER")) == 3
    [first, *_] = client.list_pipelines(SortOrder="Ascending")["PipelineSummaries"]
    assert first["LastExecutionTime"].timestamp() == clock.now()
    assert client.describe_pipeline(PipelineName="a1")["LastRunTime"].timestamp() == clock.now()


# --- Versions ---------------------------------------------------------------------------------------------------------


def versions(client: Any, **params: Any) -> list[dict[str, Any]]:
    return client.list_pipeline_versions(PipelineName="p", **params)["PipelineVersionSummaries"]


def test_every_new_definition_is_a_version(client: Any, clock: ManualClock) -> None:
    make_pipeline(client, fail())
    clock.advance(10)

    answer = client.update_pipeline(PipelineName="p", PipelineDefinition=OTHER)

    assert answer["PipelineVersionId"] == 2
    assert client.describe_pipeline(PipelineName="p")["PipelineDefinition"] == OTHER
    assert client.describe_pipeline(PipelineName="p", PipelineVersionId=1)["PipelineDefinition"] == TEXT
    assert [one["PipelineVersionId"] for one in versions(client)] == [2, 1]
    assert [one["PipelineVersionId"] for one in versions(client, SortOrder="Ascending", MaxResults=1)] == [1]
    assert [one["PipelineVersionId"] for one in versions(client, CreatedAfter=clock.now())] == [2]
    assert {one["PipelineArn"] for one in versions(client)} == {arn("pipeline/p")}


def test_a_version_shows_the_last_execution_of_it(client: Any) -> None:
    make_pipeline(client, fail())
    start(client)
    last = start(client)

    assert versions(client)[0]["LastExecutionPipelineExecutionArn"] == last


def test_a_version_has_a_name_a_description_and_aliases_of_its_own(client: Any) -> None:
    its_arn = make_pipeline(client, fail())
    client.update_pipeline(PipelineName="p", PipelineDefinition=OTHER, PipelineVersionAliases=["next"])

    answer = client.update_pipeline_version(
        PipelineArn=its_arn,
        PipelineVersionId=1,
        PipelineVersionDisplayName="first",
        PipelineVersionDescription="the first one",
        PipelineVersionAliasOperations={"Add": ["prod", "old"]},
    )
    client.update_pipeline_version(
        PipelineArn=its_arn, PipelineVersionId=1, PipelineVersionAliasOperations={"Remove": ["old"]}
    )
    said = {
        "PipelineVersionDisplayName": "first",
        "PipelineVersionDescription": "the first one",
        "PipelineVersionAliases": ["prod"],
    }

    assert plain(answer) == {"PipelineArn": its_arn, "PipelineVersionId": 1}
    assert client.describe_pipeline(PipelineName="p", PipelineVersionAlias="prod").items() >= said.items()
    assert client.describe_pipeline(PipelineName="p", PipelineVersionAlias="next")["PipelineDefinition"] == OTHER
    assert client.describe_pipeline(PipelineName="p")["PipelineVersionAliases"] == ["next"]
    assert versions(client)[1].items() >= said.items()


def test_an_alias_stands_for_one_version(client: Any) -> None:
    its_arn = make_pipeline(client, fail())
    client.update_pipeline(PipelineName="p", PipelineDefinition=OTHER, PipelineVersionAliases=["prod"])
    of_first = {"PipelineArn": its_arn, "PipelineVersionId": 1}

    def refused(**operations: list[str]) -> str:
        return refusal(client.update_pipeline_version, **of_first, PipelineVersionAliasOperations=operations)[1]

    assert refused(Add=["prod"]).startswith("The alias prod is assigned to version 2 of the pipeline")
    assert refused(Add=["12"]) == "The alias 12 can't consist of numbers only."
    assert refused(Add=["x"], Remove=["x"]) == "The alias x can't be both added and removed."
    client.update_pipeline_version(
        **of_first, PipelineVersionAliasOperations={"Add": [f"a{number}" for number in range(10)]}
    )
    assert refused(Add=["another"]) == "A pipeline version can have up to 10 aliases."


def test_aliases_come_with_a_new_version_only(client: Any) -> None:
    make_pipeline(client, fail())

    refused = refusal(client.update_pipeline, PipelineName="p", PipelineVersionAliases=["prod"])

    assert refused[0] == "ValidationException"
    assert "PipelineVersionAliases" not in client.describe_pipeline(PipelineName="p")


def test_a_version_that_is_not_there_is_refused(client: Any) -> None:
    its_arn = make_pipeline(client, fail())

    assert refusal(client.describe_pipeline, PipelineName="p", PipelineVersionId=2)[0] == "ResourceNotFound"
    assert refusal(client.describe_pipeline, PipelineName="p", PipelineVersionAlias="x")[0] == "ResourceNotFound"
    assert refusal(client.update_pipeline_version, PipelineArn=its_arn, PipelineVersionId=2)[0] == "ResourceNotFound"
    both = {"PipelineVersionId": 1, "PipelineVersionAlias": "x"}
    assert refusal(client.describe_pipeline, PipelineName="p", **both)[0] == "ValidationException"
    assert refusal(client.list_pipeline_versions, PipelineName="q")[0] == "ResourceNotFound"


# --- Definitions ------------------------------------------------------------------------------------------------------


def refused_definition(client: Any, text: str) -> str:
    code, message = refusal(client.create_pipeline, PipelineName="p", PipelineDefinition=text, RoleArn=ROLE)
    assert code == "ValidationException"
    assert client.list_pipelines()["PipelineSummaries"] == []
    return message.removeprefix(PARSE)


def test_a_definition_is_sent_once_and_not_left_in_s3(client: Any) -> None:
    said = {"PipelineName": "p", "RoleArn": ROLE}
    location = {"PipelineDefinitionS3Location": {"Bucket": "bucket", "ObjectKey": "p.json"}}

    assert refusal(client.create_pipeline, **said) == (
        "ValidationException",
        "Either Pipeline Definition or Pipeline Definition S3 location should be provided",
    )
    assert refusal(client.create_pipeline, **said, **location, PipelineDefinition=TEXT) == (
        "ValidationException",
        "Both Pipeline Definition and Pipeline Definition S3 Location shouldn't be present",
    )
    assert "s3://bucket/p.json" in refusal(client.create_pipeline, **said, **location)[1]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "Invalid Json."),
        ("[]", "Expecting start of Json Object."),
        ('{"Steps": []}', "Version 'None' is not supported: 2020-12-01."),
        ('{"Version": "2020-12-01"}', "Member 'Steps' of 'Pipeline' must not be null."),
        ('{"Version": "2020-12-01", "Steps": {}}', "Expecting start of Json Array."),
        (definition({"Name": "a b", "Type": "Fail"}), "Step name 'a b' must be 1 to 64 of A-Z a-z 0-9 - _."),
        (definition({"Name": "a", "Type": "Dance"}), "Unknown type 'Dance' of step 'a'."),
        (definition(fail("a"), fail("a")), "Step names must be unique: 'a' is used more than once."),
        (definition(train("a", DependsOn=["b"])), "Step 'a' depends on 'b', which is no step."),
        (definition(train("a", DependsOn=["b"]), fail("b")), "a can not depends on b"),
        (definition(model(data=get("Steps.b.X"))), "Step 'Create' depends on 'b', which is no step."),
        (definition(model(data=get("Parameters.X"))), "Reference 'Parameters.X' leads to nothing."),
        (definition(model(data=get("Execution.X"))), "Reference 'Execution.X' leads to nothing."),
        (definition(model(data=get("Nowhere.X"))), "Reference 'Nowhere.X' leads to nothing."),
        (
            definition(
                process(), fail(message={"Std:JsonGet": {"PropertyFile": get("Steps.Process.PropertyFiles.x")}})
            ),
            "Reference 'Steps.Process.PropertyFiles.x' leads to nothing.",
        ),
        (definition(condition({"Type": "Like"})), "Unknown condition type 'Like' in step 'Check'."),
        (definition(condition({"Type": "Equals", "LeftValue": 1})), "Member 'RightValue' of 'Check' must not be null."),
        (definition(fail(), parameters=(parameter("x", "Date"),)), "Unknown type 'Date' of parameter 'x'."),
        (
            definition(fail(), parameters=(parameter("x", "Integer", DefaultValue="1"),)),
            "The values of parameter 'x' must be of type Integer.",
        ),
        (
            definition(fail(), parameters=(parameter("x", DefaultValue="a", EnumValues=["b"]),)),
            "The default value of parameter 'x' is not among its enum values.",
        ),
        (definition(train(arguments={"Colour": 1})), "Unknown Argument member 'Colour'."),
        (
            definition(train(arguments={"InputDataConfig": get("Execution.PipelineName")})),
            "Expecting start of Json Array.",
        ),
        (definition(train(arguments={"ResourceConfig": "big"})), "Expecting start of Json Object."),
        (
            definition({"Name": "r", "Type": "RegisterModel", "Arguments": {"ModelPackageName": "x"}}),
            "Unknown Argument member 'ModelPackageName'.",
        ),
    ],
)
def test_what_is_no_pipeline_is_refused(client: Any, text: str, sentence: str) -> None:
    assert refused_definition(client, text) == sentence


@pytest.mark.parametrize(
    "steps",
    [
        (train("a", DependsOn=["b"]), train("b", DependsOn=["a"])),
        (train("a", DependsOn=["a"]),),
        (model("a", get("Steps.b.ModelArn")), model("b", get("Steps.a.ModelArn"))),
        (condition(equal(get("Steps.a.TrainingJobArn"), ""), yes=(train("a"),)),),
    ],
)
def test_steps_that_wait_for_each_other_are_refused(client: Any, steps: Any) -> None:
    assert refused_definition(client, definition(*steps)).startswith("Steps depend on each other in a circle: ")


def test_an_update_refuses_what_is_no_pipeline_and_changes_nothing(client: Any) -> None:
    make_pipeline(client, fail())
    before = plain(client.describe_pipeline(PipelineName="p"))

    refused = refusal(client.update_pipeline, PipelineName="p", PipelineDefinition="{}", PipelineDescription="new")

    assert refused[1].startswith(PARSE)
    assert plain(client.describe_pipeline(PipelineName="p")) == before


def test_every_kind_of_condition_is_understood(client: Any) -> None:
    nested = {"Type": "Not", "Expression": {"Type": "Or", "Conditions": [equal(1, 2), compare("GreaterThan", 1, 2)]}}
    within = {"Type": "In", "QueryValue": get("Parameters.x"), "Values": ["a", "b"]}

    make_pipeline(client, condition(nested, within), parameters=(parameter("x"),))
