"""The page of figures, ``docs/performance.md``, and its plot of growth."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from pathlib import Path

import psutil

from benchmarks.load import generator
from benchmarks.rounds import Figure
from benchmarks.row import Row

DOCS = Path(__file__).parent.parent / "docs"
PAGE, PLOT = DOCS / "performance.md", DOCS / "performance.svg"
PACKAGES = ("sagemaker-emulator", "moto", "Flask", "Werkzeug", "waitress", "granian", "boto3", "pyperf")
HEAD = """\
# Performance

What the emulator does beside moto, beside botocore's Stubber, and beside floors that no emulator can go below: a bare
Flask application on the same server, and a client that is handed the same canned answer whatever it asks. All kinds are
loaded, every call is validated, and the history of calls is kept, as by default.

Measured in one run, the things taking turns in shuffled rounds. A figure is the median of its rounds. A ratio is taken
round by round; half of the rounds lie in its brackets. Absolute figures hold for one machine, ratios travel better.

Both sides do the same work: the same calls with the same input, over connections that are kept open where the server
keeps them open (moto does not), by clients of boto3 that are made alike; those that the emulator makes itself would be
quicker, since they make up no user agent for each call. Versions grow to a hundred thousand, not to a million: no group
has more, and filling it takes its time.

Measure on your machine, in about ten minutes, which writes this page and the figures in the README anew:

```shell
make bench
```
"""


def write(rows: Sequence[Row], curves: Mapping[str, Sequence[tuple[int, Figure]]]) -> None:
    """Write the page, and the plot if there is anything to plot."""
    PAGE.write_text("\n".join(_page(rows, curves)) + "\n", "utf-8")
    if curves:
        _plot(curves)


def table(rows: Iterable[Row]) -> list[str]:
    """Return the lines of a table."""
    lines = ["| | here | beside | there | ratio | aim | |", "| --- | ---: | --- | ---: | ---: | --- | --- |"]
    for row in rows:
        theirs = f"{_short(row.theirs.median)} {row.unit}" if row.theirs else ""
        ratio = f"{_short(row.ratio.median)} ({_short(row.ratio.low)} to {_short(row.ratio.high)})" if row.ratio else ""
        aim = row.aim.replace(">=", "≥").replace("<=", "≤")
        met = {True: "met", False: "**not met**", None: ""}[row.met]
        ours = f"{_short(row.ours.median)} {row.unit}"
        lines.append(f"| {row.quantity} | {ours} | {row.beside} | {theirs} | {ratio} | {aim} | {met} |")
    return lines


def _page(rows: Sequence[Row], curves: Mapping[str, Sequence[tuple[int, Figure]]]) -> Iterable[str]:
    yield HEAD
    yield "A ratio says how much better the emulator is; where its aim is ≤, how much more it takes."
    for section, some in groupby(rows, key=lambda row: row.section):
        yield f"\n## {section}\n"
        yield from table(some)
    if curves:
        yield "\n## A page of ten among ever more models\n"
        yield "![milliseconds of a page of ten models, by the number of models](performance.svg)\n"
        yield "| models | " + " | ".join(f"{name}, ms" for name in curves) + " |"
        yield "| ---: |" + " ---: |" * len(curves)
        for points in zip(*curves.values(), strict=True):
            yield f"| {points[0][0]:,} | " + " | ".join(_short(figure.median) for _, figure in points) + " |"
    yield "\n## Where\n"
    yield from _where()


def _where() -> Iterable[str]:
    day, memory = datetime.now(timezone.utc).date(), psutil.virtual_memory().total / 2**30
    yield f"- {day}, {psutil.cpu_count()} processors, {memory:.0f} GiB, {platform.system()}"
    yield f"- {platform.python_implementation()} {platform.python_version()}, " + ", ".join(_versions())
    yield f"- load by {generator()}"


def _versions() -> Iterable[str]:
    for name in PACKAGES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            continue


def _short(value: float) -> str:
    """Return a number with three digits that matter."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _plot(curves: Mapping[str, Sequence[tuple[int, Figure]]]) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot

    mpl.rcParams.update({"svg.hashsalt": "growth", "svg.fonttype": "none", "font.size": 11})
    figure, axes = pyplot.subplots(figsize=(7, 3.6), layout="constrained")
    for name, points in curves.items():
        sizes, figures = [size for size, _ in points], [one.median for _, one in points]
        axes.plot(sizes, figures, marker="o", label=name)
    axes.set(xscale="log", yscale="log", xlabel="models there are", ylabel="ms for a page of ten")
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig(PLOT, metadata={"Date": None})
