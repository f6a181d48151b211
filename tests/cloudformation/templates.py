"""A template at work in tests: it is read, its parameters are settled, and its resources have telling names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from emulator.cloudformation import parameters, template
from emulator.cloudformation.extensions import processed
from emulator.cloudformation.functions import evaluate
from emulator.cloudformation.known import Known, Outside, Resources, Unborn, pseudo_parameters
from emulator.cloudformation.sentences import TemplateError

PSEUDO = pseudo_parameters("123456789012", "us-east-1", "aws", "shop", "arn:aws:cloudformation:shop", ["topic"])


class Named:
    """Resources whose physical ids and attributes say whose they are."""

    def ref(self, logical: str) -> str:
        return f"id-of-{logical}"

    def attribute(self, logical: str, name: str) -> str:
        return f"{name}-of-{logical}"


class Shelves:
    """An outside with exports, parameters and secrets."""

    exports: Mapping[str, str] = {"vpc": "vpc-1"}
    stored: Mapping[str, str] = {"/app/size": "12", "/app/size:3": "3"}
    secrets: Mapping[str, str] = {"db": '{"user": "ann", "port": 5432}'}

    def imported(self, export: str) -> str:
        return self.exports[export]

    def parameter(self, name: str, version: str | None, *, secure: bool = False) -> str:
        return self.stored[name if version is None else f"{name}:{version}"] + ("!" if secure else "")

    def secret(self, name: str, stage: str | None, version: str | None) -> str:
        return self.secrets[name]


def known(body: str, resources: Resources | None = None, outside: Outside | None = None, **given: str) -> Known:
    """Return what is known of a template with the values of its parameters."""
    read = template.read(body)
    outside = outside or Shelves()
    settled = parameters.settle(read, given, look_up=lambda name: outside.parameter(name, None))
    values = parameters.values(settled)
    return Known(processed(read, values, PSEUDO), values, PSEUDO, resources or Named(), outside)


def value(function: Any, declared: str = "", resources: Resources | None = None, **given: str) -> Any:
    """Return what a function comes to beside resources One and Two, and what else a template declares in YAML."""
    world = known(f"{declared}\nResources: {{One: {{Type: T}}, Two: {{Type: T}}}}", resources, **given)
    return evaluate(function, world)


def unborn(function: Any) -> Any:
    """Return what a function comes to before any resource is there."""
    return value(function, resources=Unborn())


def refusal(act: Callable[[], Any]) -> str:
    """Return the sentence that something is refused with."""
    try:
        found = act()
    except TemplateError as error:
        return error.message
    raise AssertionError(f"not refused: {found}")


def properties(world: Known) -> Mapping[str, Any]:
    """Return the properties of all resources by logical id."""
    return {one.logical: evaluate(one.properties, world) for one in world.template.resources.values()}
