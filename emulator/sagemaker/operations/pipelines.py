"""Pipelines and their versions: made, changed, described, deleted. How they run is another topic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import CONFLICT, NOT_FOUND, VALIDATION, Refusal
from emulator.aws.model import ServiceModel, Shape
from emulator.engine import verbs
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack
from emulator.sagemaker.operations.pipeline_steps import JOBS
from emulator.sagemaker.rules import pipeline_language as language

Params = Mapping[str, Any]
Answer = dict[str, Any]

OF_VERSION = ("PipelineVersionAliases", "PipelineDefinitionS3Location", "ClientRequestToken")
MOST_ALIASES = 10
NOT_IN_STEPS = {"RegisterModel": frozenset({"ModelPackageName"})}


def create(scope: Scope, params: Params) -> Answer:
    """Make a pipeline and its first version."""
    params = _with_definition(scope, params, required=True)
    aliases = params.get("PipelineVersionAliases", [])
    for alias in aliases:
        _refuse_alias(alias)
    pipelines = scope.resources.resource("Pipeline")
    record = verbs.make(scope, pipelines, {key: value for key, value in params.items() if key not in OF_VERSION})
    _add_version(scope, record, params["PipelineDefinition"], aliases)
    return {"PipelineArn": record.arn}


def update(scope: Scope, params: Params) -> Answer:
    """Change a pipeline; another definition makes a new version."""
    pipelines = scope.resources.resource("Pipeline")
    record = verbs.find(scope, pipelines, params)
    params = _with_definition(scope, params, required=False)
    definition = params.get("PipelineDefinition")
    changes = definition is not None and definition != record.members["PipelineDefinition"]
    aliases = params.get("PipelineVersionAliases", [])
    if aliases and not changes:
        raise Refusal(VALIDATION, errors.ALIASES_WITHOUT_NEW_VERSION).error()
    for alias in aliases:
        _refuse_alias(alias)
        _refuse_taken_alias(scope, record, alias)
    verbs.update(scope, pipelines, {key: value for key, value in params.items() if key not in OF_VERSION})
    if changes:
        _add_version(scope, verbs.find(scope, pipelines, params), params["PipelineDefinition"], aliases)
    return {"PipelineArn": record.arn, "PipelineVersionId": version(scope, record, {}).key[-1]}


def describe(scope: Scope, params: Params) -> Answer:
    """Tell all about a pipeline, as it is in one of its versions."""
    pipelines = scope.resources.resource("Pipeline")
    record = scope.look(pipelines, verbs.find(scope, pipelines, params))
    one = version(scope, record, params)
    assert scope.output is not None  # what is described has an output
    return pipelines.project(scope.output.name, {**scope.fields(pipelines, record), **one.members})


def delete(scope: Scope, params: Params) -> Answer | None:
    """Delete a pipeline with its versions and executions, unless one of them runs."""
    pipelines = scope.resources.resource("Pipeline")
    record = verbs.find(scope, pipelines, params)
    running = [one.key[-1] for one in executions(scope, record) if one.state and one.state.status in RUNNING]
    if running:
        raise Refusal(CONFLICT, errors.PIPELINE_IS_RUNNING).error(arn=record.arn, executions=", ".join(running))
    return verbs.delete(scope, pipelines, params)


def update_version(scope: Scope, params: Params) -> Answer:
    """Change what a version is called, what is said of it, and the aliases that stand for it."""
    pipeline = verbs.found(scope, scope.resources.resource("Pipeline"), params["PipelineArn"])
    one = version(scope, pipeline, params)
    said = params.get("PipelineVersionAliasOperations", {})
    members = one.members
    aliases = _operated(scope, pipeline, one, members.pop("PipelineVersionAliases", []), said)
    members |= {
        key: params[key] for key in ("PipelineVersionDisplayName", "PipelineVersionDescription") if key in params
    }
    members |= {"PipelineVersionAliases": aliases} if aliases else {}
    now = scope.now
    scope.put(scope.resources.resource("PipelineVersion"), one._replace(packed=pack(members), modified=now))
    return {"PipelineArn": pipeline.arn, "PipelineVersionId": one.key[-1]}


# --- Versions ---------------------------------------------------------------------------------------------------------

RUNNING = frozenset({"Executing", "Stopping"})


def version(scope: Scope, pipeline: Record, params: Params) -> Record:
    """Return the version that the params name by number or alias, else the latest; ServiceError if there is none."""
    if {"PipelineVersionId", "PipelineVersionAlias"} <= params.keys():
        raise Refusal(VALIDATION, errors.BOTH_PIPELINE_VERSIONS).error()
    table = scope.table(scope.resources.resource("PipelineVersion"))
    family = table.family(("Pipeline", *pipeline.key))
    if number := params.get("PipelineVersionId"):
        found = family.get((*pipeline.key, number))
        missing = Refusal(NOT_FOUND, errors.PIPELINE_VERSION_DOES_NOT_EXIST).error(version=number, arn=pipeline.arn)
    elif alias := params.get("PipelineVersionAlias"):
        found = _aliased(scope, pipeline, alias)
        missing = Refusal(NOT_FOUND, errors.PIPELINE_ALIAS_DOES_NOT_EXIST).error(alias=alias, arn=pipeline.arn)
    else:
        return next(reversed(family.values()))  # a pipeline has one at least
    if found is None:
        raise missing
    return found


def executions(scope: Scope, pipeline: Record) -> list[Record]:
    """Return the executions of a pipeline as they are by now, oldest first."""
    resource = scope.resources.resource("PipelineExecution")
    keys = list(scope.table(resource).family(("Pipeline", *pipeline.key)))
    return [one for one in [scope.find(resource, key) for key in keys] if one is not None]


def _add_version(scope: Scope, pipeline: Record, definition: str, aliases: list[str]) -> None:
    more = {"PipelineVersionAliases": aliases} if aliases else {}
    params = {"PipelineName": pipeline.key[0], "PipelineDefinition": definition}
    record = verbs.make(scope, scope.resources.resource("PipelineVersion"), params, more)
    resource = scope.resources.resource("PipelineVersion")
    scope.put(resource, record._replace(packed=pack({**record.members, "PipelineVersionId": record.key[-1]})))


def _operated(scope: Scope, pipeline: Record, one: Record, aliases: list[str], said: Params) -> list[str]:
    """Return the aliases of a version after some were added and some removed."""
    added, removed = said.get("Add", []), said.get("Remove", [])
    for alias in added:
        _refuse_alias(alias)
        if alias in removed:
            raise Refusal(VALIDATION, errors.PIPELINE_ALIAS_TWICE).error(alias=alias)
        _refuse_taken_alias(scope, pipeline, alias, but=one)
    left = list(dict.fromkeys(alias for alias in [*aliases, *added] if alias not in removed))
    if len(left) > MOST_ALIASES:
        raise Refusal(VALIDATION, errors.TOO_MANY_PIPELINE_ALIASES).error(limit=MOST_ALIASES)
    return left


def _refuse_alias(alias: str) -> None:
    if alias.isdecimal():
        raise Refusal(VALIDATION, errors.PIPELINE_ALIAS_IS_NUMBER).error(alias=alias)


def _refuse_taken_alias(scope: Scope, pipeline: Record, alias: str, but: Record | None = None) -> None:
    other = _aliased(scope, pipeline, alias)
    if other is not None and (but is None or other.key != but.key):
        raise Refusal(CONFLICT, errors.PIPELINE_ALIAS_TAKEN).error(alias=alias, version=other.key[-1])


def _aliased(scope: Scope, pipeline: Record, alias: str) -> Record | None:
    family = scope.table(scope.resources.resource("PipelineVersion")).family(("Pipeline", *pipeline.key))
    return next((one for one in family.values() if alias in one.members.get("PipelineVersionAliases", ())), None)


# --- Definitions ------------------------------------------------------------------------------------------------------


def _with_definition(scope: Scope, params: Params, *, required: bool) -> Params:
    """Return params with a definition that they have in S3; refuse no definition, two, and one that is no pipeline."""
    text, location = params.get("PipelineDefinition"), params.get("PipelineDefinitionS3Location")
    if text is not None and location is not None:
        raise Refusal(VALIDATION, errors.BOTH_PIPELINE_DEFINITIONS).error()
    if location is not None:
        text = _read(scope, location["Bucket"], location["ObjectKey"])
    if text is None and required:
        raise Refusal(VALIDATION, errors.NO_PIPELINE_DEFINITION).error()
    if text is None:
        return params
    for step in language.parse(text).steps.values():
        _refuse_arguments(scope, step)
    return {**params, "PipelineDefinition": text}


def _read(scope: Scope, bucket: str, key: str) -> str:
    """Return what lies in S3; ServiceError if nothing does."""
    try:
        found = scope.neighbours.read(scope.place.account, bucket, key) if scope.neighbours else None
    except LookupError:
        raise Refusal(VALIDATION, errors.NOT_IN_S3).error(bucket=bucket, key=key) from None
    if found is None:
        raise Refusal(VALIDATION, errors.NO_S3).error(bucket=bucket, key=key)
    return found.decode("utf-8", "replace")


def _refuse_arguments(scope: Scope, step: language.Step) -> None:
    """Refuse arguments that the operation which the step calls does not take."""
    job = JOBS.get(step.type)
    answered = scope.resources.find(f"Create{job.noun}") if job else None
    if answered is None:
        return
    for name in sorted(NOT_IN_STEPS.get(step.type, frozenset()) & step.arguments.keys()):
        raise language.refused(errors.UNKNOWN_ARGUMENT, member=name)
    _refuse_shape(scope.resources.resource("Pipeline").model, answered.input, step.arguments)


def _refuse_shape(model: ServiceModel, shape: Shape, value: Any) -> None:
    """Refuse a value whose form is not that of a shape; single values may be references."""
    if value is None:
        return
    if shape.type in ("structure", "map"):
        if not isinstance(value, dict) or language.is_function(value):
            raise language.refused(errors.OBJECT_EXPECTED)
        for name, inner in value.items():
            if shape.type == "structure" and name not in shape.members:
                raise language.refused(errors.UNKNOWN_ARGUMENT, member=name)
            _refuse_shape(model, model.shape(shape.members[name] if shape.members else shape.value), inner)
    elif shape.type == "list":
        if not isinstance(value, list):
            raise language.refused(errors.ARRAY_EXPECTED)
        for inner in value:
            _refuse_shape(model, model.shape(shape.member), inner)


OPERATIONS = {
    "CreatePipeline": create,
    "DeletePipeline": delete,
    "DescribePipeline": describe,
    "UpdatePipeline": update,
    "UpdatePipelineVersion": update_version,
}
