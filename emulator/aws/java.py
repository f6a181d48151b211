r"""Java's regular expressions, as AWS's model writes them, for Python.

The two dialects part in a few places that the model uses: Unicode categories, surrogate pairs, a quantified ``$``,
the line ends at which a dot stops, and ``\d``, ``\w``, ``\s``, which mean ASCII in Java.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Protocol


class Pattern(Protocol):
    """What is asked of a compiled pattern."""

    def fullmatch(self, string: str, /) -> object | None:
        """Return a match if the pattern matches the whole string."""

    def search(self, string: str, /) -> object | None:
        """Return a match if the pattern matches anywhere in the string."""


_LINE_ENDS = r"\n\r\u0085\u2028\u2029"
_SUPPLEMENTARY = (r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF")
_PART = re.compile(
    r"\\p\{Alnum\}(?P<alnum>)|\\.|\$(?P<count>\{[^}]*\})|(?P<open>\[)|(?P<close>\])|(?P<dot>\.)", re.DOTALL
)


@cache
def compile(pattern: str) -> Pattern:  # noqa: A001 - used by its module's name: java.compile
    """Return Python's equivalent of a Java pattern."""
    translated = translate(pattern)
    if r"\p{" in translated:
        import regex  # noqa: PLC0415 - Unicode categories need it, and it is slow to load: only tags and texts pay

        return regex.compile(translated)
    return re.compile(translated, re.ASCII)


def translate(pattern: str) -> str:
    """Return a Java pattern in Python's syntax."""
    inside = False

    def part(match: re.Match[str]) -> str:
        nonlocal inside
        if match["alnum"] is not None:
            return "a-zA-Z0-9"
        if match["count"]:
            return "$"  # a position repeated is the same position; Python refuses to repeat it
        if match["dot"] and not inside:
            return f"[^{_LINE_ENDS}]"
        if match["open"] and inside:
            return r"\["
        inside = bool(match["open"]) or (inside and not match["close"])
        return match[0]

    return _PART.sub(part, pattern.replace(*_SUPPLEMENTARY))
