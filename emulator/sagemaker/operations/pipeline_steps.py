"""What the steps of a pipeline do, type by type: jobs they create, decisions they make, callers they wait for.

An entry is what is noted of one step's execution: the members that ListPipelineExecutionSteps shows, and in lower case
what only the emulator knows of it.
"""

from __future__ import annotations

import json
import string
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from emulator.aws import errors
from emulator.aws.errors import LIMIT, ServiceError
from emulator.aws.wire import timestamp
from emulator.engine.scope import Scope
from emulator.sagemaker.rules import pipeline_language as language
from emulator.sagemaker.rules.pipeline_language import Step, Values

Entry = dict[str, Any]

SUCCEEDED, FAILED, STOPPED, EXECUTING, STOPPING = "Succeeded", "Failed", "Stopped", "Executing", "Stopping"
UNDER_WAY = frozenset({EXECUTING, STOPPING})
TAG = "emulator:"
_LETTERS = string.ascii_letters + string.digits
_CAPITALS = string.ascii_uppercase + string.digits


class Job(NamedTuple):
    """A resource that steps of a type create: its kind, where the metadata show it, how long its name may be.

    What is there at once is not ``awaited``.
    """

    noun: str
    shown: str
    longest: int = 63
    awaited: bool = True


JOBS: Mapping[str, Job] = {
    "AutoML": Job("AutoMLJob", "AutoMLJob", 32),
    "ClarifyCheck": Job("ProcessingJob", "ClarifyCheck"),
    "Endpoint": Job("Endpoint", "Endpoint"),
    "EndpointConfig": Job("EndpointConfig", "EndpointConfig", awaited=False),
    "InferenceComponent": Job("InferenceComponent", "InferenceComponent"),
    "Model": Job("Model", "Model", awaited=False),
    "Processing": Job("ProcessingJob", "ProcessingJob"),
    "QualityCheck": Job("ProcessingJob", "QualityCheck"),
    "RegisterModel": Job("ModelPackage", "RegisterModel"),
    "Training": Job("TrainingJob", "TrainingJob"),
    "Transform": Job("TransformJob", "TransformJob"),
    "Tuning": Job("HyperParameterTuningJob", "TuningJob", 32),
}
CHECKS = ("ClarifyCheck", "QualityCheck")
CACHED = frozenset(JOBS) - {"Model", "RegisterModel", "Endpoint", "EndpointConfig", "InferenceComponent"} | {
    "Callback",
    "EMR",
    "Lambda",
}

_SUCCESSES = frozenset({"Completed", "InService", "Succeeded"})


class Outcome(NamedTuple):
    """How a step ended, when, and why if it failed; ``cause`` is the exception type that retry policies know."""

    status: str
    when: float
    reason: str | None = None
    cause: str | None = None


class Place(NamedTuple):
    """What a step's execution may reach: the emulator at its moment, what references lead to, what it belongs to."""

    scope: Scope
    values: Values
    execution: str  # its id
    experiment: Mapping[str, str]
    reuse: Callable[[Step, Entry], bool]  # whether the result of an earlier execution was taken


class Order(NamedTuple):
    """A step to begin: where, which, where it is noted, and what it asks for."""

    place: Place
    step: Step
    entry: Entry
    arguments: dict[str, Any]


def begin(place: Place, step: Step, entry: Entry) -> Outcome | None:
    """Begin a step; return its outcome if it is at its end at once."""
    now = place.scope.clock.now()
    try:
        arguments = {} if step.type == "Condition" else _asked(place, step, entry)
        if place.reuse(step, entry):
            return Outcome(SUCCEEDED, now)
        order = Order(place, step, entry, arguments)
        if step.type not in JOBS:
            return _BEGINNINGS[step.type](order)
    except language.NoContentError as missing:
        key = str(missing.args[0])
        return Outcome(FAILED, now, errors.NOTHING_IN_FILE(key=key, tag=TAG + key))
    except LookupError as missing:
        return Outcome(FAILED, now, errors.NOTHING_AT_REFERENCE(key=missing.args[0] if missing.args else step.name))
    return _create(order)


def look(scope: Scope, step: Step, entry: Entry) -> Outcome | None:
    """Look how a step is that was begun; return its outcome if it has ended."""
    job = JOBS.get(step.type)
    if job is None or "job" not in entry:
        return None
    try:
        told = scope.call(f"Describe{job.noun}", {f"{job.noun}Name": entry["job"]})
    except ServiceError as gone:
        return Outcome(FAILED, scope.clock.now(), f"ClientError: {gone.message}")
    status = told.get(f"{job.noun}Status")
    when = min(max(_since(scope, job, entry), entry["StartTime"]), scope.clock.now())
    if status is None or status in _SUCCESSES:
        entry["properties"] |= _properties(scope, step, told)
        return Outcome(SUCCEEDED, when)
    if status == "Stopped":
        return Outcome(STOPPED, when)
    if status == "Failed":
        reason = told.get("FailureReason")
        return Outcome(FAILED, when, reason, _cause_of(reason or ""))
    return None


def _since(scope: Scope, job: Job, entry: Entry) -> float:
    """Return when the state of what a step created began."""
    resource = scope.resources.resource(job.noun)
    key = scope.identify(resource, entry["job"])
    record = scope.table(resource).records.get(key) if key else None
    if record is None:
        return scope.clock.now()
    return record.state.since if record.state else record.created


def halt(scope: Scope, step: Step, entry: Entry) -> None:
    """Have a step that is under way stop; a callback ends when its caller says so."""
    entry["StepStatus"] = STOPPING
    job = JOBS.get(step.type)
    if job and "job" in entry and scope.resources.find(f"Stop{job.noun}"):
        try:
            scope.call(f"Stop{job.noun}", {f"{job.noun}Name": entry["job"]})
        except ServiceError:
            return  # it has ended by itself


def answer(step: Step, entry: Entry, outputs: list[dict[str, str]]) -> None:
    """Note the output parameters with which a step was answered, each in the type that the step declares."""
    types = {one.get("OutputName"): one.get("OutputType", "String") for one in step.said.get("OutputParameters") or ()}
    entry["Metadata"][step.type]["OutputParameters"] = outputs
    entry["properties"]["OutputParameters"] = [
        {"Name": one["Name"], "Value": one["Value"] if (value := _typed(types, one)) is None else value}
        for one in outputs
    ]


def _typed(types: Mapping[Any, str], output: Mapping[str, str]) -> Any:
    return language.typed(types.get(output["Name"], "String"), output["Value"])


# --- Jobs and other resources -----------------------------------------------------------------------------------------


def _create(order: Order) -> Outcome | None:
    """Create what a step names, and note what it is."""
    scope, step, entry, arguments = order.place.scope, order.step, order.entry, order.arguments
    job = JOBS[step.type]
    try:
        if step.type == "RegisterModel":
            _open_group(scope, arguments.get("ModelPackageGroupName"))
        answered = scope.call(f"Create{job.noun}", arguments)
    except ServiceError as error:
        reason = errors.FAILED_TO_INVOKE(operation=f"Create{job.noun}", details=error.message)
        return Outcome(FAILED, scope.clock.now(), reason, _cause(error))
    arn = answered[f"{job.noun}Arn"]
    entry["job"] = arguments.get(f"{job.noun}Name", arn)
    entry["Metadata"] = {job.shown: _check(step, arguments, arn) if step.type in CHECKS else {"Arn": arn}}
    entry["properties"] = _checked(entry) if step.type in CHECKS else {}
    return None if job.awaited else look(scope, step, entry)


def _asked(place: Place, step: Step, entry: Entry) -> dict[str, Any]:
    """Return what a step asks for, a job under a name of its own; and note it, whatever the name."""
    job = JOBS.get(step.type)
    name, values = f"{job.noun}Name" if job else "", place.values
    if job and step.type != "RegisterModel":
        given = language.resolve(step.arguments.get(name), values)
        its_name = _name(place, job, step.name, None if given is None else language.text(given))
        values = replace(values, execution={**values.execution, name: its_name})
    arguments: dict[str, Any] = language.resolve(step.arguments, values)
    entry["asked"] = json.dumps({**arguments, name: None}, sort_keys=True)
    if job is None or step.type == "RegisterModel":
        return arguments
    arguments = {**arguments, name: its_name}
    answered = place.scope.resources.find(f"Create{job.noun}")
    if place.experiment and answered and "ExperimentConfig" in answered.input.members:
        arguments.setdefault("ExperimentConfig", dict(place.experiment))
    return arguments


def _name(place: Place, job: Job, step: str, given: str | None) -> str:
    """Return the name of what a step creates: new for every execution of it."""
    tail = place.scope.chance.text(10, _LETTERS)
    if given:
        head = f"{given[: job.longest - 24]}-{place.execution}"
    elif job.longest < 60:
        head = f"{place.execution}-{step[:8]}"
    else:
        head = f"pipelines-{place.execution}-{step[:26]}"
    return f"{head.replace('_', '-').rstrip('-')}-{tail}"


def _open_group(scope: Scope, group: str | None) -> None:
    """Make the model package group that a model is to be registered in, if it is not there."""
    try:
        if group is not None:
            scope.call("DescribeModelPackageGroup", {"ModelPackageGroupName": group})
    except ServiceError:
        scope.call("CreateModelPackageGroup", {"ModelPackageGroupName": group})


def _properties(scope: Scope, step: Step, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what references to a step lead to: what its job tells, with the jobs of a tuning from the best on."""
    if step.type != "Tuning" or scope.resources.find("ListTrainingJobsForHyperParameterTuningJob") is None:
        return dict(told)
    objective = told.get("HyperParameterTuningJobConfig", {}).get("HyperParameterTuningJobObjective", {})
    asked = {
        "HyperParameterTuningJobName": told["HyperParameterTuningJobName"],
        "SortBy": "FinalObjectiveMetricValue",
        "SortOrder": "Descending" if objective.get("Type") == "Maximize" else "Ascending",
        "MaxResults": 100,
    }
    jobs = scope.call("ListTrainingJobsForHyperParameterTuningJob", asked)
    return {**told, "TrainingJobSummaries": jobs.get("TrainingJobSummaries", [])}


def _check(step: Step, arguments: Mapping[str, Any], arn: str) -> dict[str, Any]:
    """Return the metadata of a check: what it calculates beside what it was given to compare with."""
    said = {
        name: value
        for name in ("CheckType", "ModelPackageGroupName", "SkipCheck", "RegisterNewBaseline")
        if (value := step.said.get(name)) is not None and not language.is_function(value)
    }
    outputs = arguments.get("ProcessingOutputConfig", {}).get("Outputs") or [{}]
    below = outputs[0].get("S3Output", {}).get("S3Uri", "").rstrip("/")
    files = {"Constraints": "constraints.json"} | (
        {"Statistics": "statistics.json"} if step.type == "QualityCheck" else {}
    )
    shown: dict[str, Any] = {**said, "CheckJobArn": arn}
    for word, file in files.items():
        calculated = f"{below}/{file}"
        supplied = step.said.get(f"SuppliedBaseline{word}")
        used = calculated if step.said.get("RegisterNewBaseline") or not isinstance(supplied, str) else supplied
        shown |= {f"CalculatedBaseline{word}": calculated, f"BaselineUsedForDriftCheck{word}": used}
    return shown


def _checked(entry: Entry) -> dict[str, Any]:
    ((_, shown),) = entry["Metadata"].items()
    return {name: value for name, value in shown.items() if name.startswith(("Calculated", "BaselineUsed"))}


def _cause(error: ServiceError) -> str | None:
    """Return what retry policies call a refusal of a call."""
    if error.code == "ThrottlingException":
        return "Step.THROTTLING"
    if error.code == LIMIT:
        return "SageMaker.RESOURCE_LIMIT"
    return "Step.SERVICE_FAULT" if error.status >= 500 else None


def _cause_of(reason: str) -> str | None:
    """Return what retry policies call the failure of a job."""
    if reason.startswith("CapacityError"):
        return "SageMaker.CAPACITY_ERROR"
    return "SageMaker.JOB_INTERNAL_ERROR" if reason.startswith("InternalServerError") else None


# --- Steps that create nothing here -----------------------------------------------------------------------------------


def _decide(order: Order) -> Outcome:
    now = order.place.scope.clock.now()
    try:
        outcome = all([language.holds(one, order.place.values) for one in order.step.arguments.get("Conditions", ())])
    except TypeError:
        return Outcome(FAILED, now, errors.CANNOT_COMPARE())
    order.entry["Metadata"] = {"Condition": {"Outcome": str(outcome)}}
    order.entry["properties"] = {"Outcome": outcome}
    return Outcome(SUCCEEDED, now)


def _fail(order: Order) -> Outcome:
    message = language.text(order.arguments.get("ErrorMessage") or "")
    order.entry["Metadata"] = {"Fail": {"ErrorMessage": message}}
    return Outcome(FAILED, order.place.scope.clock.now(), message or None)


def _call_back(order: Order) -> None:
    shown = {"SqsQueueUrl": language.text(language.resolve(order.step.said.get("SqsQueueUrl", ""), order.place.values))}
    order.entry["Metadata"] = {"Callback": {"CallbackToken": order.place.scope.chance.text(10, _LETTERS), **shown}}
    answer(order.step, order.entry, [])


def _invoke(order: Order) -> Outcome:
    """Let a Lambda function have run; its outputs are those that the pipeline's tags tell."""
    arn = language.text(language.resolve(order.step.said.get("FunctionArn", ""), order.place.values))
    order.entry["Metadata"] = {"Lambda": {"Arn": arn}}
    names = [one.get("OutputName") for one in order.step.said.get("OutputParameters") or ()]
    known = {name: f"{order.step.name}.OutputParameters.{name}" for name in names}
    outputs = [
        {"Name": name, "Value": language.text(order.place.values.contents[key])}
        for name, key in known.items()
        if key in order.place.values.contents
    ]
    answer(order.step, order.entry, outputs)
    return Outcome(SUCCEEDED, order.place.scope.clock.now())


def _process(order: Order) -> Outcome:
    """Let a cluster of EMR have done its step."""
    cluster = order.arguments.get("ClusterId") or "j-" + order.place.scope.chance.text(13, _CAPITALS)
    shown = {
        "ClusterId": cluster,
        "StepId": "s-" + order.place.scope.chance.text(13, _CAPITALS),
        "StepName": order.step.name,
    }
    order.entry["Metadata"], order.entry["properties"] = {"EMR": shown}, dict(shown)
    return Outcome(SUCCEEDED, order.place.scope.clock.now())


def _process_serverless(order: Order) -> Outcome:
    """Let EMR Serverless have done a job run."""
    application = order.arguments.get("ApplicationId") or "00" + order.place.scope.chance.text(14, string.digits)
    shown = {"ApplicationId": application, "JobRunId": "00" + order.place.scope.chance.text(14, string.digits)}
    order.entry["Metadata"], order.entry["properties"] = {"EMRServerless": shown}, dict(shown)
    return Outcome(SUCCEEDED, order.place.scope.clock.now())


_BEGINNINGS: Mapping[str, Callable[[Order], Outcome | None]] = {
    "Callback": _call_back,
    "Condition": _decide,
    "EMR": _process,
    "EMRServerless": _process_serverless,
    "Fail": _fail,
    "Lambda": _invoke,
}


# --- What is shown ----------------------------------------------------------------------------------------------------


def shown(entry: Entry) -> dict[str, Any]:
    """Return an entry as a client sees it."""
    seen = {name: value for name, value in entry.items() if name[0].isupper()}
    return seen | {name: timestamp(seen[name]) for name in ("StartTime", "EndTime") if name in seen}
