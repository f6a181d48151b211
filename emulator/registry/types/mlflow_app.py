"""MLflow apps: their id is the end of their ARN."""

from typing import Any

from emulator.registry.departure import Departure


def app_id(described: dict[str, Any]) -> str:
    """Return the id that the service made up."""
    arn: str = described["Arn"]
    return arn.rpartition("/")[2]


TYPE = Departure(shown={"MlflowAppId": app_id})
