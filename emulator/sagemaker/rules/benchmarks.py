"""Benchmarks: what an inference recommendations job finds out, always the same for the same job."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

DEFAULT_TYPES = ("ml.c5.large", "ml.c5.xlarge", "ml.m5.large")  # where a job names no types of its own
_HOUR = 60  # minutes: capacities are per minute, costs per hour

Members = Mapping[str, Any]


def tried(job: Members) -> list[dict[str, Any]]:
    """Return the configurations that a job tries on endpoints of its own, each with its metrics."""
    said = job["InputConfig"]
    if "Endpoints" in said:
        return []
    return [_tried(job, number, configuration) for number, configuration in enumerate(_configurations(said))]


def performances(job: Members) -> list[dict[str, Any]]:
    """Return how the endpoints perform that a job is to look at."""
    return [
        {"EndpointInfo": endpoint, "Metrics": _capacity(_numbers(job["JobName"], str(number)))}
        for number, endpoint in enumerate(job["InputConfig"].get("Endpoints", ()))
    ]


def _configurations(said: Members) -> Iterator[dict[str, Any]]:
    """Yield what is tried: each configuration with each choice of its environment, else each type of instance."""
    if "EndpointConfigurations" not in said:
        for name in said.get("ContainerConfig", {}).get("SupportedInstanceTypes") or DEFAULT_TYPES:
            yield {"InstanceType": name}
        return
    for one in said["EndpointConfigurations"]:
        ranges = one.get("EnvironmentParameterRanges", {}).get("CategoricalParameterRanges", ())
        for values in product(*(choice["Value"] for choice in ranges)):
            names = [choice["Name"] for choice in ranges]
            yield {**one, "Environment": dict(zip(names, values, strict=True))}


def _tried(job: Members, number: int, configuration: Members) -> dict[str, Any]:
    numbers = _numbers(job["JobName"], str(number))
    endpoint = {
        "EndpointName": f"sm-epc-{numbers[:4].hex()}-{numbers[4:10].hex()}",
        "VariantName": f"sm-epc-{numbers[:4].hex()}-{numbers[4:10].hex()}",
        "InitialInstanceCount": 1,
    }
    named = ("InstanceType", "ServerlessConfig")
    environment = [
        {"Key": key, "ValueType": "String", "Value": value}
        for key, value in configuration.get("Environment", {}).items()
    ]
    model = {"EnvironmentParameters": environment} if environment else {}
    if "InferenceSpecificationName" in configuration:
        model["InferenceSpecificationName"] = configuration["InferenceSpecificationName"]
    capacity = _capacity(numbers)
    cost = round(0.05 + numbers[12] / 200, 3)
    return {
        "RecommendationId": f"{job['JobName']}/{numbers[:4].hex()}",
        "Metrics": {
            **capacity,
            "CostPerHour": cost,
            "CostPerInference": round(cost / _HOUR / capacity["MaxInvocations"], 9),
            "CpuUtilization": float(40 + numbers[13] % 50),
            "MemoryUtilization": float(10 + numbers[14] % 60),
        },
        "EndpointConfiguration": endpoint | {name: configuration[name] for name in named if name in configuration},
        "ModelConfiguration": model,
    }


def _capacity(numbers: bytes) -> dict[str, int]:
    return {"MaxInvocations": 300 + numbers[10] * 20, "ModelLatency": 5_000 + numbers[11] * 200}


def _numbers(*names: str) -> bytes:
    return hashlib.sha256("/".join(names).encode("utf-8", "surrogatepass")).digest()
