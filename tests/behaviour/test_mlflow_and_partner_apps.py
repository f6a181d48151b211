"""MLflow tracking servers and apps, and partner AI apps."""

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
SERVER = {"TrackingServerName": "server"}
DAY = 86400


def make_server(client: Any) -> None:
    client.create_mlflow_tracking_server(**SERVER, ArtifactStoreUri="s3://bucket/mlflow", RoleArn=ROLE)


def make_app(client: Any, name: str = "app", **more: Any) -> str:
    return client.create_mlflow_app(Name=name, ArtifactStoreUri="s3://bucket/mlflow", RoleArn=ROLE, **more)["Arn"]


def make_partner(client: Any, **more: Any) -> str:
    said = {"Name": "partner", "Type": "comet", "ExecutionRoleArn": ROLE, "Tier": "small", "AuthType": "IAM", **more}
    return client.create_partner_app(**said)["Arn"]


def claims(url: str, parameter: str, now: float) -> dict[str, Any] | None:
    [token] = parse_qs(urlsplit(url).query)[parameter]
    return presigned.read(token, now)


def test_a_tracking_server_is_described_with_its_defaults(client: Any) -> None:
    make_server(client)
    seen = client.describe_mlflow_tracking_server(**SERVER)
    assert seen["TrackingServerArn"] == f"{ARN}:mlflow-tracking-server/server"
    assert (seen["TrackingServerStatus"], seen["IsActive"]) == ("Created", "Active")
    assert (seen["TrackingServerSize"], seen["AutomaticModelRegistration"]) == ("Small", False)
    assert seen["TrackingServerUrl"].endswith(".us-east-1.experiments.sagemaker.aws")
    assert seen["MlflowVersion"]
    assert seen["WeeklyMaintenanceWindowStart"]


def test_a_tracking_server_is_stopped_started_updated_and_deleted(client: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("step")
    make_server(client)

    def look() -> tuple[str, str]:
        seen = client.describe_mlflow_tracking_server(**SERVER)
        return seen["TrackingServerStatus"], seen["IsActive"]

    assert [look(), look()] == [("Creating", "Inactive"), ("Created", "Active")]
    client.stop_mlflow_tracking_server(**SERVER)
    assert [look(), look()] == [("Stopping", "Inactive"), ("Stopped", "Inactive")]
    client.start_mlflow_tracking_server(**SERVER)
    assert [look(), look()] == [("Starting", "Inactive"), ("Started", "Active")]
    client.update_mlflow_tracking_server(**SERVER, TrackingServerSize="Large")
    assert [look(), look()] == [("Updating", "Active"), ("Updated", "Active")]
    assert client.describe_mlflow_tracking_server(**SERVER)["TrackingServerSize"] == "Large"
    client.delete_mlflow_tracking_server(**SERVER)
    assert look()[0] == "Deleting"
    with pytest.raises(client.exceptions.ResourceNotFound):
        look()


def test_tracking_servers_are_listed_by_status_and_version(client: Any) -> None:
    make_server(client)
    [shown] = client.list_mlflow_tracking_servers(TrackingServerStatus="Created")["TrackingServerSummaries"]
    assert shown["IsActive"] == "Active"
    assert client.list_mlflow_tracking_servers(TrackingServerStatus="Stopped")["TrackingServerSummaries"] == []
    assert client.list_mlflow_tracking_servers(MlflowVersion="1.0")["TrackingServerSummaries"] == []


def test_an_mlflow_app_is_known_by_an_arn_of_its_own(client: Any, clock: ManualClock) -> None:
    arn = make_app(client)
    assert arn.startswith(f"{ARN}:mlflow-app/app-")
    seen = client.describe_mlflow_app(Arn=arn)
    assert (seen["Name"], seen["Status"]) == ("app", "Created")
    assert seen["ModelRegistrationMode"] == "AutoModelRegistrationDisabled"
    client.update_mlflow_app(Arn=arn, Name="renamed", DefaultDomainIdList=["d-1"])
    seen = client.describe_mlflow_app(Arn=arn)
    assert (seen["Name"], seen["Status"], seen["DefaultDomainIdList"]) == ("renamed", "Updated", ["d-1"])
    assert client.delete_mlflow_app(Arn=arn)["Arn"] == arn
    assert client.describe_mlflow_app(Arn=arn)["Status"] == "Deleted"
    with pytest.raises(client.exceptions.ResourceNotFound):
        client.create_presigned_mlflow_app_url(Arn=arn)
    clock.advance(DAY)
    with pytest.raises(client.exceptions.ResourceNotFound):
        client.describe_mlflow_app(Arn=arn)


def test_mlflow_apps_are_listed_by_domain_and_name(client: Any) -> None:
    for name in ("b", "a"):
        make_app(client, name, DefaultDomainIdList=[f"d-{name}"])
    listed = client.list_mlflow_apps(SortBy="Name", SortOrder="Ascending")["Summaries"]
    assert [one["Name"] for one in listed] == ["a", "b"]
    assert [one["Name"] for one in client.list_mlflow_apps(DefaultForDomainId="d-b")["Summaries"]] == ["b"]


def test_a_partner_app_is_updated_with_its_version_and_tags(client: Any) -> None:
    arn = make_partner(client, Tags=[{"Key": "a", "Value": "1"}])
    assert arn.startswith(f"{ARN}:partner-app/app-")
    seen = client.describe_partner_app(Arn=arn)
    assert (seen["Status"], seen["EnableAutoMinorVersionUpgrade"]) == ("Available", False)
    assert seen["BaseUrl"].startswith("https://app-")
    client.update_partner_app(Arn=arn, AppVersion="2.1", Tier="large", Tags=[{"Key": "b", "Value": "2"}])
    seen = client.describe_partner_app(Arn=arn)
    assert (seen["Version"], seen["Tier"], seen["Status"]) == ("2.1", "large", "Available")
    assert {tag["Key"] for tag in client.list_tags(ResourceArn=arn)["Tags"]} == {"a", "b"}


def test_the_name_of_a_partner_app_is_free_when_it_is_deleted(client: Any) -> None:
    arn = make_partner(client)
    with pytest.raises(client.exceptions.ConflictException):
        make_partner(client)
    client.delete_partner_app(Arn=arn)
    assert client.describe_partner_app(Arn=arn)["Status"] == "Deleted"
    assert make_partner(client) != arn


def test_users_of_identity_center_need_an_instance_of_it(client: Any) -> None:
    with pytest.raises(ClientError, match="IdcConfig"):
        make_partner(client, AuthType="IDC")
    instance = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
    arn = make_partner(client, AuthType="IDC", IdcConfig={"InstanceArn": instance})
    config = client.describe_partner_app(Arn=arn)["IdcConfig"]
    assert config["InstanceArn"] == instance
    assert config["ApplicationArn"].startswith("arn:aws:sso::")


def test_presigned_urls_hold_as_long_as_they_say(client: Any, clock: ManualClock) -> None:
    make_server(client)
    partner = make_partner(client)
    urls = [
        (
            client.create_presigned_mlflow_tracking_server_url(**SERVER, ExpiresInSeconds=60)["AuthorizedUrl"],
            "authToken",
        ),
        (
            client.create_presigned_mlflow_app_url(Arn=make_app(client), ExpiresInSeconds=60)["AuthorizedUrl"],
            "authToken",
        ),
        (client.create_partner_app_presigned_url(Arn=partner, ExpiresInSeconds=60)["Url"], "token"),
    ]
    clock.advance(59)
    assert all(claims(url, parameter, clock.now()) for url, parameter in urls)
    clock.advance(1)
    assert not any(claims(url, parameter, clock.now()) for url, parameter in urls)
