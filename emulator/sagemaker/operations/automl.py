"""AutoML jobs: created and described in two ways, and the candidates that they try."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.aws.wire import timestamp
from emulator.engine import paging, verbs
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack
from emulator.sagemaker.rules import automl, jobs
from emulator.sagemaker.rules.jobs import COMPLETED

Params = Mapping[str, Any]
CANDIDATES = "Candidates"  # the note of a job: what it has tried
PAGE = 10
REGISTRY = "683313688378.dkr.ecr"
STEPS = (
    ("ProcessingJob", "db-1"),
    ("TrainingJob", "dpp0"),
    ("TransformJob", "dpp0-csv"),
    ("TrainingJob", ""),
)


def create_v2(scope: Scope, params: Params) -> dict[str, Any] | None:
    """Make a job for any kind of problem."""
    return verbs.create(scope, scope.resources.resource("AutoMLJob"), params)


def describe(scope: Scope, params: Params) -> dict[str, Any]:
    """Tell all about a job that the first operation created."""
    resource = scope.resources.resource("AutoMLJob")
    record = verbs.find(scope, resource, params)
    if automl.is_v2(record.members):
        raise Refusal(VALIDATION, errors.CREATED_WITH_V2).error(**resource.called(record.arn, record.key))
    return verbs.describe(scope, resource, params)


def describe_v2(scope: Scope, params: Params) -> dict[str, Any]:
    """Tell all about a job, whichever operation created it."""
    resource = scope.resources.resource("AutoMLJob")
    record = scope.look(resource, verbs.find(scope, resource, params))
    fields = scope.fields(resource, record)
    second = fields if automl.is_v2(fields) else automl.as_v2(fields)
    return resource.project(
        "DescribeAutoMLJobV2Response", {**second, "AutoMLProblemTypeConfigName": automl.problem(fields)}
    )


def list_candidates(scope: Scope, params: Params) -> dict[str, Any]:
    """List the candidates of a job, the last one first unless the caller wants it otherwise."""
    resource = scope.resources.resource("AutoMLJob")
    record = verbs.find(scope, resource, params)
    tried = [one for one in record.own.get(CANDIDATES, ()) if _wanted(one, params)]
    ordered = sorted(tried, key=lambda one: _sort_value(params.get("SortBy", "CreationTime"), one))
    if params.get("SortOrder") == "Descending":
        ordered.reverse()
    query = paging.query("ListCandidatesForAutoMLJob", scope.place.account, scope.place.region, params)
    kept, following = paging.window(query, params, enumerate(ordered), lambda entry: ("", entry[0]), PAGE)
    return {"Candidates": [one for _, one in kept]} | ({"NextToken": following} if following else {})


def _wanted(candidate: Params, params: Params) -> bool:
    asked = {"StatusEquals": "CandidateStatus", "CandidateNameEquals": "CandidateName"}
    return all(candidate[member] == params[name] for name, member in asked.items() if name in params)


def _sort_value(by: str, candidate: Params) -> Any:
    match by:
        case "Status":
            return candidate["CandidateStatus"]
        case "FinalObjectiveMetricValue":
            return candidate.get("FinalAutoMLJobObjectiveMetric", {}).get("Value", 0)
    return candidate["CreationTime"]


def follow(scope: Scope, resource: Resource, old: Record | None, new: Record | None) -> None:
    """Give a completed job its candidates, the best of them, and the endpoint that it was asked for."""
    if new is None or old is None or new.state is None or new.state.status != COMPLETED:
        return
    members = new.members
    tried = [_candidate(scope, new, members, number) for number in range(automl.candidates(members))]
    scored = [one for one in tried if "FinalAutoMLJobObjectiveMetric" in one]
    if tried:
        sign = 1 if automl.minimizes(members) else -1
        best = min(scored or tried, key=lambda one: sign * _sort_value("FinalObjectiveMetricValue", one))
        members["BestCandidate"] = best
        if (deploy := members.get("ModelDeployConfig")) is not None:
            members["ModelDeployResult"] = {"EndpointName": _deployed(scope, new, members, best, deploy)}
    scope.put(resource, new._replace(packed=pack(members), own={**new.own, CANDIDATES: tried}))


def _candidate(scope: Scope, record: Record, members: Params, number: int) -> dict[str, Any]:
    """Return what is known of one candidate that was tried."""
    job, output = record.key[-1], members["OutputDataConfig"]["S3OutputPath"]
    name = f"{job[:20]}-{number + 1:03d}-{scope.chance.text(8, '0123456789abcdef')}"
    created, ended = timestamp(record.created), timestamp(record.state.since if record.state else record.created)
    known: dict[str, Any] = {
        "CandidateName": name,
        "ObjectiveStatus": "Succeeded",
        "CandidateStatus": COMPLETED,
        "CandidateSteps": _steps(scope, job, name),
        "CreationTime": created,
        "EndTime": ended,
        "LastModifiedTime": ended,
        "InferenceContainers": _containers(scope, output, job, name),
    }
    properties: dict[str, Any] = {
        "CandidateArtifactLocations": {
            "Explainability": jobs.artifacts(output, job, f"documentation/explainability/output/{name}"),
            "ModelInsights": jobs.artifacts(output, job, f"documentation/model_monitor/output/{name}"),
        }
    }
    if (metric := automl.metric(members)) is not None:
        value = round(scope.chance.fraction(), 6)
        final = {"MetricName": metric, "Value": value, "StandardMetricName": metric}
        kind = "Minimize" if automl.minimizes(members) else "Maximize"
        known["FinalAutoMLJobObjectiveMetric"] = final if "AutoMLJobObjective" in members else {"Type": kind, **final}
        properties["CandidateMetrics"] = [
            {"MetricName": metric, "StandardMetricName": metric, "Value": value, "Set": "Validation"}
        ]
    return known | {"CandidateProperties": properties}


def _steps(scope: Scope, job: str, name: str) -> list[dict[str, str]]:
    steps = []
    for kind, part in STEPS:
        step = f"{job[:20]}-{part}-{name[-8:]}" if part else name
        resource = scope.resources.resource(kind)
        steps.append(
            {
                "CandidateStepType": f"AWS::SageMaker::{kind}",
                "CandidateStepArn": scope.arn(resource, (step,)),
                "CandidateStepName": step,
            }
        )
    return steps


def _containers(scope: Scope, output: str, job: str, name: str) -> list[dict[str, Any]]:
    """Return the containers that serve a candidate: features in, prediction, label out."""
    registry = f"{REGISTRY}.{scope.place.region}.amazonaws.com"
    features = f"{registry}/sagemaker-sklearn-automl:2.5-1-cpu-py3"
    transform = jobs.artifacts(output, job, f"data-processor-models/{name}/output/model.tar.gz")
    model = jobs.artifacts(output, job, f"tuning/{name}/output/model.tar.gz")
    ways = (
        (features, transform, {"AUTOML_TRANSFORM_MODE": "feature-transform"}),
        (f"{registry}/sagemaker-xgboost:1.3-1-cpu-py3", model, {"MAX_CONTENT_LENGTH": "20971520"}),
        (features, transform, {"AUTOML_TRANSFORM_MODE": "inverse-label-transform"}),
    )
    return [{"Image": image, "ModelDataUrl": data, "Environment": environment} for image, data, environment in ways]


def _deployed(scope: Scope, record: Record, members: Params, best: Params, deploy: Params) -> str:
    """Put the best candidate behind an endpoint, and return its name."""
    job = record.key[-1]
    name: str = deploy.get("EndpointName") or f"{job[:40]}-{scope.chance.text(8, '0123456789abcdef')}"
    variant = {"VariantName": "main", "ModelName": name, "InstanceType": "ml.m5.2xlarge", "InitialInstanceCount": 1}
    try:
        scope.call(
            "CreateModel",
            {
                "ModelName": name,
                "ExecutionRoleArn": members["RoleArn"],
                "Containers": list(best["InferenceContainers"]),
            },
        )
        scope.call("CreateEndpointConfig", {"EndpointConfigName": name, "ProductionVariants": [variant]})
        scope.call("CreateEndpoint", {"EndpointName": name, "EndpointConfigName": name})
    except errors.ServiceError:  # what has the name already is not replaced
        return name
    return name


OPERATIONS = {
    "CreateAutoMLJobV2": create_v2,
    "DescribeAutoMLJob": describe,
    "DescribeAutoMLJobV2": describe_v2,
    "ListCandidatesForAutoMLJob": list_candidates,
}
