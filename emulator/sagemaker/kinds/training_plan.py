"""Training plans: capacity that is bought in advance, waits for its time, and is over when its time is."""

from __future__ import annotations

from emulator.engine.kind import Kind
from emulator.sagemaker.rules import reservations

KIND = Kind(
    "TrainingPlan",
    lifecycle=reservations.LIFE,
    shown={
        "AvailableInstanceCount": reservations.available,
        "InUseInstanceCount": reservations.in_use,
        "UnhealthyInstanceCount": lambda _: 0,
        "AvailableSpareInstanceCount": reservations.spare,
        "ReservedCapacitySummaries": reservations.summaries,
    },
)
