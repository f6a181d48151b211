"""What is known when a template is evaluated: its parameters, where it runs, its resources, and what is outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from emulator.cloudformation import sentences
from emulator.cloudformation.functions import UNKNOWN, holds
from emulator.cloudformation.sentences import TemplateError
from emulator.cloudformation.template import Template


class Resources(Protocol):
    """The resources of a stack as they are; ``functions.UNKNOWN`` for what is not known yet."""

    def ref(self, logical: str) -> Any:
        """Return the physical id of a resource."""

    def attribute(self, logical: str, name: str) -> Any:
        """Return an attribute of a resource; TemplateError if it has none of that name."""


class Outside(Protocol):
    """What a stack may look up beyond itself; each raises TemplateError where there is nothing to be found."""

    def imported(self, export: str) -> Any:
        """Return what another stack exports under a name."""

    def parameter(self, name: str, version: str | None, *, secure: bool = False) -> str:
        """Return a parameter of the parameter store, the latest where no version is given."""

    def secret(self, name: str, stage: str | None, version: str | None) -> str:
        """Return the text of a secret."""


class Unborn:
    """The resources of a stack that is not there yet: nothing is known of any."""

    def ref(self, logical: str) -> Any:  # noqa: ARG002 - none is known
        """Return that it is unknown."""
        return UNKNOWN

    def attribute(self, logical: str, name: str) -> Any:  # noqa: ARG002 - likewise
        """Return that it is unknown."""
        return UNKNOWN


class Nowhere:
    """An outside in which there is nothing."""

    def imported(self, export: str) -> Any:
        """Refuse: nothing is exported."""
        raise TemplateError(sentences.NO_EXPORT(name=export))

    def parameter(self, name: str, version: str | None, *, secure: bool = False) -> str:  # noqa: ARG002 - none is there
        """Refuse: there is no parameter store."""
        raise TemplateError(sentences.NO_STORE(name=name))

    def secret(self, name: str, stage: str | None, version: str | None) -> str:  # noqa: ARG002 - likewise
        """Refuse: there are no secrets."""
        raise TemplateError(sentences.NO_STORE(name=name))


class Untold(Nowhere):
    """An outside of which it is not known yet what others export."""

    def imported(self, export: str) -> Any:  # noqa: ARG002 - none is known
        """Return that it is unknown."""
        return UNKNOWN


@dataclass
class Known:
    """A ``functions.World``: a template, the settled values of its parameters by name, and what surrounds it.

    ``pseudo`` holds the values of ``AWS::Region`` and its like by their full names (``pseudo_parameters`` makes them).
    """

    template: Template
    parameters: Mapping[str, Any]
    pseudo: Mapping[str, Any]
    resources: Resources = field(default_factory=Unborn)
    outside: Outside = field(default_factory=Nowhere)
    _settled: dict[str, bool | None] = field(default_factory=dict)

    def ref(self, name: str) -> Any:
        """Return what Ref gives for a name."""
        if name in self.parameters:
            return self.parameters[name]
        if name in self.pseudo:
            return self.pseudo[name]
        if name in self.template.logical:
            return self.resources.ref(name)
        raise TemplateError(sentences.UNRESOLVED(names=name, section="Resources"))

    def attribute(self, logical: str, name: str) -> Any:
        """Return what Fn::GetAtt gives for a resource and an attribute."""
        if logical not in self.template.logical:
            raise TemplateError(sentences.UNDEFINED_RESOURCE(logical=logical))
        return self.resources.attribute(logical, name)

    def condition(self, name: str) -> bool:
        """Return whether a condition holds."""
        if name not in self.template.conditions:
            raise TemplateError(sentences.UNRESOLVED_CONDITION(name=name, section="Resources"))
        if name not in self._settled:
            self._settled[name] = None  # while it is asked for
            self._settled[name] = holds(self.template.conditions[name], self)
        settled = self._settled[name]
        if settled is None:
            raise TemplateError(sentences.CIRCULAR_CONDITIONS(names=name))
        return settled

    def typed(self, kind: str) -> list[Any]:
        """Return the values of all parameters of a type."""
        declared = self.template.parameters.items()
        return [self.parameters[name] for name, one in declared if one["Type"] == kind and name in self.parameters]

    def mapping(self, name: str) -> Mapping[str, Any] | None:
        """Return the mapping of a name, if there is one."""
        return self.template.mappings.get(name)

    def imported(self, export: str) -> Any:
        """Return what another stack exports under a name."""
        return self.outside.imported(export)

    def zones(self, region: str) -> list[str]:
        """Return the first three availability zones of a region."""
        return [f"{region or self.pseudo['AWS::Region']}{letter}" for letter in "abc"]

    def wanted(self, condition: str | None) -> bool:
        """Return whether what stands under a condition, if it does, is wanted."""
        return condition is None or self.condition(condition)


def pseudo_parameters(
    account: str, region: str, partition: str, stack: str, stack_id: str, notified: list[str] | None = None
) -> dict[str, Any]:
    """Return the pseudo parameters of a stack; AWS::NoValue is no value, and so is not among them."""
    return {
        "AWS::AccountId": account,
        "AWS::NotificationARNs": notified or [],
        "AWS::Partition": partition,
        "AWS::Region": region,
        "AWS::StackId": stack_id,
        "AWS::StackName": stack,
        "AWS::URLSuffix": _SUFFIXES.get(partition, "amazonaws.com"),
    }


_SUFFIXES = {"aws-cn": "amazonaws.com.cn", "aws-iso": "c2s.ic.gov", "aws-iso-b": "sc2s.sgov.gov"}
