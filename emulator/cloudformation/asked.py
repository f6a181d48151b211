"""What an operation of CloudFormation is given, and what it gives: the contract between operations and a way in.

An operation is a function of two arguments: who asks, and the params, which satisfy the model. It returns the members
of the output, times in seconds since 1970, or None where the operation has no output; it refuses by raising
ServiceError.
``OPERATIONS`` of ``emulator.cloudformation.operations`` holds them by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from emulator.engine.emulator import Emulator
from emulator.registry.handler import Caller


class Asked(NamedTuple):
    """Of which emulator an operation is asked, by whom, and where the client sees this server."""

    emulator: Emulator
    caller: Caller
    url: str = ""  # http://localhost:4580, without a slash at the end


Act = Callable[[Asked, Mapping[str, Any]], dict[str, Any] | None]
