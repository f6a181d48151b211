"""Tags: labels on whatever can be created with them, fifty at most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from sys import intern

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal

MOST = 50
_RESERVED = "aws:"


def added(present: Mapping[str, str], given: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return the present tags with the given ones over them; ServiceError if that cannot be."""
    new: dict[str, str] = {}
    for tag in given:
        key = intern(tag["Key"])  # the same few keys are on everything
        if key[: len(_RESERVED)].lower() == _RESERVED:
            raise Refusal(VALIDATION, errors.RESERVED_TAG_KEY).error(key=key)
        if key in new:
            raise Refusal(VALIDATION, errors.TWICE_TAG_KEY).error(key=key)
        new[key] = tag["Value"]
    tags = {**present, **new}
    if len(tags) > MOST:
        raise Refusal(VALIDATION, errors.TOO_MANY_TAGS).error(limit=MOST)
    return tags


def removed(present: Mapping[str, str], keys: Iterable[str]) -> dict[str, str]:
    """Return the present tags without those of the given keys."""
    unwanted = frozenset(keys)
    return {key: value for key, value in present.items() if key not in unwanted}


def listed(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Return tags as the service lists them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
