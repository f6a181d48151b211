"""Operations that call others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from emulator.aws.errors import ServiceError
from emulator.engine.scope import Scope
from tests.engine.library import ACCOUNT, REGION, Library


def test_a_refused_call_within_a_call_changes_nothing_and_leaves_what_was_done_before(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(scope: Scope, _: Mapping[str, Any]) -> dict[str, Any]:
        scope.call("CreateRack", {"RackName": "half"})
        raise ServiceError("Refused", "at the last moment")

    monkeypatch.setattr(library.declarations, "operation", lambda _: half)

    with library.emulator.at(ACCOUNT, REGION) as scope:
        scope.call("CreateRack", {"RackName": "before"})
        with pytest.raises(ServiceError):
            scope.call("CountRacks", {})

    assert [rack["RackName"] for rack in library("ListRacks")["Racks"]] == ["before"]
