"""ListLabelingJobsForWorkteam."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.engine import paging
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record

Params = Mapping[str, Any]
PAGE = 10


def list_for_workteam(scope: Scope, params: Params) -> dict[str, Any]:
    """List the labeling jobs that a work team does, for whoever works in it."""
    resource = scope.resources.resource("LabelingJob")
    scope.settle(resource)
    mine = [one for one in scope.table(resource).records.values() if _wanted(one, params)]
    mine.sort(key=lambda one: (one.created, one.serial), reverse=params.get("SortOrder") != "Ascending")
    query = paging.query("ListLabelingJobsForWorkteam", scope.place.account, scope.place.region, params)
    kept, following = paging.window(query, params, enumerate(mine), lambda entry: ("", entry[0]), PAGE)
    seen = [_summary(scope, resource, scope.look(resource, record)) for _, record in kept]
    return {"LabelingJobSummaryList": seen} | ({"NextToken": following} if following else {})


def _wanted(record: Record, params: Params) -> bool:
    members = record.members
    return (
        members["HumanTaskConfig"]["WorkteamArn"] == params["WorkteamArn"]
        and params.get("JobReferenceCodeContains", "") in members["JobReferenceCode"]
        and params.get("CreationTimeAfter", 0) <= record.created < params.get("CreationTimeBefore", float("inf"))
    )


def _summary(scope: Scope, resource: Resource, record: Record) -> dict[str, Any]:
    fields = scope.fields(resource, record)
    counters = fields["LabelCounters"]
    fields["LabelCounters"] = {
        "HumanLabeled": counters["HumanLabeled"],
        "PendingHuman": counters["Unlabeled"],
        "Total": counters["TotalLabeled"] + counters["Unlabeled"],
    }
    fields["WorkRequesterAccountId"] = scope.place.account
    fields["NumberOfHumanWorkersPerDataObject"] = fields["HumanTaskConfig"]["NumberOfHumanWorkersPerDataObject"]
    return resource.project("LabelingJobForWorkteamSummary", fields)


OPERATIONS = {"ListLabelingJobsForWorkteam": list_for_workteam}
