"""Members deep inside: ``PrimaryContainer.Mode``, ``Containers[].Mode``, ``Variants[].Name``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any


@cache
def _steps(path: str) -> tuple[tuple[str, bool], ...]:
    """Return the members on a path, each with whether it stands for every element of a list."""
    return tuple((step.removesuffix("[]"), step.endswith("[]")) for step in path.split("."))


def values(members: Any, path: str) -> Iterator[Any]:
    """Yield every value at a path. ``[]`` stands for every element of a list; what is not there yields nothing."""
    inside = [members]
    for name, each in _steps(path):
        found = [holder[name] for holder in inside if name in holder]
        inside = [one for value in found for one in value] if each else found
    yield from inside


def opened(members: dict[str, Any], path: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield every structure that could hold the last member of a path, and that member's name, for writing.

    The structures on the way are replaced by copies, so that writing changes nothing that anybody else holds.
    """
    *way, (last, _) = _steps(path)
    inside = [members]
    for name, each in way:
        found = [holder for holder in inside if name in holder]
        for holder in found:
            value = holder[name]
            holder[name] = [dict(one) for one in value] if each else dict(value)
        inside = [one for holder in found for one in (holder[name] if each else (holder[name],))]
    for holder in inside:
        yield holder, last
