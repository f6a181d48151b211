"""Projects, whether Service Catalog may be used, and the lists of what SageMaker has by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace
from tests.behaviour.examples import arn, plain, refusal

PRODUCT = {"ProductId": "prod-1", "ProvisioningArtifactId": "pa-1", "PathId": "lpv2-1"}
TEMPLATE = {
    "TemplateName": "template",
    "TemplateURL": "https://bucket.s3.amazonaws.com/template.yaml",
    "Parameters": [{"Key": "a", "Value": "1"}],
}


def make(client: Any, name: str = "project", **more: Any) -> dict[str, Any]:
    return plain(client.create_project(ProjectName=name, **{"ServiceCatalogProvisioningDetails": PRODUCT, **more}))


def described(client: Any, name: str = "project") -> dict[str, Any]:
    return plain(client.describe_project(ProjectName=name))


# --- Projects ---------------------------------------------------------------------------------------------------------


def test_a_project_comes_back_with_the_product_that_was_provisioned(client: Any, clock: ManualClock) -> None:
    made = make(client, ProjectDescription="ours")

    answer = described(client)

    assert made["ProjectArn"] == arn("project/project")
    assert made["ProjectId"].startswith("p-")
    product = answer.pop("ServiceCatalogProvisionedProductDetails")
    assert product.pop("ProvisionedProductId").startswith("pp-")
    assert product == {"ProvisionedProductStatusMessage": "AVAILABLE"}
    assert answer.pop("LastModifiedTime").timestamp() == answer.pop("CreationTime").timestamp() == clock.now()
    assert answer == {
        **made,
        "ProjectName": "project",
        "ProjectDescription": "ours",
        "ServiceCatalogProvisioningDetails": PRODUCT,
        "ProjectStatus": "CreateCompleted",
        "CreatedBy": {},
    }


def test_an_artifact_that_nobody_names_is_the_latest_of_the_product(client: Any) -> None:
    make(client, ServiceCatalogProvisioningDetails={"ProductId": "prod-1"})

    assert described(client)["ServiceCatalogProvisioningDetails"]["ProvisioningArtifactId"].startswith("pa-")


def test_a_project_goes_through_its_statuses_and_stays_listed(client: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("step")
    make(client)

    def statuses(count: int) -> list[str]:
        seen = [described(client) for _ in range(count)]
        assert all("ServiceCatalogProvisionedProductDetails" in one for one in seen)
        return [one["ProjectStatus"] for one in seen]

    assert statuses(1) == ["Pending"]
    assert (
        refusal(client.update_project, ProjectName="project")[1] == "Cannot update Project in CreateInProgress status"
    )
    assert statuses(2) == ["CreateInProgress", "CreateCompleted"]
    client.update_project(ProjectName="project", ProjectDescription="new")
    assert statuses(2) == ["UpdateInProgress", "UpdateCompleted"]
    client.delete_project(ProjectName="project")
    assert statuses(2) == ["DeleteInProgress", "DeleteCompleted"]
    refused = refusal(client.delete_project, ProjectName="project")
    assert refused == ("ValidationException", "Cannot delete Project in DeleteCompleted status")
    [listed] = client.list_projects()["ProjectSummaryList"]
    assert listed["ProjectStatus"] == "DeleteCompleted"


def test_the_name_of_a_deleted_project_is_free(client: Any) -> None:
    first = make(client)
    client.delete_project(ProjectName="project")

    second = make(client)

    assert first["ProjectId"] != second["ProjectId"]
    assert described(client)["ProjectStatus"] == "CreateCompleted"
    assert len(client.list_projects()["ProjectSummaryList"]) == 1


def test_projects_are_called_in_aws_words_when_they_are_missing_or_there(client: Any) -> None:
    make(client)

    assert refusal(client.describe_project, ProjectName="nobody") == (
        "ValidationException",
        f"Project {arn('project/nobody')} does not exist.",
    )
    assert refusal(make, client=client) == ("ValidationException", f"Project already exists: {arn('project/project')}")


def test_an_update_changes_the_product_and_adds_tags(client: Any) -> None:
    make(client, Tags=[{"Key": "a", "Value": "1"}])

    client.update_project(
        ProjectName="project",
        ProjectDescription="new",
        ServiceCatalogProvisioningUpdateDetails={
            "ProvisioningArtifactId": "pa-2",
            "ProvisioningParameters": [{"Key": "k", "Value": "v"}],
        },
        Tags=[{"Key": "b", "Value": "2"}],
    )

    answer = described(client)
    assert answer["ProjectDescription"] == "new"
    assert answer["ServiceCatalogProvisioningDetails"] == {
        **PRODUCT,
        "ProvisioningArtifactId": "pa-2",
        "ProvisioningParameters": [{"Key": "k", "Value": "v"}],
    }
    assert [one["Key"] for one in client.list_tags(ResourceArn=arn("project/project"))["Tags"]] == ["a", "b"]


def test_templates_come_back_as_details_with_their_stacks(client: Any) -> None:
    client.create_project(ProjectName="project", TemplateProviders=[{"CfnTemplateProvider": TEMPLATE}])

    [provider] = described(client)["TemplateProviderDetails"]

    detail = provider["CfnTemplateProviderDetail"]
    stack = detail.pop("StackDetail")
    assert detail == TEMPLATE
    assert stack["Id"].startswith(f"arn:aws:cloudformation:us-east-1:123456789012:stack/{stack['Name']}/")
    assert stack["StatusMessage"] == "CREATE_COMPLETE"
    assert "ServiceCatalogProvisionedProductDetails" not in described(client)

    changed = {"TemplateName": "template", "TemplateURL": "https://bucket.s3.amazonaws.com/other.yaml"}
    client.update_project(ProjectName="project", TemplateProvidersToUpdate=[{"CfnTemplateProvider": changed}])

    [provider] = described(client)["TemplateProviderDetails"]
    assert provider["CfnTemplateProviderDetail"].items() >= {**TEMPLATE, **changed}.items()
    assert provider["CfnTemplateProviderDetail"]["StackDetail"]["StatusMessage"] == "UPDATE_COMPLETE"


def test_projects_are_listed_oldest_first(client: Any, clock: ManualClock) -> None:
    for name in ("b", "a", "c"):
        make(client, name)
        clock.advance(1)

    assert [one["ProjectName"] for one in client.list_projects()["ProjectSummaryList"]] == ["b", "a", "c"]
    by_name = client.list_projects(SortBy="Name", SortOrder="Descending")["ProjectSummaryList"]
    assert [one["ProjectName"] for one in by_name] == ["c", "b", "a"]
    pages = client.get_paginator("list_projects").paginate(PaginationConfig={"PageSize": 2})
    assert [len(page["ProjectSummaryList"]) for page in pages] == [2, 1]


# --- Service Catalog --------------------------------------------------------------------------------------------------


def test_service_catalog_is_disabled_until_it_is_enabled_place_by_place(
    client: Any, connect: Callable[..., Any]
) -> None:
    elsewhere = connect(region="eu-west-1")

    def status(one: Any) -> str:
        return one.get_sagemaker_servicecatalog_portfolio_status()["Status"]

    assert status(client) == "Disabled"
    client.enable_sagemaker_servicecatalog_portfolio()
    assert (status(client), status(elsewhere)) == ("Enabled", "Disabled")
    client.disable_sagemaker_servicecatalog_portfolio()
    client.disable_sagemaker_servicecatalog_portfolio()
    assert status(client) == "Disabled"


# --- What is there by itself ------------------------------------------------------------------------------------------


def test_standard_models_are_filtered_by_every_property_at_once(client: Any) -> None:
    filters = [{"Name": "Framework", "Value": "XGBOOST"}, {"Name": "Task", "Value": "REGRESSION"}]

    found = client.list_model_metadata(SearchExpression={"Filters": filters})["ModelMetadataSummaries"]

    assert [(one["Framework"], one["Task"], one["Domain"]) for one in found] == [
        ("XGBOOST", "REGRESSION", "MACHINE_LEARNING")
    ]
    nothing = [{"Name": "Framework", "Value": "xgboost"}]  # values are case-sensitive
    assert client.list_model_metadata(SearchExpression={"Filters": nothing})["ModelMetadataSummaries"] == []


def test_standard_models_are_listed_page_by_page(client: Any) -> None:
    everything = client.list_model_metadata()["ModelMetadataSummaries"]
    pages = client.get_paginator("list_model_metadata").paginate(PaginationConfig={"PageSize": 4})

    assert [one for page in pages for one in page["ModelMetadataSummaries"]] == everything
    assert len(everything) > 4


@pytest.mark.parametrize(("part", "count"), [("FeatureGroup", 1), ("featuregroup", 0)])
def test_every_place_has_a_catalog_of_feature_groups(client: Any, part: str, count: int) -> None:
    found = client.list_resource_catalogs(NameContains=part)["ResourceCatalogs"]

    assert [one["ResourceCatalogArn"] for one in found] == [arn("sagemaker-catalog/DefaultFeatureGroupCatalog")] * count
    assert client.list_resource_catalogs(CreationTimeBefore=0)["ResourceCatalogs"] == []
