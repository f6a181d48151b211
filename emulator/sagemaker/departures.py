"""Where the emulator is known to differ from SageMaker, by what it is about: said here, shown on the coverage page."""

from __future__ import annotations

from collections.abc import Mapping

EVERYWHERE = (
    "Container images are never looked at; roles and models' data only where IAM and S3 are in use.",
    "Permissions are not checked.",
    "Marketplace and other accounts' resources are believed to exist; nothing is shared between accounts.",
    "An enum's values stand in messages in the model's order; AWS prints them in the order of Java's hashes.",
    "`NameContains` minds case; what AWS does is not known.",
    "The server writes header names in its own case, as `X-Amzn-Requestid`.",
)

_MADE_UP_URL = "Hosts of URLs are plausible, not observed; nothing answers there."

# By the headings of the coverage page.
DEPARTURES: Mapping[str, tuple[str, ...]] = {
    "AIBenchmarkJob": ("Results are computed from the input, not measured.",),
    "AIRecommendationJob": ("Recommendations are computed from the input, not measured.",),
    "Action": ("The names of actions that SageMaker makes by itself are partly guessed.",),
    "App": ("Deleted apps vanish with their user profile or space.",),
    "AutoMLJob": (
        "Ten candidates are tried where no limit is set; their steps are ARNs with no jobs behind them.",
        "All problem types go through the same phases; a missing one is taken to be binary classification.",
        "No experiments or trials are made.",
        "Names that differ only by case are two names.",
    ),
    "Cluster": (
        "`1.0.0` is the latest image release; scheduled updates, patching and autoscaling are only echoed.",
        "The first scaling is not recorded as an operation; events are recorded without continuous provisioning too.",
    ),
    "ClusterExtension": ("The one extension and its versions are invented; its settings are not checked.",),
    "ClusterNode": ("Nodes are replaced when asked, never by themselves.",),
    "ClusterSchedulerConfig": (
        "`TargetVersion` must equal the present version; only the code of that conflict is documented.",
        "A deleted one is shown as Deleted for a day.",
    ),
    "CompilationJob": ("A job made from a model package shows no `InputConfig`.",),
    "ComputeQuota": (
        "`TargetVersion` must equal the present version; only the code of that conflict is documented.",
        "A deleted one is shown as Deleted for a day.",
    ),
    "Context": ("The names of contexts that SageMaker makes by itself are partly guessed.",),
    "DataQualityJobDefinition": (
        "Data capture on the endpoint is not required.",
        "A definition that monitors only batch transforms shows no `EndpointName` in lists.",
        "`EndOfJob` and 3600 seconds as defaults are guesses.",
    ),
    "Device": ("Devices have no heartbeats, so none counts as connected; registering one twice is refused.",),
    "Domain": ("Settings come back as they were sent; AWS fills in more.", "Single sign-on ids are invented."),
    "Edge deployments": ("Devices of a stage that was stopped count as failed.",),
    "Endpoint": (
        "A deployment goes once through its phases: batches, canaries and waits are not played out.",
        "Variants have no status messages; captured data and asynchronous answers are written nowhere.",
        "An update that fails rolls back; a rollback that fails cannot be asked for.",
        "What serverless variants exclude, such as instances beside them, is checked within a variant only.",
        "Names that differ only by case are two names.",
    ),
    "FeatureGroup": ("Describe never pages the features; nothing is written to an offline store.",),
    "Fixed lists": ("Model metadata are a small sample.",),
    "Hub": ("SageMaker's public hub has no contents here.",),
    "HubContent": ("The document of a reference is `{}`, its version the `MinVersion`.",),
    "HumanTaskUi": (_MADE_UP_URL,),
    "HyperParameterTuningJob": (
        "Metric values are chance; every strategy but Grid draws at random.",
        "Lists show ARNs in the case they were made with; AWS lower-cases them there.",
        "Deleting one that does not exist is refused; AWS may let it pass.",
        "No experiments or trials are made.",
    ),
    "Image": ("Search finds images, but the model has no member to show them in.",),
    "ImageVersion": (
        "Versions of two images whose names differ only by case have the same ARN.",
        "A version can be made while its image is UPDATING; AWS was seen to refuse only after CREATE_FAILED.",
        "`ContainerImage` is a digest of the name, not of an image.",
    ),
    "InferenceComponent": ("Deleting a base component does not look at its adapters.",),
    "InferenceExperiment": (
        "The endpoint's fleet is left as it is; variant names in actions are not checked against it.",
    ),
    "InferenceRecommendationsJob": ("Recommendations are computed from the input, not measured.",),
    "InferenceRouter": ("Requests reach destinations of the same account and region only.",),
    "Job": ("Documents of jobs are not checked; the only schema version is 1.0.0.",),
    "LabelingJob": ("Only what `MaxHumanLabeledObjectCount` names is counted, for the data set is not read.",),
    "Lineage": ("The policy of a group cannot be read: nobody can share one.",),
    "MlflowApp": (
        "A deleted app is shown for a day, by analogy with Studio's.",
        "The default version of MLflow is plausible, not observed.",
        _MADE_UP_URL,
    ),
    "MlflowTrackingServer": ("The default version of MLflow is plausible, not observed.", _MADE_UP_URL),
    "Model": (
        "A package can be made a model of whatever its status and its approval; what AWS refuses there is not known.",
        "The size of an environment is not limited in all.",
    ),
    "ModelBiasJobDefinition": ("As for DataQualityJobDefinition.",),
    "ModelCard": ("The content is checked by its sections and main rules, not by the whole schema.",),
    "ModelExplainabilityJobDefinition": ("As for DataQualityJobDefinition.",),
    "ModelPackage": (
        "`SkipModelValidation` changes nothing: profiles go the way of the package.",
        "`ImageDigest` is a digest of the name, not of an image.",
        "That CertifyForMarketplace is not for versions is not checked.",
    ),
    "ModelQualityJobDefinition": ("As for DataQualityJobDefinition.",),
    "Monitoring alerts": ("An alert is called after its schedule; the real name is not known.",),
    "MonitoringSchedule": (
        "Executions find violations only if the schedule's tag `emulator:monitoring-violations` says how many.",
        "Of cron expressions those that AWS documents for monitoring are known.",
    ),
    "NotebookInstance": (_MADE_UP_URL,),
    "PartnerApp": (
        "A deleted app is shown for a day, by analogy with Studio's.",
        "The default version and single sign-on ids are invented.",
        _MADE_UP_URL,
    ),
    "Pipeline": (
        "A definition in S3 is refused where S3 is not in use.",
        "Steps of the newest types (Athena, Bedrock, Cleanup, ForEach, HubContent, Job, Lineage) are refused.",
    ),
    "PipelineExecution": (
        "Property files and Lambda outputs are said by tags of the pipeline, for there is no S3 and no Lambda.",
        "Lambda and EMR steps succeed at once; quality and bias checks find nothing; callbacks never time out.",
        "When a step fails, what runs beside it finishes and nothing new begins; AWS does not document this.",
    ),
    "Presigned urls": (_MADE_UP_URL,),
    "ProcessingJob": ("No container runs: a job ends well unless a failure is asked for.",),
    "Project": ("One with neither a product nor a template is accepted; nothing is provisioned.",),
    "Search": (
        "The texts for unknown properties and operators, and the page of ten, are guesses.",
        "Endpoints and models are shown without their monitoring schedules, models without their card.",
    ),
    "TrainingJob": (
        "Metric values are chance; spot instances are billed at 30 %; built-in algorithms' metrics are not filled in.",
        "Only a new job with `KeepAlivePeriodInSeconds` takes a warm pool.",
        "`MaxRuntimeExceeded`, `Interrupted` and `MaxWaitTimeExceeded` never happen.",
    ),
    "TrainingPlan": (
        "Offerings and prices are invented, and belong to no account.",
        "What is in use is counted from cluster nodes only.",
    ),
    "TransformJob": ("No container runs: a job ends well unless a failure is asked for.",),
    "TrialComponent": ("Tags of a component that a job made are found only after something has looked at lineage.",),
    "UserProfile": ("Settings come back as they were sent; AWS fills in more.",),
    "Workforce": ("There is no marketplace: no work team is ever subscribed to.", _MADE_UP_URL),
}
