"""RenderUiTemplate: what a worker would see, the template filled with a task."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine import verbs
from emulator.engine.scope import Scope

if TYPE_CHECKING:
    from liquid import Environment

Params = Mapping[str, Any]
MOST_TURNS = 100_000  # of all loops of a template together
LONGEST = 5_000_000  # bytes of what is rendered


def render(scope: Scope, params: Params) -> dict[str, Any]:
    """Fill a template, given or kept as a UI, with a task; what is wrong with either is part of the answer."""
    if ("UiTemplate" in params) == ("HumanTaskUiArn" in params):
        raise Refusal(VALIDATION, errors.UI_OR_TEMPLATE).error()
    content, faults = rendered(_template(scope, params), params["Task"]["Input"])
    return {"RenderedContent": content, "Errors": faults}


def rendered(template: str, task: str) -> tuple[str, list[dict[str, str]]]:
    """Return a template filled with a task's input, and what went wrong."""
    from liquid.exceptions import LiquidError  # noqa: PLC0415 - only who renders needs the library

    try:
        given = json.loads(task)
    except ValueError as error:
        return "", [{"Code": "InvalidTaskInput", "Message": f"Task.Input is not JSON: {error}"}]
    try:
        return _environment().from_string(template).render(task={"input": given}), []
    except (LiquidError, RecursionError) as error:
        return "", [{"Code": "TemplateRenderingError", "Message": str(error) or "The template cannot be rendered."}]


def _template(scope: Scope, params: Params) -> str:
    if "UiTemplate" in params:
        content: str = params["UiTemplate"]["Content"]
        return content
    record = verbs.found(scope, scope.resources.resource("HumanTaskUi"), params["HumanTaskUiArn"])
    kept: str = record.members["UiTemplate"]["Content"]
    return kept


def _json(value: Any) -> str:
    """Return a value as JSON; what the task does not have is null."""
    return json.dumps(value, default=lambda _: None)


@cache
def _environment() -> Environment:
    """Return Liquid as SageMaker has it: values are escaped, with the filters of worker templates."""
    from liquid import Environment  # noqa: PLC0415
    from markupsafe import Markup  # noqa: PLC0415

    class Limited(Environment):
        """Liquid that ends, whatever a template asks for."""

        loop_iteration_limit = MOST_TURNS
        output_stream_limit = LONGEST

    environment = Limited(autoescape=True)
    environment.add_filter("to_json", lambda value: Markup(_json(value)))  # noqa: S704 - as the service does
    environment.add_filter("skip_autoescape", lambda value: Markup(str(value)))  # noqa: S704
    environment.add_filter("grant_read_access", str)
    return environment


OPERATIONS = {"RenderUiTemplate": render}
