"""Endpoints: how they are deployed is shown as how they were last deployed."""

from emulator.registry.departure import Departure

TYPE = Departure(names={"DeploymentConfig": "LastDeploymentConfig"})
