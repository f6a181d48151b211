"""What a stored model weighs."""

from __future__ import annotations

import gc
import tracemalloc

from benchmarks.growing import Models
from benchmarks.rounds import Figure
from benchmarks.row import Row

SECTION = "Memory"


def measure(*, quick: bool) -> list[Row]:
    """Return the bytes that one of many models takes, counted by the interpreter's own allocator."""
    size = 10**3 if quick else 10**5
    tracemalloc.start()
    one = Models(1)  # what is loaded for the first is not the first's weight
    gc.collect()
    empty, _ = tracemalloc.get_traced_memory()
    for number in range(1, size + 1):
        one.create(number)
    one.emulator.history.forget()
    gc.collect()
    full, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    weight = (full - empty) / size / 1e3
    return [Row(SECTION, f"a stored model, {size:,} of them", "kB", Figure.of([weight]), aim="<= 1.2")]
