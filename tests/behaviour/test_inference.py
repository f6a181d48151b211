"""Inference components, experiments, routers and recommendations jobs, and algorithms: round trips, lives, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.engine.clock import ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import Pace, step
from emulator.sagemaker.rules.containers import digest, resolved
from tests.behaviour.examples import IMAGE, arn, make_group, make_model, make_version, plain, refusal
from tests.behaviour.test_endpoints import make_config, make_endpoint, variant
from tests.conftest import ACCOUNT, REGION, ROLE

WEEK = 7 * 24 * 3600
RESOURCES = {"NumberOfCpuCoresRequired": 1.0, "MinMemoryRequiredInMb": 1024}
SPECIFICATION = {"ModelName": "m", "ComputeResourceRequirements": RESOURCES}


@pytest.fixture
def shared(client: Any) -> Any:
    """A client in whose account an endpoint e has two variants that host inference components."""
    make_model(client, "m")
    one = {"VariantName": "main", "InstanceType": "ml.g5.xlarge", "InitialInstanceCount": 1}
    make_config(client, "c", one, {**one, "VariantName": "side"}, ExecutionRoleArn=ROLE)
    make_endpoint(client)
    return client


def make_component(client: Any, name: str = "ic", **more: Any) -> str:
    params = {"EndpointName": "e", "VariantName": "main", "Specification": SPECIFICATION} | more
    return client.create_inference_component(InferenceComponentName=name, **params)["InferenceComponentArn"]


def fail(emulator: Emulator, kind: str, name: str, reason: str) -> None:
    """Let the stage in which a resource is end in failure."""
    with emulator.at(ACCOUNT, REGION) as scope:
        resource = scope.resources.resource(kind)
        record = scope.table(resource).records[name,]
        assert resource.lifecycle
        assert record.state
        scope.change(resource, record, step(resource.lifecycle, record.state, emulator.clock.now(), reason))


# --- Components -------------------------------------------------------------------------------------------------------


def test_a_component_shows_its_copies_and_its_endpoint(shared: Any, clock: ManualClock) -> None:
    made = make_component(shared, RuntimeConfig={"CopyCount": 2})

    described = plain(shared.describe_inference_component(InferenceComponentName="ic"))

    assert described.pop("CreationTime").timestamp() == described.pop("LastModifiedTime").timestamp() == clock.now()
    assert made == arn("inference-component/ic")
    assert described == {
        "InferenceComponentName": "ic",
        "InferenceComponentArn": made,
        "EndpointName": "e",
        "EndpointArn": arn("endpoint/e"),
        "VariantName": "main",
        "Specification": SPECIFICATION,
        "RuntimeConfig": {"DesiredCopyCount": 2, "CurrentCopyCount": 2},
        "InferenceComponentStatus": "InService",
    }


def test_a_container_is_shown_with_its_image_pinned(shared: Any) -> None:
    container = {"Image": IMAGE, "ArtifactUrl": "s3://bucket/model.tar.gz", "Environment": {"A": "1"}}
    make_component(shared, Specification={"Container": container, "ComputeResourceRequirements": RESOURCES})

    shown = shared.describe_inference_component(InferenceComponentName="ic")["Specification"]["Container"]

    image = shown.pop("DeployedImage")
    assert (image["SpecifiedImage"], image["ResolvedImage"]) == (IMAGE, resolved(IMAGE))
    assert image["ResolutionTime"]
    assert shown == {"ArtifactUrl": "s3://bucket/model.tar.gz", "Environment": {"A": "1"}}


def test_an_adapter_lives_where_its_base_does_and_has_no_copies_of_its_own(shared: Any) -> None:
    make_component(shared, "base", VariantName="side")
    adapter = {"BaseInferenceComponentName": "base", "Container": {"ArtifactUrl": "s3://bucket/adapter.tar.gz"}}

    shared.create_inference_component(InferenceComponentName="adapter", EndpointName="e", Specification=adapter)

    described = shared.describe_inference_component(InferenceComponentName="adapter")
    assert described["VariantName"] == "side"
    assert described["Specification"] == adapter
    assert "RuntimeConfig" not in described


def test_specifications_for_several_types_of_instances_are_shown_with_where_the_copies_are(shared: Any) -> None:
    several = [{"InstanceType": one, **SPECIFICATION} for one in ("ml.g5.xlarge", "ml.g5.2xlarge")]

    shared.create_inference_component(InferenceComponentName="ic", EndpointName="e", Specifications=several)

    described = shared.describe_inference_component(InferenceComponentName="ic")
    assert described["Specifications"] == several
    assert "Specification" not in described
    placed = described["RuntimeConfig"]["PlacementStatus"]
    assert placed == [{"InstanceType": "ml.g5.xlarge", "CurrentCopyCount": 1}]


def test_copies_come_and_go_through_updating(shared: Any, emulator: Emulator) -> None:
    make_component(shared)
    shared.describe_inference_component(InferenceComponentName="ic")
    emulator.settings.pace = Pace("step")

    answer = shared.update_inference_component_runtime_config(
        InferenceComponentName="ic", DesiredRuntimeConfig={"CopyCount": 3}
    )

    first, then = (shared.describe_inference_component(InferenceComponentName="ic") for _ in range(2))
    assert plain(answer) == {"InferenceComponentArn": arn("inference-component/ic")}
    assert first["InferenceComponentStatus"] == "Updating"
    assert first["RuntimeConfig"] == {"DesiredCopyCount": 3, "CurrentCopyCount": 1}
    assert then["RuntimeConfig"] == {"DesiredCopyCount": 3, "CurrentCopyCount": 3}


def test_a_new_component_has_no_copies_yet(shared: Any, emulator: Emulator) -> None:
    shared.describe_endpoint(EndpointName="e")
    emulator.settings.pace = Pace("manual")
    make_component(shared)

    described = shared.describe_inference_component(InferenceComponentName="ic")

    assert described["InferenceComponentStatus"] == "Creating"
    assert described["RuntimeConfig"] == {"DesiredCopyCount": 1, "CurrentCopyCount": 0}


def test_an_update_deploys_another_specification_and_shows_how(shared: Any) -> None:
    make_model(shared, "other")
    make_component(shared, RuntimeConfig={"CopyCount": 2})
    rolling = {
        "RollingUpdatePolicy": {"MaximumBatchSize": {"Type": "COPY_COUNT", "Value": 1}, "WaitIntervalInSeconds": 60}
    }

    shared.update_inference_component(
        InferenceComponentName="ic",
        Specification={**SPECIFICATION, "ModelName": "other"},
        DeploymentConfig=rolling,
    )

    described = shared.describe_inference_component(InferenceComponentName="ic")
    assert described["Specification"]["ModelName"] == "other"
    assert described["RuntimeConfig"] == {"DesiredCopyCount": 2, "CurrentCopyCount": 2}
    assert described["LastDeploymentConfig"] == rolling


def test_an_update_that_fails_leaves_the_old_copies_and_says_why(shared: Any, emulator: Emulator) -> None:
    make_component(shared)
    shared.describe_inference_component(InferenceComponentName="ic")
    emulator.settings.pace = Pace("manual")
    shared.update_inference_component_runtime_config(InferenceComponentName="ic", DesiredRuntimeConfig={"CopyCount": 9})

    fail(emulator, "InferenceComponent", "ic", "no capacity")

    described = shared.describe_inference_component(InferenceComponentName="ic")
    assert (described["InferenceComponentStatus"], described["FailureReason"]) == ("InService", "no capacity")
    assert described["RuntimeConfig"] == {"DesiredCopyCount": 1, "CurrentCopyCount": 1}
    shared.delete_inference_component(InferenceComponentName="ic")
    emulator.push()
    assert shared.list_inference_components()["InferenceComponents"] == []


def test_what_a_component_refers_to_must_be_there(shared: Any) -> None:
    def refused(**params: Any) -> str:
        said = {"EndpointName": "e", "VariantName": "main", "Specification": SPECIFICATION} | params
        code, message = refusal(shared.create_inference_component, InferenceComponentName="ic", **said)
        assert code == "ValidationException"
        return message

    adapter = {"BaseInferenceComponentName": "nobody"}
    missing = f'Could not find inference component "{arn("inference-component/nobody")}".'
    assert refused(EndpointName="nobody") == f'Could not find endpoint "{arn("endpoint/nobody")}".'
    assert refused(Specification={"ModelName": "nobody"}) == f'Could not find model "{arn("model/nobody")}".'
    assert refused(Specification=adapter) == missing
    assert "nobody" in refused(VariantName="nobody")
    refused(Specification={"ComputeResourceRequirements": RESOURCES})
    refused(Specifications=[SPECIFICATION])
    assert shared.list_inference_components()["InferenceComponents"] == []


def test_a_component_is_refused_in_sagemakers_words(shared: Any, emulator: Emulator) -> None:
    missing = ("ValidationException", f'Could not find inference component "{arn("inference-component/nobody")}".')
    for call in (shared.describe_inference_component, shared.delete_inference_component):
        assert refusal(call, InferenceComponentName="nobody") == missing
    make_component(shared)
    code, message = refusal(
        shared.create_inference_component, InferenceComponentName="ic", EndpointName="e", Specification=SPECIFICATION
    )
    assert (code, message[:38]) == ("ValidationException", "Cannot create already existing inferen")

    shared.describe_inference_component(InferenceComponentName="ic")
    emulator.settings.pace = Pace("manual")
    copies = {"InferenceComponentName": "ic", "DesiredRuntimeConfig": {"CopyCount": 2}}
    shared.update_inference_component_runtime_config(**copies)
    assert refusal(shared.update_inference_component_runtime_config, **copies)[0] == "ValidationException"
    assert refusal(shared.delete_inference_component, InferenceComponentName="ic")[0] == "ValidationException"


def test_an_endpoint_is_not_deleted_under_its_components(shared: Any) -> None:
    make_component(shared)

    code, message = refusal(shared.delete_endpoint, EndpointName="e")

    assert code == "ValidationException"
    assert "inference components" in message
    shared.delete_inference_component(InferenceComponentName="ic")
    shared.delete_endpoint(EndpointName="e")


def test_components_are_listed_by_endpoint_variant_and_status(shared: Any, clock: ManualClock) -> None:
    make_endpoint(shared, "f")
    make_component(shared, "a")
    clock.advance(1)
    make_component(shared, "b", VariantName="side")
    make_component(shared, "c", EndpointName="f")

    def names(**params: Any) -> list[str]:
        listed = shared.list_inference_components(**params)["InferenceComponents"]
        return [one["InferenceComponentName"] for one in listed]

    assert names(EndpointNameEquals="e") == ["b", "a"]
    assert names(VariantNameEquals="main", SortBy="Name", SortOrder="Ascending") == ["a", "c"]
    assert names(StatusEquals="Creating") == []
    assert names(NameContains="b") == ["b"]
    assert names(CreationTimeBefore=clock.now()) == ["a"]
    [summary] = shared.list_inference_components(NameContains="c")["InferenceComponents"]
    assert (summary["EndpointArn"], summary["VariantName"]) == (arn("endpoint/f"), "main")


# --- Experiments ------------------------------------------------------------------------------------------------------


def variants(*names: str) -> list[dict[str, Any]]:
    real_time = {"InstanceType": "ml.m5.large", "InstanceCount": 1}
    infrastructure = {"InfrastructureType": "RealTimeInference", "RealTimeInferenceConfig": real_time}
    return [{"ModelName": "m", "VariantName": name, "InfrastructureConfig": infrastructure} for name in names]


SHADOW = {
    "SourceModelVariantName": "main",
    "ShadowModelVariants": [{"ShadowModelVariantName": "shadow", "SamplingPercentage": 40}],
}


@pytest.fixture
def lab(client: Any) -> Any:
    """A client in whose account an endpoint e is in service."""
    make_model(client, "m")
    make_config(client, "c", variant())
    make_endpoint(client)
    return client


def make_experiment(client: Any, name: str = "x", **more: Any) -> str:
    params = {"Type": "ShadowMode", "RoleArn": ROLE, "EndpointName": "e", "ShadowModeConfig": SHADOW} | more
    made = client.create_inference_experiment(Name=name, ModelVariants=variants("main", "shadow"), **params)
    return made["InferenceExperimentArn"]


def test_an_experiment_without_a_schedule_runs_at_once_and_for_a_week(lab: Any, clock: ManualClock) -> None:
    made = make_experiment(lab, Description="a try", KmsKey="key")
    start = clock.now()

    described = plain(lab.describe_inference_experiment(Name="x"))

    schedule = described.pop("Schedule")
    assert (schedule["StartTime"].timestamp(), schedule["EndTime"].timestamp()) == (start, start + WEEK)
    assert described.pop("CreationTime").timestamp() == described.pop("LastModifiedTime").timestamp() == start
    assert described == {
        "Arn": made,
        "Name": "x",
        "Type": "ShadowMode",
        "Status": "Running",
        "Description": "a try",
        "RoleArn": ROLE,
        "EndpointMetadata": {"EndpointName": "e", "EndpointConfigName": "c", "EndpointStatus": "InService"},
        "ModelVariants": [{**one, "Status": "InService"} for one in variants("main", "shadow")],
        "ShadowModeConfig": SHADOW,
        "KmsKey": "key",
    }
    assert made == arn("inference-experiment/x")
    clock.advance(WEEK)
    ended = lab.describe_inference_experiment(Name="x")
    assert (ended["Status"], ended["CompletionTime"].timestamp()) == ("Completed", start + WEEK)


def test_an_experiment_waits_for_its_schedule_and_can_be_started_before(lab: Any, clock: ManualClock) -> None:
    start = clock.now() + 3600
    for name in ("scheduled", "early"):
        make_experiment(lab, name, Schedule={"StartTime": start, "EndTime": start + 3600})

    def status(name: str) -> str:
        return str(lab.describe_inference_experiment(Name=name)["Status"])

    assert status("scheduled") == "Created"
    answer = lab.start_inference_experiment(Name="early")
    assert plain(answer) == {"InferenceExperimentArn": arn("inference-experiment/early")}
    assert status("early") == "Running"
    clock.advance(3600)
    assert status("scheduled") == "Running"
    clock.advance(3600)
    assert status("scheduled") == status("early") == "Completed"


@pytest.mark.parametrize(
    ("desired", "status"), [("Completed", "Completed"), ("Cancelled", "Cancelled"), (None, "Completed")]
)
def test_an_experiment_is_stopped_as_desired(
    lab: Any, emulator: Emulator, clock: ManualClock, desired: str | None, status: str
) -> None:
    make_experiment(lab)
    lab.describe_inference_experiment(Name="x")
    emulator.settings.pace = Pace("step")
    more = {"DesiredState": desired} if desired else {}
    actions = {"main": "Retain", "shadow": "Remove"}

    lab.stop_inference_experiment(Name="x", ModelVariantActions=actions, Reason="seen enough", **more)

    first, then = (lab.describe_inference_experiment(Name="x") for _ in range(2))
    assert (first["Status"], then["Status"]) == ("Stopping", status)
    assert then["StatusReason"] == "seen enough"
    assert [one["Status"] for one in first["ModelVariants"]] == ["InService", "Deleting"]
    assert [one["Status"] for one in then["ModelVariants"]] == ["InService", "Deleted"]
    assert then["CompletionTime"].timestamp() == then["Schedule"]["EndTime"].timestamp() == clock.now()


def test_an_experiment_is_updated_while_it_runs(lab: Any, emulator: Emulator, clock: ManualClock) -> None:
    make_experiment(lab)
    start = lab.describe_inference_experiment(Name="x")["Schedule"]["StartTime"]
    emulator.settings.pace = Pace("step")

    lab.update_inference_experiment(Name="x", Description="longer", Schedule={"EndTime": clock.now() + 2 * WEEK})

    first, then = (lab.describe_inference_experiment(Name="x") for _ in range(2))
    assert (first["Status"], then["Status"]) == ("Updating", "Running")
    assert then["Description"] == "longer"
    assert then["Schedule"]["StartTime"] == start
    assert then["Schedule"]["EndTime"].timestamp() == clock.now() + 2 * WEEK


def test_experiments_are_refused_where_they_cannot_be(lab: Any, clock: ManualClock) -> None:
    assert refusal(lab.describe_inference_experiment, Name="nobody")[0] == "ResourceNotFound"
    make_experiment(lab)
    params = {"Type": "ShadowMode", "RoleArn": ROLE, "ShadowModeConfig": SHADOW}
    call = lab.create_inference_experiment
    models = variants("main", "shadow")
    past = {"EndTime": clock.now()}
    assert refusal(call, Name="x", EndpointName="e", ModelVariants=models, **params)[0] == "ResourceInUse"
    assert refusal(call, Name="y", EndpointName="nobody", ModelVariants=models, **params)[0] == "ValidationException"
    assert refusal(call, Name="y", EndpointName="e", ModelVariants=models, Schedule=past, **params)[0] == (
        "ValidationException"
    )
    assert lab.describe_inference_experiment(Name="x")["Status"] == "Running"
    assert refusal(lab.delete_inference_experiment, Name="x")[0] == "ConflictException"
    assert refusal(lab.start_inference_experiment, Name="x")[0] == "ConflictException"
    lab.stop_inference_experiment(Name="x", ModelVariantActions={"main": "Retain"})
    assert refusal(lab.stop_inference_experiment, Name="x", ModelVariantActions={"main": "Retain"})[0] == (
        "ConflictException"
    )
    assert plain(lab.delete_inference_experiment(Name="x")) == {"InferenceExperimentArn": arn("inference-experiment/x")}
    assert lab.list_inference_experiments()["InferenceExperiments"] == []
    assert lab.describe_endpoint(EndpointName="e")["EndpointStatus"] == "InService"


def test_experiments_are_listed_by_type_and_status(lab: Any, clock: ManualClock) -> None:
    make_experiment(lab, "now", Description="d")
    clock.advance(1)
    make_experiment(lab, "later", Schedule={"StartTime": clock.now() + 60})

    def names(**params: Any) -> list[str]:
        return [one["Name"] for one in lab.list_inference_experiments(**params)["InferenceExperiments"]]

    assert names(StatusEquals="Created") == ["later"]
    assert names(Type="ShadowMode", SortBy="Name", SortOrder="Ascending") == ["later", "now"]
    assert names(NameContains="no") == ["now"]
    [summary] = lab.list_inference_experiments(NameContains="now")["InferenceExperiments"]
    assert (summary["Status"], summary["Description"], summary["RoleArn"]) == ("Running", "d", ROLE)


# --- Routers ----------------------------------------------------------------------------------------------------------


def target(name: str, *arns: str, **more: Any) -> dict[str, Any]:
    return {"Name": name, "Destinations": [{"ResourceArn": one} for one in arns], **more}


def test_a_router_tells_which_destinations_it_can_reach(lab: Any) -> None:
    far = arn("endpoint/far", region="eu-west-1")
    targets = [target("chat", arn("endpoint/e"), arn("endpoint/nobody"), far)]

    made = lab.create_inference_router(InferenceRouterName="r", RoutingTargets=targets)["InferenceRouterArn"]

    described = lab.describe_inference_router(InferenceRouterName="r")
    assert made == described["InferenceRouterArn"] == arn("inference-router/r")
    assert described["Status"] == "InService"
    [shown] = described["RoutingTargets"]
    assert [one["RoutingStatus"] for one in shown["Destinations"]] == ["Routable", "Unroutable", "Unknown"]
    lab.update_inference_router(InferenceRouterName="r", RoutingTargets=described["RoutingTargets"])
    assert lab.describe_inference_router(InferenceRouterName="r")["RoutingTargets"] == [shown]


def test_a_router_is_updated_listed_and_deleted(lab: Any, emulator: Emulator, clock: ManualClock) -> None:
    lab.create_inference_router(InferenceRouterName="r", RoutingTargets=[target("a", arn("endpoint/e"))])
    lab.describe_inference_router(InferenceRouterName="r")
    clock.advance(5)
    emulator.settings.pace = Pace("manual")

    lab.update_inference_router(InferenceRouterName="r", RoutingTargets=[target("b", arn("endpoint/e"))])

    described = lab.describe_inference_router(InferenceRouterName="r")
    assert (described["Status"], described["RoutingTargets"][0]["Name"]) == ("Updating", "b")
    for call, more in (
        (lab.update_inference_router, {"RoutingTargets": [target("c", arn("endpoint/e"))]}),
        (lab.delete_inference_router, {}),
    ):
        assert refusal(call, InferenceRouterName="r", **more)[0] == "ConflictException"
    emulator.push()
    [summary] = lab.list_inference_routers()["InferenceRouters"]
    assert summary["LastModifiedTime"] > summary["CreationTime"]
    lab.delete_inference_router(InferenceRouterName="r")
    emulator.push()
    assert refusal(lab.describe_inference_router, InferenceRouterName="r")[0] == "ResourceNotFound"


def test_routers_are_refused_by_name_target_destination_and_type(lab: Any) -> None:
    make_config(lab, "async", AsyncInferenceConfig={"OutputConfig": {"S3OutputPath": "s3://b/out"}})
    make_endpoint(lab, "async", "async")
    chat = target("chat", arn("endpoint/e"))
    output = {"OutputConfig": {"S3OutputPath": "s3://bucket/out", "S3FailurePath": "s3://bucket/lost"}}
    lab.create_inference_router(InferenceRouterName="r", RoutingTargets=[chat])

    def refused(*targets: dict[str, Any], name: str = "s") -> str:
        return refusal(lab.create_inference_router, InferenceRouterName=name, RoutingTargets=list(targets))[0]

    assert refused(chat, name="r") == "ResourceAlreadyExists"
    assert refused(chat, chat) == "ValidationException"
    assert refused(target("chat", arn("endpoint/e"), arn("endpoint/e"))) == "ValidationException"
    assert refused(target("chat", arn("endpoint/async"))) == "ValidationException"
    assert refused(target("chat", arn("endpoint/e"), AsyncInferenceConfig=output)) == "ValidationException"
    good = target("chat", arn("endpoint/async"), AsyncInferenceConfig=output)
    lab.create_inference_router(InferenceRouterName="s", RoutingTargets=[good])


def test_a_router_is_made_once_per_client_token(lab: Any) -> None:
    params = {"InferenceRouterName": "r", "RoutingTargets": [target("a", arn("endpoint/e"))], "ClientToken": "t"}

    assert (
        lab.create_inference_router(**params)["InferenceRouterArn"]
        == (lab.create_inference_router(**params)["InferenceRouterArn"])
    )


# --- Recommendations --------------------------------------------------------------------------------------------------


def make_job(client: Any, name: str = "j", kind: str = "Default", **said: Any) -> str:
    said = said or {"ModelName": "m"}
    made = client.create_inference_recommendations_job(JobName=name, JobType=kind, RoleArn=ROLE, InputConfig=said)
    return made["JobArn"]


def test_a_job_recommends_what_its_benchmarks_found(lab: Any, clock: ManualClock) -> None:
    made = make_job(lab)

    described = lab.describe_inference_recommendations_job(JobName="j")

    assert made == described["JobArn"] == arn("inference-recommendations-job/j")
    assert (described["Status"], described["CompletionTime"].timestamp()) == ("COMPLETED", clock.now())
    recommended = described["InferenceRecommendations"]
    assert len(recommended) == 3
    assert all(one["RecommendationId"].startswith("j/") for one in recommended)
    assert all(one["Metrics"]["MaxInvocations"] > 0 for one in recommended)
    assert recommended == lab.describe_inference_recommendations_job(JobName="j")["InferenceRecommendations"]
    steps = lab.list_inference_recommendations_job_steps(JobName="j")["Steps"]
    assert [one["InferenceBenchmark"]["Metrics"] for one in steps] == [one["Metrics"] for one in recommended]
    assert {(one["StepType"], one["Status"], one["JobName"]) for one in steps} == {("BENCHMARK", "COMPLETED", "j")}


def test_a_job_tries_each_configuration_with_each_environment(lab: Any) -> None:
    ranges = {"CategoricalParameterRanges": [{"Name": "THREADS", "Value": ["1", "2"]}]}
    configurations = [
        {"InstanceType": "ml.c5.large", "EnvironmentParameterRanges": ranges},
        {"ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5}},
    ]
    make_job(lab, kind="Advanced", ModelName="m", EndpointConfigurations=configurations)

    recommended = lab.describe_inference_recommendations_job(JobName="j")["InferenceRecommendations"]

    assert [one["EndpointConfiguration"].get("InstanceType") for one in recommended] == ["ml.c5.large"] * 2 + [None]
    assert [one["ModelConfiguration"].get("EnvironmentParameters") for one in recommended[:2]] == [
        [{"Key": "THREADS", "ValueType": "String", "Value": value}] for value in ("1", "2")
    ]
    assert "ServerlessConfig" in recommended[2]["EndpointConfiguration"]


def test_a_job_on_endpoints_tells_how_they_perform(lab: Any) -> None:
    make_job(lab, Endpoints=[{"EndpointName": "e"}])

    described = lab.describe_inference_recommendations_job(JobName="j")

    [performance] = described["EndpointPerformances"]
    assert performance["EndpointInfo"] == {"EndpointName": "e"}
    assert "InferenceRecommendations" not in described
    [step_of_it] = lab.list_inference_recommendations_job_steps(JobName="j")["Steps"]
    assert step_of_it["InferenceBenchmark"]["EndpointMetrics"] == performance["Metrics"]


def test_steps_are_paged_and_chosen_by_status(lab: Any, emulator: Emulator) -> None:
    make_job(lab)

    page = lab.list_inference_recommendations_job_steps(JobName="j", MaxResults=2)
    rest = lab.list_inference_recommendations_job_steps(JobName="j", MaxResults=2, NextToken=page["NextToken"])

    assert (len(page["Steps"]), len(rest["Steps"])) == (2, 1)
    assert "NextToken" not in rest
    assert lab.list_inference_recommendations_job_steps(JobName="j", Status="FAILED")["Steps"] == []
    assert refusal(lab.list_inference_recommendations_job_steps, JobName="nobody")[0] == "ResourceNotFound"


def test_a_job_is_stopped_before_it_recommends_anything(lab: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("manual")
    make_job(lab)
    emulator.push()

    lab.stop_inference_recommendations_job(JobName="j")

    assert lab.describe_inference_recommendations_job(JobName="j")["Status"] == "STOPPING"
    emulator.push()
    stopped = lab.describe_inference_recommendations_job(JobName="j")
    assert stopped["Status"] == "STOPPED"
    assert "InferenceRecommendations" not in stopped
    assert "CompletionTime" in stopped


def test_jobs_are_refused_and_listed_by_what_they_look_at(lab: Any) -> None:
    make_group(lab, "g")
    package = make_version(lab, "g")
    make_job(lab, "of-model")
    make_job(lab, "of-package", ModelPackageVersionArn=package)
    call = lab.create_inference_recommendations_job
    params = {"JobType": "Default", "RoleArn": ROLE}
    assert refusal(call, JobName="of-model", InputConfig={"ModelName": "m"}, **params)[0] == "ResourceInUse"
    for said in ({"ModelName": "nobody"}, {}, {"Endpoints": [{"EndpointName": "nobody"}]}):
        assert refusal(call, JobName="k", InputConfig=said, **params)[0] == "ValidationException"

    def names(**chosen: Any) -> list[str]:
        listed = lab.list_inference_recommendations_jobs(**chosen)["InferenceRecommendationsJobs"]
        return [one["JobName"] for one in listed]

    assert names(ModelNameEquals="m") == ["of-model"]
    assert names(ModelPackageVersionArnEquals=package) == ["of-package"]
    assert names(StatusEquals="COMPLETED", SortBy="Name", SortOrder="Ascending") == ["of-model", "of-package"]
    [summary] = lab.list_inference_recommendations_jobs(NameContains="model")["InferenceRecommendationsJobs"]
    assert (summary["ModelName"], summary["JobType"]) == ("m", "Default")


def test_scaling_is_recommended_for_what_a_completed_job_found(lab: Any, emulator: Emulator) -> None:
    make_job(lab)
    one = lab.describe_inference_recommendations_job(JobName="j")["InferenceRecommendations"][0]
    most = one["Metrics"]["MaxInvocations"]
    objective = {"MinInvocationsPerMinute": 1, "MaxInvocationsPerMinute": most * 5}

    answer = lab.get_scaling_configuration_recommendation(
        InferenceRecommendationsJobName="j",
        RecommendationId=one["RecommendationId"],
        ScalingPolicyObjective=objective,
    )

    assert answer["TargetCpuUtilizationPerCore"] == 50
    assert answer["ScalingPolicyObjective"] == objective
    assert answer["Metric"]["InvocationsPerInstance"] == most
    scaling = answer["DynamicScalingConfiguration"]
    assert (scaling["MinCapacity"], scaling["MaxCapacity"]) == (1, 10)
    [policy] = scaling["ScalingPolicies"]
    assert policy["TargetTracking"]["TargetValue"] == most // 2
    call = lab.get_scaling_configuration_recommendation
    assert refusal(call, InferenceRecommendationsJobName="nobody", RecommendationId="x")[0] == "ResourceNotFound"
    for said in ({}, {"RecommendationId": "nobody"}, {"EndpointName": "e", "RecommendationId": "x"}):
        assert refusal(call, InferenceRecommendationsJobName="j", **said)[0] == "ValidationException"
    emulator.settings.pace = Pace("manual")
    make_job(lab, "k")
    assert refusal(call, InferenceRecommendationsJobName="k", RecommendationId="x")[0] == "ValidationException"


# --- Algorithms -------------------------------------------------------------------------------------------------------


TRAINING = {
    "TrainingImage": IMAGE,
    "SupportedTrainingInstanceTypes": ["ml.m5.large"],
    "TrainingChannels": [
        {"Name": "train", "SupportedContentTypes": ["text/csv"], "SupportedInputModes": ["File"]},
    ],
}


def test_a_small_algorithm_comes_back_completed(client: Any, clock: ManualClock) -> None:
    made = client.create_algorithm(AlgorithmName="a", TrainingSpecification=TRAINING)

    described = plain(client.describe_algorithm(AlgorithmName="a"))

    assert described.pop("CreationTime").timestamp() == clock.now()
    assert described == {
        "AlgorithmName": "a",
        "AlgorithmArn": made["AlgorithmArn"],
        "TrainingSpecification": TRAINING,
        "AlgorithmStatus": "Completed",
        "AlgorithmStatusDetails": {"ValidationStatuses": [], "ImageScanStatuses": []},
        "CertifyForMarketplace": False,
    }
    assert client.describe_algorithm(AlgorithmName=made["AlgorithmArn"])["AlgorithmName"] == "a"


def test_an_algorithms_images_are_resolved_and_its_profiles_validated(client: Any) -> None:
    job = {
        "TrainingInputMode": "File",
        "InputDataConfig": [
            {
                "ChannelName": "train",
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/in"}},
            }
        ],
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/out"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }
    client.create_algorithm(
        AlgorithmName="a",
        TrainingSpecification=TRAINING,
        InferenceSpecification={"Containers": [{"Image": IMAGE}]},
        ValidationSpecification={
            "ValidationRole": ROLE,
            "ValidationProfiles": [{"ProfileName": "p", "TrainingJobDefinition": job}],
        },
    )

    described = client.describe_algorithm(AlgorithmName="a")

    [container] = described["InferenceSpecification"]["Containers"]
    assert container == {"Image": IMAGE, "ImageDigest": digest(IMAGE)}
    assert described["AlgorithmStatusDetails"]["ValidationStatuses"] == [{"Name": "p", "Status": "Completed"}]


def test_an_algorithm_is_not_deleted_while_it_is_in_progress(client: Any, emulator: Emulator) -> None:
    emulator.settings.pace = Pace("manual")
    client.create_algorithm(AlgorithmName="a", TrainingSpecification=TRAINING)
    emulator.push()

    assert refusal(client.delete_algorithm, AlgorithmName="a") == (
        "ConflictException",
        "Cannot delete Algorithm in InProgress status",
    )
    emulator.push()
    client.delete_algorithm(AlgorithmName="a")
    assert client.describe_algorithm(AlgorithmName="a")["AlgorithmStatus"] == "Deleting"
    emulator.push()
    assert refusal(client.describe_algorithm, AlgorithmName="a") == (
        "ValidationException",
        f"Algorithm {arn('algorithm/a')} does not exist.",
    )


def test_algorithms_are_listed_oldest_first(client: Any, clock: ManualClock) -> None:
    for name in ("b", "a"):
        client.create_algorithm(AlgorithmName=name, TrainingSpecification=TRAINING, AlgorithmDescription="d")
        clock.advance(1)

    listed = client.list_algorithms()["AlgorithmSummaryList"]

    assert [one["AlgorithmName"] for one in listed] == ["b", "a"]
    assert listed[0].keys() == {
        "AlgorithmName",
        "AlgorithmArn",
        "AlgorithmDescription",
        "CreationTime",
        "AlgorithmStatus",
    }
    assert refusal(client.create_algorithm, AlgorithmName="a", TrainingSpecification=TRAINING)[0] == (
        "ValidationException"
    )
