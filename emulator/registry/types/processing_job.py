"""Processing jobs: stopped before they go."""

from emulator.registry.departure import Departure

TYPE = Departure(stopped={"Delete": frozenset({"InProgress"})})
