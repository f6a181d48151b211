"""Edge packaging jobs: a compiled model packed for devices."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from emulator.engine.kind import Kind, Making, Reference
from emulator.sagemaker.rules import jobs


def artifact(making: Making) -> str | None:
    """Show where the package is, once it is there."""
    members = making.members
    if not jobs.ended(making):
        return None
    file = f"{members['ModelName']}-{members['ModelVersion']}.tar.gz"
    return f"{members['OutputConfig']['S3OutputLocation'].rstrip('/')}/{file}"


def signature(making: Making) -> str | None:
    """Show the signature of the package: nothing is packed, so it is that of its name."""
    where = artifact(making)
    return where and hashlib.sha256(where.encode()).hexdigest()


def message(making: Making) -> str | None:
    """Show why the job failed."""
    return making.state.reason if making.state else None


def deployment(making: Making) -> dict[str, Any] | None:
    """Show the Greengrass component that was made, if one was asked for."""
    output = making.members["OutputConfig"]
    if not jobs.ended(making) or "PresetDeploymentType" not in output:
        return None
    try:
        config = json.loads(output.get("PresetDeploymentConfig", "{}"))
    except ValueError:
        config = {}
    name = config.get("ComponentName", f"SagemakerEdgeManager-{making.members['EdgePackagingJobName']}")
    version = config.get("ComponentVersion", "1.0.0")
    where = f"arn:aws:greengrass:{making.region}:{making.account}:components:{name}:versions:{version}"
    return {"Type": output["PresetDeploymentType"], "Artifact": where, "Status": "COMPLETED"}


KIND = Kind(
    "EdgePackagingJob",
    lifecycle=jobs.life((("STARTING", 10), ("INPROGRESS", 60)), stops=10, shouts=True),
    refusals={"Stop": jobs.REJECTED},
    shown={
        "ModelArtifact": artifact,
        "ModelSignature": signature,
        "EdgePackagingJobStatusMessage": message,
        "PresetDeploymentOutput": deployment,
    },
    references=(Reference("CompilationJobName", "CompilationJob"),),
)
