"""The edge: fleets and their devices, plans that deploy models on them, in stages."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace
from tests.conftest import ROLE

ARN = "arn:aws:sagemaker:us-east-1:123456789012"
FLEET = {"DeviceFleetName": "fleet"}
PLAN = {"EdgeDeploymentPlanName": "plan"}
OUTPUT = {"S3OutputLocation": "s3://bucket/edge"}


@pytest.fixture
def fleet(client: Any) -> None:
    """A fleet of four devices."""
    client.create_device_fleet(**FLEET, OutputConfig=OUTPUT)
    client.register_devices(**FLEET, Devices=[{"DeviceName": f"device-{n}"} for n in range(4)])


@pytest.fixture
def plan(client: Any, fleet: None) -> None:
    """A plan with a stage for half of the fleet, and one for all of it."""
    client.create_compilation_job(
        CompilationJobName="compiled",
        RoleArn=ROLE,
        InputConfig={"S3Uri": "s3://bucket/m", "DataInputConfig": "{}", "Framework": "PYTORCH"},
        OutputConfig={"S3OutputLocation": "s3://bucket/out", "TargetDevice": "jetson_nano"},
        StoppingCondition={"MaxRuntimeInSeconds": 60},
    )
    client.create_edge_packaging_job(
        EdgePackagingJobName="packaged",
        CompilationJobName="compiled",
        ModelName="model",
        ModelVersion="1.0",
        RoleArn=ROLE,
        OutputConfig=OUTPUT,
    )
    client.create_edge_deployment_plan(
        **PLAN,
        **FLEET,
        ModelConfigs=[{"ModelHandle": "handle", "EdgePackagingJobName": "packaged"}],
        Stages=[stage("half", DeviceSubsetType="PERCENTAGE", Percentage=50)],
    )
    client.create_edge_deployment_stage(
        **PLAN, Stages=[stage("all", DeviceSubsetType="NAMECONTAINS", DeviceNameContains="device")]
    )


def stage(name: str, **selection: Any) -> dict[str, Any]:
    config = {"FailureHandlingPolicy": "DO_NOTHING"}
    return {"StageName": name, "DeviceSelectionConfig": selection, "DeploymentConfig": config}


def refused(call: Any, **params: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as error:
        call(**params)
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


def names(answer: dict[str, Any], key: str) -> list[str]:
    return [one["DeviceName"] for one in answer[key]]


# --- Fleets and devices -----------------------------------------------------------------------------------------------


def test_a_fleet_has_a_role_alias_where_one_is_asked_for(client: Any) -> None:
    client.create_device_fleet(**FLEET, OutputConfig=OUTPUT)
    seen = client.describe_device_fleet(**FLEET)
    assert seen["DeviceFleetArn"] == f"{ARN}:device-fleet/fleet"
    assert "IotRoleAlias" not in seen
    client.update_device_fleet(**FLEET, OutputConfig=OUTPUT, EnableIotRoleAlias=True)
    assert client.describe_device_fleet(**FLEET)["IotRoleAlias"] == "SageMakerEdge-fleet"


def test_a_device_is_registered_described_changed_and_taken_out(client: Any, fleet: None) -> None:
    device = {**FLEET, "DeviceName": "device-1"}
    seen = client.describe_device(**device)
    assert seen["DeviceArn"] == f"{ARN}:device-fleet/fleet/device/device-1"
    assert seen["RegistrationTime"]
    assert "Description" not in seen
    client.update_devices(**FLEET, Devices=[{"DeviceName": "device-1", "Description": "new", "IotThingName": "thing"}])
    seen = client.describe_device(**device)
    assert (seen["Description"], seen["IotThingName"]) == ("new", "thing")
    client.deregister_devices(**FLEET, DeviceNames=["device-1"])
    assert refused(client.describe_device, **device) == ("ValidationException", "No device with name device-1 found.")


def test_a_batch_is_done_as_a_whole_or_not_at_all(client: Any, fleet: None) -> None:
    refused(client.register_devices, **FLEET, Devices=[{"DeviceName": "new"}, {"DeviceName": "device-1"}])
    refused(
        client.update_devices, **FLEET, Devices=[{"DeviceName": "device-1", "Description": "x"}, {"DeviceName": "no"}]
    )
    code, message = refused(client.deregister_devices, **FLEET, DeviceNames=["device-1", "no"])
    assert (code, message) == ("ValidationException", "Device with name no does not exist.")
    listed = client.list_devices(**FLEET)["DeviceSummaries"]
    assert len(listed) == 4
    assert not any("Description" in one for one in listed)


def test_what_is_not_there_is_refused_in_the_services_words(client: Any) -> None:
    said = ("ValidationException", "No devicefleet with name fleet found.")
    assert refused(client.describe_device_fleet, **FLEET) == said
    assert refused(client.delete_device_fleet, **FLEET)[1] == "DeviceFleet with name fleet does not exist."
    for call, params in (
        (client.describe_device, {"DeviceName": "device"}),
        (client.register_devices, {"Devices": [{"DeviceName": "device"}]}),
        (client.deregister_devices, {"DeviceNames": ["device"]}),
    ):
        assert refused(call, **FLEET, **params) == ("ValidationException", "No device fleet with name fleet found.")


def test_a_fleet_with_devices_is_not_deleted(client: Any, fleet: None) -> None:
    assert refused(client.delete_device_fleet, **FLEET)[0] == "ResourceInUse"
    client.deregister_devices(**FLEET, DeviceNames=[f"device-{n}" for n in range(4)])
    client.delete_device_fleet(**FLEET)
    assert client.list_device_fleets()["DeviceFleetSummaries"] == []


def test_a_report_counts_the_devices(client: Any, fleet: None) -> None:
    report = client.get_device_fleet_report(**FLEET)
    assert report["DeviceStats"] == {"ConnectedDeviceCount": 0, "RegisteredDeviceCount": 4}
    assert (report["AgentVersions"], report["ModelStats"]) == ([], [])


# --- Plans and stages -------------------------------------------------------------------------------------------------


def test_a_plan_shows_its_stages_and_counts_their_devices(client: Any, plan: None) -> None:
    seen = client.describe_edge_deployment_plan(**PLAN)
    assert seen["EdgeDeploymentPlanArn"] == f"{ARN}:edge-deployment/plan"
    assert [one["StageName"] for one in seen["Stages"]] == ["half", "all"]
    assert seen["Stages"][0]["DeploymentStatus"] == {
        "StageStatus": "READYTODEPLOY",
        "EdgeDeploymentSuccessInStage": 0,
        "EdgeDeploymentPendingInStage": 2,
        "EdgeDeploymentFailedInStage": 0,
    }
    assert (seen["EdgeDeploymentPending"], seen["EdgeDeploymentSuccess"], seen["EdgeDeploymentFailed"]) == (6, 0, 0)
    first = client.describe_edge_deployment_plan(**PLAN, MaxResults=1)
    second = client.describe_edge_deployment_plan(**PLAN, MaxResults=1, NextToken=first["NextToken"])
    assert [first["Stages"][0]["StageName"], second["Stages"][0]["StageName"]] == ["half", "all"]
    assert "NextToken" not in second


def test_a_started_stage_puts_the_models_on_its_devices(client: Any, plan: None) -> None:
    client.start_edge_deployment_stage(**PLAN, StageName="half")
    [listed] = client.list_edge_deployment_plans()["EdgeDeploymentPlanSummaries"]
    assert (listed["EdgeDeploymentSuccess"], listed["EdgeDeploymentPending"]) == (2, 4)
    seen = client.describe_edge_deployment_plan(**PLAN)["Stages"][0]["DeploymentStatus"]
    assert (seen["StageStatus"], seen["EdgeDeploymentSuccessInStage"]) == ("DEPLOYED", 2)
    assert seen["EdgeDeploymentStageStartTime"]
    model = {"ModelName": "model", "ModelVersion": "1.0"}
    assert client.describe_device(**FLEET, DeviceName="device-0")["Models"] == [model]
    assert sorted(names(client.list_devices(ModelName="model"), "DeviceSummaries")) == ["device-0", "device-1"]
    [counted] = client.get_device_fleet_report(**FLEET)["ModelStats"]
    assert (counted["ModelName"], counted["OfflineDeviceCount"]) == ("model", 2)


def test_the_devices_of_a_stage_are_listed_with_what_others_have_deployed(client: Any, plan: None) -> None:
    client.start_edge_deployment_stage(**PLAN, StageName="half")
    named = {**PLAN, "StageName": "all"}
    listed = client.list_stage_devices(**named)["DeviceDeploymentSummaries"]
    assert [one.get("DeployedStageName") for one in listed] == ["half", "half", None, None]
    assert {one["DeviceDeploymentStatus"] for one in listed} == {"READYTODEPLOY"}
    rest = client.list_stage_devices(**named, ExcludeDevicesDeployedInOtherStage=True)
    assert names(rest, "DeviceDeploymentSummaries") == ["device-2", "device-3"]
    page = client.list_stage_devices(**named, MaxResults=3)
    last = client.list_stage_devices(**named, MaxResults=3, NextToken=page["NextToken"])
    assert names(last, "DeviceDeploymentSummaries") == ["device-3"]


def test_a_stage_is_started_and_stopped(client: Any, emulator: Emulator, plan: None) -> None:
    emulator.settings.pace = Pace("step")
    named = {**PLAN, "StageName": "all"}

    def look() -> str:
        return client.describe_edge_deployment_plan(**PLAN)["Stages"][1]["DeploymentStatus"]["StageStatus"]

    while look() != "READYTODEPLOY":
        pass
    client.start_edge_deployment_stage(**named)
    assert [look(), look()] == ["STARTING", "INPROGRESS"]
    client.start_edge_deployment_stage(**PLAN, StageName="half")
    client.stop_edge_deployment_stage(**PLAN, StageName="half")
    assert refused(client.delete_edge_deployment_stage, **PLAN, StageName="half")[0] == "ResourceInUse"
    assert refused(client.delete_edge_deployment_plan, **PLAN)[0] == "ResourceInUse"
    assert [
        client.describe_edge_deployment_plan(**PLAN)["Stages"][0]["DeploymentStatus"]["StageStatus"] for _ in "ab"
    ] == [
        "STOPPING",
        "STOPPED",
    ]
    assert look() == "DEPLOYED"
    client.delete_edge_deployment_stage(**PLAN, StageName="half")
    assert len(client.describe_edge_deployment_plan(**PLAN)["Stages"]) == 1
    client.delete_edge_deployment_plan(**PLAN)
    with pytest.raises(client.exceptions.ResourceNotFound):
        client.describe_edge_deployment_plan(**PLAN)


def test_a_plan_needs_a_fleet_and_packages_and_stages_of_different_names(client: Any, plan: None) -> None:
    said = {
        "EdgeDeploymentPlanName": "other",
        "ModelConfigs": [{"ModelHandle": "h", "EdgePackagingJobName": "packaged"}],
    }
    refused(client.create_edge_deployment_plan, **said, DeviceFleetName="nothing")
    wrong = {**said, "ModelConfigs": [{"ModelHandle": "h", "EdgePackagingJobName": "nothing"}]}
    refused(client.create_edge_deployment_plan, **wrong, **FLEET)
    twice = [stage("one", DeviceSubsetType="SELECTION", DeviceNames=["device-1"])] * 2
    assert "one" in refused(client.create_edge_deployment_plan, **said, **FLEET, Stages=twice)[1]
    assert (
        "half"
        in refused(client.create_edge_deployment_stage, **PLAN, Stages=[stage("half", DeviceSubsetType="SELECTION")])[1]
    )
    assert len(client.list_edge_deployment_plans()["EdgeDeploymentPlanSummaries"]) == 1
    assert refused(client.start_edge_deployment_stage, **PLAN, StageName="nothing")[0] == "ValidationException"
