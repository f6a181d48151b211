"""Which topic (a module of ``operations``) answers which operation, so that it is loaded when it is first needed."""

TOPICS = {
    "AddTags": "tags",
    "BatchDescribeModelPackage": "model_packages",
    "CreateAutoMLJobV2": "automl",
    "CreateEndpoint": "endpoints",
    "CreateInferenceComponent": "inference_components",
    "CreateInferenceExperiment": "inference_experiments",
    "CreateInferenceRouter": "inference_routers",
    "CreatePipeline": "pipelines",
    "DeleteAIWorkloadConfig": "ai_workload_configs",
    "DeleteEndpointPolicy": "endpoints",
    "DeletePipeline": "pipelines",
    "DeleteTags": "tags",
    "DeleteTrainingJob": "training_jobs",
    "DescribeAutoMLJob": "automl",
    "DescribeAutoMLJobV2": "automl",
    "DescribeInferenceExperiment": "inference_experiments",
    "DescribeInferenceRouter": "inference_routers",
    "DescribeJobSchemaVersion": "job_schemas",
    "DescribePipeline": "pipelines",
    "DescribePipelineDefinitionForExecution": "pipeline_executions",
    "DescribePipelineExecution": "pipeline_executions",
    "GetEndpointPolicy": "endpoints",
    "GetScalingConfigurationRecommendation": "inference_recommendations",
    "ListAliases": "image_versions",
    "ListCandidatesForAutoMLJob": "automl",
    "ListInferenceRecommendationsJobSteps": "inference_recommendations",
    "ListJobSchemaVersions": "job_schemas",
    "ListLabelingJobsForWorkteam": "labeling_jobs",
    "ListPipelineExecutionSteps": "pipeline_executions",
    "ListPipelineExecutions": "pipeline_executions",
    "ListPipelineParametersForExecution": "pipeline_executions",
    "ListTags": "tags",
    "ListTrainingJobs": "training_jobs",
    "ListTrainingJobsForHyperParameterTuningJob": "tuning",
    "PutEndpointPolicy": "endpoints",
    "RetryPipelineExecution": "pipeline_executions",
    "SendPipelineExecutionStepFailure": "pipeline_executions",
    "SendPipelineExecutionStepSuccess": "pipeline_executions",
    "StartInferenceExperiment": "inference_experiments",
    "StartPipelineExecution": "pipeline_executions",
    "StopInferenceExperiment": "inference_experiments",
    "StopPipelineExecution": "pipeline_executions",
    "UpdateEndpoint": "endpoints",
    "UpdateEndpointWeightsAndCapacities": "endpoints",
    "UpdateInferenceComponent": "inference_components",
    "UpdateInferenceComponentRuntimeConfig": "inference_components",
    "UpdateInferenceExperiment": "inference_experiments",
    "UpdateInferenceRouter": "inference_routers",
    "UpdatePipeline": "pipelines",
    "UpdatePipelineVersion": "pipelines",
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
