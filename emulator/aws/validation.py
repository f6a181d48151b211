"""Whether what a client sent satisfies the model; if not, all that is wrong with it, in AWS's words.

There are two passes. ``fits`` turns a shape into one function that says yes or no: nearly every call ends there. Only
after a no is the value walked again, to drop what the service would not see (nulls, members it does not know), to
refuse JSON of the wrong type, and then to collect every constraint that is not met.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

from emulator.aws import errors, java
from emulator.aws.model import ServiceModel, Shape

# KeyError where there is a member that nobody knows; TypeError where a text should be, and there is what has no hash.
Predicate = Callable[[Any], bool]

_CLASSES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "timestamp": (int, float),
}
_WANTED = {
    "string": "a String",
    "boolean": "a Boolean",
    "integer": "an Integer",
    "long": "a Long",
    "float": "a Float",
    "double": "a Double",
    "timestamp": "a Timestamp",
}
_FOUND = {str: "STRING", int: "NUMBER", float: "NUMBER"}
_WIDEST = {"integer": 2**31 - 1, "long": 2**63 - 1}
SEEN, LONG = 128, 2048  # texts of one shape that are remembered to fit: roles, images and the keys of tags come again
_LEAST, _MOST = -math.inf, math.inf  # where the model sets no bound


class Validator:
    """The constraints of one model. ``printed`` maps shapes to the patterns that AWS prints where botocore's differ."""

    def __init__(self, model: ServiceModel, printed: Mapping[str, str] | None = None) -> None:
        self._model = model
        self._printed = printed or {}
        self._checks: dict[str, Predicate] = {}
        self._unfinished: set[str] = set()
        self._making = threading.RLock()
        self._constraints: dict[str, list[tuple[str, Predicate]]] = {}

    def accept(self, shape: Shape, params: Any, *, emptied: frozenset[str] = frozenset()) -> dict[str, Any]:
        """Return the params as the service sees them; ServiceError if one has the wrong type or breaks a constraint.

        ``emptied`` names top-level members that may be empty text whatever their constraints say.
        """
        try:
            if self._fit(shape.name, params):
                return params  # type: ignore[no-any-return] # it fits a structure
            seen: dict[str, Any] = self._read(shape, params)
            strict = {name: value for name, value in seen.items() if not (name in emptied and value == "")}
            faults = list(self._faults(shape, strict, ""))
        except RecursionError:  # a shape may contain itself, and what it contains be deeper than anyone means it
            raise errors.UNREADABLE from None
        if faults:
            raise _refused(faults)
        return seen

    def check(self, shapes: Mapping[str, str], members: Mapping[str, Any]) -> None:
        """Refuse members that break the constraints of their shapes: for values that came about by a change."""
        faults = [
            fault
            for name, value in members.items()
            for fault in self._inner_faults(shapes[name], value, _camel(name), required=False)
        ]
        if faults:
            raise _refused(faults)

    def _fit(self, name: str, params: Any) -> bool:
        try:
            return self.fits(name)(params)
        except (KeyError, TypeError):
            return False

    # --- yes or no ----------------------------------------------------------------------------------------------------

    def fits(self, name: str) -> Predicate:
        """Return the function that says whether a value satisfies a shape in every point."""
        try:
            return self._checks[name]
        except KeyError:
            with self._making:
                return self._make(name)

    def _make(self, name: str) -> Predicate:
        """Make the check of a shape, unless another thread has made it meanwhile.

        A shape may contain itself: while its check is made, the inner one is looked up when it is called.
        """
        if name in self._checks:
            return self._checks[name]
        if name in self._unfinished:
            return partial(self._fits_later, name)
        self._unfinished.add(name)
        try:
            check = self._checks[name] = self._fits(self._model.shape(name))
        finally:
            self._unfinished.discard(name)
        return check

    def _fits_later(self, name: str, value: Any) -> bool:
        return self.fits(name)(value)

    def _fits(self, shape: Shape) -> Predicate:
        if shape.type == "structure":
            members = {name: self.fits(inner) for name, inner in shape.members.items()}
            return _structure_fits(members, shape.required, union=shape.union)
        least = _LEAST if shape.min is None else shape.min
        most = _MOST if shape.max is None else shape.max
        if shape.type == "list":
            return _list_fits(self.fits(shape.member), least, most)
        if shape.type == "map":
            return _map_fits(self.fits(shape.key), self.fits(shape.value), least, most)
        if shape.type == "string":
            return _enum_fits(shape, self._constraints_of(shape)) if shape.enum else _text_fits(shape, least, most)
        widest = _WIDEST.get(shape.type, _MOST)
        return _plain_fits(_CLASSES[shape.type], max(least, -widest), min(most, widest))

    # --- what the service sees ----------------------------------------------------------------------------------------

    def _read(self, shape: Shape, value: Any) -> Any:
        """Return a value without nulls and unknown members; ServiceError if its JSON type is wrong."""
        if shape.type == "structure":
            _expect(dict, value, errors.NULL_EXPECTED)
            return {
                name: self._read(self._model.shape(shape.members[name]), inner)
                for name, inner in value.items()
                if inner is not None and name in shape.members
            }
        if shape.type == "list":
            _expect(list, value, errors.LIST_EXPECTED)
            member = self._model.shape(shape.member)
            return [None if inner is None else self._read(member, inner) for inner in value]
        if shape.type == "map":
            _expect(dict, value, errors.NULL_EXPECTED)
            inside = self._model.shape(shape.value)
            return {key: None if inner is None else self._read(inside, inner) for key, inner in value.items()}
        return _scalar(shape.type, value)

    # --- all that is wrong --------------------------------------------------------------------------------------------

    def _faults(self, shape: Shape, value: Any, path: str) -> Iterator[str]:
        for constraint in self._broken(shape, value):
            yield _fault(shape, value, path, constraint)
        if shape.type == "structure":
            for name, member in shape.members.items():
                inner = f"{path}.{_camel(name)}" if path else _camel(name)
                yield from self._inner_faults(member, value.get(name), inner, required=name in shape.required)
        elif shape.type == "list":
            for number, element in enumerate(value, 1):
                yield from self._inner_faults(shape.member, element, f"{path}.{number}.member")
        elif shape.type == "map":
            yield from self._side_faults(shape, value, path, shape.key, errors.MAP_KEY, value.keys())
            yield from self._side_faults(shape, value, path, shape.value, errors.MAP_VALUE, value.values())

    def _inner_faults(self, name: str, value: Any, path: str, *, required: bool = True) -> Iterator[str]:
        if value is not None:
            yield from self._faults(self._model.shape(name), value, path)
        elif required:
            yield errors.FAULT_OF_NULL(path=path, constraint=errors.NOT_NULL())

    def _side_faults(
        self, shape: Shape, whole: Any, path: str, name: str, sentence: errors.Sentence, side: Iterable[Any]
    ) -> Iterator[str]:
        """Faults of a map's keys or values: simple ones are named by all their constraints, deep ones by their path."""
        inside = self._model.shape(name)
        if inside.type in ("structure", "list", "map"):
            for key, inner in whole.items():
                yield from self._inner_faults(name, inner, f"{path}.{key}.member")
        elif any(one is None or self._broken(inside, one) for one in side):
            constraints = [constraint for constraint, _ in self._constraints_of(inside)] or [errors.NOT_NULL()]
            yield _fault(shape, whole, path, sentence(constraints=", ".join(constraints)))

    def _broken(self, shape: Shape, value: Any) -> list[str]:
        return [constraint for constraint, holds in self._constraints_of(shape) if not holds(value)]

    def _constraints_of(self, shape: Shape) -> list[tuple[str, Predicate]]:
        """Return a shape's own constraints, each with its test, in the order in which AWS names them."""
        try:
            return self._constraints[shape.name]
        except KeyError:
            constraints = list(_constraints(shape, self._printed.get(shape.name, shape.pattern)))
            self._constraints[shape.name] = constraints
            return constraints


def _constraints(shape: Shape, printed: str | None) -> Iterator[tuple[str, Predicate]]:
    counted = shape.type in ("string", "list", "map")
    size = _units if shape.type == "string" else len if counted else _itself
    if (most := shape.max) is not None:
        yield (errors.MAX_LENGTH if counted else errors.MAX_VALUE)(bound=most), lambda value: size(value) <= most
    if (least := shape.min) is not None:
        yield (errors.MIN_LENGTH if counted else errors.MIN_VALUE)(bound=least), lambda value: size(value) >= least
    if shape.pattern is not None:
        yield errors.PATTERN(pattern=printed), _matches(shape.pattern)
    if shape.enum:
        yield errors.ENUM(values=", ".join(shape.enum)), frozenset(shape.enum).__contains__
    if shape.union:
        yield errors.ONE_OF_UNION(), lambda value: len(value) == 1


def _matches(pattern: str) -> Predicate:
    fullmatch = java.compile(pattern).fullmatch
    return lambda value: fullmatch(value) is not None


def _units(text: str) -> int:
    """Return a text's length as Java counts it: in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _itself(number: float) -> float:
    return number


def _plain_fits(classes: tuple[type[Any], ...], least: float, most: float) -> Predicate:
    """Return the test for a value of one of these very classes (a bool is no int)."""
    return lambda value: value.__class__ in classes and least <= value <= most


def _enum_fits(shape: Shape, own: list[tuple[str, Predicate]]) -> Predicate:
    return frozenset(value for value in shape.enum if all(holds(value) for _, holds in own)).__contains__


def _text_fits(shape: Shape, least: float, most: float) -> Predicate:
    """Return the test for a text. A character is one unit or two: mostly there is no need to count them."""
    surely = most / 2

    def sized(value: Any) -> bool:
        return value.__class__ is str and (least <= len(value) <= surely or least <= _units(value) <= most)

    if shape.pattern is None:
        return sized
    fullmatch = java.compile(shape.pattern).fullmatch
    return lru_cache(SEEN if most <= LONG else 0)(lambda value: sized(value) and fullmatch(value) is not None)


def _structure_fits(checks: Mapping[str, Predicate], required: tuple[str, ...], *, union: bool) -> Predicate:
    def fits(value: Any) -> bool:
        if value.__class__ is not dict:
            return False
        for name in required:
            if name not in value:
                return False
        for name, inner in value.items():
            if not checks[name](inner):
                return False
        return not union or len(value) == 1

    return fits


def _list_fits(member: Predicate, least: float, most: float) -> Predicate:
    return lambda value: value.__class__ is list and least <= len(value) <= most and all(map(member, value))


def _map_fits(key: Predicate, inside: Predicate, least: float, most: float) -> Predicate:
    return lambda value: (
        value.__class__ is dict
        and least <= len(value) <= most
        and all(map(key, value))
        and all(map(inside, value.values()))
    )


def _expect(wanted: type, value: Any, otherwise: errors.Sentence) -> None:
    if value.__class__ is wanted:
        return
    if value.__class__ is list:
        raise errors.serialization(errors.LIST_UNEXPECTED())
    if value.__class__ is dict:
        raise errors.serialization(errors.MAP_UNEXPECTED())
    raise errors.serialization(otherwise())


def _scalar(kind: str, value: Any) -> Any:
    """Return a simple value as its type reads it: a number for an integer loses its fraction."""
    read = int(value) if value.__class__ is float and kind in _WIDEST else value
    if read.__class__ in _CLASSES[kind] and _within(kind, read):
        return read
    if value.__class__ in (list, dict):
        _expect(str, value, errors.NULL_EXPECTED)
    found = str(value).upper() if value.__class__ is bool else _FOUND[value.__class__]
    raise errors.serialization(errors.CANNOT_CONVERT(found=found, wanted=_WANTED[kind]))


def _within(kind: str, value: Any) -> bool:
    return kind not in _WIDEST or -_WIDEST[kind] <= value <= _WIDEST[kind]


def _fault(shape: Shape, value: Any, path: str, constraint: str) -> str:
    if shape.sensitive:
        return errors.FAULT_OF_SECRET(path=path, constraint=constraint)
    return errors.FAULT(value=_printed(value), path=path, constraint=constraint)


def _refused(faults: list[str]) -> errors.ServiceError:
    plural = "" if len(faults) == 1 else "s"
    sentence = errors.FAULTS(count=len(faults), plural=plural, faults="; ".join(faults))
    return errors.ServiceError(errors.VALIDATION, sentence)


def _camel(name: str) -> str:
    return name[:1].lower() + name[1:]


def _printed(value: Any) -> str:
    """Return a value as Java prints it."""
    if value is True or value is False:
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={_printed(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_printed, value)) + "]"
    return "null" if value is None else str(value)
