"""Metrics of trial components: what was measured, kept in the order of putting, and what comes of it in numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import fmean, pstdev
from typing import Any, NamedTuple

from emulator.aws.wire import timestamp
from emulator.engine.scope import Act, Scope
from emulator.engine.store import Record, pack
from emulator.sagemaker.operations import lineage_tracking
from emulator.sagemaker.operations.lineage_sources import sourced

Params = Mapping[str, Any]

NOTE = "metrics"  # of a record: each metric's tally and its points
INVALID = "VALIDATION_ERROR"
PERIODS = {"OneMinute": 60, "FiveMinute": 300, "OneHour": 3600}


class Point(NamedTuple):
    """One measurement, and the one before it: a chain grows without being copied."""

    time: float
    step: int | None
    value: float
    before: Point | None


class Tally(NamedTuple):
    """What has been measured of a metric so far."""

    number: int
    low: float
    high: float
    mean: float
    spread: float  # the sum of squared distances from the mean
    last: Point

    def plus(self, point: Point) -> Tally:
        """Return the tally with one more point; the last one is the one with the latest time."""
        number = self.number + 1
        away = point.value - self.mean
        mean = self.mean + away / number
        spread = self.spread + away * (point.value - mean)
        last = point if point.time >= self.last.time else self.last
        return Tally(number, min(self.low, point.value), max(self.high, point.value), mean, spread, last)


def put(scope: Scope, params: Params) -> dict[str, Any]:
    """Put measurements on a trial component; those that cannot be kept are told by their place."""
    lineage_tracking.note(scope)
    resource = scope.resources.resource("TrialComponent")
    record = scope.find(resource, resource.folded((params["TrialComponentName"],)))
    wrong = [place for place, one in enumerate(params["MetricData"]) if not record or not math.isfinite(one["Value"])]
    if record is not None and len(wrong) < len(params["MetricData"]):
        noted = dict(record.own.get(NOTE, {}))
        for place, one in enumerate(params["MetricData"]):
            if place not in wrong:
                noted[one["MetricName"]] = _added(noted.get(one["MetricName"]), one)
        members = record.members
        source = members.get("Source", {}).get("SourceArn", record.arn)
        put_before = [one for one in members.get("Metrics", ()) if one["MetricName"] not in noted]
        members["Metrics"] = [*put_before, *(_summary(name, tally, source) for name, (tally, _) in noted.items())]
        scope.put(resource, record._replace(packed=pack(members), own={**record.own, NOTE: noted}))
    return {"Errors": [{"Code": INVALID, "MetricIndex": place} for place in wrong]} if wrong else {}


def get(scope: Scope, params: Params) -> dict[str, Any]:
    """Answer questions about how metrics went."""
    lineage_tracking.catch_up(scope)
    return {"MetricQueryResults": [_answer(scope, query) for query in params["MetricQueries"]]}


def _added(noted: tuple[Tally, Point] | None, said: Params) -> tuple[Tally, Point]:
    value = float(said["Value"])
    point = Point(float(said["Timestamp"]), said.get("Step"), value, noted[1] if noted else None)
    return (noted[0].plus(point) if noted else Tally(1, value, value, value, 0.0, point)), point


def _summary(name: str, tally: Tally, source: str) -> dict[str, Any]:
    return {
        "MetricName": name,
        "SourceArn": source,
        "TimeStamp": timestamp(tally.last.time),
        "Max": tally.high,
        "Min": tally.low,
        "Last": tally.last.value,
        "Count": tally.number,
        "Avg": tally.mean,
        "StdDev": math.sqrt(max(0.0, tally.spread / tally.number)),
    }


# --- Questions --------------------------------------------------------------------------------------------------------


def _answer(scope: Scope, query: Params) -> dict[str, Any]:
    record = _component(scope, query["ResourceArn"])
    if record is None:
        message = f"Resource {query['ResourceArn']} does not exist."
        return {"Status": "ValidationError", "Message": message, "XAxisValues": [], "MetricValues": []}
    by_step = query["XAxisType"] == "IterationNumber"
    groups: dict[Any, list[Point]] = {}
    for point in sorted(_points(record, query["MetricName"]), key=lambda one: one.time):
        if by_step or query["Period"] == "IterationNumber":
            group = point.step
        else:
            group = int(point.time // PERIODS[query["Period"]]) * PERIODS[query["Period"]]
        if group is not None:
            groups.setdefault(group, []).append(point)
    shown = []
    for group, points in groups.items():
        where = group if by_step or query["Period"] != "IterationNumber" else int(points[0].time)
        if query.get("Start", where) <= where <= query.get("End", where):
            shown.append((where, _STATISTICS[query["MetricStat"]]([point.value for point in points])))
    shown.sort()
    return {
        "Status": "Complete",
        "XAxisValues": [where for where, _ in shown],
        "MetricValues": [value for _, value in shown],
    }


def _component(scope: Scope, arn: str) -> Record | None:
    """Return the trial component that an ARN names, or that comes from the job that it names."""
    resource = scope.resources.resource("TrialComponent")
    key = (
        resource.identify(arn, scope.place.account, scope.place.region)
        if ":experiment-trial-component/" in arn
        else None
    )
    return scope.find(resource, key) if key else next(iter(sourced(scope, resource, arn)), None)


def _points(record: Record, name: str) -> Iterator[Point]:
    """Yield what was measured of a metric, the last first."""
    point = record.own.get(NOTE, {}).get(name, (None, None))[1]
    while point is not None:
        yield point
        point = point.before


_STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Min": min,
    "Max": max,
    "Avg": fmean,
    "Count": lambda values: float(len(values)),
    "StdDev": pstdev,
    "Last": lambda values: values[-1],
}

OPERATIONS: Mapping[str, Act] = {"BatchPutMetrics": put, "BatchGetMetrics": get}
