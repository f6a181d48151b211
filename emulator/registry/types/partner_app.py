"""Partner apps: their version is chosen by an update, and shown by another name."""

from emulator.registry.departure import Departure

TYPE = Departure(names={"AppVersion": "Version"}, late=frozenset({"AppVersion"}))
