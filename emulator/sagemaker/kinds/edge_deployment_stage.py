"""Edge deployment stages: the steps of a plan, each for some of the fleet's devices."""

from emulator.aws import errors
from emulator.aws.errors import IN_USE, VALIDATION, Refusal
from emulator.engine.kind import Kind, Parent
from emulator.engine.lifecycle import GONE, Lifecycle, Stage

_STILL = ("READYTODEPLOY", "DEPLOYED", "STOPPED", "FAILED")

KIND = Kind(
    "EdgeDeploymentStage",
    lifecycle=Lifecycle(
        begins="CREATING",
        calls={
            "Start": dict.fromkeys(("READYTODEPLOY", "STOPPED", "FAILED"), "STARTING"),
            "Stop": dict.fromkeys(("STARTING", "INPROGRESS"), "STOPPING"),
            "Delete": dict.fromkeys(_STILL, GONE),
        },
        times={
            "CREATING": Stage("READYTODEPLOY", seconds=1),
            "STARTING": Stage("INPROGRESS", seconds=5),
            "INPROGRESS": Stage("DEPLOYED", seconds=30, failed="FAILED"),
            "STOPPING": Stage("STOPPED", seconds=5),
        },
    ),
    missing=Refusal(VALIDATION, errors.NO_STAGE),
    taken=Refusal(VALIDATION, errors.STAGE_EXISTS),
    refusals={"Delete": Refusal(IN_USE, errors.STAGE_ACTIVE)},
    parents=(Parent("EdgeDeploymentPlan", by="EdgeDeploymentPlanName"),),
)
