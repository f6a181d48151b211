"""Trials: sets of trial components inside an experiment."""

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine.kind import Bond, Kind, Parent
from emulator.sagemaker.rules.lineage import ENTITY_MISSING, ENTITY_TAKEN, NOBODY, TRIALS, displayed

KIND = Kind(
    "Trial",
    folds=True,
    parents=(Parent("Experiment", "ExperimentName", orphans=Refusal(VALIDATION, errors.EXPERIMENT_HAS_TRIALS)),),
    bonds=(Bond(TRIALS, Refusal(VALIDATION, errors.TRIAL_HAS_COMPONENTS)),),
    missing=ENTITY_MISSING,
    taken=ENTITY_TAKEN,
    defaults=NOBODY,
    made=displayed("TrialName"),
)
