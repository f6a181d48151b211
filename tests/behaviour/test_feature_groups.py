"""Feature groups: their stores, updates that add features, and what is said about each feature."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace
from tests.conftest import ROLE

ARN = "arn:aws:sagemaker:us-east-1:123456789012:feature-group"
NAMED = {"FeatureGroupName": "my-group"}
KEYS = {"RecordIdentifierFeatureName": "id", "EventTimeFeatureName": "at"}
DEFINITIONS = [{"FeatureName": "id", "FeatureType": "String"}, {"FeatureName": "at", "FeatureType": "Fractional"}]
ONLINE = {"OnlineStoreConfig": {"EnableOnlineStore": True}}
OFFLINE = {"OfflineStoreConfig": {"S3StorageConfig": {"S3Uri": "s3://bucket/features"}}, "RoleArn": ROLE}


def make(client: Any, **more: Any) -> None:
    client.create_feature_group(**{**NAMED, **KEYS, "FeatureDefinitions": DEFINITIONS, **(more or ONLINE)})


def refused(call: Any, **params: Any) -> str:
    with pytest.raises(ClientError) as error:
        call(**params)
    return error.value.response["Error"]["Message"]


def test_an_online_group_has_no_offline_store(client: Any) -> None:
    make(client)
    seen = client.describe_feature_group(**NAMED)
    assert seen["FeatureGroupArn"] == f"{ARN}/my-group"
    assert seen["FeatureGroupStatus"] == "Created"
    assert seen["OnlineStoreConfig"] == {"EnableOnlineStore": True}
    assert seen["ThroughputConfig"] == {"ThroughputMode": "OnDemand"}
    assert seen["OfflineStoreStatus"] == {"Status": "Disabled"}
    assert not {"OfflineStoreConfig", "LastUpdateStatus", "Description"} & seen.keys()


def test_an_offline_store_gets_a_table_and_a_place(client: Any) -> None:
    make(client, **OFFLINE)
    seen = client.describe_feature_group(**NAMED)
    assert seen["OfflineStoreStatus"] == {"Status": "Active"}
    assert seen["OfflineStoreConfig"] == {
        "S3StorageConfig": {
            "S3Uri": "s3://bucket/features",
            "ResolvedOutputS3Uri": "s3://bucket/features/123456789012/sagemaker/us-east-1/offline-store/"
            "my-group-1700000000/data",
        },
        "DisableGlueTableCreation": False,
        "TableFormat": "Glue",
        "DataCatalogConfig": {
            "TableName": "my_group_1700000000",
            "Catalog": "AwsDataCatalog",
            "Database": "sagemaker_featurestore",
        },
    }


def test_no_table_is_made_where_none_is_wanted(client: Any) -> None:
    store = {**OFFLINE["OfflineStoreConfig"], "DisableGlueTableCreation": True}  # type: ignore[dict-item]
    make(client, OfflineStoreConfig=store, RoleArn=ROLE)
    assert "DataCatalogConfig" not in client.describe_feature_group(**NAMED)["OfflineStoreConfig"]


def test_an_update_appends_features_and_says_how_it_went(client: Any, emulator: Emulator) -> None:
    make(client)
    client.describe_feature_group(**NAMED)
    emulator.settings.pace = Pace("step")
    added = {"FeatureName": "count", "FeatureType": "Integral"}
    ttl = {"TtlDuration": {"Unit": "Days", "Value": 3}}
    client.update_feature_group(**NAMED, FeatureAdditions=[added], OnlineStoreConfig=ttl)
    seen = [client.describe_feature_group(**NAMED) for _ in range(2)]
    assert [one["FeatureGroupStatus"] for one in seen] == ["Created", "Created"]
    assert [one["LastUpdateStatus"] for one in seen] == [{"Status": "InProgress"}, {"Status": "Successful"}]
    assert seen[1]["FeatureDefinitions"] == [*DEFINITIONS, added]
    assert seen[1]["OnlineStoreConfig"] == {"EnableOnlineStore": True, **ttl}


def test_a_group_must_define_its_keys_and_every_feature_once(client: Any) -> None:
    assert "not among" in refused(make, client=client, **ONLINE, EventTimeFeatureName="when")
    assert "more than once" in refused(make, client=client, **ONLINE, FeatureDefinitions=DEFINITIONS + DEFINITIONS[:1])
    assert "String or Fractional" in refused(
        make,
        client=client,
        **ONLINE,
        FeatureDefinitions=[DEFINITIONS[0], {"FeatureName": "at", "FeatureType": "Integral"}],
    )
    assert "OnlineStoreConfig" in refused(make, client=client, Description="without a store")
    make(client)
    assert "more than once" in refused(client.update_feature_group, **NAMED, FeatureAdditions=DEFINITIONS[:1])
    assert client.describe_feature_group(**NAMED)["FeatureDefinitions"] == DEFINITIONS


def test_a_name_is_taken_once_and_a_missing_group_is_not_found(client: Any) -> None:
    make(client)
    with pytest.raises(client.exceptions.ResourceInUse) as taken:
        make(client)
    assert taken.value.response["Error"]["Message"] == (
        "Resource Already Exists: FeatureGroup with name my-group already exists. Choose a different name.\n"
        "Info: Feature Group 'my-group' already exists."
    )
    client.delete_feature_group(**NAMED)
    with pytest.raises(client.exceptions.ResourceNotFound, match="can't find a FeatureGroup with name my-group"):
        client.describe_feature_group(**NAMED)


def test_groups_are_listed_by_the_status_of_their_offline_store(client: Any) -> None:
    make(client)
    make(client, FeatureGroupName="other", **OFFLINE)
    [shown] = client.list_feature_groups(OfflineStoreStatusEquals="Active")["FeatureGroupSummaries"]
    assert (shown["FeatureGroupName"], shown["OfflineStoreStatus"]) == ("other", {"Status": "Active"})
    listed = client.list_feature_groups(SortBy="OfflineStoreStatus", SortOrder="Ascending")["FeatureGroupSummaries"]
    assert [one["FeatureGroupName"] for one in listed] == ["other", "my-group"]
    assert len(client.list_feature_groups(FeatureGroupStatusEquals="Created")["FeatureGroupSummaries"]) == 2


# --- Feature metadata -------------------------------------------------------------------------------------------------


def test_every_feature_has_metadata_that_can_be_updated(client: Any, clock: ManualClock) -> None:
    make(client)
    feature = {**NAMED, "FeatureName": "id"}
    seen = client.describe_feature_metadata(**feature)
    assert seen["FeatureGroupArn"] == f"{ARN}/my-group"
    assert (seen["FeatureGroupName"], seen["FeatureName"], seen["FeatureType"]) == ("my-group", "id", "String")
    assert not {"Description", "Parameters"} & seen.keys()
    clock.advance(5)
    added = [{"Key": "team", "Value": "a"}, {"Key": "old", "Value": "b"}]
    client.update_feature_metadata(**feature, Description="the key", ParameterAdditions=added)
    client.update_feature_metadata(
        **feature, ParameterAdditions=[{"Key": "team", "Value": "c"}], ParameterRemovals=["old"]
    )
    changed = client.describe_feature_metadata(**{**feature, "FeatureGroupName": f"{ARN}/my-group"})
    assert changed["Description"] == "the key"
    assert changed["Parameters"] == [{"Key": "team", "Value": "c"}]
    assert (changed["LastModifiedTime"] - seen["LastModifiedTime"]).seconds == 5
    assert changed["CreationTime"] == seen["CreationTime"]


def test_features_that_an_update_adds_have_metadata_too(client: Any) -> None:
    make(client)
    client.update_feature_metadata(**NAMED, FeatureName="id", Description="kept")
    client.update_feature_group(**NAMED, FeatureAdditions=[{"FeatureName": "count", "FeatureType": "Integral"}])
    assert client.describe_feature_metadata(**NAMED, FeatureName="count")["FeatureType"] == "Integral"
    assert client.describe_feature_metadata(**NAMED, FeatureName="id")["Description"] == "kept"


def test_a_feature_has_25_parameters_at_most(client: Any) -> None:
    make(client)
    feature = {**NAMED, "FeatureName": "id"}
    client.update_feature_metadata(**feature, ParameterAdditions=[{"Key": str(n), "Value": "x"} for n in range(25)])
    message = refused(client.update_feature_metadata, **feature, ParameterAdditions=[{"Key": "more", "Value": "x"}])
    assert "25" in message
    assert len(client.describe_feature_metadata(**feature)["Parameters"]) == 25


def test_metadata_of_what_is_not_there_is_not_found(client: Any) -> None:
    with pytest.raises(client.exceptions.ResourceNotFound):
        client.describe_feature_metadata(**NAMED, FeatureName="id")
    make(client)
    with pytest.raises(client.exceptions.ResourceNotFound):
        client.update_feature_metadata(**NAMED, FeatureName="nothing")
    client.delete_feature_group(**NAMED)
    with pytest.raises(client.exceptions.ResourceNotFound):
        client.describe_feature_metadata(**NAMED, FeatureName="id")
