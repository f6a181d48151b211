"""One page of a list, and the token that leads to the next.

A token says which query it belongs to and behind which entry the next page begins: nothing is counted and nothing is
kept, so entries that come and go in between are neither skipped nor repeated.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

from emulator.aws import errors

BAD_TOKEN = errors.Refusal(errors.VALIDATION, errors.BAD_NEXT_TOKEN)


class Serial(Protocol):
    """What has a number in the order of creation."""

    @property
    def serial(self) -> int:
        """The number."""


Entry = TypeVar("Entry")
Placed = TypeVar("Placed", bound=Serial)
Position = tuple[Any, int]


def query(operation: str, account: str, region: str, params: Mapping[str, Any]) -> bytes:
    """Return what makes a query the same query: all but how much is asked for, and from where on."""
    asked = {name: value for name, value in params.items() if name not in ("NextToken", "MaxResults")}
    return json.dumps([operation, account, region, asked], sort_keys=True).encode()


def token(of: bytes, position: Position) -> str:
    """Return the token that continues a query behind a position."""
    said = json.dumps(position, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_seal(of, said) + said).decode()


def position(of: bytes, token: str) -> Position:
    """Return where a token continues this query; ServiceError if it is damaged or another query's."""
    try:
        sealed = base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BAD_TOKEN.error() from None
    seal, said = sealed[:16], sealed[16:]
    if not said or seal != _seal(of, said):
        raise BAD_TOKEN.error()
    value, serial = json.loads(said)
    return value, serial


def window(
    of: bytes, params: Mapping[str, Any], entries: Iterable[Entry], place: Callable[[Entry], Position], size: int
) -> tuple[list[Entry], str | None]:
    """Return a page of a small list in order, and its NextToken; ``place`` says where an entry stands."""
    if params.get("NextToken"):
        behind = position(of, params["NextToken"])
        entries = [entry for entry in entries if place(entry) > tuple(behind)]
    kept, last = page(entries, params.get("MaxResults", size), lambda _: True, filter_first=False)
    return kept, None if last is None else token(of, place(last))


def ordered(
    records: Iterable[Placed], value: Callable[[Placed], Any], after: Position | None, *, descending: bool
) -> Iterator[Placed]:
    """Yield records in the order of a value, from behind a position on; ties by serial."""
    placed = sorted(((value(one), one.serial), one) for one in records)
    for place, record in reversed(placed) if descending else placed:
        if after is None or (place < tuple(after) if descending else place > tuple(after)):
            yield record


def _seal(of: bytes, said: bytes) -> bytes:
    return hashlib.blake2b(said, digest_size=16, key=hashlib.blake2b(of, digest_size=32).digest()).digest()


def page(
    entries: Iterable[Entry], size: int, keep: Callable[[Entry], bool], *, filter_first: bool
) -> tuple[list[Entry], Entry | None]:
    """Return the entries of a page, and the last one looked at if there are more behind it.

    AWS cuts the page first and filters it then, so a page may be short or empty and yet have a next one.
    With ``filter_first`` a page is full as long as there is something to fill it.
    """
    kept: list[Entry] = []
    last: Entry | None = None
    for looked, entry in enumerate(entries):
        if (len(kept) if filter_first else looked) == size:
            return kept, last
        last = entry
        if keep(entry):
            kept.append(entry)
    return kept, None
