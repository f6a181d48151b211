"""Whether a document has the form of a template, and refers to nothing that is not there."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from emulator.cloudformation import sentences
from emulator.cloudformation.functions import UNKNOWN, evaluate, holds, size, text
from emulator.cloudformation.references import conditions, function, references
from emulator.cloudformation.sentences import TemplateError

LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
LOOP = "Fn::ForEach::"

# Functions that only the language extensions know.
EXTENDED = {"Fn::Length", "Fn::ToJsonString"}

_FORMAT = "2010-09-09"
_MAPS = ("Parameters", "Mappings", "Conditions", "Rules", "Resources", "Outputs")
_SECTIONS = {"AWSTemplateFormatVersion", "Description", "Metadata", "Transform", "Hooks", "Globals", *_MAPS}
_RESOURCE_MEMBERS = {
    "Type", "Properties", "DependsOn", "Condition", "DeletionPolicy", "UpdateReplacePolicy", "UpdatePolicy",
    "CreationPolicy", "Metadata", "Description", "Version",
}  # fmt: skip
_POLICIES = {
    "DeletionPolicy": {"Delete", "Retain", "RetainExceptOnCreate", "Snapshot"},
    "UpdateReplacePolicy": {"Delete", "Retain", "Snapshot"},
}
_MOST = {"Parameters": 200, "Mappings": 200, "Resources": 500, "Outputs": 200}
_LONGEST_DESCRIPTION = 1024  # bytes
_LONGEST_ID = 255
_EXPORT = re.compile(r"[a-zA-Z0-9:-]+")
_BEYOND = {"Fn::GetAtt", "Fn::GetAZs", "Fn::ImportValue"}  # what is known only where a stack is made
_PSEUDO = {
    "AWS::AccountId", "AWS::NoValue", "AWS::NotificationARNs", "AWS::Partition", "AWS::Region", "AWS::StackId",
    "AWS::StackName", "AWS::URLSuffix",
}  # fmt: skip
_SIMPLE = {"String", "Number", "List<Number>", "CommaDelimitedList"}


def sections(document: Mapping[str, Any]) -> None:
    """Refuse a document whose sections are not those of a template."""
    _no_nulls(document, "")
    unknown = [str(name) for name in document if name not in _SECTIONS]
    if unknown:
        raise TemplateError(sentences.UNKNOWN_SECTIONS(names=", ".join(unknown)))
    version = document.get("AWSTemplateFormatVersion", _FORMAT)
    if version != _FORMAT:
        raise TemplateError(sentences.VERSION(version=version))
    described = document.get("Description", "")
    if not isinstance(described, str) or size(described) > _LONGEST_DESCRIPTION:
        raise TemplateError(sentences.DESCRIPTION())
    for section in _MAPS:
        if not isinstance(document.get(section, {}), dict):
            raise TemplateError(sentences.NO_MAP(section=section))
    if not document.get("Resources"):
        raise TemplateError(sentences.NO_RESOURCES())
    checks = (("Rules", _rule), ("Parameters", _parameter), ("Mappings", _mapping), ("Conditions", _condition))
    for section, check in checks:
        for name, one in document.get(section, {}).items():
            check(name, one)


def transforms(document: Mapping[str, Any], names: Iterable[str]) -> None:
    """Refuse transforms that are not applied here."""
    for name in [*names, *_embedded(document)]:
        if not isinstance(name, str):
            raise TemplateError(sentences.TRANSFORM_NAME())
        if name != LANGUAGE_EXTENSIONS:
            raise TemplateError((sentences.NOT_APPLIED if name.startswith("AWS::") else sentences.NO_MACRO)(name=name))


def contents(document: Mapping[str, Any], *, extended: bool = False) -> None:
    """Refuse a template, its loops gone, whose members are not in form, or refer to what is not there."""
    for logical, resource in document["Resources"].items():
        _resource(logical, resource, extended=extended)
    for name, output in document.get("Outputs", {}).items():
        _output(name, output, document["Resources"])
    for section, most in _MOST.items():
        number = len(document.get(section, ()))
        if number > most:
            raise TemplateError(sentences.TOO_MANY(section=section.lower(), number=number, limit=most))
    if not extended:
        for name in _functions(document):
            if name in EXTENDED:
                raise TemplateError(sentences.UNSUPPORTED_FUNCTION(name=name, supported=", ".join(_SUPPORTED)))
    _resolved(document)
    _applicable(document)


def exports(names: Mapping[str, str]) -> None:
    """Refuse names of exports, by those of their outputs, that exports cannot have, or of which two are the same."""
    for output, name in names.items():
        if _EXPORT.fullmatch(name) is None:
            raise TemplateError(sentences.EXPORT_NAME(name=output))
    twice = [name for name, number in Counter(names.values()).items() if number > 1]
    if twice:
        raise TemplateError(sentences.EXPORTED_TWICE(names=", ".join(twice)))


def condition(said: Any) -> str:
    """Return the name of the condition that a resource or an output is under; YAML may have read it as no text."""
    if isinstance(said, dict | list):
        raise TemplateError(sentences.CONDITION_IS_TEXT())
    return text(said)


# --- Form -------------------------------------------------------------------------------------------------------------


def _no_nulls(value: Any, path: str) -> None:
    if value is None:
        raise TemplateError(sentences.NO_NULLS(path=path))
    for key, one in _inside(value):
        _no_nulls(one, f"{path}/{key}")


def _inside(value: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _functions(value: Any) -> Iterator[str]:
    name = function(value)
    if name is not None:
        yield name
    for key, one in _inside(value):
        if isinstance(key, str) and key.startswith(LOOP):
            yield "Fn::ForEach"
        yield from _functions(one)


def _embedded(value: Any) -> Iterator[Any]:
    """Yield the names of the transforms that stand within a template."""
    if isinstance(value, dict) and "Fn::Transform" in value:
        found = value["Fn::Transform"]
        yield found.get("Name") if isinstance(found, dict) else found
    for _, one in _inside(value):
        yield from _embedded(one)


def _rule(name: str, rule: Any) -> None:
    if not isinstance(rule, dict):
        raise TemplateError(sentences.NO_MEMBER_MAP(section="Rules", name=name))


def _parameter(name: str, parameter: Any) -> None:
    if not isinstance(parameter, dict):
        raise TemplateError(sentences.NO_MEMBER_MAP(section="Parameters", name=name))
    kind = parameter.get("Type")
    if not isinstance(kind, str):
        raise TemplateError(sentences.NO_PARAMETER_TYPE())
    if kind not in _SIMPLE and not kind.startswith(("AWS::", "List<AWS::", "List<String>")):
        raise TemplateError(sentences.PARAMETER_TYPE(type=kind))
    if isinstance(parameter.get("Default"), dict):
        raise TemplateError(sentences.BAD_DEFAULT())
    if not name.isalnum():
        raise TemplateError(sentences.ALPHANUMERIC(section="Parameter", name=name))


def _mapping(name: str, mapping: Any) -> None:
    if name == "Fn::Transform":
        return
    if not isinstance(mapping, dict):
        raise TemplateError(sentences.NO_MEMBER_MAP(section="Mappings", name=name))
    for first, entries in mapping.items():
        if not isinstance(entries, dict):
            raise TemplateError(sentences.NO_MEMBER_MAP(section="Mappings", name=first))
        if any(isinstance(value, dict) for value in entries.values()):
            raise TemplateError(sentences.MAPPING_VALUE())


def _condition(name: str, condition: Any) -> None:
    if name.startswith(LOOP):
        return
    if not isinstance(condition, dict):
        raise TemplateError(sentences.NO_MEMBER_MAP(section="Conditions", name=name))
    if function(condition) is None and condition.keys() != {"Condition"}:
        raise TemplateError(sentences.NO_FUNCTION(name=name))


def _resource(logical: str, resource: Any, *, extended: bool) -> None:
    if logical.startswith(LOOP) and not extended:
        raise TemplateError(sentences.UNSUPPORTED_FUNCTION(name="Fn::ForEach", supported=", ".join(_SUPPORTED)))
    if not logical.isalnum():
        raise TemplateError(sentences.ALPHANUMERIC(section="Resource", name=logical))
    if len(logical) > _LONGEST_ID:
        raise TemplateError(sentences.LOGICAL_ID(name=logical, limit=_LONGEST_ID))
    if not isinstance(resource, dict):
        raise TemplateError(sentences.NO_MEMBER_MAP(section="Resources", name=logical))
    for name in resource:
        if name not in _RESOURCE_MEMBERS:
            raise TemplateError(sentences.UNKNOWN_RESOURCE_PROPERTY(name=name))
    if not isinstance(resource.get("Type"), str):
        raise TemplateError(sentences.NO_TYPE(logical=logical))
    _members(logical, resource, extended=extended)


def _members(logical: str, resource: Mapping[str, Any], *, extended: bool) -> None:
    if not isinstance(resource.get("Properties", {}), dict):
        raise TemplateError(sentences.PROPERTIES())
    for policy, allowed in _POLICIES.items():
        said = resource.get(policy, "Delete")
        if said not in allowed if isinstance(said, str) else not extended:
            raise TemplateError(sentences.POLICY_VALUE(policy=policy, value=said, logical=logical))
    waits = resource.get("DependsOn", [])
    if not isinstance(waits, str) and not (isinstance(waits, list) and all(isinstance(one, str) for one in waits)):
        raise TemplateError(sentences.DEPENDS_ON())


def _output(name: str, output: Any, resources: Collection[str]) -> None:
    if not isinstance(output, dict) or "Value" not in output:
        raise TemplateError(sentences.NO_OUTPUT_VALUE())
    if not name.isalnum():
        raise TemplateError(sentences.ALPHANUMERIC(section="Outputs", name=name))
    if "Export" not in output:
        return
    export = output["Export"]
    if not isinstance(export, dict) or export.keys() != {"Name"} or not isinstance(export["Name"], str | dict):
        raise TemplateError(sentences.EXPORT_NAME(name=name))
    if _BEYOND & {*_functions(export)} or any(one.name in resources for one in references(export)):
        raise TemplateError(sentences.EXPORT_DEPENDS(name=name))


# --- References -------------------------------------------------------------------------------------------------------


def _resolved(document: Mapping[str, Any]) -> None:
    parameters = {*document.get("Parameters", {}), *_PSEUDO}
    resources = document["Resources"]
    known = {*parameters, *resources}
    missing: dict[str, None] = {}
    for resource in resources.values():
        missing |= dict.fromkeys(_unresolved(resource, known, resources))
    if missing:
        raise TemplateError(sentences.UNRESOLVED(names=", ".join(missing), section="Resources"))
    missing = dict.fromkeys(_unresolved(document.get("Outputs", {}), known, resources))
    if missing:
        raise TemplateError(sentences.UNRESOLVED(names=", ".join(missing), section="Outputs"))
    stray = {one.name: None for one in references(document.get("Conditions", {})) if one.name not in parameters}
    if stray:
        raise TemplateError(sentences.UNRESOLVED_IN_CONDITIONS(names=", ".join(stray)))
    _resolved_conditions(document)


def _unresolved(value: Mapping[str, Any], known: Collection[str], resources: Collection[str]) -> Iterator[str]:
    for name, attribute in references({key: one for key, one in value.items() if key != "Metadata"}):
        if attribute is not None and name and name not in resources:
            raise TemplateError(sentences.UNDEFINED_RESOURCE(logical=name))
        if attribute is None and name not in known:
            yield name
    waits = value.get("DependsOn", ())
    yield from (name for name in ([waits] if isinstance(waits, str) else waits) if name not in resources)


def _resolved_conditions(document: Mapping[str, Any]) -> None:
    declared = document.get("Conditions", {})
    for section in ("Conditions", "Resources", "Outputs"):
        members = document.get(section, {})
        named = list(conditions(members))
        if section != "Conditions":
            named += [condition(one["Condition"]) for one in members.values() if "Condition" in one]
        for name in named:
            if name not in declared:
                raise TemplateError(sentences.UNRESOLVED_CONDITION(name=name, section=section))


# --- Functions --------------------------------------------------------------------------------------------------------


class _Anywhere:
    """A world in which nothing is known but what the template says, and every condition holds, or none."""

    def __init__(self, document: Mapping[str, Any], *, holding: bool) -> None:
        self._mappings: Mapping[str, Any] = document.get("Mappings", {})
        self._holding = holding

    def ref(self, _: str) -> Any:
        return UNKNOWN

    def attribute(self, _: str, __: str) -> Any:
        return UNKNOWN

    def imported(self, _: str) -> Any:
        return UNKNOWN

    def condition(self, _: str) -> bool:
        return self._holding

    def typed(self, _: str) -> list[Any]:
        return []

    def zones(self, _: str) -> Any:
        return UNKNOWN

    def mapping(self, name: str) -> Mapping[str, Any] | None:
        return defaultdict(lambda: defaultdict(lambda: UNKNOWN)) if name in self._mappings else None


def _applicable(document: Mapping[str, Any]) -> None:
    """Refuse functions whose arguments have another form than they take, whichever way conditions lead."""
    for holding in (True, False):
        world = _Anywhere(document, holding=holding)
        for condition in document.get("Conditions", {}).values():
            holds(condition, world)
        for resource in document["Resources"].values():
            evaluate(resource.get("Properties", {}), world)
        for output in document.get("Outputs", {}).values():
            evaluate([output["Value"], output.get("Export", {})], world)


# As CloudFormation lists them, in its order.
_SUPPORTED = (
    "Fn::Base64", "Fn::GetAtt", "Fn::GetAZs", "Fn::ImportValue", "Fn::Join", "Fn::Split", "Fn::FindInMap",
    "Fn::Select", "Ref", "Fn::Equals", "Fn::If", "Fn::Not", "Condition", "Fn::And", "Fn::Or", "Fn::Contains",
    "Fn::EachMemberEquals", "Fn::EachMemberIn", "Fn::ValueOf", "Fn::ValueOfAll", "Fn::RefAll", "Fn::Sub", "Fn::Cidr",
)  # fmt: skip
