"""Model cards: what their content may be, and what of it SageMaker shows without decrypting it."""

from __future__ import annotations

import json
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal

ARCHIVED = "Archived"

# DescribeModelPackage, IncludedData: the JSON paths that MetadataOnly keeps (botocore's documentation).
_KEPT = (
    ("model_overview", "model_id"),
    ("model_overview", "model_name"),
    ("intended_uses", "risk_rating"),
    ("model_package_details", "model_package_group_name"),
    ("model_package_details", "model_package_arn"),
)

# The sections of a card, with what each of them is (developer guide: model card JSON schema).
_SECTIONS: dict[str, type] = {
    "model_overview": dict,
    "model_package_details": dict,
    "intended_uses": dict,
    "business_details": dict,
    "training_details": dict,
    "evaluation_details": list,
    "additional_information": dict,
}
_RISKS = ("High", "Medium", "Low", "Unknown")


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


def check(content: str) -> None:
    """Refuse content that is no model card."""
    fault = _fault(content)
    if fault is not None:
        raise Refusal(VALIDATION, errors.NO_MODEL_CARD).error(fault=fault)


def _fault(content: str) -> str | None:
    """Return what is wrong with a card's content, None if nothing is."""
    try:
        card = json.loads(content)
    except ValueError:
        return "it is not JSON"
    if not isinstance(card, dict):
        return "it is not a JSON object"
    for name, section in card.items():
        if name not in _SECTIONS:
            return f"it has no section {name}"
        if not isinstance(section, _SECTIONS[name]):
            return f"{name} must be {'an array' if _SECTIONS[name] is list else 'an object'}"
    risk = card.get("intended_uses", {}).get("risk_rating", "Unknown")
    if risk not in _RISKS:
        return f"risk_rating must be one of {', '.join(_RISKS)}"
    nameless = [one for one in card.get("evaluation_details", []) if not isinstance(one, dict) or "name" not in one]
    return "every evaluation must have a name" if nameless else None
