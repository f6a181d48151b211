"""Model cards: the schema also knows who is signed in to Studio."""

from emulator.registry.departure import Departure

TYPE = Departure(unsent=dict.fromkeys(("CreatedBy", "LastModifiedBy"), "whoever calls did it"))
