"""A template: the document as it is written, and what it declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from emulator.cloudformation import sentences, text
from emulator.cloudformation.sentences import TemplateError

LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"

_FORMAT = "2010-09-09"
_MAPS = ("Parameters", "Mappings", "Conditions", "Rules", "Resources", "Outputs")
_SECTIONS = {"AWSTemplateFormatVersion", "Description", "Metadata", "Transform", "Hooks", "Globals", *_MAPS}
_RESOURCE_MEMBERS = {
    "Type", "Properties", "DependsOn", "Condition", "DeletionPolicy", "UpdateReplacePolicy", "UpdatePolicy",
    "CreationPolicy", "Metadata", "Description", "Version",
}  # fmt: skip
_MOST = {"Parameters": 200, "Mappings": 200, "Resources": 500, "Outputs": 200}


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
        return LANGUAGE_EXTENSIONS in self.transforms

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
    _no_nulls(document, "")
    _check_sections(document)
    template = Template(document)
    if not template.transforms:  # otherwise what it comes to is checked
        check(template)
    return template


def check(template: Template) -> None:
    """Refuse a template that has not the form of one."""
    document = template.document
    for logical, resource in document["Resources"].items():
        _check_resource(logical, resource)
    for output in (document.get("Outputs") or {}).values():
        if not isinstance(output, dict) or "Value" not in output:
            raise TemplateError(sentences.NO_OUTPUT_VALUE())
    for name, mapping in (document.get("Mappings") or {}).items():
        _check_mapping(name, mapping)
    for section, most in _MOST.items():
        number = len(document.get(section) or ())
        if number > most:
            raise TemplateError(sentences.TOO_MANY(section=section.lower(), number=number, limit=most))


def _no_nulls(value: Any, path: str) -> None:
    if value is None:
        raise TemplateError(sentences.NO_NULLS(path=path))
    pairs: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    for key, one in pairs:
        _no_nulls(one, f"{path}/{key}")


def _check_sections(document: Mapping[str, Any]) -> None:
    unknown = [str(name) for name in document if name not in _SECTIONS]
    if unknown:
        raise TemplateError(sentences.UNKNOWN_SECTIONS(names=", ".join(unknown)))
    version = document.get("AWSTemplateFormatVersion", _FORMAT)
    if version != _FORMAT:
        raise TemplateError(sentences.VERSION(version=version))
    for section in _MAPS:
        if not isinstance(document.get(section, {}), dict):
            raise TemplateError(sentences.NO_MAP(section=section))
    if not document.get("Resources"):
        raise TemplateError(sentences.NO_RESOURCES())
    for section in ("Parameters", "Rules"):
        for name, one in document.get(section, {}).items():
            if not isinstance(one, dict):
                raise TemplateError(sentences.NO_MEMBER_MAP(section=section, name=name))


def _check_resource(logical: str, resource: Any) -> None:
    if not logical.isalnum():
        raise TemplateError(sentences.ALPHANUMERIC(section="Resource", name=logical))
    if not isinstance(resource, dict):
        raise TemplateError(sentences.NO_MEMBER_MAP(section="Resources", name=logical))
    for name in resource:
        if name not in _RESOURCE_MEMBERS:
            raise TemplateError(sentences.UNKNOWN_RESOURCE_PROPERTY(name=name))
    if not isinstance(resource.get("Type"), str):
        raise TemplateError(sentences.NO_TYPE(logical=logical))


def _check_mapping(name: str, mapping: Any) -> None:
    if not isinstance(mapping, dict):
        raise TemplateError(sentences.NO_MEMBER_MAP(section="Mappings", name=name))
    for first, entries in mapping.items():
        if not isinstance(entries, dict):
            raise TemplateError(sentences.NO_MEMBER_MAP(section="Mappings", name=first))
        if any(isinstance(value, dict) for value in entries.values()):
            raise TemplateError(sentences.MAPPING_VALUE())


def _declared(logical: str, resource: Mapping[str, Any]) -> Declared:
    waits = resource.get("DependsOn", [])
    return Declared(
        logical,
        resource["Type"],
        resource.get("Properties", {}),
        tuple([waits] if isinstance(waits, str) else waits),
        resource.get("Condition"),
        resource.get("DeletionPolicy"),
        resource.get("UpdateReplacePolicy"),
        resource.get("Metadata"),
        resource.get("CreationPolicy"),
        resource.get("UpdatePolicy"),
    )


def _output(name: str, output: Mapping[str, Any]) -> Output:
    export = output.get("Export") or {}
    return Output(name, output["Value"], output.get("Description"), output.get("Condition"), export.get("Name"))
