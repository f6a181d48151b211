"""The words of the control surface as requests and command lines say them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from emulator.engine.control import Control, Word
from emulator.engine.parameters import Parameter


def say(control: Control, word: Word, said: Mapping[str, Any], *, as_text: bool = False) -> Any:
    """Say a word and return the answer; ValueError if that makes no sense. ``as_text``: numbers are written as text."""
    taken = word.parameters
    unknown = [name for name in said if name not in taken]
    missing = [name for name, parameter in taken.items() if parameter.required and said.get(name) is None]
    if unknown or missing:
        raise ValueError(
            f"Expected {', '.join(taken) or 'nothing'}; {', '.join(unknown or missing)} is "
            f"{'unknown' if unknown else 'missing'}."
        )
    given = {name: _read(taken[name], value, as_text) for name, value in said.items() if value is not None}
    return word.does(control, **given)


def _read(parameter: Parameter, value: Any, as_text: bool) -> Any:
    """Return what is said, a number if its text says the one that is wanted; the word refuses what it does not take."""
    if as_text and parameter.said_as is not str:
        with suppress(ValueError):
            return parameter.said_as(value)
    return value
