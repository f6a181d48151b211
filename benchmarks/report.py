"""The page of figures, ``docs/performance.md``, and its plot of growth."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from benchmarks.growing import PAGES
from benchmarks.load import generator
from benchmarks.rounds import Figure
from benchmarks.row import Curve, Row
from benchmarks.where import where

DOCS = Path(__file__).parent.parent / "docs"
PAGE, PLOT = DOCS / "performance.md", DOCS / "performance.svg"
WHERE = "Where"
NUMBERS = ("here", "there", "ratio")  # columns
HEAD = """\
# Performance

What the emulator does beside moto, beside botocore's Stubber, and beside floors that no emulator can go below: a bare
Flask application on the same server, and a client that is handed the same canned answer whatever it asks, whether it
signs or not. All kinds are loaded, every call is validated, and the history of calls is kept, as by default.

Each section is measured in one run, the things taking turns, mostly in shuffled rounds. A figure is the median of its
rounds. A ratio is taken round by round; half of the rounds lie in its brackets. Absolute figures hold for one machine,
ratios travel better.

Both sides do the same work: the same calls with the same input, over connections that are kept open where the server
keeps them open (moto does not), by clients of boto3 that are made alike. What the emulator spares clients that it
catches in process counts for it: no signature is computed, since nobody checks it, and a user agent is spelt once.
Over HTTP the same model is described over and over, as by a poll: while it stands, the emulator tells the same again
([why it may](designs/0016-told-again.md)); what another one costs each time is told under *Inside*.
Inside and where records grow, the garbage collector is set as the server sets it. Inside, the measure is what Python's
own `json` takes for the same input both ways, so that the aims (45 and 12 microseconds, where that takes 10) travel.

Measure on your machine, in about a quarter of an hour, which writes this page and the figures in the README anew:

```shell
make bench
```

How it bears load for an hour, and what it weighs meanwhile, is on a [page of its own](soak.md).

A ratio says how much better the emulator is; where its aim is ≤, how much more it takes. Where records grow, it says
how much longer a call takes among the most than among the fewest. moto is not asked among a million models: a page of
them would take it most of a minute."""


def write(rows: Sequence[Row | Curve]) -> None:
    """Write the page, and the plot if there is anything to plot. Sections that were not measured stay as they are."""
    known = _known(PAGE.read_text("utf-8")) if PAGE.exists() else {}
    known.pop(WHERE, None)
    known |= _known("\n".join(sections(rows)))
    known[WHERE] = "\n".join([f"## {WHERE}\n", *where(), f"- load by {generator()}\n"])
    PAGE.write_text("\n\n".join([HEAD, *known.values()]), "utf-8")
    if plotted := [row for row in rows if isinstance(row, Curve) and row.section == PAGES]:
        _plot(plotted)


def _known(page: str) -> dict[str, str]:
    """Return the sections of a page, by title."""
    return {one.partition("\n")[0].removeprefix("## "): one.strip("\n") for one in re.split(r"(?m)^(?=## )", page)[1:]}


def sections(rows: Iterable[Row | Curve]) -> Iterator[str]:
    """Yield the lines of a table for each section."""
    for section, some in groupby(rows, key=lambda row: row.section):
        yield f"\n## {section}\n"
        if section == PAGES:
            yield "![milliseconds of a page of ten models, by the number of models](performance.svg)\n"
        yield from _table([_cells(row) for row in some])


def _table(rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Yield the lines of a table; the first row has all columns."""
    heads = rows[0]
    yield _line(heads)
    yield _line("---:" if head in NUMBERS or head[:1].isdigit() else "---" for head in heads)
    for row in rows:
        yield _line(row.get(head, "") for head in heads)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(row: Row | Curve) -> dict[str, str]:
    """Return what a row says, by column; the last column is the one that has a blank for a name."""
    figures = _beside(row) if isinstance(row, Row) else _grown(row)
    ratio = f"{_short(row.ratio.median)} ({_short(row.ratio.low)} to {_short(row.ratio.high)})" if row.ratio else ""
    aim = row.aim.replace(">=", "≥").replace("<=", "≤")
    met = {True: "met", False: "**not met**", None: ""}[row.met]
    return {"": row.quantity, **figures, "ratio": ratio, "aim": aim, " ": met}


def _beside(row: Row) -> dict[str, str]:
    theirs = _said(row.theirs, row.unit) if row.theirs else ""
    return {"here": _said(row.ours, row.unit), "beside": row.beside, "there": theirs}


def _grown(row: Curve) -> dict[str, str]:
    return {f"{size:,}": _said(one, row.unit) for size, one in row.figures.items()}


def _said(figure: Figure, unit: str) -> str:
    return f"{_short(figure.median)} {unit}"


def _short(value: float) -> str:
    """Return a number with three digits that matter."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _plot(curves: Iterable[Curve]) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot

    mpl.rcParams.update({"svg.hashsalt": "growth", "svg.fonttype": "none", "font.size": 11})
    figure, axes = pyplot.subplots(figsize=(7, 3.6), layout="constrained")
    for curve in curves:
        medians = [one.median for one in curve.figures.values()]
        axes.plot(list(curve.figures), medians, marker="o", label=f"{curve.quantity}, to {max(curve.figures):,}")
    axes.set(xscale="log", yscale="log", xlabel="models there are", ylabel="ms for a page of ten")
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig(PLOT, metadata={"Date": None})
