"""Several of what a list shows, where they are not made by the create of a kind: three, or more than a page has."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from tests.behaviour.pipeline_examples import definition, model, parameter
from tests.conformance.inputs import minimal
from tests.conformance.lives import Lives, Params
from tests.conformance.preparations import (
    ask,
    automl_job,
    cluster,
    device,
    execution,
    extension,
    group,
    naming,
    nodes_to_add,
    reserved_capacity,
    stage,
)
from tests.conftest import ROLE

DAY = 24 * 3600
VIOLATIONS = "emulator:monitoring-violations"


# --- Clusters and training plans --------------------------------------------------------------------------------------


def cluster_nodes(lives: Lives) -> Params:
    """Make a cluster of three nodes."""
    return cluster(lives, group(count=3))


def cluster_events(lives: Lives) -> Params:
    """Make a cluster: the life of it and of its nodes are events."""
    named = cluster(lives)
    ask(lives, "DescribeCluster", **named)
    return named


def cluster_operations(lives: Lives) -> Params:
    """Add to a cluster, three times."""
    added = nodes_to_add(lives)
    for number in range(3):
        ask(lives, "BatchAddClusterNodes", **added, ClientToken=f"{number}" * 36)
    return {"ClusterName": added["ClusterName"]}


def cluster_extensions(lives: Lives) -> Params:
    """Install extensions under names that nobody has to know."""
    lives.emulator.settings.strict = False
    made = lives.needed("Cluster").record.arn
    for number in range(3):
        ask(lives, "CreateClusterExtension", ClusterArn=made, ExtensionName=f"extension{number}")
    return {"ClusterArn": made}


def extension_versions(_: Lives) -> Params:
    """Name an extension that has two versions."""
    return {"ExtensionName": "sagemaker-observability"}


def plan_extensions(lives: Lives) -> Params:
    """Extend a training plan, three times."""
    bought = extension(lives)
    plan = ask(lives, "DescribeTrainingPlan", TrainingPlanName="plan")["TrainingPlanArn"]
    ask(lives, "ExtendTrainingPlan", **bought)
    for _ in range(2):
        offers = ask(lives, "SearchTrainingPlanOfferings", TrainingPlanArn=plan, DurationHours=24)
        offer = offers["TrainingPlanExtensionOfferings"][0]["TrainingPlanExtensionOfferingId"]
        ask(lives, "ExtendTrainingPlan", TrainingPlanExtensionOfferingId=offer)
    return {"TrainingPlanArn": plan}


# --- Jobs -------------------------------------------------------------------------------------------------------------


def candidates(lives: Lives) -> Params:
    """Make an AutoML job: it tries more than one candidate."""
    params = {**minimal("CreateAutoMLJobV2"), **automl_job(lives)}
    params["AutoMLProblemTypeConfig"] = {"TabularJobConfig": {"TargetAttributeName": "y"}}
    ask(lives, "CreateAutoMLJobV2", **params)
    return naming(lives.needed("AutoMLJob"), "AutoMLJobName")


def tuned(lives: Lives) -> Params:
    """Make a tuning job of three training jobs."""
    made = lives.make("HyperParameterTuningJob").sent
    config = made["HyperParameterTuningJobConfig"]
    limits = {**config["ResourceLimits"], "MaxNumberOfTrainingJobs": 3}
    name = {"HyperParameterTuningJobName": "three"}
    changed = {"HyperParameterTuningJobConfig": {**config, "ResourceLimits": limits}}
    ask(lives, "CreateHyperParameterTuningJob", **{**made, **name, **changed})
    return name


def benchmarks(lives: Lives) -> Params:
    """Make a job that recommends: it benchmarks more than one instance type."""
    return naming(lives.needed("InferenceRecommendationsJob"), "JobName")


def labeling_jobs(lives: Lives) -> Params:
    """Make three labeling jobs for one team."""
    made = [lives.make("LabelingJob", variant=0)]
    for number in range(2):
        ask(lives, "CreateLabelingJob", **{**made[0].sent, "LabelingJobName": f"other{number}"})
    return {"WorkteamArn": made[0].sent["HumanTaskConfig"]["WorkteamArn"]}


# --- Pipelines --------------------------------------------------------------------------------------------------------


def steps(lives: Lives) -> Params:
    """Run a pipeline of three steps."""
    return {"PipelineExecutionArn": execution(lives, *(model(name) for name in ("A", "B", "C")))}


def parameters(lives: Lives) -> Params:
    """Run a pipeline of three parameters."""
    three = tuple(parameter(name, DefaultValue="v") for name in ("A", "B", "C"))
    text = definition(model(), parameters=three)
    token = {"ClientRequestToken": "a" * 32}
    ask(lives, "CreatePipeline", PipelineName="p", PipelineDefinition=text, RoleArn=ROLE, **token)
    given = [{"Name": one["Name"], "Value": "w"} for one in three]
    started = ask(lives, "StartPipelineExecution", PipelineName="p", PipelineParameters=given, **token)
    return {"PipelineExecutionArn": started["PipelineExecutionArn"]}


def pipeline_versions(lives: Lives) -> Params:
    """Define a pipeline anew, twice."""
    named = naming(lives.needed("Pipeline"), "PipelineName")
    for name in ("A", "B"):
        ask(lives, "UpdatePipeline", **named, PipelineDefinition=definition(model(name)))
    return named


# --- Models -----------------------------------------------------------------------------------------------------------


def model_packages(lives: Lives) -> Params:
    """Make three versions of a model package."""
    named = naming(lives.needed("ModelPackageGroup"), "ModelPackageGroupName")
    for number in range(3):
        ask(lives, "CreateModelPackage", **named, ClientToken=f"{number}" * 36)
    return named


def card_versions(lives: Lives) -> Params:
    """Change a model card, twice."""
    named = naming(lives.needed("ModelCard"), "ModelCardName")
    for number in range(2):
        content = f'{{"model_overview":{{"model_description":"{number}"}}}}'
        ask(lives, "UpdateModelCard", **named, Content=content)
    return named


def files(lives: Lives) -> Params:
    """Import content that consists of three files into a hub."""
    hub = naming(lives.needed("Hub"), "HubName")
    document = json.dumps({"HostingArtifactUri": [f"s3://bucket/model/{name}" for name in ("a", "b", "c")]})
    imported = {**minimal("ImportHubContent"), **hub, "HubContentType": "Model", "HubContentDocument": document}
    ask(lives, "ImportHubContent", **imported)
    return {name: imported[name] for name in ("HubName", "HubContentType", "HubContentName")}


def aliases(lives: Lives) -> Params:
    """Make an image version with three aliases."""
    named = naming(lives.needed("Image"), "ImageName")
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/image:tag"
    ask(lives, "CreateImageVersion", **named, BaseImage=image, ClientToken="a" * 32, Aliases=["a", "b", "c"])
    return named


# --- Monitoring -------------------------------------------------------------------------------------------------------


def schedule(lives: Lives) -> Params:
    """Let a schedule run for three days."""
    named = naming(lives.needed("MonitoringSchedule"), "MonitoringScheduleName")
    lives.emulator.clock.advance(3 * DAY)  # type: ignore[attr-defined]
    ask(lives, "DescribeMonitoringSchedule", **named)
    return named


def alert_history(lives: Lives) -> Params:
    """Let a schedule find something, and nothing, and something again."""
    made = lives.needed("MonitoringSchedule")
    for found in (True, False, True):
        tag = {"ResourceArn": made.record.arn}
        if found:
            ask(lives, "AddTags", **tag, Tags=[{"Key": VIOLATIONS, "Value": "1"}])
        else:
            ask(lives, "DeleteTags", **tag, TagKeys=[VIOLATIONS])
        schedule(lives)
        ask(lives, "ListMonitoringExecutions")
    return naming(made, "MonitoringScheduleName")


# --- The edge, lineage, tags, search ----------------------------------------------------------------------------------


def devices(lives: Lives) -> Params:
    """Register three devices with a fleet."""
    fleet = {"DeviceFleetName": device(lives)["DeviceFleetName"]}
    ask(lives, "RegisterDevices", **fleet, Devices=[{"DeviceName": name} for name in ("second", "third")])
    return fleet


def stage_devices(lives: Lives) -> Params:
    """Deploy a stage on half of a fleet."""
    fleet = devices(lives)
    ask(lives, "RegisterDevices", **fleet, Devices=[{"DeviceName": name} for name in ("d", "e", "f")])
    named = stage(lives)
    ask(lives, "StartEdgeDeploymentStage", **named)
    return named


def associations(lives: Lives) -> Params:
    """Associate an artifact with three others."""
    source = lives.needed("Artifact").record.arn
    for number in range(3):
        made = lives.make("Context", variant=number).record.arn
        ask(lives, "AddAssociation", SourceArn=source, DestinationArn=made)
    return {"SourceArn": source}


def tags(lives: Lives) -> Params:
    """Put as many tags on something as it can carry."""
    arn = lives.needed("Experiment").record.arn
    ask(lives, "AddTags", ResourceArn=arn, Tags=[{"Key": f"k{number}", "Value": "v"} for number in range(50)])
    return {"ResourceArn": arn}


def found(lives: Lives) -> Params:
    """Make three experiments to be found."""
    for number in range(3):
        lives.make("Experiment", variant=number)
    return {"Resource": "Experiment"}


def nothing(_: Lives) -> Params:
    """Ask for what SageMaker has by itself."""
    return {}


def alerts(lives: Lives) -> Params:
    """Make a schedule: it has one alert."""
    return naming(lives.needed("MonitoringSchedule"), "MonitoringScheduleName")


def workforce(lives: Lives) -> Params:
    """Make the one workforce of the account."""
    lives.needed("Workforce")
    return {}


MANY: Mapping[str, Callable[[Lives], Params]] = {
    "CreateHubContentPresignedUrls": files,
    "DescribeTrainingPlanExtensionHistory": plan_extensions,
    "ListAliases": aliases,
    "ListAssociations": associations,
    "ListCandidatesForAutoMLJob": candidates,
    "ListClusterEvents": cluster_events,
    "ListClusterExtensionVersions": extension_versions,
    "ListClusterExtensions": cluster_extensions,
    "ListClusterNodes": cluster_nodes,
    "ListClusterOperations": cluster_operations,
    "ListDevices": devices,
    "ListInferenceRecommendationsJobSteps": benchmarks,
    "ListLabelingJobsForWorkteam": labeling_jobs,
    "ListModelCardVersions": card_versions,
    "ListModelMetadata": nothing,
    "ListModelPackages": model_packages,
    "ListMonitoringAlertHistory": alert_history,
    "ListMonitoringAlerts": alerts,
    "ListMonitoringExecutions": schedule,
    "ListPipelineExecutionSteps": steps,
    "ListPipelineParametersForExecution": parameters,
    "ListPipelineVersions": pipeline_versions,
    "ListStageDevices": stage_devices,
    "ListTags": tags,
    "ListTrainingJobsForHyperParameterTuningJob": tuned,
    "ListUltraServersByReservedCapacity": reserved_capacity,
    "ListWorkforces": workforce,
    "Search": found,
}
