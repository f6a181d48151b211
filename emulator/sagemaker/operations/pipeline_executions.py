"""Pipeline executions: started, looked at, answered, stopped and tried again."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import NOT_FOUND, VALIDATION, Refusal, ServiceError
from emulator.aws.wire import timestamp
from emulator.engine import paging, verbs
from emulator.engine.lifecycle import State
from emulator.engine.listing import List
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack
from emulator.sagemaker.operations import pipeline_runs as runs
from emulator.sagemaker.operations import pipeline_steps as steps
from emulator.sagemaker.operations import pipelines
from emulator.sagemaker.operations.pipeline_runs import Run
from emulator.sagemaker.operations.pipeline_steps import Outcome
from emulator.sagemaker.rules import pipeline_language as language

Params = Mapping[str, Any]
Answer = dict[str, Any]

PAGE = 10
FAILED_OR_STOPPED = (steps.FAILED, steps.STOPPED)


def work(scope: Scope, resource: Resource, record: Record) -> Record:
    """Go on with an execution by what has happened since; return the same record if nothing has."""
    if record.state is None or resource.lifecycle is None or record.state.status not in resource.lifecycle.works:
        return record
    run = Run(scope, resource, record)
    return run.keep() if run.proceed() else record


# --- Starting ---------------------------------------------------------------------------------------------------------


def start(scope: Scope, params: Params) -> Answer:
    """Start an execution of a pipeline; the steps that wait for nothing begin at once."""
    pipeline = verbs.find(scope, scope.resources.resource("Pipeline"), params)
    if pipeline.state and pipeline.state.status != "Active":
        raise scope.resources.resource("Pipeline").refused("Update", pipeline)
    if "RoleArn" in params:
        raise Refusal(VALIDATION, errors.ROLE_OF_CUSTOMER_PIPELINE).error()
    version = pipelines.version(scope, pipeline, params)
    definition = language.parse(version.members["PipelineDefinition"])
    source = _source(scope, pipeline, definition, params)
    given = _given(source.members if source else {}) | _given(params)
    parameters = language.parameters(definition, given)
    record = _made(scope, pipeline, version, params, given)
    own: dict[str, Any] = {runs.PARAMETERS: parameters, runs.MOMENT: record.created}
    if selected := _selected(params):
        own |= {runs.SELECTED: selected, runs.ENTRIES: _reused(definition, selected, source)}
    _begin(scope, record._replace(own=own), definition)
    _note_run(scope, pipeline, version, record)
    return {"PipelineExecutionArn": record.arn}


def _made(scope: Scope, pipeline: Record, version: Record, params: Params, given: Mapping[str, str]) -> Record:
    """Make the record of an execution."""
    aside = ("PipelineVersionAlias", "MlflowExperimentName", "ClientRequestToken")
    sent = {key: value for key, value in params.items() if key not in aside} | {"PipelineName": pipeline.key[0]}
    if given:
        sent["PipelineParameters"] = [{"Name": name, "Value": value} for name, value in given.items()]
    more: dict[str, Any] = {"PipelineVersionId": version.key[-1]}
    if parallelism := pipeline.members.get("ParallelismConfiguration"):
        sent.setdefault("ParallelismConfiguration", parallelism)
    if "MlflowExperimentName" in params:
        more["MLflowConfig"] = {"MlflowExperimentName": params["MlflowExperimentName"]}
    return verbs.make(scope, scope.resources.resource("PipelineExecution"), sent, more)


def _given(said: Params) -> dict[str, str]:
    """Return the parameters that a call or an execution gives."""
    return {one["Name"]: one["Value"] for one in said.get("PipelineParameters", ())}


def _begin(scope: Scope, record: Record, definition: language.Definition) -> None:
    """Open the experiment of an execution, and begin its first steps."""
    resource = scope.resources.resource("PipelineExecution")
    run = Run(scope, resource, record)
    try:
        experiment = language.resolve(definition.experiment, run.values())
    except LookupError:
        experiment = {}
    if experiment.get("ExperimentName"):
        experiment["ExperimentName"] = experiment["ExperimentName"].lower()
        _open_experiment(scope, experiment)
        packed = pack({**record.members, "PipelineExperimentConfig": experiment})
        record = record._replace(packed=packed, own={**record.own, runs.EXPERIMENT: experiment})
    run = Run(scope, resource, record)
    run.begin_ready()
    scope.put(resource, record._replace(own={**record.own, runs.ENTRIES: run.entries}))


def _open_experiment(scope: Scope, experiment: Mapping[str, str]) -> None:
    """Make the experiment and the trial of an execution where they are not there yet."""
    for kind, params in (
        ("Experiment", {"ExperimentName": experiment["ExperimentName"]}),
        ("Trial", dict(experiment) if "TrialName" in experiment else None),
    ):
        try:
            if params is not None:
                scope.call(f"Create{kind}", params)
        except ServiceError:
            continue  # it is there


def _note_run(scope: Scope, pipeline: Record, version: Record, record: Record) -> None:
    """Note on a pipeline when it was last run, and on its version by which execution."""
    run = timestamp(record.created)
    kind, kind_of_version = scope.resources.resource("Pipeline"), scope.resources.resource("PipelineVersion")
    scope.put(kind, pipeline._replace(packed=pack({**pipeline.members, "LastRunTime": run})))
    last = {"LastExecutionPipelineExecutionArn": record.arn}
    scope.put(kind_of_version, version._replace(packed=pack({**version.members, **last})))


# --- Selective execution ----------------------------------------------------------------------------------------------


def _selected(params: Params) -> list[str]:
    return [one["StepName"] for one in params.get("SelectiveExecutionConfig", {}).get("SelectedSteps", ())]


def _source(scope: Scope, pipeline: Record, definition: language.Definition, params: Params) -> Record | None:
    """Return the execution whose results a selective one takes; ServiceError if it needs them and has none."""
    selected = _selected(params)
    if unknown := [name for name in selected if name not in definition.steps]:
        raise Refusal(VALIDATION, errors.UNKNOWN_SELECTED_STEPS).error(names=", ".join(unknown))
    arn = params.get("SelectiveExecutionConfig", {}).get("SourcePipelineExecutionArn")
    needed = _needed(definition, selected)
    if arn is None:
        if needed:
            raise _no_source("null", selected, needed)
        return None
    source = verbs.found(scope, scope.resources.resource("PipelineExecution"), arn)
    if source.key[0] != pipeline.key[0]:
        raise Refusal(VALIDATION, errors.SOURCE_EXECUTION_OF_ANOTHER).error(source=arn)
    status = source.state.status if source.state else ""
    if status not in (steps.FAILED, steps.SUCCEEDED):
        raise Refusal(VALIDATION, errors.SOURCE_EXECUTION_NOT_ENDED).error(source=arn, status=status)
    succeeded = {entry["StepName"] for entry in source.own[runs.ENTRIES] if entry["StepStatus"] == steps.SUCCEEDED}
    if missing := [name for name in needed if name not in succeeded]:
        raise _no_source(arn, selected, missing)
    return source


def _no_source(source: str, selected: list[str], needed: list[str]) -> ServiceError:
    names = {"selected": ", ".join(selected), "needed": ", ".join(needed)}
    return Refusal(VALIDATION, errors.NO_SOURCE_EXECUTION).error(source=source, **names)


def _needed(definition: language.Definition, selected: list[str]) -> list[str]:
    """Return the steps that selected ones wait for and that are not selected themselves, in their order."""
    needed = {name for one in selected for name in definition.steps[one].needs} - set(selected)
    return [name for name in definition.steps if name in needed]


def _reused(definition: language.Definition, selected: list[str], source: Record | None) -> list[steps.Entry]:
    """Return what is noted of the steps whose results are taken from another execution."""
    needed = _needed(definition, selected)
    taken = [copy.deepcopy(one) for one in (source.own[runs.ENTRIES] if source else ()) if one["StepName"] in needed]
    for one in taken:
        assert source is not None  # what is taken is from there
        one["SelectiveExecutionResult"] = {"SourcePipelineExecutionArn": source.arn}
    return taken


# --- Looking ----------------------------------------------------------------------------------------------------------


def execution(scope: Scope, params: Params) -> Record:
    """Return the execution that the params name; ServiceError if there is none, or its pipeline is gone by now."""
    scope.settle(scope.resources.resource("Pipeline"))
    return verbs.find(scope, scope.resources.resource("PipelineExecution"), params)


def describe(scope: Scope, params: Params) -> Answer:
    """Tell all about an execution, with the aliases that its version has by now."""
    resource = scope.resources.resource("PipelineExecution")
    record = execution(scope, params)
    return verbs.describe(scope, resource, params) | _aliases(scope, record)


def list_executions(scope: Scope, params: Params) -> Answer:
    """List the executions of a pipeline; an alias stands for the version that it has now."""
    resource, kind = scope.resources.resource("PipelineExecution"), scope.resources.resource("Pipeline")
    asked = dict(params)
    if "PipelineVersionAlias" in params:
        pipeline = verbs.find(scope, kind, params)
        alias = {"PipelineVersionAlias": params["PipelineVersionAlias"]}
        asked["PipelineVersionAlias"] = pipelines.version(scope, pipeline, alias).key[-1]
    answer = List(resource, "ListPipelineExecutions")(scope, resource, asked)
    for one in answer["PipelineExecutionSummaries"]:
        one.update(_aliases(scope, verbs.found(scope, resource, one["PipelineExecutionArn"])))
    return answer


def _aliases(scope: Scope, record: Record) -> Answer:
    versions = scope.table(scope.resources.resource("PipelineVersion")).records
    aliases = versions[record.key[0], record.members["PipelineVersionId"]].members.get("PipelineVersionAliases")
    return {"PipelineVersionAliases": aliases} if aliases else {}


def list_steps(scope: Scope, params: Params) -> Answer:
    """List the steps of an execution that have begun, the latest first."""
    resource = scope.resources.resource("PipelineExecution")
    record = scope.look(resource, execution(scope, params))
    entries = [steps.shown(entry) for entry in record.own[runs.ENTRIES]]
    numbered = list(enumerate(entries))
    if params.get("SortOrder") != "Ascending":
        numbered = [(-number, entry) for number, entry in reversed(numbered)]
    return _page(scope, "ListPipelineExecutionSteps", "PipelineExecutionSteps", params, numbered)


def list_parameters(scope: Scope, params: Params) -> Answer:
    """List the parameters of an execution with their values, those of the definition's defaults too."""
    record = execution(scope, params)
    listed = [{"Name": name, "Value": language.text(value)} for name, value in record.own[runs.PARAMETERS].items()]
    return _page(scope, "ListPipelineParametersForExecution", "PipelineParameters", params, list(enumerate(listed)))


def _page(scope: Scope, operation: str, member: str, params: Params, numbered: list[tuple[int, Answer]]) -> Answer:
    query = paging.query(operation, scope.place.account, scope.place.region, params)
    kept, following = paging.window(query, params, numbered, lambda entry: ("", entry[0]), PAGE)
    return {member: [one for _, one in kept]} | ({"NextToken": following} if following else {})


def describe_definition(scope: Scope, params: Params) -> Answer:
    """Tell the definition that an execution runs."""
    resource = scope.resources.resource("PipelineExecution")
    run = Run(scope, resource, execution(scope, params))
    return {"PipelineDefinition": run.text, "CreationTime": timestamp(run.pipeline.created)}


# --- Stopping, trying again, answering --------------------------------------------------------------------------------


def stop(scope: Scope, params: Params) -> Answer:
    """Stop an execution: no step begins, those under way are stopped; callbacks end when they are answered."""
    resource = scope.resources.resource("PipelineExecution")
    verbs.stop(scope, resource, params)
    record = verbs.find(scope.unseen, resource, params)
    run = Run(scope.unseen, resource, record)
    run.moment = scope.now
    run.halt()
    scope.put(resource, record._replace(own={**record.own, runs.ENTRIES: run.entries, runs.MOMENT: run.moment}))
    return {"PipelineExecutionArn": record.arn}


def retry(scope: Scope, params: Params) -> Answer:
    """Run again what failed or was stopped, and what comes behind it."""
    resource = scope.resources.resource("PipelineExecution")
    record = execution(scope, params)
    status = resource.lifecycle.move("Retry", record.state.status) if resource.lifecycle and record.state else None
    if status is None:
        raise resource.refused("Retry", record)
    members = record.members
    if "ParallelismConfiguration" in params:
        members["ParallelismConfiguration"] = params["ParallelismConfiguration"]
    now = scope.now
    left = [entry for entry in record.own[runs.ENTRIES] if entry["StepStatus"] not in FAILED_OR_STOPPED]
    again = record._replace(packed=pack(members), own={**record.own, runs.ENTRIES: left, runs.MOMENT: now})
    scope.change(resource, again, State(status, now))
    return {"PipelineExecutionArn": record.arn}


def send_success(scope: Scope, params: Params) -> Answer:
    """Let a callback step succeed with the outputs that its caller sends."""
    return _send(scope, params, Outcome(steps.SUCCEEDED, scope.clock.now()))


def send_failure(scope: Scope, params: Params) -> Answer:
    """Let a callback step fail for the reason that its caller sends."""
    return _send(scope, params, Outcome(steps.FAILED, scope.clock.now(), params.get("FailureReason")))


def _send(scope: Scope, params: Params, outcome: Outcome) -> Answer:
    resource = scope.resources.resource("PipelineExecution")
    token = params["CallbackToken"]
    for record in list(scope.table(resource).moving.values()):
        run = Run(scope, resource, record)
        for entry in run.under_way:
            if entry["Metadata"].get("Callback", {}).get("CallbackToken") == token:
                step = run.definition.steps[entry["StepName"]]
                if outcome.status == steps.SUCCEEDED:
                    steps.answer(step, entry, params.get("OutputParameters", []))
                run.end(entry, outcome)
                own = {**record.own, runs.ENTRIES: run.entries, runs.MOMENT: round(outcome.when, 3)}
                scope.put(resource, record._replace(own=own))
                return {"PipelineExecutionArn": record.arn}
    raise Refusal(NOT_FOUND, errors.UNKNOWN_CALLBACK_TOKEN).error(token=token)


OPERATIONS = {
    "DescribePipelineDefinitionForExecution": describe_definition,
    "DescribePipelineExecution": describe,
    "ListPipelineExecutionSteps": list_steps,
    "ListPipelineExecutions": list_executions,
    "ListPipelineParametersForExecution": list_parameters,
    "RetryPipelineExecution": retry,
    "SendPipelineExecutionStepFailure": send_failure,
    "SendPipelineExecutionStepSuccess": send_success,
    "StartPipelineExecution": start,
    "StopPipelineExecution": stop,
}
