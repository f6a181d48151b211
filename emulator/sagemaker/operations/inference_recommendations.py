"""ListInferenceRecommendationsJobSteps and GetScalingConfigurationRecommendation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine import paging, verbs
from emulator.engine.scope import Scope
from emulator.sagemaker.kinds.inference_recommendations_job import times
from emulator.sagemaker.rules import benchmarks

Params = Mapping[str, Any]
KIND = "InferenceRecommendationsJob"
PAGE = 10
UTILIZATION = 50  # percent of a core: the default that botocore documents
COOLDOWN_IN, COOLDOWN_OUT = 600, 300  # seconds: what AWS's own examples have
_RESULTS = ("Metrics", "EndpointMetrics")


def list_steps(scope: Scope, params: Params) -> dict[str, Any]:
    """List the benchmarks of a job, in the order in which they are made."""
    resource = scope.resources.resource(KIND)
    record = scope.look(resource, verbs.find(scope, resource, params))
    fields = scope.fields(resource, record)
    steps = list(enumerate(_steps(fields) if params.get("Status") in (None, fields["Status"]) else []))
    query = paging.query("ListInferenceRecommendationsJobSteps", scope.place.account, scope.place.region, params)
    kept, following = paging.window(query, params, steps, lambda step: ("", step[0]), PAGE)
    return {"Steps": [step for _, step in kept]} | ({"NextToken": following} if following else {})


def _steps(fields: Params) -> list[dict[str, Any]]:
    done = fields["Status"] == "COMPLETED"
    found = [{**one, **times(fields)} for one in benchmarks.tried(fields)]
    found += [{"EndpointMetrics": one["Metrics"], "ModelConfiguration": {}} for one in benchmarks.performances(fields)]
    failure = {"FailureReason": fields["FailureReason"]} if "FailureReason" in fields else {}
    return [
        {
            "StepType": "BENCHMARK",
            "JobName": fields["JobName"],
            "Status": fields["Status"],
            "InferenceBenchmark": {
                name: value
                for name, value in one.items()
                if name != "RecommendationId" and (done or name not in _RESULTS)
            }
            | failure,
        }
        for one in found
    ]


def recommend_scaling(scope: Scope, params: Params) -> dict[str, Any]:
    """Recommend how to scale an endpoint that a completed job has benchmarked."""
    resource = scope.resources.resource(KIND)
    record = verbs.found(scope, resource, params["InferenceRecommendationsJobName"])
    fields = scope.fields(resource, record)
    words = {"name": record.key[0], "status": fields["Status"]}
    if fields["Status"] != "COMPLETED":
        raise Refusal(VALIDATION, errors.JOB_NOT_COMPLETED).error(**words)
    if len(params.keys() & {"RecommendationId", "EndpointName"}) != 1:
        raise Refusal(VALIDATION, errors.RECOMMENDATION_OR_ENDPOINT).error()
    wanted = params.get("RecommendationId") or params["EndpointName"]
    metrics = _benchmarked(fields).get(wanted)
    if metrics is None:
        raise Refusal(VALIDATION, errors.NO_RECOMMENDATION).error(**words, wanted=wanted)
    return {
        **{name: value for name, value in params.items() if name != "TargetCpuUtilizationPerCore"},
        "TargetCpuUtilizationPerCore": params.get("TargetCpuUtilizationPerCore", UTILIZATION),
        "Metric": {"InvocationsPerInstance": metrics["MaxInvocations"], "ModelLatency": metrics["ModelLatency"]},
        "DynamicScalingConfiguration": _scaling(params, metrics["MaxInvocations"]),
    }


def _benchmarked(fields: Params) -> dict[str, Params]:
    """Return the metrics of a job by what they can be asked for: recommendation id, name of an endpoint."""
    tried, there = benchmarks.tried(fields), benchmarks.performances(fields)
    return {
        **{one["RecommendationId"]: one["Metrics"] for one in tried},
        **{one["EndpointConfiguration"]["EndpointName"]: one["Metrics"] for one in tried},
        **{one["EndpointInfo"]["EndpointName"]: one["Metrics"] for one in there},
    }


def _scaling(params: Params, most: int) -> dict[str, Any]:
    """Return capacities for the traffic that is expected, at so much load per instance as is wanted."""
    share = params.get("TargetCpuUtilizationPerCore", UTILIZATION) / 100
    each = max(1, int(most * share))
    objective = params.get("ScalingPolicyObjective", {})
    least = max(1, -(-objective.get("MinInvocationsPerMinute", each) // each))
    upper = max(least, -(-objective.get("MaxInvocationsPerMinute", each) // each))
    metric = {"Predefined": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}}
    return {
        "MinCapacity": least,
        "MaxCapacity": upper,
        "ScaleInCooldown": COOLDOWN_IN,
        "ScaleOutCooldown": COOLDOWN_OUT,
        "ScalingPolicies": [{"TargetTracking": {"MetricSpecification": metric, "TargetValue": float(each)}}],
    }


OPERATIONS = {
    "GetScalingConfigurationRecommendation": recommend_scaling,
    "ListInferenceRecommendationsJobSteps": list_steps,
}
