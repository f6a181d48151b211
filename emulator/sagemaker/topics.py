"""Which topic (a module of ``operations``) answers which operation, so that it is loaded when it is first needed."""

TOPICS = {
    "AddTags": "tags",
    "BatchDescribeModelPackage": "model_packages",
    "DeleteTags": "tags",
    "ListAliases": "image_versions",
    "ListTags": "tags",
}

# The topics that act when a resource of a kind is created, changes its state, or ends: their function ``follow``.
FOLLOWS: dict[str, tuple[str, ...]] = {}

# The topic that does the work of a kind whose life says that it works: its function ``work``.
WORKS: dict[str, str] = {"PipelineExecution": "pipeline_executions"}
