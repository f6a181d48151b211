"""Cloud Control: requests and their life, resources by identifier, patches, and what is refused when."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import WaiterError

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace
from tests.behaviour.examples import IMAGE as CONTAINER
from tests.behaviour.examples import arn, make_group, make_image, plain, refusal
from tests.conftest import ACCOUNT, ROLE

IMAGE, VERSION, GROUP = "AWS::SageMaker::Image", "AWS::SageMaker::ImageVersion", "AWS::SageMaker::ModelPackageGroup"
PIPELINE, PROFILE, SCRIPT = (
    "AWS::SageMaker::Pipeline",
    "AWS::SageMaker::UserProfile",
    "AWS::SageMaker::StudioLifecycleConfig",
)
STATE = {"ImageName": "i", "ImageRoleArn": ROLE}
WEEK = 7 * 86400


@pytest.fixture
def cc(connect: Callable[..., Any]) -> Any:
    """A boto3 client of Cloud Control."""
    return connect("cloudcontrol")


@pytest.fixture
def image(cc: Any) -> str:
    """The identifier of an image that Cloud Control has made."""
    return made(cc, IMAGE, **STATE)["Identifier"]


def create(cc: Any, name: str, /, once: str | None = None, **state: Any) -> dict[str, Any]:
    """Begin to create a resource and return the event."""
    more = {"ClientToken": once} if once else {}
    return cc.create_resource(TypeName=name, DesiredState=json.dumps(state), **more)["ProgressEvent"]


def update(cc: Any, name: str, identifier: str, *patch: dict[str, Any]) -> dict[str, Any]:
    """Begin to update a resource and return the event."""
    given = {"TypeName": name, "Identifier": identifier, "PatchDocument": json.dumps(patch)}
    return cc.update_resource(**given)["ProgressEvent"]


def delete(cc: Any, name: str, identifier: str) -> dict[str, Any]:
    """Begin to delete a resource and return the event."""
    return cc.delete_resource(TypeName=name, Identifier=identifier)["ProgressEvent"]


def polled(cc: Any, event: dict[str, Any]) -> dict[str, Any]:
    """Return the event of a request at the next look."""
    return cc.get_resource_request_status(RequestToken=event["RequestToken"])["ProgressEvent"]


def status(cc: Any, event: dict[str, Any]) -> str:
    return polled(cc, event)["OperationStatus"]


def succeeded(cc: Any, event: dict[str, Any]) -> dict[str, Any]:
    """Return the event of a request that has succeeded at the first look."""
    ended = polled(cc, event)
    assert ended["OperationStatus"] == "SUCCESS", ended
    return ended


def made(cc: Any, name: str, /, **state: Any) -> dict[str, Any]:
    return succeeded(cc, create(cc, name, **state))


def read(cc: Any, name: str, identifier: str) -> dict[str, Any]:
    """Return the properties of a resource."""
    described = cc.get_resource(TypeName=name, Identifier=identifier)["ResourceDescription"]
    return json.loads(described["Properties"])


def listed(cc: Any, name: str, **more: Any) -> list[str]:
    answer = cc.list_resources(TypeName=name, **more)
    return [one["Identifier"] for one in answer["ResourceDescriptions"]]


def same(event: dict[str, Any], **others: Any) -> dict[str, Any]:
    """Return an event with other values, without those that are None."""
    return {name: value for name, value in {**event, **others}.items() if value is not None}


# --- A resource's life ------------------------------------------------------------------------------------------------


def test_a_resource_is_created_read_updated_and_deleted_by_requests(cc: Any, client: Any, clock: ManualClock) -> None:
    begun = create(cc, IMAGE, **STATE, Tags=[{"Key": "z", "Value": "1"}, {"Key": "a", "Value": "2"}])
    assert begun.pop("EventTime").timestamp() == clock.now()
    token = begun.pop("RequestToken")
    assert begun == {"TypeName": IMAGE, "Operation": "CREATE", "OperationStatus": "IN_PROGRESS"}

    ended = cc.get_resource_request_status(RequestToken=token)
    assert ended["HooksProgressEvent"] == []
    event = ended["ProgressEvent"]
    assert event.pop("EventTime").timestamp() == clock.now()
    identifier = arn("image/i")
    assert event == {**begun, "OperationStatus": "SUCCESS", "Identifier": identifier, "RequestToken": token}

    update(cc, IMAGE, identifier, {"op": "add", "path": "/ImageDescription", "value": "an image"})
    answer = plain(cc.get_resource(TypeName=IMAGE, Identifier=identifier))
    assert (answer["TypeName"], answer["ResourceDescription"]["Identifier"]) == (IMAGE, identifier)
    assert json.loads(answer["ResourceDescription"]["Properties"]) == {
        **STATE,
        "ImageArn": identifier,
        "ImageDescription": "an image",
        "Tags": [{"Key": "z", "Value": "1"}, {"Key": "a", "Value": "2"}],
    }
    assert client.describe_image(ImageName="i")["Description"] == "an image"

    gone = delete(cc, IMAGE, identifier)
    assert (gone["OperationStatus"], gone["Identifier"]) == ("IN_PROGRESS", identifier)
    assert succeeded(cc, gone)["Identifier"] == identifier
    assert listed(cc, IMAGE) == []
    code, message = refusal(cc.get_resource, TypeName=IMAGE, Identifier=identifier)
    assert code == "ResourceNotFoundException"
    assert message.startswith(f"{IMAGE} Handler returned status FAILED: Resource of type '{IMAGE}' with identifier")
    assert "(HandlerErrorCode: NotFound, RequestToken: " in message


def test_the_waiter_waits_for_nothing_at_the_default_pace(cc: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def sleep(seconds: float) -> None:
        pytest.fail(f"it slept {seconds} seconds")

    monkeypatch.setattr("botocore.waiter.time.sleep", sleep)
    waiter = cc.get_waiter("resource_request_success")
    waiter.wait(RequestToken=create(cc, IMAGE, **STATE)["RequestToken"])
    with pytest.raises(WaiterError, match="FAILED"):
        waiter.wait(RequestToken=create(cc, IMAGE, **STATE)["RequestToken"])


def test_an_identifier_that_the_desired_state_tells_is_known_at_once(cc: Any) -> None:
    state = {"PipelineName": "p", "PipelineDefinition": {"PipelineDefinitionBody": "{}"}, "RoleArn": ROLE}
    assert create(cc, PIPELINE, **state)["Identifier"] == "p"
    assert "Identifier" not in create(cc, IMAGE, **STATE)


def test_a_name_that_is_taken_is_accepted_and_fails_later(cc: Any, client: Any) -> None:
    make_image(client, "i")
    event = create(cc, IMAGE, **STATE)
    assert event["OperationStatus"] == "IN_PROGRESS"
    failed = polled(cc, event)
    assert (failed["OperationStatus"], failed["ErrorCode"]) == ("FAILED", "AlreadyExists")
    assert failed["StatusMessage"] == f"Resource of type '{IMAGE}' with identifier '{arn('image/i')}' already exists."


def test_deleting_what_is_not_there_is_accepted_and_fails_later(cc: Any) -> None:
    event = delete(cc, IMAGE, arn("image/none"))
    assert (event["OperationStatus"], event["Identifier"]) == ("IN_PROGRESS", arn("image/none"))
    failed = polled(cc, event)
    assert (failed["OperationStatus"], failed["ErrorCode"]) == ("FAILED", "NotFound")


def test_a_failure_that_was_asked_for_is_how_the_request_ends(cc: Any, emulator: Emulator) -> None:
    emulator.control.fail("Image", "out of luck")
    failed = polled(cc, create(cc, IMAGE, **STATE))
    assert (failed["OperationStatus"], failed["Identifier"]) == ("FAILED", arn("image/i"))
    assert failed["ErrorCode"] in ("GeneralServiceException", "NotStabilized")
    assert failed["StatusMessage"]


def test_what_the_service_refuses_is_how_the_request_ends(cc: Any, emulator: Emulator) -> None:
    emulator.control.error("throttling", operation="CreateImage")
    failed = polled(cc, create(cc, IMAGE, **STATE))
    assert (failed["OperationStatus"], failed["ErrorCode"]) == ("FAILED", "Throttling")
    assert failed["StatusMessage"] == "Rate exceeded for operation 'CreateImage'."
    assert listed(cc, IMAGE) == []


def test_a_connection_that_a_handler_loses_is_how_the_request_ends(cc: Any, emulator: Emulator) -> None:
    emulator.control.drop(operation="CreateImage")
    failed = polled(cc, create(cc, IMAGE, **STATE))
    assert (failed["ErrorCode"], failed["StatusMessage"]) == (
        "NetworkFailure",
        "Network failure occurred during operation 'CREATE'.",
    )


def test_calls_of_cloud_control_meet_faults_and_are_remembered(cc: Any, emulator: Emulator) -> None:
    emulator.control.error("ThrottlingException", operation="CreateResource")
    with pytest.raises(cc.exceptions.ThrottlingException):
        create(cc, IMAGE, **STATE)
    assert [one.operation for one in emulator.history.calls][-1] == "CreateResource"


def test_a_role_of_another_service_is_made_beside_the_image(cc: Any) -> None:
    pytest.importorskip("moto")
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "sagemaker.amazonaws.com"}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    state = {"RoleName": "images", "AssumeRolePolicyDocument": document, "Tags": [{"Key": "a", "Value": "b"}]}
    role = made(cc, "AWS::IAM::Role", **state)["Identifier"]
    shown = read(cc, "AWS::IAM::Role", role)
    assert (role, shown["Arn"]) == ("images", f"arn:aws:iam::{ACCOUNT}:role/images")
    assert (shown["AssumeRolePolicyDocument"], shown["Tags"]) == (document, state["Tags"])
    made(cc, IMAGE, ImageName="i", ImageRoleArn=shown["Arn"])
    succeeded(cc, delete(cc, "AWS::IAM::Role", role))
    assert refusal(cc.get_resource, TypeName="AWS::IAM::Role", Identifier=role)[0] == "ResourceNotFoundException"


# --- Refused at once --------------------------------------------------------------------------------------------------


def test_an_unknown_type_is_refused_before_anything_else(cc: Any) -> None:
    name = "AWS::SageMaker::DoesNotExist"
    said = ("TypeNotFoundException", f"The type '{name}' cannot be found.")
    assert refusal(cc.create_resource, TypeName=name, DesiredState="no json") == said
    assert refusal(cc.get_resource, TypeName=name, Identifier="x") == said
    assert refusal(cc.update_resource, TypeName=name, Identifier="x", PatchDocument="no json") == said
    assert refusal(cc.delete_resource, TypeName=name, Identifier="x") == said
    assert refusal(cc.list_resources, TypeName=name, ResourceModel="no json") == said


@pytest.mark.parametrize(
    ("state", "faults"),
    [
        ({"DOESNOTEXIST": 1}, "#: extraneous key [DOESNOTEXIST] is not permitted"),
        ({"ImageDescription": True}, "#/ImageDescription: expected type: String, found: Boolean"),
        ({"Tags": [{"Key": "k"}]}, "#/Tags/0: required key [Value] not found"),
        ({"ImageDescription": ""}, "#/ImageDescription: expected minLength: 1, actual: 0"),
    ],
)
def test_a_state_that_the_schema_does_not_allow_is_refused(cc: Any, state: dict[str, Any], faults: str) -> None:
    given = {"TypeName": IMAGE, "DesiredState": json.dumps({**STATE, **state})}
    code, message = refusal(cc.create_resource, **given)
    assert code == "ValidationException"
    assert message.startswith("Model validation failed (")
    assert faults in message
    assert listed(cc, IMAGE) == []
    assert cc.list_resource_requests()["ResourceRequestStatusSummaries"] == []


def test_required_properties_are_named_when_they_are_missing(cc: Any) -> None:
    assert refusal(cc.create_resource, TypeName=IMAGE, DesiredState="{}") == (
        "ValidationException",
        "Model validation failed (#: required key [ImageName] not found\n#: required key [ImageRoleArn] not found)",
    )


@pytest.mark.parametrize("text", ["", "[]", "no", "NaN", "[" * 5000, '{"ImageName": 1e999}'])
def test_a_desired_state_that_is_no_object_is_refused(connect: Callable[..., Any], text: str) -> None:
    cc = connect("cloudcontrol", validate=False)
    assert refusal(cc.create_resource, TypeName=IMAGE, DesiredState=text)[0] == "ValidationException"


def test_a_read_only_property_is_refused_by_its_handler(cc: Any) -> None:
    failed = polled(cc, create(cc, IMAGE, **STATE, ImageArn=arn("image/i")))
    assert (failed["OperationStatus"], failed["ErrorCode"]) == ("FAILED", "InvalidRequest")


def test_updating_what_is_not_there_is_refused_at_once(cc: Any) -> None:
    given = {"TypeName": IMAGE, "Identifier": arn("image/none"), "PatchDocument": "[]"}
    assert refusal(cc.update_resource, **given)[0] == "ResourceNotFoundException"


def test_an_action_that_a_type_does_not_know_is_refused(cc: Any) -> None:
    given = {"TypeName": SCRIPT, "Identifier": "x", "PatchDocument": "[]"}
    said = f"Resource type {SCRIPT} does not support UPDATE action"
    assert refusal(cc.update_resource, **given) == ("UnsupportedActionException", said)


def test_constraints_of_the_api_are_checked(connect: Callable[..., Any]) -> None:
    cc = connect("cloudcontrol", validate=False)
    code, message = refusal(cc.get_resource, TypeName="AWS", Identifier="x")
    assert code == "ValidationException"
    assert message.startswith("2 validation errors detected: Value 'AWS' at 'typeName' failed to satisfy constraint: ")


# --- Identifiers ------------------------------------------------------------------------------------------------------


@pytest.fixture
def profile(client: Any) -> str:
    """The domain of a user profile called u."""
    settings = {"ExecutionRole": ROLE}
    made = client.create_domain(
        DomainName="d", AuthMode="IAM", DefaultUserSettings=settings, SubnetIds=["subnet-1"], VpcId="vpc-1"
    )
    domain = made["DomainArn"].rpartition("/")[2]
    client.create_user_profile(DomainId=domain, UserProfileName="u")
    return domain


def test_a_compound_identifier_is_joined_in_the_order_of_the_schema(cc: Any, profile: str) -> None:
    assert listed(cc, PROFILE) == [f"u|{profile}"]
    assert read(cc, PROFILE, f"u|{profile}")["UserProfileName"] == "u"
    assert refusal(cc.get_resource, TypeName=PROFILE, Identifier=f"{profile}|u")[0] == "ResourceNotFoundException"
    assert refusal(cc.get_resource, TypeName=PROFILE, Identifier="u")[0] == "InvalidRequestException"


def test_a_compound_identifier_as_json_may_be_in_any_order(cc: Any, profile: str) -> None:
    identifier = json.dumps({"DomainId": profile, "UserProfileName": "u"})
    described = cc.get_resource(TypeName=PROFILE, Identifier=identifier)["ResourceDescription"]
    assert described["Identifier"] == f"u|{profile}"
    event = delete(cc, PROFILE, identifier)
    assert event["Identifier"] == f"u|{profile}"
    succeeded(cc, event)
    assert listed(cc, PROFILE) == []


def test_a_secondary_identifier_is_written_as_json(cc: Any, image: str) -> None:
    assert read(cc, IMAGE, '{"ImageName": "i"}')["ImageArn"] == image
    assert refusal(cc.get_resource, TypeName=IMAGE, Identifier="i")[0] == "ResourceNotFoundException"
    event = update(cc, IMAGE, '{"ImageName": "i"}', {"op": "add", "path": "/ImageDescription", "value": "x"})
    assert event["Identifier"] == image


# --- Patches ----------------------------------------------------------------------------------------------------------


def tags(cc: Any, image: str) -> list[str]:
    return [tag["Key"] + tag["Value"] for tag in read(cc, IMAGE, image).get("Tags", [])]


def test_all_six_operations_of_a_patch_are_understood(cc: Any, image: str) -> None:
    succeeded(
        cc,
        update(
            cc,
            IMAGE,
            image,
            {"op": "add", "path": "/Tags", "value": [{"Key": "b", "Value": "1"}]},
            {"op": "add", "path": "/Tags/0", "value": {"Key": "a", "Value": "2"}},
            {"op": "test", "path": "/Tags/1/Key", "value": "b"},
            {"op": "replace", "path": "/Tags/1/Value", "value": "3"},
            {"op": "add", "path": "/ImageDescription", "value": "words"},
            {"op": "copy", "from": "/ImageDescription", "path": "/ImageDisplayName"},
            {"op": "remove", "path": "/ImageDescription"},
            {"op": "move", "from": "/Tags/0", "path": "/Tags/1"},
        ),
    )
    assert tags(cc, image) == ["b3", "a2"]
    shown = read(cc, IMAGE, image)
    assert (shown["ImageDisplayName"], shown.get("ImageDescription")) == ("words", None)


def test_a_path_may_lack_its_first_slash(cc: Any, image: str) -> None:
    update(cc, IMAGE, image, {"op": "add", "path": "ImageDescription", "value": "x"})
    assert read(cc, IMAGE, image)["ImageDescription"] == "x"


def test_an_empty_patch_changes_nothing(cc: Any, image: str) -> None:
    before = read(cc, IMAGE, image)
    succeeded(cc, update(cc, IMAGE, image))
    assert read(cc, IMAGE, image) == before


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        (
            {"op": "replace", "path": "/ImageDisplayName", "value": "x"},
            "[REPLACE Operation] noSuchPath in source, path provided : //ImageDisplayName",
        ),
        (
            {"op": "remove", "path": "/Tags/7"},
            "[REMOVE Operation] noSuchPath in source, path provided : //Tags/7",
        ),
        (
            {"op": "test", "path": "/ImageName", "value": "j"},
            "[TEST Operation] value differs from expectations, path provided : //ImageName",
        ),
    ],
)
def test_a_patch_that_does_not_fit_is_refused_and_changes_nothing(
    cc: Any, image: str, operation: dict[str, Any], said: str
) -> None:
    patch = [{"op": "add", "path": "/ImageDescription", "value": "x"}, operation]
    given = {"TypeName": IMAGE, "Identifier": image, "PatchDocument": json.dumps(patch)}
    assert refusal(cc.update_resource, **given) == ("ValidationException", said)
    assert "ImageDescription" not in read(cc, IMAGE, image)


@pytest.mark.parametrize(
    "text", ["{}", "no", '["x"]', '[{"op": "jump", "path": "/"}]', '[{"op": "add", "path": "/x"}]']
)
def test_what_is_no_patch_is_refused(cc: Any, image: str, text: str) -> None:
    given = {"TypeName": IMAGE, "Identifier": image, "PatchDocument": text}
    assert refusal(cc.update_resource, **given)[0] == "ValidationException"


def test_a_patch_that_is_deeper_than_anyone_means_it_is_refused(cc: Any, image: str) -> None:
    deep = f'[{{"op": "add", "path": "/Tags", "value": {"[" * 700}{"]" * 700}}}]'
    code, _ = refusal(cc.update_resource, TypeName=IMAGE, Identifier=image, PatchDocument=deep)
    assert code in ("ValidationException", "SerializationException")
    assert listed(cc, IMAGE) == [image]


def test_create_only_and_read_only_properties_cannot_be_patched(cc: Any, image: str) -> None:
    def refused(name: str, value: str) -> tuple[str, str]:
        patch = json.dumps([{"op": "replace", "path": f"/{name}", "value": value}])
        return refusal(cc.update_resource, TypeName=IMAGE, Identifier=image, PatchDocument=patch)

    said = "Invalid patch update: createOnlyProperties [/properties/ImageName] cannot be updated"
    assert refused("ImageName", "j") == ("NotUpdatableException", said)
    said = "Invalid patch update: readOnlyProperties [/properties/ImageArn] cannot be updated"
    assert refused("ImageArn", arn("image/j")) == ("NotUpdatableException", said)
    succeeded(cc, update(cc, IMAGE, image, {"op": "replace", "path": "/ImageName", "value": "i"}))


def test_what_a_patch_makes_of_a_resource_must_fit_the_schema(cc: Any, image: str) -> None:
    patch = json.dumps([{"op": "remove", "path": "/ImageRoleArn"}])
    assert refusal(cc.update_resource, TypeName=IMAGE, Identifier=image, PatchDocument=patch) == (
        "ValidationException",
        "Model validation failed (#: required key [ImageRoleArn] not found)",
    )


def test_write_only_properties_are_not_there_to_be_replaced_but_can_be_added(cc: Any, client: Any, image: str) -> None:
    version = made(cc, VERSION, ImageName="i", BaseImage=CONTAINER, Aliases=["one"])["Identifier"]
    assert "Aliases" not in read(cc, VERSION, version)

    def aliases() -> list[str]:
        return client.list_aliases(ImageName="i", Version=1)["SageMakerImageVersionAliases"]

    assert aliases() == ["one"]
    patch = json.dumps([{"op": "replace", "path": "/Aliases", "value": ["two"]}])
    code, _ = refusal(cc.update_resource, TypeName=VERSION, Identifier=version, PatchDocument=patch)
    assert (code, aliases()) == ("ValidationException", ["one"])
    succeeded(cc, update(cc, VERSION, version, {"op": "add", "path": "/Aliases", "value": ["two"]}))
    assert aliases() == ["two"]


# --- Client tokens ----------------------------------------------------------------------------------------------------


def test_the_same_request_with_the_same_token_is_one_request(cc: Any, client: Any) -> None:
    first = create(cc, IMAGE, once="t", **STATE)
    again = create(cc, IMAGE, once="t", **STATE)
    assert again["RequestToken"] == first["RequestToken"]
    assert len(cc.list_resource_requests()["ResourceRequestStatusSummaries"]) == 1
    assert status(cc, again) == "SUCCESS"


def test_another_request_with_the_same_token_is_refused(cc: Any) -> None:
    first = create(cc, IMAGE, once="t", **STATE)
    state = json.dumps({**STATE, "ImageName": "j"})
    token = first["RequestToken"]
    said = f"ClientToken t is already associated with an existing operation with RequestToken {token}"
    assert refusal(cc.create_resource, TypeName=IMAGE, DesiredState=state, ClientToken="t") == (
        "ClientTokenConflictException",
        said,
    )
    given = {"TypeName": IMAGE, "Identifier": arn("image/i"), "ClientToken": "t"}
    assert refusal(cc.delete_resource, **given) == ("ClientTokenConflictException", said)


def test_a_token_belongs_to_an_account_and_a_region(cc: Any, connect: Callable[..., Any]) -> None:
    event = create(cc, IMAGE, once="t", **STATE)
    there = connect("cloudcontrol", region="eu-west-1")
    create(there, IMAGE, once="t", **{**STATE, "ImageName": "j"})
    assert listed(there, IMAGE) == [arn("image/j", region="eu-west-1")]
    assert refusal(there.get_resource_request_status, RequestToken=event["RequestToken"])[0] == (
        "RequestTokenNotFoundException"
    )


# --- Requests ---------------------------------------------------------------------------------------------------------


def test_an_unknown_request_can_be_neither_looked_at_nor_cancelled(cc: Any) -> None:
    said = ("RequestTokenNotFoundException", "Request with token DOESNOTEXIST was not found")
    assert refusal(cc.get_resource_request_status, RequestToken="DOESNOTEXIST") == said
    assert refusal(cc.cancel_resource_request, RequestToken="DOESNOTEXIST") == said


def test_a_request_that_has_ended_cannot_be_cancelled(cc: Any) -> None:
    token = create(cc, IMAGE, **STATE)["RequestToken"]
    said = f"Request {token} is already in status SUCCESS"
    assert refusal(cc.cancel_resource_request, RequestToken=token) == ("ValidationException", said)
    token = create(cc, IMAGE, **STATE)["RequestToken"]
    said = f"Request {token} is already in status FAILED"
    assert refusal(cc.cancel_resource_request, RequestToken=token) == ("ValidationException", said)


def test_a_request_that_is_cancelled_is_not_followed_any_more(cc: Any, client: Any, emulator: Emulator) -> None:
    emulator.control.pace("manual")
    event = create(cc, IMAGE, **STATE)
    assert status(cc, event) == "IN_PROGRESS"
    token = event["RequestToken"]
    assert cc.cancel_resource_request(RequestToken=token)["ProgressEvent"]["OperationStatus"] == "CANCEL_IN_PROGRESS"
    assert status(cc, event) == "CANCEL_COMPLETE"
    assert cc.cancel_resource_request(RequestToken=token)["ProgressEvent"]["OperationStatus"] == "CANCEL_COMPLETE"
    emulator.control.step()
    assert status(cc, event) == "CANCEL_COMPLETE"
    assert client.describe_image(ImageName="i")["ImageStatus"] == "CREATED"


def test_requests_are_listed_the_newest_first_by_operation_and_status(cc: Any, emulator: Emulator) -> None:
    made(cc, IMAGE, **STATE)
    polled(cc, create(cc, IMAGE, **STATE))
    update(cc, IMAGE, arn("image/i"))
    emulator.control.pace("manual")
    create(cc, IMAGE, **{**STATE, "ImageName": "j"})

    def requests(**wanted: Any) -> list[str]:
        found = cc.list_resource_requests(ResourceRequestStatusFilter=wanted)["ResourceRequestStatusSummaries"]
        return [f"{one['Operation']} {one['OperationStatus']}" for one in found]

    everything = ["CREATE IN_PROGRESS", "UPDATE SUCCESS", "CREATE FAILED", "CREATE SUCCESS"]
    assert requests() == everything
    assert requests(Operations=["UPDATE", "DELETE"]) == ["UPDATE SUCCESS"]
    assert requests(OperationStatuses=["SUCCESS"]) == ["UPDATE SUCCESS", "CREATE SUCCESS"]
    assert requests(Operations=["CREATE"], OperationStatuses=["FAILED"]) == ["CREATE FAILED"]
    assert requests(Operations=["DELETE"], OperationStatuses=["SUCCESS"]) == []


def test_those_who_wait_for_a_request_are_told_when_to_look_again(
    cc: Any, clock: ManualClock, emulator: Emulator
) -> None:
    emulator.control.pace("manual")
    event = create(cc, IMAGE, **STATE)
    assert "RetryAfter" not in event
    assert polled(cc, event)["RetryAfter"].timestamp() == clock.now() + 5
    [summary] = cc.list_resource_requests()["ResourceRequestStatusSummaries"]
    assert summary["RetryAfter"].timestamp() == clock.now() + 5
    emulator.control.step()
    assert "RetryAfter" not in polled(cc, event)


def test_requests_and_resources_come_in_pages(cc: Any) -> None:
    for number in range(25):
        create(cc, IMAGE, **{**STATE, "ImageName": f"i{number}"})
    first = cc.list_resource_requests()
    assert len(first["ResourceRequestStatusSummaries"]) == 20
    rest = cc.list_resource_requests(NextToken=first["NextToken"])
    assert len(rest["ResourceRequestStatusSummaries"]) == 5
    assert "NextToken" not in rest
    every = cc.get_paginator("list_resource_requests").paginate(PaginationConfig={"PageSize": 1})
    assert [len(page["ResourceRequestStatusSummaries"]) for page in every] == [1] * 25
    pages = cc.get_paginator("list_resources").paginate(TypeName=IMAGE, PaginationConfig={"PageSize": 10})
    found = [[one["Identifier"] for one in page["ResourceDescriptions"]] for page in pages]
    assert [len(page) for page in found] == [10, 10, 5]
    assert {name for page in found for name in page} == {arn(f"image/i{number}") for number in range(25)}


def test_listed_resources_say_their_identifier_and_no_more(cc: Any, image: str) -> None:
    [one] = cc.list_resources(TypeName=IMAGE)["ResourceDescriptions"]
    assert (one["Identifier"], json.loads(one["Properties"])) == (image, {"ImageArn": image})


def test_versions_are_listed_of_one_image(cc: Any, image: str) -> None:
    versions = [made(cc, VERSION, ImageName="i", BaseImage=CONTAINER)["Identifier"] for _ in range(2)]
    assert versions == [arn("image-version/i/1"), arn("image-version/i/2")]
    code, message = refusal(cc.list_resources, TypeName=VERSION)
    assert code == "InvalidRequestException"
    assert "Required property: [ImageName]" in message
    assert sorted(listed(cc, VERSION, ResourceModel='{"ImageName": "i"}')) == versions


def test_a_request_is_forgotten_after_a_week(cc: Any, clock: ManualClock) -> None:
    event = create(cc, IMAGE, once="t", **STATE)
    clock.advance(WEEK - 1)
    assert status(cc, event) == "SUCCESS"
    clock.advance(1)
    assert refusal(cc.get_resource_request_status, RequestToken=event["RequestToken"])[0] == (
        "RequestTokenNotFoundException"
    )
    assert cc.list_resource_requests()["ResourceRequestStatusSummaries"] == []
    assert create(cc, GROUP, once="t", ModelPackageGroupName="g")["RequestToken"] != event["RequestToken"]


# --- Paces ------------------------------------------------------------------------------------------------------------


def test_one_request_at_a_time_is_at_work_on_a_resource(cc: Any, image: str, emulator: Emulator) -> None:
    emulator.control.pace("manual")
    event = delete(cc, IMAGE, image)
    code, message = refusal(cc.update_resource, TypeName=IMAGE, Identifier='{"ImageName": "i"}', PatchDocument="[]")
    assert (code, event["RequestToken"] in message) == ("ConcurrentOperationException", True)
    for identifier in (image, '{"ImageName": "i"}'):
        code, _ = refusal(cc.delete_resource, TypeName=IMAGE, Identifier=identifier)
        assert code == "ConcurrentOperationException"
    assert status(cc, event) == "IN_PROGRESS"
    emulator.control.step()
    assert status(cc, event) == "SUCCESS"
    assert polled(cc, delete(cc, IMAGE, image))["ErrorCode"] == "NotFound"


def test_at_pace_step_each_look_sees_one_more_step(cc: Any, emulator: Emulator) -> None:
    emulator.control.pace("step")
    event = create(cc, IMAGE, **STATE)
    seen = [event["OperationStatus"], *(status(cc, event) for _ in range(4))]
    assert seen == ["PENDING", "IN_PROGRESS", "IN_PROGRESS", "SUCCESS", "SUCCESS"]


def test_at_pace_real_a_request_takes_as_long_as_its_resource(cc: Any, clock: ManualClock, emulator: Emulator) -> None:
    emulator.settings = emulator.settings.__class__(pace=Pace("real"))
    event = create(cc, IMAGE, **STATE)
    assert status(cc, event) == "IN_PROGRESS"
    clock.advance(3600)
    ended = succeeded(cc, event)
    assert ended["EventTime"].timestamp() == clock.now()


def test_what_no_time_passes_for_is_done_at_the_first_look(cc: Any, client: Any, emulator: Emulator) -> None:
    emulator.control.pace("manual")
    make_group(client, "g")
    model = create(
        cc, "AWS::SageMaker::Model", ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer={"Image": CONTAINER}
    )
    assert status(cc, model) == "SUCCESS"


def test_a_reset_forgets_requests_too(cc: Any, emulator: Emulator) -> None:
    create(cc, IMAGE, **STATE)
    emulator.control.reset()
    assert cc.list_resource_requests()["ResourceRequestStatusSummaries"] == []


def test_so_many_requests_are_remembered_and_no_more(cc: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emulator.cloudcontrol.requests.MOST", 3)
    tokens = [
        create(cc, GROUP, ModelPackageGroupName=f"g{number}", once=f"t{number}")["RequestToken"] for number in range(5)
    ]
    found = cc.list_resource_requests()["ResourceRequestStatusSummaries"]
    assert [one["RequestToken"] for one in found] == [*reversed(tokens)][:3]
    assert create(cc, GROUP, ModelPackageGroupName="g0", once="t0")["RequestToken"] not in tokens


def test_of_many_requests_at_once_with_one_token_there_is_one(cc: Any) -> None:
    with ThreadPoolExecutor(8) as pool:
        events = list(pool.map(lambda _: create(cc, IMAGE, once="t", **STATE), range(16)))
    assert len({event["RequestToken"] for event in events}) == 1
    assert [one["OperationStatus"] for one in cc.list_resource_requests()["ResourceRequestStatusSummaries"]] == [
        "SUCCESS"
    ]


def test_of_many_who_create_the_same_one_succeeds(cc: Any) -> None:
    with ThreadPoolExecutor(8) as pool:
        events = list(pool.map(lambda _: create(cc, IMAGE, **STATE), range(16)))
    assert sorted(status(cc, event) for event in events) == ["FAILED"] * 15 + ["SUCCESS"]


def test_requests_are_part_of_what_there_is(cc: Any, emulator: Emulator) -> None:
    emulator.control.pace("manual")
    event = create(cc, IMAGE, once="t", **STATE)
    kept = json.loads(json.dumps(emulator.control.state()))
    emulator.control.reset()
    emulator.control.load(kept)
    emulator.control.pace("manual")
    assert status(cc, event) == "IN_PROGRESS"
    assert create(cc, IMAGE, once="t", **STATE)["RequestToken"] == event["RequestToken"]
    emulator.control.step()
    assert succeeded(cc, event)["Identifier"] == arn("image/i")
