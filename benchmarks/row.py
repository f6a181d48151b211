"""One line of what is shown: a quantity, what it is here and beside, the ratio, and what was aimed at."""

from __future__ import annotations

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
        if not self.aim:
            return None
        compare, _, bound = self.aim.partition(" ")
        value = (self.ratio or self.ours).median
        return value >= float(bound) if compare == ">=" else value <= float(bound)
