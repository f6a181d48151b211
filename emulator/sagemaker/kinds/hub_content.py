"""Hub contents: what is published in a hub under one name. It carries the tags; what it holds is in its versions."""

from emulator.aws.errors import NAME_DOES_NOT_EXIST, NOT_FOUND, Refusal
from emulator.engine.kind import Kind, Parent

KIND = Kind(
    "HubContent",
    keys=(("HubName", "HubContentType", "HubContentName"),),
    arn="hub-content/{HubName}/{HubContentType}/{HubContentName}",
    arn_member="HubContentArn",
    taggable=True,
    operations={"Describe": ""},  # what Describe tells is told by the versions
    missing=Refusal(NOT_FOUND, NAME_DOES_NOT_EXIST),
    parents=(Parent("Hub", by="HubName"),),
)
