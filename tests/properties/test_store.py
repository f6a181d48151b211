"""A table of records behaves as a list that is sorted anew for every question."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from emulator.engine.store import Record, Table

ORDERS: dict[str, Any] = {
    "name": lambda record: record.key[-1],
    "created": lambda record: record.created,
    "modified": lambda record: record.modified,
}
FAMILIES = [(), ("f",), ("g",)]
names = st.sampled_from("abcdefgh")
families = st.sampled_from(FAMILIES)
times = st.sampled_from([1.0, 2.0, 2.5, 3.0])


class TableMachine(RuleBasedStateMachine):
    """Puts, changes and removes records at random, and keeps a dictionary beside the table."""

    def __init__(self) -> None:
        super().__init__()
        self.table = Table()
        self.plain: dict[tuple[Any, ...], Record] = {}
        self.moving: set[tuple[Any, ...]] = set()
        self.serial = 0

    @rule(family=families, name=names, created=times, moving=st.booleans())
    def put(self, family: tuple[str, ...], name: str, created: float, moving: bool) -> None:
        key = (*family, name)
        self.serial += 1
        record = Record(key, self.serial, "/".join(key), created, created, None, b"{}", family)
        if key not in self.plain:
            self._keep(record, moving)

    @rule(family=families, name=names, modified=times, moving=st.booleans())
    def change(self, family: tuple[str, ...], name: str, modified: float, moving: bool) -> None:
        old = self.plain.get((*family, name))
        if old is not None:
            self._keep(old._replace(modified=modified), moving)

    @rule(family=families, name=names)
    def remove(self, family: tuple[str, ...], name: str) -> None:
        old = self.plain.pop((*family, name), None)
        if old is not None:
            self.table.remove(old)
            self.moving.discard(old.key)

    @rule(
        family=st.sampled_from([None, *FAMILIES[1:]]),
        order=st.sampled_from(sorted(ORDERS)),
        descending=st.booleans(),
        behind=st.none() | st.tuples(times, st.integers(0, 30)) | st.tuples(names, st.integers(0, 30)),
    )
    def ask(self, family: tuple[str, ...] | None, order: str, descending: bool, behind: tuple[Any, int] | None) -> None:
        if behind is not None and isinstance(behind[0], str) != (order == "name"):
            behind = None
        value = ORDERS[order]
        records = [one for one in self.plain.values() if family is None or one.family == family]
        records.sort(key=lambda one: (value(one), one.serial), reverse=descending)
        if behind is not None:
            at = [(value(one), one.serial) for one in records]
            records = [
                one
                for one, where in zip(records, at, strict=True)
                if (where < behind if descending else where > behind)
            ]

        assert list(self.table.ordered(family, order, value, behind, descending=descending)) == records

    @invariant()
    def the_table_holds_what_it_was_given(self) -> None:
        assert self.table.records == self.plain
        assert self.table.moving.keys() == self.moving
        for family in FAMILIES[1:]:
            members = {key: one for key, one in self.plain.items() if one.family == family}
            assert self.table.family(family) == members

    def _keep(self, record: Record, moving: bool) -> None:
        self.plain[record.key] = record
        self.table.put(record, moving=moving)
        (self.moving.add if moving else self.moving.discard)(record.key)


TestTable = TableMachine.TestCase
