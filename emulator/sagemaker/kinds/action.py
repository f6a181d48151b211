"""Actions: something that was done, such as the deployment or the approval of a model."""

from emulator.engine.kind import Kind, Listing, Update
from emulator.sagemaker.rules.lineage import ASSOCIATED, ENTITY_MISSING, ENTITY_TAKEN, NOBODY, SHOWN

KIND = Kind(
    "Action",
    bonds=ASSOCIATED,
    missing=ENTITY_MISSING,
    taken=ENTITY_TAKEN,
    defaults=NOBODY,
    shown=SHOWN,
    update=Update(replaced=frozenset({"Properties"})),
    listing=Listing(paths={"SourceUri": "Source.SourceUri"}, before_is_inclusive=True),
)
