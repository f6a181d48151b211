"""Mixed load at full speed for long, with flat memory and no error: ``python -m benchmarks.soak --seconds 3600``.

Each worker takes resources of its own through their lives, over and over: what it created is described, listed,
tagged, changed and deleted, each answer is looked at, and what is tracked of it in lineage is cleared away. At the end
nothing is left of them, and the server is no larger than it was when every kind had been through many rounds.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple

from benchmarks.calls import IMAGE, ROLE, model, request
from benchmarks.servers import Server, exchange, running
from benchmarks.where import where

PAGE = Path(__file__).parent.parent / "docs" / "soak.md"
WORKERS = 8
SAMPLES = 20
WARM = SAMPLES // 4  # by then every cache is full
GROWTH = 1.05  # of the memory since: what an allocator keeps to itself, and no more
KINDS = ("Model", "ModelPackageGroup", "ModelPackage", "Image", "EndpointConfig", "Endpoint")
SHARED = {"Artifact": 2}  # what lineage keeps of the image and of the model's data, which all resources name
HEAD = """\
# Soak

Mixed load at full speed, with flat memory and no error. Eight clients, each over a connection of its own, take models,
versions in groups, images and endpoints through their lives, over and over: what they created is described, listed,
tagged, changed and deleted, each answer is looked at, and what lineage tracks of it is cleared away. It fails if a call
does, if anything is left at the end, or if the server ever holds a twentieth more memory than it did within the first
quarter of the time.

Let it bear that on your machine, for an hour, which writes this page anew:

```shell
make soak
```
"""


class Worker(threading.Thread):
    """One client with a connection of its own."""

    def __init__(self, server: Server, number: int, until: float) -> None:
        super().__init__(daemon=True)
        self.connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
        self.number, self.until = number, until
        self.counts: Counter[str] = Counter()
        self.error = ""

    def run(self) -> None:
        """Take resources through their lives until the time is over."""
        turn = 0
        try:
            while monotonic() < self.until:
                turn += 1
                for life in LIVES:
                    life(self, f"w{self.number}-{turn}")
        except Exception:
            self.error = traceback.format_exc()

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


class Sample(NamedTuple):
    """How far it has come."""

    seconds: float
    calls: int
    memory: float  # MiB


def soak(seconds: float) -> list[Sample]:
    """Return how it went; AssertionError if it fails."""
    with running("emulator") as server:
        began = monotonic()
        workers = [Worker(server, number, began + seconds) for number in range(WORKERS)]
        for worker in workers:
            worker.start()
        samples = []
        for turn in range(1, SAMPLES + 1):
            sleep(max(0.0, began + seconds * turn / SAMPLES - monotonic()))
            samples.append(Sample(monotonic() - began, _counts(workers).total(), server.memory()))
        for worker in workers:
            worker.join()
        left = _left(server)
    counts = _counts(workers)
    for kind in KINDS:
        created, deleted = counts[f"Create{kind}"], counts[f"Delete{kind}"]
        assert 0 < created == deleted, f"{kind}: {created} were created, {deleted} deleted"
    assert left == SHARED, f"left is {left}"
    warm, later = _peaks(samples)
    assert later <= warm * GROWTH + 1, f"the server grew from {warm:.1f} to {later:.1f} MiB"
    return samples


def _counts(workers: Iterable[Worker]) -> Counter[str]:
    """Return how often each operation was answered; AssertionError if a call failed or its answer was wrong."""
    for worker in workers:
        assert not worker.error, f"a worker met this:\n{worker.error}"
    return sum((worker.counts.copy() for worker in workers), Counter())  # copies: they go on counting


def _left(server: Server) -> dict[str, int]:
    """Return how many resources of each kind there are."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/_emulator/state")
    places = json.loads(connection.getresponse().read())["places"]
    connection.close()
    return {kind: len(some) for place in places for kind, some in place["resources"].items()}


def _peaks(samples: Sequence[Sample]) -> tuple[float, float]:
    """Return the most MiB that the server held while it grew warm, and since."""
    weights = [sample.memory for sample in samples]
    return max(weights[:WARM]), max(weights[WARM:])


def _verdict(samples: Sequence[Sample]) -> tuple[str, str]:
    last, (warm, later) = samples[-1], _peaks(samples)
    return (
        f"{last.calls:,} calls in {_time(last.seconds)}: none failed, nothing is left.",
        f"The server held up to {warm:.1f} MiB within the first quarter, and up to {later:.1f} MiB since.",
    )


def _time(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 120 else f"{seconds:.0f} s"


def _page(samples: Sequence[Sample]) -> Iterator[str]:
    yield HEAD
    yield from _verdict(samples)
    yield "\n| after | calls | memory |\n| ---: | ---: | ---: |"
    for sample in samples:
        yield f"| {_time(sample.seconds)} | {sample.calls:,} | {sample.memory:.1f} MiB |"
    yield "\n## Where\n"
    yield from where()


def main() -> None:
    """Soak, and tell how it went."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--write", action="store_true", help="write docs/soak.md")
    said = parser.parse_args()
    try:
        samples = soak(said.seconds)
    except AssertionError as error:
        sys.exit(f"soak: FAILED: {error}")
    for sentence in _verdict(samples):
        print(f"soak: {sentence}")
    print("soak: MiB over time:", *(f"{sample.memory:.1f}" for sample in samples))
    if said.write:
        PAGE.write_text("\n".join(_page(samples)) + "\n", "utf-8")


if __name__ == "__main__":
    main()
