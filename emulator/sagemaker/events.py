"""What SageMaker sends to EventBridge: which changes, in which envelope, with which spellings.

A change of a status is sent, and so are the creation and the end of what has no status. Of a model package every
change is sent, so also its approval. Most details look as Describe does, with a map of tags; the table says what
departs.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any, NamedTuple

from emulator.aws.model import ServiceModel
from emulator.engine.changes import Change
from emulator.engine.identity import snake
from emulator.engine.resource import Resource
from emulator.engine.store import Record

Detail = dict[str, Any]

SOURCE = "aws.sagemaker"
_IDS = uuid.uuid5(uuid.NAMESPACE_DNS, SOURCE)


def camel(status: str) -> str:
    """Return CREATE_FAILED as CreateFailed."""
    return "".join(part.capitalize() for part in status.split("_"))


def upper(status: str) -> str:
    """Return InService as IN_SERVICE."""
    return snake(status).upper()


def milliseconds(seconds: float) -> int:
    """Return a time as most events have it."""
    return round(seconds * 1000)


def iso(seconds: float) -> str:
    """Return a time as the envelope has it."""
    return datetime.fromtimestamp(int(seconds), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Kind(NamedTuple):
    """How events of a kind depart from what Describe shows."""

    type: str
    time: Callable[[float], Any] = milliseconds
    status: Callable[[str], str] = str
    members: tuple[str, ...] = ()  # those it has, if not all
    nulls: tuple[str, ...] = ()  # those that are null where Describe leaves them out
    spelt: frozenset[str] = frozenset()  # those whose values are in upper case
    fixed: Mapping[str, Any] = {}
    phases: bool = False  # whether each phase within a status is sent


KINDS = {
    "Algorithm": Kind("SageMaker Algorithm State Change"),
    "Cluster": Kind("SageMaker HyperPod Cluster State Change"),
    "Endpoint": Kind(
        "SageMaker Endpoint State Change",
        status=upper,
        members=(
            "EndpointName",
            "EndpointArn",
            "EndpointConfigName",
            "ProductionVariants",
            "EndpointStatus",
            "FailureReason",
            "CreationTime",
            "LastModifiedTime",
        ),
    ),
    "EndpointConfig": Kind(
        "SageMaker Endpoint Config State Change",
        nulls=("DataCaptureConfig", "KmsKeyId", "AsyncInferenceConfig", "ExplainerConfig", "ShadowProductionVariants"),
    ),
    "FeatureGroup": Kind("SageMaker Feature Group State Change"),
    "HyperParameterTuningJob": Kind("SageMaker HyperParameter Tuning Job State Change", iso),
    "Image": Kind(
        "SageMaker Image State Change",
        status=camel,
        members=("ImageName", "ImageArn", "ImageStatus"),
        fixed={"Version": 1.0},
    ),
    "ImageVersion": Kind(
        "SageMaker Image Version State Change",
        status=camel,
        members=("ImageArn", "ImageVersionArn", "ImageVersionStatus", "Version"),
    ),
    "LabelingJob": Kind("SageMaker Ground Truth Labeling Job State Change"),
    "Model": Kind("SageMaker Model State Change", nulls=("Containers",)),
    "ModelCard": Kind("SageMaker Model Card State Change"),
    "ModelCardExportJob": Kind("SageMaker Model Card Export Job State Change"),
    "ModelPackage": Kind("SageMaker Model Package State Change", iso),
    "MonitoringSchedule": Kind("SageMaker Monitoring Schedule State Change"),
    "NotebookInstance": Kind(
        "SageMaker Notebook Instance State Change",
        members=(
            "NotebookInstanceArn",
            "NotebookInstanceName",
            "NotebookInstanceStatus",
            "FailureReason",
            "InstanceType",
            "RoleArn",
            "LastModifiedTime",
            "CreationTime",
            "NotebookInstanceLifecycleConfigName",
        ),
    ),
    "NotebookInstanceLifecycleConfig": Kind("SageMaker Notebook Lifecycle Config State Change"),
    "PipelineExecution": Kind("SageMaker Model Building Pipeline Execution Status Change", iso),
    "ProcessingJob": Kind(
        "SageMaker Processing Job State Change", spelt=frozenset({"S3DataType", "S3InputMode", "S3UploadMode"})
    ),
    "TrainingJob": Kind("SageMaker Training Job State Change", phases=True),
    "TransformJob": Kind("SageMaker Transform Job State Change"),
}


class Teller:
    """Which changes SageMaker makes known, and how."""

    def tells(self, resource: Resource, old: Record | None, new: Record | None) -> bool:
        """Say whether a change is an event."""
        kind = KINDS.get(resource.name)
        if kind is None:
            return False
        if old is None or new is None:
            return old is None or resource.lifecycle is None
        if resource.lifecycle is None or (resource.name == "ModelPackage" and old.packed != new.packed):
            return resource.name == "ModelPackage"
        return _status(resource, old, kind) != _status(resource, new, kind)

    def tell(self, change: Change) -> dict[str, Any]:
        """Return the event of a change."""
        kind, name = KINDS[change.resource.name], change.resource.name
        detail, arns = _execution(change) if name == "PipelineExecution" else (_detail(change, kind), [])
        return {
            "version": "0",
            "id": str(uuid.uuid5(_IDS, f"{change.account} {change.region} {change.number}")),
            "detail-type": kind.type,
            "source": SOURCE,
            "account": change.account,
            "time": iso(change.time),
            "region": change.region,
            "resources": [*arns, change.record.arn],
            "detail": detail,
        }


def _status(resource: Resource, record: Record, kind: Kind) -> str | None:
    """Return the status that events tell of, or the phase of it."""
    if record.state is None:
        return None
    life = resource.lifecycle
    return record.state.status if kind.phases or life is None else life.shown(record.state.status)


def _detail(change: Change, kind: Kind) -> Detail:
    """Return what Describe shows, in the way of events."""
    resource, model = change.resource, change.resource.model
    output = model.operations[f"Describe{resource.name}"].output
    assert output is not None  # what is described has an output
    shown = resource.project(output, change.fields())
    chosen = {name: of for name, of in shown.items() if not kind.members or name in kind.members}
    detail: Detail = _told(model, output, chosen, kind)
    if resource.status_member in detail:
        detail[resource.status_member] = kind.status(detail[resource.status_member])
    detail = {**dict.fromkeys(kind.nulls), **detail, **kind.fixed}
    if resource.name == "ImageVersion":
        detail["Version"] = float(detail["Version"])
    if resource.name == "ModelPackage" and change.old and change.new and change.old.packed != change.new.packed:
        old, new = change.old.members, change.new.members
        detail["UpdatedModelPackageFields"] = sorted(
            name for name in {*old, *new} if old.get(name) != new.get(name) and name in detail
        )
    return detail | {"Tags": dict(change.record.tags)}


def _told(model: ServiceModel, name: str, value: Any, kind: Kind) -> Any:
    """Return a value of a shape with times and spellings as events have them."""
    shape = model.shape(name)
    if isinstance(value, dict) and shape.members:
        return {
            one: upper(of) if one in kind.spelt and isinstance(of, str) else _told(model, shape.members[one], of, kind)
            for one, of in value.items()
        }
    if isinstance(value, dict) and shape.value:
        return {one: _told(model, shape.value, of, kind) for one, of in value.items()}
    if isinstance(value, list) and shape.member:
        return [_told(model, shape.member, of, kind) for of in value]
    return kind.time(value) if shape.type == "timestamp" else value


def _execution(change: Change) -> tuple[Detail, list[str]]:
    """Return the detail of a pipeline execution's event, and the ARN of its pipeline."""
    fields, record, old = change.fields(), change.record, change.old
    pipeline = record.arn.partition("/execution/")[0]
    status = record.state.status if record.state else None
    ended = change.time if status in ("Succeeded", "Failed", "Stopped") else None
    detail = {
        "pipelineArn": pipeline,
        "pipelineExecutionArn": record.arn,
        "pipelineExecutionDisplayName": fields.get("PipelineExecutionDisplayName"),
        "pipelineExecutionDescription": fields.get("PipelineExecutionDescription"),
        "currentPipelineExecutionStatus": status,
        "previousPipelineExecutionStatus": old.state.status if old and old.state else None,
        "executionStartTime": iso(record.created),
        "executionEndTime": None if ended is None else iso(ended),
    }
    return {name: value for name, value in detail.items() if value is not None}, [pipeline]
