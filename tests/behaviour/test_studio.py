"""Studio: domains, their users and spaces, the apps in them, what cannot be deleted yet, and who is let in."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError

from emulator.engine import presigned
from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace
from tests.conftest import ROLE

ARN = "arn:aws:sagemaker:us-east-1:123456789012"
DAY = 86400


@pytest.fixture
def domain(client: Any) -> str:
    """A domain."""
    return client.create_domain(
        DomainName="domain",
        AuthMode="IAM",
        DefaultUserSettings={"ExecutionRole": ROLE},
        SubnetIds=["subnet-1"],
        VpcId="vpc-1",
    )["DomainId"]


@pytest.fixture
def user(client: Any, domain: str) -> dict[str, str]:
    """A user of the domain."""
    client.create_user_profile(DomainId=domain, UserProfileName="user")
    return {"DomainId": domain, "UserProfileName": "user"}


@pytest.fixture
def space(client: Any, user: dict[str, str]) -> dict[str, str]:
    """A space of the user."""
    named = {"DomainId": user["DomainId"], "SpaceName": "space"}
    client.create_space(
        **named,
        OwnershipSettings={"OwnerUserProfileName": "user"},
        SpaceSharingSettings={"SharingType": "Private"},
        SpaceSettings={"AppType": "JupyterLab"},
    )
    return named


@pytest.fixture
def app(client: Any, space: dict[str, str]) -> dict[str, str]:
    """An app in the space."""
    named = {**space, "AppType": "JupyterLab", "AppName": "default"}
    client.create_app(**named)
    return named


# --- Domains ----------------------------------------------------------------------------------------------------------


def test_a_domain_is_made_with_all_that_belongs_to_it(client: Any) -> None:
    made = client.create_domain(DomainName="d", AuthMode="IAM", DefaultUserSettings={"ExecutionRole": ROLE})
    seen = client.describe_domain(DomainId=made["DomainId"])
    assert made["DomainArn"] == f"{ARN}:domain/{made['DomainId']}" == seen["DomainArn"]
    assert made["Url"] == f"https://{made['DomainId']}.studio.us-east-1.sagemaker.aws" == seen["Url"]
    assert made["DomainId"].startswith("d-")
    assert seen["HomeEfsFileSystemId"].startswith("fs-")
    assert seen["SecurityGroupIdForDomainBoundary"].startswith("sg-")
    assert seen["Status"] == "InService"
    assert (seen["AppNetworkAccessType"], seen["TagPropagation"]) == ("PublicInternetOnly", "DISABLED")
    assert seen["DefaultUserSettings"] == {"ExecutionRole": ROLE}
    assert not {"SingleSignOnApplicationArn", "DomainSettings", "DefaultSpaceSettings", "KmsKeyId"} & seen.keys()


def test_a_domain_of_identity_center_has_an_application_there(client: Any) -> None:
    made = client.create_domain(DomainName="d", AuthMode="SSO", DefaultUserSettings={})
    seen = client.describe_domain(DomainId=made["DomainId"])
    assert seen["SingleSignOnApplicationArn"].startswith("arn:aws:sso::")
    client.create_user_profile(DomainId=made["DomainId"], UserProfileName="user")
    with pytest.raises(ClientError, match="AuthMode is IAM"):
        client.create_presigned_domain_url(DomainId=made["DomainId"], UserProfileName="user")


def test_an_update_of_settings_leaves_those_it_does_not_name(client: Any, domain: str) -> None:
    client.update_domain(
        DomainId=domain,
        DefaultUserSettings={"SecurityGroups": ["sg-1"]},
        DomainSettingsForUpdate={"RStudioServerProDomainSettingsForUpdate": {"DomainExecutionRoleArn": ROLE}},
    )
    seen = client.describe_domain(DomainId=domain)
    assert seen["DefaultUserSettings"] == {"ExecutionRole": ROLE, "SecurityGroups": ["sg-1"]}
    assert seen["DomainSettings"] == {"RStudioServerProDomainSettings": {"DomainExecutionRoleArn": ROLE}}


def test_a_domain_lives_through_its_statuses(client: Any, emulator: Emulator, domain: str) -> None:
    emulator.settings.pace = Pace("step")
    statuses = [client.describe_domain(DomainId=domain)["Status"] for _ in range(2)]
    client.update_domain(DomainId=domain, DefaultUserSettings={})
    statuses += [client.describe_domain(DomainId=domain)["Status"] for _ in range(2)]
    client.delete_domain(DomainId=domain)
    statuses.append(client.describe_domain(DomainId=domain)["Status"])
    assert statuses == ["Pending", "InService", "Updating", "InService", "Deleting"]
    with pytest.raises(client.exceptions.ResourceNotFound):
        client.describe_domain(DomainId=domain)


# --- Users and spaces -------------------------------------------------------------------------------------------------


def test_users_and_spaces_need_a_domain(client: Any) -> None:
    for call in (
        lambda: client.create_user_profile(DomainId="d-nothing", UserProfileName="user"),
        lambda: client.create_space(DomainId="d-nothing", SpaceName="space"),
    ):
        with pytest.raises(client.exceptions.ResourceNotFound):
            call()


def test_what_lives_in_a_domain_is_called_with_it(client: Any, app: dict[str, str]) -> None:
    domain = app["DomainId"]
    user = client.describe_user_profile(DomainId=domain, UserProfileName="user")
    space = client.describe_space(DomainId=domain, SpaceName="space")
    assert user["UserProfileArn"] == f"{ARN}:user-profile/{domain}/user"
    assert space["SpaceArn"] == f"{ARN}:space/{domain}/space"
    assert client.describe_app(**app)["AppArn"] == f"{ARN}:app/{domain}/space/jupyterlab/default"
    assert user["HomeEfsFileSystemUid"].isdigit()
    assert space["Url"].startswith("https://")
    assert "UserSettings" not in user


def test_a_space_needs_an_owner_of_its_domain(client: Any, domain: str) -> None:
    with pytest.raises(client.exceptions.ResourceNotFound, match="nobody"):
        client.create_space(
            DomainId=domain,
            SpaceName="space",
            OwnershipSettings={"OwnerUserProfileName": "nobody"},
            SpaceSharingSettings={"SharingType": "Private"},
        )


def test_lists_show_what_is_in_one_domain_or_in_all(client: Any, space: dict[str, str]) -> None:
    other = client.create_domain(DomainName="other", AuthMode="IAM", DefaultUserSettings={})["DomainId"]
    client.create_user_profile(DomainId=other, UserProfileName="somebody")
    domain = space["DomainId"]
    assert [one["DomainId"] for one in client.list_domains()["Domains"]] == [domain, other]
    users = client.list_user_profiles(DomainIdEquals=other)["UserProfiles"]
    assert [one["UserProfileName"] for one in users] == ["somebody"]
    assert len(client.list_user_profiles()["UserProfiles"]) == 2
    assert client.list_user_profiles(UserProfileNameContains="some")["UserProfiles"] == users
    [shown] = client.list_spaces(DomainIdEquals=domain)["Spaces"]
    assert shown["SpaceSettingsSummary"] == {"AppType": "JupyterLab"}
    assert shown["SpaceSharingSettingsSummary"] == {"SharingType": "Private"}
    assert shown["OwnershipSettingsSummary"] == {"OwnerUserProfileName": "user"}
    assert client.list_spaces(DomainIdEquals=other)["Spaces"] == []


def test_what_has_others_in_it_is_not_deleted(client: Any, app: dict[str, str]) -> None:
    domain = app["DomainId"]
    space, user = {"DomainId": domain, "SpaceName": "space"}, {"DomainId": domain, "UserProfileName": "user"}
    client.create_app(**user, AppType="JupyterServer", AppName="default")

    def refused(call: Any, **named: str) -> str:
        with pytest.raises(client.exceptions.ResourceInUse) as error:
            call(**named)
        return error.value.response["Error"]["Message"]

    assert refused(client.delete_domain, DomainId=domain).startswith(f"Unable to delete Domain [{ARN}:domain/{domain}]")
    assert refused(client.delete_user_profile, **user).endswith("because Space(s) are associated with it.")
    assert refused(client.delete_space, **space) == (
        f"Unable to delete Space [{ARN}:space/{domain}/space] because App(s) are associated with it."
    )
    client.delete_app(**app)
    client.delete_space(**space)
    assert refused(client.delete_user_profile, **user) == (
        f"Unable to delete UserProfile [{ARN}:user-profile/{domain}/user] because App(s) are associated with it."
    )
    client.delete_app(**user, AppType="JupyterServer", AppName="default")
    client.delete_user_profile(**user)
    client.delete_domain(DomainId=domain)
    assert client.list_domains()["Domains"] == []


# --- Apps -------------------------------------------------------------------------------------------------------------


def test_an_app_belongs_to_a_user_or_to_a_space(client: Any, space: dict[str, str]) -> None:
    named = {"DomainId": space["DomainId"], "AppType": "JupyterLab", "AppName": "default"}
    for owners in ({}, {"UserProfileName": "user", "SpaceName": "space"}):
        for call in (client.create_app, client.describe_app, client.delete_app):
            with pytest.raises(ClientError, match="Specify either UserProfileName or SpaceName"):
                call(**named, **owners)
    with pytest.raises(client.exceptions.ResourceNotFound):
        client.create_app(**named, SpaceName="nowhere")


def test_a_space_and_a_user_of_one_name_have_lists_of_their_own(client: Any, app: dict[str, str]) -> None:
    named = {"DomainId": app["DomainId"], "UserProfileName": "space"}
    client.create_user_profile(**named)
    client.create_app(**named, AppType="JupyterServer", AppName="default")
    of_user = client.list_apps(DomainIdEquals=app["DomainId"], UserProfileNameEquals="space")["Apps"]
    of_space = client.list_apps(DomainIdEquals=app["DomainId"], SpaceNameEquals="space")["Apps"]
    assert [one["AppType"] for one in of_user] == ["JupyterServer"]
    assert [one["AppType"] for one in of_space] == ["JupyterLab"]


def test_an_app_runs_on_an_instance_of_its_type(client: Any, user: dict[str, str]) -> None:
    for kind, instance in (("JupyterServer", "system"), ("KernelGateway", "ml.t3.medium")):
        client.create_app(**user, AppType=kind, AppName="default")
        seen = client.describe_app(**user, AppType=kind, AppName="default")
        assert seen["ResourceSpec"] == {"InstanceType": instance}
    client.create_app(**user, AppType="KernelGateway", AppName="own", ResourceSpec={"InstanceType": "ml.g4dn.xlarge"})
    seen = client.describe_app(**user, AppType="KernelGateway", AppName="own")
    assert seen["ResourceSpec"] == {"InstanceType": "ml.g4dn.xlarge"}


def test_a_deleted_app_is_shown_for_a_day_and_its_name_is_free(
    client: Any, app: dict[str, str], clock: ManualClock
) -> None:
    client.delete_app(**app)
    assert client.describe_app(**app)["Status"] == "Deleted"
    assert [one["Status"] for one in client.list_apps()["Apps"]] == ["Deleted"]
    with pytest.raises(ClientError, match=r"has already been deleted") as refused:
        client.delete_app(**app)
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    client.create_app(**app)
    assert client.describe_app(**app)["Status"] == "InService"
    with pytest.raises(client.exceptions.ResourceInUse):
        client.create_app(**app)
    client.delete_app(**app)
    clock.advance(DAY - 1)
    assert client.describe_app(**app)["Status"] == "Deleted"
    clock.advance(1)
    assert client.list_apps()["Apps"] == []
    with pytest.raises(client.exceptions.ResourceNotFound):
        client.describe_app(**app)


@pytest.mark.parametrize("pace", ["step", "manual"])
def test_no_pace_hurries_a_deleted_app_away(
    client: Any, emulator: Emulator, app: dict[str, str], clock: ManualClock, pace: str
) -> None:
    client.delete_app(**app)
    client.describe_app(**app)
    emulator.settings.pace = Pace(pace)
    for _ in range(3):
        assert client.describe_app(**app)["Status"] == "Deleted"
    assert emulator.push() == 0
    clock.advance(DAY)
    assert client.list_apps()["Apps"] == []


def test_a_deleted_app_has_no_tags(client: Any, app: dict[str, str]) -> None:
    arn = client.describe_app(**app)["AppArn"]
    client.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "b"}])
    client.delete_app(**app)
    with pytest.raises(ClientError) as refused:
        client.list_tags(ResourceArn=arn)
    assert refused.value.response["Error"]["Message"] == ""


# --- Who is let in ----------------------------------------------------------------------------------------------------


def test_a_presigned_url_lets_in_until_it_expires(client: Any, app: dict[str, str], clock: ManualClock) -> None:
    domain = app["DomainId"]
    url = client.create_presigned_domain_url(
        DomainId=domain, UserProfileName="user", SpaceName="space", ExpiresInSeconds=60
    )["AuthorizedUrl"]
    assert url.startswith(f"https://{domain}.studio.us-east-1.sagemaker.aws/auth?token=")
    [token] = parse_qs(urlsplit(url).query)["token"]
    clock.advance(59)
    claims = presigned.read(token, clock.now())
    assert claims
    assert claims["sub"] == f"{ARN}:user-profile/{domain}/user"
    assert claims["space"] == f"{ARN}:space/{domain}/space"
    clock.advance(1)
    assert presigned.read(token, clock.now()) is None
    with pytest.raises(client.exceptions.ResourceNotFound):
        client.create_presigned_domain_url(DomainId=domain, UserProfileName="nobody")


def test_a_session_is_started_with_a_space_or_an_app_that_is_there(client: Any, app: dict[str, str]) -> None:
    arn = client.describe_app(**app)["AppArn"]
    session = client.start_session(ResourceIdentifier=arn)
    assert session["SessionId"] in session["StreamUrl"]
    assert session["TokenValue"]
    client.delete_app(**app)
    with pytest.raises(client.exceptions.ResourceNotFound):
        client.start_session(ResourceIdentifier=arn)


# --- Configurations ---------------------------------------------------------------------------------------------------


def test_a_lifecycle_config_in_use_is_not_deleted(client: Any, user: dict[str, str]) -> None:
    arn = client.create_studio_lifecycle_config(
        StudioLifecycleConfigName="script",
        StudioLifecycleConfigContent="ZWNobw==",
        StudioLifecycleConfigAppType="JupyterServer",
    )["StudioLifecycleConfigArn"]
    settings = {"JupyterServerAppSettings": {"LifecycleConfigArns": [arn]}}
    client.update_user_profile(**user, UserSettings=settings)
    with pytest.raises(client.exceptions.ResourceInUse, match="user-profile"):
        client.delete_studio_lifecycle_config(StudioLifecycleConfigName="script")
    client.update_user_profile(**user, UserSettings={"JupyterServerAppSettings": {}})
    client.delete_studio_lifecycle_config(StudioLifecycleConfigName="script")
    with pytest.raises(client.exceptions.ResourceNotFound, match="does not exist"):
        client.describe_studio_lifecycle_config(StudioLifecycleConfigName="script")


def test_lifecycle_configs_are_listed_by_the_type_of_app(client: Any) -> None:
    for kind in ("JupyterServer", "KernelGateway"):
        client.create_studio_lifecycle_config(
            StudioLifecycleConfigName=kind, StudioLifecycleConfigContent="ZWNobw==", StudioLifecycleConfigAppType=kind
        )
    [shown] = client.list_studio_lifecycle_configs(AppTypeEquals="KernelGateway")["StudioLifecycleConfigs"]
    assert shown["StudioLifecycleConfigName"] == "KernelGateway"


def test_an_empty_image_config_comes_back_empty(client: Any) -> None:
    client.create_app_image_config(AppImageConfigName="config", JupyterLabAppImageConfig={})
    seen = client.describe_app_image_config(AppImageConfigName="config")
    assert seen["JupyterLabAppImageConfig"] == {}
    assert "KernelGatewayImageConfig" not in seen
    with pytest.raises(client.exceptions.ResourceNotFound, match="does not exist"):
        client.delete_app_image_config(AppImageConfigName="nothing")
