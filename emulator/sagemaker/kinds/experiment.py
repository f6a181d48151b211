"""Experiments: collections of trials; one ends when it has none any more."""

from emulator.engine.kind import Kind
from emulator.sagemaker.rules.lineage import ENTITY_MISSING, ENTITY_TAKEN, NOBODY, displayed

KIND = Kind(
    "Experiment",
    folds=True,
    missing=ENTITY_MISSING,
    taken=ENTITY_TAKEN,
    defaults=NOBODY,
    made=displayed("ExperimentName"),
)
