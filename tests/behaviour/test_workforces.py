"""People who label and review: the workforce, its teams, what they see, and when they are asked."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conftest import ROLE

ARN = "arn:aws:sagemaker:us-east-1:123456789012"
ENDPOINTS = ("Issuer", "AuthorizationEndpoint", "TokenEndpoint", "UserInfoEndpoint", "LogoutEndpoint", "JwksUri")
OIDC = {"ClientId": "client", "ClientSecret": "hush", **dict.fromkeys(ENDPOINTS, "https://id.example.com")}
MEMBERS = [{"OidcMemberDefinition": {"Groups": ["reviewers"]}}]


@pytest.fixture
def workforce(client: Any) -> str:
    """The workforce of the region."""
    client.create_workforce(WorkforceName="people", OidcConfig=OIDC)
    return "people"


@pytest.fixture
def team(client: Any, workforce: str) -> str:
    """A team of the workforce; its ARN."""
    return client.create_workteam(
        WorkteamName="team", WorkforceName=workforce, Description="a team", MemberDefinitions=MEMBERS
    )["WorkteamArn"]


@pytest.fixture
def ui(client: Any) -> str:
    """A UI; its ARN."""
    template = "<p>{{ task.input.text }}</p>"
    return client.create_human_task_ui(HumanTaskUiName="ui", UiTemplate={"Content": template})["HumanTaskUiArn"]


def refused(call: Any, **params: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as error:
        call(**params)
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


def test_a_workforce_never_shows_its_secret(client: Any, workforce: str) -> None:
    seen = client.describe_workforce(WorkforceName=workforce)["Workforce"]
    assert seen["WorkforceArn"] == f"{ARN}:workforce/private-crowd/people"
    assert seen["Status"] == "Active"
    assert seen["SubDomain"].endswith(".labeling.us-east-1.sagemaker.aws")
    assert seen["OidcConfig"] == {name: value for name, value in OIDC.items() if name != "ClientSecret"}
    assert "WorkforceVpcConfig" not in seen
    assert "hush" not in str(client.list_workforces())


def test_there_is_one_workforce_in_a_region(client: Any, connect: Any, workforce: str) -> None:
    code, message = refused(client.create_workforce, WorkforceName="others", OidcConfig=OIDC)
    assert (code, ":workforce/private-crowd/people" in message) == ("ValidationException", True)
    connect(region="eu-west-1").create_workforce(WorkforceName="others", OidcConfig=OIDC)
    assert [one["WorkforceName"] for one in client.list_workforces()["Workforces"]] == ["people"]


def test_a_workforce_has_one_identity_provider(client: Any) -> None:
    assert "CognitoConfig or OidcConfig" in refused(client.create_workforce, WorkforceName="people")[1]


def test_an_update_answers_the_workforce(client: Any, workforce: str) -> None:
    answer = client.update_workforce(WorkforceName=workforce, SourceIpConfig={"Cidrs": ["10.0.0.0/16"]})["Workforce"]
    assert answer["SourceIpConfig"] == {"Cidrs": ["10.0.0.0/16"]}
    vpc = {"VpcId": "vpc-1", "SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]}
    client.update_workforce(WorkforceName=workforce, WorkforceVpcConfig=vpc)
    seen = client.describe_workforce(WorkforceName=workforce)["Workforce"]
    assert {name: seen["WorkforceVpcConfig"][name] for name in vpc} == vpc
    assert seen["WorkforceVpcConfig"]["VpcEndpointId"].startswith("vpce-")


def test_a_workforce_with_teams_is_not_deleted_and_keeps_its_identity_provider(client: Any, team: str) -> None:
    assert refused(client.delete_workforce, WorkforceName="people")[0] == "ResourceInUse"
    assert refused(client.update_workforce, WorkforceName="people", OidcConfig=OIDC)[0] == "ResourceInUse"
    assert client.delete_workteam(WorkteamName="team")["Success"] is True
    client.update_workforce(WorkforceName="people", OidcConfig={**OIDC, "ClientId": "other"})
    assert client.describe_workforce(WorkforceName="people")["Workforce"]["OidcConfig"]["ClientId"] == "other"
    client.delete_workforce(WorkforceName="people")
    code, message = refused(client.describe_workforce, WorkforceName="people")
    assert (code, message.startswith("No workforce")) == ("ValidationException", True)


def test_a_team_belongs_to_a_workforce(client: Any, team: str) -> None:
    assert team == f"{ARN}:workteam/private-crowd/team"
    client.update_workteam(WorkteamName="team", Description="the team")
    seen = client.describe_workteam(WorkteamName="team")["Workteam"]
    assert seen["WorkforceArn"] == f"{ARN}:workforce/private-crowd/people"
    assert (seen["Description"], seen["MemberDefinitions"]) == ("the team", MEMBERS)
    assert seen["SubDomain"]
    assert client.list_workteams(NameContains="ea")["Workteams"] == [seen]
    client.add_tags(ResourceArn=team, Tags=[{"Key": "a", "Value": "b"}])
    assert client.list_tags(ResourceArn=team)["Tags"] == [{"Key": "a", "Value": "b"}]


def test_a_team_that_names_no_workforce_belongs_to_the_one_there_is(client: Any, workforce: str) -> None:
    client.create_workteam(WorkteamName="team", Description="a team", MemberDefinitions=MEMBERS)
    seen = client.describe_workteam(WorkteamName="team")["Workteam"]
    assert seen["WorkforceArn"].endswith(f"/{workforce}")


def test_teams_that_are_not_there_are_refused_in_the_services_words(client: Any) -> None:
    code, message = refused(client.describe_workteam, WorkteamName="nothing")
    assert (code, message.startswith("The work team")) == ("ValidationException", True)
    assert client.list_subscribed_workteams()["SubscribedWorkteams"] == []
    arn = f"{ARN}:workteam/vendor-crowd/team"
    assert refused(client.describe_subscribed_workteam, WorkteamArn=arn)[0] == "ValidationException"


# --- What they see ----------------------------------------------------------------------------------------------------


def test_a_ui_shows_the_digest_of_its_template(client: Any, ui: str) -> None:
    seen = client.describe_human_task_ui(HumanTaskUiName="ui")
    assert seen["HumanTaskUiArn"] == ui == f"{ARN}:human-task-ui/ui"
    assert seen["HumanTaskUiStatus"] == "Active"
    assert seen["UiTemplate"]["ContentSha256"] == hashlib.sha256(b"<p>{{ task.input.text }}</p>").hexdigest()
    assert seen["UiTemplate"]["Url"].startswith("https://")
    client.delete_human_task_ui(HumanTaskUiName="ui")
    with pytest.raises(client.exceptions.ResourceNotFound):
        client.describe_human_task_ui(HumanTaskUiName="ui")


@pytest.mark.parametrize(
    ("template", "seen"),
    [
        ("<p>{{ task.input.text }}</p>", "<p>a &lt;b&gt;</p>"),
        ("{{ task.input.text | skip_autoescape }}", "a <b>"),
        ("{% for one in task.input.list %}{{ one }};{% endfor %}", "1;2;"),
        ("{{ task.input.list | to_json }}", "[1, 2]"),
        ("{{ task.input.image | grant_read_access }}", "s3://bucket/image.png"),
        ("{{ task.input.nothing }}", ""),
        ("{{ task.input.nothing | to_json }}", "null"),
    ],
)
def test_a_template_is_filled_with_a_task(client: Any, template: str, seen: str) -> None:
    task = '{"text": "a <b>", "list": [1, 2], "image": "s3://bucket/image.png"}'
    answer = client.render_ui_template(UiTemplate={"Content": template}, Task={"Input": task}, RoleArn=ROLE)
    assert (answer["RenderedContent"], answer["Errors"]) == (seen, [])


def test_the_template_of_a_ui_is_filled_too(client: Any, ui: str) -> None:
    answer = client.render_ui_template(HumanTaskUiArn=ui, Task={"Input": '{"text": "hello"}'}, RoleArn=ROLE)
    assert answer["RenderedContent"] == "<p>hello</p>"
    with pytest.raises(client.exceptions.ResourceNotFound):
        client.render_ui_template(HumanTaskUiArn=f"{ui}-not", Task={"Input": "{}"}, RoleArn=ROLE)
    assert "either" in refused(client.render_ui_template, Task={"Input": "{}"}, RoleArn=ROLE)[1]


@pytest.mark.parametrize(
    ("template", "task"),
    [
        ("{% if x", "{}"),
        ("{{ x | no_such_filter }}", "{}"),
        ("{% for i in (1..1000000) %}{{ i }}{% endfor %}", "{}"),
        ("x", "{no JSON"),
    ],
)
def test_what_is_wrong_with_a_template_is_part_of_the_answer(client: Any, template: str, task: str) -> None:
    answer = client.render_ui_template(UiTemplate={"Content": template}, Task={"Input": task}, RoleArn=ROLE)
    [fault] = answer["Errors"]
    assert fault["Code"]
    assert fault["Message"]


# --- When they are asked ----------------------------------------------------------------------------------------------


def define(client: Any, team: str, ui: str) -> str:
    config = {"WorkteamArn": team, "HumanTaskUiArn": ui, "TaskTitle": "t", "TaskDescription": "d", "TaskCount": 1}
    return client.create_flow_definition(
        FlowDefinitionName="flow",
        HumanLoopConfig=config,
        OutputConfig={"S3OutputPath": "s3://bucket/out"},
        RoleArn=ROLE,
    )["FlowDefinitionArn"]


def test_a_flow_definition_names_a_team_and_a_ui_that_are_there(client: Any, team: str, ui: str) -> None:
    assert "The work team" in refused(define, client=client, team=f"{team}-not", ui=ui)[1]
    assert refused(define, client=client, team=team, ui=f"{ui}-not")[0] == "ResourceNotFound"
    assert define(client, team, ui) == f"{ARN}:flow-definition/flow"
    seen = client.describe_flow_definition(FlowDefinitionName="flow")
    assert seen["FlowDefinitionStatus"] == "Active"
    assert seen["HumanLoopConfig"]["WorkteamArn"] == team
    assert "HumanLoopActivationConfig" not in seen
    [listed] = client.list_flow_definitions()["FlowDefinitionSummaries"]
    assert listed["FlowDefinitionName"] == "flow"
    client.delete_flow_definition(FlowDefinitionName="flow")
    with pytest.raises(client.exceptions.ResourceNotFound):
        client.describe_flow_definition(FlowDefinitionName="flow")


def test_a_flow_definition_may_name_teams_and_uis_of_aws(client: Any) -> None:
    team = "arn:aws:sagemaker:us-east-1:394669845002:workteam/public-crowd/default"
    ui = "arn:aws:sagemaker:us-east-1:394669845002:human-task-ui/VideoObjectDetection"
    assert define(client, team, ui)
