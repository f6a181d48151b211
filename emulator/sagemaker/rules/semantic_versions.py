"""Semantic versions, ``1.10.2``: three numbers, the first of which counts most."""

from __future__ import annotations

import re

Version = tuple[int, ...]
FIRST = "1.0.0"


def parsed(version: str) -> Version:
    """Return the numbers of a version. What stands between them may be anything: so says the model's pattern."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


def at_least(version: str, least: str) -> bool:
    """Say whether a version is not older than another."""
    return parsed(version) >= parsed(least)


def at_most(version: str, most: str) -> bool:
    """Say whether a version is not newer than another."""
    return parsed(version) <= parsed(most)


def following(version: str) -> str:
    """Return the smallest version behind another: ``1.0.1`` follows ``1.0.0``."""
    *higher, last = parsed(version)
    return ".".join(str(number) for number in (*higher, last + 1))
