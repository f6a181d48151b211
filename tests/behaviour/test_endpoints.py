"""Endpoints and their configurations: deployed, changed, rolled back, rescaled, and refused in SageMaker's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace, step
from emulator.sagemaker.rules.containers import resolved
from tests.behaviour.examples import (
    IMAGE,
    arn,
    make_group,
    make_model,
    make_version,
    plain,
    refusal,
)
from tests.conftest import ACCOUNT, REGION, ROLE

MISSING_CONFIG = f'Could not find endpoint configuration "{arn("endpoint-config/nobody")}".'
CAPTURE = {
    "EnableCapture": True,
    "InitialSamplingPercentage": 30,
    "DestinationS3Uri": "s3://bucket/capture",
    "CaptureOptions": [{"CaptureMode": "Input"}],
}
CANARY = {
    "BlueGreenUpdatePolicy": {
        "TrafficRoutingConfiguration": {
            "Type": "CANARY",
            "WaitIntervalInSeconds": 60,
            "CanarySize": {"Type": "INSTANCE_COUNT", "Value": 1},
        },
        "TerminationWaitInSeconds": 120,
    },
    "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "latency"}]},
}
NO_PING = (
    "The primary container for production variant main did not pass the ping health check. "
    "Please check CloudWatch logs for this endpoint."
)


def variant(name: str = "main", model: str = "m", **more: Any) -> dict[str, Any]:
    return {
        "VariantName": name,
        "ModelName": model,
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    } | more


def make_config(client: Any, name: str, *variants: dict[str, Any], **more: Any) -> str:
    params = {"ProductionVariants": list(variants) or [variant()], **more}
    return client.create_endpoint_config(EndpointConfigName=name, **params)["EndpointConfigArn"]


def make_endpoint(client: Any, name: str = "e", config: str = "c", **more: Any) -> str:
    return client.create_endpoint(EndpointName=name, EndpointConfigName=config, **more)["EndpointArn"]


@pytest.fixture
def ready(client: Any) -> Any:
    """A client that has a model m, configurations c (1 instance) and d (2 instances), and an endpoint e from c."""
    make_model(client, "m")
    make_config(client, "c")
    make_config(client, "d", variant(InitialInstanceCount=2, InitialVariantWeight=3))
    make_endpoint(client)
    return client


def fail(emulator: Emulator, reason: str) -> None:
    """Let the stage in which the endpoint e is end in failure."""
    with emulator.at(ACCOUNT, REGION) as scope:
        resource = scope.resources.resource("Endpoint")
        record = scope.table(resource).records["e",]
        assert resource.lifecycle
        assert record.state
        scope.change(resource, record, step(resource.lifecycle, record.state, emulator.clock.now(), reason))


# --- Configurations ---------------------------------------------------------------------------------------------------


def test_a_small_configuration_comes_back_with_the_weight_and_isolation_that_sagemaker_fills_in(
    client: Any, clock: ManualClock
) -> None:
    make_model(client, "m")

    its_arn = make_config(client, "c")

    described = plain(client.describe_endpoint_config(EndpointConfigName="c"))
    assert its_arn == arn("endpoint-config/c")
    assert described.pop("CreationTime").timestamp() == clock.now()
    assert described == {
        "EndpointConfigName": "c",
        "EndpointConfigArn": its_arn,
        "ProductionVariants": [variant(InitialVariantWeight=1.0)],
        "EnableNetworkIsolation": False,
    }


def test_a_serverless_configuration_with_all_that_goes_with_it_comes_back(client: Any) -> None:
    make_model(client, "m")
    serverless = {"MemorySizeInMB": 2048, "MaxConcurrency": 5, "ProvisionedConcurrency": 1}
    one = {"VariantName": "s", "ModelName": "m", "ServerlessConfig": serverless, "InitialVariantWeight": 2.0}
    sent = {
        "DataCaptureConfig": {**CAPTURE, "CaptureContentTypeHeader": {"CsvContentTypes": ["text/csv"]}},
        "KmsKeyId": "key",
        "ExecutionRoleArn": ROLE,
        "VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]},
        "MetricsConfig": {"EnableEnhancedMetrics": True},
    }

    make_config(client, "c", one, EnableNetworkIsolation=True, **sent)

    described = client.describe_endpoint_config(EndpointConfigName="c")
    assert described["ProductionVariants"] == [one]
    assert described["EnableNetworkIsolation"] is True
    assert {name: described[name] for name in sent} == sent


def test_a_configuration_of_a_model_that_is_not_there_is_refused(client: Any) -> None:
    make_model(client, "m")
    missing = f'Could not find model "{arn("model/nobody")}".'

    for variants, shadows in (([variant(model="nobody")], []), ([variant()], [variant("s", model="nobody")])):
        more = {"ShadowProductionVariants": shadows} if shadows else {}
        assert refusal(client.create_endpoint_config, EndpointConfigName="c", ProductionVariants=variants, **more) == (
            "ValidationException",
            missing,
        )
    assert client.list_endpoint_configs()["EndpointConfigs"] == []


def test_configurations_that_cannot_serve_are_refused(client: Any) -> None:
    make_model(client, "m")
    serverless = {"MemorySizeInMB": 2048, "MaxConcurrency": 5}
    for variants, shadows in (
        ([variant(), variant()], []),
        ([variant(ServerlessConfig=serverless)], []),
        ([{"VariantName": "v", "ModelName": "m"}], []),
        ([{"VariantName": "v", "InstanceType": "ml.m5.large"}], []),
        ([variant(), variant("b")], [variant("s")]),
        ([variant()], [variant("main")]),
    ):
        more = {"ShadowProductionVariants": shadows} if shadows else {}
        code, _ = refusal(client.create_endpoint_config, EndpointConfigName="c", ProductionVariants=variants, **more)
        assert code == "ValidationException"


def test_a_configuration_in_use_can_be_deleted_and_its_name_taken_again(ready: Any) -> None:
    ready.delete_endpoint_config(EndpointConfigName="c")

    assert ready.describe_endpoint(EndpointName="e")["EndpointConfigName"] == "c"
    make_config(ready, "c")


def test_a_configuration_is_refused_in_sagemakers_words(ready: Any) -> None:
    taken = f'Cannot create already existing endpoint configuration "{arn("endpoint-config/c")}".'

    assert refusal(ready.create_endpoint_config, EndpointConfigName="c", ProductionVariants=[variant()]) == (
        "ValidationException",
        taken,
    )
    for call in (ready.describe_endpoint_config, ready.delete_endpoint_config):
        assert refusal(call, EndpointConfigName="nobody") == ("ValidationException", MISSING_CONFIG)


def test_configurations_are_listed_newest_first(ready: Any, clock: ManualClock) -> None:
    clock.advance(1)
    make_config(ready, "z")

    listed = ready.list_endpoint_configs()["EndpointConfigs"]

    assert listed[0]["EndpointConfigName"] == "z"
    assert listed[0].keys() == {"EndpointConfigName", "EndpointConfigArn", "CreationTime"}
    assert len(ready.list_endpoint_configs(NameContains="d")["EndpointConfigs"]) == 1


# --- Deployed ---------------------------------------------------------------------------------------------------------


def test_an_endpoint_serves_with_the_variants_of_its_configuration(ready: Any, clock: ManualClock) -> None:
    described = plain(ready.describe_endpoint(EndpointName="e"))

    assert described.pop("CreationTime").timestamp() == described.pop("LastModifiedTime").timestamp() == clock.now()
    [image] = described["ProductionVariants"][0].pop("DeployedImages")
    assert image.pop("ResolutionTime").timestamp() == clock.now()
    assert image == {"SpecifiedImage": IMAGE, "ResolvedImage": resolved(IMAGE)}
    assert described == {
        "EndpointName": "e",
        "EndpointArn": arn("endpoint/e"),
        "EndpointConfigName": "c",
        "ProductionVariants": [
            {
                "VariantName": "main",
                "CurrentWeight": 1.0,
                "DesiredWeight": 1.0,
                "CurrentInstanceCount": 1,
                "DesiredInstanceCount": 1,
            }
        ],
        "EndpointStatus": "InService",
    }


def test_an_endpoint_shows_what_its_configuration_says_of_capture_async_and_shadows(client: Any) -> None:
    make_model(client, "m")
    asynchronous = {"OutputConfig": {"S3OutputPath": "s3://bucket/out"}}
    metrics = {"EnableEnhancedMetrics": True}
    make_config(
        client,
        "c",
        variant(RoutingConfig={"RoutingStrategy": "RANDOM"}),
        ShadowProductionVariants=[variant("shadow", InitialVariantWeight=0.5)],
        DataCaptureConfig={**CAPTURE, "KmsKeyId": "key"},
        AsyncInferenceConfig=asynchronous,
        MetricsConfig=metrics,
    )

    make_endpoint(client)

    described = client.describe_endpoint(EndpointName="e")
    assert described["AsyncInferenceConfig"] == asynchronous
    assert described["MetricsConfig"] == metrics
    assert described["DataCaptureConfig"] == {
        "EnableCapture": True,
        "CaptureStatus": "Started",
        "CurrentSamplingPercentage": 30,
        "DestinationS3Uri": "s3://bucket/capture",
        "KmsKeyId": "key",
    }
    [shadow] = described["ShadowProductionVariants"]
    assert (shadow["VariantName"], shadow["CurrentWeight"]) == ("shadow", 0.5)
    assert described["ProductionVariants"][0]["RoutingConfig"] == {"RoutingStrategy": "RANDOM"}


def test_capture_without_a_key_is_shown_without_one(client: Any) -> None:
    make_model(client, "m")
    make_config(client, "c", DataCaptureConfig={**CAPTURE, "EnableCapture": False})

    make_endpoint(client)

    capture = client.describe_endpoint(EndpointName="e")["DataCaptureConfig"]
    assert capture["CaptureStatus"] == "Stopped"
    assert "KmsKeyId" not in capture


def test_a_serverless_endpoint_shows_its_concurrency_and_no_instances(client: Any) -> None:
    make_model(client, "m")
    serverless = {"MemorySizeInMB": 2048, "MaxConcurrency": 5}
    make_config(client, "c", {"VariantName": "s", "ModelName": "m", "ServerlessConfig": serverless})

    make_endpoint(client)

    [shown] = client.describe_endpoint(EndpointName="e")["ProductionVariants"]
    del shown["DeployedImages"]
    assert shown == {
        "VariantName": "s",
        "CurrentWeight": 1.0,
        "DesiredWeight": 1.0,
        "CurrentInstanceCount": 0,
        "CurrentServerlessConfig": serverless,
    }


def test_images_of_pipelines_and_of_model_packages_are_deployed(client: Any) -> None:
    make_group(client, "g")
    make_version(client, "g")
    make_model(client, "packaged", PrimaryContainer={"ModelPackageName": "g/1"})
    other = IMAGE.replace("serve", "other")
    containers = [{"Image": IMAGE}, {"Image": other}]
    client.create_model(ModelName="several", ExecutionRoleArn=ROLE, Containers=containers)
    make_config(client, "c", variant("a", "packaged"), variant("b", "several"))

    make_endpoint(client)

    variants = client.describe_endpoint(EndpointName="e")["ProductionVariants"]
    images = [[image["SpecifiedImage"] for image in one["DeployedImages"]] for one in variants]
    assert images == [[IMAGE], [IMAGE, other]]


def test_a_new_endpoint_is_creating_with_a_pending_deployment_and_nothing_that_serves(
    ready: Any, emulator: Emulator
) -> None:
    emulator.settings.pace = Pace("step")
    make_endpoint(ready, "new", "d")

    first, then = (ready.describe_endpoint(EndpointName="new") for _ in range(2))

    assert (first["EndpointStatus"], first["EndpointConfigName"]) == ("Creating", "d")
    assert "ProductionVariants" not in first
    [pending] = first["PendingDeploymentSummary"]["ProductionVariants"]
    assert (pending["CurrentInstanceCount"], pending["DesiredInstanceCount"]) == (0, 2)
    assert pending["InstanceType"] == "ml.m5.large"
    assert pending["VariantStatus"][0]["Status"] == "Creating"
    assert then["EndpointStatus"] == "InService"
    assert "PendingDeploymentSummary" not in then


def test_an_endpoint_that_cannot_come_up_has_failed_and_can_only_be_deleted(ready: Any, emulator: Emulator) -> None:
    ready.delete_endpoint(EndpointName="e")
    emulator.settings.pace = Pace("manual")
    emulator.push()
    make_endpoint(ready)
    fail(emulator, NO_PING)

    described = ready.describe_endpoint(EndpointName="e")
    assert (described["EndpointStatus"], described["FailureReason"]) == ("Failed", NO_PING)
    assert "ProductionVariants" not in described
    assert refusal(ready.update_endpoint, EndpointName="e", EndpointConfigName="d")[0] == "ValidationException"
    ready.delete_endpoint(EndpointName="e")
    assert ready.describe_endpoint(EndpointName="e")["EndpointStatus"] == "Deleting"
    emulator.push()
    assert ready.list_endpoints()["Endpoints"] == []


# --- Refused ----------------------------------------------------------------------------------------------------------


def test_an_endpoint_that_is_not_there_is_refused_in_sagemakers_words(client: Any) -> None:
    missing = ("ValidationException", f'Could not find endpoint "{arn("endpoint/nobody")}".')

    assert refusal(client.describe_endpoint, EndpointName="nobody") == missing
    assert refusal(client.delete_endpoint, EndpointName="nobody") == missing
    assert refusal(client.update_endpoint, EndpointName="nobody", EndpointConfigName="c") == missing
    changes = [{"VariantName": "v", "DesiredWeight": 1}]
    call = client.update_endpoint_weights_and_capacities
    assert refusal(call, EndpointName="nobody", DesiredWeightsAndCapacities=changes) == missing


def test_an_endpoint_needs_a_configuration_and_a_name_of_its_own(ready: Any) -> None:
    taken = f'Cannot create already existing endpoint "{arn("endpoint/e")}".'

    assert refusal(ready.create_endpoint, EndpointName="e", EndpointConfigName="c") == ("ValidationException", taken)
    assert refusal(ready.create_endpoint, EndpointName="f", EndpointConfigName="nobody") == (
        "ValidationException",
        MISSING_CONFIG,
    )
    assert refusal(ready.update_endpoint, EndpointName="e", EndpointConfigName="nobody") == (
        "ValidationException",
        MISSING_CONFIG,
    )
    assert ready.describe_endpoint(EndpointName="e")["EndpointConfigName"] == "c"
    ready.delete_model(ModelName="m")
    assert refusal(ready.create_endpoint, EndpointName="e", EndpointConfigName="c") == ("ValidationException", taken)


def test_an_endpoint_cannot_be_deployed_from_a_model_that_is_gone(ready: Any) -> None:
    ready.delete_model(ModelName="m")

    assert refusal(ready.update_endpoint, EndpointName="e", EndpointConfigName="d") == (
        "ValidationException",
        f'Could not find model "{arn("model/m")}".',
    )


def test_an_endpoint_in_progress_is_neither_updated_nor_rescaled_nor_deleted(ready: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("manual")
    emulator.push()
    busy = ("ValidationException", f'Cannot update in-progress endpoint "{arn("endpoint/e")}".')

    ready.update_endpoint(EndpointName="e", EndpointConfigName="d")

    changes = [{"VariantName": "main", "DesiredWeight": 1}]
    for _ in range(3):  # in every phase of the update
        assert refusal(ready.update_endpoint, EndpointName="e", EndpointConfigName="c") == busy
        call = ready.update_endpoint_weights_and_capacities
        assert refusal(call, EndpointName="e", DesiredWeightsAndCapacities=changes) == busy
        assert refusal(ready.delete_endpoint, EndpointName="e") == busy
        emulator.push()
    ready.delete_endpoint(EndpointName="e")
    assert refusal(ready.delete_endpoint, EndpointName="e") == busy


def test_with_references_off_an_endpoint_needs_no_configuration(client: Any, emulator: Emulator) -> None:
    emulator.settings.strict = False

    make_endpoint(client, config="nobody")

    described = client.describe_endpoint(EndpointName="e")
    assert (described["EndpointConfigName"], described["EndpointStatus"]) == ("nobody", "InService")
    assert "ProductionVariants" not in described


# --- Updated ----------------------------------------------------------------------------------------------------------


def test_an_update_switches_the_configuration(ready: Any, clock: ManualClock) -> None:
    ready.describe_endpoint(EndpointName="e")
    clock.advance(60)

    answer = ready.update_endpoint(EndpointName="e", EndpointConfigName="d")

    described = ready.describe_endpoint(EndpointName="e")
    [shown] = described["ProductionVariants"]
    assert plain(answer) == {"EndpointArn": arn("endpoint/e")}
    assert (described["EndpointStatus"], described["EndpointConfigName"]) == ("InService", "d")
    assert (shown["CurrentInstanceCount"], shown["CurrentWeight"]) == (2, 3.0)
    assert described["LastModifiedTime"].timestamp() == clock.now() > described["CreationTime"].timestamp()
    assert "LastDeploymentConfig" not in described


def test_an_update_passes_its_stages_while_the_old_fleet_serves(ready: Any, emulator: Emulator) -> None:
    ready.describe_endpoint(EndpointName="e")
    emulator.settings.pace = Pace("step")
    ready.update_endpoint(EndpointName="e", EndpointConfigName="d")

    looks = [ready.describe_endpoint(EndpointName="e") for _ in range(4)]

    assert [look["EndpointStatus"] for look in looks] == ["Updating"] * 3 + ["InService"]
    assert [look["EndpointConfigName"] for look in looks] == ["c"] * 3 + ["d"]
    assert [look["ProductionVariants"][0]["CurrentInstanceCount"] for look in looks] == [1, 1, 1, 2]
    pending = [look["PendingDeploymentSummary"] for look in looks[:3]]
    variants = [one["ProductionVariants"][0] for one in pending]
    assert {one["EndpointConfigName"] for one in pending} == {"d"}
    assert [one["VariantStatus"][0]["Status"] for one in variants] == ["Creating", "ActivatingTraffic", "Baking"]
    assert [one["CurrentInstanceCount"] for one in variants] == [0, 2, 2]
    assert "PendingDeploymentSummary" not in looks[3]


def test_an_update_takes_its_time_at_pace_real(ready: Any, emulator: Emulator, clock: ManualClock) -> None:
    ready.describe_endpoint(EndpointName="e")
    emulator.settings.pace = Pace("real")
    ready.update_endpoint(EndpointName="e", EndpointConfigName="d")

    clock.advance(200)
    assert ready.describe_endpoint(EndpointName="e")["EndpointStatus"] == "Updating"
    clock.advance(100)
    assert ready.describe_endpoint(EndpointName="e")["EndpointStatus"] == "InService"


def test_an_update_can_retain_weights_counts_and_capture(client: Any) -> None:
    make_model(client, "m")
    make_config(client, "c", variant("a"), variant("gone"), DataCaptureConfig=CAPTURE)
    make_config(
        client,
        "d",
        variant("a", InitialInstanceCount=5, InitialVariantWeight=5),
        variant("new", InitialInstanceCount=7),
        DataCaptureConfig={**CAPTURE, "InitialSamplingPercentage": 90},
    )
    make_endpoint(client)
    client.update_endpoint_weights_and_capacities(
        EndpointName="e",
        DesiredWeightsAndCapacities=[{"VariantName": "a", "DesiredWeight": 2, "DesiredInstanceCount": 3}],
    )

    def updated(**more: Any) -> tuple[list[tuple[str, float, int]], int]:
        client.update_endpoint(EndpointName="e", EndpointConfigName="d", **more)
        now = client.describe_endpoint(EndpointName="e")
        variants = [
            (one["VariantName"], one["DesiredWeight"], one["CurrentInstanceCount"]) for one in now["ProductionVariants"]
        ]
        return variants, now["DataCaptureConfig"]["CurrentSamplingPercentage"]

    assert updated(RetainAllVariantProperties=True) == ([("a", 2.0, 3), ("new", 1.0, 7)], 30)
    excluded = [{"VariantPropertyType": "DesiredWeight"}, {"VariantPropertyType": "DataCaptureConfig"}]
    assert updated(RetainAllVariantProperties=True, ExcludeRetainedVariantProperties=excluded) == (
        [("a", 5.0, 3), ("new", 1.0, 7)],
        90,
    )
    assert updated() == ([("a", 5.0, 5), ("new", 1.0, 7)], 90)


def test_the_last_deployment_config_is_shown_if_one_was_sent_and_kept_if_asked(ready: Any) -> None:
    def last() -> Any:
        return ready.describe_endpoint(EndpointName="e").get("LastDeploymentConfig")

    ready.update_endpoint(EndpointName="e", EndpointConfigName="d", DeploymentConfig=CANARY)
    assert last() == CANARY
    ready.update_endpoint(EndpointName="e", EndpointConfigName="c", RetainDeploymentConfig=True)
    assert last() == CANARY
    ready.update_endpoint(EndpointName="e", EndpointConfigName="d")
    assert last() is None
    make_endpoint(ready, "canary", DeploymentConfig=CANARY)
    assert ready.describe_endpoint(EndpointName="canary")["LastDeploymentConfig"] == CANARY


@pytest.mark.parametrize("stages", [0, 1, 2])
def test_an_update_that_fails_is_rolled_back_to_the_old_configuration_and_says_why(
    ready: Any, emulator: Emulator, stages: int
) -> None:
    ready.describe_endpoint(EndpointName="e")
    emulator.settings.pace = Pace("manual")
    ready.update_endpoint(EndpointName="e", EndpointConfigName="d", DeploymentConfig=CANARY)
    for _ in range(stages):
        emulator.push()

    fail(emulator, NO_PING)

    back = ready.describe_endpoint(EndpointName="e")
    assert (back["EndpointStatus"], back["EndpointConfigName"]) == ("RollingBack", "c")
    emulator.push()
    after = ready.describe_endpoint(EndpointName="e")
    assert (after["EndpointStatus"], after["EndpointConfigName"]) == ("InService", "c")
    assert after["FailureReason"] == NO_PING
    assert after["ProductionVariants"][0]["CurrentInstanceCount"] == 1
    assert after["LastDeploymentConfig"] == CANARY
    assert [one["EndpointName"] for one in ready.list_endpoints(StatusEquals="InService")["Endpoints"]] == ["e"]


def test_after_a_rollback_the_next_update_succeeds_and_the_reason_is_gone(ready: Any, emulator: Emulator) -> None:
    ready.describe_endpoint(EndpointName="e")
    emulator.settings.pace = Pace("manual")
    ready.update_endpoint(EndpointName="e", EndpointConfigName="d")
    fail(emulator, NO_PING)
    emulator.settings.pace = Pace()
    assert ready.describe_endpoint(EndpointName="e")["FailureReason"] == NO_PING

    ready.update_endpoint(EndpointName="e", EndpointConfigName="d")

    described = ready.describe_endpoint(EndpointName="e")
    assert described["EndpointConfigName"] == "d"
    assert "FailureReason" not in described


def test_an_endpoint_that_was_rolled_back_is_deleted_as_any_other(ready: Any, emulator: Emulator) -> None:
    ready.describe_endpoint(EndpointName="e")
    emulator.settings.pace = Pace("manual")
    ready.update_endpoint(EndpointName="e", EndpointConfigName="d")
    fail(emulator, NO_PING)
    emulator.push()

    ready.delete_endpoint(EndpointName="e")

    described = ready.describe_endpoint(EndpointName="e")
    assert (described["EndpointStatus"], described["EndpointConfigName"]) == ("Deleting", "c")


def test_a_rollback_that_fails_too_leaves_the_endpoint_in_the_status_for_it(ready: Any, emulator: Emulator) -> None:
    ready.describe_endpoint(EndpointName="e")
    emulator.settings.pace = Pace("manual")
    ready.update_endpoint(EndpointName="e", EndpointConfigName="d")
    fail(emulator, NO_PING)
    with emulator.at(ACCOUNT, REGION) as scope:
        resource = scope.resources.resource("Endpoint")
        record = scope.table(resource).records["e",]
        scope.put(resource, record._replace(state=record.state._replace(reason=None)))
    fail(emulator, "again")

    described = ready.describe_endpoint(EndpointName="e")
    assert (described["EndpointStatus"], described["FailureReason"]) == ("UpdateRollbackFailed", "again")


# --- Rescaled ---------------------------------------------------------------------------------------------------------


def test_weights_and_capacities_change_on_the_way_through_updating(ready: Any, emulator: Emulator) -> None:
    ready.describe_endpoint(EndpointName="e")
    emulator.settings.pace = Pace("step")
    change = {"VariantName": "main", "DesiredWeight": 0.5, "DesiredInstanceCount": 4}

    answer = ready.update_endpoint_weights_and_capacities(EndpointName="e", DesiredWeightsAndCapacities=[change])

    first, then = (ready.describe_endpoint(EndpointName="e") for _ in range(2))
    names = ("CurrentWeight", "DesiredWeight", "CurrentInstanceCount", "DesiredInstanceCount")
    assert plain(answer) == {"EndpointArn": arn("endpoint/e")}
    assert (first["EndpointStatus"], then["EndpointStatus"]) == ("Updating", "InService")
    assert [first["ProductionVariants"][0][name] for name in names] == [1.0, 0.5, 1, 4]
    assert [then["ProductionVariants"][0][name] for name in names] == [0.5, 0.5, 4, 4]
    assert first["ProductionVariants"][0]["VariantStatus"][0]["Status"] == "Updating"
    assert "VariantStatus" not in then["ProductionVariants"][0]
    assert "PendingDeploymentSummary" not in first


def test_a_variant_that_the_endpoint_does_not_have_cannot_be_rescaled(ready: Any) -> None:
    before = ready.describe_endpoint(EndpointName="e")["ProductionVariants"]
    changes = [{"VariantName": "main", "DesiredWeight": 9}, {"VariantName": "nobody", "DesiredWeight": 1}]

    code, message = refusal(
        ready.update_endpoint_weights_and_capacities, EndpointName="e", DesiredWeightsAndCapacities=changes
    )

    assert code == "ValidationException"
    assert "nobody" in message
    assert ready.describe_endpoint(EndpointName="e")["ProductionVariants"] == before


def test_a_serverless_variant_gets_another_concurrency(client: Any) -> None:
    make_model(client, "m")
    serverless = {"MemorySizeInMB": 2048, "MaxConcurrency": 5}
    make_config(client, "c", {"VariantName": "s", "ModelName": "m", "ServerlessConfig": serverless})
    make_endpoint(client)

    client.update_endpoint_weights_and_capacities(
        EndpointName="e",
        DesiredWeightsAndCapacities=[{"VariantName": "s", "ServerlessUpdateConfig": {"MaxConcurrency": 9}}],
    )

    [shown] = client.describe_endpoint(EndpointName="e")["ProductionVariants"]
    assert shown["CurrentServerlessConfig"] == {"MemorySizeInMB": 2048, "MaxConcurrency": 9}


def test_a_rescaling_that_fails_is_taken_back(ready: Any, emulator: Emulator) -> None:
    ready.describe_endpoint(EndpointName="e")
    emulator.settings.pace = Pace("manual")
    change = {"VariantName": "main", "DesiredInstanceCount": 4}
    ready.update_endpoint_weights_and_capacities(EndpointName="e", DesiredWeightsAndCapacities=[change])
    fail(emulator, "no capacity")

    back = ready.describe_endpoint(EndpointName="e")
    emulator.push()
    after = ready.describe_endpoint(EndpointName="e")

    assert (back["EndpointStatus"], after["EndpointStatus"]) == ("RollingBack", "InService")
    assert after["FailureReason"] == "no capacity"
    assert after["ProductionVariants"][0]["DesiredInstanceCount"] == 1


# --- Waiters, lists, tags ---------------------------------------------------------------------------------------------


def test_the_waiters_end_at_their_first_poll(ready: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_: float) -> None:
        raise AssertionError("a waiter waited")

    monkeypatch.setattr("time.sleep", never)

    ready.get_waiter("endpoint_in_service").wait(EndpointName="e")
    ready.delete_endpoint(EndpointName="e")
    ready.get_waiter("endpoint_deleted").wait(EndpointName="e")


def test_endpoints_are_listed_by_status_name_and_time(ready: Any, emulator: Emulator, clock: ManualClock) -> None:
    emulator.settings.pace = Pace("manual")
    emulator.push()
    clock.advance(10)
    make_endpoint(ready, "later")

    def names(**params: Any) -> list[str]:
        return [one["EndpointName"] for one in ready.list_endpoints(**params)["Endpoints"]]

    assert names() == ["later", "e"]
    assert names(StatusEquals="Creating") == ["later"]
    assert names(SortBy="Name", SortOrder="Ascending") == ["e", "later"]
    assert names(SortBy="Status", SortOrder="Ascending") == ["later", "e"]
    assert names(NameContains="late") == ["later"]
    assert names(CreationTimeBefore=clock.now()) == ["e"]
    assert names(LastModifiedTimeAfter=clock.now()) == ["later"]
    assert ready.list_endpoints()["Endpoints"][0].keys() == {
        "EndpointName",
        "EndpointArn",
        "CreationTime",
        "LastModifiedTime",
        "EndpointStatus",
    }


def test_endpoints_and_configurations_are_tagged(client: Any) -> None:
    make_model(client, "m")
    tags = [{"Key": "team", "Value": "red"}]

    arns = [make_config(client, "c", Tags=tags), make_endpoint(client, Tags=tags)]

    assert [client.list_tags(ResourceArn=one)["Tags"] for one in arns] == [tags, tags]


# --- Policies ---------------------------------------------------------------------------------------------------------


POLICY = '{"Version": "2012-10-17", "Statement": []}'


def test_a_policy_is_put_read_and_taken_off(ready: Any) -> None:
    put = ready.put_endpoint_policy(EndpointName="e", ResourcePolicy=POLICY)
    got = ready.get_endpoint_policy(EndpointName="e")

    assert plain(put) == {"EndpointArn": arn("endpoint/e")}
    assert plain(got) == {"EndpointName": "e", "EndpointArn": arn("endpoint/e"), "ResourcePolicy": POLICY}
    for _ in range(2):  # to have none is no fault
        assert plain(ready.delete_endpoint_policy(EndpointName="e")) == {}
    assert refusal(ready.get_endpoint_policy, EndpointName="e")[0] == "ValidationException"


def test_a_policy_goes_with_its_endpoint(ready: Any) -> None:
    ready.put_endpoint_policy(EndpointName="e", ResourcePolicy=POLICY)
    ready.delete_endpoint(EndpointName="e")
    make_endpoint(ready)

    assert refusal(ready.get_endpoint_policy, EndpointName="e")[0] == "ValidationException"


@pytest.mark.parametrize("policy", ["no JSON", "[]", '{"ü": 1}'])
def test_what_is_no_policy_document_is_refused(ready: Any, policy: str) -> None:
    with pytest.raises(ClientError) as refused:
        ready.put_endpoint_policy(EndpointName="e", ResourcePolicy=policy)
    assert refused.value.response["Error"]["Code"] == "ValidationException"


def test_a_policy_needs_an_endpoint_that_is_there_to_stay(ready: Any, emulator: Emulator) -> None:
    nobody = ("ResourceNotFound", f'Could not find endpoint "{arn("endpoint/nobody")}".')
    calls: list[tuple[Callable[..., Any], dict[str, str]]] = [
        (ready.put_endpoint_policy, {"ResourcePolicy": POLICY}),
        (ready.get_endpoint_policy, {}),
        (ready.delete_endpoint_policy, {}),
    ]
    for call, more in calls:
        assert refusal(call, EndpointName="nobody", **more) == nobody
    emulator.settings.pace = Pace("manual")
    emulator.push()
    ready.delete_endpoint(EndpointName="e")
    assert refusal(ready.put_endpoint_policy, EndpointName="e", ResourcePolicy=POLICY)[0] == "ValidationException"
