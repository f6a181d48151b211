"""Contexts: what groups other entities, such as an endpoint or a model package group."""

from emulator.engine.kind import Kind, Listing, Update
from emulator.sagemaker.rules.lineage import ASSOCIATED, ENTITY_MISSING, ENTITY_TAKEN, NOBODY, SHOWN

KIND = Kind(
    "Context",
    bonds=ASSOCIATED,
    missing=ENTITY_MISSING,
    taken=ENTITY_TAKEN,
    defaults=NOBODY,
    shown=SHOWN,
    update=Update(replaced=frozenset({"Properties"})),
    listing=Listing(paths={"SourceUri": "Source.SourceUri"}, before_is_inclusive=True),
)
