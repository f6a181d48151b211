"""Flow definitions: when and how people review, by which team and with which UI."""

from emulator.engine.kind import Kind, Reference


def is_private(text: str) -> bool:
    """Say whether a team is one of the caller's own; others are AWS's or a vendor's."""
    return "/private-crowd/" in text


KIND = Kind(
    "FlowDefinition",
    references=(
        Reference("HumanLoopConfig.WorkteamArn", "Workteam", when=is_private),
        Reference("HumanLoopConfig.HumanTaskUiArn", "HumanTaskUi"),
    ),
)
