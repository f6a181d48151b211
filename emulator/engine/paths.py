"""Members deep inside: ``PrimaryContainer.Mode``, ``Containers[].Mode``, ``Variants[].Name``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple


@cache
def _steps(path: str) -> tuple[tuple[str, bool], ...]:
    """Return the members on a path, each with whether it stands for every element of a list."""
    return tuple((step.removesuffix("[]"), step.endswith("[]")) for step in path.split("."))


def values(members: Any, path: str) -> list[Any]:
    """Return every value at a path. ``[]`` stands for every element of a list; what is not there has none."""
    steps = _steps(path)
    if steps[0][0] not in members:
        return []
    inside = [members]
    for name, each in steps:
        found = [holder[name] for holder in inside if name in holder]
        inside = [one for value in found for one in value] if each else found
    return inside


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


class Filling(NamedTuple):
    """What fills a structure: values for members that it lacks, and what fills the structures in some members of it."""

    values: tuple[tuple[str, Any], ...]
    inside: tuple[tuple[str, bool, Filling], ...]  # with whether a member holds a list of them


def filling(defaults: Mapping[str, Any]) -> Filling:
    """Return what fills structures with defaults, which stand there by path."""
    own: dict[str, Any] = {}
    deeper: dict[tuple[str, bool], dict[str, Any]] = {}
    for path, value in defaults.items():
        step, _, rest = path.partition(".")
        if rest:
            deeper.setdefault((step.removesuffix("[]"), step.endswith("[]")), {})[rest] = value
        else:
            own[step] = value
    return Filling(tuple(own.items()), tuple((*step, filling(inside)) for step, inside in deeper.items()))


def fill(members: dict[str, Any], filling: Filling) -> dict[str, Any]:
    """Return a structure after it was filled; the structures in it are copied, since others may hold them."""
    for name, value in filling.values:
        if name not in members:
            members[name] = value
    for name, each, inside in filling.inside:
        if name in members:
            held = members[name]
            members[name] = [fill(dict(one), inside) for one in held] if each else fill(dict(held), inside)
    return members
