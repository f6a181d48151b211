"""Inference components: how one is deployed is said with an update."""

from emulator.registry.departure import Departure

TYPE = Departure(
    unsent={"EndpointArn": "the endpoint's name tells it"},
    unread={
        "Specification.CurrentDataCacheConfig": "the service does not say it",
        "Specifications[].CurrentDataCacheConfig": "the service does not say it",
    },
)
