"""From the start of a process to its first answer, and the memory it holds by then."""

from __future__ import annotations

from benchmarks.rounds import Figure, Rounds, interleaved
from benchmarks.row import Row
from benchmarks.servers import running

SECTION = "Start"


def measure(*, quick: bool) -> list[Row]:
    """Return how soon each server answers, and how much it then weighs."""
    names = ("emulator", "moto", "bare Flask")
    weights: dict[str, list[float]] = {name: [] for name in names}

    def start(name: str) -> float:
        with running(name) as server:
            weights[name].append(server.memory())
            return server.started * 1e3

    for name in names:
        start(name)  # leaves bytecode and warm files
    weights = {name: [] for name in names}
    rounds = interleaved({name: lambda name=name: start(name) for name in names}, 3 if quick else 15)
    weighed = Rounds(weights)
    return [
        _row("first answer", "ms", rounds, "bare Flask", rounds.ratio("emulator", "bare Flask"), "<= 1.25"),
        _row("first answer", "ms", rounds, "moto", rounds.ratio("moto", "emulator"), ">= 3.2"),
        _row("memory at the first answer", "MiB", weighed, "bare Flask", weighed.ratio("emulator", "bare Flask"), ""),
        _row("memory at the first answer", "MiB", weighed, "moto", weighed.ratio("moto", "emulator"), ">= 2.3"),
    ]


def _row(quantity: str, unit: str, rounds: Rounds, beside: str, ratio: Figure, aim: str) -> Row:
    return Row(SECTION, quantity, unit, rounds.figure("emulator"), beside, rounds.figure(beside), ratio, aim)
