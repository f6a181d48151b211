"""Measure, and show what came out: ``python -m benchmarks [SECTION …] [--quick] [--write]``."""

from __future__ import annotations

import argparse
from importlib import import_module

from benchmarks import report

SECTIONS = ("starting", "serving", "calling", "testing", "inside", "storing", "growing", "racing")


def main() -> None:
    """Measure some sections or all, and print a table of each as soon as it is there."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sections", nargs="*", default=SECTIONS, metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--quick", action="store_true", help="few rounds and few records: to see that it runs")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md and its plot")
    said = parser.parse_args()
    rows = []
    for name in said.sections:
        if name not in SECTIONS:
            parser.error(f"{name} is none of {', '.join(SECTIONS)}")
        measured = import_module(f"benchmarks.{name}").measure(quick=said.quick)
        print(*report.sections(measured), sep="\n", flush=True)
        rows += measured
    if said.write:
        report.write(rows)


if __name__ == "__main__":
    main()
