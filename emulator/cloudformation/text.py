"""A template's text, JSON or YAML with the short forms of functions, as the document that it stands for."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from emulator.cloudformation import sentences
from emulator.cloudformation.sentences import TemplateError

_PLAIN = {"Ref", "Condition"}  # functions whose long form has no Fn:: before it


def read(text: str) -> dict[str, Any]:
    """Return the document that a text stands for, in its order; TemplateError if it is none."""
    document = _json(text) if text.lstrip()[:1] == "{" else _yaml(text)
    if not isinstance(document, dict):
        raise TemplateError(sentences.UNSUPPORTED_STRUCTURE())
    return document


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno}
        raise TemplateError(sentences.NOT_WELL_FORMED(format="JSON", **where)) from None


def _yaml(text: str) -> Any:
    import yaml  # noqa: PLC0415 - most emulators never read YAML

    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_loader())):
            raise TemplateError(sentences.ALIASES())
        return yaml.load(text, Loader=_loader())  # noqa: S506 - it is a SafeLoader with tags that make mappings
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = {"line": mark.line + 1, "column": mark.column + 1} if mark else {"line": 1, "column": 1}
        raise TemplateError(sentences.NOT_WELL_FORMED(format="YAML", **where)) from None
    except yaml.YAMLError:
        raise TemplateError(sentences.UNSUPPORTED_STRUCTURE()) from None


@lru_cache(maxsize=1)
def _loader() -> Any:
    """Return a loader that knows short forms, and no dates: those are texts in a template."""
    import yaml  # noqa: PLC0415 - likewise

    loader: Any = type("Loader", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {})
    loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    loader.add_constructor("tag:yaml.org,2002:map", _mapping)
    loader.add_multi_constructor("!", _short_form)
    return loader


def _mapping(loader: Any, node: Any) -> dict[str, Any]:
    """Return a mapping whose keys are texts, as they are written: ``Yes`` and ``1`` are names in a template."""
    return {
        key.value if key.id == "scalar" else str(loader.construct_object(key, deep=True)): loader.construct_object(
            value, deep=True
        )
        for key, value in node.value
    }


def _short_form(loader: Any, name: str, node: Any) -> dict[str, Any]:
    """Return the long form of ``!Name value``."""
    if node.id == "scalar":
        value = loader.construct_scalar(node)
    elif node.id == "sequence":
        value = loader.construct_sequence(node, deep=True)
    else:
        value = _mapping(loader, node)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in _PLAIN else f"Fn::{name}": value}
