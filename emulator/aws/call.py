"""One call, as every way in hands it to the emulator."""

from __future__ import annotations

from typing import Any, NamedTuple


class Call(NamedTuple):
    """An operation's name, what was sent with it, and the account and region it is for."""

    operation: str
    params: dict[str, Any]
    account: str
    region: str
    caller: str = ""  # the access key id, where one is known
    body: bytes = b""  # that the params were read from, where they came as JSON
