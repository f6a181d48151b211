"""Models: created in three ways, read back as sent, and refused in SageMaker's words."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from tests.behaviour.examples import (
    CONTAINER,
    IMAGE,
    arn,
    create_input,
    make_group,
    make_model,
    make_package,
    make_version,
    plain,
    refusal,
)
from tests.conftest import ROLE

# --- Create and describe ----------------------------------------------------------------------------------------------


def test_create_answers_with_the_arn_and_nothing_else(client: Any) -> None:
    answer = client.create_model(ModelName="Model-1", ExecutionRoleArn=ROLE, PrimaryContainer=CONTAINER)

    assert plain(answer) == {"ModelArn": arn("model/Model-1")}


def test_a_small_model_comes_back_with_the_defaults_and_nothing_invented(client: Any, clock: ManualClock) -> None:
    clock.advance(0.25)
    client.create_model(ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer=CONTAINER)

    described = plain(client.describe_model(ModelName="m"))

    assert described.pop("CreationTime").timestamp() == clock.now()
    assert described == {
        "ModelName": "m",
        "ModelArn": arn("model/m"),
        "PrimaryContainer": {"Image": IMAGE, "Mode": "SingleModel", "Environment": {}},
        "ExecutionRoleArn": ROLE,
        "EnableNetworkIsolation": False,
    }


def test_one_container_in_a_list_stays_in_a_list(client: Any) -> None:
    client.create_model(ModelName="m", ExecutionRoleArn=ROLE, Containers=[{"Image": IMAGE, "Mode": "SingleModel"}])

    described = client.describe_model(ModelName="m")

    assert described["Containers"] == [{"Image": IMAGE, "Mode": "SingleModel", "Environment": {}}]
    assert "PrimaryContainer" not in described


def test_containers_of_a_pipeline_keep_their_order(client: Any) -> None:
    containers = [{"Image": IMAGE, "ContainerHostname": name, "Environment": {"N": name}} for name in ("c", "a", "b")]

    client.create_model(ModelName="m", ExecutionRoleArn=ROLE, Containers=containers)

    described = client.describe_model(ModelName="m")["Containers"]
    assert described == [{**container, "Mode": "SingleModel"} for container in containers]


@pytest.mark.parametrize(("said", "unsaid"), [("PrimaryContainer", "Containers"), ("Containers", "PrimaryContainer")])
def test_every_member_of_create_comes_back(client: Any, said: str, unsaid: str) -> None:
    sent = create_input(client, "CreateModel", unsaid, "ModelPackageName", "InferenceSpecificationName")

    client.create_model(**sent)

    described = plain(client.describe_model(ModelName=sent["ModelName"]))
    assert described.keys() - sent.keys() == {"ModelArn", "CreationTime"}
    assert {name: described[name] for name in described.keys() & sent.keys()} == {
        name: value for name, value in sent.items() if name != "Tags"
    }
    assert client.list_tags(ResourceArn=described["ModelArn"])["Tags"] == sent["Tags"]


def test_the_environment_is_kept_verbatim(client: Any) -> None:
    environment = {"EMPTY": "", "UNICODE": "naïve 日本語 🚀", "LINES": "a\n\tb\r\n", "JSON": '{"a": [1, null]}'}

    make_model(client, "m", PrimaryContainer={"Image": IMAGE, "Environment": environment})

    assert client.describe_model(ModelName="m")["PrimaryContainer"]["Environment"] == environment


def test_a_role_is_not_needed(client: Any) -> None:
    client.create_model(ModelName="m", PrimaryContainer=CONTAINER)

    assert "ExecutionRoleArn" not in client.describe_model(ModelName="m")


# --- From a model package ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("called", [arn("model-package/g/1"), "g/1", arn("model-package/alone"), "alone"])
def test_a_model_is_made_from_a_package_however_it_is_called(client: Any, called: str) -> None:
    make_group(client, "g")
    make_version(client, "g")
    make_package(client, "alone")

    make_model(client, "m", PrimaryContainer={"ModelPackageName": called})

    container = client.describe_model(ModelName="m")["PrimaryContainer"]
    assert container == {"ModelPackageName": called, "Mode": "SingleModel", "Environment": {}}


@pytest.mark.parametrize("called", [arn("model-package/g/2"), "g/2", "nobody", arn("model-package/nobody")])
def test_a_package_that_is_not_there_is_refused_and_no_model_is_made(client: Any, called: str) -> None:
    make_group(client, "g")
    make_version(client, "g")
    its_arn = called if called.startswith("arn:") else arn(f"model-package/{called}")

    for containers in (
        {"PrimaryContainer": {"ModelPackageName": called}},
        {"Containers": [{"ModelPackageName": called}]},
    ):
        refused = refusal(client.create_model, ModelName="m", ExecutionRoleArn=ROLE, **containers)
        assert refused == ("ValidationException", f"ModelPackage {its_arn} does not exist.")
    assert client.list_models()["Models"] == []


def test_with_references_off_a_package_need_not_exist(client: Any, emulator: Emulator) -> None:
    emulator.settings.strict = False

    make_model(client, "m", PrimaryContainer={"ModelPackageName": "nobody"})

    assert client.describe_model(ModelName="m")["PrimaryContainer"]["ModelPackageName"] == "nobody"


def test_a_package_of_another_account_is_taken_as_said(client: Any) -> None:
    foreign = arn("model-package/theirs", account="210987654321")

    make_model(client, "m", PrimaryContainer={"ModelPackageName": foreign})

    assert client.describe_model(ModelName="m")["PrimaryContainer"]["ModelPackageName"] == foreign


def test_an_environment_in_both_package_and_model_is_refused(client: Any) -> None:
    make_group(client, "g")
    make_version(
        client, "g", InferenceSpecification={"Containers": [{"Image": IMAGE, "Environment": {"A": "1", "B": "2"}}]}
    )
    container = {"ModelPackageName": "g/1", "Environment": {"C": "3"}}

    assert refusal(client.create_model, ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer=container) == (
        "ValidationException",
        "Environment variable map cannot be specified both at Model Package {A=1, B=2} and Model {C=3}.",
    )


def test_an_environment_in_the_model_alone_is_welcome(client: Any) -> None:
    make_group(client, "g")
    make_version(client, "g")

    make_model(client, "m", PrimaryContainer={"ModelPackageName": "g/1", "Environment": {"C": "3"}})

    assert client.describe_model(ModelName="m")["PrimaryContainer"]["Environment"] == {"C": "3"}


# --- Refusals ---------------------------------------------------------------------------------------------------------


def test_a_name_is_taken_once(client: Any) -> None:
    make_model(client, "m")

    assert refusal(client.create_model, ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer=CONTAINER) == (
        "ValidationException",
        'Cannot create already existing model "arn:aws:sagemaker:us-east-1:123456789012:model/m".',
    )


def test_a_refused_create_leaves_the_first_model_as_it_was(client: Any) -> None:
    make_model(client, "m", Tags=[{"Key": "a", "Value": "1"}])
    before = plain(client.describe_model(ModelName="m"))

    refusal(client.create_model, ModelName="m", PrimaryContainer={"Image": "other"}, Tags=[{"Key": "a", "Value": "2"}])

    assert plain(client.describe_model(ModelName="m")) == before
    assert client.list_tags(ResourceArn=before["ModelArn"])["Tags"] == [{"Key": "a", "Value": "1"}]


@pytest.mark.parametrize("operation", ["describe_model", "delete_model"])
def test_an_unknown_model_is_refused_by_its_arn(client: Any, operation: str) -> None:
    assert refusal(getattr(client, operation), ModelName="nobody") == (
        "ValidationException",
        'Could not find model "arn:aws:sagemaker:us-east-1:123456789012:model/nobody".',
    )


def test_names_differ_by_case(client: Any) -> None:
    make_model(client, "m")

    assert make_model(client, "M") == arn("model/M")
    assert len(client.list_models()["Models"]) == 2


def test_too_long_and_wrong_is_said_in_one_message_with_the_length_first(client: Any) -> None:
    name = "{{ " + "x" * 63

    code, message = refusal(client.create_model, ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=CONTAINER)

    assert code == "ValidationException"
    assert message == (
        f"2 validation errors detected: Value '{name}' at 'modelName' failed to satisfy constraint: "
        "Member must have length less than or equal to 63; "
        f"Value '{name}' at 'modelName' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: ^[a-zA-Z0-9]([\-a-zA-Z0-9]*[a-zA-Z0-9])?"
    )


def test_a_role_that_is_no_role_is_refused_with_the_pattern_of_the_service(client: Any) -> None:
    code, message = refusal(
        client.create_model, ModelName="m", ExecutionRoleArn="SageMaker-ExecutionRole", PrimaryContainer=CONTAINER
    )

    assert (code, message) == (
        "ValidationException",
        (
            "1 validation error detected: Value 'SageMaker-ExecutionRole' at 'executionRoleArn' failed to satisfy "
            r"constraint: Member must satisfy regular expression pattern: "
            r"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+"
        ),
    )


@pytest.mark.parametrize(
    "containers",
    [
        {},
        {"Containers": []},
        {"PrimaryContainer": CONTAINER, "Containers": [CONTAINER]},
        {"PrimaryContainer": {}},
        {"PrimaryContainer": {"ModelDataUrl": "s3://b/m.tar.gz"}},
    ],
    ids=["none", "empty list", "both", "empty container", "data without an image"],
)
def test_containers_that_cannot_serve_are_refused(client: Any, containers: dict[str, Any]) -> None:
    code, _ = refusal(client.create_model, ModelName="m", ExecutionRoleArn=ROLE, **containers)

    assert code == "ValidationException"
    assert client.list_models()["Models"] == []


def test_a_pipeline_of_multi_model_containers_is_refused(client: Any) -> None:
    containers = [{"Image": IMAGE, "Mode": "MultiModel"}] * 2

    assert refusal(client.create_model, ModelName="m", ExecutionRoleArn=ROLE, Containers=containers) == (
        "ValidationException",
        "More than one container in MultiModel mode is not supported with inference pipeline.",
    )


def test_one_multi_model_container_in_a_pipeline_is_welcome(client: Any) -> None:
    containers = [{"Image": IMAGE}, {"Image": IMAGE, "Mode": "MultiModel"}]
    client.create_model(ModelName="m", ExecutionRoleArn=ROLE, Containers=containers)

    modes = [one["Mode"] for one in client.describe_model(ModelName="m")["Containers"]]
    assert modes == ["SingleModel", "MultiModel"]


def test_a_single_multi_model_container_is_welcome(client: Any) -> None:
    make_model(client, "m", PrimaryContainer={"Image": IMAGE, "Mode": "MultiModel"})

    assert client.describe_model(ModelName="m")["PrimaryContainer"]["Mode"] == "MultiModel"


# --- Delete -----------------------------------------------------------------------------------------------------------


def test_a_deleted_model_is_gone_and_its_name_free(client: Any) -> None:
    make_model(client, "m", Tags=[{"Key": "old", "Value": "1"}])

    assert plain(client.delete_model(ModelName="m")) == {}

    assert refusal(client.describe_model, ModelName="m")[0] == "ValidationException"
    assert client.list_models()["Models"] == []
    assert client.list_tags(ResourceArn=make_model(client, "m"))["Tags"] == []


def test_a_model_outlives_the_package_it_is_made_from(client: Any) -> None:
    make_package(client, "p")
    make_model(client, "m", PrimaryContainer={"ModelPackageName": "p"})

    client.delete_model_package(ModelPackageName="p")

    assert client.describe_model(ModelName="m")["PrimaryContainer"]["ModelPackageName"] == "p"


# --- Accounts and regions ---------------------------------------------------------------------------------------------


def test_accounts_and_regions_do_not_see_each_other(connect: Any) -> None:
    here, there, they = connect(), connect(region="eu-west-1"), connect(account="210987654321")

    arns = {make_model(one, "m") for one in (here, there, they)}

    assert arns == {
        arn("model/m"),
        arn("model/m", region="eu-west-1"),
        arn("model/m", account="210987654321"),
    }
    here.delete_model(ModelName="m")
    assert [len(one.list_models()["Models"]) for one in (here, there, they)] == [0, 1, 1]
