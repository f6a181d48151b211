"""The work of one call inside the process, part by part, by pyperf: ``python -m benchmarks.inside -o FILE``."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.calls import model, request
from benchmarks.rounds import Figure
from benchmarks.row import Row

SECTION = "Inside"
AIMS = {"CreateModel": "<= 45", "DescribeModel": "<= 12"}


def measure(*, quick: bool) -> list[Row]:
    """Return what pyperf says, in microseconds."""
    import pyperf

    with TemporaryDirectory() as scratch:
        said = Path(scratch) / "inside.json"
        how = ("--fast",) if not quick else ("--debug-single-value",)
        subprocess.run((sys.executable, "-m", "benchmarks.inside", *how, "--quiet", "-o", str(said)), check=True)
        rows = []
        for one in pyperf.BenchmarkSuite.load(str(said)).get_benchmarks():
            values = [value * 1e6 for value in one.get_values()]
            rows.append(Row(SECTION, one.get_name(), "us", Figure.of(values), aim=AIMS.get(one.get_name(), "")))
        return rows


def main() -> None:
    """Have pyperf measure the parts."""
    import pyperf

    from emulator.aws import wire
    from emulator.aws.call import Call
    from emulator.aws.wire import Credential
    from emulator.sagemaker.service import sagemaker

    runner = pyperf.Runner()
    emulator, names = sagemaker(), count()

    def call(operation: str, params: object) -> dict[str, object] | None:
        return emulator.answer(Call(operation, params, "123456789012", "us-east-1"))  # type: ignore[arg-type]

    for number in range(1000):
        call("CreateModel", model(f"m-{number:04}"))
    said = request("CreateModel", model("m-0000"))
    here = Credential(said.headers["Authorization"], "", "")
    shown = call("DescribeModel", {"ModelName": "m-0000"})
    parts = {
        "CreateModel": lambda: call("CreateModel", model(f"n-{next(names)}")),
        "DescribeModel": lambda: call("DescribeModel", {"ModelName": "m-0500"}),
        "ListModels, a page of 100": lambda: call("ListModels", {"MaxResults": 100}),
        "AddTags": lambda: call("AddTags", {"ResourceArn": shown["ModelArn"], "Tags": [{"Key": "a", "Value": "b"}]}),
        "decoding CreateModel": lambda: wire.decode(emulator.model, said.headers["X-Amz-Target"], here, said.body),
        "reading the credential": lambda: Credential(said.headers["Authorization"], "", ""),
        "encoding DescribeModel's answer": lambda: wire.encode(shown),
        "json.loads and json.dumps of the same": lambda: json.dumps(json.loads(said.body)),
    }
    for name, act in parts.items():
        runner.bench_func(name, act)


if __name__ == "__main__":
    main()
