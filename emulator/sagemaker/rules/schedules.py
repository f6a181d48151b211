"""Schedule expressions of monitoring: hourly, daily, every so many hours, or once and now (botocore's documentation).

They are a small part of what cron can say, and all that SageMaker supports.
"""

from __future__ import annotations

import re

NOW = "NOW"
HOUR = 3600
_CRON = re.compile(r"cron\(0 (?P<hour>\*|\d{1,2})(?:/(?P<every>\d{1,2}))? \? \* \* \*\)")


def hours(expression: str) -> frozenset[int] | None:
    """Return the hours of the day, in UTC, at which an expression is due; None if it is none of those supported."""
    match = _CRON.fullmatch(expression)
    if match is None or (match["hour"] == "*" and match["every"]):
        return None
    if match["hour"] == "*":
        return frozenset(range(24))
    start, every = int(match["hour"]), int(match["every"] or 24)
    if start > 23 or not 1 <= every <= 24:
        return None
    return frozenset((start + passed) % 24 for passed in range(0, 24, every))


def supported(expression: str) -> bool:
    """Say whether an expression is one that a schedule can have."""
    return expression == NOW or hours(expression) is not None


def following(expression: str | None, after: float, since: float) -> float:
    """Return the first time behind another at which a schedule is due.

    One without an expression is due once a day, at an hour that the service picks: here the one after it began.
    """
    due = frozenset({(int(since // HOUR) + 1) % 24}) if expression is None else hours(expression) or frozenset({0})
    hour = int(after // HOUR) + 1
    while hour % 24 not in due:
        hour += 1
    return float(hour * HOUR)
