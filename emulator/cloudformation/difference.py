"""What would change between a stack as it is and a template for it: resource by resource, property by property."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, NamedTuple

from emulator.cloudformation import graph
from emulator.cloudformation.functions import UNKNOWN, evaluate, is_unknown
from emulator.cloudformation.known import Known, Resources
from emulator.cloudformation.references import references
from emulator.cloudformation.template import Declared
from emulator.registry.handler import Properties, Schema

ADD, MODIFY, REMOVE = "Add", "Modify", "Remove"
ALWAYS, CONDITIONALLY, NEVER = "Always", "Conditionally", "Never"
STATIC, DYNAMIC = "Static", "Dynamic"

Schemas = Callable[[str], Schema | None]

# What a template says of a resource besides its properties, by the names that change sets use.
ATTRIBUTES = {
    "Metadata": "metadata",
    "CreationPolicy": "creation_policy",
    "UpdatePolicy": "update_policy",
    "DeletionPolicy": "deletion_policy",
    "UpdateReplacePolicy": "update_replace_policy",
}
_DIRECT = "DirectModification"
_MISSING = object()


class Detail(NamedTuple):
    """One reason for one attribute of a resource to change."""

    attribute: str  # Properties, Tags, Metadata, …
    name: str | None = None  # of the property
    recreation: str = NEVER
    evaluation: str = STATIC
    source: str = _DIRECT
    entity: str | None = None
    before: Any = _MISSING
    after: Any = _MISSING

    def shape(self, *, values: bool) -> dict[str, Any]:
        """Return it as a ResourceChangeDetail."""
        target: dict[str, Any] = {"Attribute": self.attribute, "RequiresRecreation": self.recreation}
        if self.name is not None:
            target["Name"] = self.name
            if values:
                target |= self._values()
        found = {"Target": target, "Evaluation": self.evaluation, "ChangeSource": self.source}
        return found if self.entity is None else {**found, "CausingEntity": self.entity}

    def _values(self) -> dict[str, Any]:
        found: dict[str, Any] = {"Path": f"/{self.attribute}/{self.name}", "AttributeChangeType": MODIFY}
        if self.before is _MISSING:
            found["AttributeChangeType"] = ADD
        else:
            found["BeforeValue"] = _text(self.before)
        if self.after is _MISSING:
            found["AttributeChangeType"] = REMOVE
        else:
            found["AfterValue"] = _text(self.after)
        return found


@dataclass(frozen=True)
class Change:
    """What happens to one resource; properties are evaluated as far as they are known."""

    action: str
    logical: str
    type: str
    physical: str | None = None
    replacement: str | None = None  # True, False or Conditional, of what is modified
    policy: str | None = None  # what becomes of a resource that goes: Delete, Retain, Snapshot, ReplaceAndDelete, …
    details: list[Detail] = field(default_factory=list)
    before: Properties | None = None
    after: Properties | None = None

    @property
    def scope(self) -> list[str]:
        """The attributes that change."""
        return sorted({one.attribute for one in self.details})

    def shape(self, *, values: bool = False) -> dict[str, Any]:
        """Return it as a Change of DescribeChangeSet, with the values of properties or without."""
        said = {
            "PolicyAction": self.policy,
            "Action": self.action,
            "LogicalResourceId": self.logical,
            "PhysicalResourceId": self.physical,
            "ResourceType": self.type,
            "Replacement": self.replacement,
            "Scope": self.scope,
            "Details": [one.shape(values=values) for one in self.details],
        }
        if values:
            said |= {"BeforeContext": _context(self.before), "AfterContext": _context(self.after)}
        return {"Type": "Resource", "ResourceChange": {name: one for name, one in said.items() if one is not None}}


class Tags(NamedTuple):
    """The tags of the stack before and after."""

    before: Mapping[str, str]
    after: Mapping[str, str]


def compare(
    before: Known | None, after: Known, schemas: Schemas, physical: Mapping[str, str], tags: Tags | None = None
) -> list[Change]:
    """Return what would change, by logical id.

    ``before`` is None where there is no stack yet. The resources of both are the stack's as they are now; ``physical``
    holds their physical ids by logical id.
    """
    return _Comparison(before, after, schemas, physical, tags or Tags({}, {})).changes()


def outputs(known: Known) -> dict[str, Any]:
    """Return the outputs of a template as far as they are known, by name, with their exports."""
    wanted = [one for one in known.template.outputs.values() if known.wanted(one.condition)]
    return {one.name: evaluate([one.value, one.export or "", one.description or ""], known) for one in wanted}


def recreation(schema: Schema | None, before: Properties, after: Properties, name: str) -> str:
    """Return whether the change of a property, from some properties to others, needs a new resource.

    A type that cannot be updated always does.
    """
    handlers = (schema or {}).get("handlers")
    if handlers is not None and "update" not in handlers:
        return ALWAYS
    for declared, answer in (("createOnlyProperties", ALWAYS), ("conditionalCreateOnlyProperties", CONDITIONALLY)):
        for pointer in (schema or {}).get(declared, ()):
            path = pointer.split("/")[2:]
            if path[0] == name and _at(before, path) != _at(after, path):
                return answer
    return NEVER


class Way(Enum):
    """How a resource comes to have the properties that are wanted."""

    NEW = "it is created"
    SAME = "it has them"
    UPDATE = "it is updated in place"
    REPLACE = "another one is created, and it is deleted afterwards"


def way(schema: Schema | None, before: Properties, after: Properties) -> Way:
    """Return how a resource that was wished to have some properties comes to have others."""
    if before == after:
        return Way.SAME
    always = any(recreation(schema, before, after, name) == ALWAYS for name in {**before, **after})
    return Way.REPLACE if always else Way.UPDATE


def may_replace(schema: Schema, before: Properties, after: Properties) -> bool:
    """Return whether a property differs whose change is sometimes taken, and sometimes needs a new resource."""
    return any(recreation(schema, before, after, name) == CONDITIONALLY for name in {**before, **after})


def taggable(schema: Schema | None) -> bool:
    """Return whether resources of a type carry the tags of their stack."""
    return bool((schema or {}).get("tagging", {}).get("taggable", False))


class _Comparison:
    """One comparison: what is found of a resource is known to those that refer to it."""

    def __init__(
        self, before: Known | None, after: Known, schemas: Schemas, physical: Mapping[str, str], tags: Tags
    ) -> None:
        self.schemas, self.physical, self.tags = schemas, physical, tags
        self.found: dict[str, Change] = {}
        self.before = before
        self.after = replace(after, resources=_Changing(after.resources, self.found))

    def changes(self) -> list[Change]:
        """Return all changes, by logical id."""
        waits = graph.dependencies(self.after.template.resources, self.after.condition)
        for one in (logical for some in graph.order(waits) for logical in some):
            change = self._change(self.after.template.resources[one])
            if change is not None:
                self.found[one] = change
        gone = (one for one in self._present() if one.logical not in waits)
        changes = [*self.found.values(), *map(self._removal, gone)]
        return sorted(changes, key=lambda change: change.logical)

    def _present(self) -> Iterator[Declared]:
        """Yield what the stack has, as its template declares it."""
        if self.before is not None:
            for one in self.before.template.resources.values():
                if one.logical in self.physical:
                    yield one

    def _change(self, wanted: Declared) -> Change | None:
        after = evaluate(wanted.properties, self.after)
        if self.before is None or wanted.logical not in self.physical:
            return Change(ADD, wanted.logical, wanted.type, after=after)
        was = self.before.template.resources[wanted.logical]
        before = evaluate(was.properties, self.before)
        details = [*self._properties(was, wanted, before, after), *self._attributes(was, wanted)]
        if not details:
            return None
        replacement = _replacement(details)
        said = evaluate(wanted.update_replace_policy, self.after)
        policy = None if replacement == "False" else _policy(said, "ReplaceAnd")
        physical = self.physical[wanted.logical]
        return Change(MODIFY, wanted.logical, wanted.type, physical, replacement, policy, details, before, after)

    def _removal(self, gone: Declared) -> Change:
        assert self.before is not None, "what goes was there before"
        policy = _policy(evaluate(gone.deletion_policy, self.before), "")
        before = evaluate(gone.properties, self.before)
        return Change(REMOVE, gone.logical, gone.type, self.physical[gone.logical], None, policy, before=before)

    def _properties(self, was: Declared, now: Declared, before: Properties, after: Properties) -> Iterator[Detail]:
        schema = self.schemas(now.type)
        for name in {**before, **after}:
            old, new = before.get(name, _MISSING), after.get(name, _MISSING)
            if old == new and not is_unknown(new):
                continue
            direct = was.properties.get(name) != now.properties.get(name)
            causes = list(dict.fromkeys(self._causes(now.properties.get(name))))
            if not direct and not causes and is_unknown(new):
                continue  # it was not known before either
            needs = recreation(schema, before, after, name)
            detail = Detail("Properties", name, needs, before=old, after=new)
            yield detail._replace(evaluation=STATIC if direct or not causes else DYNAMIC)
            for source, entity, evaluation in causes:
                yield detail._replace(source=source, entity=entity, evaluation=evaluation)

    def _causes(self, value: Any) -> Iterator[tuple[str, str, str]]:
        """Yield what a value refers to that changes: the source of change, its name, and whether it surely does."""
        for name, attribute in references(value, self.after.condition):
            change = self.found.get(name)
            if name in self.after.parameters:
                assert self.before is not None, "only what was there is compared"
                if self.before.parameters.get(name) != self.after.parameters[name]:
                    yield "ParameterReference", name, STATIC
            elif change is None:
                continue
            elif attribute is None and change.replacement != "False":
                yield "ResourceReference", name, STATIC if change.replacement != "Conditional" else DYNAMIC
            elif attribute is not None and change.replacement is not None:
                certain = change.replacement == "True" or attribute in {one.name for one in change.details}
                yield "ResourceAttribute", f"{name}.{attribute}", STATIC if certain else DYNAMIC

    def _attributes(self, was: Declared, now: Declared) -> Iterator[Detail]:
        for attribute, member in ATTRIBUTES.items():
            if getattr(was, member) != getattr(now, member):
                yield Detail(attribute)
        if self.tags.before != self.tags.after and taggable(self.schemas(now.type)):
            yield Detail("Tags")


class _Changing:
    """The resources of a stack as they will be: what is made or replaced, and what may change, is not known."""

    def __init__(self, resources: Resources, found: Mapping[str, Change]) -> None:
        self.resources = resources
        self.found = found

    def ref(self, logical: str) -> Any:
        """Return the physical id, unless it will be another."""
        change = self.found.get(logical)
        return self.resources.ref(logical) if change is None or change.replacement == "False" else UNKNOWN

    def attribute(self, logical: str, name: str) -> Any:
        """Return an attribute, unless it may be another then."""
        return UNKNOWN if logical in self.found else self.resources.attribute(logical, name)


def _replacement(details: list[Detail]) -> str:
    if any(one.recreation == ALWAYS and one.evaluation == STATIC for one in details):
        return "True"
    return "False" if all(one.recreation == NEVER for one in details) else "Conditional"


def _policy(said: Any, prefix: str) -> str:
    policy = said if isinstance(said, str) else "Delete"
    return prefix + {"RetainExceptOnCreate": "Retain"}.get(policy, policy)


def _at(properties: Any, path: list[str]) -> Any:
    """Return what stands at a path; of every element, where there is a list on the way."""
    for number, name in enumerate(path):
        if isinstance(properties, list):
            return [_at(one, path[number + (name == "*") :]) for one in properties]
        if not isinstance(properties, dict):
            return None
        properties = properties.get(name)
    return properties


def _context(properties: Properties | None) -> str | None:
    return None if properties is None else _text({"Properties": properties})


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
