"""What an action has still to call when what it called before has come to rest: an instance that must be stopped first.

No thread waits: whoever looks next makes the next call.
"""

from __future__ import annotations

from collections.abc import Sequence

from emulator.engine.emulator import Emulator
from emulator.registry.departure import Step
from emulator.registry.handler import Caller

SHELF = "registry.steps"


class Steps:
    """The steps to come, by what they are done to."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def put(self, caller: Caller, name: str, steps: Sequence[Step]) -> None:
        """Keep the steps that are to come, in the place of any there were."""
        with self._emulator.at(caller.account, caller.region) as scope:
            shelf = scope.place.shelf(SHELF)
            if steps:
                shelf.put(name, steps)
            elif name in shelf:
                shelf.remove(name)

    def take(self, caller: Caller, name: str) -> Step | None:
        """Return the next step, which is then no longer to come; None if there is none."""
        with self._emulator.at(caller.account, caller.region) as scope:
            steps = [Step(*one) for one in scope.place.shelf(SHELF).get(name) or ()]
        if not steps:
            return None
        self.put(caller, name, steps[1:])
        return steps[0]
