"""What servers bear: calls a second over 1, 8 and 32 connections that are kept open, and how long each call takes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from importlib.util import find_spec
from itertools import chain, product

from benchmarks.load import Load, bear
from benchmarks.rounds import Rounds
from benchmarks.row import Row
from benchmarks.servers import Server, running

SECTION = "Over HTTP"
OPERATIONS = ("CreateModel", "DescribeModel")
CONNECTIONS = (1, 8, 32)
PEERS = {  # what each is compared with
    "emulator": ("moto", "bare Flask"),
    "emulator, granian": ("moto", "bare Flask, granian"),
}
AIMS = {
    ("emulator", "moto", "CreateModel", 32): ">= 7",
    ("emulator", "moto", "DescribeModel", 32): ">= 9",
    ("emulator", "bare Flask", "CreateModel", 32): ">= 1.4",
    ("emulator", "bare Flask", "DescribeModel", 32): ">= 1.7",
    ("emulator, granian", "moto", "CreateModel", 32): ">= 35",
    ("emulator, granian", "moto", "DescribeModel", 32): ">= 90",
}


def measure(*, quick: bool) -> list[Row]:
    """Return what each server bears beside the others; all of them run the whole time, one is loaded at a time."""
    peers = {ours: beside for ours, beside in PEERS.items() if "granian" not in ours or find_spec("granian")}
    names = {*peers, *chain.from_iterable(peers.values())}
    with ExitStack() as stack:
        servers = {name: stack.enter_context(running(name)) for name in names}
        loads = _loads(servers, rounds=1 if quick else 5, seconds=1 if quick else 2)
    return [*_rates(peers, loads), *_latencies(peers, loads)]


Peers = Mapping[str, tuple[str, ...]]
Loads = dict[tuple[str, str, int], list[Load]]


def _loads(servers: dict[str, Server], rounds: int, seconds: float) -> Loads:
    loads: Loads = {}
    names = list(servers)
    for _ in range(rounds):
        for operation, connections in product(OPERATIONS, CONNECTIONS):
            random.shuffle(names)
            for name in names:
                load = bear(servers[name], operation, connections, seconds)
                if load.failed:
                    raise RuntimeError(f"{load.failed} of {name}'s answers to {operation} failed")
                loads.setdefault((name, operation, connections), []).append(load)
    return loads


def _rates(peers: Peers, loads: Loads) -> Iterator[Row]:
    """Yield the calls a second."""
    for operation, connections in product(OPERATIONS, CONNECTIONS):
        taken = _taken(loads, operation, connections, lambda one: one.rate)
        for ours, besides in peers.items():
            title = _title(operation, connections, ours)
            for beside in besides:
                ratio, aim = taken.ratio(ours, beside), AIMS.get((ours, beside, operation, connections), "")
                yield Row(SECTION, title, "/s", taken.figure(ours), beside, taken.figure(beside), ratio, aim)


def _latencies(peers: Peers, loads: Loads) -> Iterator[Row]:
    """Yield the latencies, and the processor time of a call."""
    for operation, connections in product(OPERATIONS, CONNECTIONS):
        for quantity, unit, value in (
            ("latency, median", "ms", lambda one: one.median),
            ("latency, 99 of 100", "ms", lambda one: one.slowest),
            ("processor time of a call", "us", lambda one: one.cpu),
        ):
            taken = _taken(loads, operation, connections, value)
            for ours in peers:
                title = f"{_title(operation, connections, ours)}: {quantity}"
                ratio = taken.ratio("moto", ours)
                yield Row(SECTION, title, unit, taken.figure(ours), "moto", taken.figure("moto"), ratio)


def _taken(loads: Loads, operation: str, connections: int, value: Callable[[Load], float]) -> Rounds:
    """Return one value of each server's loads of a kind."""
    return Rounds(
        {name: list(map(value, some)) for (name, *kind), some in loads.items() if kind == [operation, connections]}
    )


def _title(operation: str, connections: int, ours: str) -> str:
    counted = f"{connections} connection{'s' if connections > 1 else ''}"
    return f"{operation}, {counted}{ours.removeprefix('emulator')}"
