"""Validation: what a shape allows is accepted, and what breaks one constraint is refused with exactly that fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from typing import Any, NamedTuple

import botocore.model
import botocore.session
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from emulator.aws import model
from emulator.aws.errors import ServiceError
from emulator.aws.validation import Validator
from emulator.sagemaker.patterns import PRINTED

SERVICE = botocore.session.get_session().get_service_model("sagemaker")
SHAPES = model.load("sagemaker")
VALIDATOR = Validator(SHAPES, PRINTED)
OPERATIONS = [
    name
    for name in SERVICE.operation_names
    if re.search("Model(PackageGroup|Package)?s?$|Image|Aliases|Tags|ModelPackageGroupPolicy", name)
]
FREE = (None, ".*", r"[\S\s]*")  # patterns that allow every text on one line

# --- Values that a shape allows ---------------------------------------------------------------------------------------

_CATEGORIES = {"L": "a-zé日", "M": "", "Z": " ", "S": "+$", "N": "0-9", "P": "!,.;"}


def pythonic(pattern: str) -> str:
    """Return a pattern in Python's syntax; categories of characters shrink to a few of them."""
    pattern = re.sub(r"\\p\{([LMZSNP])\}", lambda match: _CATEGORIES[match[1]], pattern)
    return re.sub(r"\$\{\d+,\d+\}", "$", pattern)


@cache
def allowed(name: str) -> st.SearchStrategy[Any]:
    """Return values of a shape, told by botocore's model alone."""
    shape = SERVICE.shape_for(name)
    least, most = shape.metadata.get("min", 0), shape.metadata.get("max")
    match shape.type_name:
        case "structure":
            members = {one: allowed(inner.name) for one, inner in shape.members.items()}
            required = {one: members.pop(one) for one in shape.required_members}
            return st.fixed_dictionaries(required, optional=members)
        case "list":
            few = min(most or 2, max(least, 2))
            return st.lists(allowed(shape.member.name), min_size=least, max_size=few)
        case "map":
            few = min(most or 2, max(least, 2))
            return st.dictionaries(allowed(shape.key.name), allowed(shape.value.name), min_size=least, max_size=few)
        case "string" if shape.enum:
            return st.sampled_from(shape.enum)
        case "string":
            return texts(shape.metadata.get("pattern"), least, most)
        case "boolean":
            return st.booleans()
        case "integer" | "long":
            return st.integers(least, least + 1000 if most is None else most)
        case "timestamp":
            return st.integers(0, 2**31)
        case kind:
            raise NotImplementedError(kind)


def texts(pattern: str | None, least: int, most: int | None) -> st.SearchStrategy[str]:
    if pattern in FREE:
        return st.text("abc é日", min_size=least, max_size=min(most or 50, max(least, 50)))
    values = st.from_regex(re.compile(pythonic(pattern), re.ASCII), fullmatch=True)
    return values.filter(
        lambda text: (
            least <= len(text) <= (most or len(text)) and text.isprintable() and max(text, default="") < "\ud800"
        )
    )


def inputs(operation: str) -> st.SearchStrategy[dict[str, Any]]:
    shape = SERVICE.operation_model(operation).input_shape
    assert shape is not None
    return allowed(shape.name)


@pytest.mark.parametrize("operation", OPERATIONS)
@settings(max_examples=20)
@given(data=st.data())
def test_what_the_shape_allows_is_accepted_as_it_is(operation: str, data: st.DataObject) -> None:
    params = data.draw(inputs(operation))

    assert VALIDATOR.accept(SHAPES.input(operation), deepcopy(params)) == params


@given(operation=st.sampled_from(OPERATIONS), data=st.data())
def test_nulls_and_members_that_nobody_knows_are_not_seen(operation: str, data: st.DataObject) -> None:
    params = data.draw(inputs(operation))

    assert VALIDATOR.accept(SHAPES.input(operation), {**params, "Nobody": [1], "Knows": None}) == params


# --- Values that break one constraint ---------------------------------------------------------------------------------


class Break(NamedTuple):
    """A way to break one constraint: what to do to a copy of the params, and the fault that must follow."""

    apply: Callable[[Any], None]
    steps: tuple[Any, ...]
    fault: str


def breaks(shape: botocore.model.Shape, value: Any, steps: tuple[Any, ...] = (), path: str = "") -> Iterator[Break]:
    """Yield the ways to break one constraint, and no other, in a value that is allowed."""
    if shape.type_name == "structure":
        for name, inner in shape.members.items():
            inside = f"{path}.{camel(name)}" if path else camel(name)
            if name in value:
                if name in shape.required_members:
                    missing = f"Value null at '{inside}' failed to satisfy constraint: Member must not be null"
                    yield Break(remove(name), steps, missing)
                yield from breaks(inner, value[name], (*steps, name), inside)
    elif shape.type_name == "list":
        for place, inner in enumerate(value):
            yield from breaks(shape.member, inner, (*steps, place), f"{path}.{place + 1}.member")
    if steps and shape.type_name != "structure":
        for wrong, constraint in wrongs(shape, value):
            yield Break(put(steps[-1], wrong), steps[:-1], fault(shape, wrong, path, constraint))


def wrongs(shape: botocore.model.Shape, value: Any) -> Iterator[tuple[Any, str]]:
    """Yield values that break one constraint of a simple shape or a list, each with the constraint."""
    match shape.type_name:
        case "string" if shape.enum:
            yield "none of them", f"Member must satisfy enum value set: [{', '.join(shape.enum)}]"
        case "string" if shape.metadata.get("pattern") in FREE:
            yield from beyond(shape, "length", lambda size: "x" * size, least=1)
        case "string":
            wrong = "\x07" * max(shape.metadata.get("min", 0), 1)
            if re.fullmatch(pythonic(shape.metadata["pattern"]), wrong) is None:
                printed = PRINTED.get(shape.name, shape.metadata["pattern"])
                yield wrong, f"Member must satisfy regular expression pattern: {printed}"
        case "integer":
            yield from beyond(shape, "value", lambda number: number)
        case "list" if value and shape.member.type_name == "string":
            yield from beyond(shape, "length", lambda size: [value[0]] * size, least=1)


def beyond(
    shape: botocore.model.Shape, what: str, make: Callable[[int], Any], least: float = float("-inf")
) -> Iterator[tuple[Any, str]]:
    """Yield what is one too large and what is one too small; a minimum below ``least`` cannot be missed."""
    bounds = shape.metadata
    if bounds.get("max") is not None:
        yield make(bounds["max"] + 1), f"Member must have {what} less than or equal to {bounds['max']}"
    if bounds.get("min", float("-inf")) >= least and "min" in bounds:
        yield make(bounds["min"] - 1), f"Member must have {what} greater than or equal to {bounds['min']}"


def camel(name: str) -> str:
    return name[0].lower() + name[1:]


def fault(shape: botocore.model.Shape, wrong: Any, path: str, constraint: str) -> str:
    printed = f"[{', '.join(wrong)}]" if isinstance(wrong, list) else wrong
    said = "Value" if shape.metadata.get("sensitive") else f"Value '{printed}'"
    return f"{said} at '{path}' failed to satisfy constraint: {constraint}"


def remove(name: str) -> Callable[[Any], None]:
    return lambda holder: holder.pop(name)


def put(name: Any, value: Any) -> Callable[[Any], None]:
    return lambda holder: holder.__setitem__(name, value)


@pytest.mark.parametrize("operation", OPERATIONS)
@settings(max_examples=20)
@given(data=st.data())
def test_what_breaks_one_constraint_is_refused_with_exactly_that_fault(operation: str, data: st.DataObject) -> None:
    shape = SERVICE.operation_model(operation).input_shape
    assert shape is not None
    params = data.draw(inputs(operation))
    ways = list(breaks(shape, params))
    assume(ways)
    way = data.draw(st.sampled_from(ways))
    broken = deepcopy(params)
    holder = broken
    for one in way.steps:
        holder = holder[one]
    way.apply(holder)

    with pytest.raises(ServiceError) as refused:
        VALIDATOR.accept(SHAPES.input(operation), broken)

    assert refused.value.code == "ValidationException"
    assert refused.value.message == f"1 validation error detected: {way.fault}"


@given(data=st.data())
def test_every_fault_is_named_when_there_are_several(data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 5))
    tags = [{"Key": "\x07", "Value": "ok"}] * count

    with pytest.raises(ServiceError) as refused:
        VALIDATOR.accept(SHAPES.input("CreateModel"), {"ModelName": "m", "Tags": tags})

    message = refused.value.message or ""
    assert message.startswith(f"{count} validation errors detected: ")
    faults = message.partition("detected: ")[2].split("; ")
    assert [f"'tags.{number}.member.key'" in one for number, one in enumerate(faults, 1)] == [True] * count


def test_no_text_and_no_number_of_the_model_is_accepted_beyond_its_bounds() -> None:
    make: dict[str, Callable[[int], Any]] = {"string": "1".__mul__, "integer": int, "long": int}
    tried = 0
    for name in SERVICE.shape_names:
        shape = SERVICE.shape_for(name)
        if shape.type_name not in make or getattr(shape, "enum", None):
            continue
        least, most = shape.metadata.get("min"), shape.metadata.get("max")
        beyond_it = [most + 1] if most and most < 200_000 else []
        beyond_it += [least - 1] if least else []
        for wrong in beyond_it:
            tried += 1
            assert not VALIDATOR.fits(name)(make[shape.type_name](wrong)), (name, wrong)
    assert tried > 500


def test_many_operations_are_tried() -> None:
    assert len(OPERATIONS) > 30
