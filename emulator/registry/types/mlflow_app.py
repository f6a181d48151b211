"""MLflow apps: their id is what tells them apart, and what no call shows by itself."""

from emulator.engine.resource import ARN_ID
from emulator.registry.departure import Departure

TYPE = Departure(keys={"MlflowAppId": ARN_ID})
