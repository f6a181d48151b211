"""Image versions: aliases are written, moved and listed, and never read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.registry import errors
from emulator.registry.departure import Acting, Departure, Step
from emulator.registry.handler import CREATE


def move_aliases(acting: Acting, _: Mapping[str, Any], wished: Mapping[str, Any]) -> list[Step]:
    """Make the aliases of a version those that are wished; where none are mentioned, they stay."""
    if "Aliases" not in wished:
        return []
    there = acting.call("ListAliases", ImageName=acting.key["ImageName"], Version=acting.key["Version"]) or {}
    before, now = there.get("SageMakerImageVersionAliases", []), wished["Aliases"]
    moves = {
        "AliasesToAdd": [alias for alias in now if alias not in before],
        "AliasesToDelete": [alias for alias in before if alias not in now],
    }
    moved = {name: aliases for name, aliases in moves.items() if aliases}
    return [Step("Update", "UpdateImageVersion", {**acting.key, **moved})] if moved else []


TYPE = Departure(
    unsent={"Alias": "it tells versions apart where the API is called; here the identifier does"},
    after=move_aliases,
    seen_to=frozenset({"Aliases"}),
    failed={CREATE: (errors.GENERAL, errors.NOT_MADE)},
)
