"""Model packages: the schema also knows what only the service or only an update says."""

from emulator.registry.departure import Departure

TYPE = Departure(
    unsent={
        "ModelPackageVersion": "the service counts",
        "ModelPackageStatusDetails": "the service says it",
    },
    listed={"ModelPackageType": "Both"},
)
