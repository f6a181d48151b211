"""Tags as types write them: a list of Key and Value, or a map; and what turns some tags into others."""

from __future__ import annotations

from typing import Any

from emulator.registry.handler import Schema

Tags = list[dict[str, str]]


def sent(written: Any) -> Tags:
    """Return tags as the service takes them."""
    if isinstance(written, dict):
        return [{"Key": key, "Value": value} for key, value in written.items()]
    return [{"Key": one["Key"], "Value": one.get("Value", "")} for one in written]


def shown(node: Schema, listed: Tags) -> Any:
    """Return tags as a type shows them."""
    return {tag["Key"]: tag["Value"] for tag in listed} if node.get("type") == "object" else listed


def difference(before: Tags, now: Tags) -> tuple[list[str], Tags]:
    """Return the keys to take off and the tags to put on, so that the tags are in the order of those wished.

    The service appends what is new to it, so whatever stands behind the first one out of place is put on again.
    """
    kept = 0
    while kept < min(len(before), len(now)) and before[kept]["Key"] == now[kept]["Key"]:
        kept += 1
    unwanted = [tag["Key"] for tag in before[kept:]]
    new = [tag for place, tag in enumerate(now) if place >= kept or tag != before[place]]
    return unwanted, new
