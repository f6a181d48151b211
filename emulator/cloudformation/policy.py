"""Stack policies: which resources an update may touch, and what it says when it may not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from emulator.cloudformation import errors

_EFFECTS = ("Allow", "Deny")


def checked(text: str) -> str:
    """Return the text of a policy; ServiceError if it is none."""
    try:
        document = json.loads(text)
    except ValueError:
        raise errors.BAD_POLICY.error() from None
    if not isinstance(document, dict) or not all(map(_fits, _statements(document))):
        raise errors.BAD_POLICY.error()
    return text


def denied(text: str | None, action: str, logical: str, kind: str) -> str | None:
    """Say why a policy forbids an action on a resource; None if it does not. Where there is one, it must allow."""
    statements = _statements(json.loads(text)) if text else []
    if not statements:
        return None
    allowed = False
    for number, statement in enumerate(statements, 1):
        if _covers(statement, action, logical, kind):
            if statement["Effect"] == "Deny":
                return errors.POLICY_DENIES(number=number, action=action, logical=f"LogicalResourceId/{logical}")
            allowed = True
    return None if allowed else errors.POLICY_SILENT(action=action, logical=f"LogicalResourceId/{logical}")


def _statements(document: Mapping[str, Any]) -> list[Any]:
    said = document.get("Statement", [])
    return said if isinstance(said, list) else [said]


def _fits(statement: Any) -> bool:
    if not isinstance(statement, dict) or statement.get("Effect") not in _EFFECTS or statement.get("Principal") != "*":
        return False
    actions = _several(statement.get("Action", statement.get("NotAction")))
    resources = _several(statement.get("Resource", statement.get("NotResource")))
    return bool(actions) and bool(resources) and all(str(one).startswith("Update:") for one in actions)


def _covers(statement: Mapping[str, Any], action: str, logical: str, kind: str) -> bool:
    resource = f"LogicalResourceId/{logical}"
    return (
        _named(statement, "Action", action)
        and _named(statement, "Resource", resource)
        and all(
            any(fnmatchcase(kind, str(one)) for one in _several(keys.get("ResourceType")))
            for keys in statement.get("Condition", {}).values()
        )
    )


def _named(statement: Mapping[str, Any], member: str, name: str) -> bool:
    if member in statement:
        return any(fnmatchcase(name, str(one)) for one in _several(statement[member]))
    return not any(fnmatchcase(name, str(one)) for one in _several(statement[f"Not{member}"]))


def _several(said: Any) -> list[Any]:
    if said is None:
        return []
    return said if isinstance(said, list) else [said]
