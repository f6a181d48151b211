"""Which topic (a module of ``operations``) answers which operation, so that it is loaded when it is first needed."""

TOPICS = {
    "AddTags": "tags",
    "BatchDescribeModelPackage": "model_packages",
    "CreateEndpoint": "endpoints",
    "CreateInferenceComponent": "inference_components",
    "CreateInferenceRouter": "inference_routers",
    "DeleteEndpointPolicy": "endpoints",
    "DeleteTags": "tags",
    "DescribeInferenceExperiment": "inference_experiments",
    "DescribeInferenceRouter": "inference_routers",
    "GetEndpointPolicy": "endpoints",
    "GetScalingConfigurationRecommendation": "inference_recommendations",
    "ListAliases": "image_versions",
    "ListInferenceRecommendationsJobSteps": "inference_recommendations",
    "ListTags": "tags",
    "PutEndpointPolicy": "endpoints",
    "StartInferenceExperiment": "inference_experiments",
    "StopInferenceExperiment": "inference_experiments",
    "UpdateEndpoint": "endpoints",
    "UpdateEndpointWeightsAndCapacities": "endpoints",
    "UpdateInferenceComponent": "inference_components",
    "UpdateInferenceComponentRuntimeConfig": "inference_components",
    "UpdateInferenceExperiment": "inference_experiments",
    "UpdateInferenceRouter": "inference_routers",
}

# The topics that act when a resource of a kind is created, changes its state, or ends: their function ``follow``.
FOLLOWS: dict[str, tuple[str, ...]] = {}

# The topic that does the work of a kind whose life says that it works: its function ``work``.
WORKS: dict[str, str] = {"PipelineExecution": "pipeline_executions"}
