"""Fleets: the variants that an endpoint configuration asks for, and how an endpoint shows them.

A fleet is what one deployment brings to an endpoint: its variants as they shall be, and what else the configuration
says. It is planned when the deployment begins, so that neither the configuration nor its models are needed any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from emulator.sagemaker.rules.containers import resolved

VARIANTS = ("ProductionVariants", "ShadowProductionVariants")
ECHOED = ("AsyncInferenceConfig", "ExplainerConfig", "MetricsConfig", "CrossRegionTrafficConfig")
LAST = "LastDeploymentConfig"
_KEPT = (
    "VariantName",
    "InstanceType",
    "InstancePools",
    "AcceleratorType",
    "ManagedInstanceScaling",
    "RoutingConfig",
    "CapacityReservationConfig",
    "AcceleratorPartitionLayouts",
    "ServerlessConfig",
)
_STAGES = {"Creating": "Creating", "Updating": "Creating", "ActivatingTraffic": "ActivatingTraffic", "Baking": "Baking"}
_STARTED = ("ActivatingTraffic", "Baking")  # when the new instances are there

Members = Mapping[str, Any]
Fleet = dict[str, Any]
ImagesOf = Callable[[str], list[str]]


def deployed(image: str, now: float) -> dict[str, Any]:
    """Return an image as it is deployed: by its digest."""
    return {"SpecifiedImage": image, "ResolvedImage": resolved(image), "ResolutionTime": now}


# --- Plans ------------------------------------------------------------------------------------------------------------


def planned(config: Members, images: ImagesOf, now: float) -> Fleet:
    """Return the fleet that a configuration asks for; ``images`` says which ones the model of a name has."""
    fleet = {name: config[name] for name in ("EndpointConfigName", *ECHOED) if name in config}
    for name in VARIANTS:
        if name in config:
            fleet[name] = [_plan(variant, images, now) for variant in config[name]]
    if "DataCaptureConfig" in config:
        fleet["DataCaptureConfig"] = _capture(config["DataCaptureConfig"])
    return fleet


def _plan(variant: Members, images: ImagesOf, now: float) -> dict[str, Any]:
    plan = {name: variant[name] for name in _KEPT if name in variant}
    if "ModelName" in variant:
        plan["DeployedImages"] = [deployed(image, now) for image in images(variant["ModelName"])]
    plan["Weight"] = variant.get("InitialVariantWeight", 1.0)
    least = variant.get("ManagedInstanceScaling", {}).get("MinInstanceCount")
    if "ServerlessConfig" not in variant:
        plan["Count"] = variant.get("InitialInstanceCount", 1 if least is None else least)
    return plan


def instances(fleet: Members) -> Counter[str]:
    """Count the instances of a fleet, of each type; a variant that may use several takes the first."""
    used: Counter[str] = Counter()
    for variant in _variants(fleet):
        types = [variant, *variant.get("InstancePools", ())]
        kind = next((one["InstanceType"] for one in types if "InstanceType" in one), None)
        if kind is not None:
            used[kind] += variant.get("Count", 1)
    return used


def _capture(config: Members) -> dict[str, Any]:
    enabled = config.get("EnableCapture", True)
    key = {"KmsKeyId": config["KmsKeyId"]} if "KmsKeyId" in config else {}
    return {
        "EnableCapture": enabled,
        "CaptureStatus": "Started" if enabled else "Stopped",
        "CurrentSamplingPercentage": config["InitialSamplingPercentage"],
        "DestinationS3Uri": config["DestinationS3Uri"],
        **key,
    }


def retained(fleet: Fleet, old: Members, excluded: Collection[str]) -> Fleet:
    """Return a fleet that keeps the properties of the old one's variants, except the kinds of property excluded."""
    kept = [
        name for name, kind in (("Weight", "DesiredWeight"), ("Count", "DesiredInstanceCount")) if kind not in excluded
    ]
    before = {variant["VariantName"]: variant for variant in _variants(old)}
    for name in VARIANTS:
        if name in fleet:
            fleet[name] = [_with(variant, before.get(variant["VariantName"], {}), kept) for variant in fleet[name]]
    if "DataCaptureConfig" not in excluded:
        fleet.pop("DataCaptureConfig", None)
        fleet |= {name: old[name] for name in ("DataCaptureConfig",) if name in old}
    return fleet


def rescaled(fleet: Members, changes: Iterable[Members]) -> Fleet:
    """Return a fleet with other weights and capacities."""
    by_name = {change["VariantName"]: _change(change) for change in changes}
    return {**fleet} | {
        name: [_merged(variant, by_name.get(variant["VariantName"], {})) for variant in fleet[name]]
        for name in VARIANTS
        if name in fleet
    }


def names(fleet: Members) -> list[str]:
    """Return the names of a fleet's variants, shadows last."""
    return [variant["VariantName"] for variant in _variants(fleet)]


def _variants(fleet: Members) -> list[Members]:
    return [variant for name in VARIANTS for variant in fleet.get(name, ())]


def _with(variant: Members, old: Members, kept: Iterable[str]) -> dict[str, Any]:
    return {**variant} | {name: old[name] for name in kept if name in old and name in variant}


def _change(change: Members) -> dict[str, Any]:
    said = (
        ("Weight", "DesiredWeight"),
        ("Count", "DesiredInstanceCount"),
        ("ServerlessConfig", "ServerlessUpdateConfig"),
    )
    return {name: change[member] for name, member in said if member in change}


def _merged(variant: Members, change: Members) -> dict[str, Any]:
    serverless = {**variant.get("ServerlessConfig", {}), **change.get("ServerlessConfig", {})}
    return {**variant, **change} | ({"ServerlessConfig": serverless} if "ServerlessConfig" in variant else {})


# --- How they are shown -----------------------------------------------------------------------------------------------


def summaries(fleet: Members, target: Members | None, name: str, since: float) -> list[dict[str, Any]] | None:
    """Return the variants that serve. With a target their weights and capacities are on the way to those of it."""
    if name not in fleet:
        return None
    wanted = {variant["VariantName"]: variant for variant in _variants(target or {})}
    moving = {"VariantStatus": [{"Status": "Updating", "StartTime": since}]} if target else {}
    return [_summary(variant, wanted.get(variant["VariantName"], variant)) | moving for variant in fleet[name]]


def pending(fleet: Members, phase: str, since: float) -> dict[str, Any]:
    """Return the summary of a deployment that is under way."""
    summary: dict[str, Any] = {"EndpointConfigName": fleet["EndpointConfigName"], "StartTime": since}
    for name in VARIANTS:
        if name in fleet:
            summary[name] = [_pending(variant, phase, since) for variant in fleet[name]]
    return {"ProductionVariants": []} | summary


def _pending(variant: Members, phase: str, since: float) -> dict[str, Any]:
    shown = _summary(variant, variant)
    if phase not in _STARTED and "CurrentInstanceCount" in shown:
        shown["CurrentInstanceCount"] = 0
    return shown | {"VariantStatus": [{"Status": _STAGES[phase], "StartTime": since}]}


def _summary(variant: Members, wanted: Members) -> dict[str, Any]:
    shown = {name: value for name, value in variant.items() if name not in ("Weight", "Count", "ServerlessConfig")}
    shown |= {"CurrentWeight": variant["Weight"], "DesiredWeight": wanted["Weight"]}
    if "ServerlessConfig" in variant:
        shown |= {"CurrentInstanceCount": 0, "CurrentServerlessConfig": variant["ServerlessConfig"]}
        if wanted["ServerlessConfig"] != variant["ServerlessConfig"]:
            shown["DesiredServerlessConfig"] = wanted["ServerlessConfig"]
        return shown
    shown |= {"CurrentInstanceCount": variant["Count"], "DesiredInstanceCount": wanted["Count"]}
    if "InstancePools" in variant:
        first = min(variant["InstancePools"], key=lambda pool: pool["Priority"])
        shown["InstancePools"] = [
            {"InstanceType": pool["InstanceType"], "CurrentInstanceCount": variant["Count"] if pool is first else 0}
            for pool in variant["InstancePools"]
        ]
    return shown
