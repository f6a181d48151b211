"""What handlers do that not every type shows: names, tags, policies, steps that wait, failures, identifiers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.engine.clock import Chance, ManualClock
from emulator.engine.emulator import Emulator
from emulator.registry.handler import (
    CREATE,
    DELETE,
    FAILED,
    IN_PROGRESS,
    SUCCESS,
    UPDATE,
    HandlerError,
    Page,
    Progress,
    Properties,
    Wish,
)
from emulator.registry.registry import Registry
from emulator.registry.steps import SHELF
from emulator.sagemaker.service import sagemaker
from tests.conftest import ACCOUNT, REGION, ROLE
from tests.registry.desired import CALLER, States, minimal, sender, served

IMAGE = {"ImageName": "studio", "ImageRoleArn": ROLE}
ARN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
BASE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/image:tag"
NOTEBOOK = {"NotebookInstanceName": "n", "InstanceType": "ml.t3.medium", "RoleArn": ROLE}


@pytest.fixture
def alone() -> Emulator:
    """An emulator that nobody else knows."""
    return sagemaker(clock=ManualClock(), chance=Chance(0))


def create(emulator: Emulator, name: str, properties: Properties, called: str = "stack-Thing-1ABCDEFGHIJK") -> str:
    progress = served(emulator, name).create(CALLER, Wish(properties, called, "token"))
    assert progress.identifier is not None
    return progress.identifier


def update(emulator: Emulator, name: str, identifier: str, old: Properties, new: Properties) -> Progress:
    return served(emulator, name).update(CALLER, identifier, old, Wish(new, "", "another token"))


def look(emulator: Emulator, name: str, action: str, identifier: str) -> str:
    return served(emulator, name).look(CALLER, action, identifier).status


def read(emulator: Emulator, name: str, identifier: str) -> Properties:
    return served(emulator, name).read(CALLER, identifier)


def tags(*pairs: str) -> list[dict[str, str]]:
    return [dict(zip(("Key", "Value"), pair.split("="), strict=True)) for pair in pairs]


# --- Names and identifiers --------------------------------------------------------------------------------------------


def test_a_resource_without_a_name_gets_the_one_that_is_offered(alone: Emulator) -> None:
    made = create(alone, "Model", {"PrimaryContainer": {"Image": BASE}}, "stack-Model-1ABCDEFGHIJK")
    assert read(alone, "Model", made)["ModelName"] == "stack-Model-1ABCDEFGHIJK"


def test_a_name_that_is_too_long_keeps_what_tells_it_from_others(alone: Emulator) -> None:
    offered = f"{'very-long-' * 10}Model-1ABCDEFGHIJK"
    name = read(alone, "Model", create(alone, "Model", {"PrimaryContainer": {"Image": BASE}}, offered))["ModelName"]
    assert (len(name) <= 63, name[-12:], name[:10]) == (True, "1ABCDEFGHIJK", "very-long-")


@pytest.mark.parametrize(
    "called", [f"{ARN}:image/studio", json.dumps({"ImageArn": f"{ARN}:image/studio"}), '{"ImageName": "studio"}']
)
def test_an_image_is_called_by_its_arn_or_by_json_of_either_identifier(alone: Emulator, called: str) -> None:
    create(alone, "Image", IMAGE)
    assert read(alone, "Image", called)["ImageName"] == "studio"


@pytest.mark.parametrize("called", ["studio", '{"ImageName": "other"}', f"{ARN}:image/other", f"{ARN}:model/studio"])
def test_an_identifier_of_nothing_is_not_found(alone: Emulator, called: str) -> None:
    create(alone, "Image", IMAGE)
    with pytest.raises(HandlerError) as refused:
        read(alone, "Image", called)
    assert refused.value.code == "NotFound"
    assert (
        refused.value.message == f"Resource of type 'AWS::SageMaker::Image' with identifier '{called}' was not found."
    )


@pytest.mark.parametrize(
    "called", ["only-one-part", '{"SpaceName": "s"}', '{"DomainId": "d", "SpaceName": "s", "X": "x"}']
)
def test_an_identifier_with_too_few_parts_or_too_many_is_invalid(alone: Emulator, called: str) -> None:
    with pytest.raises(HandlerError) as refused:
        read(alone, "Space", called)
    assert refused.value.code == "InvalidRequest"


def test_the_parts_of_an_identifier_stand_in_the_order_of_the_schema(alone: Emulator) -> None:
    domain = create(
        alone,
        "Domain",
        {
            "DomainName": "d",
            "AuthMode": "IAM",
            "DefaultUserSettings": {"ExecutionRole": ROLE},
            "VpcId": "vpc-1",
            "SubnetIds": ["subnet-1"],
        },
    )
    look(alone, "Domain", CREATE, domain)
    user = create(alone, "UserProfile", {"DomainId": domain, "UserProfileName": "u"})
    assert user == f"u|{domain}"
    assert (
        read(alone, "UserProfile", json.dumps({"DomainId": domain, "UserProfileName": "u"}))["UserProfileName"] == "u"
    )


def test_a_list_is_read_page_by_page(alone: Emulator) -> None:
    for name in ("a", "b", "c"):
        create(alone, "Image", {**IMAGE, "ImageName": name})
    images, found, token = served(alone, "Image"), [], None
    while token is not None or not found:
        page = images.list(CALLER, {}, token, 2)
        found += [model["ImageArn"] for model in page.models]
        token = page.token
    assert sorted(found) == [f"{ARN}:image/{name}" for name in ("a", "b", "c")]


def test_a_list_that_needs_to_be_narrowed_says_by_what(alone: Emulator) -> None:
    with pytest.raises(HandlerError, match="ImageName") as refused:
        served(alone, "ImageVersion").list(CALLER, {}, None, None)
    assert refused.value.code == "InvalidRequest"


# --- Tags, policies, aliases ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "after",
    [
        tags("b=1", "a=2"),
        tags("a=2", "b=1"),
        tags("c=3", "b=1", "a=2"),
        tags("b=9", "a=2"),
        tags("a=2"),
        tags("x=y", "b=2"),
    ],
)
def test_tags_are_in_the_order_in_which_they_were_last_written(alone: Emulator, after: list[dict[str, str]]) -> None:
    before = {**IMAGE, "Tags": tags("b=1", "a=2")}
    made = create(alone, "Image", before)
    assert read(alone, "Image", made)["Tags"] == before["Tags"]
    update(alone, "Image", made, before, {**IMAGE, "Tags": after})
    assert read(alone, "Image", made)["Tags"] == after


def test_tags_are_gone_when_none_are_wished(alone: Emulator) -> None:
    before = {**IMAGE, "Tags": tags("b=1")}
    made = create(alone, "Image", before)
    update(alone, "Image", made, before, IMAGE)
    assert "Tags" not in read(alone, "Image", made)


@pytest.mark.parametrize(
    "policy", ['{ "Version": "2012-10-17",   "Statement": [ ] }', '{"Statement":[],"Version":"2012-10-17"}']
)
def test_a_policy_is_read_byte_for_byte_as_it_was_written(alone: Emulator, policy: str) -> None:
    made = create(alone, "ModelPackageGroup", {"ModelPackageGroupName": "g", "ModelPackageGroupPolicy": policy})
    assert read(alone, "ModelPackageGroup", made)["ModelPackageGroupPolicy"] == policy


def test_a_policy_may_be_an_object_and_goes_when_it_is_not_wished(alone: Emulator) -> None:
    group = {"ModelPackageGroupName": "g"}
    policy = {"Version": "2012-10-17", "Statement": []}
    made = create(alone, "ModelPackageGroup", {**group, "ModelPackageGroupPolicy": policy})
    assert json.loads(read(alone, "ModelPackageGroup", made)["ModelPackageGroupPolicy"]) == policy
    update(alone, "ModelPackageGroup", made, {**group, "ModelPackageGroupPolicy": policy}, group)
    assert "ModelPackageGroupPolicy" not in read(alone, "ModelPackageGroup", made)


def test_a_group_whose_policy_is_refused_is_there_and_failed(alone: Emulator) -> None:
    properties = {"ModelPackageGroupName": "g", "ModelPackageGroupPolicy": "no JSON \ud800" * 30000}
    progress = served(alone, "ModelPackageGroup").create(CALLER, Wish(properties, "", "token"))
    assert (progress.status, progress.identifier) == (FAILED, f"{ARN}:model-package-group/g")


def test_aliases_are_moved_and_never_read(alone: Emulator) -> None:
    create(alone, "Image", IMAGE)
    before = {"ImageName": "studio", "BaseImage": BASE, "Aliases": ["old", "both"]}
    made = create(alone, "ImageVersion", before)
    update(alone, "ImageVersion", made, before, {**before, "Aliases": ["both", "new"]})
    listed = sender(alone)("ListAliases", {"ImageName": "studio", "Version": 1}).body
    assert sorted(listed["SageMakerImageVersionAliases"]) == ["both", "new"]
    assert "Aliases" not in read(alone, "ImageVersion", made)


# --- How far something has come ---------------------------------------------------------------------------------------


def test_what_settles_is_in_progress_until_its_time_has_come(alone: Emulator) -> None:
    alone.control.pace("manual")
    made = create(alone, "Image", IMAGE)
    assert [look(alone, "Image", CREATE, made) for _ in range(2)] == [IN_PROGRESS, IN_PROGRESS]
    alone.control.step()
    assert look(alone, "Image", CREATE, made) == SUCCESS


def test_a_look_is_one_look(alone: Emulator) -> None:
    alone.control.pace("step", looks=3)
    made = create(alone, "Image", IMAGE)
    assert [look(alone, "Image", CREATE, made) for _ in range(4)] == [IN_PROGRESS] * 3 + [SUCCESS]


def test_what_has_no_life_is_there_at_once(alone: Emulator) -> None:
    progress = served(alone, "Model").create(CALLER, Wish({"PrimaryContainer": {"Image": BASE}}, "m", "token"))
    assert progress.status == SUCCESS


@pytest.mark.parametrize(
    ("name", "properties", "code", "sentence"),
    [
        ("Image", IMAGE, "GeneralServiceException", "failed to create"),
        ("NotebookInstance", NOTEBOOK, "NotStabilized", "did not stabilize"),
        ("ModelPackage", {"ModelPackageName": "p"}, "InvalidRequest", "status post stabilizing: [Failed] due to"),
    ],
)
def test_a_creation_that_fails_says_why(alone: Emulator, name: str, properties: Any, code: str, sentence: str) -> None:
    alone.control.fail(name, "No capacity")
    made = create(alone, name, properties)
    progress = served(alone, name).look(CALLER, CREATE, made)
    assert (progress.status, progress.code, progress.identifier) == (FAILED, code, made)
    assert sentence in str(progress.message)
    assert "No capacity" in str(progress.message)


def test_an_update_that_is_rolled_back_failed(alone: Emulator) -> None:
    create(alone, "Model", {"PrimaryContainer": {"Image": BASE}}, "m")
    for name in ("one", "two"):
        variant = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        create(alone, "EndpointConfig", {"EndpointConfigName": name, "ProductionVariants": [variant]})
    before = {"EndpointName": "e", "EndpointConfigName": "one"}
    made = create(alone, "Endpoint", before)
    assert look(alone, "Endpoint", CREATE, made) == SUCCESS
    alone.control.fail("Endpoint", "No ping", verb="Update")
    update(alone, "Endpoint", made, before, {**before, "EndpointConfigName": "two"})
    progress = served(alone, "Endpoint").look(CALLER, UPDATE, made)
    assert (progress.status, progress.code, "No ping" in str(progress.message)) == (FAILED, "NotStabilized", True)
    assert read(alone, "Endpoint", made)["EndpointConfigName"] == "one"


def test_what_the_service_refuses_is_refused_in_the_words_of_handlers(alone: Emulator) -> None:
    for code, wanted in (
        ("ThrottlingException", "Throttling"),
        ("AccessDeniedException", "AccessDenied"),
        ("ResourceLimitExceeded", "ServiceLimitExceeded"),
        ("ResourceNotFound", "InvalidRequest"),
        ("ValidationException", "GeneralServiceException"),
    ):
        alone.control.error(code, "Not today", operation="CreateImage", times=1)
        with pytest.raises(HandlerError) as refused:
            create(alone, "Image", IMAGE)
        assert refused.value.code == wanted
    with pytest.raises(HandlerError) as refused:
        create(alone, "Image", {**IMAGE, "ImageName": "no such name!"})
    assert refused.value.code == "InvalidRequest"
    assert refused.value.message.startswith("Invalid request provided: 1 validation error detected")


def test_values_that_no_schema_allows_are_refused_and_break_nothing(alone: Emulator) -> None:
    for properties in (
        {"PrimaryContainer": "image"},
        {"PrimaryContainer": {"Image": BASE, "Environment": "no JSON"}},
        {"Containers": "many"},
        {"PrimaryContainer": {"Image": BASE}, "Tags": "none"},
        {"PrimaryContainer": {"Image": BASE}, "Tags": {"Key": "k"}},
        {"PrimaryContainer": {"Image": [BASE]}},
    ):
        with pytest.raises(HandlerError) as refused:
            create(alone, "Model", properties)
        assert refused.value.code == "InvalidRequest"
    environment = {"PrimaryContainer": {"Image": BASE, "Environment": '{"A": "b"}'}}
    read_back = read(alone, "Model", create(alone, "Model", environment))
    assert read_back["PrimaryContainer"]["Environment"] == {"A": "b"}


# --- Steps that wait for each other -----------------------------------------------------------------------------------


def statuses(emulator: Emulator, action: str, made: str, most: int = 12) -> list[str]:
    """Return the statuses of a notebook instance, look by look, until an action is over."""
    seen = []
    for _ in range(most):
        seen.append(status(emulator))
        if look(emulator, "NotebookInstance", action, made) != IN_PROGRESS:
            break
        seen.append(status(emulator))
        emulator.control.step()
    return [one for one, before in zip(seen, ["", *seen], strict=False) if one != before]


def status(emulator: Emulator) -> str:
    shown = sender(emulator)("DescribeNotebookInstance", {"NotebookInstanceName": "n"}).body
    return str(shown.get("NotebookInstanceStatus", "gone"))


def steps(emulator: Emulator) -> list[str]:
    with emulator.at(ACCOUNT, REGION) as scope:
        return list(scope.place.shelf(SHELF))


def test_a_notebook_instance_is_stopped_updated_and_started_again(alone: Emulator) -> None:
    made = create(alone, "NotebookInstance", NOTEBOOK)
    assert look(alone, "NotebookInstance", CREATE, made) == SUCCESS
    alone.control.pace("manual")
    wanted = {**NOTEBOOK, "InstanceType": "ml.t3.large"}
    assert update(alone, "NotebookInstance", made, NOTEBOOK, wanted).status == IN_PROGRESS
    assert steps(alone) == [f"Update {made}"]
    assert statuses(alone, UPDATE, made) == ["Stopping", "Stopped", "Updating", "Stopped", "Pending", "InService"]
    assert (read(alone, "NotebookInstance", made)["InstanceType"], steps(alone)) == ("ml.t3.large", [])


def test_a_notebook_instance_is_stopped_before_it_goes(alone: Emulator) -> None:
    made = create(alone, "NotebookInstance", NOTEBOOK)
    look(alone, "NotebookInstance", CREATE, made)
    alone.control.pace("manual")
    assert served(alone, "NotebookInstance").delete(CALLER, made).status == IN_PROGRESS
    assert statuses(alone, DELETE, made) == ["Stopping", "Stopped", "Deleting", "gone"]
    assert steps(alone) == []


def test_what_fails_on_the_way_takes_no_further_step(alone: Emulator) -> None:
    made = create(alone, "NotebookInstance", NOTEBOOK)
    look(alone, "NotebookInstance", CREATE, made)
    alone.control.fail("NotebookInstance", "It hangs", verb="Stop")
    update(alone, "NotebookInstance", made, NOTEBOOK, {**NOTEBOOK, "InstanceType": "ml.t3.large"})
    assert look(alone, "NotebookInstance", UPDATE, made) == FAILED
    assert (read(alone, "NotebookInstance", made)["InstanceType"], steps(alone)) == ("ml.t3.medium", [])


def test_an_instance_whose_tags_alone_change_is_not_stopped(alone: Emulator) -> None:
    made = create(alone, "NotebookInstance", NOTEBOOK)
    look(alone, "NotebookInstance", CREATE, made)
    assert update(alone, "NotebookInstance", made, NOTEBOOK, {**NOTEBOOK, "Tags": tags("a=1")}).status == SUCCESS
    assert status(alone) == "InService"


def test_what_only_an_update_says_is_said_once_the_creation_is_done(alone: Emulator) -> None:
    alone.control.pace("manual")
    create(alone, "ModelPackageGroup", {"ModelPackageGroupName": "g"})
    properties = {"ModelPackageGroupName": "g", "ModelApprovalStatus": "Approved", "ApprovalDescription": "good"}
    made = create(alone, "ModelPackage", properties)
    for _ in range(4):
        if look(alone, "ModelPackage", CREATE, made) == SUCCESS:
            break
        alone.control.step()
    assert read(alone, "ModelPackage", made)["ApprovalDescription"] == "good"


def test_what_says_how_to_update_updates_nothing_by_itself(alone: Emulator) -> None:
    create(alone, "Model", {"PrimaryContainer": {"Image": BASE}}, "m")
    variant = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    for name in ("one", "two"):
        create(alone, "EndpointConfig", {"EndpointConfigName": name, "ProductionVariants": [variant]})
    before = {"EndpointName": "e", "EndpointConfigName": "one", "RetainAllVariantProperties": True}
    made = create(alone, "Endpoint", before)
    look(alone, "Endpoint", CREATE, made)
    tagged = {**before, "Tags": tags("a=1")}
    assert update(alone, "Endpoint", made, before, tagged).status == SUCCESS
    assert update(alone, "Endpoint", made, tagged, {**tagged, "EndpointConfigName": "two"}).status == IN_PROGRESS
    told = [call for call in alone.control.calls if call["operation"] == "UpdateEndpoint"]
    assert [call["input"] for call in told] == [
        {"EndpointName": "e", "EndpointConfigName": "two", "RetainAllVariantProperties": True}
    ]


def test_an_experiment_is_changed_and_then_ended_as_its_desired_state_says(alone: Emulator) -> None:
    states = States(alone, "InferenceExperiment")
    before = states.desired(minimal)
    made = create(alone, "InferenceExperiment", before)
    assert read(alone, "InferenceExperiment", made)["Status"] == "Running"
    alone.control.pace("manual")
    over = {**before, "Description": "done", "DesiredState": "Cancelled", "StatusReason": "enough"}
    assert update(alone, "InferenceExperiment", made, before, over).status == IN_PROGRESS
    seen = []
    for _ in range(3):  # it is updated, then stopped, then done
        seen.append(look(alone, "InferenceExperiment", UPDATE, made))
        alone.control.step()
    assert seen == [IN_PROGRESS, IN_PROGRESS, SUCCESS]
    ended = read(alone, "InferenceExperiment", made)
    assert (ended["Status"], ended["Description"]) == ("Cancelled", "done")


# --- Types that part from the rule ------------------------------------------------------------------------------------


def test_a_cluster_loses_the_groups_that_are_no_longer_wished(alone: Emulator) -> None:
    def group(name: str) -> dict[str, Any]:
        lifecycle = {"SourceS3Uri": "s3://sagemaker-scripts", "OnCreate": "on_create.sh"}
        said = {"InstanceCount": 1, "InstanceType": "ml.c5.xlarge", "ExecutionRole": ROLE, "LifeCycleConfig": lifecycle}
        return {"InstanceGroupName": name, **said}

    before = {"ClusterName": "c", "InstanceGroups": [group("a"), group("b")]}
    made = create(alone, "Cluster", before)
    look(alone, "Cluster", CREATE, made)
    update(alone, "Cluster", made, before, {**before, "InstanceGroups": [group("b"), group("c")]})
    look(alone, "Cluster", UPDATE, made)
    groups = read(alone, "Cluster", made)["InstanceGroups"]
    assert [one["InstanceGroupName"] for one in groups] == ["b", "c"]


def test_the_content_of_a_model_card_is_in_the_services_names_for_the_service(alone: Emulator) -> None:
    content = {
        "ModelOverview": {"ModelId": "m", "ModelVersion": 2},
        "EvaluationDetails": [{"Name": "e", "Metadata": {"MyOwn_Name": "v"}}],
    }
    made = create(alone, "ModelCard", {"ModelCardName": "c", "ModelCardStatus": "Draft", "Content": content})
    kept = json.loads(sender(alone)("DescribeModelCard", {"ModelCardName": "c"}).body["Content"])
    assert kept == {
        "model_overview": {"model_id": "m", "model_version": 2},
        "evaluation_details": [{"name": "e", "metadata": {"MyOwn_Name": "v"}}],
    }
    assert read(alone, "ModelCard", made)["Content"] == content


def test_features_are_added_to_a_group_and_none_is_said_twice(alone: Emulator) -> None:
    features = [{"FeatureName": name, "FeatureType": "String"} for name in ("id", "time", "more")]
    said = {"FeatureGroupName": "g", "RecordIdentifierFeatureName": "id", "EventTimeFeatureName": "time"}
    before = {**said, "OnlineStoreConfig": {"EnableOnlineStore": True}, "FeatureDefinitions": features[:2]}
    made = create(alone, "FeatureGroup", before)
    look(alone, "FeatureGroup", CREATE, made)
    update(alone, "FeatureGroup", made, before, {**before, "FeatureDefinitions": features})
    assert look(alone, "FeatureGroup", UPDATE, made) == SUCCESS
    assert read(alone, "FeatureGroup", made)["FeatureDefinitions"] == features


def test_times_are_text_and_explicit_false_is_read_back(alone: Emulator) -> None:
    create(alone, "Image", IMAGE)
    made = create(alone, "ImageVersion", {"ImageName": "studio", "BaseImage": BASE, "Horovod": False})
    assert read(alone, "ImageVersion", made)["Horovod"] is False
    group = read(alone, "ModelPackageGroup", create(alone, "ModelPackageGroup", {"ModelPackageGroupName": "g"}))
    assert group["CreationTime"].endswith("Z")


# --- The registry -----------------------------------------------------------------------------------------------------


class Bucket:
    """A type of another service."""

    name = "AWS::S3::Bucket"
    schema: Any = None


class Others:
    """Who supplies it."""

    made = 0

    def __init__(self) -> None:
        type(self).made += 1

    def names(self) -> list[str]:
        return [Bucket.name]

    def find(self, name: str) -> Any:
        return Bucket() if name == Bucket.name else None


def test_others_are_asked_for_types_that_are_not_our_own_and_for_nothing_else(alone: Emulator) -> None:
    registry = alone.beside(Registry)
    registry.supply(Others)
    assert registry.find("AWS::SageMaker::Image") is not None
    assert Others.made == 0
    assert isinstance(registry.find("AWS::S3::Bucket"), Bucket)
    assert registry.find("AWS::S3::Other") is None
    assert Others.made == 1
    assert "AWS::S3::Bucket" in registry.names()
    assert "AWS::SageMaker::Workteam" in registry.names()


def test_a_page_says_where_the_next_one_begins(alone: Emulator) -> None:
    create(alone, "Image", IMAGE)
    assert served(alone, "Image").list(CALLER, {}, None, None) == Page([{"ImageArn": f"{ARN}:image/studio"}], None)
