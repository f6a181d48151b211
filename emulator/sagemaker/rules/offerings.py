"""Training plan offerings: what capacity is on sale, and for when.

Nobody keeps a list of them. The same search at the same time finds the same offerings, and an offering's ID holds all
that the offering says, sealed, so that it can be bought later and no other one can be made up.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from emulator.sagemaker.rules.zones import zone

Params = Mapping[str, Any]

HOUR, DAY = 3600, 24 * 3600
LONGEST_EXTENSION = 4368  # hours: the model's bound
CURRENCY = "USD"

_PRICE = 10.0  # of an instance for an hour: made up, and the same for all
_DURATIONS = (24, 168)  # hours, where the search says nothing
_TYPES = ("ml.p4d.24xlarge", "ml.p5.48xlarge", "ml.trn2.48xlarge")  # where the search says nothing
_TARGETS = ("training-job",)
_ZONES = 2  # each has one offering; the later zone is a day later
# UltraServers: the type of their instances, and how many one has.
_ULTRA_SERVERS = {
    "ml.u-p6e-gb200x36": ("ml.p6e-gb200.36xlarge", 9),
    "ml.u-p6e-gb200x72": ("ml.p6e-gb200.36xlarge", 18),
}


class Offering(NamedTuple):
    """So many instances of a type, from a time on, for so many hours, in a zone, for some kinds of resources."""

    instance_type: str
    instances: int
    start: int
    hours: int
    zone: int
    targets: tuple[str, ...]
    ultra_type: str | None = None
    ultra_count: int = 0

    @property
    def end(self) -> int:
        """When it ends."""
        return self.start + self.hours * HOUR

    def capacity(self, region: str) -> dict[str, Any]:
        """Return the capacity that it offers."""
        ultra = {"UltraServerType": self.ultra_type, "UltraServerCount": self.ultra_count} if self.ultra_type else {}
        return {
            "ReservedCapacityType": "UltraServer" if self.ultra_type else "Instance",
            **ultra,
            "InstanceType": self.instance_type,
            "AvailabilityZone": zone(region, self.zone),
            "DurationHours": self.hours,
            "DurationMinutes": 0,
            "StartTime": self.start,
            "EndTime": self.end,
        }

    def price(self) -> dict[str, Any]:
        """Return what it costs."""
        return {"UpfrontFee": fee(self.instances, self.hours), "CurrencyCode": CURRENCY}


class Extension(NamedTuple):
    """So many hours more for a training plan, from its present end on."""

    plan: str
    start: int
    hours: int

    @property
    def end(self) -> int:
        """When it ends."""
        return self.start + self.hours * HOUR


def fee(count: int, hours: int) -> str:
    """Return the price of instances for some hours."""
    return f"{count * hours * _PRICE:.2f}"


# --- What is on sale --------------------------------------------------------------------------------------------------


def search(params: Params, now: float) -> list[Offering]:
    """Return the offerings that a search finds."""
    targets = tuple(dict.fromkeys(params.get("TargetResources", _TARGETS)))
    earliest = _full_hour(max(now, params.get("StartTimeAfter", now)))
    latest = params.get("EndTimeBefore", math.inf)
    found = [
        Offering(instance_type, count, earliest + place * DAY, hours, place, targets, *ultra)
        for instance_type, count, *ultra in _machines(params)
        for hours in _hours(params)
        for place in range(_ZONES)
    ]
    return [one for one in found if one.end <= latest]


def extensions(params: Params, plan: str, end: float) -> list[Extension]:
    """Return the extensions that a search finds for a training plan."""
    return [Extension(plan, int(end), hours) for hours in _hours(params) if hours <= LONGEST_EXTENSION]


def _hours(params: Params) -> tuple[int, ...]:
    return (params["DurationHours"],) if "DurationHours" in params else _DURATIONS


def _machines(params: Params) -> Iterator[tuple[Any, ...]]:
    """Yield the instances that are offered: their type and count, and the UltraServers that they are in."""
    if "UltraServerType" in params:
        ultra_type, ultra_count = params["UltraServerType"], params.get("UltraServerCount", 1)
        if ultra_type in _ULTRA_SERVERS:
            instance_type, each = _ULTRA_SERVERS[ultra_type]
            if params.get("InstanceType", instance_type) == instance_type:
                yield instance_type, each * ultra_count, ultra_type, ultra_count
        return
    count = params.get("InstanceCount", 1)
    if count:
        yield from ((one, count) for one in ([params["InstanceType"]] if "InstanceType" in params else _TYPES))


def _full_hour(seconds: float) -> int:
    return math.ceil(seconds / HOUR) * HOUR


# --- What they are called ---------------------------------------------------------------------------------------------


def identifier(one: Offering | Extension) -> str:
    """Return the ID that says all about an offering."""
    said = json.dumps([type(one).__name__, *one], separators=(",", ":")).encode()
    return f"tpo-{_seal(said)}-{base64.b32encode(said).decode().rstrip('=').lower()}"


def offering(text: str) -> Offering | None:
    """Return the offering that an ID stands for, None if there is none."""
    said = _read(text, Offering.__name__)
    return Offering(*said)._replace(targets=tuple(said[5])) if said else None


def extension(text: str) -> Extension | None:
    """Return the extension that an ID stands for, None if there is none."""
    said = _read(text, Extension.__name__)
    return Extension(*said) if said else None


def _read(text: str, kind: str) -> list[Any] | None:
    _, _, sealed = text.partition("tpo-")
    seal, _, body = sealed.partition("-")
    try:
        said = base64.b32decode(body.upper() + "=" * (-len(body) % 8))
    except (binascii.Error, ValueError):
        return None
    if not said or seal != _seal(said):
        return None
    name, *parts = json.loads(said)
    return parts if name == kind else None


def _seal(said: bytes) -> str:
    return hashlib.blake2b(said, digest_size=6, key=b"training plan offering").hexdigest()
