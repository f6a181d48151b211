"""Compute quotas: an update says which version it changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.registry.departure import Departure, Members


def sending(verb: str, params: Members, _: Mapping[str, Any], present: Mapping[str, Any]) -> Members:
    """Change the version that there is."""
    return {**params, "TargetVersion": present["ComputeQuotaVersion"]} if verb == "Update" else params


TYPE = Departure(sending=sending)
