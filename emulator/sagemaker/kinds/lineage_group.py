"""Lineage groups: every account has one, which holds its lineage entities and is there before anybody asks."""

from emulator.engine.kind import Kind, Listing
from emulator.sagemaker.rules.lineage import ENTITY_MISSING, NOBODY

KIND = Kind("LineageGroup", missing=ENTITY_MISSING, defaults=NOBODY, listing=Listing(descending=False))
