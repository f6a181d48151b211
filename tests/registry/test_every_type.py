"""Every type with handlers, through its whole life: from what a client writes to what it reads."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from emulator.engine.clock import Chance, ManualClock
from emulator.registry.handler import CREATE, DELETE, SUCCESS, UPDATE, HandlerError, Progress, Properties, Wish
from emulator.registry.identifiers import identifier
from emulator.registry.kind_type import KindType
from emulator.registry.schema import (
    CREATE_ONLY,
    READ_ONLY,
    WRITE_ONLY,
    at,
    can,
    pointer,
    pointers,
    put,
    without_all,
)
from emulator.registry.validation import validate
from emulator.sagemaker.service import sagemaker
from tests.registry.desired import ABSENT, CALLER, NAME, SERVED, TYPES, Form, States, full, minimal, served

every_type = pytest.mark.parametrize("name", SERVED)
both_forms = pytest.mark.parametrize("form", [minimal, full])

# Read-only properties that not every resource has, and why.
SELDOM = {
    "App": {"BuiltInLifecycleConfigArn": "only apps whose image has one"},
    "Cluster": {
        "FailureMessage": "it did not fail",
        "RestrictedInstanceGroups/*/CurrentCount": "it has no such groups",
        "InstanceGroups/*/AutoPatchConfig/PatchSchedule/NextPatchDate": "nothing is patched by itself",
    },
    "Domain": {
        "SingleSignOnApplicationArn": "its users sign in by IAM",
        "SingleSignOnManagedApplicationInstanceId": "its users sign in by IAM",
        "SecurityGroupIdForDomainBoundary": "",
    },
    "InferenceComponent": {
        "FailureReason": "it did not fail",
        "RuntimeConfig/PlacementStatus": "it is placed where there are types of instances",
        "Specification/Container/DeployedImage": "there are Specifications, or it has a model",
        "Specification/CurrentDataCacheConfig": "the service does not say it",
        "Specifications/*/CurrentDataCacheConfig": "the service does not say it",
    },
    "ModelCard": {
        **dict.fromkeys(
            (
                f"{by}/{who}"
                for by in ("CreatedBy", "LastModifiedBy")
                for who in ("DomainId", "UserProfileArn", "UserProfileName")
            ),
            "no user of Studio made it",
        ),
        "ModelCardProcessingStatus": "nothing is in process",
    },
    "ModelPackage": {"LastModifiedTime": "it was not modified"},
    "PartnerApp": {"CurrentVersionEolDate": "its version has no end"},
    "ProcessingJob": dict.fromkeys(
        ("TrainingJobArn", "AutoMLJobArn", "ExitMessage", "FailureReason", "MonitoringScheduleArn"),
        "it belongs to nothing, and did not fail",
    ),
}


@pytest.fixture
def states(name: str) -> States:
    """What makes desired states of the type, in an emulator of its own."""
    return States(sagemaker(clock=ManualClock(), chance=Chance(0)), name)


def create(handler: KindType, desired: Properties) -> str:
    """Create a resource and wait for it."""
    progress = handler.create(CALLER, Wish(copy.deepcopy(desired), NAME, "token"))
    return settled(handler, CREATE, progress)


def settled(handler: KindType, action: str, progress: Progress) -> str:
    """Look until an action is over, which it must be well; return the identifier."""
    assert progress.identifier is not None
    for _ in range(10):
        if progress.status == SUCCESS:
            break
        progress = handler.look(CALLER, action, str(progress.identifier))
    assert progress.status == SUCCESS, progress
    return str(progress.identifier)


def lost(written: Any, read: Any, path: str = "") -> Iterator[str]:
    """Yield what was written and is not read as it was written; what the service adds is no loss."""
    if isinstance(written, dict) and isinstance(read, dict):
        for name, value in written.items():
            if name in read:
                yield from lost(value, read[name], f"{path}/{name}")
            else:
                yield f"{path}/{name} is gone"
    elif isinstance(written, list) and isinstance(read, list) and len(written) == len(read):
        for number, (one, other) in enumerate(zip(written, read, strict=True)):
            yield from lost(one, other, f"{path}/{number}")
    elif type(written) is not type(read) or written != read:
        yield f"{path}: {written!r} is read as {read!r}"


def readable(handler: KindType, written: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what was written without what is never read."""
    unread = [tuple(path.split(".")) for path in handler.departure.unread]
    found: Mapping[str, Any] = without_all(dict(written), [*pointers(handler.schema, WRITE_ONLY), *unread])
    return found


@both_forms
@every_type
def test_what_is_written_is_what_the_schema_asks_for(states: States, form: Form) -> None:
    assert validate(states.type.schema, states.desired(form)) == []


@every_type
def test_a_full_state_has_every_property_but_those_that_say_why_not(states: States) -> None:
    handler = states.type
    unset = {steps[0] for steps in pointers(handler.schema, READ_ONLY)} | handler.departure.unsent.keys()
    assert (
        handler.schema["properties"].keys() - unset - states.desired(full).keys()
        == ABSENT.get(states.name, {}).keys() - unset
    )


@both_forms
@every_type
def test_what_is_written_is_read_in_the_same_json_types(states: States, form: Form) -> None:
    desired = states.desired(form)
    read = states.type.read(CALLER, create(states.type, desired))
    assert [*lost(readable(states.type, desired), read)] == []


@both_forms
@every_type
def test_what_is_read_is_what_the_schema_says(states: States, form: Form) -> None:
    read = states.type.read(CALLER, create(states.type, states.desired(form)))
    unread = [f"required key [{steps[-1]}]" for steps in pointers(states.type.schema, WRITE_ONLY)]
    assert [
        fault
        for fault in validate(states.type.schema, read)
        if not fault.endswith(tuple(f"{one} not found" for one in unread))
    ] == []
    assert [steps for steps in pointers(states.type.schema, WRITE_ONLY) if at(read, steps)] == []


@every_type
def test_read_only_properties_are_there(states: States) -> None:
    read = states.type.read(CALLER, create(states.type, states.desired(full)))
    absent = {"/".join(steps) for steps in pointers(states.type.schema, READ_ONLY) if not at(read, steps)}
    assert absent - SELDOM.get(states.name, {}).keys() == set()


@every_type
def test_a_resource_is_found_by_each_of_its_identifiers(states: States) -> None:
    handler = states.type
    made = create(handler, states.desired(full))
    read = handler.read(CALLER, made)
    for way in [handler.schema["primaryIdentifier"], *handler.schema.get("additionalIdentifiers", ())]:
        written = json.dumps({text.removeprefix("/properties/"): at(read, pointer(text))[0] for text in way})
        assert handler.read(CALLER, written) == read
        unknown = written.replace('"}', '9"}')
        with pytest.raises(HandlerError) as refused:
            handler.read(CALLER, unknown)
        assert refused.value.code == "NotFound"


@every_type
def test_what_was_created_is_listed(states: States) -> None:
    desired = states.desired(minimal)
    made = create(states.type, desired)
    if can(states.type.schema, "list"):
        listed = states.type.list(CALLER, desired, None, None).models
        assert made in [identifier(states.type.schema, model) for model in listed]
    else:
        with pytest.raises(HandlerError):
            states.type.list(CALLER, desired, None, None)


@every_type
def test_what_is_deleted_is_not_found(states: States) -> None:
    handler = states.type
    made = create(handler, states.desired(minimal))
    settled(handler, DELETE, handler.delete(CALLER, made))
    for act in (
        lambda: handler.read(CALLER, made),
        lambda: handler.delete(CALLER, made),
        lambda: handler.update(CALLER, made, {}, Wish({}, NAME, "token")),
    ):
        with pytest.raises(HandlerError) as refused:
            act()
        assert refused.value.code == ("NotFound" if can(handler.schema, "update") else refused.value.code)
    if can(handler.schema, "list"):
        assert made not in [
            identifier(handler.schema, model)
            for model in handler.list(CALLER, {"ImageName": "image-name"}, None, None).models
        ]


# --- Updates ----------------------------------------------------------------------------------------------------------

# Properties that no update changes though the schema has them so, and why.
UNCHANGED: dict[str, dict[str, str]] = {
    "App": {"RecoveryMode": "SageMaker does not update apps"},
    "InferenceComponent": dict.fromkeys(
        ("EndpointName", "InferenceComponentName", "VariantName"), "it stays what and where it is"
    ),
    "MlflowTrackingServer": dict.fromkeys(("MlflowVersion", "RoleArn"), "conditionally fixed, and no update takes it"),
    "ModelPackage": {
        "AdditionalInferenceSpecifications": "specifications are added, by other names",
        "SkipModelValidation": "it is over",
        "CertifyForMarketplace": "it is decided",
    },
}
# Properties that stay when they are no longer wished: SageMaker has no way to take them away, only to change them.
STAYING: dict[str, set[str]] = {
    "Action": {"Status"},
    "App": {"RecoveryMode"},
    "AppImageConfig": {"CodeEditorAppImageConfig", "JupyterLabAppImageConfig", "KernelGatewayImageConfig"},
    "Artifact": {"ArtifactName"},
    "Cluster": {
        "AutoScaling",
        "ClusterRole",
        "InstanceGroups",
        "NodeProvisioningMode",
        "NodeRecovery",
        "RestrictedInstanceGroups",
        "RestrictedInstanceGroupsConfig",
        "TieredStorageConfig",
    },
    "ComputeQuota": {"ActivationState"},
    "DeviceFleet": {"Description"},
    "Domain": {
        "AppNetworkAccessType",
        "AppSecurityGroupManagement",
        "DefaultSpaceSettings",
        "HomeEfsFileSystemCreation",
        "SubnetIds",
        "TagPropagation",
        "VpcId",
    },
    "Endpoint": {"DeploymentConfig"},
    "Experiment": {"DisplayName"},
    "FeatureGroup": {"ThroughputConfig"},
    "ImageVersion": {"Horovod"},
    "InferenceComponent": {"InferenceComponentName", "VariantName"},
    "InferenceExperiment": {"DataStorageConfig", "ShadowModeConfig"},
    "MlflowApp": {"ModelRegistrationMode", "WeeklyMaintenanceWindowStart"},
    "MlflowTrackingServer": {
        "AutomaticModelRegistration",
        "MlflowVersion",
        "TrackingServerSize",
        "WeeklyMaintenanceWindowStart",
    },
    "ModelPackage": {
        "AdditionalInferenceSpecifications",
        "CertifyForMarketplace",
        "ModelApprovalStatus",
        "ModelCard",
        "SkipModelValidation",
    },
    "NotebookInstance": {"InstanceMetadataServiceConfiguration", "RootAccess", "VolumeSizeInGB"},
    "PartnerApp": {
        "AppVersion",
        "ApplicationConfig",
        "EnableAutoMinorVersionUpgrade",
        "EnableIamSessionBasedIdentity",
        "MaintenanceConfig",
    },
    "Pipeline": {"ParallelismConfiguration", "PipelineDisplayName"},
    "Space": {"SpaceDisplayName"},
    "TrialComponent": {"DisplayName", "Status"},
    "Workforce": {"IpAddressType", "SourceIpConfig", "WorkforceVpcConfig"},
    "Workteam": {"NotificationConfiguration"},
}


def changed(handler: KindType, before: Properties, after: Properties, name: str) -> Properties:
    """Return a state in which one property is as in another state, as far as an update can change it."""
    wanted = copy.deepcopy({**before, name: after[name]})
    for steps in [*pointers(handler.schema, CREATE_ONLY), *pointers(handler.schema, READ_ONLY)]:
        wanted = without_all(wanted, [steps])
        for value in at(before, steps):
            put(wanted, steps, value)
    return wanted


@every_type
def test_every_updatable_property_is_changed_in_place(states: States) -> None:
    handler = states.type
    if not can(handler.schema, "update"):
        pytest.skip("the type has no update handler")
    before, after = states.desired(full), states.desired(full, 1)
    made = create(handler, before)
    for name in sorted(before.keys() & after.keys()):
        wanted = changed(handler, before, after, name)
        if wanted == before:
            continue
        wish = Wish(copy.deepcopy(wanted), NAME, f"token-{name}")
        if name in UNCHANGED.get(states.name, {}):
            with pytest.raises(HandlerError):  # nothing is dropped in silence
                handler.update(CALLER, made, before, wish)
        else:
            assert settled(handler, UPDATE, handler.update(CALLER, made, before, wish)) == made
            assert [*lost(readable(handler, wanted), handler.read(CALLER, made))] == [], name
            before = wanted


@every_type
def test_every_property_that_is_no_longer_wished_is_taken_away(states: States) -> None:
    handler = states.type
    if not can(handler.schema, "update"):
        pytest.skip("the type has no update handler")
    before = states.desired(full)
    made = create(handler, before)
    fixed = {steps[0] for keyword in (CREATE_ONLY, WRITE_ONLY) for steps in pointers(handler.schema, keyword)}
    staying = set()
    for name in sorted(before.keys() - fixed - set(handler.schema.get("required", ()))):
        wanted = {one: value for one, value in before.items() if one != name}
        settled(
            handler, UPDATE, handler.update(CALLER, made, before, Wish(copy.deepcopy(wanted), NAME, f"token-{name}"))
        )
        read = handler.read(CALLER, made)
        assert [*lost(readable(handler, wanted), {name: read.get(name), **read})] == [], name
        if read.get(name):
            staying.add(name)
        else:
            before = wanted
    assert staying == STAYING.get(states.name, set())


# --- What is refused, and what is not lost ----------------------------------------------------------------------------

# Types of which there may be several of the same name, or that have none.
ALIKE = ("Artifact", "Domain", "ImageVersion", "MlflowApp")


@every_type
def test_what_is_there_already_is_refused(states: States) -> None:
    handler, desired = states.type, states.desired(minimal)
    made = create(handler, desired)
    again = Wish(copy.deepcopy(desired), NAME, "another token")
    if states.name in ALIKE:
        handler.create(CALLER, again)
    else:
        with pytest.raises(HandlerError) as refused:
            handler.create(CALLER, again)
        assert refused.value.code == "AlreadyExists"
    assert handler.read(CALLER, made)


@every_type
def test_read_only_properties_are_refused(states: States) -> None:
    handler, desired = states.type, states.desired(minimal)
    names = [steps[0] for steps in pointers(handler.schema, READ_ONLY) if len(steps) == 1]
    if not names:
        pytest.skip("the type has no read-only properties")
    with pytest.raises(HandlerError) as refused:
        handler.create(CALLER, Wish({**desired, names[0]: "given"}, NAME, "token"))
    assert (refused.value.code, names[0] in refused.value.message) == ("InvalidRequest", True)
    if can(handler.schema, "list"):
        assert list(handler.list(CALLER, desired, None, None).models) == []


@every_type
def test_create_only_properties_cannot_be_updated(states: States) -> None:
    handler, before, after = states.type, states.desired(full), states.desired(full, 1)
    fixed = [steps for steps in pointers(handler.schema, CREATE_ONLY) if at(before, steps) != at(after, steps)]
    if not can(handler.schema, "update") or not fixed:
        pytest.skip("the type has no update handler, or its properties have but one value")
    made = create(handler, before)
    wanted = copy.deepcopy(before)
    put(wanted, fixed[0], at(after, fixed[0])[0])
    with pytest.raises(HandlerError) as refused:
        handler.update(CALLER, made, before, Wish(wanted, NAME, "token"))
    assert refused.value.code == "NotUpdatable"
    assert [*lost(readable(handler, before), handler.read(CALLER, made))] == []


@every_type
def test_no_property_is_dropped_in_silence(name: str) -> None:
    handler = States(sagemaker(), name).type
    operations, departure = handler.operations, handler.departure
    unsent = [
        set(operations.translation.homeless(operations.takes(verb)))
        for verb in ("Create", "Update")
        if verb == "Create" or operations.updates
    ]
    unread = set(operations.translation.homeless(operations.described))
    elsewhere = {*departure.attributes, *departure.seen_to, *departure.late, str(operations.tags)}
    read_only, write_only = (
        {".".join(steps).replace(".*", "[]") for steps in pointers(handler.schema, keyword)}
        for keyword in (READ_ONLY, WRITE_ONLY)
    )
    assert _outside(set.intersection(*unsent), {*departure.unsent, *elsewhere, *read_only}) == set()
    keys = {key for names in operations.resource.keys for key in names}
    assert (
        _outside(unread, {*departure.unread, *departure.shown, *departure.keys, *elsewhere, *write_only, *keys})
        == set()
    )


def _outside(paths: set[str], known: set[str]) -> set[str]:
    return {path for path in paths if not any(path == one or path.startswith((f"{one}.", f"{one}[]")) for one in known)}


def test_a_type_that_is_retired_says_that_it_can_do_nothing() -> None:
    handler = served(sagemaker(), "ExperimentTrialComponent")
    for act in (
        lambda: handler.create(CALLER, Wish({}, NAME, "token")),
        lambda: handler.read(CALLER, "id"),
        lambda: handler.delete(CALLER, "id"),
        lambda: handler.list(CALLER, {}, None, None),
    ):
        with pytest.raises(HandlerError) as refused:
            act()
        assert refused.value.code == "InvalidRequest"
        assert "ExperimentTrialComponent does not support" in refused.value.message


def test_there_are_48_types_and_one_is_retired() -> None:
    assert (len(TYPES), set(TYPES) - set(SERVED)) == (48, {"ExperimentTrialComponent"})
