"""Feature groups: an update adds features, and takes none away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.registry.departure import Departure, Members

ADDED = "FeatureAdditions"


def sending(verb: str, params: Members, _: Mapping[str, Any], present: Mapping[str, Any]) -> Members:
    """Send the features that are new."""
    if verb != "Update" or ADDED not in params:
        return params
    there = present["FeatureDefinitions"]
    new = [feature for feature in params.pop(ADDED) if feature not in there]
    return {**params, **({ADDED: new} if new else {})}


TYPE = Departure(names={"FeatureDefinitions": ADDED}, sending=sending)
