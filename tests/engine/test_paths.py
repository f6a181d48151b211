"""Paths to members deep inside."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.engine import paths

MEMBERS = {"A": {"B": 1}, "L": [{"B": 2, "M": [{"C": 3}, {}]}, {"B": 4}], "T": ["x", "y"]}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("A", [{"B": 1}]),
        ("A.B", [1]),
        ("L[].B", [2, 4]),
        ("L[].M[].C", [3]),
        ("T[]", ["x", "y"]),
        ("Nothing", []),
        ("A.Nothing", []),
        ("Nothing[].B", []),
    ],
)
def test_a_path_yields_every_value_there(path: str, found: list[Any]) -> None:
    assert list(paths.values(MEMBERS, path)) == found


def test_what_is_opened_for_writing_changes_nobody_elses_value() -> None:
    inner: dict[str, Any] = {"B": 1}
    elements: list[dict[str, Any]] = [{"B": 2}]
    members: dict[str, Any] = {"A": inner, "L": elements}

    for path in ("A.New", "L[].New", "New"):
        for holder, name in paths.opened(members, path):
            holder[name] = path

    assert members == {"A": {"B": 1, "New": "A.New"}, "L": [{"B": 2, "New": "L[].New"}], "New": "New"}
    assert inner == {"B": 1}
    assert elements == [{"B": 2}]


def test_a_structure_that_is_not_there_is_not_opened() -> None:
    assert list(paths.opened({}, "A.B")) == []


def test_structures_are_filled_where_they_lack_something_and_nobody_elses_value_changes() -> None:
    inner: dict[str, Any] = {"B": 1}
    elements: list[dict[str, Any]] = [{"B": 2}, {}]
    members: dict[str, Any] = {"A": inner, "L": elements, "S": 0}
    plan = paths.filling({"A.B": 9, "A.C": 3, "L[].B": 4, "S": 1, "T": 2, "U.V": 5, "W": {}, "W.X": 6})

    filled = {"A": {"B": 1, "C": 3}, "L": [{"B": 2}, {"B": 4}], "S": 0, "T": 2, "W": {"X": 6}}
    assert paths.fill(members, plan) == filled
    assert inner == {"B": 1}
    assert elements == [{"B": 2}, {}]
