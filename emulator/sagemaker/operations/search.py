"""Search, and the property names that it suggests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from emulator.engine import paging, tags
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record
from emulator.sagemaker.operations import experiments, lineage_tracking
from emulator.sagemaker.rules.search_language import METRICS, TAGS, Language

Params = Mapping[str, Any]
Fields = dict[str, Any]

PAGE = 10
MAPS = (
    "HyperParameters",
    "Parameters",
    "InputArtifacts",
    "OutputArtifacts",
    "Environment",
    "CustomerMetadataProperties",
)


class Searched(NamedTuple):
    """What is searched as a type of resource: a kind, by the members of a shape, shown as a member of a record.

    Without a ``member`` the model has no place to show what was found. ``inside`` is the member of the shape that
    holds what the kind has.
    """

    kind: str
    shape: str
    member: str | None
    inside: str | None = None


def _same(name: str, shape: str | None = None) -> Searched:
    return Searched(name, shape or name, name)


SEARCHED: Mapping[str, Searched] = {
    **{
        name: _same(name)
        for name in (
            "TrainingJob",
            "Experiment",
            "Endpoint",
            "ModelPackage",
            "ModelPackageGroup",
            "Pipeline",
            "PipelineExecution",
            "PipelineVersion",
            "FeatureGroup",
            "FeatureMetadata",
            "Project",
            "ModelCard",
            "Job",
            "HubContent",
        )
    },
    "ExperimentTrial": _same("Trial"),
    "ExperimentTrialComponent": _same("TrialComponent"),
    "HyperParameterTuningJob": _same("HyperParameterTuningJob", "HyperParameterTuningJobSearchEntity"),
    "Model": Searched("Model", "ModelDashboardModel", "Model", inside="Model"),
    "Image": Searched("Image", "DescribeImageResponse", None),
    "ImageVersion": Searched("ImageVersion", "DescribeImageVersionResponse", None),
}


class Hit(NamedTuple):
    """A resource with all that can be asked of it."""

    record: Record
    fields: Fields

    @property
    def serial(self) -> int:
        """Where it stands in the order of creation."""
        return self.record.serial


def search(scope: Scope, params: Params) -> dict[str, Any]:
    """Find the resources of a type that satisfy an expression, in any order."""
    searched = SEARCHED[params["Resource"]]
    resource = scope.resources.resource(searched.kind)
    language = _language(resource, params["Resource"])
    tests = [language.test(params["SearchExpression"])] if "SearchExpression" in params else []
    tests += [language.visible(one) for one in params.get("VisibilityConditions", ())]
    descending = params.get("SortOrder", "Descending") == "Descending"
    sorter = language.order(params["SortBy"], descending=descending) if "SortBy" in params else None

    def place(hit: Hit) -> list[Any]:
        return sorter(hit.fields) if sorter else [1, hit.record.modified]

    query = paging.query("Search", scope.place.account, scope.place.region, params)
    after = paging.position(query, params["NextToken"]) if params.get("NextToken") else None
    shared = params.get("CrossAccountFilterOption") == "CrossAccount"  # nobody shares anything with anybody here
    hits = [] if shared else [hit for hit in _hits(scope, resource, searched) if all(one(hit.fields) for one in tests)]
    ordered = paging.ordered(hits, place, after, descending=descending)
    kept, last = paging.page(ordered, params.get("MaxResults", PAGE), lambda _: True, filter_first=False)

    answer: dict[str, Any] = {
        "Results": [_shown(scope, resource, searched, hit) for hit in kept],
        "TotalHits": {"Value": len(hits), "Relation": "EqualTo"},
    }
    if last is not None:
        answer["NextToken"] = paging.token(query, (place(last), last.serial))
    return answer


def suggest(scope: Scope, params: Params) -> dict[str, Any]:
    """Suggest property names that begin as the hint does: those of the shape, and those that resources have."""
    searched = SEARCHED[params["Resource"]]
    resource = scope.resources.resource(searched.kind)
    hint = params.get("SuggestionQuery", {}).get("PropertyNameQuery", {}).get("PropertyNameHint", "").lower()
    names = {*_language(resource, params["Resource"]).names()}
    for hit in _hits(scope, resource, searched):
        names.update(_own_names(hit.fields))
    found = sorted(name for name in names if name.lower().startswith(hint) and len(name) <= 255)
    return {"PropertyNameSuggestions": [{"PropertyName": name} for name in found]}


def _own_names(fields: Fields) -> Iterator[str]:
    """Yield the names of the properties that only some resources of a kind have."""
    for name in MAPS:
        yield from (f"{name}.{key}" for key in fields.get(name, ()))
    yield from (f"{TAGS}.{tag['Key']}" for tag in fields.get(TAGS, ()))
    for name in (METRICS, "FinalMetricDataList"):
        yield from (f"{METRICS}.{metric['MetricName']}" for metric in fields.get(name, ()))


def _language(resource: Resource, searched: str) -> Language:
    said = SEARCHED[searched]
    return Language(resource.model, searched, said.shape, said.inside)


# --- What is searched -------------------------------------------------------------------------------------------------


def _hits(scope: Scope, resource: Resource, searched: Searched) -> Iterator[Hit]:
    """Yield all resources of a kind."""
    if resource.name in ("Trial", "TrialComponent"):
        lineage_tracking.catch_up(scope)
    scope.settle(resource)
    for record in list(scope.table(resource).records.values()):
        yield Hit(record, _fields(scope, resource, searched, record))


def _fields(scope: Scope, resource: Resource, searched: Searched, record: Record) -> Fields:
    """Return all that can be asked of a resource."""
    fields = scope.fields(resource, record)
    for name in resource.model.shape(searched.shape).members:
        if name not in fields and (base := name.removeprefix(resource.name)) in fields:
            fields[name] = fields[base]
    if record.tags:
        fields[TAGS] = tags.listed(record.tags)
    if resource.name in _MORE:
        fields |= _MORE[resource.name](scope, record)
    return {searched.inside: fields} if searched.inside else fields


def _of_trial(scope: Scope, record: Record) -> Fields:
    """Say which components a trial has."""
    resource = scope.resources.resource("TrialComponent")
    components = [scope.fields(resource, one) for one in experiments.components_in(scope, [record])]
    for fields in components:
        if "Source" in fields:
            fields["TrialComponentSource"] = fields["Source"]
    shown = [resource.project("TrialComponentSimpleSummary", fields) for fields in components]
    return {"TrialComponentSummaries": shown} if shown else {}


def _of_component(scope: Scope, record: Record) -> Fields:
    """Say which trials a component is in, and of which experiments."""
    trials = [one.members for one in experiments.trials_of_component(scope, record)]
    parents = [{name: trial[name] for name in ("TrialName", "ExperimentName")} for trial in trials]
    return {"Parents": parents} if parents else {}


_MORE: Mapping[str, Callable[[Scope, Record], Fields]] = {"Trial": _of_trial, "TrialComponent": _of_component}


# --- What is shown ----------------------------------------------------------------------------------------------------


def _shown(scope: Scope, resource: Resource, searched: Searched, hit: Hit) -> Fields:
    """Return a search record: what was found, as a member of the type's name."""
    if searched.member is None:
        return {}
    if searched.inside:
        inner = resource.model.shape(searched.shape).members[searched.inside]
        shown = {searched.inside: resource.project(inner, hit.fields[searched.inside])}
    else:
        shown = resource.project(searched.shape, hit.fields)
    if resource.name in _DETAILS:
        shown |= _DETAILS[resource.name](scope, hit.record)
    return {searched.member: shown}


def _source_detail(scope: Scope, record: Record) -> Fields:
    """Show the job that a component comes from."""
    source = record.members.get("Source", {}).get("SourceArn")
    found = scope.by_arn(source) if source else None
    if found is None or found[0].name not in lineage_tracking.JOBS:
        return {}
    kind, job = found
    return {"SourceDetail": {"SourceArn": source, kind.name: kind.project(kind.name, scope.fields(kind, job))}}


def _dashboard(scope: Scope, record: Record) -> Fields:
    """Show the endpoints that serve a model, and the last transform job that used it."""
    name = record.key[0]
    endpoint, job = scope.resources.resource("Endpoint"), scope.resources.resource("TransformJob")
    for kind in (endpoint, job):
        scope.settle(kind)
    serving = [one for one in scope.table(endpoint).records.values() if name in lineage_tracking.models(scope, one)]
    endpoints = [endpoint.project("ModelDashboardEndpoint", scope.fields(endpoint, one)) for one in serving]
    jobs = [one for one in scope.table(job).records.values() if one.members.get("ModelName") == name]
    shown: Fields = {"Endpoints": endpoints} if endpoints else {}
    if jobs:
        shown["LastBatchTransformJob"] = job.project("TransformJob", scope.fields(job, jobs[-1]))
    return shown


_DETAILS: Mapping[str, Callable[[Scope, Record], Fields]] = {"TrialComponent": _source_detail, "Model": _dashboard}

OPERATIONS = {"GetSearchSuggestions": suggest, "Search": search}
