"""Artifacts: objects and data with a URI; what has the same source is the same artifact."""

from emulator.engine.kind import Kind, Listing, Minted, Update
from emulator.sagemaker.rules.lineage import ASSOCIATED, ENTITY_MISSING, NOBODY, SHOWN

KIND = Kind(
    "Artifact",
    minted={"ArnId": Minted(length=32, alphabet="0123456789abcdef")},
    bonds=ASSOCIATED,
    missing=ENTITY_MISSING,
    defaults=NOBODY,
    shown=SHOWN,
    update=Update(replaced=frozenset({"Properties"})),
    listing=Listing(paths={"SourceUri": "Source.SourceUri"}, before_is_inclusive=True),
)
