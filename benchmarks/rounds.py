"""Measuring on a machine that is not quiet: interleaved rounds, medians, and ratios taken round by round."""

from __future__ import annotations

import gc
import random
import statistics
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import NamedTuple

Measure = Callable[[], float]


class Figure(NamedTuple):
    """What was measured of one thing: a median, and the spread around it (half of the rounds lie within)."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: list[float]) -> Figure:
        """Return the figure of some values."""
        if len(values) < 4:
            return cls(statistics.median(values), min(values), max(values))
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(median, low, high)


class Rounds(dict[str, list[float]]):
    """The values of each thing, one a round: the things took turns in every round, in a shuffled order."""

    def figure(self, name: str) -> Figure:
        """Return what was measured of one thing."""
        return Figure.of(self[name])

    def ratio(self, name: str, beside: str) -> Figure:
        """Return how many times as much one thing is as another, round by round."""
        return Figure.of([one / other for one, other in zip(self[name], self[beside], strict=True)])


def interleaved(things: Mapping[str, Measure], count: int) -> Rounds:
    """Measure each thing once a round."""
    rounds = Rounds({name: [] for name in things})
    order = list(things)
    for _ in range(count):
        random.shuffle(order)
        for name in order:
            gc.collect()
            rounds[name].append(things[name]())
    return rounds


def seconds(act: Callable[[], object], times: int = 1) -> float:
    """Return how long one of so many calls takes, on average."""
    began = perf_counter()
    for _ in range(times):
        act()
    return (perf_counter() - began) / times
