"""Feature metadata: what is said about each feature of a group. It comes and goes with the group's definitions."""

from emulator.engine.kind import Kind, Making, Parent


def group(making: Making) -> str:
    """Return the ARN of the group: features have none that the service shows."""
    own: str = making.members["FeatureGroupArn"]
    return own.partition("/feature/")[0]


KIND = Kind(
    "FeatureMetadata",
    keys=(("FeatureGroupName", "FeatureName"),),
    arn="feature-group/{FeatureGroupName}/feature/{FeatureName}",
    shown={"FeatureGroupArn": group},
    parents=(Parent("FeatureGroup", by="FeatureGroupName"),),
)
