"""Availability Zones: what they are called, by name and by ID."""

from __future__ import annotations

_DIRECTIONS = {"northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw"}


def zone(region: str, number: int) -> str:
    """Return the name of a region's Availability Zone, counted from 0: ``us-east-1a``."""
    return region + "abcdef"[number]


def zone_id(region: str, number: int) -> str:
    """Return the ID of a region's Availability Zone, counted from 0: ``use1-az1``."""
    area, *directions, place = region.split("-")
    short = "".join(_DIRECTIONS.get(one, one[0]) for one in directions)
    return f"{area}{short}{place}-az{number + 1}"
