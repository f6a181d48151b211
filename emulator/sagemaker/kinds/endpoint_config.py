"""Endpoint configurations: the variants that an endpoint is to serve with. They never change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine.kind import Kind, Reference, Referred


def check(params: Mapping[str, Any], _: list[Referred]) -> None:
    """Refuse variants that cannot be told apart, that say twice or not at all what they run on, or shadow too much."""
    production, shadows = params["ProductionVariants"], params.get("ShadowProductionVariants", [])
    names = [variant["VariantName"] for variant in (*production, *shadows)]
    if len(set(names)) < len(names):
        raise Refusal(VALIDATION, errors.VARIANT_TWICE).error()
    if shadows and (len(production) > 1 or len(shadows) > 1):
        raise Refusal(VALIDATION, errors.ONE_SHADOW).error()
    for variant in (*production, *shadows):
        _check_variant(variant, params)


def _check_variant(variant: Mapping[str, Any], params: Mapping[str, Any]) -> None:
    on_instances = variant.keys() & {"InstanceType", "InstancePools"}
    if "ServerlessConfig" in variant and (on_instances or "InitialInstanceCount" in variant):
        raise Refusal(VALIDATION, errors.INSTANCES_OF_SERVERLESS).error(variant=variant["VariantName"])
    if "ServerlessConfig" not in variant and not on_instances:
        raise Refusal(VALIDATION, errors.VARIANT_ON_NOTHING).error(variant=variant["VariantName"])
    _check_serverless(variant["VariantName"], variant.get("ServerlessConfig", {}))
    if "ModelName" not in variant and "ExecutionRoleArn" not in params:
        raise Refusal(VALIDATION, errors.VARIANT_WITHOUT_MODEL).error(variant=variant["VariantName"])


def _check_serverless(name: str, said: Mapping[str, Any]) -> None:
    """Refuse memory that is not given in whole GB, and more that is kept ready than is allowed at once."""
    if said.get("MemorySizeInMB", 0) % 1024:
        raise Refusal(VALIDATION, errors.SERVERLESS_MEMORY).error(variant=name)
    if said.get("ProvisionedConcurrency", 0) > said.get("MaxConcurrency", 0):
        raise Refusal(VALIDATION, errors.SERVERLESS_CONCURRENCY).error(variant=name)


KIND = Kind(
    "EndpointConfig",
    noun="endpoint configuration",
    missing=Refusal(VALIDATION, errors.COULD_NOT_FIND),
    taken=Refusal(VALIDATION, errors.CANNOT_CREATE_EXISTING),
    defaults={
        "EnableNetworkIsolation": False,
        "ProductionVariants[].InitialVariantWeight": 1.0,
        "ShadowProductionVariants[].InitialVariantWeight": 1.0,
    },
    references=(
        Reference("ProductionVariants[].ModelName", "Model"),
        Reference("ShadowProductionVariants[].ModelName", "Model"),
        Reference("ProductionVariants[].InstancePools[].ModelNameOverride", "Model"),
    ),
    check=check,
)
