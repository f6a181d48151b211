"""Whether calls slow down as records grow: pages in every order, describe, create, delete; a flat kind and versions."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import boto3

from benchmarks.calls import IMAGE, model
from benchmarks.rounds import Figure, interleaved, seconds
from benchmarks.row import Curve
from benchmarks.testing import SAID
from emulator import SageMaker
from emulator.aws.call import Call
from emulator.interfaces.server import settle_down
from emulator.sagemaker.service import sagemaker

PAGES = "A page of ten among ever more models"
SIZES = (10**3, 10**4, 10**5, 10**6)
PATIENCE = 10**5  # models among which moto is still asked: among ten times as many, a page would take most of a minute
SORTS = ("CreationTime", "Name")  # all that lists of both kinds know
AIM = "<= 1.5"


class Grown:
    """An emulator with so many records of a kind."""

    kind: str
    section: str
    lists: Mapping[str, Mapping[str, str]]  # what is listed, and how it is asked for

    def __init__(self, size: int) -> None:
        self.emulator, self.size = sagemaker(), size
        self.emulator.history.keep(0)
        self.begin()
        for number in range(size):
            self.create(number)
        self.emulator.history.keep(1000)

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        """Return the answer of a call."""
        return self.emulator.answer(Call(operation, params, "123456789012", "us-east-1")) or {}

    def begin(self) -> None:
        """Create what the records need."""

    def create(self, number: int) -> None:
        """Create one more."""
        raise NotImplementedError

    def name(self, number: int) -> dict[str, str]:
        """Return what names one of them."""
        raise NotImplementedError


class Models(Grown):
    """Records that stand side by side."""

    kind = "Model"
    section = "Growth of models"
    lists: Mapping[str, Mapping[str, str]] = {"": {}}

    def create(self, number: int) -> None:
        """Create one more."""
        self.call("CreateModel", **model(f"m-{number:08}"))

    def name(self, number: int) -> dict[str, str]:
        """Return what names one of them."""
        return {"ModelName": f"m-{number:08}"}


class Versions(Grown):
    """Records that are numbered within one group."""

    kind = "ModelPackage"
    section = "Growth of the versions in a group"
    lists: Mapping[str, Mapping[str, str]] = {
        "": {"ModelPackageGroupName": "g"},
        " of all groups": {"ModelPackageType": "Versioned"},
    }

    def begin(self) -> None:
        """Create their group."""
        self.call("CreateModelPackageGroup", ModelPackageGroupName="g")

    def create(self, number: int) -> None:  # noqa: ARG002 - the group counts by itself
        """Create one more."""
        containers = {"Containers": [{"Image": IMAGE}], "SupportedContentTypes": [], "SupportedResponseMIMETypes": []}
        self.call("CreateModelPackage", ModelPackageGroupName="g", InferenceSpecification=containers)

    def name(self, number: int) -> dict[str, str]:
        """Return what names one of them."""
        return {"ModelPackageName": f"arn:aws:sagemaker:us-east-1:123456789012:model-package/g/{number + 1}"}


def measure(*, quick: bool) -> list[Curve]:
    """Return how long calls take among ever more records."""
    sizes, rounds = (SIZES[:2], 3) if quick else (SIZES, 15)
    curves: list[Curve] = []
    pages: list[Curve] = []
    for kind in (Models, Versions):
        with _settled():
            every = [kind(size) for size in sizes]
            curves += _curves(every, rounds)
            if kind is Models:
                pages += _pages(every)
            del every
    return [*curves, *pages]


@contextmanager
def _settled() -> Iterator[None]:
    """Have the collector look at many records as rarely as it does in the server."""
    thresholds = gc.get_threshold()
    settle_down()
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
        gc.collect()


def _curves(every: Sequence[Grown], rounds: int) -> Iterator[Curve]:
    """Yield how long each call takes among the records of each."""
    acts = {str(one.size): dict(_acts(one)) for one in every}
    settle_down()  # as a server does that has taken in what its directory holds; the first pages made what orders them
    few, *_, many = acts
    for name in acts[few]:
        taken = interleaved({size: _timed(some[name]) for size, some in acts.items()}, rounds)
        figures = {one.size: taken.figure(str(one.size)) for one in every}
        yield Curve(every[0].section, name, "us", figures, taken.ratio(many, few), AIM)


def _acts(one: Grown) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what is timed: it leaves as many records as there were."""
    middle = one.name(one.size // 2)
    for what, asked in one.lists.items():
        for sort in SORTS:
            page = partial(one.call, f"List{one.kind}s", SortBy=sort, MaxResults=100, **asked)
            yield f"page of 100{what} by {sort}", page
            yield f"next page of 100{what} by {sort}", partial(page, NextToken=page()["NextToken"])
    yield "describe", partial(one.call, f"Describe{one.kind}", **middle)
    last, gone = (iter(range(one.size, 2 * one.size)) for _ in range(2))
    yield "create", lambda: one.create(next(last))
    yield "delete", lambda: one.call(f"Delete{one.kind}", **one.name(next(gone)))


def _timed(act: Callable[[], object]) -> Callable[[], float]:
    return lambda: seconds(act, 20) * 1e6


def _pages(every: Iterable[Grown]) -> Iterator[Curve]:
    """Yield how long a page takes a client of boto3, here and with moto, in process."""
    here = {one.size: _page(_client(one)) for one in every}
    yield Curve(PAGES, "emulator", "ms", here)
    there = {}
    for size in here:
        if size <= PATIENCE:
            with _mocked(size) as client:
                there[size] = _page(client)
    yield Curve(PAGES, "moto", "ms", there)


def _page(client: Any) -> Figure:
    """Return the milliseconds that a page of ten takes."""
    return Figure.of([seconds(partial(client.list_models, MaxResults=10)) * 1e3 for _ in range(5)])


def _client(one: Grown) -> Any:
    """Return a client of an emulator."""
    sagemaker = SageMaker()
    sagemaker.emulator = one.emulator
    return sagemaker.client()


@contextmanager
def _mocked(size: int) -> Iterator[Any]:
    """Give a client of a moto with so many models, which are put there without boto3."""
    from moto import mock_aws
    from moto.sagemaker.models import sagemaker_backends

    with mock_aws():
        backend = sagemaker_backends["123456789012"]["us-east-1"]
        for number in range(size):
            said = model(f"m-{number:08}")
            container, network = said["PrimaryContainer"], said["VpcConfig"]
            backend.create_model(said["ModelName"], said["ExecutionRoleArn"], container, network, None, said["Tags"])
        yield boto3.client("sagemaker", **SAID)
