"""Which topic (a module of ``operations``) answers which operation, so that it is loaded when it is first needed."""

TOPICS = {
    "AddTags": "tags",
    "BatchDescribeModelPackage": "model_packages",
    "CreateAutoMLJobV2": "automl",
    "CreateEndpoint": "endpoints",
    "CreateInferenceComponent": "inference_components",
    "CreateInferenceExperiment": "inference_experiments",
    "CreateInferenceRouter": "inference_routers",
    "DeleteAIWorkloadConfig": "ai_workload_configs",
    "DeleteEndpointPolicy": "endpoints",
    "DeleteTags": "tags",
    "DeleteTrainingJob": "training_jobs",
    "DescribeAutoMLJob": "automl",
    "DescribeAutoMLJobV2": "automl",
    "DescribeInferenceExperiment": "inference_experiments",
    "DescribeInferenceRouter": "inference_routers",
    "DescribeJobSchemaVersion": "job_schemas",
    "GetEndpointPolicy": "endpoints",
    "GetScalingConfigurationRecommendation": "inference_recommendations",
    "ListAliases": "image_versions",
    "ListCandidatesForAutoMLJob": "automl",
    "ListInferenceRecommendationsJobSteps": "inference_recommendations",
    "ListJobSchemaVersions": "job_schemas",
    "ListLabelingJobsForWorkteam": "labeling_jobs",
    "ListTags": "tags",
    "ListTrainingJobs": "training_jobs",
    "ListTrainingJobsForHyperParameterTuningJob": "tuning",
    "PutEndpointPolicy": "endpoints",
    "StartInferenceExperiment": "inference_experiments",
    "StopInferenceExperiment": "inference_experiments",
    "UpdateEndpoint": "endpoints",
    "UpdateEndpointWeightsAndCapacities": "endpoints",
    "UpdateInferenceComponent": "inference_components",
    "UpdateInferenceComponentRuntimeConfig": "inference_components",
    "UpdateInferenceExperiment": "inference_experiments",
    "UpdateInferenceRouter": "inference_routers",
    "UpdateTrainingJob": "training_jobs",
}

# The topics that act when a resource of a kind is created, changes its state, or ends: their function ``follow``.
FOLLOWS: dict[str, tuple[str, ...]] = {
    "AutoMLJob": ("automl",),
    "HyperParameterTuningJob": ("tuning",),
    "TrainingJob": ("training_jobs",),
}

# The topics that act when members of such a resource change and its state does not: their function ``changed``.
CHANGES: dict[str, tuple[str, ...]] = {}

# The topic that does the work of a kind whose life says that it works: its function ``work``.
WORKS: dict[str, str] = {
    "HyperParameterTuningJob": "tuning",
    "PipelineExecution": "pipeline_executions",
}
