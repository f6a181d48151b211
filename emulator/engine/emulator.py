"""One call in, one answer out: the page to read first.

A call is read against the model, brought to whoever answers its operation, and acted out in the place (account and
region) it is for, while nobody else writes there. What is refused changes nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

from emulator.aws import errors
from emulator.aws.call import Call
from emulator.aws.model import ServiceModel, Shape
from emulator.aws.validation import Validator
from emulator.engine import tokens
from emulator.engine.catalogue import Catalogue, Declarations
from emulator.engine.changes import Changes, Teller
from emulator.engine.clock import Chance, Clock
from emulator.engine.history import History
from emulator.engine.neighbours import Neighbours
from emulator.engine.scope import Scope, Settings
from emulator.engine.standing import Standing
from emulator.engine.store import Store

if TYPE_CHECKING:
    from emulator.engine.asked import Asked
    from emulator.engine.control import Control


T = TypeVar("T")


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
        teller: Teller | None = None,
    ) -> None:
        self.model = model
        self.catalogue = Catalogue(model, declarations)
        self.settings = settings or Settings()
        self.clock = clock or Clock()
        self.chance = chance or Chance()
        self.validator = Validator(model, printed)
        self.asked: Asked | None = None  # what calls meet, if anything was asked for
        self.history = History()
        self.changes = Changes(teller) if teller else None
        self.store = Store(self.changes.hold if self.changes else None)
        self.neighbours: Neighbours | None = None  # other services beside it, as soon as one is used
        self._beside: dict[Callable[[Emulator], Any], Any] = {}
        self._setting_beside = threading.RLock()

    def beside(self, make: Callable[[Emulator], T]) -> T:
        """Return what stands beside this emulator by being made of it, one of each; it is made when first asked for."""
        if make not in self._beside:
            with self._setting_beside:
                if make not in self._beside:
                    self._beside[make] = make(self)
        found: T = self._beside[make]
        return found

    @cached_property
    def control(self) -> Control:
        """The control surface, in the hand of whoever tests."""
        from emulator.engine.control import Control  # noqa: PLC0415 - most emulators are never controlled

        return Control(self)

    def answer(self, call: Call) -> dict[str, Any] | None:
        """Return the output of a call, None where its operation has none; ServiceError if it is refused."""
        return self.history.hear(call, self._answer, self.clock)

    def repeat(self, call: Call, told: Standing) -> bool:
        """Answer a call again as it was answered, if that still holds; say whether it does."""
        if self.asked is not None or not told.holds():
            return False
        self.history.hear(call, told.again, self.clock)
        return True

    def _answer(self, call: Call) -> dict[str, Any] | None:
        answered = self.catalogue.find(call.operation)
        if answered is None:
            raise errors.ServiceError("NotImplemented", errors.NOT_EMULATED(operation=call.operation), status=501)
        asked, act = self.asked, answered.act
        if asked is not None:
            asked.meet(call, self.chance)
            act = partial(asked.act, answered)
        params = self.validator.accept(answered.input, call.params, emptied=answered.emptied)
        with self.at(call.account, call.region, answered.output) as scope:
            token = params.get(answered.input.token)
            if token is None:
                return act(scope, params)
            once = partial(act, scope, params)
            return tokens.once(scope.place, answered.operation, token, params, self.clock.now(), once)

    def meet(self, call: Call) -> None:
        """Let happen to a call that a way in answers itself what was asked for."""
        self.history.hear(call, self._meet, self.clock, elsewhere=True)

    def _meet(self, call: Call) -> None:
        if self.asked is not None:
            self.asked.meet(call, self.chance)

    def at(self, account: str, region: str, output: Shape | None = None) -> AbstractContextManager[Scope]:
        """Give the scope of one call in a place, where nobody else reads or writes meanwhile."""
        place = self.store.place(account, region)
        scope = Scope(
            place,
            self.clock,
            self.chance,
            self.settings,
            self.catalogue,
            self.validator,
            output,
            self.asked,
            self.changes,
            self.neighbours,
        )
        return self.store.changing(place, scope)

    def settle(self) -> None:
        """Bring everything to the present, for whoever is to hear of what time has changed."""
        for place in self.store.places():
            with self.at(place.account, place.region) as scope:
                for name in [name for name, table in place.tables.items() if table.moving]:
                    scope.settle(self.catalogue.resource(name))

    def push(self, account: str | None = None, region: str | None = None) -> int:
        """Move every status that can move one stage on, in all places or some; return how many moved."""
        moved = 0
        for place in self.store.places(account, region):
            with self.at(place.account, place.region) as scope:
                moved += sum(scope.push(self.catalogue.resource(name)) for name in list(place.tables))
        return moved
