"""Where an inference router can send requests to."""

from __future__ import annotations

from emulator.aws import arn
from emulator.engine.scope import Scope

_SERVING = ("InService", "Updating", "SystemUpdating", "RollingBack")


def routing_status(scope: Scope, destination: str) -> str:
    """Return whether a router can send requests to a destination, as far as it can be known here."""
    known = arn.parse(destination)
    if known is None or (known.account, known.region) != (scope.place.account, scope.place.region):
        return "Unknown"
    found = scope.by_arn(destination)
    if found is None:
        return "Unroutable"
    resource, record = found
    life = resource.lifecycle
    return "Routable" if life and record.state and life.shown(record.state.status) in _SERVING else "Unroutable"
