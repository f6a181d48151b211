"""Walks over a directed graph: how far things are, and what lies on the way to some of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

Neighbours = Callable[[str], Iterable[str]]


def distances(start: str, neighbours: Neighbours, most: int) -> dict[str, int]:
    """Return what can be reached in so many steps, the nearest first, with the number of steps."""
    found = {start: 0}
    front = [start]
    for steps in range(1, most + 1):
        front = [one for one in _around(front, neighbours) if one not in found]
        found |= dict.fromkeys(front, steps)
    return found


def on_the_way(reached: Collection[str], neighbours: Neighbours, ends: Iterable[str]) -> set[str]:
    """Return what of a walk leads to one of its ends, the ends included."""
    back: dict[str, list[str]] = {}
    for node in reached:
        for one in neighbours(node):
            back.setdefault(one, []).append(node)
    leading = set(ends)
    front = list(leading)
    while front:
        front = [one for one in _around(front, lambda node: back.get(node, ())) if one not in leading]
        leading.update(front)
    return leading


def _around(nodes: Iterable[str], neighbours: Neighbours) -> dict[str, None]:
    return dict.fromkeys(one for node in nodes for one in neighbours(node))
