"""Which resources and which calls something asked for is about: patterns of names, and JMESPath over what is said.

A pattern is a glob (``prod-*``). A JMESPath holds where it finds something that is not empty and not false.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from emulator.aws.jsontext import deeper
from emulator.engine.resource import Resource
from emulator.engine.store import Record

Fields = Callable[[], Mapping[str, Any]]

DEEPEST = 400  # objects and lists of a parsed JMESPath, one in another; each of its operators is two


@dataclass(frozen=True)
class Which:
    """Resources by the pattern of their kind and of their name, and by a JMESPath over what Describe shows."""

    kind: str = "*"
    name: str | None = None
    where: str | None = None

    def __post_init__(self) -> None:
        if self.where is not None:
            found(self.where, {})

    def holds(self, resource: Resource, record: Record, fields: Fields) -> bool:
        """Say whether a resource is meant; ``fields`` tells all about it, and is asked only if that matters."""
        return (
            fnmatchcase(resource.name, self.kind)
            and (self.name is None or named(self.name, _names(resource, record, fields)))
            and (self.where is None or found(self.where, fields()))
        )


def _names(resource: Resource, record: Record, fields: Fields) -> Iterable[str]:
    """Yield what a resource is called: its path, the parts of it, and the name that is not its key."""
    yield "/".join(map(str, record.key))
    yield from map(str, record.key)
    yield str(fields().get(f"{resource.name}Name", ""))


def named(pattern: str, names: Iterable[str]) -> bool:
    """Say whether one of some names has a pattern."""
    return any(fnmatchcase(name, pattern) for name in names)


def globbed(pattern: str, names: Collection[str]) -> list[str]:
    """Return the names that have a pattern; ValueError if none has."""
    there = [name for name in names if fnmatchcase(name, pattern)]
    if not there:
        from difflib import get_close_matches  # noqa: PLC0415 - only who is mistaken pays for it

        near = "".join(f" There is {name}." for name in get_close_matches(pattern, names, 1))
        raise ValueError(f"Nothing here is called {pattern}.{near}")
    return there


def found(expression: str, said: Mapping[str, Any]) -> bool:
    """Say whether a JMESPath holds of what is said; ValueError if it is no JMESPath."""
    return _compiled(expression)(said)


@cache
def _compiled(expression: str) -> Callable[[Mapping[str, Any]], bool]:
    import jmespath  # noqa: PLC0415 - only who asks for it pays for it
    from jmespath.functions import Functions  # noqa: PLC0415

    try:
        compiled = jmespath.compile(expression)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    except ValueError as error:  # as all errors of jmespath are
        reason = str(error).partition("\n")[0].rpartition("expression: ")[2]  # the lines below point into it
        raise ValueError(f"{expression} is no JMESPath: {reason.rstrip(':.')}.") from error
    if deeper(compiled.parsed, DEEPEST):
        raise ValueError(_TOO_DEEP)
    for name in _functions(compiled.parsed):
        if name not in Functions.FUNCTION_TABLE:
            raise ValueError(f"{expression} is no JMESPath: there is no function {name}.")
    search = compiled.search

    def holds(said: Mapping[str, Any]) -> bool:
        try:
            value = search(dict(said))
        except (ValueError, TypeError, ArithmeticError):  # a function or an operator that does not take what is there
            return False
        return not (value is None or value is False or value in ("", [], {}))

    return holds


_TOO_DEEP = "A JMESPath is not as deep as this one: its parts stand too far one in another."


def _functions(node: Mapping[str, Any]) -> Iterator[str]:
    """Yield the functions that stand in a parsed JMESPath."""
    if node["type"] == "function_expression":
        yield node["value"]
    for child in node["children"]:
        if isinstance(child, Mapping):
            yield from _functions(child)
