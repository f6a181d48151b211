"""What turns some tags into others."""

from __future__ import annotations

Tags = list[dict[str, str]]


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
