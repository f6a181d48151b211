"""Notebook instances with their whole machine, their lifecycle configurations, and code repositories."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError

from emulator.engine import presigned
from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace
from tests.conftest import ROLE

ARN = "arn:aws:sagemaker:us-east-1:123456789012"
NAMED = {"NotebookInstanceName": "notebook"}


def make(client: Any, **more: Any) -> None:
    client.create_notebook_instance(**NAMED, InstanceType="ml.t3.medium", RoleArn=ROLE, **more)


def status(client: Any) -> str:
    return client.describe_notebook_instance(**NAMED)["NotebookInstanceStatus"]


def message(call: Any, **params: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**params)
    error = refused.value.response["Error"]
    assert error["Code"] == "ValidationException"
    return error["Message"]


def test_a_notebook_is_described_with_what_the_service_fills_in(client: Any) -> None:
    make(client)
    seen = client.describe_notebook_instance(**NAMED)
    assert seen["NotebookInstanceArn"] == f"{ARN}:notebook-instance/notebook"
    assert seen["Url"] == "notebook.notebook.us-east-1.sagemaker.aws"
    assert seen["NotebookInstanceStatus"] == "InService"
    assert (seen["VolumeSizeInGB"], seen["IpAddressType"]) == (5, "ipv4")
    assert (seen["DirectInternetAccess"], seen["RootAccess"]) == ("Enabled", "Enabled")
    assert seen["PlatformIdentifier"] == "notebook-al2023-v1"
    assert not {"NetworkInterfaceId", "SecurityGroups", "KmsKeyId", "NotebookInstanceLifecycleConfigName"} & seen.keys()


def test_a_notebook_in_a_subnet_has_an_interface_and_its_security_groups(client: Any) -> None:
    make(client, SubnetId="subnet-1", SecurityGroupIds=["sg-1", "sg-2"])
    seen = client.describe_notebook_instance(**NAMED)
    assert seen["SecurityGroups"] == ["sg-1", "sg-2"]
    assert seen["NetworkInterfaceId"].startswith("eni-")


def test_a_notebook_goes_through_its_whole_machine(client: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("step")
    make(client)
    assert "Url" not in client.describe_notebook_instance(**NAMED)
    seen = [status(client)]
    for call, params in (
        (client.stop_notebook_instance, {}),
        (client.update_notebook_instance, {"InstanceType": "ml.t3.large"}),
        (client.start_notebook_instance, {}),
        (client.stop_notebook_instance, {}),
    ):
        call(**NAMED, **params)
        seen += [status(client), status(client)]
    client.delete_notebook_instance(**NAMED)
    seen.append(status(client))
    assert seen == [
        *("InService", "Stopping", "Stopped", "Updating", "Stopped", "Pending", "InService", "Stopping", "Stopped"),
        "Deleting",
    ]
    assert message(client.describe_notebook_instance, **NAMED) == "RecordNotFound"


def test_calls_that_a_status_does_not_allow_are_refused_and_change_nothing(client: Any) -> None:
    make(client)
    of = f"for Notebook Instance ({ARN}:notebook-instance/notebook)"
    assert message(client.delete_notebook_instance, **NAMED) == (
        f"Status (InService) not in ([Stopped, Failed]). Unable to transition to (Deleting) {of}"
    )
    assert "Unable to transition to (Pending)" in message(client.start_notebook_instance, **NAMED)
    assert "Unable to transition to (Updating)" in message(client.update_notebook_instance, **NAMED, VolumeSizeInGB=9)
    assert status(client) == "InService"
    client.stop_notebook_instance(**NAMED)
    assert status(client) == "Stopped"
    assert message(client.stop_notebook_instance, **NAMED).startswith("Status (Stopped) not in ([InService]).")


def test_the_waiters_end(client: Any) -> None:
    make(client)
    client.get_waiter("notebook_instance_in_service").wait(**NAMED)
    client.stop_notebook_instance(**NAMED)
    client.get_waiter("notebook_instance_stopped").wait(**NAMED)
    client.delete_notebook_instance(**NAMED)
    client.get_waiter("notebook_instance_deleted").wait(**NAMED)


def test_what_is_not_there_and_what_is_there_twice(client: Any) -> None:
    make(client)
    assert (
        message(make, client=client)
        == f"Cannot create a duplicate Notebook Instance ({ARN}:notebook-instance/notebook)"
    )
    for call in (client.start_notebook_instance, client.stop_notebook_instance, client.delete_notebook_instance):
        assert message(call, NotebookInstanceName="nothing") == "RecordNotFound"


def test_an_update_renames_and_takes_away(client: Any) -> None:
    client.create_notebook_instance_lifecycle_config(NotebookInstanceLifecycleConfigName="config")
    client.create_code_repository(
        CodeRepositoryName="code", GitConfig={"RepositoryUrl": "https://git.example.com/code"}
    )
    make(
        client,
        LifecycleConfigName="config",
        DefaultCodeRepository="code",
        AdditionalCodeRepositories=["https://git.example.com/more"],
    )
    seen = client.describe_notebook_instance(**NAMED)
    assert seen["NotebookInstanceLifecycleConfigName"] == "config"
    assert seen["DefaultCodeRepository"] == "code"
    [found] = client.list_notebook_instances(AdditionalCodeRepositoryEquals="https://git.example.com/more")[
        "NotebookInstances"
    ]
    assert found["NotebookInstanceLifecycleConfigName"] == "config"
    assert client.list_notebook_instances(AdditionalCodeRepositoryEquals="code")["NotebookInstances"] == []
    assert client.list_notebook_instances(DefaultCodeRepositoryContains="od")["NotebookInstances"]
    client.stop_notebook_instance(**NAMED)
    client.update_notebook_instance(
        **NAMED,
        DisassociateLifecycleConfig=True,
        DisassociateDefaultCodeRepository=True,
        DisassociateAdditionalCodeRepositories=False,
        VolumeSizeInGB=7,
    )
    seen = client.describe_notebook_instance(**NAMED)
    assert not {"NotebookInstanceLifecycleConfigName", "DefaultCodeRepository"} & seen.keys()
    assert seen["AdditionalCodeRepositories"] == ["https://git.example.com/more"]
    assert seen["VolumeSizeInGB"] == 7
    assert "lower" in message(client.update_notebook_instance, **NAMED, VolumeSizeInGB=6)
    client.update_notebook_instance(**NAMED, LifecycleConfigName="config")
    assert client.describe_notebook_instance(**NAMED)["NotebookInstanceLifecycleConfigName"] == "config"


def test_what_a_notebook_names_must_be_there(client: Any) -> None:
    assert "does not exist" in message(make, client=client, LifecycleConfigName="nothing")
    assert "Cannot find CodeRepository" in message(make, client=client, DefaultCodeRepository="nothing")


def test_a_presigned_url_of_a_notebook_holds_for_five_minutes(client: Any, clock: ManualClock) -> None:
    make(client)
    url = client.create_presigned_notebook_instance_url(**NAMED)["AuthorizedUrl"]
    assert url.startswith("https://notebook.notebook.us-east-1.sagemaker.aws?authToken=")
    [token] = parse_qs(urlsplit(url).query)["authToken"]
    clock.advance(299)
    assert presigned.read(token, clock.now())
    clock.advance(1)
    assert presigned.read(token, clock.now()) is None
    client.stop_notebook_instance(**NAMED)
    assert "Status (Stopped)" in message(client.create_presigned_notebook_instance_url, **NAMED)


def test_lifecycle_configs_say_what_is_wrong_in_their_own_words(client: Any) -> None:
    named = {"NotebookInstanceLifecycleConfigName": "config"}
    arn = f"{ARN}:notebook-instance-lifecycle-config/config"
    lacking = "(Details: Notebook Instance Lifecycle Config does not exist.)"
    about = "Notebook Instance Lifecycle Config"
    assert message(client.describe_notebook_instance_lifecycle_config, **named) == (
        f"Unable to describe {about} '{arn}'. {lacking}"
    )
    assert message(client.delete_notebook_instance_lifecycle_config, **named) == (
        f"Unable to delete {about} '{arn}'. {lacking}"
    )
    client.create_notebook_instance_lifecycle_config(**named, OnStart=[{"Content": "ZWNobw=="}])
    assert message(client.create_notebook_instance_lifecycle_config, **named) == (
        f"Unable to create {about} {arn}. (Details: {about} already exists.)"
    )
    client.update_notebook_instance_lifecycle_config(**named, OnCreate=[{"Content": "bHM="}])
    seen = client.describe_notebook_instance_lifecycle_config(**named)
    assert (seen["OnCreate"], seen["OnStart"]) == ([{"Content": "bHM="}], [{"Content": "ZWNobw=="}])


def test_an_update_of_a_repository_changes_its_secret_and_leaves_its_url(client: Any) -> None:
    config = {"RepositoryUrl": "https://git.example.com/code", "Branch": "main"}
    client.create_code_repository(CodeRepositoryName="code", GitConfig=config)
    credentials = "arn:aws:secretsmanager:us-east-1:123456789012:secret:AmazonSageMaker-code"
    client.update_code_repository(CodeRepositoryName="code", GitConfig={"SecretArn": credentials})
    assert client.describe_code_repository(CodeRepositoryName="code")["GitConfig"] == {
        **config,
        "SecretArn": credentials,
    }
    assert message(client.describe_code_repository, CodeRepositoryName="nothing") == (
        f'Cannot find CodeRepository: "{ARN}:code-repository/nothing"'
    )
