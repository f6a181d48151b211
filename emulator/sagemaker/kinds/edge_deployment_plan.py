"""Edge deployment plans: which packaged models go to the devices of a fleet, in stages."""

from emulator.aws import errors
from emulator.aws.errors import IN_USE, Refusal
from emulator.engine.kind import Kind, Parent, Reference

KIND = Kind(
    "EdgeDeploymentPlan",
    parents=(Parent("DeviceFleet", by="DeviceFleetName", orphans=Refusal(IN_USE, errors.FLEET_IN_USE)),),
    references=(Reference("ModelConfigs[].EdgePackagingJobName", "EdgePackagingJob"),),
)
