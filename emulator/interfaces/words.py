"""The words of the control surface as text says them: which parameters they take, and of what type."""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple, get_args, get_type_hints

from emulator.engine.control import Control, Word

TIMES = ("time", "since", "until")
DOCUMENTS = ("document",)  # text, or what it says
NOUNS = {str: "text", int: "a whole number", float: "a number"}


class Parameter(NamedTuple):
    """One parameter of a word: its type, whether it must be given, and what holds where it is not."""

    type: type
    required: bool
    default: Any


@cache
def parameters(word: Word) -> Mapping[str, Parameter]:
    """Return the parameters of a word by their names."""
    hints = get_type_hints(word.does)
    taken = list(inspect.signature(word.does).parameters.values())[1:]
    return {one.name: Parameter(_type(hints[one.name]), one.default is one.empty, one.default) for one in taken}


def say(control: Control, word: Word, said: Mapping[str, Any], *, as_text: bool = False) -> Any:
    """Say a word and return the answer; ValueError if that makes no sense. ``as_text``: numbers are written as text."""
    taken = parameters(word)
    unknown = [name for name in said if name not in taken]
    missing = [name for name, parameter in taken.items() if parameter.required and said.get(name) is None]
    if unknown or missing:
        raise ValueError(
            f"Expected {', '.join(taken) or 'nothing'}; {', '.join(unknown or missing)} is "
            f"{'unknown' if unknown else 'missing'}."
        )
    given = {name: value for name, value in said.items() if value is not None}
    return word.does(control, **{name: _read(name, taken[name].type, value, as_text) for name, value in given.items()})


def _type(hint: Any) -> type:
    """Return the type that a hint allows; text where it allows text too."""
    allowed = [one for one in get_args(hint) or (hint,) if one in NOUNS]
    return str if str in allowed else allowed[0]


def _read(name: str, wanted: type, value: Any, as_text: bool) -> Any:
    if as_text and wanted is not str:
        try:
            value = wanted(value)
        except ValueError:
            value = None
    numbers: tuple[type, ...] = {int: (int,), float: (int, float), str: (str,)}[wanted]
    if name in TIMES:  # a number or text
        numbers = (int, float, str)
    if name in DOCUMENTS and not as_text:
        numbers = (str, dict, list)
    fits = isinstance(value, numbers) and not isinstance(value, bool)
    if not fits or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError(f"Expected {name} as {NOUNS[wanted]}.")
    return value
