"""An observer is told of the changes that hold, of a service that nobody knows."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.aws.errors import ServiceError
from emulator.engine.changes import Change
from tests.engine.library import ACCOUNT, REGION, Library


class Everything:
    def tells(self, *_: Any) -> bool:
        return True

    def tell(self, change: Change) -> dict[str, Any]:
        was, now = ((one.state.status if one.state else "there") if one else None for one in (change.old, change.new))
        return {"kind": change.resource.name, "was": was, "is": now}


def told(library: Library) -> list[tuple[Any, ...]]:
    changes = library.emulator.changes
    assert changes is not None
    return [tuple(changes.teller.tell(one).values()) for one in changes.kept]


@pytest.fixture
def observed() -> Library:
    return Library(teller=Everything())


def test_creations_changes_of_state_and_ends_are_told(observed: Library) -> None:
    observed("CreateRack", RackName="rack")
    observed("DeleteRack", RackName="rack")
    observed("CreateBook", BookName="book")
    observed.emulator.settle()

    seen = told(observed)
    assert seen[:2] == [("Rack", None, "there"), ("Rack", "there", None)]
    assert seen[2][:2] == ("Book", None)
    assert seen[-1][0::2] == ("Book", "Available")


def test_what_a_refused_call_had_changed_is_not_told(observed: Library) -> None:
    def refuse() -> None:
        with observed.emulator.at(ACCOUNT, REGION) as scope:
            scope.call("CreateRack", {"RackName": "rack"})
            raise ServiceError("ConflictException")

    with pytest.raises(ServiceError):
        refuse()
    assert told(observed) == []


def test_a_service_that_makes_nothing_known_has_no_events(library: Library) -> None:
    with pytest.raises(ValueError, match="no events"):
        library.emulator.control.events.query()
