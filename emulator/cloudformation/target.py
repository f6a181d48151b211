"""What a stack is to be: its template, evaluated in its place, beside the resources that are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Any

from emulator.aws import arn
from emulator.cloudformation import checks, dynamic, errors, extensions, graph, sentences, template
from emulator.cloudformation.functions import NO_VALUE, evaluate, text
from emulator.cloudformation.handlers import Find
from emulator.cloudformation.known import Known, Outside, Resources, pseudo_parameters
from emulator.cloudformation.parameters import MASK, is_secret
from emulator.cloudformation.sentences import TemplateError
from emulator.cloudformation.stacks import Resource, Source, Stack, Stacks
from emulator.cloudformation.template import Declared, Template
from emulator.registry.handler import HandlerError, Properties
from emulator.registry.schema import at

_ATTRIBUTES = {
    "DeletionPolicy": "deletion_policy",
    "UpdateReplacePolicy": "update_replace_policy",
    "Metadata": "metadata",
    "CreationPolicy": "creation_policy",
    "UpdatePolicy": "update_policy",
}


@lru_cache(maxsize=64)
def read(body: str) -> Template:
    """Return the template that a text is; it is not to be written to."""
    return template.read(body)


class Standing:
    """The resources of a stack as they are now."""

    def __init__(self, stacks: Stacks, stack: Stack, find: Find) -> None:
        self._stacks = stacks
        self._resources = stack.resources
        self._find = find

    def ref(self, logical: str) -> Any:
        """Return the physical id of a resource."""
        return self._resource(logical).physical

    def attribute(self, logical: str, name: str) -> Any:
        """Return an attribute of a resource; TemplateError if it has none of that name."""
        one = self._resource(logical)
        kind = self._find(one.type)
        try:
            said = {} if kind is None else kind.read(self._stacks.caller, one.physical)
        except HandlerError as error:
            if name not in one.asked:
                raise TemplateError(error.message) from None
            return one.asked[name]  # it is gone; the stack is still to be put right
        found = [said[name]] if name in said else at(said, tuple(name.split(".")))
        if not found:
            raise TemplateError(errors.NO_ATTRIBUTE(attribute=name, type=one.type))
        one.asked[name] = found[0]
        return found[0]

    def _resource(self, logical: str) -> Resource:
        found = self._resources.get(logical)
        if found is None or not found.physical:
            raise TemplateError(sentences.UNRESOLVED(names=logical, section="Resources"))
        return found


class Noting:
    """An outside that remembers which exports were asked for."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self.exports: dict[str, None] = {}

    def imported(self, export: str) -> Any:
        """Return what another stack exports under a name."""
        self.exports[export] = None
        return self._outside.imported(export)

    def parameter(self, name: str, version: str | None, *, secure: bool = False) -> str:
        """Return a parameter of the parameter store."""
        return self._outside.parameter(name, version, secure=secure)

    def secret(self, name: str, stage: str | None, version: str | None) -> str:
        """Return the text of a secret."""
        return self._outside.secret(name, stage, version)


class Goal:
    """What one stack is to be by a source."""

    def __init__(self, stacks: Stacks, stack: Stack, source: Source, resources: Resources, outside: Outside) -> None:
        self.source = source
        self._outside = Noting(outside)
        caller = stacks.caller
        pseudo = pseudo_parameters(
            caller.account,
            caller.region,
            arn.partition(caller.region),
            stack.name,
            stack.id,
            stack.kept.get("NotificationARNs"),
        )
        values = {name: value for name, (_, value, _) in source.parameters.items()}
        self.template = extensions.processed(read(source.body), values, pseudo)
        self.known = Known(self.template, values, pseudo, resources, self._outside)

    @cached_property
    def waits(self) -> Mapping[str, set[str]]:
        """What each wanted resource waits for; TemplateError if resources wait for each other."""
        found = graph.dependencies(self.template.resources, self.known.condition)
        graph.order(found)
        return found

    @property
    def logical(self) -> list[str]:
        """The names of its resources, those that conditions leave out not among them."""
        return list(self.waits)

    def declared(self, logical: str) -> Declared:
        """Return what the template says of a resource."""
        return self.template.resources[logical]

    def blank(self, logical: str) -> Resource:
        """Return a resource as the template declares it, with nothing resolved yet."""
        declared = self.declared(logical)
        said = {name: getattr(declared, member) for name, member in _ATTRIBUTES.items()}
        attributes = {name: evaluate(one, self.known) for name, one in said.items() if one is not None}
        return Resource(logical, declared.type, attributes=attributes, depends=sorted(self.waits[logical]))

    def properties(self, logical: str) -> Properties:
        """Return the properties of a resource; TemplateError if something they need is not there."""
        found: Properties = evaluate(self.declared(logical).properties, self.known)
        return found

    @cached_property
    def told(self) -> Known:
        """What is known, with a mask over what is not to be echoed."""
        secret = {name for name, declared in self.template.parameters.items() if is_secret(declared)}
        if not secret:
            return self.known
        values = {name: MASK if name in secret else value for name, value in self.known.parameters.items()}
        settled: dict[str, bool | None] = {name: self.known.condition(name) for name in self.template.conditions}
        return replace(self.known, parameters=values, _settled=settled)

    def shown(self, logical: str) -> Properties | None:
        """Return the properties of a resource as they are told; None where they are told as they are."""
        if self.told is self.known:
            return None
        found: Properties = evaluate(self.declared(logical).properties, self.told)
        return found

    def looked_up(self, properties: Properties) -> Properties:
        """Return properties with every dynamic reference in them looked up; TemplateError where there is nothing."""
        found: Properties = dynamic.resolved(properties, self._outside)
        return found

    def exports(self) -> Mapping[str, str]:
        """Return what outputs are exported under, by their names; TemplateError if they cannot be called so."""
        wanted = [one for one in self.template.outputs.values() if self.known.wanted(one.condition)]
        found = {one.name: evaluate(one.export, self.known) for one in wanted if one.export is not None}
        names = {name: text(one) for name, one in found.items() if one is not NO_VALUE}
        checks.exports(names)
        return names

    def outputs(self) -> list[dict[str, Any]]:
        """Return the outputs; TemplateError if something they need is not there."""
        shown, exports = [], self.exports()
        for name, output in self.template.outputs.items():
            if self.known.wanted(output.condition):
                value = evaluate(output.value, self.known)
                if isinstance(value, dict | list) or value is NO_VALUE:
                    raise TemplateError(sentences.OUTPUT_IS_TEXT())
                one = {"OutputKey": name, "OutputValue": text(value), "Description": output.description}
                one |= {"ExportName": exports.get(name)}
                shown.append({member: said for member, said in one.items() if said is not None})
        return shown

    def imports(self) -> list[str]:
        """Return the names of the exports that it imports."""
        if "ImportValue" not in self.source.body:
            return []
        for logical in self.logical:
            self.properties(logical)
        self.outputs()
        return list(self._outside.exports)
