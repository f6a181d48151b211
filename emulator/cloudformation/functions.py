"""The functions of a template: from a value as it is written to what it comes to."""

from __future__ import annotations

import base64
import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from emulator.aws.errors import Sentence
from emulator.cloudformation import sentences
from emulator.cloudformation.references import VARIABLE, attribute_of, function
from emulator.cloudformation.sentences import TemplateError


class World(Protocol):
    """What functions ask for. ``known.Known`` is one."""

    def ref(self, name: str) -> Any:
        """Return a parameter's value, a pseudo parameter's, or a resource's physical id."""

    def attribute(self, logical: str, name: str) -> Any:
        """Return an attribute of a resource."""

    def condition(self, name: str) -> bool:
        """Return whether a condition holds."""

    def typed(self, kind: str) -> list[Any]:
        """Return the values of all parameters of a type."""

    def mapping(self, name: str) -> Mapping[str, Any] | None:
        """Return the mapping of a name, if there is one."""

    def imported(self, export: str) -> Any:
        """Return what is exported under a name."""

    def zones(self, region: str) -> list[str]:
        """Return the availability zones of a region; of its own for an empty text."""


class Unknown(str):
    """What is known only after a change is made, as change sets show it. What is made of it is unknown too."""

    __slots__ = ()


UNKNOWN = Unknown("{{changeSet:KNOWN_AFTER_APPLY}}")


class _NoValue:
    """What AWS::NoValue refers to: the property, or the element, is not there."""


NO_VALUE = _NoValue()


def evaluate(value: Any, world: World) -> Any:
    """Return what a value comes to; TemplateError where a function cannot be applied."""
    name = function(value)
    if name is not None:
        return _FUNCTIONS[name](value[name], world) if name in _FUNCTIONS else _unsupported(name)
    if isinstance(value, dict):
        members = {key: evaluate(one, world) for key, one in value.items()}
        return {key: one for key, one in members.items() if one is not NO_VALUE}
    if isinstance(value, list):
        return [one for one in (evaluate(one, world) for one in value) if one is not NO_VALUE]
    return value


def holds(value: Any, world: World) -> bool:
    """Return whether a condition, as it is written, holds."""
    if isinstance(value, dict) and len(value) == 1 and isinstance(value.get("Condition"), str):
        return world.condition(value["Condition"])
    found = evaluate(value, world)
    return found is True or (isinstance(found, str) and found.lower() == "true")


def text(value: Any) -> str:
    """Return a scalar as CloudFormation writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def size(value: str) -> int:
    """Return how many bytes a text has, whatever JSON has put into it."""
    return len(value.encode(errors="surrogatepass"))


def _unsupported(name: str) -> Any:
    raise TemplateError(sentences.UNSUPPORTED_FUNCTION(name=name, supported=", ".join(_FUNCTIONS)))


def _several(argument: Any, number: int, sentence: Sentence) -> list[Any]:
    if not isinstance(argument, list) or len(argument) != number:
        raise TemplateError(sentence())
    return argument


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float)


def is_unknown(value: Any) -> bool:
    """Say whether something is unknown, or holds something that is."""
    if isinstance(value, list | dict):
        return any(map(is_unknown, value.values() if isinstance(value, dict) else value))
    return isinstance(value, Unknown)


# --- References -------------------------------------------------------------------------------------------------------


def _ref(argument: Any, world: World) -> Any:
    if not isinstance(argument, str):
        raise TemplateError(sentences.REF_IS_TEXT())
    return NO_VALUE if argument == "AWS::NoValue" else world.ref(argument)


def _get_att(argument: Any, world: World) -> Any:
    logical, attribute = attribute_of(argument)
    attribute = evaluate(attribute, world)
    if not logical or not isinstance(attribute, str) or not attribute:
        raise TemplateError(sentences.GET_ATT_TEXT() if isinstance(argument, str) else sentences.GET_ATT())
    return attribute if isinstance(attribute, Unknown) else world.attribute(logical, attribute)


def _import_value(argument: Any, world: World) -> Any:
    name = evaluate(argument, world)
    if not isinstance(name, str):
        raise TemplateError(sentences.IMPORT_VALUE())
    return name if isinstance(name, Unknown) else world.imported(name)


def _find_in_map(argument: Any, world: World) -> Any:
    argument = evaluate(argument, world)
    if not isinstance(argument, list) or len(argument) not in (3, 4):
        raise TemplateError(sentences.FIND_IN_MAP())
    if is_unknown(argument[:3]):
        return UNKNOWN
    name, first, second = (text(one) for one in argument[:3])
    missing = sentences.NO_MAPPING(name=name, first=first, second=second)
    mapping = world.mapping(name)
    if mapping is None:
        mapping, missing = {}, sentences.NO_MAPPING_NAMED(name=name)
    try:
        return mapping[first][second]
    except KeyError:
        if len(argument) == 4 and isinstance(argument[3], dict) and "DefaultValue" in argument[3]:
            return argument[3]["DefaultValue"]
        raise TemplateError(missing) from None


def _get_azs(argument: Any, world: World) -> Any:
    region = evaluate(argument, world)
    if not isinstance(region, str):
        raise TemplateError(sentences.GET_AZS())
    return region if isinstance(region, Unknown) else world.zones(region)


# --- Texts ------------------------------------------------------------------------------------------------------------


def _sub(argument: Any, world: World) -> Any:
    template, own = argument, {}
    if isinstance(argument, list):
        template, own = _several(argument, 2, sentences.SUB)
    if not isinstance(template, str) or not isinstance(own, dict):
        raise TemplateError(sentences.SUB())
    own = evaluate(own, world)
    unknown = []

    def filled(match: re.Match[str]) -> str:
        literal, name = match[1], match[2]
        if literal:
            return "${" + name + "}"
        found = _variable(name.strip(), own, world)
        unknown.append(isinstance(found, Unknown))
        return ",".join(map(text, found)) if isinstance(found, list) else text(found)

    whole = VARIABLE.sub(filled, template)
    return UNKNOWN if any(unknown) else whole


def _variable(name: str, own: Mapping[str, Any], world: World) -> Any:
    if name in own:
        return own[name]
    logical, dot, attribute = name.partition(".")
    found = world.attribute(logical, attribute) if dot else world.ref(name)
    if not isinstance(found, list) and not _is_scalar(found):
        raise TemplateError(sentences.SUB())
    return found


def _join(argument: Any, world: World) -> Any:
    delimiter, values = _several(argument, 2, sentences.JOIN)
    values = evaluate(values, world)
    if not isinstance(delimiter, str):
        raise TemplateError(sentences.JOIN())
    if isinstance(values, Unknown) or is_unknown(values):
        return UNKNOWN
    if not isinstance(values, list) or not all(map(_is_scalar, values)):
        raise TemplateError(sentences.JOIN())
    return delimiter.join(map(text, values))


def _split(argument: Any, world: World) -> Any:
    delimiter, value = _several(argument, 2, sentences.SPLIT)
    value = evaluate(value, world)
    if not isinstance(delimiter, str) or not delimiter or not isinstance(value, str):
        raise TemplateError(sentences.SPLIT())
    return value if isinstance(value, Unknown) else value.split(delimiter)


def _base64(argument: Any, world: World) -> Any:
    value = evaluate(argument, world)
    if not isinstance(value, str):
        raise TemplateError(sentences.BASE64())
    return value if isinstance(value, Unknown) else base64.b64encode(value.encode()).decode()


def _to_json(argument: Any, world: World) -> Any:
    value = evaluate(argument, world)
    return UNKNOWN if is_unknown(value) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


# --- Lists ------------------------------------------------------------------------------------------------------------


def _select(argument: Any, world: World) -> Any:
    index, values = _several(argument, 2, sentences.SELECT)
    index, values = evaluate(index, world), evaluate(values, world)
    if isinstance(index, Unknown) or isinstance(values, Unknown):
        return UNKNOWN
    if not isinstance(values, list) or not _is_scalar(index) or not text(index).lstrip("-").isdecimal():
        raise TemplateError(sentences.SELECT())
    if not 0 <= int(index) < len(values):
        raise TemplateError(sentences.SELECT_NULLS(index=index))
    return values[int(index)]


def _length(argument: Any, world: World) -> Any:
    value = evaluate(argument, world)
    if isinstance(value, Unknown):
        return UNKNOWN
    if not isinstance(value, list):
        raise TemplateError(sentences.LENGTH())
    return len(value)


def _cidr(argument: Any, world: World) -> Any:
    argument = evaluate(argument, world)
    if not isinstance(argument, list) or len(argument) not in (2, 3):
        raise TemplateError(sentences.CIDR())
    if is_unknown(argument):
        return UNKNOWN
    try:
        network = ipaddress.ip_network(argument[0], strict=False)
        count = int(argument[1])
        bits = int(argument[2]) if len(argument) == 3 else 8
    except (ValueError, TypeError):
        raise TemplateError(sentences.CIDR()) from None
    width = network.max_prefixlen - bits
    if not 1 <= count <= 256 or not network.prefixlen <= width <= network.max_prefixlen:
        raise TemplateError(sentences.CIDR_RANGE(count=count, bits=bits, block=argument[0]))
    if count > 1 << (width - network.prefixlen):
        raise TemplateError(sentences.CIDR_RANGE(count=count, bits=bits, block=argument[0]))
    blocks = network.subnets(new_prefix=width)
    return [str(next(blocks)) for _ in range(count)]


# --- Conditions -------------------------------------------------------------------------------------------------------


def _if(argument: Any, world: World) -> Any:
    name, then, otherwise = _several(argument, 3, sentences.IF)
    if not isinstance(name, str):
        raise TemplateError(sentences.IF())
    return evaluate(then if world.condition(name) else otherwise, world)


def _equals(argument: Any, world: World) -> bool:
    left, right = evaluate(_several(argument, 2, sentences.EQUALS), world)
    if _is_scalar(left) and _is_scalar(right):
        return text(left) == text(right)
    return bool(left == right)


def _not(argument: Any, world: World) -> bool:
    return not holds(_several(argument, 1, sentences.NOT)[0], world)


def _all_or_any(name: str, quantifier: Callable[[list[bool]], bool]) -> Callable[[Any, World], bool]:
    def combined(argument: Any, world: World) -> bool:
        if not isinstance(argument, list) or not 2 <= len(argument) <= 10:
            raise TemplateError(sentences.AND_OR(name=name))
        return quantifier([holds(one, world) for one in argument])

    return combined


# --- Rules ------------------------------------------------------------------------------------------------------------


def _contains(argument: Any, world: World) -> bool:
    among, one = _two("Fn::Contains", argument, world)
    return text(one) in map(text, among)


def _each_equals(argument: Any, world: World) -> bool:
    members, one = _two("Fn::EachMemberEquals", argument, world)
    return all(text(member) == text(one) for member in members)


def _each_in(argument: Any, world: World) -> bool:
    members, among = _two("Fn::EachMemberIn", argument, world)
    if not isinstance(among, list):
        raise TemplateError(sentences.RULE_ARGUMENTS(name="Fn::EachMemberIn", what="another"))
    return {text(member) for member in members} <= {text(one) for one in among}


def _two(name: str, argument: Any, world: World) -> tuple[list[Any], Any]:
    found = evaluate(argument, world)
    if not isinstance(found, list) or len(found) != 2 or not isinstance(found[0], list):
        raise TemplateError(sentences.RULE_ARGUMENTS(name=name, what="a string"))
    return found[0], found[1]


def _ref_all(argument: Any, world: World) -> list[Any]:
    return world.typed(text(argument))


_FUNCTIONS: dict[str, Callable[[Any, World], Any]] = {
    "Ref": _ref,
    "Fn::And": _all_or_any("Fn::And", all),
    "Fn::Base64": _base64,
    "Fn::Cidr": _cidr,
    "Fn::Contains": _contains,
    "Fn::EachMemberEquals": _each_equals,
    "Fn::EachMemberIn": _each_in,
    "Fn::Equals": _equals,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAZs": _get_azs,
    "Fn::GetAtt": _get_att,
    "Fn::If": _if,
    "Fn::ImportValue": _import_value,
    "Fn::Join": _join,
    "Fn::Length": _length,
    "Fn::Not": _not,
    "Fn::Or": _all_or_any("Fn::Or", any),
    "Fn::RefAll": _ref_all,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
    "Fn::ToJsonString": _to_json,
}
