"""Model cards: content is an object, whose names SageMaker writes in snake case inside its JSON text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from emulator.engine.identity import snake
from emulator.registry.departure import Departure, Members
from emulator.registry.translation import as_text

# What is a map of the client's own names.
MAPS = ("Metadata", "CustomDetails", "metadata", "custom_details")


def pascal(name: str) -> str:
    """Return a name as schemas write it: ``model_overview`` is ``ModelOverview``."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def renamed(value: Any, rename: Callable[[str], str]) -> Any:
    """Return content with its names written otherwise; those of maps stay as they are."""
    if isinstance(value, list):
        return [renamed(one, rename) for one in value]
    if not isinstance(value, dict):
        return value
    return {rename(name): inner if name in MAPS else renamed(inner, rename) for name, inner in value.items()}


def sending(_: str, params: Members, wished: Mapping[str, Any], __: Mapping[str, Any]) -> Members:
    """Send content in SageMaker's names."""
    return params | ({"Content": as_text(renamed(wished["Content"], snake))} if "Content" in wished else {})


def content(described: Members) -> Any:
    """Show content in the schema's names."""
    return renamed(json.loads(described["Content"]), pascal)


TYPE = Departure(
    unsent=dict.fromkeys(("CreatedBy", "LastModifiedBy"), "whoever calls did it"),
    sending=sending,
    shown={"Content": content},
)
