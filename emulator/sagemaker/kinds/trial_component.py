"""Trial components: stages of trials, each in any number of them; jobs make their own."""

from emulator.aws import errors
from emulator.aws.errors import VALIDATION, Refusal
from emulator.engine.kind import Bond, Kind, Listing
from emulator.sagemaker.rules.lineage import ENTITY_MISSING, ENTITY_TAKEN, NOBODY, SHOWN, TRIALS, displayed

KIND = Kind(
    "TrialComponent",
    folds=True,
    bonds=(Bond(TRIALS, Refusal(VALIDATION, errors.COMPONENT_IS_LINKED)),),
    missing=ENTITY_MISSING,
    taken=ENTITY_TAKEN,
    defaults={**NOBODY, "Metrics": []},
    made=displayed("TrialComponentName"),
    shown=SHOWN,
    listing=Listing(paths={"TrialComponentSource": "Source", "SourceArn": "Source.SourceArn"}),
)
