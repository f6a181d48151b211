"""Monitoring: what the definitions of all four types have in common, and the processing jobs that they come to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine.identity import kebab
from emulator.engine.kind import Kind, Listing, Reference

DATA_QUALITY = "DataQuality"
ENDPOINT = "EndpointInput.EndpointName"
PLACE = "/opt/ml/processing"

Members = Mapping[str, Any]


def definition(monitored: str) -> Kind:
    """Return the kind of the definitions of one type of monitoring."""
    inputs = f"{monitored}JobInput"
    endpoint, batch = f"{inputs}.EndpointInput", f"{inputs}.BatchTransformInput"
    return Kind(
        f"{monitored}JobDefinition",
        defaults={
            **{f"{one}.S3InputMode": "File" for one in (endpoint, batch)},
            **{f"{one}.S3DataDistributionType": "FullyReplicated" for one in (endpoint, batch)},
            f"{monitored}JobOutputConfig.MonitoringOutputs[].S3Output.S3UploadMode": "EndOfJob",
            "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        },
        references=(Reference(f"{inputs}.{ENDPOINT}", "Endpoint"),),
        check=lambda params, _: check(params[inputs]),
        listing=Listing(
            paths={
                "EndpointName": f"{inputs}.{ENDPOINT}",
                "MonitoringJobDefinitionName": "JobDefinitionName",
                "MonitoringJobDefinitionArn": "JobDefinitionArn",
            }
        ),
    )


def check(plain_input: Members) -> None:
    """Refuse an input that says nothing of what is monitored."""
    if not {"EndpointInput", "BatchTransformInput"} & plain_input.keys():
        raise Refusal(VALIDATION, errors.NOTHING_TO_MONITOR).error()


def kind_of(monitored: str) -> str:
    """Return the kind of the definitions of a type."""
    return f"{monitored}JobDefinition"


def plain(monitored: str, members: Members) -> Members:
    """Return a definition of any type as an inline one says it."""
    application = dict(members[f"{monitored}AppSpecification"])
    environment = application.pop("Environment", None)
    said = {
        "BaselineConfig": members.get(f"{monitored}BaselineConfig"),
        "MonitoringInputs": [members[f"{monitored}JobInput"]],
        "MonitoringOutputConfig": members[f"{monitored}JobOutputConfig"],
        "MonitoringResources": members["JobResources"],
        "MonitoringAppSpecification": application,
        "StoppingCondition": members.get("StoppingCondition"),
        "Environment": environment,
        "NetworkConfig": members.get("NetworkConfig"),
        "RoleArn": members["RoleArn"],
    }
    return {name: value for name, value in said.items() if value is not None}


def endpoint_of(plain: Members) -> str | None:
    """Return the endpoint that a plain definition monitors; None if it monitors batch transforms."""
    name: str | None = plain["MonitoringInputs"][0].get("EndpointInput", {}).get("EndpointName")
    return name


def job_name(monitored: str, due: float, token: str) -> str:
    """Return the name of the processing job that was due at a time."""
    word = "model" if monitored == DATA_QUALITY else kebab(monitored)
    return f"{word}-monitoring-{moment(due):%Y%m%d%H%M}-{token}"


def moment(time: float) -> datetime:
    """Return a time as it is told in UTC."""
    return datetime.fromtimestamp(time, timezone.utc)


def processing_job(plain: Members, schedule: str, due: float, capture: str | None) -> dict[str, Any]:
    """Return what the processing job of a plain definition is created with, but for its name.

    ``capture`` is where the endpoint keeps the data that it captures.
    """
    application = plain["MonitoringAppSpecification"]
    said = {
        "ProcessingInputs": [*_inputs(plain, capture), *_baseline(plain)],
        "ProcessingOutputConfig": _outputs(plain, schedule, due),
        "ProcessingResources": plain["MonitoringResources"],
        "StoppingCondition": plain.get("StoppingCondition"),
        "AppSpecification": {
            name: application[name]
            for name in ("ImageUri", "ContainerEntrypoint", "ContainerArguments")
            if name in application
        },
        "Environment": {**plain.get("Environment", {}), **_environment(plain, schedule, due)},
        "NetworkConfig": plain.get("NetworkConfig"),
        "RoleArn": plain["RoleArn"],
    }
    return {name: value for name, value in said.items() if value}


def _inputs(plain: Members, capture: str | None) -> list[dict[str, Any]]:
    inputs = []
    for name, member, where in (
        ("endpoint_input_1", "EndpointInput", capture),
        ("batch_transform_input_1", "BatchTransformInput", None),
        ("groundtruth_input_1", "GroundTruthS3Input", None),
    ):
        said = plain["MonitoringInputs"][0].get(member)
        place = said and (where or said.get("DataCapturedDestinationS3Uri") or said.get("S3Uri"))
        if place:
            inputs.append(_input(name, place, said.get("LocalPath", f"{PLACE}/{name}"), said.get("S3InputMode")))
    return inputs


def _baseline(plain: Members) -> list[dict[str, Any]]:
    said = plain.get("BaselineConfig", {})
    return [
        _input(name, said[member]["S3Uri"], f"{PLACE}/baseline/{name}")
        for name, member in (("baseline", "StatisticsResource"), ("constraints", "ConstraintsResource"))
        if "S3Uri" in said.get(member, {})
    ]


def _input(name: str, place: str, local: str, mode: str | None = None) -> dict[str, Any]:
    said = {"S3Uri": place, "LocalPath": local, "S3DataType": "S3Prefix", "S3InputMode": mode or "File"}
    return {"InputName": name, "S3Input": {**said, "S3CompressionType": "None"}}


def _outputs(plain: Members, schedule: str, due: float) -> dict[str, Any]:
    config = plain["MonitoringOutputConfig"]
    result = config["MonitoringOutputs"][0]["S3Output"]
    place = "/".join(one for one in (result["S3Uri"].rstrip("/"), endpoint_of(plain), schedule) if one)
    output = {
        "S3Uri": f"{place}/{moment(due):%Y/%m/%d/%H}",
        "LocalPath": result["LocalPath"],
        "S3UploadMode": result.get("S3UploadMode", "EndOfJob"),
    }
    key = {"KmsKeyId": config["KmsKeyId"]} if "KmsKeyId" in config else {}
    return {"Outputs": [{"OutputName": "result", "S3Output": output}], **key}


def _environment(plain: Members, schedule: str, due: float) -> dict[str, str]:
    result = plain["MonitoringOutputConfig"]["MonitoringOutputs"][0]["S3Output"]
    endpoint = endpoint_of(plain)
    return {
        "output_path": result["LocalPath"],
        "metric_time": f"{moment(due):%Y-%m-%dT%H:%M:%SZ}",
        "sagemaker_monitoring_schedule_name": schedule,
        **({"sagemaker_endpoint_name": endpoint} if endpoint else {}),
    }
