"""Mixed load at full speed for long, with flat memory and no error: ``python -m benchmarks.soak --seconds 3600``.

Each worker takes resources of its own through their lives, over and over: what it created is described, listed,
tagged, changed and deleted, each answer is looked at, and what is tracked of it in lineage is cleared away. At the end
nothing is left, and the process is no larger than it was when every kind had been through a few rounds.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import threading
from collections import Counter
from collections.abc import Callable
from http.client import HTTPConnection
from time import monotonic, sleep
from typing import Any

from benchmarks.calls import IMAGE, ROLE, model, request
from benchmarks.servers import Server, exchange, running

WORKERS = 8
SAMPLES = 20
WARM = 0.25  # of the time: by then every cache is full
GROWTH = 1.05  # of the memory since: what an allocator keeps to itself, and no more


class Worker(threading.Thread):
    """One client with a connection of its own."""

    def __init__(self, server: Server, number: int, until: float) -> None:
        super().__init__(daemon=True)
        self.connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
        self.number, self.until = number, until
        self.counts: Counter[str] = Counter()
        self.error: Exception | None = None

    def run(self) -> None:
        """Take resources through their lives until the time is over."""
        turn = 0
        try:
            while monotonic() < self.until:
                turn += 1
                for life in LIVES:
                    life(self, f"w{self.number}-{turn}")
        except Exception as error:
            self.error = error

    def call(self, operation: str, **params: Any) -> Any:
        """Return the answer of a call; RuntimeError if it is refused."""
        body = exchange(self.connection, request(operation, params))
        self.counts[operation] += 1
        return json.loads(body) if body else None

    def gone(self, operation: str, **params: Any) -> None:
        """Look until what was deleted is gone, as a client's waiter does."""
        with contextlib.suppress(RuntimeError):
            while True:
                self.call(operation, **params)


def _model(one: Worker, name: str) -> None:
    arn = one.call("CreateModel", **model(name))["ModelArn"]
    assert one.call("DescribeModel", ModelName=name)["ModelArn"] == arn
    one.call("AddTags", ResourceArn=arn, Tags=[{"Key": "turn", "Value": name}])
    assert {tag["Key"] for tag in one.call("ListTags", ResourceArn=arn)["Tags"]} == {"team", "stage", "turn"}
    found = one.call("ListModels", NameContains=name, MaxResults=100)["Models"]
    assert all(name in model["ModelName"] for model in found)
    one.call("DeleteModel", ModelName=name)


def _package(one: Worker, name: str) -> None:
    one.call("CreateModelPackageGroup", ModelPackageGroupName=name)
    inference = {"Containers": [{"Image": IMAGE}], "SupportedContentTypes": ["text/csv"]}
    said = {"ModelPackageGroupName": name, "InferenceSpecification": inference}
    arns = [one.call("CreateModelPackage", **said)["ModelPackageArn"] for _ in range(3)]
    one.call("UpdateModelPackage", ModelPackageArn=arns[-1], ModelApprovalStatus="Approved")
    [approved] = one.call("ListModelPackages", ModelPackageGroupName=name, ModelApprovalStatus="Approved")[
        "ModelPackageSummaryList"
    ]
    assert approved["ModelPackageArn"] == arns[-1]
    for arn in arns:
        one.call("DeleteModelPackage", ModelPackageName=arn)
        _untrack(one, arn)
    one.call("DeleteModelPackageGroup", ModelPackageGroupName=name)
    one.gone("DescribeModelPackageGroup", ModelPackageGroupName=name)
    _untrack(one, arns[0].rpartition("/")[0].replace(":model-package/", ":model-package-group/"))


def _image(one: Worker, name: str) -> None:
    one.call("CreateImage", ImageName=name, RoleArn=ROLE)
    one.call("CreateImageVersion", ImageName=name, BaseImage=IMAGE, ClientToken=name, Aliases=["latest"])
    assert one.call("DescribeImageVersion", ImageName=name, Alias="latest")["Version"] == 1
    one.call("DeleteImage", ImageName=name)
    one.gone("DescribeImage", ImageName=name)


def _endpoint(one: Worker, name: str) -> None:
    one.call("CreateModel", **model(name))
    variant = {"VariantName": "all", "ModelName": name, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    one.call("CreateEndpointConfig", EndpointConfigName=name, ProductionVariants=[variant])
    arn = one.call("CreateEndpoint", EndpointName=name, EndpointConfigName=name)["EndpointArn"]
    assert one.call("DescribeEndpoint", EndpointName=name)["EndpointStatus"] == "InService"
    one.call("DeleteEndpoint", EndpointName=name)
    one.gone("DescribeEndpoint", EndpointName=name)
    _untrack(one, arn)
    one.call("DeleteEndpointConfig", EndpointConfigName=name)
    one.call("DeleteModel", ModelName=name)


def _untrack(one: Worker, source: str) -> None:
    """Clear away what lineage tracks of a source, which outlives it, as on AWS."""
    for kind in ("Artifact", "Action", "Context"):
        named = "ArtifactArn" if kind == "Artifact" else f"{kind}Name"
        for found in one.call(f"List{kind}s", SourceUri=source)[f"{kind}Summaries"]:
            arn = found[f"{kind}Arn"]
            for end in ("SourceArn", "DestinationArn"):
                for pair in one.call("ListAssociations", **{end: arn}, MaxResults=100)["AssociationSummaries"]:
                    one.call("DeleteAssociation", SourceArn=pair["SourceArn"], DestinationArn=pair["DestinationArn"])
            one.call(f"Delete{kind}", **{named: found[named]})


LIVES: tuple[Callable[[Worker, str], None], ...] = (_model, _package, _image, _endpoint)


def soak(seconds: float) -> tuple[Counter[str], list[float]]:
    """Return how often each operation was answered, and the MiB of the server over time; AssertionError if it fails."""
    with running("emulator") as server:
        began = monotonic()
        workers = [Worker(server, number, began + seconds) for number in range(WORKERS)]
        for worker in workers:
            worker.start()
        weights = []
        for sample in range(1, SAMPLES + 1):
            sleep(max(0.0, began + seconds * sample / SAMPLES - monotonic()))
            weights.append(server.memory())
        for worker in workers:
            worker.join()
            assert worker.error is None, worker.error
        for listed, members in (("ListModels", "Models"), ("ListImages", "Images"), ("ListEndpoints", "Endpoints")):
            left = json.loads(server.ask(request(listed, {})))[members]
            assert not left, f"{listed} tells of {left}"
    counts = sum((worker.counts for worker in workers), Counter())
    for created, deleted in (("CreateModel", "DeleteModel"), ("CreateModelPackage", "DeleteModelPackage")):
        assert counts[created] == counts[deleted], counts
    warm = max(weights[: int(SAMPLES * WARM)])
    assert max(weights[int(SAMPLES * WARM) :]) <= warm * GROWTH + 1, weights
    return counts, weights


def main() -> None:
    """Soak, and tell how it went."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3600)
    said = parser.parse_args()
    try:
        counts, weights = soak(said.seconds)
    except AssertionError as error:
        sys.exit(f"soak: FAILED: {error}")
    print(f"soak: {counts.total():,} calls in {said.seconds:.0f} s, none failed, nothing is left")
    print("soak: MiB over time:", *(f"{weight:.1f}" for weight in weights))


if __name__ == "__main__":
    main()
