"""One line of what is shown: a quantity here and beside, or among ever more records, and what was aimed at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from benchmarks.rounds import Figure


class Row(NamedTuple):
    """One figure beside another's. ``aim`` is the ratio or the figure that was aimed at, as ``>= 7`` or ``<= 1.25``."""

    section: str
    quantity: str
    unit: str
    ours: Figure
    beside: str = ""
    theirs: Figure | None = None
    ratio: Figure | None = None  # of theirs to ours, or of ours to theirs: above 1 is better with ``more``
    aim: str = ""

    @property
    def met(self) -> bool | None:
        """Say whether the aim is met; None where there is none."""
        return _met(self.aim, self.ratio or self.ours)


class Curve(NamedTuple):
    """One figure for each of ever larger sizes. ``aim`` is the ratio of the largest's to the smallest's."""

    section: str
    quantity: str
    unit: str
    figures: Mapping[int, Figure]
    ratio: Figure | None = None
    aim: str = ""

    @property
    def met(self) -> bool | None:
        """Say whether the aim is met; None where there is none."""
        return _met(self.aim, self.ratio)


def _met(aim: str, figure: Figure | None) -> bool | None:
    if not aim or not figure:
        return None
    compare, _, bound = aim.partition(" ")
    return figure.median >= float(bound) if compare == ">=" else figure.median <= float(bound)
