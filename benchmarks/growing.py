"""Whether calls slow down as records grow: pages in every order, describe, create, delete; a flat kind and versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

import boto3

from benchmarks.calls import IMAGE, model
from benchmarks.rounds import Figure, Rounds, interleaved, seconds
from benchmarks.row import Row
from benchmarks.testing import SAID
from emulator import SageMaker
from emulator.aws.call import Call
from emulator.engine.emulator import Emulator
from emulator.sagemaker.service import sagemaker

SECTION = "Growth"
SMALL = 10**3
AIM = "<= 1.5"
SORTS = {"Model": ("CreationTime", "Name"), "ModelPackage": ("CreationTime", "Name")}


class Grown(NamedTuple):
    """An emulator with so many records of a kind."""

    emulator: Emulator
    kind: str
    size: int

    def call(self, operation: str, **params: Any) -> dict[str, Any]:
        """Return the answer of a call."""
        return self.emulator.answer(Call(operation, params, "123456789012", "us-east-1")) or {}

    def create(self, number: int) -> None:
        """Create one more."""
        if self.kind == "Model":
            self.call("CreateModel", **model(f"m-{number:08}"))
        else:
            containers = {
                "Containers": [{"Image": IMAGE}],
                "SupportedContentTypes": [],
                "SupportedResponseMIMETypes": [],
            }
            self.call("CreateModelPackage", ModelPackageGroupName="g", InferenceSpecification=containers)

    def name(self, number: int) -> dict[str, str]:
        """Return what names one of them."""
        if self.kind == "Model":
            return {"ModelName": f"m-{number:08}"}
        arn = "arn:aws:sagemaker:us-east-1:123456789012:model-package/g/"
        return {"ModelPackageName": f"{arn}{number + 1}"}


def grown(kind: str, size: int) -> Grown:
    """Return an emulator with so many records of a kind."""
    one = Grown(sagemaker(), kind, size)
    one.emulator.history.keep(0)
    if kind == "ModelPackage":
        one.call("CreateModelPackageGroup", ModelPackageGroupName="g")
    for number in range(size):
        one.create(number)
    one.emulator.history.keep(1000)
    return one


def measure(*, quick: bool) -> list[Row]:
    """Return how long calls take among many records beside how long they take among a thousand."""
    rows: list[Row] = []
    for kind, size in (("Model", 10**4 if quick else 10**6), ("ModelPackage", 10**4 if quick else 10**5)):
        small, large = grown(kind, SMALL), grown(kind, size)
        few, many = dict(_acts(small)), dict(_acts(large))
        for name, act in few.items():
            taken = interleaved({"few": _timed(act), "many": _timed(many[name])}, 3 if quick else 15)
            rows.append(_row(f"{kind}: {name}, {size:,} records", taken))
        del large, many
    return rows


def curve(*, quick: bool) -> dict[str, list[tuple[int, Figure]]]:
    """Return the milliseconds that boto3's page of 10 models takes among ever more, here and with moto, in process."""
    curves: dict[str, list[tuple[int, Figure]]] = {"emulator": [], "moto": []}
    for size in (10**2, 10**3) if quick else (10**2, 10**3, 10**4, 10**5):
        for name, client in (("emulator", _filled(size)), ("moto", _mocked(size))):
            with client as one:
                taken = [seconds(partial(one.list_models, MaxResults=10)) * 1e3 for _ in range(5)]
            curves[name].append((size, Figure.of(taken)))
    return curves


@contextmanager
def _filled(size: int) -> Iterator[Any]:
    """Give a client of an emulator with so many models."""
    one = SageMaker()
    one.emulator = grown("Model", size).emulator
    yield one.client()


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


def _acts(one: Grown) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what is timed: it leaves as many records as there were."""
    last = iter(range(one.size, 2 * one.size))
    middle = one.name(one.size // 2)
    lists = f"List{one.kind}s"
    more = {"ModelPackageGroupName": "g"} if one.kind == "ModelPackage" else {}
    for sort in SORTS[one.kind]:
        token = one.call(lists, SortBy=sort, MaxResults=100, **more)["NextToken"]
        for name, at in ((f"page of 100 by {sort}", {}), (f"next page of 100 by {sort}", {"NextToken": token})):
            yield name, lambda sort=sort, at=at: one.call(lists, SortBy=sort, MaxResults=100, **more, **at)
    yield "describe", lambda: one.call(f"Describe{one.kind}", **middle)
    yield "create", lambda: one.create(next(last))
    gone = iter(range(one.size, 2 * one.size))
    yield "delete", lambda: one.call(f"Delete{one.kind}", **one.name(next(gone)))


def _timed(act: Callable[[], object]) -> Callable[[], float]:
    return lambda: seconds(act, 20) * 1e6


def _row(quantity: str, taken: Rounds) -> Row:
    ratio = taken.ratio("many", "few")
    return Row(SECTION, quantity, "us", taken.figure("many"), "1,000 records", taken.figure("few"), ratio, AIM)
