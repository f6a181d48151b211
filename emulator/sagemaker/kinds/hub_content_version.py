"""Hub content versions: what was imported into a hub, or what a hub refers to in the public one."""

from emulator.aws import errors
from emulator.aws.errors import IN_USE, Refusal
from emulator.engine.kind import Kind, Listing, Parent
from emulator.sagemaker.rules.semantic_versions import at_least, at_most

KIND = Kind(
    "HubContentVersion",
    title="HubContent",
    keys=(("HubName", "HubContentType", "HubContentName", "HubContentVersion"),),
    arn="hub-content/{HubName}/{HubContentType}/{HubContentName}/{HubContentVersion}",
    arn_member="HubContentArn",
    taggable=False,
    operations={
        "Create": "ImportHubContent",
        "Describe": "DescribeHubContent",
        "Update": "UpdateHubContent",
        "Delete": "DeleteHubContent",
    },
    status="HubContentStatus",
    parents=(
        Parent(
            "Hub",
            by="HubName",
            ready=frozenset({"InService", "Updating", "UpdateFailed", "DeleteFailed"}),
            not_ready=Refusal(IN_USE, errors.INVALID_STATE),
            orphans=Refusal(IN_USE, errors.HAS_CHILDREN),
        ),
    ),
    listing=Listing(
        choose={
            "MinVersion": lambda least, members: at_least(members["HubContentVersion"], least),
            "MaxSchemaVersion": lambda most, members: at_most(members["DocumentSchemaVersion"], most),
        },
    ),
)
