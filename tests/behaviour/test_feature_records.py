"""The feature store's runtime: records of feature groups, by event time, typed, with time to live."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from tests.conftest import ROLE

DEFINITIONS = [
    {"FeatureName": "id", "FeatureType": "String"},
    {"FeatureName": "at", "FeatureType": "Fractional"},
    {"FeatureName": "count", "FeatureType": "Integral"},
    {
        "FeatureName": "vector",
        "FeatureType": "Fractional",
        "CollectionType": "Vector",
        "CollectionConfig": {"VectorConfig": {"Dimension": 2}},
    },
]


@pytest.fixture
def runtime(connect: Callable[..., Any]) -> Any:
    """A client of the feature store's runtime."""
    return connect("sagemaker-featurestore-runtime")


@pytest.fixture
def group(client: Any) -> str:
    """A feature group with an online store."""
    create(client, "group")
    return "group"


def create(client: Any, name: str, **online: Any) -> None:
    client.create_feature_group(
        FeatureGroupName=name,
        RecordIdentifierFeatureName="id",
        EventTimeFeatureName="at",
        FeatureDefinitions=DEFINITIONS,
        OnlineStoreConfig={"EnableOnlineStore": True, **online},
        RoleArn=ROLE,
    )


def record(identifier: str, at: float, **values: Any) -> list[dict[str, Any]]:
    said = {"id": identifier, "at": str(at), **values}
    return [
        {"FeatureName": name, "ValueAsStringList" if isinstance(value, list) else "ValueAsString": value}
        for name, value in said.items()
    ]


def values(answer: dict[str, Any]) -> dict[str, Any]:
    return {
        one["FeatureName"]: one.get("ValueAsString", one.get("ValueAsStringList")) for one in answer.get("Record", ())
    }


def get(runtime: Any, group: str, identifier: str, **more: Any) -> dict[str, Any]:
    return runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString=identifier, **more)


def test_a_record_is_read_back_as_it_was_put(runtime: Any, group: str) -> None:
    largest = str(2**63 - 1)
    runtime.put_record(FeatureGroupName=group, Record=record("a", 1, count=largest, vector=["1", "2.5"]))
    assert values(get(runtime, group, "a")) == {"id": "a", "at": "1", "count": largest, "vector": ["1", "2.5"]}


def test_a_group_may_be_called_by_its_arn(client: Any, runtime: Any, group: str) -> None:
    arn = client.describe_feature_group(FeatureGroupName=group)["FeatureGroupArn"]
    runtime.put_record(FeatureGroupName=arn, Record=record("a", 1))
    assert values(get(runtime, arn, "a"))["id"] == "a"


def test_some_features_are_read_in_the_order_asked_for(runtime: Any, group: str) -> None:
    runtime.put_record(FeatureGroupName=group, Record=record("a", 1, count="7"))
    assert list(values(get(runtime, group, "a", FeatureNames=["count", "id"]))) == ["count", "id"]


def test_what_was_never_put_is_an_empty_answer(runtime: Any, group: str) -> None:
    assert "Record" not in get(runtime, group, "nothing")


@pytest.mark.parametrize(("second", "seen"), [(2, "2"), (1, "1"), (0.5, "1")])
def test_only_a_newer_record_takes_the_place(runtime: Any, group: str, second: float, seen: str) -> None:
    runtime.put_record(FeatureGroupName=group, Record=record("a", 1))
    runtime.put_record(FeatureGroupName=group, Record=record("a", second))
    assert values(get(runtime, group, "a"))["at"] == seen


def test_what_was_deleted_softly_does_not_come_back_with_an_older_record(runtime: Any, group: str) -> None:
    runtime.put_record(FeatureGroupName=group, Record=record("a", 1))
    runtime.delete_record(FeatureGroupName=group, RecordIdentifierValueAsString="a", EventTime="5")
    runtime.put_record(FeatureGroupName=group, Record=record("a", 4))
    assert "Record" not in get(runtime, group, "a")
    assert runtime.list_records(FeatureGroupName=group)["RecordIdentifiers"] == []
    listed = runtime.list_records(FeatureGroupName=group, IncludeSoftDeletedRecords=True)
    assert listed["RecordIdentifiers"] == ["a"]


def test_what_was_deleted_hard_is_as_if_it_had_never_been(runtime: Any, group: str) -> None:
    runtime.put_record(FeatureGroupName=group, Record=record("a", 1))
    said = {"FeatureGroupName": group, "RecordIdentifierValueAsString": "a", "DeletionMode": "HardDelete"}
    with pytest.raises(ClientError, match="older") as refused:
        runtime.delete_record(**said, EventTime="1")
    assert refused.value.response["Error"]["Code"] == "ValidationError"
    runtime.delete_record(**said, EventTime="5")
    runtime.put_record(FeatureGroupName=group, Record=record("a", 2))
    assert values(get(runtime, group, "a"))["at"] == "2"


def test_a_deletion_older_than_the_record_leaves_it(runtime: Any, group: str) -> None:
    runtime.put_record(FeatureGroupName=group, Record=record("a", 3))
    runtime.delete_record(FeatureGroupName=group, RecordIdentifierValueAsString="a", EventTime="2")
    assert values(get(runtime, group, "a"))["at"] == "3"


def test_a_record_lives_from_its_event_as_long_as_it_says(runtime: Any, group: str, clock: ManualClock) -> None:
    ttl = {"Unit": "Minutes", "Value": 2}
    runtime.put_record(FeatureGroupName=group, Record=record("a", clock.now()), TtlDuration=ttl)
    seen = get(runtime, group, "a", ExpirationTimeResponse="Enabled")
    assert seen["ExpiresAt"] == "2023-11-14T22:15:20Z"
    assert "ExpiresAt" not in get(runtime, group, "a")
    clock.advance(119)
    assert "Record" in get(runtime, group, "a")
    clock.advance(1)
    assert "Record" not in get(runtime, group, "a")


def test_the_time_to_live_of_the_group_holds_where_the_record_has_none(
    client: Any, runtime: Any, clock: ManualClock
) -> None:
    create(client, "short", TtlDuration={"Unit": "Seconds", "Value": 10})
    runtime.put_record(FeatureGroupName="short", Record=record("a", clock.now()))
    clock.advance(10)
    assert "Record" not in get(runtime, "short", "a")


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        (record("a", 1, count="seven"), "Integral"),
        (record("a", 1, count="1.5"), "Integral"),
        (record("a", 1, count="1_000"), "Integral"),
        (record("a", 1, count=str(2**63)), "Integral"),
        (record("a", 1e300), "event time"),
        (record("a", -1), "event time"),
        (record("a", 1, vector=["1"]), "Vector"),
        (record("a", 1, vector="1"), "Vector"),
        (record("a", 1, count=["1"]), "Integral"),
        (record("a", 1, other="x"), "other"),
        (record("a", 1) + record("a", 1), "more than once"),
        ([{"FeatureName": "id", "ValueAsString": "a"}], "at"),
        ([{"FeatureName": "at", "ValueAsString": "1"}], "id"),
        (record("a", "yesterday"), "at"),  # type: ignore[arg-type]
    ],
)
def test_a_record_that_is_not_of_the_groups_types_is_refused_and_changes_nothing(
    runtime: Any, group: str, wrong: list[dict[str, Any]], word: str
) -> None:
    with pytest.raises(ClientError, match=word) as refused:
        runtime.put_record(FeatureGroupName=group, Record=wrong)
    assert refused.value.response["Error"]["Code"] == "ValidationError"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert runtime.list_records(FeatureGroupName=group)["RecordIdentifiers"] == []


def test_an_event_time_may_be_a_text(client: Any, runtime: Any) -> None:
    client.create_feature_group(
        FeatureGroupName="texts",
        RecordIdentifierFeatureName="id",
        EventTimeFeatureName="at",
        FeatureDefinitions=[{"FeatureName": name, "FeatureType": "String"} for name in ("id", "at")],
        OnlineStoreConfig={"EnableOnlineStore": True},
    )
    for at in ("2024-01-01T00:00:00.500Z", "2024-01-01T00:00:00Z"):
        runtime.put_record(FeatureGroupName="texts", Record=record("a", at))  # type: ignore[arg-type]
    assert values(get(runtime, "texts", "a"))["at"] == "2024-01-01T00:00:00.500Z"
    with pytest.raises(ClientError, match="ISO-8601"):
        runtime.put_record(FeatureGroupName="texts", Record=record("a", "1700000000"))  # type: ignore[arg-type]


def test_a_group_that_does_not_exist_is_not_found(runtime: Any) -> None:
    with pytest.raises(runtime.exceptions.ResourceNotFound, match="can't find a FeatureGroup with name nothing"):
        get(runtime, "nothing", "a")
    with pytest.raises(ClientError, match="can't find a FeatureGroup") as refused:
        runtime.put_record(FeatureGroupName="nothing", Record=record("a", 1))
    assert refused.value.response["Error"]["Code"] == "ValidationError"


def test_a_group_without_an_online_store_takes_records_and_shows_none(client: Any, runtime: Any) -> None:
    client.create_feature_group(
        FeatureGroupName="offline",
        RecordIdentifierFeatureName="id",
        EventTimeFeatureName="at",
        FeatureDefinitions=DEFINITIONS[:2],
        OfflineStoreConfig={"S3StorageConfig": {"S3Uri": "s3://bucket/features"}},
        RoleArn=ROLE,
    )
    runtime.put_record(FeatureGroupName="offline", Record=record("a", 1))
    with pytest.raises(ClientError, match="no OnlineStore"):
        get(runtime, "offline", "a")


def test_what_goes_to_the_offline_store_only_is_not_in_the_online_store(runtime: Any, group: str) -> None:
    runtime.put_record(FeatureGroupName=group, Record=record("a", 1), TargetStores=["OfflineStore"])
    assert "Record" not in get(runtime, group, "a")


def test_many_records_are_written_and_read_with_what_is_wrong_beside_them(runtime: Any, group: str) -> None:
    entries = [{"FeatureGroupName": group, "Record": record(one, 1)} for one in "ab"]
    wrong = {"FeatureGroupName": "nothing", "Record": record("c", 1)}
    written = runtime.batch_write_record(Entries=[*entries, wrong])
    assert [error["Entry"]["FeatureGroupName"] for error in written["Errors"]] == ["nothing"]
    assert written["UnprocessedEntries"] == []
    read = runtime.batch_get_record(
        Identifiers=[
            {"FeatureGroupName": group, "RecordIdentifiersValueAsString": ["b", "a", "z"], "FeatureNames": ["id"]},
            {"FeatureGroupName": "nothing", "RecordIdentifiersValueAsString": ["c"]},
        ]
    )
    assert [one["RecordIdentifierValueAsString"] for one in read["Records"]] == ["b", "a"]
    assert read["Records"][0]["Record"] == [{"FeatureName": "id", "ValueAsString": "b"}]
    assert [(one["FeatureGroupName"], one["ErrorCode"]) for one in read["Errors"]] == [("nothing", "ResourceNotFound")]


def test_identifiers_are_listed_by_the_page(runtime: Any, group: str) -> None:
    for one in "cabed":
        runtime.put_record(FeatureGroupName=group, Record=record(one, 1))
    seen, token = [], {}
    while True:
        page = runtime.list_records(FeatureGroupName=group, MaxResults=2, **token)
        seen.append(page["RecordIdentifiers"])
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert seen == [["a", "b"], ["c", "d"], ["e"]]


def test_an_update_changes_what_it_names_in_a_store_that_can(client: Any, runtime: Any, group: str) -> None:
    create(client, "memory", StorageType="InMemory")
    runtime.put_record(FeatureGroupName="memory", Record=record("a", 5, count="1"))
    said = {"FeatureGroupName": "memory", "RecordIdentifierValueAsString": "a"}
    runtime.update_record(**said, Features=[{"FeatureName": "count", "ValueAsString": "2"}])
    assert values(get(runtime, "memory", "a")) == {"id": "a", "at": "5", "count": "2"}
    with pytest.raises(runtime.exceptions.ConflictException):
        runtime.update_record(**said, Features=[{"FeatureName": "at", "ValueAsString": "4"}])
    with pytest.raises(runtime.exceptions.ResourceNotFound):
        runtime.update_record(**{**said, "RecordIdentifierValueAsString": "z"}, Features=record("z", 1))
    with pytest.raises(ClientError, match="Standard_V2 or InMemory"):
        runtime.update_record(**{**said, "FeatureGroupName": group}, Features=record("a", 9))


def test_the_records_of_a_group_end_with_it(client: Any, runtime: Any, group: str) -> None:
    runtime.put_record(FeatureGroupName=group, Record=record("a", 1))
    client.delete_feature_group(FeatureGroupName=group)
    create(client, group)
    assert "Record" not in get(runtime, group, "a")


def test_the_records_of_another_account_are_not_seen(connect: Callable[..., Any], runtime: Any, group: str) -> None:
    runtime.put_record(FeatureGroupName=group, Record=record("a", 1))
    create(connect(account="111111111111"), group)
    other = connect("sagemaker-featurestore-runtime", account="111111111111")
    assert "Record" not in get(other, group, "a")


def test_what_the_model_does_not_allow_is_a_validation_error(connect: Callable[..., Any], group: str) -> None:
    runtime = connect("sagemaker-featurestore-runtime", validate=False)
    with pytest.raises(ClientError, match="1 validation error detected") as refused:
        runtime.put_record(FeatureGroupName=group, Record=[])
    assert refused.value.response["Error"]["Code"] == "ValidationError"


def test_records_are_part_of_the_state_with_their_time_to_live_and_what_was_deleted(
    client: Any, runtime: Any, emulator: Emulator
) -> None:
    create(client, "group", TtlDuration={"Unit": "Hours", "Value": 1})
    now = emulator.clock.now()
    for identifier in "abc":
        runtime.put_record(FeatureGroupName="group", Record=record(identifier, now))
    runtime.delete_record(FeatureGroupName="group", RecordIdentifierValueAsString="b", EventTime=str(now + 1))
    kept = emulator.control.state()

    emulator.control.reset()
    emulator.control.load(kept)

    assert values(get(runtime, "group", "a"))["id"] == "a"
    runtime.put_record(FeatureGroupName="group", Record=record("b", now))  # older than its deletion
    assert get(runtime, "group", "b").get("Record") is None
    emulator.clock.advance(hours=2)
    assert get(runtime, "group", "c").get("Record") is None


def test_records_go_with_their_group(client: Any, runtime: Any, group: str, emulator: Emulator) -> None:
    runtime.put_record(FeatureGroupName=group, Record=record("a", 1))
    client.delete_feature_group(FeatureGroupName=group)
    client.list_feature_groups()

    assert "shelves" not in json.dumps(emulator.control.state())
    create(client, group)
    assert get(runtime, group, "a").get("Record") is None


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"Record": NaN}', b"\xff", b"5"])
@pytest.mark.parametrize(("method", "path"), [("PUT", "FeatureGroup/group"), ("POST", "BatchGetRecord")])
def test_a_body_that_cannot_be_read_is_refused(url: str, method: str, path: str, body: bytes) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(f"{url}/{path}", body, method=method))
    with refused.value as error:
        assert (error.code, error.headers["x-amzn-ErrorType"]) == (400, "SerializationException")
