"""How resources are called: names and keys to ARNs, and names or ARNs back to keys."""

from __future__ import annotations

import re
from string import Formatter
from typing import Any

from emulator.aws import arn
from emulator.engine.store import Key

_ARN_TYPE = re.compile(r"(?:\d\}|\)|aws):(?P<type>[a-z][a-z-]*)\\?/")
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+")


class Template:
    """The resource part of an ARN with a blank for each part of the key: ``image-version/{ImageName:lower}/{Version}``.

    ``numbers`` names the members that are whole numbers.
    """

    def __init__(self, text: str, numbers: frozenset[str] = frozenset()) -> None:
        self.text = text
        pieces = [(literal, name, how) for literal, name, how, _ in Formatter().parse(text) if name]
        self.start = text.partition("{")[0]  # what stands before the first blank
        self.members = tuple(name for _, name, _ in pieces)
        self._lower = frozenset(place for place, (_, _, how) in enumerate(pieces) if how == "lower")
        self._numbers = numbers
        self._form = "".join(literal.replace("%", "%%") + "%s" for literal, _, _ in pieces)
        self._pattern = re.compile("".join(f"{re.escape(literal)}([^/]+)" for literal, _, _ in pieces))

    @property
    def plain(self) -> bool:
        """Whether it has one blank, for a text as it is."""
        return len(self.members) == 1 and not self._lower and not self._numbers.intersection(self.members)

    def fill(self, key: Key) -> str:
        """Return the resource part for a key."""
        if self._lower:
            key = tuple(part.lower() if place in self._lower else part for place, part in enumerate(key))
        return self._form % key

    def read(self, resource: str) -> Key | None:
        """Return the key in a resource part, or None if it is not of this form."""
        match = self._pattern.fullmatch(resource)
        if match is None:
            return None
        parts: list[Any] = list(match.groups())
        for place, name in enumerate(self.members):
            if name in self._numbers:
                number = int(parts[place]) if parts[place].isdecimal() else None
                if str(number) != parts[place]:  # 01 is no way to write 1
                    return None
                parts[place] = number
        return tuple(parts)


def arn_type(pattern: str | None) -> str | None:
    """Return the resource type that an ARN's pattern in the model names, if it names one."""
    found = _ARN_TYPE.search(pattern or "")
    return found["type"] if found else None


def words(name: str) -> str:
    """Return a shape's name as words: ``ModelPackageGroup`` is ``Model Package Group``."""
    return " ".join(_WORD.findall(name))


def kebab(name: str) -> str:
    """Return a shape's name as in ARNs: ``ModelPackageGroup`` is ``model-package-group``."""
    return words(name).replace(" ", "-").lower()


def snake(name: str) -> str:
    """Return a shape's name as in file names: ``ModelPackageGroup`` is ``model_package_group``."""
    return words(name).replace(" ", "_").lower()


def resource_part(text: str, account: str, region: str) -> str | None:
    """Return what follows the account in an ARN of this account and region; None for a foreign ARN."""
    parsed = arn.parse(text)
    here = arn.partition(region), region, account
    if parsed is None or (parsed.partition, parsed.region, parsed.account) != here:
        return None
    return parsed.resource
