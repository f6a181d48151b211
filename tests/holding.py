"""What an emulator holds, to be compared with what another one holds: not what it says, but what is there."""

from __future__ import annotations

from typing import Any

from emulator.engine.emulator import Emulator
from emulator.engine.store import Place


def held(emulator: Emulator) -> dict[tuple[str, str], dict[str, Any]]:
    """Return all that is in every place, with the order of what has one."""
    places = {(place.account, place.region): _of(place) for place in emulator.store.places()}
    return {where: found for where, found in places.items() if any(found.values())}


def _of(place: Place) -> dict[str, Any]:
    tables = {kind: table for kind, table in place.tables.items() if table.records}
    return {
        "records": {kind: sorted(table.records.items(), key=_serial) for kind, table in tables.items()},
        "moving": {kind: sorted(table.moving.items(), key=_serial) for kind, table in tables.items()},
        "arns": {kind: table.arns for kind, table in tables.items()},
        "families": {
            kind: {family: sorted(one.items(), key=_serial) for family, one in table.families.items()}
            for kind, table in tables.items()
        },
        "relations": {name: pairs for name, relation in place.relations.items() if (pairs := relation.pairs())},
        "shelves": {name: items for name, shelf in place.shelves.items() if (items := list(shelf.items()))},
    }


def _serial(item: Any) -> int:
    serial: int = item[1].serial
    return serial
