"""Jobs of a category, with a configuration document whose schema is versioned."""

from __future__ import annotations

from emulator.engine.kind import Kind, Listing
from emulator.sagemaker.rules import jobs
from emulator.sagemaker.rules.jobs import COMPLETED, DELETING, ENDS, FAILED, IN_PROGRESS, STARTING, STOPPED, STOPPING

HISTORY = "SecondaryStatusTransitions"
MESSAGES = {
    STARTING: "Starting the job",
    "Preparing": "Preparing the job",
    "Executing": "Job in progress",
    "Finalizing": "Finalizing the job",
    COMPLETED: "Job completed",
    FAILED: "Job failed",
    STOPPING: "Stopping the job",
    STOPPED: "Job stopped",
    DELETING: "Deleting the job",
}

KIND = Kind(
    "Job",
    keys=(("JobCategory", "JobName"),),
    arn="job/{JobCategory}/{JobName}",
    lifecycle=jobs.life(
        ((STARTING, 10), ("Preparing", 20), ("Executing", 120), ("Finalizing", 10)),
        shows=IN_PROGRESS,
        stops=10,
        deletes=True,
        vanishes=5,
    ),
    secondary="SecondaryStatus",
    history=HISTORY,
    moments={"EndTime": ENDS},
    taken=jobs.JOB_EXISTS,
    refusals={"Stop": jobs.REJECTED, "Delete": jobs.STILL_RUNS},
    shown={HISTORY: jobs.told(HISTORY, MESSAGES)},
    listing=Listing(page=50),
)
