"""One call in, one answer out: the page to read first.

A call is read against the model, brought to whoever answers its operation, and acted out in the place (account and
region) it is for, while nobody else writes there. What is refused changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.call import Call
from emulator.aws.model import ServiceModel
from emulator.aws.validation import Validator
from emulator.engine import tokens
from emulator.engine.catalogue import Catalogue, Declarations
from emulator.engine.clock import Chance, Clock, RealClock
from emulator.engine.scope import Scope, Settings
from emulator.engine.store import Place, Store


class Emulator:
    """One service, alive."""

    def __init__(
        self,
        model: ServiceModel,
        declarations: Declarations,
        settings: Settings | None = None,
        clock: Clock | None = None,
        chance: Chance | None = None,
        printed: Mapping[str, str] | None = None,
    ) -> None:
        self.model = model
        self.catalogue = Catalogue(model, declarations)
        self.settings = settings or Settings()
        self.clock = clock or RealClock()
        self.chance = chance or Chance()
        self.validator = Validator(model, printed)
        self.store = Store()

    def answer(self, call: Call) -> dict[str, Any] | None:
        """Return the output of a call, None where its operation has none; ServiceError if it is refused."""
        answered = self.catalogue.find(call.operation)
        if answered is None:
            raise errors.ServiceError("NotImplemented", errors.NOT_EMULATED(operation=call.operation), status=501)
        params = self.validator.accept(answered.input, call.params, emptied=answered.emptied)
        place = self.store.place(call.account, call.region)
        with place.lock:
            scope = self._scope(place, answered.output)
            token = params.get(answered.input.token)
            if token is None:
                return answered.act(scope, params)
            now = self.clock.now()
            return tokens.once(place, answered.operation, token, params, now, lambda: answered.act(scope, params))

    def push(self, account: str | None = None, region: str | None = None) -> int:
        """Move every status that can move one stage on, in all places or some; return how many moved."""
        moved = 0
        for place in self.store.places():
            if account in (None, place.account) and region in (None, place.region):
                with place.lock:
                    scope = self._scope(place, None)
                    moved += sum(scope.push(self.catalogue.resource(name)) for name in list(place.tables))
        return moved

    def _scope(self, place: Place, output: Any) -> Scope:
        return Scope(place, self.clock, self.chance, self.settings, self.catalogue, self.validator, output)
