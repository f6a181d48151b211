"""What servers bear: calls a second over 1, 8 and 32 connections that are kept open, and how long each call takes."""

from __future__ import annotations

from contextlib import ExitStack
from importlib.util import find_spec
from itertools import product

from benchmarks.load import Load, bear
from benchmarks.rounds import Figure, Rounds
from benchmarks.row import Row
from benchmarks.servers import Server, running

SECTION = "Over HTTP"
OPERATIONS = ("CreateModel", "DescribeModel")
CONNECTIONS = (1, 8, 32)
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
    names = ["emulator", "moto", "bare Flask", *(["emulator, granian"] if find_spec("granian") else [])]
    with ExitStack() as stack:
        servers = {name: stack.enter_context(running(name)) for name in names}
        loads = _loads(servers, rounds=1 if quick else 5, seconds=1 if quick else 2)
    rows = []
    for operation in OPERATIONS:
        for connections in CONNECTIONS:
            rates = Rounds({name: [one.rate for one in loads[name, operation, connections]] for name in names})
            for ours in (name for name in names if name.startswith("emulator")):
                for beside in ("moto", "bare Flask"):
                    aim = AIMS.get((ours, beside, operation, connections), "")
                    rows.append(
                        Row(
                            SECTION,
                            f"{operation}, {_counted(connections)}{ours.removeprefix('emulator')}",
                            "/s",
                            rates.figure(ours),
                            beside,
                            rates.figure(beside),
                            rates.ratio(ours, beside),
                            aim,
                        )
                    )
    return [*rows, *_latencies(names, loads)]


Loads = dict[tuple[str, str, int], list[Load]]


def _loads(servers: dict[str, Server], rounds: int, seconds: float) -> Loads:
    loads: Loads = {}
    for _ in range(rounds):
        for operation in OPERATIONS:
            for connections in CONNECTIONS:
                for name, server in servers.items():
                    load = bear(server, operation, connections, seconds)
                    if load.failed:
                        raise RuntimeError(f"{load.failed} of {name}'s answers to {operation} failed")
                    loads.setdefault((name, operation, connections), []).append(load)
    return loads


def _latencies(names: list[str], loads: Loads) -> list[Row]:
    """Return the latencies, and the processor time of a call."""
    rows = []
    for operation, connections in product(OPERATIONS, CONNECTIONS):
        for quantity, unit, value in (
            ("latency, median", "ms", lambda one: one.median),
            ("latency, 99 of 100", "ms", lambda one: one.slowest),
            ("processor time of a call", "us", lambda one: one.cpu),
        ):
            taken = Rounds({name: [value(one) for one in loads[name, operation, connections]] for name in names})
            for ours in (name for name in names if name.startswith("emulator")):
                title = f"{operation}, {_counted(connections)}{ours.removeprefix('emulator')}: {quantity}"
                ratio: Figure = taken.ratio("moto", ours)
                rows.append(Row(SECTION, title, unit, taken.figure(ours), "moto", taken.figure("moto"), ratio))
    return rows


def _counted(connections: int) -> str:
    return f"{connections} connection{'s' if connections > 1 else ''}"
