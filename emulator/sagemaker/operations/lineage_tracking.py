"""What SageMaker notes by itself: trial components of jobs, and the lineage of models, their packages and endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.engine import verbs
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack
from emulator.sagemaker import job_components
from emulator.sagemaker.lineage import TRIALS
from emulator.sagemaker.operations.lineage_edges import connect
from emulator.sagemaker.operations.lineage_sources import artifact, sourced

Params = Mapping[str, Any]

JOBS = ("TrainingJob", "ProcessingJob", "TransformJob")


def catch_up(scope: Scope) -> None:
    """Bring what is tracked to the present, for whoever is about to look at its traces."""
    for kind in (*JOBS, "ModelPackage", "Endpoint"):
        scope.settle(scope.resources.resource(kind))


def follow(scope: Scope, resource: Resource, old: Record | None, new: Record | None) -> None:
    """Note what has become of a job, a model package or an endpoint. What is deleted leaves its traces."""
    if new is None:
        return
    if resource.name in JOBS:
        _follow_job(scope, resource, old, new)
    elif resource.name == "Endpoint":
        _follow_endpoint(scope, resource, old, new)
    elif old is None:
        _note_package(scope, new)


def changed(scope: Scope, _: Resource, old: Record, new: Record) -> None:
    """Note that a model package was approved, or rejected."""
    if old.members.get("ModelApprovalStatus") != new.members.get("ModelApprovalStatus"):
        _note_approval(scope, new, artifact(scope, _package(new)).arn)


# --- Jobs -------------------------------------------------------------------------------------------------------------


def _follow_job(scope: Scope, resource: Resource, old: Record | None, new: Record) -> None:
    life = resource.lifecycle
    if life and new.state and old and old.state and life.shown(old.state.status) == life.shown(new.state.status):
        return
    fields = scope.fields(resource, new)
    component = scope.resources.resource("TrialComponent")
    record = _component(scope, component, resource, new, fields) if old is None else _found(scope, component, new)
    if record is None or fields[f"{resource.name}Status"] not in job_components.STATUSES:
        return
    members = {**record.members, **job_components.progress(resource.name, fields)}
    if "EndTime" in members:
        things = list(job_components.outputs(resource.name, fields))
        members |= {"OutputArtifacts": listed} if (listed := job_components.listed(things)) else {}
        members |= {"Metrics": measured} if (measured := job_components.measured(new.arn, fields)) else {}
        for thing in things:
            connect(scope, record.arn, _thing(scope, thing), "Produced")
    now = round(scope.clock.now(), 3)
    scope.put(component, record._replace(packed=pack(members), modified=max(record.modified, now)))


def _found(scope: Scope, component: Resource, job: Record) -> Record | None:
    return next(iter(sourced(scope, component, job.arn)), None)


def _component(scope: Scope, component: Resource, kind: Resource, job: Record, fields: Params) -> Record | None:
    """Make the trial component of a job, with what the job reads, in the trial that the job names."""
    name = job_components.component_name(kind.name, job.key[-1])
    if scope.find(component, (name,)) is not None:
        return None
    config = fields.get("ExperimentConfig", {})
    things = list(job_components.inputs(kind.name, fields))
    record = verbs.make(
        scope,
        component,
        {
            "TrialComponentName": name,
            "DisplayName": config.get("TrialComponentDisplayName", name),
            "Source": {"SourceArn": job.arn, "SourceType": f"SageMaker{kind.name}"},
            "Parameters": job_components.parameters(kind.name, fields),
            **({"InputArtifacts": listed} if (listed := job_components.listed(things)) else {}),
            **({"RunName": config["RunName"]} if "RunName" in config else {}),
        },
    )
    for thing in things:
        connect(scope, _thing(scope, thing), record.arn, "ContributedTo")
    if (trial := _trial(scope, config, name)) is not None:
        scope.place.relation(TRIALS).add(record.arn, trial.arn)
    return record


def _trial(scope: Scope, config: Params, name: str) -> Record | None:
    """Return the trial that a job's component belongs to; a new one, if only the experiment is said."""
    trial = scope.resources.resource("Trial")
    if "TrialName" in config:
        return scope.find(trial, trial.folded((config["TrialName"],)))
    experiment = scope.resources.resource("Experiment")
    if "ExperimentName" not in config or scope.find(experiment, experiment.folded((config["ExperimentName"],))) is None:
        return None
    there = scope.find(trial, (name,))
    return there or verbs.make(scope, trial, {"TrialName": name, "ExperimentName": config["ExperimentName"]})


def _thing(scope: Scope, thing: job_components.Thing) -> str:
    return _artifact(scope, thing.uri, thing.type)


# --- Model packages ---------------------------------------------------------------------------------------------------


def _note_package(scope: Scope, package: Record) -> None:
    """Note a model package: what it is made of, the group it is in, and that it came to be."""
    members = package.members
    noted = artifact(scope, _package(package)).arn
    for container in members.get("InferenceSpecification", {}).get("Containers", ()):
        for source in _made_of(scope, container):
            connect(scope, source, noted, "ContributedTo")
    for algorithm in members.get("SourceAlgorithmSpecification", {}).get("SourceAlgorithms", ()):
        connect(scope, _artifact(scope, algorithm["AlgorithmName"], "Algorithm"), noted, "ContributedTo")
        if "ModelDataUrl" in algorithm:
            connect(scope, _artifact(scope, algorithm["ModelDataUrl"], "Model"), noted, "ContributedTo")
    if "ModelPackageVersion" in members:
        connect(scope, noted, _group_context(scope, package), "AssociatedWith")
        _note_approval(scope, package, noted)


def _package(package: Record) -> Params:
    return {"Source": {"SourceUri": package.arn}, "ArtifactType": "ModelPackage"}


def _group_context(scope: Scope, package: Record) -> str:
    group = scope.resources.resource("ModelPackageGroup")
    record = scope.find(group, package.family[1:])
    assert record is not None  # a version has a group
    name = f"{_stamped(record)}-aws-model-group"
    return _context(scope, name, "ModelGroup", record.arn)


def _note_approval(scope: Scope, package: Record, noted: str) -> None:
    """Note in which way a model package was approved."""
    status = package.members.get("ModelApprovalStatus")
    if status is None:
        return
    name = f"{package.key[0]}-{package.key[-1]}-{status}-{int(scope.clock.now())}-aws-model-group"
    action = _action(scope, name, "Approval", package.arn, {"ModelApprovalStatus": status})
    connect(scope, action, noted, "ContributedTo")


# --- Endpoints --------------------------------------------------------------------------------------------------------


def _follow_endpoint(scope: Scope, resource: Resource, old: Record | None, new: Record) -> None:
    """Note an endpoint when it comes to be, and each deployment of another configuration to it."""
    context = _context(scope, f"{_stamped(new)}-aws-endpoint", "Endpoint", new.arn)
    fields = scope.fields(resource, new)
    if fields.get("EndpointStatus") != "InService" or old is None:
        return
    before = scope.fields(resource, old)
    deployed = sourced(scope, scope.resources.resource("Action"), new.arn)
    if deployed and before.get("EndpointConfigName") == fields.get("EndpointConfigName"):
        return
    when = int(scope.clock.now()) if deployed else int(new.created)
    name = f"{new.key[0]}-{when}-aws-endpoint"
    action = _action(scope, name, "ModelDeployment", new.arn, {"EndpointConfigName": fields["EndpointConfigName"]})
    for model in models(scope, new):
        for source in _model(scope, model):
            connect(scope, source, action, "ContributedTo")
    connect(scope, action, context, "AssociatedWith")


def models(scope: Scope, endpoint: Record) -> list[str]:
    """Return the names of the models that an endpoint serves, as its configuration says."""
    name = scope.fields(scope.resources.resource("Endpoint"), endpoint).get("EndpointConfigName")
    config = scope.find(scope.resources.resource("EndpointConfig"), (name,))
    members = config.members if config else {}
    return [one["ModelName"] for one in members.get("ProductionVariants", ()) if "ModelName" in one]


def _model(scope: Scope, name: str) -> list[str]:
    model = scope.find(scope.resources.resource("Model"), (name,))
    members = model.members if model else {}
    containers = [*members.get("Containers", ()), *filter(None, (members.get("PrimaryContainer"),))]
    return [source for container in containers for source in _made_of(scope, container)]


# --- What is noted ----------------------------------------------------------------------------------------------------


def _made_of(scope: Scope, container: Params) -> list[str]:
    """Return the artifacts of what a container is made of: its model, its image, its package."""
    data = container.get("ModelDataUrl") or container.get("ModelDataSource", {}).get("S3DataSource", {}).get("S3Uri")
    package = container.get("ModelPackageName")
    made_of = ((data, "Model"), (container.get("Image"), "Image"), (package, "ModelPackage"))
    return [_artifact(scope, uri, kind) for uri, kind in made_of if uri]


def _artifact(scope: Scope, uri: str, kind: str) -> str:
    """Return the ARN of the artifact with a source; whatever there is with this source is it."""
    there = sourced(scope, scope.resources.resource("Artifact"), uri)
    return (there[0] if there else artifact(scope, {"Source": {"SourceUri": uri}, "ArtifactType": kind})).arn


def _context(scope: Scope, name: str, kind: str, source: str) -> str:
    """Return the ARN of the context with a source, which is made if it is not there."""
    resource = scope.resources.resource("Context")
    there = sourced(scope, resource, source)
    if not there:
        said = {"ContextType": kind, "Source": {"SourceUri": source, "SourceType": "ARN"}}
        there = [_named(scope, resource, {"ContextName": name.lower(), **said})]
    return there[0].arn


def _action(scope: Scope, name: str, kind: str, source: str, properties: Params) -> str:
    said = {"ActionType": kind, "Source": {"SourceUri": source, "SourceType": "ARN"}, "Properties": dict(properties)}
    resource = scope.resources.resource("Action")
    return _named(scope, resource, {"ActionName": name.lower(), **said, "Status": "Completed"}).arn


def _named(scope: Scope, resource: Resource, params: Params) -> Record:
    """Return the entity of a name, made if it is not there."""
    return scope.find(resource, (params[f"{resource.name}Name"],)) or verbs.make(scope, resource, params)


def _stamped(record: Record) -> str:
    return f"{record.key[0]}-{int(record.created)}"
