"""The language extensions: loops are written out before anything else is done with a template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from emulator.cloudformation import checks, sentences
from emulator.cloudformation.checks import LOOP
from emulator.cloudformation.functions import Unknown, evaluate, text
from emulator.cloudformation.known import Known
from emulator.cloudformation.references import function
from emulator.cloudformation.sentences import TemplateError
from emulator.cloudformation.template import Template

_TEXTS = ("Condition", "DeletionPolicy", "UpdateReplacePolicy")
_SECTIONS = ("Conditions", "Resources", "Outputs")


def processed(template: Template, values: Mapping[str, Any], pseudo: Mapping[str, Any]) -> Template:
    """Return the template that is deployed: itself, unless it declares the language extensions.

    ``values`` and ``pseudo`` are those of its parameters and pseudo parameters; collections may refer to them.
    """
    if not template.extended:
        return template
    known = Known(template, values, pseudo)
    document = {name: one for name, one in template.document.items() if name != "Transform"}
    document |= {name: _named(_written_out(document[name], known), known) for name in _SECTIONS if name in document}
    for section in ("Resources", "Outputs"):
        members = document.get(section, {}).items()
        document |= {section: {name: _with_texts(one, known) for name, one in members}} if members else {}
    checks.contents(document, extended=True)
    return Template(document)


def _written_out(value: Any, known: Known) -> Any:
    """Return a value in which every loop is what it comes to."""
    if isinstance(value, list):
        return [_written_out(one, known) for one in value]
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for key, one in value.items():
        members = (
            _turns(key.removeprefix(LOOP), one, known) if key.startswith(LOOP) else {key: _written_out(one, known)}
        )
        for name, member in members.items():
            if name in found:
                raise TemplateError(sentences.LOOP_TWICE(name=key.removeprefix(LOOP), key=name))
            found[name] = member
    return found


def _named(value: Any, known: Known) -> Any:
    """Return a value in which names are texts, where functions may make them: in Ref and Fn::GetAtt."""
    if isinstance(value, list):
        return [_named(one, known) for one in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("Ref"), dict) and len(value) == 1:
        return {"Ref": evaluate(value["Ref"], known)}
    if function(value) == "Fn::GetAtt" and isinstance(value["Fn::GetAtt"], list):
        return {"Fn::GetAtt": evaluate(value["Fn::GetAtt"], known)}
    return {name: _named(one, known) for name, one in value.items()}


def _with_texts(member: Any, known: Known) -> Any:
    """Return a resource or an output whose condition and policies are texts, which functions may make too."""
    if not isinstance(member, dict):
        return member
    return {name: evaluate(one, known) if name in _TEXTS else one for name, one in member.items()}


def _turns(name: str, loop: Any, known: Known) -> dict[str, Any]:
    """Return the members that all turns of a loop make."""
    if not isinstance(loop, list) or len(loop) != 3 or not isinstance(loop[0], str) or not isinstance(loop[2], dict):
        raise TemplateError(sentences.LOOP_LAYOUT())
    identifier, collection, body = loop
    items = evaluate(collection, known)
    if not isinstance(items, list) or any(isinstance(one, Unknown | dict | list) for one in items):
        raise TemplateError(sentences.LOOP_COLLECTION(name=name))
    found: dict[str, Any] = {}
    for item in items:
        for key, member in _written_out(_filled(body, identifier, text(item)), known).items():
            if key in found:
                raise TemplateError(sentences.LOOP_TWICE(name=name, key=key))
            found[key] = member
    return found


def _filled(value: Any, identifier: str, item: str) -> Any:
    """Return a value with an item in the place of the identifier."""
    if isinstance(value, str):
        plain = re.sub(r"[^A-Za-z0-9]", "", item)
        return value.replace("${" + identifier + "}", item).replace("&{" + identifier + "}", plain)
    if isinstance(value, list):
        return [_filled(one, identifier, item) for one in value]
    if value == {"Ref": identifier}:
        return item
    if isinstance(value, dict):
        return {_filled(key, identifier, item): _filled(one, identifier, item) for key, one in value.items()}
    return value
