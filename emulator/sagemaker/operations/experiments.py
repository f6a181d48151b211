"""Trial components and the trials they are in: who is in which, and lists that ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import NOT_FOUND, VALIDATION, Refusal
from emulator.engine import families, verbs
from emulator.engine.listing import List
from emulator.engine.relations import Relation
from emulator.engine.resource import Resource
from emulator.engine.scope import Scope
from emulator.engine.store import Record
from emulator.sagemaker.operations import lineage_tracking
from emulator.sagemaker.operations.lineage_sources import sourced
from emulator.sagemaker.rules.lineage import TRIALS

Params = Mapping[str, Any]

FILTERS = ("ExperimentName", "TrialName", "SourceArn")


def associate(scope: Scope, params: Params) -> dict[str, Any]:
    """Put a trial component into a trial; it may be there already."""
    component, trial = _both(scope, params)
    _trials(scope).add(component.arn, trial.arn)
    return {"TrialComponentArn": component.arn, "TrialArn": trial.arn}


def disassociate(scope: Scope, params: Params) -> dict[str, Any]:
    """Take a trial component out of a trial."""
    component, trial = _both(scope, params)
    if not _trials(scope).remove(component.arn, trial.arn):
        refusal = Refusal(NOT_FOUND, errors.COMPONENT_NOT_LINKED)
        raise refusal.error(component=component.arn, trial=trial.arn)
    return {"TrialComponentArn": component.arn, "TrialArn": trial.arn}


def list_components(scope: Scope, params: Params) -> dict[str, Any]:
    """List trial components: all, or those of an experiment, a trial, or a source."""
    lineage_tracking.catch_up(scope)
    component = scope.resources.resource("TrialComponent")
    listing = List(component, "ListTrialComponents")
    given = [name for name in FILTERS if name in params]
    if len(given) > 1:
        raise Refusal(VALIDATION, errors.TOO_MANY_COMPONENT_FILTERS).error()
    if not given:
        return listing(scope, component, params)
    if given == ["SourceArn"]:
        return listing.among(scope, params, sourced(scope, component, params["SourceArn"]))
    trials = [_named(scope, "Trial", params["TrialName"])] if "TrialName" in params else _trials_of(scope, params)
    rest = {name: value for name, value in params.items() if name not in FILTERS}
    return listing.among(scope, {**rest, **{name: params[name] for name in given}}, components_in(scope, trials))


def list_trials(scope: Scope, params: Params) -> dict[str, Any]:
    """List trials: all, or those of an experiment, or those that a trial component is in."""
    lineage_tracking.note(scope)
    trial = scope.resources.resource("Trial")
    listing = List(trial, "ListTrials")
    if "ExperimentName" in params:
        _named(scope, "Experiment", params["ExperimentName"])
    if "TrialComponentName" not in params:
        return listing(scope, trial, params)
    component = _named(scope, "TrialComponent", params["TrialComponentName"])
    records = trials_of_component(scope, component)
    if "ExperimentName" in params:
        inside = {one.key for one in _trials_of(scope, params)}
        records = [one for one in records if one.key in inside]
    return listing.among(scope, params, records)


def components_in(scope: Scope, trials: list[Record]) -> list[Record]:
    """Return the trial components of some trials, each once."""
    arns = dict.fromkeys(arn for trial in trials for arn in _trials(scope).to(trial.arn))
    return _records(scope, scope.resources.resource("TrialComponent"), list(arns))


def trials_of_component(scope: Scope, component: Record) -> list[Record]:
    """Return the trials that a trial component is in."""
    return _records(scope, scope.resources.resource("Trial"), _trials(scope).of(component.arn))


def _trials_of(scope: Scope, params: Params) -> list[Record]:
    experiment = _named(scope, "Experiment", params["ExperimentName"])
    family = families.family(scope.resources.resource("Experiment"), experiment.key)
    return list(scope.table(scope.resources.resource("Trial")).family(family).values())


def _both(scope: Scope, params: Params) -> tuple[Record, Record]:
    lineage_tracking.note(scope)
    trial = _named(scope, "Trial", params["TrialName"])
    return _named(scope, "TrialComponent", params["TrialComponentName"]), trial


def _named(scope: Scope, kind: str, name: str) -> Record:
    return verbs.found(scope, scope.resources.resource(kind), name)


def _trials(scope: Scope) -> Relation:
    return scope.place.relation(TRIALS)


def _records(scope: Scope, resource: Resource, arns: list[str]) -> list[Record]:
    keys = [scope.identify(resource, arn) for arn in arns]
    found = [scope.find(resource, key) for key in keys if key]
    return [record for record in found if record is not None]


OPERATIONS = {
    "AssociateTrialComponent": associate,
    "DisassociateTrialComponent": disassociate,
    "ListTrialComponents": list_components,
    "ListTrials": list_trials,
}
