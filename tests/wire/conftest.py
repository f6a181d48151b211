"""What the tests of the wire share: a bare way to the server, and a look at everything it keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from emulator.engine.emulator import Emulator
from tests.wire.raw import Wire

Kept = dict[tuple[str, ...], Any]


@pytest.fixture
def wire(url: str) -> Wire:
    """A bare way to an empty server."""
    return Wire(url)


@pytest.fixture
def kept(emulator: Emulator) -> Callable[[], Kept]:
    """Return a function that returns everything the emulator keeps, to be compared."""

    def look() -> Kept:
        found: Kept = {}
        for place in emulator.store.places():
            where = (place.account, place.region)
            for kind, table in place.tables.items():
                found |= {(*where, kind, *map(str, key)): record for key, record in table.records.items()}
            for shelf, documents in place.shelves.items():
                found |= {(*where, shelf, name): document for name, document in documents.items()}
        return found

    return look
