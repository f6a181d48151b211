"""Transform jobs: a model that answers a whole dataset."""

from emulator.engine.kind import Kind, Reference
from emulator.sagemaker.rules import jobs
from emulator.sagemaker.rules.jobs import ENDS, IN_PROGRESS, NO_SUCH_JOB, STARTING

KIND = Kind(
    "TransformJob",
    lifecycle=jobs.life(((STARTING, 60), (IN_PROGRESS, 120)), shows=IN_PROGRESS, stops=20),
    moments={"TransformStartTime": (IN_PROGRESS,), "TransformEndTime": ENDS},
    missing=NO_SUCH_JOB,
    taken=jobs.JOB_EXISTS,
    refusals={"Stop": jobs.REJECTED},
    defaults={
        "TransformInput.CompressionType": "None",
        "TransformInput.SplitType": "None",
        "TransformOutput.AssembleWith": "None",
        "TransformOutput.KmsKeyId": "",
        "DataProcessing": {},
        "DataProcessing.InputFilter": "$",
        "DataProcessing.OutputFilter": "$",
        "DataProcessing.JoinSource": "None",
    },
    shown={"LastModifiedTime": jobs.changed},  # its list says it, Describe does not
    references=(
        Reference("ModelName", "Model"),
        Reference("ExperimentConfig.ExperimentName", "Experiment"),
        Reference("ExperimentConfig.TrialName", "Trial"),
    ),
)
