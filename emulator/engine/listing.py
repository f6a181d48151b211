"""Lists: which parameter filters on what, what a sort key sorts by, what a summary shows.

All of it follows from the names of the List operation's parameters; a kind says only where it departs from the rule.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, partial
from typing import Any

from emulator.engine import families, paging, paths
from emulator.engine.kind import Parent
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Family, Record, SortValue

Params = Mapping[str, Any]
Test = Callable[[Record], bool]
TestOf = Callable[[Any], Test]


class List:
    """The List operation of a kind."""

    def __init__(self, resource: Resource, operation: str) -> None:
        self.resource = resource
        self.operation = operation
        self.said = resource.kind.listing
        model = resource.model
        self.params = model.input(operation).members
        output = model.output(operation)
        assert output is not None  # a list has an output
        self.items = next(name for name, inner in output.members.items() if model.shape(inner).type == "list")
        self.element = model.shape(model.shape(output.members[self.items]).member)

    def __call__(self, scope: Scope, _: Resource, params: Params) -> dict[str, Any]:
        """Answer one page."""
        return self._page(scope, params, partial(scope.table(self.resource).ordered, self._family(scope, params)))

    def among(self, scope: Scope, params: Params, records: Iterable[Record]) -> dict[str, Any]:
        """Answer one page of records that an operation of its own has chosen, few enough to be sorted at each call."""
        return self._page(scope, params, lambda _, *how, **which: paging.ordered(records, *how, **which))

    def _page(self, scope: Scope, params: Params, ordered: Callable[..., Iterable[Record]]) -> dict[str, Any]:
        query = paging.query(self.operation, scope.place.account, scope.place.region, params)
        after = paging.position(query, params["NextToken"]) if params.get("NextToken") else None
        tests = [self._tests[name](value) for name, value in params.items() if name in self._tests]
        tests += [test(value) for test, value in self._implied(params)]
        scope.settle(self.resource)

        name, value = self._order(params.get("SortBy"))
        order = params.get("SortOrder")
        descending = self.said.descending if order is None else order.lower().startswith("d")
        records = ordered(name, value, after, descending=descending)
        size = params.get("MaxResults", self.said.page)
        kept, last = paging.page(records, size, _all(tests), filter_first=scope.settings.filter_first)

        now = scope.clock.now()  # all of a page is of one time
        looked = [scope.look(self.resource, one) for one in kept]
        answer: dict[str, Any] = {self.items: [self._summary(scope, one, now) for one in looked]}
        if last is not None:
            answer["NextToken"] = paging.token(query, (value(last), last.serial))
        return answer

    def _family(self, scope: Scope, params: Params) -> Family | None:
        """Return the family that a list is restricted to, None for all; ServiceError if it must exist and does not."""
        for said in self._parents:
            if said.by in params:
                kind = scope.resources.resource(said.kind)
                if said.by in self._required:
                    return families.family(kind, families.named(scope, kind, said, params).key)
                return families.family(kind, families.key_of(scope, kind, said, params) or ())
        return None

    def _summary(self, scope: Scope, record: Record, now: float) -> dict[str, Any]:
        fields = self.resource.fields(record, scope.place.account, scope.place.region, now)
        for name, base in self._shortened:
            if name not in fields and base in fields:
                fields[name] = fields[base]
        for name, path in self.said.paths.items():
            for value in paths.values(fields, path):
                fields[name] = value
        return self.resource.project(self.element.name, fields)

    # --- Derived ------------------------------------------------------------------------------------------------------

    @cached_property
    def _shortened(self) -> list[tuple[str, str]]:
        """The members of a summary that begin with the kind's name, and how they are called where they do not."""
        prefix = self.resource.name
        return [(name, name.removeprefix(prefix)) for name in self.element.members if name.startswith(prefix)]

    @cached_property
    def _required(self) -> tuple[str, ...]:
        return self.resource.model.input(self.operation).required

    @cached_property
    def _parents(self) -> list[Parent]:
        """The parents to whose children the list can be restricted."""
        return [said for said in self.resource.kind.parents if said.by in self.params]

    @cached_property
    def _tests(self) -> Mapping[str, TestOf]:
        """The parameters that filter, each with the function that makes a test of its value."""
        aside = {"NextToken", "MaxResults", "SortBy", "SortOrder"}
        aside |= {said.by for said in self._parents}
        return {name: test for name in self.params if name not in aside and (test := self._test(name))}

    def _test(self, name: str) -> TestOf | None:
        if name in self.said.choose:
            choose = self.said.choose[name]
            return lambda value: lambda record: choose(value, record.members)
        if self._named(name):
            return self._each
        for suffix, compare in _COMPARISONS.items():
            base = name.removesuffix(suffix)
            if base != name and (get := self._getter(base)):
                inclusive = suffix == "Before" and self.said.before_is_inclusive
                return _compared(get, operator.le if inclusive else compare)
        get = self._getter(name)
        return _compared(get, operator.eq) if get else None

    def _named(self, name: str) -> bool:
        """Say whether a parameter is a list of filters that each have a name and a value."""
        shape = self.resource.model.shape(self.params[name])
        return shape.type == "list" and self.resource.model.shape(shape.member).members.keys() == {"Name", "Value"}

    def _each(self, wanted: list[Mapping[str, Any]]) -> Test:
        """Return the test that all filters of a list pass; what nobody can have is not found."""
        gets = [(self._getter(one["Name"]), one["Value"]) for one in wanted]
        return lambda record: all(get is not None and get(record) == value for get, value in gets)

    def _implied(self, params: Params) -> list[tuple[TestOf, Any]]:
        """Return the filters that hold where the caller says nothing."""
        if self.said.implied_unless in params:
            return []
        return [(self._tests[name], value) for name, value in self.said.implied.items() if name not in params]

    def _order(self, sort_by: str | None) -> tuple[str, SortValue]:
        name = sort_by or self.said.sort_by or "CreationTime"
        get = self._getter(name)
        if get is None:
            raise LookupError(f"{self.operation} cannot sort by {name}")
        plain = _plain(name)
        return plain, get if plain in self._always_there else partial(_absent_first, get)

    @cached_property
    def _always_there(self) -> frozenset[str]:
        """The sort keys of which every record has a value."""
        return frozenset({"name", "creationtime", "lastmodifiedtime", f"{self.resource.name}Name".lower()})

    def _status(self, record: Record) -> str | None:
        life = self.resource.lifecycle
        return life.shown(record.state.status) if life and record.state else None

    def _getter(self, name: str) -> SortValue | None:
        """Return what reads the value that a parameter or a sort key is about; None if no rule covers it."""
        resource = self.resource
        if path := self.said.paths.get(name):
            return lambda record: next(iter(paths.values(record.members, path)), None)
        plain = _plain(name)
        number = -1 if not resource.kind.versions else 0
        known: dict[str, SortValue] = {
            "name": lambda record: record.key[number],
            f"{resource.name}name".lower(): lambda record: record.key[number],
            **dict.fromkeys(("status", (resource.status_member or "status").lower()), self._status),
            **dict.fromkeys(("creationtime", "created", "createdtime", "createdat", "createdate"), _created),
            **dict.fromkeys(("lastmodifiedtime", "modifiedtime"), _modified),
            "version": lambda record: record.key[-1],
        }
        if plain in known:
            return known[plain]
        member = next((one for one in resource.shown_members if one.lower() == plain), None)
        if member is None:
            return None
        for place, key_member in enumerate(resource.keys[0]):
            if key_member == member:
                return lambda record: record.key[place]
        if member == resource.arn_member:
            return lambda record: record.arn
        return lambda record: record.members.get(member)


def _plain(name: str) -> str:
    """Return a name as it is compared: CREATION_TIME is CreationTime."""
    return name.replace("_", "").lower()


def _absent_first(get: SortValue, record: Record) -> list[Any]:
    """Return a value that not every record has so that it can be ordered: those without it come first."""
    value = get(record)
    return [] if value is None else [value]


def _created(record: Record) -> float:
    return record.created


def _modified(record: Record) -> float:
    return record.modified


_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "After": operator.ge,
    "Before": operator.lt,
    "Contains": operator.contains,
    "Prefix": str.startswith,
    "Equals": operator.eq,
}


def _compared(get: SortValue, compare: Callable[[Any, Any], bool]) -> TestOf:
    def of(wanted: Any) -> Test:
        return lambda record: (value := get(record)) is not None and compare(value, wanted)

    return of


def _all(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    return lambda record: all(test(record) for test in tests)
