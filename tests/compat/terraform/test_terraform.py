"""Terraform with the real AWS provider: what is applied stays as planned, is imported, missed when gone, and goes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jmespath
import pytest

from emulator.aws.call import Call
from emulator.aws.errors import ServiceError
from emulator.engine.clock import Chance, ManualClock
from emulator.sagemaker.service import sagemaker
from tests.compat.conftest import told
from tests.compat.terraform import recording
from tests.compat.terraform.conftest import Connect, Control, left
from tests.compat.terraform.stack import EXAMPLES, VERSIONS, Failed, Resource, Stack, Terraform, staged
from tests.conftest import ACCOUNT, REGION

pytestmark = pytest.mark.slow

# The examples that share a run, and how Terraform is told where the emulator is.
RUNS = {
    "serving": (("model", "serving", "monitoring"), "terraform"),
    "studio": (("image_version", "studio", "studio_settings", "notebooks"), "terraform"),
    "platform": (("features", "pipeline", "project", "hub", "mlflow", "edge", "labeling"), "shell"),
    "aliases": (("image_version_aliases",), "terraform"),
}
NEWER = {"aliases"}  # takes a newer provider than the others

# How resources from which nothing else is made go behind Terraform's back: the operations, and their input by where the
# state has it.
DELETED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "app": (
        "delete_app",
        {
            "DomainId": "domain_id",
            "SpaceName": "space_name",
            "UserProfileName": "user_profile_name",
            "AppType": "app_type",
            "AppName": "app_name",
        },
    ),
    "app_image_config": ("delete_app_image_config", {"AppImageConfigName": "id"}),
    "code_repository": ("delete_code_repository", {"CodeRepositoryName": "id"}),
    "data_quality_job_definition": ("delete_data_quality_job_definition", {"JobDefinitionName": "id"}),
    "device": ("deregister_devices", {"DeviceFleetName": "device_fleet_name", "DeviceNames": "device[].device_name"}),
    "endpoint": ("delete_endpoint", {"EndpointName": "id"}),
    "endpoint_configuration": ("delete_endpoint_config", {"EndpointConfigName": "id"}),
    "feature_group": ("delete_feature_group", {"FeatureGroupName": "id"}),
    "flow_definition": ("delete_flow_definition", {"FlowDefinitionName": "id"}),
    "hub": ("delete_hub", {"HubName": "id"}),
    "image_version": ("delete_image_version", {"ImageName": "image_name", "Version": "version"}),
    "mlflow_tracking_server": ("delete_mlflow_tracking_server", {"TrackingServerName": "id"}),
    "model": ("delete_model", {"ModelName": "id"}),
    "model_package_group_policy": ("delete_model_package_group_policy", {"ModelPackageGroupName": "id"}),
    "monitoring_schedule": ("delete_monitoring_schedule", {"MonitoringScheduleName": "id"}),
    "notebook_instance": ("stop_notebook_instance delete_notebook_instance", {"NotebookInstanceName": "id"}),
    "pipeline": ("delete_pipeline", {"PipelineName": "id", "ClientRequestToken": "arn"}),
    "project": ("delete_project", {"ProjectName": "id"}),
    "space": ("delete_space", {"DomainId": "domain_id", "SpaceName": "space_name"}),
    "servicecatalog_portfolio_status": ("enable_sagemaker_servicecatalog_portfolio", {}),  # it can only be changed
    "user_profile": ("delete_user_profile", {"DomainId": "domain_id", "UserProfileName": "user_profile_name"}),
}


def pointed(form: str, port: str) -> tuple[str, dict[str, str]]:
    """Return a provider block and an environment, one of which points Terraform at the emulator."""
    if form == "terraform":
        return told(port, form), {}
    lines = re.findall(r"^export (\w+)=(.*)$", told(port, form), re.MULTILINE)
    return 'provider "aws" {}\n', dict(lines)


def vanish(client: Any, resources: Sequence[Resource]) -> set[str]:
    """Delete the resources from which no other is made, and return their addresses."""
    needed = {address for one in resources for address in one.needs}
    leaves = [one for one in resources if one.address not in needed]
    for one in leaves:
        operations, members = DELETED[one.type.removeprefix("aws_sagemaker_")]
        params = {name: jmespath.search(path, one.attributes) for name, path in members.items()}
        for operation in operations.split():
            getattr(client, operation)(**{name: value for name, value in params.items() if value})
    return {one.address for one in leaves}


def elsewhere() -> recording.Ask:
    """Return a way to another emulator, where another time is and other things are made up."""
    emulator = sagemaker(clock=ManualClock(), chance=Chance(1))

    def ask(operation: str, params: Any) -> Any:
        try:
            return emulator.answer(Call(operation, params, ACCOUNT, REGION, ACCOUNT))
        except ServiceError as error:
            return {"code": error.code, "message": error.message, "status": error.status}

    return ask


def test_every_resource_of_the_provider_has_an_example(known: set[str]) -> None:
    examples = "".join(path.read_text("utf-8") for path in EXAMPLES.glob("*/main.tf"))

    assert set(re.findall(r'^resource "(aws_sagemaker_\w+)"', examples, re.MULTILINE)) == known


def test_every_example_is_in_a_run() -> None:
    used = [example for examples, _ in RUNS.values() for example in examples]

    assert sorted(used) == sorted(path.parent.name for path in EXAMPLES.glob("*/main.tf"))


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.usefixtures("known")
def test_examples_live_as_planned(
    run: str,
    program: str,
    mirror: Sequence[str],
    environment: dict[str, str],
    port: str,
    connect: Connect,
    control: Control,
    tmp_path: Path,
    pytestconfig: pytest.Config,
) -> None:
    examples, form = RUNS[run]
    provider, more = pointed(form, port)
    stack = Stack(
        Terraform(program, tmp_path, environment | more), examples, provider + ("" if run in NEWER else VERSIONS)
    )
    try:
        stack.init(mirror)
    except Failed as failed:
        if run not in NEWER:
            raise
        pytest.skip(f"there is no newer provider: {failed}")

    stack.apply()
    said = stack.change()
    assert re.search("Resources: 0 added, [0-9]+ changed, 0 destroyed", said)
    changed = set(re.findall(r"^module\.(\w+)\..*: Modifications complete", said, re.MULTILINE))
    assert changed == set(filter(staged, examples))

    resources = stack.resources()
    said = stack.import_again(resources)
    assert f"Resources: {len(resources)} imported, 0 added, 0 changed, 0 destroyed" in said

    gone = vanish(connect("sagemaker"), resources)
    assert set(stack.noticed()) == gone
    stack.apply()

    resources = stack.resources()
    stack.destroy()
    assert left(control) == set()
    assert connect("iam").list_roles()["Roles"] == []
    stack.as_before()
    lasting = {one.address for one in resources if one.type == "aws_sagemaker_servicecatalog_portfolio_status"}
    assert set(stack.noticed()) >= {one.address for one in resources} - lasting

    if pytestconfig.getoption("--update-golden"):
        recording.write(run, control("calls/export"), elsewhere())
