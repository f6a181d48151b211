"""What SageMaker notes by itself: trial components of jobs, and the lineage of models, their packages and endpoints.

Most callers never look at it. So what is to be noted is only remembered, and noted when someone is about to look.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.engine import verbs
from emulator.engine.clock import ManualClock
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record, pack
from emulator.sagemaker.operations.lineage_edges import connect
from emulator.sagemaker.operations.lineage_sources import artifact, sourced
from emulator.sagemaker.rules import job_components
from emulator.sagemaker.rules.lineage import TRIALS

Params = Mapping[str, Any]

JOBS = ("TrainingJob", "ProcessingJob", "TransformJob")

# Relations: the kinds and what of them is to be noted; packages and how they were approved, each with its time.
BACKLOG, APPROVALS = "kinds and what is to be noted", "packages and their approvals"


def catch_up(scope: Scope) -> None:
    """Bring what is tracked to the present and note what is to be noted, for whoever is about to look at much of it."""
    for kind in (*JOBS, "ModelPackage", "Endpoint"):
        scope.settle(scope.resources.resource(kind))
    note(scope)


def note(scope: Scope) -> None:
    """Note what is to be noted of what has happened."""
    backlog = scope.place.relation(BACKLOG)
    for kind in (*JOBS, "ModelPackage"):
        for its_arn in backlog.of(kind):
            if (found := scope.by_arn(its_arn)) is not None:
                _note(scope, *found)
            backlog.remove(kind, its_arn)


def catch_up_with(scope: Scope, component: str) -> None:
    """Bring one trial component to the present: the job that it comes from, and no other."""
    note(scope)
    resource = scope.resources.resource("TrialComponent")
    key = scope.identify(resource, component)
    record = scope.find(resource, key) if key else None
    if record is not None and (source := record.members.get("Source")):
        scope.by_arn(source["SourceArn"])
        note(scope)


def follow(scope: Scope, resource: Resource, old: Record | None, new: Record | None) -> None:
    """Remember what has become of a job or a model package; note a deployment. What ends leaves its traces."""
    backlog = scope.place.relation(BACKLOG)
    if resource.name == "Endpoint":
        if new is not None:
            _follow_endpoint(scope, resource, old, new)
    elif old is not None and (new is None or _is_ending(resource, new)):
        if backlog.remove(resource.name, old.arn):
            _note(scope, resource, old)
        scope.place.relation(APPROVALS).forget(old.arn)
    elif new is not None and (old is None or resource.name in JOBS):
        backlog.add(resource.name, new.arn)


def changed(scope: Scope, _: Resource, old: Record, new: Record) -> None:
    """Remember that a model package was approved, or rejected."""
    before, after = (one.members.get("ModelApprovalStatus") for one in (old, new))
    if before == after:
        return
    approvals = scope.place.relation(APPROVALS)
    if not approvals.touches(new.arn):
        approvals.add(new.arn, f"{new.created} {before}")
    approvals.add(new.arn, f"{scope.clock.now()} {after}")
    scope.place.relation(BACKLOG).add("ModelPackage", new.arn)


def _note(scope: Scope, resource: Resource, record: Record) -> None:
    note = _note_package if resource.name == "ModelPackage" else _note_job
    note(scope, resource, record)


def _is_ending(resource: Resource, record: Record) -> bool:
    """Say whether a resource is on its way out."""
    stage = resource.lifecycle.times.get(record.state.status) if resource.lifecycle and record.state else None
    return stage is not None and not stage.then


# --- Jobs -------------------------------------------------------------------------------------------------------------


def _note_job(scope: Scope, resource: Resource, job: Record) -> None:
    """Note a job in its trial component: what it reads, how far it is, and what it has written by its end."""
    fields = scope.fields(resource, job)
    component = scope.resources.resource("TrialComponent")
    born, now = (
        scope._replace(clock=ManualClock(when)) for when in (job.created, job.state.since if job.state else 0.0)
    )
    record = _found(scope, component, job) or _component(born, component, resource, job, fields)
    if record is None or fields[f"{resource.name}Status"] not in job_components.STATUSES:
        return
    members = {**record.members, **job_components.progress(resource.name, fields)}
    if "EndTime" in members:
        things = list(job_components.outputs(resource.name, fields))
        members |= {"OutputArtifacts": listed} if (listed := job_components.listed(things)) else {}
        members |= {"Metrics": measured} if (measured := job_components.measured(job.arn, fields)) else {}
        for thing in things:
            connect(now, record.arn, _thing(now, thing), "Produced")
    modified = max(record.modified, now.now)
    scope.put(component, record._replace(packed=pack(members), modified=modified))


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


def _note_package(scope: Scope, _: Resource, package: Record) -> None:
    """Note a model package: what it is made of, the group it is in, and how it was approved."""
    members = package.members
    born = scope._replace(clock=ManualClock(package.created))
    noted = artifact(born, _package(package)).arn
    for source in _parts(born, members):
        connect(born, source, noted, "ContributedTo")
    if "ModelPackageVersion" not in members:
        return
    if (context := _group_context(scope, package)) is not None:
        connect(born, noted, context, "AssociatedWith")
    said = scope.place.relation(APPROVALS).of(package.arn) or [f"{package.created} {members['ModelApprovalStatus']}"]
    for one in said:
        when, _space, status = one.partition(" ")
        _note_approval(scope._replace(clock=ManualClock(float(when))), package, noted, status)


def _parts(scope: Scope, members: Params) -> list[str]:
    """Return the artifacts of what a model package is made of."""
    containers = members.get("InferenceSpecification", {}).get("Containers", ())
    parts = [source for container in containers for source in _made_of(scope, container)]
    for algorithm in members.get("SourceAlgorithmSpecification", {}).get("SourceAlgorithms", ()):
        parts.append(_artifact(scope, algorithm["AlgorithmName"], "Algorithm"))
        if "ModelDataUrl" in algorithm:
            parts.append(_artifact(scope, algorithm["ModelDataUrl"], "Model"))
    return parts


def _package(package: Record) -> Params:
    return {"Source": {"SourceUri": package.arn}, "ArtifactType": "ModelPackage"}


def _group_context(scope: Scope, package: Record) -> str | None:
    """Return the context of a version's group, unless the group is going with it."""
    group = scope.table(scope.resources.resource("ModelPackageGroup")).records.get(package.family[1:])
    if group is None:
        return None
    then = scope._replace(clock=ManualClock(group.created))
    return _context(then, f"{_stamped(group)}-aws-model-group", "ModelGroup", group.arn)


def _note_approval(scope: Scope, package: Record, noted: str, status: str) -> None:
    """Note in which way a model package was approved."""
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
