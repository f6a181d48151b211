"""The lineage graph: associations between entities, the group that holds them, and questions about what led to what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from emulator.aws import arn, errors
from emulator.aws.errors import NOT_FOUND, Refusal
from emulator.aws.wire import timestamp
from emulator.engine import paging, verbs
from emulator.engine.listing import List
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack
from emulator.sagemaker.operations import lineage_edges, lineage_tracking
from emulator.sagemaker.operations.lineage_edges import connect, edges, entity, entity_name, lineage_type, part
from emulator.sagemaker.rules import graph
from emulator.sagemaker.rules.lineage import ASSOCIATIONS, DEFAULT_GROUP, NOBODY

Params = Mapping[str, Any]

PAGE = 10
VERTICES = 50  # on a page, and at most (botocore's model)
DEPTH = 10
VERTEX_KINDS = ("TrialComponent", "Artifact", "Context", "Action")
NO_ENTITY = Refusal(NOT_FOUND, errors.LINEAGE_ENTITY_DOES_NOT_EXIST)


# --- Associations -----------------------------------------------------------------------------------------------------


def add_association(scope: Scope, params: Params) -> dict[str, Any]:
    """Associate a source with a destination; entities of other accounts are believed to be there."""
    lineage_tracking.note(scope)
    ends = {"SourceArn": params["SourceArn"], "DestinationArn": params["DestinationArn"]}
    for its_arn in ends.values():
        _refuse_missing(scope, its_arn)
    if not connect(scope, params["SourceArn"], params["DestinationArn"], params.get("AssociationType")):
        raise _refused(scope, "taken", params)
    return ends


def delete_association(scope: Scope, params: Params) -> dict[str, Any]:
    """Take an association away."""
    if not part(scope, params["SourceArn"], params["DestinationArn"]):
        raise _refused(scope, "missing", params)
    return {"SourceArn": params["SourceArn"], "DestinationArn": params["DestinationArn"]}


def list_associations(scope: Scope, params: Params) -> dict[str, Any]:
    """List associations: all, or those of a source, of a destination, of certain types."""
    lineage_tracking.catch_up(scope)
    table = scope.table(scope.resources.resource("Association"))
    query = paging.query("ListAssociations", scope.place.account, scope.place.region, params)
    after = paging.position(query, params["NextToken"]) if params.get("NextToken") else None
    name = params.get("SortBy", "CreationTime")
    value = _sort_value(name)
    descending = params.get("SortOrder") != "Ascending"
    if "SourceArn" in params or "DestinationArn" in params:
        chosen = edges(scope, params.get("SourceArn"), params.get("DestinationArn"))
        records = paging.ordered(chosen, value, after, descending=descending)
    else:
        records = table.ordered(None, name, value, after, descending=descending)
    size = params.get("MaxResults", PAGE)
    kept, last = paging.page(records, size, _association_test(params), filter_first=scope.settings.filter_first)
    answer: dict[str, Any] = {"AssociationSummaries": [_summary(scope, one) for one in kept]}
    if last is not None:
        answer["NextToken"] = paging.token(query, (value(last), last.serial))
    return answer


def _sort_value(name: str) -> Callable[[Record], Any]:
    if name == "CreationTime":
        return lambda record: record.created
    return lambda record: record.members.get(name, "")


def _association_test(params: Params) -> Callable[[Record], bool]:
    wanted = {name: params[name] for name in ("SourceType", "DestinationType", "AssociationType") if name in params}
    after, before = params.get("CreatedAfter"), params.get("CreatedBefore")

    def test(record: Record) -> bool:
        if (after is not None and record.created < after) or (before is not None and record.created > before):
            return False
        members = record.members if wanted else {}
        return all(members.get(name) == value for name, value in wanted.items())

    return test


def _summary(scope: Scope, record: Record) -> dict[str, Any]:
    summary = {**record.members, "CreationTime": timestamp(record.created), "CreatedBy": {}}
    for end in ("Source", "Destination"):
        if name := entity_name(scope, summary[f"{end}Arn"]):
            summary[f"{end}Name"] = name
    return summary


def _refuse_missing(scope: Scope, its_arn: str) -> None:
    known = arn.parse(its_arn)
    foreign = known and known.account != scope.place.account
    if entity(scope, its_arn) is None and not foreign:
        raise NO_ENTITY.error(arn=its_arn)


def _refused(scope: Scope, how: str, params: Params) -> errors.ServiceError:
    refusal: Refusal = getattr(scope.resources.resource("Association"), how)
    return refusal.error(source=params["SourceArn"], destination=params["DestinationArn"])


# --- The account's lineage group --------------------------------------------------------------------------------------


def describe_group(scope: Scope, params: Params) -> dict[str, Any]:
    """Tell all about a lineage group."""
    return verbs.describe(scope, _group(scope), params)


def list_groups(scope: Scope, params: Params) -> dict[str, Any]:
    """List the lineage groups: the account's own; nobody shares any with it."""
    resource = _group(scope)
    return List(resource, "ListLineageGroups")(scope, resource, params)


def group_policy(scope: Scope, params: Params) -> dict[str, Any]:
    """Refuse to show the policy of a lineage group: it has none, for nobody shares it."""
    record = verbs.found(scope, _group(scope), params["LineageGroupName"])
    raise Refusal(NOT_FOUND, errors.NO_LINEAGE_GROUP_POLICY).error(arn=record.arn)


def _group(scope: Scope) -> Resource:
    """Return the kind of lineage groups, with the account's own among its records."""
    resource = scope.resources.resource("LineageGroup")
    key = (DEFAULT_GROUP,)
    if scope.find(resource, key) is None:
        now = scope.now
        members = pack({"LineageGroupName": DEFAULT_GROUP, "DisplayName": DEFAULT_GROUP, **NOBODY})
        scope.put(resource, Record(key, scope.place.serial(), scope.arn(resource, key), now, now, None, members))
    return resource


# --- Questions --------------------------------------------------------------------------------------------------------


def query_lineage(scope: Scope, params: Params) -> dict[str, Any]:
    """Tell which entities led to others or come of them, and how."""
    lineage_tracking.catch_up(scope)
    starts = params.get("StartArns", [])
    for start in starts:
        _refuse_missing(scope, start)
    walks = _walks(scope, starts, params)
    filters = params.get("Filters", {})
    matching = {one for reached, _ in walks for one in reached if one not in starts and _matches(scope, one, filters)}
    if params.get("IncludeEdges"):
        shown = set(starts) | {
            one for reached, ahead in walks for one in graph.on_the_way(reached, ahead, matching & reached.keys())
        }
    else:
        shown = matching
    return _answer(scope, params, [one for one in shown if lineage_type(one) in VERTEX_KINDS])


def _walks(scope: Scope, starts: list[str], params: Params) -> list[tuple[dict[str, int], graph.Neighbours]]:
    """Return what is reached in each direction from the start, or everything where there is no start."""
    relation = scope.place.relation(ASSOCIATIONS)
    ways = {"Ascendants": relation.to, "Descendants": relation.of}
    if not starts:
        kinds = [scope.resources.resource(name) for name in VERTEX_KINDS]
        everything = {record.arn: 0 for kind in kinds for record in scope.table(kind).records.values()}
        return [(everything, relation.of)]
    direction = params.get("Direction", "Both")
    wanted = [way for name, way in ways.items() if direction in (name, "Both")]
    depth = params.get("MaxDepth", DEPTH)
    return [(graph.distances(start, way, depth), way) for start in starts for way in wanted]


def _matches(scope: Scope, its_arn: str, filters: Params) -> bool:
    kind, found = lineage_type(its_arn), entity(scope, its_arn)
    if kind not in VERTEX_KINDS or (filters.get("LineageTypes") and kind not in filters["LineageTypes"]):
        return False
    if found is None:  # another account's, of which no more is known
        return not filters.keys() - {"LineageTypes"}
    resource, record = found
    if filters.get("Types") and _vertex_type(resource, record) not in filters["Types"]:
        return False
    times = (
        record.created < filters.get("CreatedBefore", float("inf")),
        record.created >= filters.get("CreatedAfter", 0),
        record.modified < filters.get("ModifiedBefore", float("inf")),
        record.modified >= filters.get("ModifiedAfter", 0),
    )
    properties = filters.get("Properties", {})
    said = record.members.get("Properties", {}) if properties else {}
    return all(times) and (not properties or any(said.get(name) == value for name, value in properties.items()))


def _answer(scope: Scope, params: Params, shown: Iterable[str]) -> dict[str, Any]:
    """Return a page of vertices, oldest first; an edge comes on the page of the younger of its ends."""
    query = paging.query("QueryLineage", scope.place.account, scope.place.region, params)
    serials = {one: _serial(scope, one) for one in shown}
    places = {one: (f"{serial:020}{one}", serial) for one, serial in serials.items()}
    ordered = sorted(places, key=places.__getitem__)
    size = min(params.get("MaxResults", VERTICES), VERTICES)
    kept, following = paging.window(query, {**params, "MaxResults": size}, ordered, places.__getitem__, size)
    answer: dict[str, Any] = {"Vertices": [_vertex(scope, one) for one in kept]}
    if params.get("IncludeEdges"):
        answer["Edges"] = [edge for one in kept for edge in _edges(scope, one, places)]
    return answer | ({"NextToken": following} if following else {})


def _vertex(scope: Scope, its_arn: str) -> dict[str, Any]:
    found = entity(scope, its_arn)
    its_type = _vertex_type(*found) if found else None
    return {"Arn": its_arn} | ({"Type": its_type} if its_type else {}) | {"LineageType": lineage_type(its_arn)}


def _vertex_type(resource: Resource, record: Record) -> str:
    """Return the type of an entity as vertices show it: without the service's name in front of a job."""
    shown = lineage_edges.shown_type(resource, record)
    return shown.removeprefix("SageMaker") if resource.name == "TrialComponent" else shown


def _edges(scope: Scope, its_arn: str, places: Mapping[str, paging.Position]) -> list[dict[str, Any]]:
    around = [*edges(scope, its_arn, None), *edges(scope, None, its_arn)]
    answer = {}
    for record in around:
        source, destination = record.key
        other = destination if source == its_arn else source
        if other in places and places[other] <= places[its_arn]:
            how = record.members.get("AssociationType")
            edge = {"SourceArn": source, "DestinationArn": destination}
            answer[record.key] = edge | ({"AssociationType": how} if how else {})
    return list(answer.values())


def _serial(scope: Scope, its_arn: str) -> int:
    found = entity(scope, its_arn)
    return found[1].serial if found else 0


OPERATIONS = {
    "AddAssociation": add_association,
    "DeleteAssociation": delete_association,
    "DescribeLineageGroup": describe_group,
    "GetLineageGroupPolicy": group_policy,
    "ListAssociations": list_associations,
    "ListLineageGroups": list_groups,
    "QueryLineage": query_lineage,
}
