"""The parameters of a template: from what a caller gives to settled values, or to CloudFormation's refusal."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import regex

from emulator.aws.errors import Sentence
from emulator.cloudformation import sentences
from emulator.cloudformation.functions import text
from emulator.cloudformation.sentences import TemplateError
from emulator.cloudformation.template import Template

Given = Mapping[str, str | None]  # None where the previous value is to be used
LookUp = Callable[[str], str]

MASK = "****"
_STORED = re.compile(r"AWS::SSM::Parameter::Value<(.+)>")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


class Settled(NamedTuple):
    """A parameter's value: as given, as Ref gives it, and, for a key of the parameter store, what that came to."""

    given: str
    value: Any
    resolved: str | None = None


def settle(
    template: Template, given: Given, previous: Mapping[str, str] | None = None, look_up: LookUp | None = None
) -> dict[str, Settled]:
    """Return the values of a template's parameters by name.

    ``previous`` holds what was given before; ``look_up`` reads the parameter store. TemplateError if a value is
    missing, belongs to no parameter, or is not allowed.
    """
    unknown = [name for name in given if name not in template.parameters]
    if unknown:
        raise TemplateError(sentences.DO_NOT_EXIST(names=", ".join(unknown)))
    values: dict[str, str] = {}
    missing = []
    for name, declared in template.parameters.items():
        found = _value(name, declared, given, previous)
        if found is None:
            missing.append(name)
        else:
            values[name] = found
    if missing:
        raise TemplateError(sentences.MUST_HAVE_VALUES(names=", ".join(missing)))
    return {name: _settled(name, template.parameters[name], value, look_up) for name, value in values.items()}


def values(settled: Mapping[str, Settled]) -> dict[str, Any]:
    """Return by name what Ref gives for settled parameters."""
    return {name: one.value for name, one in settled.items()}


def shown(template: Template, settled: Mapping[str, Settled]) -> list[dict[str, str]]:
    """Return parameters as descriptions of stacks and change sets show them: what is not to be echoed is masked."""
    return [_shown(name, one, template.parameters.get(name, {})) for name, one in settled.items()]


def is_secret(declared: Mapping[str, Any]) -> bool:
    """Return whether the value of a declared parameter must not be echoed."""
    return text(declared.get("NoEcho", False)).lower() == "true"


def _shown(name: str, settled: Settled, declared: Mapping[str, Any]) -> dict[str, str]:
    secret = is_secret(declared)
    found = {"ParameterKey": name, "ParameterValue": MASK if secret else settled.given}
    if settled.resolved is not None:
        found["ResolvedValue"] = MASK if secret else settled.resolved
    return found


def _value(name: str, declared: Mapping[str, Any], given: Given, previous: Mapping[str, str] | None) -> str | None:
    if name in given:
        value = given[name]
        if value is None:
            if previous is None or name not in previous:
                raise TemplateError(sentences.NOT_PREVIOUS(name=name))
            return previous[name]
        return value
    default = declared.get("Default")
    if isinstance(default, list):
        return ",".join(map(text, default))
    return None if default is None else text(default)


def _settled(name: str, declared: Mapping[str, Any], given: str, look_up: LookUp | None) -> Settled:
    kind: str = declared["Type"]
    stored = _STORED.fullmatch(kind)
    if stored is None:
        _check(name, declared, given)
        return Settled(given, _typed(kind, given))
    _check(name, declared, given)
    if look_up is None:
        raise TemplateError(sentences.NO_STORE(name=given))
    resolved = look_up(given)
    return Settled(given, _typed(stored[1], resolved), resolved)


def _typed(kind: str, value: str) -> Any:
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        return [one.strip() for one in value.split(",")] if value else []
    return value


# --- What is allowed --------------------------------------------------------------------------------------------------


def _check(name: str, declared: Mapping[str, Any], value: str) -> None:
    kind = declared["Type"]
    several = _typed(kind, value)
    for one in several if isinstance(several, list) else [value]:
        for broken in (_broken_choice, _broken_number, _broken_length):
            sentence = broken(kind, declared, one)
            if sentence is not None:
                _refuse(name, declared, *sentence)


def _refuse(name: str, declared: Mapping[str, Any], sentence: Sentence, words: Mapping[str, Any]) -> None:
    described = declared.get("ConstraintDescription")
    if described is not None:
        raise TemplateError(sentences.CONSTRAINT(name=name, constraint=described))
    raise TemplateError(sentence(name=name, **words))


_Broken = tuple[Sentence, dict[str, Any]] | None


def _broken_choice(kind: str, declared: Mapping[str, Any], value: str) -> _Broken:
    allowed, pattern = declared.get("AllowedValues"), declared.get("AllowedPattern")
    if allowed is not None and value not in map(text, allowed):
        return sentences.ALLOWED_VALUES, {}
    if pattern is not None and kind not in ("Number", "List<Number>") and regex.fullmatch(str(pattern), value) is None:
        return sentences.ALLOWED_PATTERN, {"pattern": pattern}
    return None


def _broken_number(kind: str, declared: Mapping[str, Any], value: str) -> _Broken:
    if kind not in ("Number", "List<Number>"):
        return None
    if _NUMBER.fullmatch(value) is None:
        return sentences.NUMBER, {}
    least, most = declared.get("MinValue"), declared.get("MaxValue")
    if least is not None and float(value) < float(least):
        return sentences.MIN_VALUE, {"limit": text(least)}
    if most is not None and float(value) > float(most):
        return sentences.MAX_VALUE, {"limit": text(most)}
    return None


def _broken_length(kind: str, declared: Mapping[str, Any], value: str) -> _Broken:
    least, most = declared.get("MinLength"), declared.get("MaxLength")
    if kind != "String" and _STORED.fullmatch(kind) is None:
        return None
    if least is not None and len(value) < int(least):
        return sentences.MIN_LENGTH, {"limit": least}
    if most is not None and len(value) > int(most):
        return sentences.MAX_LENGTH, {"limit": most}
    return None
