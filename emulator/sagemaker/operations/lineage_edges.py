"""The edges of the lineage graph: associations, kept as records of their own and found from either end."""

from __future__ import annotations

from collections.abc import Iterator

from emulator.aws import arn
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack
from emulator.sagemaker.rules.lineage import ASSOCIATIONS

# What the ARNs of the entities begin with, and what the graph calls them; experiments are in it, but no answer of it.
KINDS = {
    "artifact": "Artifact",
    "action": "Action",
    "context": "Context",
    "experiment-trial-component": "TrialComponent",
    "experiment": "Experiment",
}
TYPES = {"Artifact": "ArtifactType", "Action": "ActionType", "Context": "ContextType"}
NAMES = {"Artifact": "ArtifactName", "Action": "ActionName", "Context": "ContextName", "Experiment": "ExperimentName"}


def connect(scope: Scope, source: str, destination: str, how: str | None = None) -> bool:
    """Associate a source with a destination; say whether they were not associated yet."""
    if not scope.place.relation(ASSOCIATIONS).add(source, destination):
        return False
    members = {"SourceArn": source, "DestinationArn": destination} | ({"AssociationType": how} if how else {})
    for end, its_arn in (("Source", source), ("Destination", destination)):
        if its_type := entity_type(scope, its_arn):
            members[f"{end}Type"] = its_type
    now = scope.now
    key = (source, destination)
    scope.put(_kind(scope), Record(key, scope.place.serial(), "", now, now, None, pack(members)))
    return True


def part(scope: Scope, source: str, destination: str) -> bool:
    """Take an association away; say whether there was one."""
    if not scope.place.relation(ASSOCIATIONS).remove(source, destination):
        return False
    kind = _kind(scope)
    scope.remove(kind, scope.table(kind).records[source, destination])
    return True


def edges(scope: Scope, source: str | None, destination: str | None) -> Iterator[Record]:
    """Yield the associations of a source, of a destination, or of both."""
    relation = scope.place.relation(ASSOCIATIONS)
    records = scope.table(_kind(scope)).records
    if source is not None:
        for other in relation.of(source):
            if destination in (None, other):
                yield records[source, other]
    elif destination is not None:
        for one in relation.to(destination):
            yield records[one, destination]


def entity(scope: Scope, its_arn: str) -> tuple[Resource, Record] | None:
    """Return the entity of an ARN, if it is one that the graph can have and is here."""
    kind = lineage_type(its_arn)
    resource = scope.resources.resource(kind) if kind else None
    key = scope.identify(resource, its_arn) if resource else None
    record = scope.find(resource, key) if resource and key else None
    return (resource, record) if resource and record else None


def lineage_type(its_arn: str) -> str | None:
    """Return what kind of entity an ARN stands for."""
    known = arn.parse(its_arn)
    return KINDS.get(known.resource.partition("/")[0]) if known else None


def entity_type(scope: Scope, its_arn: str) -> str | None:
    """Return the type that an entity has in associations: its own, or that of the job which a component stems from."""
    found = entity(scope, its_arn)
    return None if found is None else shown_type(*found)


def shown_type(resource: Resource, record: Record) -> str:
    """Return the type that an entity has in associations."""
    members = record.members
    if resource.name == "TrialComponent":
        source = members.get("Source", {}).get("SourceType")
        return str(source or "SageMakerExperimentTrialComponent")
    return str(members.get(TYPES.get(resource.name, ""), resource.name))


def entity_name(scope: Scope, its_arn: str) -> str | None:
    """Return the name of an entity, if it has one."""
    found = entity(scope, its_arn)
    if found is None:
        return None
    resource, record = found
    return record.members.get(NAMES.get(resource.name, "TrialComponentName"))


def _kind(scope: Scope) -> Resource:
    return scope.resources.resource("Association")


def follow(scope: Scope, _: Resource, old: Record | None, new: Record | None) -> None:
    """Take the associations of a trial component or an experiment away when it ends: they do not hold it."""
    if old is None or new is not None:
        return
    relation = scope.place.relation(ASSOCIATIONS)
    for other in relation.of(old.arn):
        part(scope, old.arn, other)
    for one in relation.to(old.arn):
        part(scope, one, old.arn)
