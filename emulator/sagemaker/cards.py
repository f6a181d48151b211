"""Model cards: what of their content SageMaker shows without decrypting it."""

from __future__ import annotations

import json
from typing import Any

# DescribeModelPackage, IncludedData: the JSON paths that MetadataOnly keeps (botocore's documentation).
_KEPT = (
    ("model_overview", "model_id"),
    ("model_overview", "model_name"),
    ("intended_uses", "risk_rating"),
    ("model_package_details", "model_package_group_name"),
    ("model_package_details", "model_package_arn"),
)


def metadata(content: str) -> str:
    """Return a card's content with nothing in it but what is kept unencrypted; content that is no card has nothing."""
    try:
        card = json.loads(content)
    except ValueError:
        return "{}"
    kept: dict[str, dict[str, Any]] = {}
    for section, name in _KEPT:
        inside = card.get(section) if isinstance(card, dict) else None
        if isinstance(inside, dict) and name in inside:
            kept.setdefault(section, {})[name] = inside[name]
    return json.dumps(kept)
