"""Model card export jobs: a version of a card, written to S3 as a PDF."""

from __future__ import annotations

from emulator.engine.kind import Kind, Making, Parent
from emulator.engine.lifecycle import Lifecycle, Stage


def artifacts(making: Making) -> dict[str, str] | None:
    """Say where the PDF is, once it is there."""
    members = making.members
    if making.state is None or making.state.status != "Completed":
        return None
    path = members["OutputConfig"]["S3OutputPath"].rstrip("/")
    name = f"{members['ModelCardName']}-v{members['ModelCardVersion']}-{members['ModelCardExportJobName']}"
    return {"S3ExportArtifacts": f"{path}/{name}.pdf"}


KIND = Kind(
    "ModelCardExportJob",
    keys=(("ModelCardName", "ModelCardExportJobName"),),
    arn="model-card/{ModelCardName}/export-job/{ModelCardExportJobName}",
    lifecycle=Lifecycle(begins="InProgress", times={"InProgress": Stage("Completed", seconds=20, failed="Failed")}),
    shown={"ExportArtifacts": artifacts},
    parents=(Parent("ModelCard", by="ModelCardName"),),
)
