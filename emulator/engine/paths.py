"""Members deep inside: ``PrimaryContainer.Mode``, ``Containers[].Mode``, ``Variants[].Name``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def values(members: Any, path: str) -> Iterator[Any]:
    """Yield every value at a path. ``[]`` stands for every element of a list; what is not there yields nothing."""
    inside = [members]
    for step in path.split("."):
        name = step.removesuffix("[]")
        found = [holder[name] for holder in inside if name in holder]
        inside = [one for value in found for one in value] if step.endswith("[]") else found
    yield from inside


def opened(members: dict[str, Any], path: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield every structure that could hold the last member of a path, and that member's name, for writing.

    The structures on the way are replaced by copies, so that writing changes nothing that anybody else holds.
    """
    *way, last = path.split(".")
    inside = [members]
    for step in way:
        name = step.removesuffix("[]")
        found = [holder for holder in inside if name in holder]
        for holder in found:
            value = holder[name]
            holder[name] = [dict(one) for one in value] if step.endswith("[]") else dict(value)
        inside = [one for holder in found for one in (holder[name] if step.endswith("[]") else (holder[name],))]
    for holder in inside:
        yield holder, last
