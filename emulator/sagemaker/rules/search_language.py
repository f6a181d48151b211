"""The language of searches: property names, filters and expressions, read against the shape of what is searched.

Nothing here knows where resources come from: an expression becomes a test of their members.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal, Sentence, ServiceError
from emulator.aws.model import ServiceModel, Shape
from emulator.aws.wire import moment

Fields = Mapping[str, Any]
Params = Mapping[str, Any]
Test = Callable[[Fields], bool]
Step = Callable[[Any], Iterable[Any]]

MOST_CONDITIONS = 50
TAGS, METRICS = "Tags", "Metrics"
STATISTICS = {name.lower(): name for name in ("Max", "Min", "Last", "Count", "Avg", "StdDev", "TimeStamp")}

TEXT, NUMBER, TIME, BOOLEAN = "text", "numeric", "timestamp", "Boolean"
LOOSE = "hyperparameter"  # text that is compared as a number where it is one
TREE = "structured"

_TYPES = {"string": TEXT, "timestamp": TIME, "boolean": BOOLEAN}
_TYPES |= dict.fromkeys(("integer", "long", "float", "double"), NUMBER)

# What may be asked for with Contains more than once in an expression (botocore's documentation of Filter).
MANY_TIMES = {
    "Experiment": ("displayname", "experimentname", "tags"),
    "ExperimentTrial": ("displayname", "trialname", "tags"),
    "ExperimentTrialComponent": (
        "displayname",
        "trialcomponentname",
        "tags",
        "inputartifacts",
        "outputartifacts",
    ),
}


@dataclass(frozen=True)
class Property:
    """A property of a resource: what it is called, of what type it is, and the steps that lead to its values."""

    name: str
    type: str
    steps: tuple[Step, ...] = ()

    def values(self, fields: Any) -> list[Any]:
        """Return its values, of which there are several where lists are on the way, and none where it is not there."""
        found = [fields]
        for step in self.steps:
            found = [value for one in found for value in step(one)]
        return found


class Language:
    """What can be said about one type of resource."""

    def __init__(self, model: ServiceModel, resource: str, shape: str, inside: str | None = None) -> None:
        """Read property names against a shape, and where it has no such member against the one inside."""
        self._model = model
        self._resource = resource
        self._shape = model.shape(shape)
        self._inside = inside

    # --- Properties ---------------------------------------------------------------------------------------------------

    def property(self, name: str) -> Property:
        """Return the property of a name; ServiceError if there is none."""
        parts = name.split(".")
        found = self._read(self._shape, parts, name, ())
        if found is None and self._inside:
            inner = self._model.shape(self._shape.members[self._inside])
            found = self._read(inner, parts, name, (_member(self._inside),))
        if found is None:
            raise self._refusal(errors.UNKNOWN_PROPERTY, name=name)
        return found

    def _read(self, shape: Shape, parts: list[str], name: str, steps: tuple[Step, ...]) -> Property | None:
        if shape.type == "list":
            return self._read(self._model.shape(shape.member), parts, name, (*steps, _each))
        if not parts:
            return Property(name, _TYPES.get(shape.type, TREE), steps)
        if shape.type == "map":
            return self._read_map(shape, parts, name, steps)
        return self._read_member(shape, parts[0].lower(), parts[1:], name, steps)

    def _read_member(
        self, shape: Shape, first: str, rest: list[str], name: str, steps: tuple[Step, ...]
    ) -> Property | None:
        """Read what stands behind the name of a structure; the case of its members does not matter."""
        if first == METRICS.lower() and rest:
            return _metric(shape, rest, name, steps)
        member = next((one for one in shape.members if one.lower() == first), None)
        if member is None:
            return None
        if member == TAGS:
            return _tags(rest, name, steps)
        return self._read(self._model.shape(shape.members[member]), rest, name, (*steps, _member(member)))

    def _read_map(self, shape: Shape, parts: list[str], name: str, steps: tuple[Step, ...]) -> Property:
        """Read what stands behind the name of a map: a key, which may have dots in it, and perhaps a member."""
        value = self._model.shape(shape.value)
        members = {one.lower(): one for one in value.members}
        if len(parts) > 1 and (member := members.get(parts[-1].lower())):
            its_type = _TYPES.get(self._model.shape(value.members[member]).type, TREE)
            return Property(name, its_type, (*steps, _key(".".join(parts[:-1])), _member(member)))
        its_type = LOOSE if value.union or value.type == "string" or _is_either(value) else TREE
        either = (_either,) if _is_either(value) else ()
        return Property(name, its_type, (*steps, _key(".".join(parts)), *either))

    def nested(self, name: str) -> Property:
        """Return the property of a name whose elements can be filtered one by one; ServiceError if it is no list."""
        found = self.property(name)
        if found.type != TREE or _each not in found.steps:
            raise self._refusal(errors.NOT_NESTED, name=name)
        return found

    def names(self) -> Iterator[str]:
        """Yield the names of all properties that have one value for sure, and of those that lists hold."""
        yield from self._names(self._shape, "", ())

    def _names(self, shape: Shape, path: str, above: tuple[str, ...]) -> Iterator[str]:
        for name, inner in shape.members.items():
            shape_of = self._model.shape(inner)
            while shape_of.type == "list":
                shape_of = self._model.shape(shape_of.member)
            if name == TAGS or shape_of.type == "map":
                continue
            if shape_of.type != "structure":
                yield f"{path}{name}"
            elif shape_of.name not in above:
                yield from self._names(shape_of, f"{path}{name}.", (*above, shape_of.name))

    # --- Expressions --------------------------------------------------------------------------------------------------

    def test(self, expression: Params) -> Test:
        """Return what an expression asks of a resource; ServiceError if it asks what cannot be asked."""
        count = conditions(expression)
        if count > MOST_CONDITIONS:
            raise self._refusal(errors.TOO_MANY_CONDITIONS, count=count, limit=MOST_CONDITIONS)
        many = MANY_TIMES.get(self._resource, ())
        once = [one for one in filters(expression) if one.get("Operator") == "Contains"]
        if sum(one["Name"].split(".")[0].lower() not in many for one in once) > 1:
            raise self._refusal(errors.CONTAINS_TWICE)
        return self._expression(expression)

    def _expression(self, expression: Params) -> Test:
        tests = [self._filter(one) for one in expression.get("Filters", ())]
        tests += [self._nested(one) for one in expression.get("NestedFilters", ())]
        tests += [self._expression(one) for one in expression.get("SubExpressions", ())]
        if not tests:
            raise self._refusal(errors.EMPTY_EXPRESSION)
        decide = any if expression.get("Operator") == "Or" else all
        return lambda fields: decide(test(fields) for test in tests)

    def _filter(self, said: Params) -> Test:
        asked = self.property(said["Name"])
        matches = self._matcher(asked, said)
        return lambda fields: matches(asked.values(fields))

    def _nested(self, said: Params) -> Test:
        """Return what one and the same element of a list is to be."""
        name = said["NestedPropertyName"]
        nested = self.nested(name)
        depth = len(nested.steps)
        tests = []
        for one in said["Filters"]:
            if not one["Name"].lower().startswith(f"{name.lower()}."):
                raise self._refusal(errors.OUTSIDE_NESTED, name=one["Name"], nested=name)
            asked = self.property(one["Name"])
            inner = Property(asked.name, asked.type, asked.steps[depth:])
            tests.append((inner, self._matcher(asked, one)))
        return lambda fields: any(
            all(matches(inner.values(element)) for inner, matches in tests) for element in nested.values(fields)
        )

    def visible(self, said: Params) -> Test:
        """Return what a visibility condition asks: a tag with a value."""
        key, value = said.get("Key", ""), said.get("Value", "")
        if not key.startswith(f"{TAGS}.") or key == f"{TAGS}.":
            raise self._refusal(errors.BAD_VISIBILITY_KEY, key=key)
        tag = self.property(key)
        return lambda fields: value in tag.values(fields)

    # --- Filters ------------------------------------------------------------------------------------------------------

    def _matcher(self, asked: Property, said: Params) -> Callable[[list[Any]], bool]:
        value = said.get("Value")
        operator = said.get("Operator") or ("Exists" if value is None else "Equals")
        if operator in ("Exists", "NotExists"):
            return bool if operator == "Exists" else lambda values: not values
        if operator not in _OPERATORS[asked.type]:
            raise self._refusal(errors.OPERATOR_NOT_SUPPORTED, operator=operator, type=asked.type, name=asked.name)
        if value is None:
            raise self._refusal(errors.OPERATOR_NEEDS_VALUE, operator=operator, name=asked.name)
        compare = self._comparison(asked, operator, value)
        if operator == "NotEquals":
            return lambda values: not any(compare(one) for one in values)
        return lambda values: any(compare(one) for one in values)

    def _comparison(self, asked: Property, operator: str, value: str) -> Callable[[Any], bool]:
        """Return what a single value is to be."""
        if operator == "Contains":
            return lambda one: any(value in text for text in _texts(one))
        if operator == "In":
            chosen = {part.strip() for part in value.split(",")}
            return lambda one: str(one) in chosen
        if asked.type == TEXT:
            return lambda one: bool(one == value)
        if asked.type == LOOSE:
            return self._loose(asked, operator, value)
        wanted = _READERS[asked.type](value)
        if wanted is None:
            raise self._wrong(asked, value)
        compare = _COMPARISONS[operator]
        return lambda one: compare(one, wanted)

    def _loose(self, asked: Property, operator: str, value: str) -> Callable[[Any], bool]:
        """Compare as numbers where both are some; as whole ones, if the wanted one is whole."""
        wanted, compare = number(value), _COMPARISONS[operator]
        if wanted is None and operator in ("Equals", "NotEquals"):
            return lambda one: str(one) == value
        if wanted is None:
            raise self._wrong(asked, value)
        whole = value.strip().lstrip("+-").isdecimal()

        def test(one: Any) -> bool:
            has = number(one)
            if has is None:
                return False
            return compare(math.trunc(has) if whole else has, wanted)

        return test

    def _wrong(self, asked: Property, value: str) -> ServiceError:
        return self._refusal(errors.VALUE_OF_WRONG_TYPE, value=value, type=asked.type, name=asked.name)

    # --- Order --------------------------------------------------------------------------------------------------------

    def order(self, name: str, *, descending: bool) -> Callable[[Fields], list[Any]]:
        """Return what resources are sorted by; those that do not have it come last, whatever the order."""
        asked = self.property(name)
        if asked.type == TREE:
            raise self._refusal(errors.CANNOT_SORT_BY, name=name)

        def place(fields: Fields) -> list[Any]:
            values = asked.values(fields)
            if not values:
                return [0 if descending else 9, 0]
            value = values[0]
            has = number(value) if asked.type == LOOSE else None
            if has is not None:
                return [1, has]
            return [2, str(value)] if asked.type in (LOOSE, TEXT) else [1, value]

        return place

    def _refusal(self, sentence: Sentence, **words: Any) -> ServiceError:
        return Refusal(VALIDATION, sentence).error(resource=self._resource, **words)


# --- What an expression holds -----------------------------------------------------------------------------------------


def conditions(expression: Params) -> int:
    """Count the filters, nested filters and subexpressions of an expression, however deep."""
    subs = expression.get("SubExpressions", ())
    nested = expression.get("NestedFilters", ())
    inside = sum(len(one["Filters"]) for one in nested) + sum(conditions(one) for one in subs)
    return len(expression.get("Filters", ())) + len(nested) + len(subs) + inside


def filters(expression: Params) -> Iterator[Params]:
    """Yield all filters of an expression, however deep."""
    yield from expression.get("Filters", ())
    for one in expression.get("NestedFilters", ()):
        yield from one["Filters"]
    for one in expression.get("SubExpressions", ()):
        yield from filters(one)


# --- Steps ------------------------------------------------------------------------------------------------------------


def _member(name: str) -> Step:
    return lambda one: (one[name],) if name in one else ()


def _key(key: str) -> Step:
    """Step to the value of a key of a map."""
    return _member(key)


def _each(one: Any) -> Iterable[Any]:
    return one if isinstance(one, list) else ()


def _either(one: Any) -> Iterable[Any]:
    """Step into a structure that holds a number or a text."""
    return tuple(one.values())[:1]


def _is_either(shape: Shape) -> bool:
    return shape.members.keys() == {"StringValue", "NumberValue"}


def _tags(rest: list[str], name: str, steps: tuple[Step, ...]) -> Property:
    """Read ``Tags`` and ``Tags.<key>``."""
    if not rest:
        return Property(name, TREE, (*steps, _member(TAGS), _each))
    key = ".".join(rest)

    def tag(one: Any) -> Iterable[Any]:
        return [label["Value"] for label in one if label["Key"] == key]

    return Property(name, TEXT, (*steps, _member(TAGS), tag))


def _metric(shape: Shape, rest: list[str], name: str, steps: tuple[Step, ...]) -> Property | None:
    """Read ``Metrics.<name>``, and ``Metrics.<name>.<statistic>`` where there are statistics."""
    if METRICS in shape.members:
        statistic = STATISTICS.get(rest[-1].lower()) if len(rest) > 1 else None
        metric = ".".join(rest[:-1] if statistic else rest)
        step = _named_metric(metric, statistic or "Last")
        return Property(name, TIME if statistic == "TimeStamp" else NUMBER, (*steps, _member(METRICS), step))
    if "FinalMetricDataList" in shape.members:
        step = _named_metric(".".join(rest), "Value")
        return Property(name, NUMBER, (*steps, _member("FinalMetricDataList"), step))
    return None


def _named_metric(metric: str, member: str) -> Step:
    return lambda one: [entry[member] for entry in one if entry.get("MetricName") == metric and member in entry]


def _texts(one: Any) -> Iterator[str]:
    """Yield every text in a value, keys of maps included."""
    if isinstance(one, dict):
        for key, inner in one.items():
            yield key
            yield from _texts(inner)
    elif isinstance(one, list):
        for inner in one:
            yield from _texts(inner)
    elif isinstance(one, str):
        yield one


# --- Values -----------------------------------------------------------------------------------------------------------


def number(value: Any) -> float | None:
    """Return the number that a value is or writes, or None."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) else None


def time(value: str) -> float | None:
    """Return the time that an ISO 8601 text writes, in seconds since 1970, or None. Without a zone it is UTC."""
    try:
        return moment(value)
    except ValueError:
        return number(value)


def boolean(value: str) -> bool | None:
    """Return the truth value that a text writes, or None."""
    return {"true": True, "false": False}.get(value.lower())


_READERS: Mapping[str, Callable[[str], Any]] = {NUMBER: number, TIME: time, BOOLEAN: boolean}
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "Equals": lambda one, wanted: bool(one == wanted),
    "NotEquals": lambda one, wanted: bool(one == wanted),  # negated over all values
    "GreaterThan": lambda one, wanted: bool(one > wanted),
    "GreaterThanOrEqualTo": lambda one, wanted: bool(one >= wanted),
    "LessThan": lambda one, wanted: bool(one < wanted),
    "LessThanOrEqualTo": lambda one, wanted: bool(one <= wanted),
}
_EQUAL = frozenset({"Equals", "NotEquals"})
_OPERATORS: Mapping[str, frozenset[str]] = {
    TEXT: _EQUAL | {"Contains", "In"},
    NUMBER: frozenset(_COMPARISONS),
    TIME: frozenset(_COMPARISONS),
    BOOLEAN: _EQUAL,
    LOOSE: frozenset(_COMPARISONS) | {"Contains", "In"},
    TREE: frozenset({"Contains"}),
}
