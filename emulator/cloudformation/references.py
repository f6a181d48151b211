"""What a value refers to: resources, their attributes, parameters and conditions, by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

VARIABLE = re.compile(r"\$\{(!?)([^{}]*)\}")  # of Fn::Sub; behind a ! it is a literal


class Reference(NamedTuple):
    """A name that a function refers to, and the attribute, if it is an attribute of a resource."""

    name: str
    attribute: str | None = None


def function(value: Any) -> str | None:
    """Return the name of the function that a value is, if it is one."""
    if isinstance(value, dict) and len(value) == 1:
        name: str = next(iter(value))
        if name == "Ref" or name.startswith("Fn::"):
            return name
    return None


def references(value: Any, chosen: Callable[[str], bool] | None = None) -> Iterator[Reference]:
    """Yield what a value refers to by Ref, Fn::GetAtt and Fn::Sub.

    ``chosen`` says which conditions hold: then only the branch that Fn::If takes is followed, both otherwise.
    """
    name = function(value)
    if name == "Fn::If" and chosen is not None:
        value = _branch(value[name], chosen)
    elif name == "Ref":
        yield Reference(str(value[name]))
        return
    elif name == "Fn::GetAtt":
        logical, attribute = attribute_of(value[name])
        yield Reference(logical, attribute if isinstance(attribute, str) else "")
        value = attribute
    elif name == "Fn::Sub":
        yield from _in_sub(value[name])
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from references(one, chosen)


def attribute_of(argument: Any) -> tuple[str, Any]:
    """Return the resource and the attribute of Fn::GetAtt, in either form; two empty texts where it has neither."""
    if isinstance(argument, str):
        logical, _, attribute = argument.partition(".")
        return logical, attribute
    if isinstance(argument, list) and len(argument) >= 2 and isinstance(argument[0], str):
        rest = argument[1:]
        return argument[0], ".".join(rest) if all(isinstance(one, str) for one in rest) else rest[0]
    return "", ""


def variables(text: str) -> Iterator[str]:
    """Yield the names between ``${`` and ``}`` in a text of Fn::Sub."""
    return (name.strip() for literal, name in VARIABLE.findall(text) if not literal)


def conditions(value: Any) -> Iterator[str]:
    """Yield the conditions that a value names, by Fn::If and Condition."""
    if isinstance(value, dict) and len(value) == 1 and isinstance(value.get("Condition"), str):
        yield value["Condition"]
        return
    name = function(value)
    if name == "Fn::If" and isinstance(value[name], list) and value[name] and isinstance(value[name][0], str):
        yield value[name][0]
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from conditions(one)


def _branch(argument: Any, chosen: Callable[[str], bool]) -> Any:
    if isinstance(argument, list) and len(argument) == 3 and isinstance(argument[0], str):
        return [argument[1] if chosen(argument[0]) else argument[2]]
    return argument


def _in_sub(argument: Any) -> Iterator[Reference]:
    text, own = argument, {}
    if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], dict):
        text, own = argument
    for name in variables(text) if isinstance(text, str) else ():
        if name not in own:
            logical, dot, attribute = name.partition(".")
            yield Reference(logical, attribute if dot else None)
