"""Desired states of every type: what Create of its kind takes, read as properties, and what the schema wants beside it.

Nothing here knows a type but the tables. ``minimal`` has what the schema requires, ``full`` every property.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from emulator.aws.call import Call
from emulator.aws.errors import ServiceError
from emulator.engine.emulator import Emulator
from emulator.engine.resource import Resource
from emulator.registry.handler import Caller
from emulator.registry.kind_type import KindType
from emulator.registry.registry import Registry
from emulator.registry.schema import can, load
from tests.conformance import inputs
from tests.conformance.conftest import Reply
from tests.conformance.lives import Lives, Params
from tests.conftest import ACCOUNT, REGION, ROLE

CALLER = Caller(ACCOUNT, REGION)
NAME = "stack-Thing-1ABCDEFGHIJK"
SAGEMAKER = "AWS::SageMaker::"
TYPES = [name.removeprefix(SAGEMAKER) for name in load("sagemaker")]
SERVED = [name for name in TYPES if can(load("sagemaker")[SAGEMAKER + name], "create")]

Form = Callable[..., Params]
minimal, full = inputs.minimal, inputs.full

_CARD = {
    "model_overview": None,  # the name that SageMaker has for it
    "ModelOverview": {
        "ModelDescription": "d",
        "ModelVersion": 1,
        "InferenceEnvironment": {"ContainerImage": ["image"]},
    },
    "EvaluationDetails": [
        {
            "Name": "e",
            "Metadata": {"SomeName": "v"},
            "MetricGroups": [{"Name": "g", "MetricData": [{"Name": "m", "Type": "number", "Value": 0.5}]}],
        }
    ],
    "AdditionalInformation": {"EthicalConsiderations": "none", "CustomDetails": {"SomeName": "v"}},
}
_SPECIFICATION = {
    "Container": {"Image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/image:tag", "Environment": {"KEY": "b"}},
    "ComputeResourceRequirements": {"NumberOfCpuCoresRequired": 1, "MinMemoryRequiredInMb": 128},
    "StartupParameters": {"ModelDataDownloadTimeoutInSeconds": 60},
    "DataCacheConfig": {"EnableCaching": True},
}
_TEMPLATE = {"CfnTemplateProviderDetail": {"TemplateName": "t", "TemplateURL": "https://bucket.s3.amazonaws.com/t.yml"}}
_GROUP = {
    "InstanceGroupName": "workers",
    "InstanceCount": 2,
    "InstanceType": "ml.c5.xlarge",
    "ExecutionRole": ROLE,
    "LifeCycleConfig": {"SourceS3Uri": "s3://sagemaker-scripts", "OnCreate": "on_create.sh"},
    "ThreadsPerCore": 1,
    "ImageReleaseVersion": "1.0.0",
}
_GROUND_TRUTH = {"GroundTruthS3Input": {"S3Uri": "s3://bucket/truth"}}
_POLICY = '{ "Version": "2012-10-17",  "Statement": [] }'  # with spaces that a parser would lose

# Where SageMaker and the registry do not ask for the same: by type, over what is generated. What is None is left out.
DIFFERENT: Mapping[str, Params] = {
    "DeviceFleet": {"RoleArn": ROLE},
    "Domain": {"DefaultUserSettings": {"ExecutionRole": ROLE}},
    "ModelBiasJobDefinition": {"ModelBiasJobInput": _GROUND_TRUTH},
    "ModelCard": {"Content": _CARD},
    "ModelQualityJobDefinition": {
        "ModelQualityAppSpecification": {"ProblemType": "Regression"},
        "ModelQualityJobInput": _GROUND_TRUTH,
    },
    "Pipeline": {"PipelineDefinition": {"PipelineDefinitionBody": '{"Version": "2020-12-01",  "Steps": []}'}},
    "ProcessingJob": {
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}
        }
    },
    "Project": {"TemplateProviderDetails": [_TEMPLATE], "ServiceCatalogProvisioningDetails": None},
}
IN_FULL: Mapping[str, Params] = {
    "Cluster": {"InstanceGroups": [_GROUP]},
    "Domain": {"DomainSettings": {"IpAddressType": "DUALSTACK", "UnifiedStudioSettings": {"DomainRegion": REGION}}},
    "EndpointConfig": {"MetricsConfig": {"MetricPublishFrequencyInSeconds": 60}},
    "FeatureGroup": {"OfflineStoreConfig": {"TableFormat": "Iceberg"}},
    "ImageVersion": {"Aliases": ["latest", "stable"]},
    "InferenceComponent": {"Specifications": None, "Specification": _SPECIFICATION},
    "MlflowTrackingServer": {"MlflowVersion": "3.0"},
    "ModelPackage": {"ApprovalDescription": "good enough"},
    "ModelPackageGroup": {"ModelPackageGroupPolicy": _POLICY},
    "PartnerApp": {"AppVersion": "1.1"},
    "Workforce": {"OidcConfig": {"ClientId": "client", "ClientSecret": "secret"}},
}
# Properties that no full state has, and why.
ABSENT: Mapping[str, Mapping[str, str]] = {
    "EndpointConfig": {"ShadowProductionVariants": "the generated variants are more than one"},
    "InferenceComponent": {"Specifications": "there is a Specification", "DeploymentConfig": "it is an update's"},
    "Endpoint": dict.fromkeys(
        ("ExcludeRetainedVariantProperties", "RetainAllVariantProperties", "RetainDeploymentConfig"),
        "it is an update's",
    ),
    "InferenceExperiment": dict.fromkeys(("DesiredState", "StatusReason"), "it is an update's"),
    "Model": {"PrimaryContainer": "there are Containers"},
    "ModelPackage": {
        "ModelPackageName": "it is a version",
        "Tags": "versions take none",
        "AdditionalInferenceSpecificationsToAdd": "AdditionalInferenceSpecifications are there",
        "ClientToken": "it is not the same for two creations",
    },
    "PartnerApp": {"ClientToken": "it is not the same for two creations"},
    "Project": {"ServiceCatalogProvisioningDetails": "there is a template"},
    "Space": {"OwnershipSettings": "the generated owner does not exist"},
    "Workforce": {"CognitoConfig": "there is OidcConfig"},
}


_FOUND: dict[tuple[str, str, int], Params] = {}  # what Create takes: finding out is slow


class _Registered(Lives):
    """What makes resources as types do: a version if its parent is named."""

    def _one_identity(self, resource: Resource, params: Params, form: Form) -> Params:
        versions = resource.kind.versions
        if versions and versions.alone and resource.kind.parents[0].by in params:
            return {name: value for name, value in params.items() if name != versions.alone}
        return super()._one_identity(resource, params, form)

    def accepted(
        self, resource: Resource, operation: str, params: Params, form: Form, variant: int
    ) -> tuple[Params, Reply]:
        """Send params, changed until they are taken: as the form does that was narrowed to what the schema knows."""
        return super().accepted(resource, operation, params, getattr(form, "__wrapped__", form), variant)


class States:
    """Desired states for one type, in one emulator, where what they refer to is made."""

    def __init__(self, emulator: Emulator, name: str) -> None:
        self.emulator = emulator
        self.type = served(emulator, name)
        self.name = name
        self._lives = _Registered(emulator, sender(emulator))

    def desired(self, form: Form, variant: int = 0) -> Params:
        """Return a desired state."""
        if self.name == "Device":
            return self._device(form, variant)
        operations = self.type.operations
        way = (self.name, form.__name__, variant)
        made = self._lives.make(operations.resource.name, self._known(form, _FOUND.get(way)), variant)
        _FOUND[way] = made.sent
        with self.emulator.at(ACCOUNT, REGION) as scope:
            record = scope.find(made.resource, made.record.key)
            assert record is not None
            scope.remove(made.resource, record)
        sent = {name: value for name, value in made.sent.items() if name != operations.takes("Create").token}
        state = operations.translation.properties(sent, operations.takes("Create"))
        state = _over(state, DIFFERENT.get(self.name, {}))
        return _over(state, IN_FULL.get(self.name, {})) if form is full else state

    def _known(self, form: Form, found: Params | None) -> Form:
        """Return a form without the members of Create that the schema does not know; what was found to do is kept."""
        operations = self.type.operations
        create, shape = operations.name("Create"), operations.takes("Create")
        homes = {operations.translation.destination(shape, name) for name in self.type.schema["properties"]}
        kept = {str(home).partition(".")[0] for home in homes} | {shape.token, *shape.required}

        @wraps(form)
        def known(operation: str, variant: int = 0) -> Params:
            params = copy.deepcopy(found) if found and operation == create else form(operation, variant)
            return {name: value for name, value in params.items() if operation != create or name in kept}

        return known

    def _device(self, form: Form, variant: int) -> Params:
        fleet = self._lives.needed("DeviceFleet").record.key[0]
        state: Params = {"DeviceFleetName": fleet, "Device": {"DeviceName": "device"}}
        if form is full:
            state["Device"] |= {"Description": f"number {variant}", "IotThingName": f"thing-{variant}"}
            state["Tags"] = [{"Key": "k", "Value": "v"}]
        return state


def _over(state: Params, other: Mapping[str, Any]) -> Params:
    """Return a state with another one laid over it."""
    merged = dict(state)
    for name, value in other.items():
        base = merged.get(name)
        merged[name] = _over(base if isinstance(base, dict) else {}, value) if isinstance(value, dict) else value
    return {name: value for name, value in merged.items() if value is not None}


def sender(emulator: Emulator) -> Callable[[str, Params], Reply]:
    """Return what sends a call to an emulator without a server between."""

    def send(operation: str, params: Params) -> Reply:
        try:
            return Reply(200, emulator.answer(Call(operation, copy.deepcopy(params), ACCOUNT, REGION)))
        except ServiceError as refused:
            return Reply(refused.status, {"__type": refused.code, "message": refused.message})

    return send


def served(emulator: Emulator, name: str) -> KindType:
    """Return a type of SageMaker's."""
    found = emulator.beside(Registry).find(SAGEMAKER + name)
    assert isinstance(found, KindType)
    return found
