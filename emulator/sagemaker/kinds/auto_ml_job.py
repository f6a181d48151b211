"""AutoML jobs: models tried out on a dataset; created by one of two operations, and described by one of two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import NOT_FOUND, VALIDATION, Refusal
from emulator.engine.kind import Kind, Listing, Making, Referred
from emulator.sagemaker.rules import automl, jobs
from emulator.sagemaker.rules.jobs import COMPLETED, ENDS, IN_PROGRESS, STARTING


def check(params: Mapping[str, Any], _: list[Referred]) -> None:
    """Refuse an endpoint name that is given and to be generated, and one that is neither."""
    deploy = params.get("ModelDeployConfig")
    if deploy is not None and bool(deploy.get("AutoGenerateEndpointName")) == ("EndpointName" in deploy):
        raise Refusal(VALIDATION, errors.ENDPOINT_NAME_TWICE).error()


def secondary(making: Making) -> str | None:
    """Show the phase of the job's life; a job that was only to define candidates ends in saying so."""
    phase = making.state.status if making.state else None
    return "CandidateDefinitionsGenerated" if phase == COMPLETED and automl.only_defines(making.members) else phase


def artifacts(making: Making) -> Mapping[str, str] | None:
    """Show where the notebooks are that a tabular job leaves, once the data are explored."""
    early = making.state is None or making.state.status in (STARTING, "AnalyzingData")
    if early or automl.problem(making.members) != automl.TABULAR:
        return None
    output, name = making.members["OutputDataConfig"]["S3OutputPath"], making.members["AutoMLJobName"]
    notebooks = jobs.artifacts(output, name, "sagemaker-automl-candidates/notebooks")
    return {
        "CandidateDefinitionNotebookLocation": f"{notebooks}/SageMakerAutopilotCandidateDefinitionNotebook.ipynb",
        "DataExplorationNotebookLocation": f"{notebooks}/SageMakerAutopilotDataExplorationNotebook.ipynb",
    }


def resolved(making: Making) -> Mapping[str, Any] | None:
    """Show what was inferred where the caller said nothing, once the data are analyzed."""
    if making.state is None or making.state.status == STARTING:
        return None
    return automl.resolved(making.members)


KIND = Kind(
    "AutoMLJob",
    noun="AutoML job",
    lifecycle=jobs.life(
        (
            (STARTING, 10),
            ("AnalyzingData", 60),
            ("FeatureEngineering", 60),
            ("ModelTuning", 300),
            ("GeneratingExplainabilityReport", 30),
            ("GeneratingModelInsightsReport", 30),
        ),
        shows=IN_PROGRESS,
        stops=20,
    ),
    secondary="AutoMLJobSecondaryStatus",
    moments={"EndTime": ENDS},
    missing=Refusal(NOT_FOUND, errors.CANNOT_FIND_AUTOML_JOB),
    taken=jobs.JOB_EXISTS,
    refusals={"Stop": jobs.REJECTED},
    shown={
        "AutoMLJobSecondaryStatus": secondary,
        "AutoMLJobArtifacts": artifacts,
        "ResolvedAttributes": resolved,
    },
    listing=Listing(sort_by="Name"),
    check=check,
)
