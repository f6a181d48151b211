"""What a template tells of itself: its parameters, the types it needs, the capabilities that must be granted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from emulator.cloudformation import graph
from emulator.cloudformation.checks import LOOP
from emulator.cloudformation.functions import text
from emulator.cloudformation.parameters import is_secret
from emulator.cloudformation.template import Template

IAM, NAMED_IAM, AUTO_EXPAND = "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"

# Types that grant access, with the property that names the resource, where there is one.
_GRANTING = {
    "AWS::IAM::AccessKey": None,
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Policy": None,
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::IAM::UserToGroupAddition": None,
}


def validation(template: Template) -> dict[str, Any]:
    """Return the output of ValidateTemplate; TemplateError if resources wait for each other whatever conditions say."""
    if not template.conditions and not template.extended:
        graph.order(graph.dependencies(template.resources))
    members = ("ParameterKey", "DefaultValue", "NoEcho", "Description")
    parameters = [{name: one[name] for name in members if name in one} for one in _parameters(template)]
    return {"Parameters": parameters, **_told(template)}


def summary(template: Template) -> dict[str, Any]:
    """Return the output of GetTemplateSummary."""
    types: dict[str, list[str]] = {}
    for logical, resource in _resources(template.document["Resources"]):
        types.setdefault(resource["Type"], []).append(logical)
    found = {
        "Parameters": _parameters(template),
        "ResourceTypes": list(types),
        "ResourceIdentifierSummaries": [
            {"ResourceType": kind, "LogicalResourceIds": names} for kind, names in types.items()
        ],
        "Version": template.document.get("AWSTemplateFormatVersion"),
        "Metadata": json.dumps(template.metadata) if template.metadata else None,
    }
    return {name: one for name, one in found.items() if one is not None} | _told(template)


def capabilities(template: Template) -> list[str]:
    """Return the capabilities that a caller must grant to create a stack from a template.

    CAPABILITY_AUTO_EXPAND is among them, which change sets do not need.
    """
    granting = _granting(template)
    named = any(_GRANTING[one["Type"]] in one.get("Properties", {}) for one in granting)
    needed = [NAMED_IAM if named else IAM] if granting else []
    return [*needed, *([AUTO_EXPAND] if template.transforms else [])]


def _told(template: Template) -> dict[str, Any]:
    needed, granting = capabilities(template), _granting(template)
    found: dict[str, Any] = {}
    if template.description is not None:
        found["Description"] = template.description
    if needed:
        found["Capabilities"] = needed
    if granting:
        types = ", ".join(dict.fromkeys(one["Type"] for one in granting))
        found["CapabilitiesReason"] = f"The following resource(s) require capabilities: [{types}]"
    if template.transforms:
        found["DeclaredTransforms"] = list(template.transforms)
    return found


def _granting(template: Template) -> list[Mapping[str, Any]]:
    return [one for _, one in _resources(template.document["Resources"]) if one["Type"] in _GRANTING]


def _resources(section: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield what is declared, as it is written: what loops make stands there once."""
    for logical, resource in section.items():
        if not logical.startswith(LOOP):
            yield logical, resource
        elif isinstance(resource, list) and len(resource) == 3 and isinstance(resource[2], dict):
            yield from _resources(resource[2])


def _parameters(template: Template) -> list[dict[str, Any]]:
    return [_parameter(name, declared) for name, declared in template.parameters.items()]


def _parameter(name: str, declared: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"ParameterKey": name, "ParameterType": declared["Type"], "NoEcho": is_secret(declared)}
    if "Default" in declared:
        found["DefaultValue"] = text(declared["Default"])
    if "Description" in declared:
        found["Description"] = declared["Description"]
    allowed = declared.get("AllowedValues")
    return {**found, "ParameterConstraints": {"AllowedValues": [text(one) for one in allowed]} if allowed else {}}
