"""The language of pipeline definitions, version 2020-12-01: what a text means, and what it refers to.

Pure: a definition is read, checked and laid out as a graph; a reference is followed in values that somebody else has.
Nothing here knows an account, a clock or a job.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal, Sentence, ServiceError

VERSION = "2020-12-01"
STEP_TYPES = frozenset(
    {"AutoML", "Callback", "ClarifyCheck", "Condition", "EMR", "EMRServerless", "Endpoint", "EndpointConfig", "Fail"}
    | {"InferenceComponent", "Lambda", "Model", "Processing", "QualityCheck", "RegisterModel", "Training", "Transform"}
    | {"Tuning"}
)
BRANCHES = {"IfSteps": True, "ElseSteps": False}
VARIABLES = frozenset(
    {"CurrentDateTime", "PipelineArn", "PipelineExecutionArn", "PipelineExecutionId", "PipelineName"}
    | {"ProcessingJobName", "StartDateTime", "TrainingJobName"}
)

_STEP_NAME = re.compile(r"[A-Za-z0-9\-_]{1,64}")
_PATH = re.compile(r"""\.?([^.\[\]'"]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]""")
_WHOLE = re.compile(r"[+-]?\d+")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "Equals": lambda left, right: bool(left == right),
    "GreaterThan": lambda left, right: bool(left > right),
    "GreaterThanOrEqualTo": lambda left, right: bool(left >= right),
    "LessThan": lambda left, right: bool(left < right),
    "LessThanOrEqualTo": lambda left, right: bool(left <= right),
}


@dataclass(frozen=True)
class Parameter:
    """A parameter of a pipeline: its type, and the default value and the allowed ones where it has them."""

    name: str
    type: str
    default: Any = None
    allowed: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Step:
    """A step: what the definition says of it, the steps it waits for, and the branch of a Condition that it is in."""

    name: str
    type: str
    said: Mapping[str, Any]
    needs: frozenset[str]
    within: str | None = None
    branch: bool | None = None

    @property
    def arguments(self) -> Mapping[str, Any]:
        """What the step is to be done with."""
        arguments: Mapping[str, Any] = self.said.get("Arguments") or {}
        return arguments


@dataclass(frozen=True)
class Definition:
    """A pipeline: its parameters and its steps by name, as they stand in the text."""

    parameters: Mapping[str, Parameter]
    steps: Mapping[str, Step]
    experiment: Mapping[str, Any]


# --- Reading ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def parse(text: str) -> Definition:
    """Return what a definition says; ServiceError if it is no pipeline."""
    said = _read(text)
    if said.get("Version") != VERSION:
        raise refused(errors.UNKNOWN_PIPELINE_VERSION, version=said.get("Version"))
    if "Steps" not in said:
        raise refused(errors.MEMBER_MISSING, member="Steps", holder="Pipeline")
    parameters = {one.name: one for one in map(_parameter, _listed(said, "Parameters"))}
    steps = _unique(_steps(_listed(said, "Steps"), None, None))
    definition = Definition(parameters, steps, _mapped(said, "PipelineExperimentConfig"))
    for reference in references(definition.experiment):
        _check(reference, definition)
    for step in steps.values():
        _check_step(step, definition)
    _check_order(definition)
    return definition


def refused(sentence: Sentence, **words: Any) -> ServiceError:
    """Return the error that says what is wrong with a definition."""
    return Refusal(VALIDATION, errors.UNABLE_TO_PARSE_PIPELINE).error(detail=sentence(**words))


def _read(text: str) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except ValueError:
        raise refused(errors.NOT_JSON) from None
    if not isinstance(said, dict):
        raise refused(errors.OBJECT_EXPECTED)
    return said


def _listed(holder: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    value = holder.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise refused(errors.ARRAY_EXPECTED)
    if not all(isinstance(one, dict) for one in value):
        raise refused(errors.OBJECT_EXPECTED)
    return value


def _mapped(holder: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = holder.get(name)
    if value is not None and not isinstance(value, dict):
        raise refused(errors.OBJECT_EXPECTED)
    return value or {}


def _parameter(said: Mapping[str, Any]) -> Parameter:
    name, of_type = said.get("Name"), said.get("Type")
    if not isinstance(name, str) or not name:
        raise refused(errors.MEMBER_MISSING, member="Name", holder="Parameters")
    if not isinstance(of_type, str) or of_type not in _TYPES:
        raise refused(errors.UNKNOWN_PARAMETER_TYPE, type=of_type, name=name)
    parameter = Parameter(name, of_type, said.get("DefaultValue"), tuple(said.get("EnumValues") or ()))
    for value in (*parameter.allowed, *(() if parameter.default is None else (parameter.default,))):
        if not _TYPES[of_type](value):
            raise refused(errors.PARAMETER_DEFAULT_OF_WRONG_TYPE, name=name, type=of_type)
    if parameter.default is not None and parameter.allowed and parameter.default not in parameter.allowed:
        raise refused(errors.PARAMETER_DEFAULT_NOT_ALLOWED, name=name)
    return parameter


_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "String": lambda value: isinstance(value, str),
    "Boolean": lambda value: isinstance(value, bool),
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Float": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
}


def _steps(listed: list[dict[str, Any]], within: str | None, branch: bool | None) -> Iterator[Step]:
    """Yield the steps of a list, each before those in its branches."""
    for said in listed:
        name, of_type = said.get("Name"), said.get("Type")
        if not isinstance(name, str) or not _STEP_NAME.fullmatch(name):
            raise refused(errors.BAD_STEP_NAME, name=name)
        if of_type not in STEP_TYPES:
            raise refused(errors.UNKNOWN_STEP_TYPE, type=of_type, name=name)
        arguments = _mapped(said, "Arguments")
        own = {key: value for key, value in arguments.items() if of_type != "Condition" or key not in BRANCHES}
        step = {**said, "Arguments": own}
        yield Step(name, of_type, step, _needs(step, within), within, branch)
        if of_type == "Condition":
            for key, outcome in BRANCHES.items():
                yield from _steps(_listed(arguments, key), name, outcome)


def _needs(said: Mapping[str, Any], within: str | None) -> frozenset[str]:
    """Return the names of the steps that must have succeeded before: by name, by reference, by being around it."""
    named = said.get("DependsOn") or ()
    if not isinstance(named, (list, tuple)):
        raise refused(errors.ARRAY_EXPECTED)
    referred = (step_of(reference) for reference in references(said))
    return frozenset({*named, *(name for name in referred if name), *((within,) if within else ())})


def _unique(steps: Iterator[Step]) -> dict[str, Step]:
    named: dict[str, Step] = {}
    for step in steps:
        if step.name in named:
            raise refused(errors.STEP_NAME_TWICE, name=step.name)
        named[step.name] = step
    return named


# --- Checking ---------------------------------------------------------------------------------------------------------


def _check_step(step: Step, definition: Definition) -> None:
    for name in sorted(step.needs):
        if name not in definition.steps:
            raise refused(errors.UNKNOWN_STEP, step=step.name, name=name)
        if definition.steps[name].type == "Fail":
            raise refused(errors.DEPENDS_ON_FAIL, step=step.name, name=name)
    for reference in references(step.said):
        _check(reference, definition)
    if step.type == "Condition":
        for condition in _listed(step.arguments, "Conditions"):
            _check_condition(step.name, condition)


def _check_condition(name: str, condition: Mapping[str, Any]) -> None:
    of_type = condition.get("Type")
    wanted: tuple[str, ...] = ("LeftValue", "RightValue")
    if of_type == "Not":
        wanted = ("Expression",)
        _check_condition(name, _mapped(condition, "Expression"))
    elif of_type == "Or":
        wanted = ("Conditions",)
        for inner in _listed(condition, "Conditions"):
            _check_condition(name, inner)
    elif of_type == "In":
        wanted = ("QueryValue", "Values")
    elif of_type not in _COMPARISONS:
        raise refused(errors.UNKNOWN_CONDITION_TYPE, type=of_type, name=name)
    for member in wanted:
        if member not in condition:
            raise refused(errors.MEMBER_MISSING, member=member, holder=name)


def _check(reference: str, definition: Definition) -> None:
    """Refuse a reference to what the definition does not have."""
    kind, _, rest = reference.partition(".")
    keys = list(path(rest))
    known = bool(keys) and (
        (kind == "Parameters" and rest in definition.parameters)
        or (kind == "Execution" and rest in VARIABLES)
        or (kind == "Steps" and keys[0] in definition.steps)
    )
    if known and kind == "Steps" and keys[1:2] == ["PropertyFiles"]:
        files = _listed(definition.steps[str(keys[0])].said, "PropertyFiles")
        known = any([one.get("PropertyFileName")] == keys[2:] for one in files)
    if not known:
        raise refused(errors.UNKNOWN_REFERENCE, reference=reference)


def _check_order(definition: Definition) -> None:
    try:
        TopologicalSorter({name: step.needs for name, step in definition.steps.items()}).prepare()
    except CycleError as cycle:
        raise refused(errors.STEPS_IN_A_CIRCLE, steps=" -> ".join(reversed(cycle.args[1]))) from None


# --- References -------------------------------------------------------------------------------------------------------


def references(value: Any) -> Iterator[str]:
    """Yield every reference inside a value."""
    if isinstance(value, Mapping):
        if is_get(value):
            yield value["Get"]
        else:
            for inner in value.values():
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def is_get(value: Any) -> bool:
    """Say whether a value is a reference."""
    return isinstance(value, Mapping) and value.keys() == {"Get"} and isinstance(value["Get"], str)


def is_function(value: Any) -> bool:
    """Say whether a value stands for another one: a reference, or a function of such."""
    return is_get(value) or (
        isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in ("Std:Join", "Std:JsonGet")
    )


def step_of(reference: str) -> str | None:
    """Return the step that a reference is about, if it is about one."""
    kind, _, rest = reference.partition(".")
    return str(next(iter(path(rest)), "")) or None if kind == "Steps" else None


def path(text: str) -> Iterator[str | int]:
    """Yield the keys of a path: ``Outputs['train'].S3Output`` is Outputs, train, S3Output."""
    for name, number, *quoted in _PATH.findall(text):
        yield int(number) if number else name or next(filter(None, quoted), "")


class NoContentError(LookupError):
    """A file that is read has nothing at a path, or nobody has said what it has."""


@dataclass(frozen=True)
class Values:
    """What references lead to: parameters, facts of the execution, what steps came to, and the contents of files.

    ``contents`` maps ``Step.File.path.inside`` to a value.
    """

    parameters: Mapping[str, Any]
    execution: Mapping[str, Any]
    properties: Mapping[str, Mapping[str, Any]]
    contents: Mapping[str, Any] = field(default_factory=dict)


def resolve(value: Any, values: Values) -> Any:
    """Return a value with all that it refers to in its place; LookupError where there is nothing."""
    if isinstance(value, Mapping):
        if is_get(value):
            return _get(value["Get"], values)
        if is_function(value):
            ((name, said),) = value.items()
            return _joined(said, values) if name == "Std:Join" else _content(said, values)
        return {key: resolve(inner, values) for key, inner in value.items()}
    if isinstance(value, list):
        return [resolve(inner, values) for inner in value]
    return value


def text(value: Any) -> str:
    """Return a value as text, as a join and a parameter list show it."""
    return value if isinstance(value, str) else json.dumps(value)


def _get(reference: str, values: Values) -> Any:
    kind, _, rest = reference.partition(".")
    if kind == "Parameters":
        return values.parameters[rest]
    if kind == "Execution":
        return values.execution[rest]
    name, *keys = path(rest)
    found: Any = values.properties[str(name)]
    if keys[:1] == ["Properties"] and "Properties" not in found:
        keys = keys[1:]
    for key in keys:
        found = _inside(found, key)
    return found


def _inside(holder: Any, key: str | int) -> Any:
    """Return what a key leads to; in a list a word is the name of the element that has it."""
    if isinstance(holder, list) and isinstance(key, str):
        element = next(one for one in [*holder, {}] if not one or key in _names(one))
        if not element:
            raise KeyError(key)
        return element["Value"] if element.keys() == {"Name", "Value"} else element
    try:
        return holder[key]
    except TypeError:
        raise KeyError(key) from None


def _names(element: Any) -> list[Any]:
    return [value for name, value in element.items() if name.endswith("Name")] if isinstance(element, Mapping) else []


def _joined(said: Mapping[str, Any], values: Values) -> str:
    return text(said.get("On", "")).join(text(resolve(one, values)) for one in said.get("Values", ()))


def _content(said: Mapping[str, Any], values: Values) -> Any:
    """Return what stands at a path of a property file, or of a file in S3 that a step writes."""
    reference = next(references({key: said[key] for key in ("PropertyFile", "S3Uri") if key in said}), "Steps.")
    name, *keys = path(reference.partition(".")[2])
    file = keys[1:2] if keys[:1] == ["PropertyFiles"] else []
    key = ".".join(map(str, [name, *file, *path(said.get("Path", ""))]))
    if key not in values.contents:
        raise NoContentError(key)
    return values.contents[key]


# --- Parameters -------------------------------------------------------------------------------------------------------


def parameters(definition: Definition, given: Mapping[str, str]) -> dict[str, Any]:
    """Return the value of every parameter; ServiceError if one is unknown, missing, or not of its type."""
    if unknown := [name for name in given if name not in definition.parameters]:
        raise Refusal(VALIDATION, errors.UNKNOWN_PARAMETERS).error(names=", ".join(unknown))
    valued = {
        name: _typed(one, given[name]) if name in given else one.default for name, one in definition.parameters.items()
    }
    if missing := [name for name, value in valued.items() if value is None]:
        raise Refusal(VALIDATION, errors.MISSING_PARAMETERS).error(names=", ".join(missing))
    return valued


def _typed(parameter: Parameter, said: str) -> Any:
    value = typed(parameter.type, said)
    if value == "":
        raise Refusal(VALIDATION, errors.EMPTY_PARAMETER).error()
    if value is None:
        raise Refusal(VALIDATION, errors.PARAMETER_OF_WRONG_TYPE).error(
            name=parameter.name, type=parameter.type, value=said
        )
    if parameter.allowed and value not in parameter.allowed:
        allowed = ", ".join(map(text, parameter.allowed))
        raise Refusal(VALIDATION, errors.PARAMETER_NOT_ALLOWED).error(name=parameter.name, value=said, allowed=allowed)
    return value


def typed(of_type: str, said: str) -> Any:
    """Return what a text says in a type; None if it is not of that type."""
    match of_type:
        case "Integer":
            return int(said) if _WHOLE.fullmatch(said) else None
        case "Float":
            return float(said) if _NUMBER.fullmatch(said) else None
        case "Boolean":
            return {"true": True, "false": False}.get(said.lower())
        case _:
            return said


# --- Conditions -------------------------------------------------------------------------------------------------------


def holds(condition: Mapping[str, Any], values: Values) -> bool:
    """Say whether a condition holds; LookupError if a value is not known, TypeError if two cannot be compared."""
    match condition["Type"]:
        case "Not":
            return not holds(condition["Expression"], values)
        case "Or":
            return any([holds(inner, values) for inner in condition["Conditions"]])
        case "In":
            return resolve(condition["QueryValue"], values) in resolve(condition["Values"], values)
        case of_type:
            left, right = resolve(condition["LeftValue"], values), resolve(condition["RightValue"], values)
            return _COMPARISONS[of_type](*_alike(left, right))


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Return two values so that they can be compared: a number in a text is a number beside a number."""
    if isinstance(left, str) != isinstance(right, str):
        number = [float(one) if isinstance(one, str) and _NUMBER.fullmatch(one) else one for one in (left, right)]
        return number[0], number[1]
    return left, right
