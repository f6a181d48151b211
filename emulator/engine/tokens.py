"""Client tokens: the same call with the same token is made once, and answered the same again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from emulator.aws.errors import CONFLICT, TOKEN_REUSED, VALIDATION, Refusal
from emulator.aws.model import Operation
from emulator.engine.shelf import Shelf
from emulator.engine.store import Place

WINDOW = 8 * 60 * 60.0  # seconds; how long SageMaker remembers is not documented, EC2 and ECS say hours
LIMIT = 2_000  # tokens that a place remembers: many more than are in flight, and little memory
SHELF = "client tokens"


def once(
    place: Place,
    operation: Operation,
    token: str,
    params: Mapping[str, Any],
    now: float,
    act: Callable[[], dict[str, Any] | None],
) -> dict[str, Any] | None:
    """Act, unless the token says that it was done before; ServiceError if it was then asked for something else."""
    _forget(place.shelf(SHELF), now)
    name = f"{operation.name} {token}"
    known: dict[str, Any] | None = place.shelf(SHELF).get(name)
    if known is None:
        answer = act()
        place.shelf(SHELF).put(name, {"asked": params, "answer": answer, "until": now + WINDOW})
        return answer
    if known["asked"] != json.loads(json.dumps(params)):
        raise Refusal(CONFLICT if CONFLICT in operation.errors else VALIDATION, TOKEN_REUSED).error(token=token)
    answered: dict[str, Any] | None = known["answer"]
    return answered


def _forget(tokens: Shelf, now: float) -> None:
    """Forget the tokens whose time is over, or that are too many; they stand in the order in which they came."""
    while (oldest := tokens.oldest) is not None and (len(tokens) >= LIMIT or tokens.get(oldest)["until"] <= now):
        tokens.remove(oldest)
