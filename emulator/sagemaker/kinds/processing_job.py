"""Processing jobs: a container that reads inputs and writes outputs."""

from emulator.engine.kind import Kind, Reference
from emulator.sagemaker.rules import jobs
from emulator.sagemaker.rules.jobs import ENDS, IN_PROGRESS, NO_SUCH_JOB, STARTING

KIND = Kind(
    "ProcessingJob",
    lifecycle=jobs.life(((STARTING, 60), (IN_PROGRESS, 120)), shows=IN_PROGRESS, stops=20, deletes=True),
    moments={"ProcessingStartTime": (IN_PROGRESS,), "ProcessingEndTime": ENDS},
    missing=NO_SUCH_JOB,
    taken=jobs.JOB_EXISTS,
    refusals={"Stop": jobs.REJECTED, "Delete": jobs.STILL_RUNS},
    defaults={
        "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
        "ProcessingInputs[].AppManaged": False,
        "ProcessingInputs[].S3Input.S3DataDistributionType": "FullyReplicated",
        "ProcessingOutputConfig.Outputs[].AppManaged": False,
        "NetworkConfig.EnableNetworkIsolation": False,
        "NetworkConfig.EnableInterContainerTrafficEncryption": False,
    },
    references=(
        Reference("ExperimentConfig.ExperimentName", "Experiment"),
        Reference("ExperimentConfig.TrialName", "Trial"),
    ),
)
