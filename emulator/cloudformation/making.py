"""From what a client sends to what a stack is made from, with all that is refused before anything begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from emulator.cloudformation import errors, parameters, rules, sentences, target
from emulator.cloudformation.functions import evaluate, size
from emulator.cloudformation.known import Outside, Unborn, Untold
from emulator.cloudformation.references import references
from emulator.cloudformation.sentences import TemplateError
from emulator.cloudformation.stacks import Source
from emulator.cloudformation.summary import AUTO_EXPAND, IAM, NAMED_IAM, capabilities
from emulator.cloudformation.target import Goal
from emulator.registry.handler import ResourceType

LARGEST = 51_200  # bytes of a template that stands in a call
LONGEST_VALUE = 4_096  # bytes of a parameter

_INCLUDED = {NAMED_IAM: IAM}  # what is acknowledged with something else

KEPT = (
    "NotificationARNs",
    "RoleARN",
    "Capabilities",
    "TimeoutInMinutes",
    "RollbackConfiguration",
    "RetainExceptOnCreate",
    "DeploymentConfig",
)


def body(params: Mapping[str, Any], fetch: Callable[[str], str], previous: Source | None = None) -> str:
    """Return the template that a call sends, names, or means by using the previous one."""
    text, url, same = params.get("TemplateBody"), params.get("TemplateURL"), params.get("UsePreviousTemplate")
    if not text and not url and not (same and previous is not None):
        raise errors.NO_TEMPLATE.error()
    if bool(text) + bool(url) + bool(same) > 1:
        raise errors.ONE_TEMPLATE.error()
    if text and len(text.encode()) > LARGEST:
        raise errors.TEMPLATE_TOO_LARGE.error(limit=LARGEST)
    if url:
        return fetch(url)
    return text or (previous.body if previous is not None else "")


def source(
    params: Mapping[str, Any], fetch: Callable[[str], str], outside: Outside, previous: Source | None = None
) -> Source:
    """Return what a call wants a stack to be made from; TemplateError or ServiceError if that cannot be."""
    text = body(params, fetch, previous)
    given = {one["ParameterKey"]: _given(one) for one in params.get("Parameters", ())}
    before = None if previous is None else {name: said[0] for name, said in previous.parameters.items()}
    settled = parameters.settle(target.read(text), given, before, lambda name: outside.parameter(name, None))
    tags = dict(previous.tags) if previous is not None else {}
    if "Tags" in params:
        tags = _tags(params["Tags"])
    return Source(text, {name: list(one) for name, one in settled.items()}, tags)


def _given(parameter: Mapping[str, Any]) -> str | None:
    """Return the value that a call gives a parameter; None for the previous one."""
    name, value = parameter["ParameterKey"], parameter.get("ParameterValue", "")
    if parameter.get("UsePreviousValue"):
        if value:
            raise TemplateError(sentences.PREVIOUS_AND_VALUE(name=name))
        return None
    if size(value) > LONGEST_VALUE:
        raise TemplateError(sentences.VALUE_TOO_LONG(name=name, limit=LONGEST_VALUE))
    return str(value)


def _tags(said: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return the tags that a call gives a stack by their keys."""
    tags = {tag["Key"]: tag["Value"] for tag in said}
    if len(tags) < len(said):
        raise errors.DUPLICATE_TAGS.error()
    for key in tags:
        if str(key).lower().startswith("aws:"):  # templates may say numbers
            raise errors.RESERVED_TAG.error(key=key)
    return tags


def check(
    goal: Goal, params: Mapping[str, Any], find: Callable[[str], ResourceType | None], *, direct: bool = True
) -> None:
    """Refuse what no stack can be made of; ``direct`` says that it is made without a change set to look at."""
    rules.check(goal.known)
    goal.exports()  # refused where they cannot be called so
    wanted = [goal.declared(logical) for logical in goal.logical]
    unknown = sorted({one.type for one in wanted if find(one.type) is None})
    if unknown:
        raise errors.UNRECOGNIZED.error(types=", ".join(unknown))
    _check_attributes(goal, find)
    early = replace(goal.known, resources=Unborn(), outside=Untold())
    for one in wanted:
        evaluate(one.properties, early)
        allowed = params.get("ResourceTypes")
        if allowed and not any(_allows(pattern, one.type) for pattern in allowed):
            raise errors.NOT_ALLOWED_TYPE.error(type=one.type, types=", ".join(allowed))
        if "Snapshot" in (one.deletion_policy, one.update_replace_policy):
            raise errors.NO_SNAPSHOT.error(type=one.type)
    given = {one for said in params.get("Capabilities", ()) for one in (said, _INCLUDED.get(said))}
    missing = [one for one in capabilities(target.read(goal.source.body)) if one not in given]
    if not direct and AUTO_EXPAND in missing:
        missing.remove(AUTO_EXPAND)
    if missing:
        raise errors.CAPABILITIES.error(names=", ".join(missing))


def _check_attributes(goal: Goal, find: Callable[[str], ResourceType | None]) -> None:
    """Refuse Fn::GetAtt of what a type does not have."""
    said = [goal.declared(logical).properties for logical in goal.logical]
    for logical, attribute in references([*said, goal.template.document.get("Outputs", {})], goal.known.condition):
        declared = goal.template.resources.get(logical)
        kind = find(declared.type) if declared is not None and attribute else None
        if kind is not None and attribute and attribute.partition(".")[0] not in kind.schema["properties"]:
            raise errors.NO_ATTRIBUTE_IN_TYPE.error(logical=logical, attribute=attribute)


def _allows(pattern: str, kind: str) -> bool:
    if pattern in ("*", "AWS::*"):
        return True
    return kind.startswith(pattern[:-1]) if pattern.endswith("::*") else kind == pattern
