"""Pipeline versions: every change of a pipeline's definition is one, numbered from 1."""

from __future__ import annotations

from emulator.engine.kind import Kind, Making, Parent, Versions


def pipeline_arn(making: Making) -> str:
    """Show the ARN of the pipeline: a version has none of its own."""
    its_own: str = making.members["PipelineArn"]
    return its_own.rpartition("/version/")[0]


KIND = Kind(
    "PipelineVersion",
    arn="pipeline/{PipelineName}/version/{PipelineVersionId}",  # nobody sees it
    operations={"Describe": "DescribePipeline"},
    shown={"PipelineArn": pipeline_arn},
    parents=(Parent("Pipeline", by="PipelineName"),),
    versions=Versions(number="PipelineVersionId"),
)
