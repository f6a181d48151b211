"""Model package groups: their policy is kept apart, as the text that was written."""

from emulator.registry.departure import Departure

TYPE = Departure(attributes={"ModelPackageGroupPolicy": "Policy"}, accepted=frozenset({"Failed"}))
