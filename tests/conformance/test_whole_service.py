"""Every operation of the service is called and answered: with the least that it requires, and with all it takes."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.engine.emulator import Emulator
from tests.conformance.boto import Boto
from tests.conformance.botocore_model import OPERATIONS
from tests.conformance.inputs import full, minimal
from tests.conformance.lives import Lives
from tests.conformance.shapes import misfits_of
from tests.conformance.whole import Form, call, changed, forgotten

# Operations that no call can succeed in, with the reason.
EXEMPT: dict[str, str] = {
    "DescribeSubscribedWorkteam": "there is no marketplace to subscribe to a team in: every one is refused as missing",
    "GetLineageGroupPolicy": "nobody can share a lineage group: every policy is refused as missing",
}


# Members that cannot go with all the others of a full input, or not without what else they need, with the reason.
LEFT_OUT: dict[str, dict[str, str]] = {
    "BatchDeleteClusterNodes": {"NodeLogicalIds": "or NodeIds"},
    "BatchRebootClusterNodes": {"NodeLogicalIds": "or NodeIds"},
    "BatchReplaceClusterNodes": {"NodeLogicalIds": "or NodeIds"},
    "CreateApp": {"UserProfileName": "or SpaceName"},
    "CreateHyperParameterTuningJob": {"TrainingJobDefinitions": "or TrainingJobDefinition"},
    "CreateInferenceComponent": {"Specification": "or Specifications"},
    "CreateModel": {"PrimaryContainer": "or Containers"},
    "CreateModelPackage": {
        "ModelPackageName": "or ModelPackageGroupName",
        "Tags": "a version carries none: its group does",
    },
    "CreatePartnerApp": {"IdcConfig": "only with another AuthType"},
    "CreatePipeline": {"PipelineDefinitionS3Location": "or PipelineDefinition"},
    "CreatePresignedDomainUrl": {"SpaceName": "none was made for the user"},
    "CreateSpace": {"OwnershipSettings": "the owner has to be there"},
    "CreateWorkforce": {"CognitoConfig": "or OidcConfig"},
    "DeleteApp": {"SpaceName": "or UserProfileName"},
    "DescribeApp": {"SpaceName": "or UserProfileName"},
    "DescribeClusterNode": {"NodeLogicalId": "or NodeId"},
    "DescribePipeline": {
        "PipelineVersionId": "or PipelineVersionAlias",
        "PipelineVersionAlias": "none points to it yet",
    },
    "GetScalingConfigurationRecommendation": {"EndpointName": "or RecommendationId"},
    "ListAliases": {"Version": "or Alias", "Alias": "none was given yet"},
    "ListPipelineExecutions": {"PipelineVersionAlias": "or PipelineVersionId"},
    "ListTrialComponents": {"ExperimentName": "or TrialName", "SourceArn": "or TrialName"},
    "RenderUiTemplate": {"UiTemplate": "or HumanTaskUiArn"},
    "StartPipelineExecution": {
        "PipelineVersionAlias": "or PipelineVersionId",
        "RoleArn": "the pipeline has one of its own",
        "SelectiveExecutionConfig": "there is no former execution to take steps from",
    },
    "UpdateCluster": {"RestrictedInstanceGroups": "or InstanceGroups"},
    "UpdateInferenceComponent": {"Specification": "or Specifications"},
    "UpdateModelCard": {"Content": "or ModelCardStatus"},
    "UpdatePipeline": {"PipelineDefinitionS3Location": "or PipelineDefinition"},
    "UpdateTrainingJob": {"ResourceConfig": "only with a warm pool"},
}


@pytest.fixture(scope="module")
def boto(session: Any, served: tuple[Any, str]) -> Boto:
    """One client for all calls: making it takes longer than most of them."""
    return Boto(
        session.client(
            "sagemaker",
            endpoint_url=served[1],
            region_name="us-east-1",
            aws_access_key_id="123456789012",
            aws_secret_access_key="local",  # noqa: S106 - the emulator checks no signature
        )
    )


@pytest.fixture
def lives(emulator: Emulator, boto: Boto) -> Lives:
    return Lives(emulator, boto)


@pytest.mark.parametrize("form", [minimal, full])
@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one not in EXEMPT])
def test_an_operation_is_answered(operation: str, form: Form, lives: Lives) -> None:
    called = call(lives, operation, form)

    assert called.reply.status == 200, f"{operation} is refused: {called.reply.body}; it was sent {called.sent}"
    wrong = [*misfits_of(called.reply.body, operation), *changed(called, operation)]
    assert not wrong, f"{operation} answers wrongly: " + "; ".join(wrong)
    lost = list(forgotten(lives, called, operation))
    assert not lost, f"{operation} is not remembered: " + "; ".join(lost)
    if form is full:
        left_out = form(operation).keys() - called.sent.keys() - {"NextToken"}
        assert left_out <= LEFT_OUT.get(operation, {}).keys(), f"{operation} refuses {left_out} beside the others"


def test_what_is_left_out_is_a_member_of_its_input() -> None:
    for operation, left_out in LEFT_OUT.items():
        assert left_out.keys() <= full(operation).keys(), operation
