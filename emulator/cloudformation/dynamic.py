"""Dynamic references: ``{{resolve:ssm:name}}`` and its like, which stand in texts until a resource is made."""

from __future__ import annotations

import json
import re
from typing import Any

from emulator.cloudformation import sentences
from emulator.cloudformation.known import Outside
from emulator.cloudformation.sentences import TemplateError

_REFERENCE = re.compile(r"\{\{resolve:([a-z0-9-]+):([^{}]*)\}\}")
_STORED = re.compile(r"(?P<name>[a-zA-Z0-9_.\-/]+?)(?::(?P<version>\d+))?")
_SECRET = re.compile(
    r"(?P<name>arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:[^:]+|[^:]+)"
    r"(?::(?P<kind>SecretString)?(?::(?P<key>[^:]*)(?::(?P<stage>[^:]*)(?::(?P<version>[^:]*))?)?)?)?"
)


def resolved(value: Any, outside: Outside) -> Any:
    """Return a value with every dynamic reference in its texts looked up; TemplateError where there is nothing."""
    if isinstance(value, str):
        return _REFERENCE.sub(lambda match: _looked_up(match[1], match[2], outside), value)
    if isinstance(value, list):
        return [resolved(one, outside) for one in value]
    if isinstance(value, dict):
        return {key: resolved(one, outside) for key, one in value.items()}
    return value


def stands_in(value: Any) -> bool:
    """Return whether there is a dynamic reference in a value."""
    if isinstance(value, str):
        return _REFERENCE.search(value) is not None
    if isinstance(value, dict):
        value = list(value.values())
    return isinstance(value, list) and any(map(stands_in, value))


def _looked_up(service: str, reference: str, outside: Outside) -> str:
    pattern = {"ssm": _STORED, "ssm-secure": _STORED, "secretsmanager": _SECRET}.get(service)
    found = pattern and pattern.fullmatch(reference)
    if not found:
        raise TemplateError(sentences.NOT_RESOLVED(reference=f"{{{{resolve:{service}:{reference}}}}}"))
    if service == "secretsmanager":
        secret = outside.secret(found["name"], found["stage"] or None, found["version"] or None)
        return _member(secret, found["key"]) if found["key"] else secret
    return outside.parameter(found["name"], found["version"], secure=service == "ssm-secure")


def _member(secret: str, key: str) -> str:
    try:
        member = json.loads(secret)[key]
    except (ValueError, KeyError, TypeError):
        raise TemplateError(sentences.NO_KEY()) from None
    return member if isinstance(member, str) else json.dumps(member)
