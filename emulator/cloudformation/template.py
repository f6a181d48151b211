"""A template: the document as it is written, and what it declares."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from emulator.cloudformation import checks, text


@dataclass(frozen=True)
class Declared:
    """A resource as a template declares it; nothing is evaluated."""

    logical: str
    type: str
    properties: dict[str, Any] = field(default_factory=dict)
    depends_on: tuple[str, ...] = ()
    condition: str | None = None
    deletion_policy: Any = None  # Delete, Retain, RetainExceptOnCreate or Snapshot; None where it is not said
    update_replace_policy: Any = None
    metadata: dict[str, Any] | None = None
    creation_policy: dict[str, Any] | None = None
    update_policy: dict[str, Any] | None = None


@dataclass(frozen=True)
class Output:
    """An output as a template declares it; ``export`` is the name it is exported under, unevaluated."""

    name: str
    value: Any
    description: str | None = None
    condition: str | None = None
    export: Any = None


@dataclass(frozen=True)
class Template:
    """What a document declares. ``document`` is what was written, in its order."""

    document: dict[str, Any]

    @property
    def description(self) -> str | None:
        """What the template says of itself."""
        return self.document.get("Description")

    @property
    def metadata(self) -> dict[str, Any]:
        """What tools say of the template."""
        found: dict[str, Any] = self.document.get("Metadata") or {}
        return found

    @cached_property
    def transforms(self) -> tuple[str, ...]:
        """The names of the transforms of the whole template, in the order in which they are declared."""
        declared = self.document.get("Transform") or []
        several = declared if isinstance(declared, list) else [declared]
        return tuple(one["Name"] if isinstance(one, dict) else one for one in several)

    @property
    def extended(self) -> bool:
        """Whether functions of the language extensions may stand in it."""
        return checks.LANGUAGE_EXTENSIONS in self.transforms

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        """Declarations of parameters by name."""
        return self._section("Parameters")

    @property
    def mappings(self) -> dict[str, dict[str, Any]]:
        """Mappings by name."""
        return self._section("Mappings")

    @property
    def conditions(self) -> dict[str, Any]:
        """Unevaluated conditions by name."""
        return self._section("Conditions")

    @property
    def rules(self) -> dict[str, dict[str, Any]]:
        """Rules for parameters by name."""
        return self._section("Rules")

    @property
    def logical(self) -> Collection[str]:
        """The names of its resources, loops among them while there are any."""
        return self._section("Resources").keys()

    @cached_property
    def resources(self) -> dict[str, Declared]:
        """Declared resources by logical id."""
        return {logical: _declared(logical, one) for logical, one in self._section("Resources").items()}

    @cached_property
    def outputs(self) -> dict[str, Output]:
        """Declared outputs by name."""
        return {name: _output(name, one) for name, one in self._section("Outputs").items()}

    def _section(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.document.get(name) or {}
        return found


def read(body: str) -> Template:
    """Return the template that a text is; TemplateError, in CloudFormation's words, if it is none.

    Where a template loops (Fn::ForEach), its resources and outputs are known after ``extensions.expand``.
    """
    document = text.read(body)
    checks.sections(document)
    template = Template(document)
    checks.transforms(document, template.transforms)
    if not template.extended:
        checks.contents(document)
    return template


def _declared(logical: str, resource: Mapping[str, Any]) -> Declared:
    waits = resource.get("DependsOn", [])
    return Declared(
        logical,
        resource["Type"],
        resource.get("Properties", {}),
        tuple([waits] if isinstance(waits, str) else waits),
        _condition(resource),
        resource.get("DeletionPolicy"),
        resource.get("UpdateReplacePolicy"),
        resource.get("Metadata"),
        resource.get("CreationPolicy"),
        resource.get("UpdatePolicy"),
    )


def _output(name: str, output: Mapping[str, Any]) -> Output:
    export = output.get("Export") or {}
    return Output(name, output["Value"], output.get("Description"), _condition(output), export.get("Name"))


def _condition(said: Mapping[str, Any]) -> str | None:
    return checks.condition(said["Condition"]) if "Condition" in said else None
