"""Inference experiments: started and stopped by what state they are wished to be in, and stopped before they go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.registry.departure import Acting, Departure, Members, Step

Properties = Mapping[str, Any]


def sending(verb: str, params: Members, _: Properties, members: Properties) -> Members:
    """Take the shadow off the endpoint, and leave what serves."""
    return {"ModelVariantActions": actions(members)} if verb == "Stop" else params


def actions(said: Properties) -> dict[str, str]:
    """Return what becomes of the variants when an experiment is stopped."""
    production = said.get("ShadowModeConfig", {}).get("SourceModelVariantName")
    variants = [variant["VariantName"] for variant in said["ModelVariants"]]
    return {name: "Retain" if name == production else "Remove" for name in variants}


def turn(acting: Acting, present: Properties, wished: Properties) -> list[Step]:
    """Start an experiment that is wished to run, and stop one that is wished to be over."""
    state = wished.get("DesiredState")
    name = {"Name": acting.key["Name"]}
    if state == "Running" and acting.phase == "Created":
        return [Step("Start", "StartInferenceExperiment", name)]
    if state in ("Completed", "Cancelled") and acting.phase in ("Created", "Running"):
        reason = {"Reason": wished["StatusReason"]} if "StatusReason" in wished else {}
        said = {"ModelVariantActions": actions({**present, **wished}), "DesiredState": state}
        return [Step("Stop", "StopInferenceExperiment", {**name, **said, **reason})]
    return []


TYPE = Departure(
    names={"EndpointName": "EndpointMetadata.EndpointName"},
    stopped={"Delete": frozenset({"Created", "Starting", "Running"})},
    sending=sending,
    after=turn,
    seen_to=frozenset({"DesiredState", "StatusReason"}),
    accepted=frozenset({"Completed", "Cancelled"}),
)
