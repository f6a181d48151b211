"""What a word of the control surface takes, as its hints say it. What is of no such type is refused by every handle."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from functools import cache, wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar, get_args, get_origin, get_type_hints

NOUNS = {str: "text", int: "a whole number", float: "a number"}

Hand = TypeVar("Hand")
Given = ParamSpec("Given")
Told = TypeVar("Told")


class Parameter(NamedTuple):
    """One parameter: the type as which text says it, all that it may be, if it must be given, and what holds if not."""

    said_as: type
    allowed: tuple[type, ...]
    required: bool
    default: Any

    def fit(self, name: str, value: Any) -> Any:
        """Return a value as the word takes it; ValueError if it is none of what it may be."""
        fits = isinstance(value, self.allowed) and not isinstance(value, bool)
        if fits and float in self.allowed and isinstance(value, (int, float)):
            value = _number(value)
            fits = math.isfinite(value)
        if not fits:
            raise ValueError(f"Expected {name} as {NOUNS[self.said_as]}.")
        return value


@cache
def parameters(does: Callable[..., Any]) -> Mapping[str, Parameter]:
    """Return the parameters of what a word does by their names, without the one in whose hand it is."""
    hints = get_type_hints(does)
    taken = list(_signature(does).parameters.values())[1:]
    return {one.name: _parameter(hints[one.name], one) for one in taken}


def checked(does: Callable[Concatenate[Hand, Given], Told]) -> Callable[Concatenate[Hand, Given], Told]:
    """Let what a word does refuse what is not of the types that it takes."""

    @wraps(does)
    def check(hand: Hand, /, *args: Given.args, **more: Given.kwargs) -> Told:
        bound, taken = _signature(does).bind(hand, *args, **more), parameters(does)
        for name, value in bound.arguments.items():
            if name in taken:
                bound.arguments[name] = taken[name].fit(name, value)
        return does(*bound.args, **bound.kwargs)

    return check


_signature = cache(inspect.signature)  # a test that resets asks for it each time


def _parameter(hint: Any, one: inspect.Parameter) -> Parameter:
    allowed = tuple(get_origin(of) or of for of in get_args(hint) or (hint,))
    said = [of for of in allowed if of in NOUNS]
    said_as = str if str in said else said[0]
    return Parameter(said_as, (*allowed, int) if float in allowed else allowed, one.default is one.empty, one.default)


def _number(value: float) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number may have any length
        return math.inf
