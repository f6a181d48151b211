"""Client tokens: the same call with the same token is made once, and answered the same again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from emulator.aws.errors import CONFLICT, TOKEN_REUSED, VALIDATION, Refusal
from emulator.aws.model import Operation
from emulator.engine.store import Place

WINDOW = 8 * 60 * 60.0  # seconds; how long SageMaker remembers is not documented, EC2 and ECS say hours


class Remembered(NamedTuple):
    """A call that was made with a token: what was asked, what was answered, when it is forgotten."""

    asked: str
    answer: dict[str, Any] | None
    until: float


def once(
    place: Place,
    operation: Operation,
    token: str,
    params: Mapping[str, Any],
    now: float,
    act: Callable[[], dict[str, Any] | None],
) -> dict[str, Any] | None:
    """Act, unless the token says that it was done before; ServiceError if it was then asked for something else."""
    _forget(place, now)
    asked = json.dumps(params, sort_keys=True)
    known: Remembered | None = place.tokens.get((operation.name, token))
    if known is None:
        known = place.tokens[operation.name, token] = Remembered(asked, act(), now + WINDOW)
    elif known.asked != asked:
        raise Refusal(CONFLICT if CONFLICT in operation.errors else VALIDATION, TOKEN_REUSED).error(token=token)
    return known.answer


def _forget(place: Place, now: float) -> None:
    """Forget the tokens whose time is over; they stand in the order in which they came."""
    while place.tokens:
        oldest = next(iter(place.tokens))
        if place.tokens[oldest].until > now:
            return
        del place.tokens[oldest]
