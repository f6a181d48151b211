"""Texts that match a pattern of the model: not random, always the same, as short as their bounds allow."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any

import regex

try:
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:  # Python 3.10
    import sre_parse as parser  # type: ignore[no-redef]

_SURROGATES = r"\uD800\uDC00-\uDBFF\uDFFF"
_CATEGORIES = {"L": "a-zA-Z", "M": "", "Z": " ", "S": "+", "N": "0-9", "P": r"\-", "Alnum": "a-zA-Z0-9"}
_PREFERRED = "a1A-/:.xP "


@cache
def compiled(pattern: str) -> Any:
    """Return a pattern of the model as the `regex` library reads it: another reading than the emulator's own."""
    text = re.sub(r"\$\{[^}]*\}", "$", pattern.replace(_SURROGATES, "")).replace(r"\p{Alnum}", "a-zA-Z0-9")
    return regex.compile(text)


def matches(pattern: str, text: str) -> bool:
    """Say whether the whole text matches."""
    return compiled(pattern).fullmatch(text) is not None


def generated(pattern: str, variant: int = 0) -> Iterator[str]:
    """Yield texts that the pattern suggests, short ones first; lookaheads may reject any of them."""
    text = re.sub(r"\$\{[^}]*\}", "$", pattern.replace(_SURROGATES, ""))
    text = re.sub(r"\\p\{(\w+)\}", lambda found: _CATEGORIES[found[1]], text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        tree = parser.parse(text)
    for repeats in (1, 2, 3, 0, 5, 8, 12, 20, 36, 64):
        for branch in range(4):
            yield _text(tree, repeats, branch, variant)


def _text(tree: Any, repeats: int, branch: int, variant: int) -> str:
    return "".join(_part(str(kind), value, repeats, branch, variant) for kind, value in tree)


def _part(kind: str, value: Any, repeats: int, branch: int, variant: int) -> str:
    match kind:
        case "LITERAL":
            return chr(value)
        case "NOT_LITERAL":
            return next(one for one in _PREFERRED if ord(one) != value)
        case "ANY":
            return "a"
        case "IN":
            return _one_of(value, variant)
        case "MAX_REPEAT" | "MIN_REPEAT":
            least, most, inner = value
            times = max(least, min(int(most), repeats))
            return "".join(_text(inner, repeats if times == 1 else 1, branch, variant) for _ in range(times))
        case "SUBPATTERN":
            return _text(value[-1], repeats, branch, variant)
        case "BRANCH":
            branches = value[1]
            return _text(branches[(branch + variant) % len(branches)], repeats, branch, variant)
    return ""  # positions and lookaheads


def _one_of(choices: Any, variant: int) -> str:
    allowed = [one for one in _PREFERRED if _allows(choices, ord(one))]
    if not allowed:
        first = next(value for kind, value in choices if str(kind) in ("LITERAL", "RANGE"))
        return chr(first[0] if isinstance(first, tuple) else first)
    letter = allowed[0]
    if variant and letter.isalnum() and _allows(choices, ord(letter) + variant):
        return chr(ord(letter) + variant)
    return letter


def _allows(choices: Any, code: int) -> bool:
    negated = any(str(kind) == "NEGATE" for kind, _ in choices)
    return negated != any(_holds(str(kind), value, code) for kind, value in choices)


def _holds(kind: str, value: Any, code: int) -> bool:
    match kind:
        case "LITERAL":
            return bool(code == value)
        case "RANGE":
            return bool(value[0] <= code <= value[1])
        case "CATEGORY":
            return bool(re.match(_CLASSES[str(value)], chr(code), re.ASCII))
    return False


_CLASSES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
}
