"""What must be there before an operation can be called, where nothing in the model or the catalogue says it.

Each function makes it and returns the params that name it; a param of None is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from emulator.engine.lifecycle import Pace
from tests.behaviour.pipeline_examples import broken, callback, definition
from tests.conformance.inputs import minimal
from tests.conformance.lives import Lives, Made, Params
from tests.conftest import ACCOUNT, REGION, ROLE

EKS = {"Eks": {"ClusterArn": f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/eks"}}
PUBLIC_MODEL = f"arn:aws:sagemaker:{REGION}:aws:hub-content/SageMakerPublicHub/Model/model"
POLICY = '{"Version":"2012-10-17","Statement":[]}'


def ask(lives: Lives, operation: str, **params: Any) -> Any:
    """Call an operation that has to succeed, and return its answer."""
    reply = lives.send(operation, params)
    assert reply.status == 200, f"{operation} is refused: {reply.body}"
    return reply.body


def naming(made: Made, *names: str) -> Params:
    """Return members of a resource that was made by which others call it."""
    return {name: {**made.sent, **made.keyed}[name] for name in names}


# --- Clusters and training plans --------------------------------------------------------------------------------------


def group(name: str = "workers", count: int = 2) -> Params:
    """Return an instance group."""
    return {
        "InstanceGroupName": name,
        "InstanceCount": count,
        "InstanceType": "ml.c5.xlarge",
        "LifeCycleConfig": {"SourceS3Uri": "s3://bucket/scripts", "OnCreate": "on_create.sh"},
        "ExecutionRole": ROLE,
    }


def cluster(lives: Lives, *groups: Params) -> Params:
    """Make a cluster that provisions its nodes continuously, and return its name."""
    said = {"ClusterName": "trainers", "InstanceGroups": groups or [group()], "NodeProvisioningMode": "Continuous"}
    ask(lives, "CreateCluster", **said, Orchestrator=EKS)
    return {"ClusterName": "trainers"}


def node(lives: Lives) -> Params:
    """Make a cluster and return its name and that of a node."""
    named = cluster(lives)
    nodes = ask(lives, "ListClusterNodes", **named)["ClusterNodeSummaries"]
    return {**named, "NodeId": nodes[0]["InstanceId"]}


def of_node(lives: Lives) -> Params:
    """Name a node by its instance, and by nothing else."""
    return {**node(lives), "NodeLogicalId": None}


def volume(lives: Lives) -> Params:
    """Make a node; call its cluster by its ARN."""
    named = node(lives)
    arn = ask(lives, "DescribeCluster", ClusterName=named["ClusterName"])["ClusterArn"]
    return {"ClusterArn": arn, "NodeId": named["NodeId"], "VolumeId": "vol-0123456789abcdef0"}


def attached_volume(lives: Lives) -> Params:
    """Make a node with a volume."""
    params = volume(lives)
    ask(lives, "AttachClusterNodeVolume", **params)
    return params


def nodes_to_add(lives: Lives) -> Params:
    """Make a cluster and say what is to be added."""
    return {**cluster(lives), "NodesToAdd": [{"InstanceGroupName": "workers", "IncrementTargetCountBy": 1}]}


def nodes(lives: Lives) -> Params:
    """Name a node where several may be named, by its instance."""
    named = node(lives)
    return {"ClusterName": named["ClusterName"], "NodeIds": [named["NodeId"]], "NodeLogicalIds": None}


def cluster_event(lives: Lives) -> Params:
    """Make a cluster and return one of the events of its life."""
    named = cluster(lives)
    ask(lives, "DescribeCluster", **named)
    return {**named, "EventId": ask(lives, "ListClusterEvents", **named)["Events"][0]["EventId"]}


def cluster_operation(lives: Lives) -> Params:
    """Make a cluster and add to it: that is an operation."""
    added = nodes_to_add(lives)
    ask(lives, "BatchAddClusterNodes", **added)
    named = {"ClusterName": added["ClusterName"]}
    return {
        **named,
        "OperationId": ask(lives, "ListClusterOperations", **named)["ClusterOperationSummaries"][0]["OperationId"],
    }


def health_check(lives: Lives) -> Params:
    """Make a cluster and say what is to be checked."""
    checks = [{"InstanceGroupName": "workers", "DeepHealthChecks": ["InstanceStress"]}]
    return {**cluster(lives), "DeepHealthCheckConfigurations": checks}


def cluster_change(lives: Lives) -> Params:
    """Make a cluster and say how many nodes it is to have."""
    changed = {"InstanceGroups": [group(count=3)], "InstanceGroupsToDelete": ["others"]}
    kept = {"Orchestrator": EKS, "RestrictedInstanceGroups": None}
    return {**cluster(lives, group(), group("others")), **changed, **kept}


def software(lives: Lives) -> Params:
    """Make a cluster and name the group whose software is to be updated."""
    return {**cluster(lives), "InstanceGroups": [{"InstanceGroupName": "workers"}]}


def training_plan(lives: Lives, **more: Any) -> str:
    """Buy a training plan and return its ARN."""
    wanted = {"InstanceType": "ml.p5.48xlarge", "InstanceCount": 1, "DurationHours": 24, **more}
    offers = ask(lives, "SearchTrainingPlanOfferings", TargetResources=["training-job"], **wanted)
    offer = offers["TrainingPlanOfferings"][0]["TrainingPlanOfferingId"]
    made = ask(lives, "CreateTrainingPlan", TrainingPlanName="plan", TrainingPlanOfferingId=offer)
    return str(made["TrainingPlanArn"])


def extension(lives: Lives) -> Params:
    """Buy a training plan and find an offer that extends it."""
    plan = training_plan(lives)
    offers = ask(lives, "SearchTrainingPlanOfferings", TrainingPlanArn=plan, DurationHours=24)
    return {
        "TrainingPlanExtensionOfferingId": offers["TrainingPlanExtensionOfferings"][0][
            "TrainingPlanExtensionOfferingId"
        ]
    }


def reserved_capacity(lives: Lives) -> Params:
    """Buy a training plan and name the capacity in it."""
    ultra = {"UltraServerType": "ml.u-p6e-gb200x36", "UltraServerCount": 2}
    offers = ask(lives, "SearchTrainingPlanOfferings", TargetResources=["training-job"], DurationHours=24, **ultra)
    offer = offers["TrainingPlanOfferings"][0]["TrainingPlanOfferingId"]
    ask(lives, "CreateTrainingPlan", TrainingPlanName="plan", TrainingPlanOfferingId=offer)
    described = ask(lives, "DescribeTrainingPlan", TrainingPlanName="plan")
    return {"ReservedCapacityArn": described["ReservedCapacitySummaries"][0]["ReservedCapacityArn"]}


# --- Pipelines --------------------------------------------------------------------------------------------------------


def execution(lives: Lives, *steps: Any) -> str:
    """Make a pipeline of these steps, start it and return the execution's ARN."""
    ask(
        lives,
        "CreatePipeline",
        PipelineName="p",
        PipelineDefinition=definition(*steps),
        RoleArn=ROLE,
        ClientRequestToken="a" * 32,
    )
    started = ask(lives, "StartPipelineExecution", PipelineName="p", ClientRequestToken="b" * 32)
    return str(started["PipelineExecutionArn"])


def failed_execution(lives: Lives) -> Params:
    """Make an execution that failed."""
    arn = execution(lives, broken())
    assert ask(lives, "DescribePipelineExecution", PipelineExecutionArn=arn)["PipelineExecutionStatus"] == "Failed"
    return {"PipelineExecutionArn": arn}


def waiting_step(lives: Lives) -> Params:
    """Make an execution with a step that waits for an answer, and return the token to answer with."""
    arn = execution(lives, callback())
    steps = ask(lives, "ListPipelineExecutionSteps", PipelineExecutionArn=arn)["PipelineExecutionSteps"]
    return {"CallbackToken": steps[0]["Metadata"]["Callback"]["CallbackToken"]}


def parameterised(lives: Lives) -> Params:
    """Make a pipeline that takes a parameter, and say what it is to be run with."""
    text = definition(callback("step-name"), parameters=({"Name": "name", "Type": "String"},))
    ask(lives, "CreatePipeline", PipelineName="p", PipelineDefinition=text, RoleArn=ROLE, ClientRequestToken="a" * 32)
    started = {"PipelineName": "p", "PipelineVersionId": 1, "PipelineParameters": [{"Name": "name", "Value": "v"}]}
    return {**started, "PipelineVersionAlias": None, "RoleArn": None, "SelectiveExecutionConfig": None}


def redefined(lives: Lives) -> Params:
    """Make a pipeline, and say how it is to be defined from now on."""
    pipeline = naming(lives.needed("Pipeline"), "PipelineName")
    return {**pipeline, "PipelineDefinition": definition(callback()), "PipelineDefinitionS3Location": None}


# --- Hubs -------------------------------------------------------------------------------------------------------------


def hub_content(lives: Lives) -> Params:
    """Import content into a hub."""
    hub = naming(lives.needed("Hub"), "HubName")
    imported = {**minimal("ImportHubContent"), **hub, "HubContentType": "Model", "HubContentVersion": "1.0.0"}
    ask(lives, "ImportHubContent", **imported)
    return {name: imported[name] for name in ("HubName", "HubContentType", "HubContentName", "HubContentVersion")}


def content(lives: Lives) -> Params:
    """Import content into a hub, and name it in all versions."""
    return {**hub_content(lives), "HubContentVersion": None}


def hub_reference(lives: Lives) -> Params:
    """Refer in a hub to content of the public one."""
    hub = naming(lives.needed("Hub"), "HubName")
    ask(lives, "CreateHubContentReference", **hub, SageMakerPublicHubContentArn=PUBLIC_MODEL, HubContentName="model")
    return {**hub, "HubContentType": "ModelReference", "HubContentName": "model"}


# --- The edge ---------------------------------------------------------------------------------------------------------


def device(lives: Lives) -> Params:
    """Register a device with a fleet."""
    fleet = naming(lives.needed("DeviceFleet"), "DeviceFleetName")
    ask(lives, "RegisterDevices", **fleet, Devices=[{"DeviceName": "device-name"}])
    return {**fleet, "DeviceName": "device-name"}


def devices(lives: Lives) -> Params:
    """Register devices that several can be named of."""
    named = device(lives)
    return {"DeviceFleetName": named["DeviceFleetName"], "DeviceNames": [named["DeviceName"]]}


def devices_to_change(lives: Lives) -> Params:
    """Register a device, and say what is to be changed."""
    named = device(lives)
    return {"DeviceFleetName": named["DeviceFleetName"], "Devices": [{"DeviceName": "device-name", "Description": "d"}]}


def stage(lives: Lives) -> Params:
    """Make a deployment plan with a stage."""
    plan = naming(lives.needed("EdgeDeploymentPlan"), "EdgeDeploymentPlanName")
    selection = {"DeviceSubsetType": "PERCENTAGE", "Percentage": 50}
    ask(lives, "CreateEdgeDeploymentStage", **plan, Stages=[{"StageName": "half", "DeviceSelectionConfig": selection}])
    return {**plan, "StageName": "half"}


# --- Lineage, experiments, tags ---------------------------------------------------------------------------------------


def source_and_destination(lives: Lives) -> Params:
    """Make two lineage entities."""
    return {"SourceArn": lives.needed("Artifact").record.arn, "DestinationArn": lives.needed("Action").record.arn}


def association(lives: Lives) -> Params:
    """Associate two lineage entities."""
    params = source_and_destination(lives)
    ask(lives, "AddAssociation", **params)
    return params


def lineage_group(lives: Lives) -> Params:
    """Name the lineage group that an account has by itself."""
    listed = ask(lives, "ListLineageGroups")["LineageGroupSummaries"]
    return {"LineageGroupName": listed[0]["LineageGroupName"]}


def component_of_trial(lives: Lives) -> Params:
    """Put a trial component into a trial."""
    trial, component = lives.needed("Trial"), lives.needed("TrialComponent")
    params = {**naming(trial, "TrialName"), **naming(component, "TrialComponentName")}
    ask(lives, "AssociateTrialComponent", **params)
    return params


def components_of_trial(lives: Lives) -> Params:
    """Ask for the components of a trial; there are two other ways to ask, and only one may be taken."""
    trial = naming(lives.needed("Trial"), "TrialName")
    return {**trial, "ExperimentName": None, "SourceArn": None}


def lineage_start(lives: Lives) -> Params:
    """Begin at an artifact."""
    return {"StartArns": [lives.needed("Artifact").record.arn]}


def search(lives: Lives) -> Params:
    """Search for a model package group by its name."""
    named = lives.needed("ModelPackageGroup").record.key[0]
    known = {"Name": "ModelPackageGroupName", "Operator": "Equals", "Value": named}
    return {
        "Resource": "ModelPackageGroup",
        "SearchExpression": {"Filters": [known]},
        "SortBy": "CreationTime",
        "VisibilityConditions": [{"Key": "Tags.team", "Value": "a"}],
    }


def tagged(lives: Lives) -> Params:
    """Make something that carries a tag."""
    arn = lives.needed("Experiment").record.arn
    ask(lives, "AddTags", ResourceArn=arn, Tags=[{"Key": "key", "Value": "value"}])
    return {"ResourceArn": arn}


# --- Others -----------------------------------------------------------------------------------------------------------


def automl_job(_: Lives) -> Params:
    """Say which data a job learns from."""
    uri = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/data"}}
    return {"AutoMLJobName": "second", "AutoMLJobInputDataConfig": [{"ChannelType": "training", "DataSource": uri}]}


def automl_job_described(lives: Lives) -> Params:
    """Make an AutoML job by the second version of the API."""
    params = {**minimal("CreateAutoMLJobV2"), **automl_job(lives)}
    ask(lives, "CreateAutoMLJobV2", **params)
    return {"AutoMLJobName": params["AutoMLJobName"]}


def shadowed(lives: Lives) -> Params:
    """Say which variant is put into a shadow, and by which."""
    served = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1, **naming(lives.needed("Model"), "ModelName")}
    variants = {"ProductionVariants": [{"VariantName": "a", **served}]}
    return {"EndpointConfigName": "shadowed", **variants, "ShadowProductionVariants": [{"VariantName": "b", **served}]}


def partner_app(lives: Lives) -> Params:
    """Name an app by its ARN."""
    return {"Arn": lives.needed("PartnerApp").record.arn}


def user_of_iam_domain(lives: Lives) -> Params:
    """Make a user profile in a domain whose users sign in by IAM."""
    ask(lives, "CreateDomain", **{**minimal("CreateDomain"), "DomainName": "domain", "AuthMode": "IAM"})
    domain = lives.newest("Domain").key[0]
    ask(lives, "CreateUserProfile", DomainId=domain, UserProfileName="user")
    return {"DomainId": domain, "UserProfileName": "user", "SpaceName": None}


def space(lives: Lives) -> Params:
    """Name a space by its ARN."""
    return {"ResourceIdentifier": lives.needed("Space").record.arn}


def endpoint_policy(lives: Lives) -> Params:
    """Put a policy on an endpoint."""
    endpoint = naming(lives.needed("Endpoint"), "EndpointName")
    ask(lives, "PutEndpointPolicy", **endpoint, ResourcePolicy=POLICY)
    return endpoint


def endpoint(lives: Lives) -> Params:
    """Make an endpoint and say which policy it gets."""
    return {**naming(lives.needed("Endpoint"), "EndpointName"), "ResourcePolicy": POLICY}


def group_policy(lives: Lives) -> Params:
    """Put a policy on a model package group."""
    named = naming(lives.needed("ModelPackageGroup"), "ModelPackageGroupName")
    ask(lives, "PutModelPackageGroupPolicy", **named, ResourcePolicy=POLICY)
    return named


def version_of_package(lives: Lives) -> Params:
    """Make a model package in a group."""
    named = naming(lives.needed("ModelPackageGroup"), "ModelPackageGroupName")
    made = ask(lives, "CreateModelPackage", **named, ModelApprovalStatus="PendingManualApproval", ClientToken="a" * 32)
    return {"ModelPackageArn": made["ModelPackageArn"]}


def feature(lives: Lives) -> Params:
    """Name a feature of a feature group."""
    return {**naming(lives.needed("FeatureGroup"), "FeatureGroupName"), "FeatureName": "id"}


def recommendation(lives: Lives) -> Params:
    """Name a job that recommends, and one of its recommendations."""
    job = naming(lives.needed("InferenceRecommendationsJob"), "JobName")
    described = ask(lives, "DescribeInferenceRecommendationsJob", **job)
    recommended = described["InferenceRecommendations"][0]["RecommendationId"]
    return {"InferenceRecommendationsJobName": job["JobName"], "RecommendationId": recommended, "EndpointName": None}


def scheduled_experiment(lives: Lives) -> Params:
    """Make an inference experiment whose time has not come."""
    sent = lives.make("InferenceExperiment").sent
    later = lives.emulator.clock.now() + 3600
    scheduled = {**sent, "Name": "scheduled", "Schedule": {"StartTime": later, "EndTime": later + 3600}}
    ask(lives, "CreateInferenceExperiment", **scheduled)
    return {"Name": "scheduled"}


def alert(lives: Lives) -> Params:
    """Name the alert of a monitoring schedule."""
    schedule = naming(lives.needed("MonitoringSchedule"), "MonitoringScheduleName")
    listed = ask(lives, "ListMonitoringAlerts", **schedule)["MonitoringAlertSummaries"]
    return {**schedule, "MonitoringAlertName": listed[0]["MonitoringAlertName"]}


def running_training_job(lives: Lives) -> Params:
    """Make a training job that is still on its way."""
    job = naming(lives.needed("TrainingJob"), "TrainingJobName")
    lives.emulator.settings.pace = Pace("manual")
    return {"ResourceConfig": None, **job}


PREPARED: Mapping[str, Callable[[Lives], Params]] = {
    "AddAssociation": source_and_destination,
    "AddTags": tagged,
    "AttachClusterNodeNetworkInterface": node,
    "AttachClusterNodeVolume": volume,
    "BatchAddClusterNodes": nodes_to_add,
    "BatchDeleteClusterNodes": nodes,
    "BatchRebootClusterNodes": nodes,
    "BatchReplaceClusterNodes": nodes,
    "CreateAutoMLJobV2": automl_job,
    "CreateEndpointConfig": shadowed,
    "CreateHubContentPresignedUrls": hub_content,
    "CreatePartnerAppPresignedUrl": partner_app,
    "CreatePresignedDomainUrl": user_of_iam_domain,
    "DeleteAssociation": association,
    "DeleteEndpointPolicy": endpoint_policy,
    "DeleteHubContent": hub_content,
    "DeleteHubContentReference": hub_reference,
    "DeleteModelPackageGroupPolicy": group_policy,
    "DeleteTags": tagged,
    "DeregisterDevices": devices,
    "DescribeAutoMLJobV2": automl_job_described,
    "DescribeClusterEvent": cluster_event,
    "DescribeClusterNode": of_node,
    "DescribeClusterOperation": cluster_operation,
    "DescribeDevice": device,
    "DescribeFeatureMetadata": feature,
    "DescribeHubContent": hub_content,
    "DescribeLineageGroup": lineage_group,
    "DescribeReservedCapacity": reserved_capacity,
    "DetachClusterNodeVolume": attached_volume,
    "DisassociateTrialComponent": component_of_trial,
    "ExtendTrainingPlan": extension,
    "GetEndpointPolicy": endpoint_policy,
    "GetModelPackageGroupPolicy": group_policy,
    "GetScalingConfigurationRecommendation": recommendation,
    "ListHubContentVersions": content,
    "ListPipelineExecutionSteps": failed_execution,
    "ListStageDevices": stage,
    "ListTags": tagged,
    "ListTrialComponents": components_of_trial,
    "ListUltraServersByReservedCapacity": reserved_capacity,
    "PutEndpointPolicy": endpoint,
    "QueryLineage": lineage_start,
    "RetryPipelineExecution": failed_execution,
    "Search": search,
    "SendPipelineExecutionStepFailure": waiting_step,
    "SendPipelineExecutionStepSuccess": waiting_step,
    "StartClusterHealthCheck": health_check,
    "StartEdgeDeploymentStage": stage,
    "StartInferenceExperiment": scheduled_experiment,
    "StartPipelineExecution": parameterised,
    "StartSession": space,
    "UpdateCluster": cluster_change,
    "UpdateClusterSoftware": software,
    "UpdateDevices": devices_to_change,
    "UpdateFeatureMetadata": feature,
    "UpdateHubContent": hub_content,
    "UpdateHubContentReference": hub_reference,
    "UpdateModelPackage": version_of_package,
    "UpdateMonitoringAlert": alert,
    "UpdatePipeline": redefined,
    "UpdateTrainingJob": running_training_job,
}
