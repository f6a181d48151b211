"""The work of one call inside the process, part by part, by pyperf: ``python -m benchmarks.inside -o FILE``."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from itertools import count, cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.calls import Request, model, request
from benchmarks.rounds import Rounds
from benchmarks.row import Row
from emulator.aws import wire
from emulator.aws.call import Call
from emulator.aws.wire import Credential
from emulator.interfaces.http import Application, create_app
from emulator.interfaces.server import settle_down
from emulator.sagemaker.service import sagemaker

SECTION = "Inside"
ONE = {"ModelName": "m-0500"}
MEASURE = "json both ways"
AIMS = {"CreateModel": "<= 4.5", "DescribeModel": "<= 1.2"}  # 45 and 12 us, where the measure takes 10 us


def measure(*, quick: bool) -> list[Row]:
    """Return what pyperf says, in microseconds."""
    import pyperf

    taken = Rounds()
    how = ("--debug-single-value",) if quick else ("--processes=2", "--values=3", "--warmups=1", "--min-time=0.05")
    with TemporaryDirectory() as scratch:
        for number in range(1 if quick else 9):
            said = Path(scratch) / f"{number}.json"
            measuring = (sys.executable, "-m", "benchmarks.inside", *how, "--quiet", "-o", str(said))
            subprocess.run(measuring, check=True, stdout=subprocess.DEVNULL)  # the page says what came out
            for one in pyperf.BenchmarkSuite.load(str(said)).get_benchmarks():
                taken.setdefault(one.get_name(), []).append(one.median() * 1e6)
    return [_row(name, taken) for name in taken if name != MEASURE]


def _row(name: str, taken: Rounds) -> Row:
    ratio = taken.ratio(name, MEASURE)
    return Row(SECTION, name, "us", taken.figure(name), MEASURE, taken.figure(MEASURE), ratio, AIMS.get(name, ""))


def main() -> None:
    """Have pyperf measure the parts, with the collector as the server has it."""
    import pyperf

    runner = pyperf.Runner()
    parts = _parts()
    settle_down()
    for name, act in parts.items():
        runner.bench_func(name, act)


def _parts() -> dict[str, Callable[[], object]]:
    """Return what is measured, among a thousand models."""
    emulator, names = sagemaker(), count(10**8)

    def call(operation: str, params: Any) -> Any:
        return emulator.answer(Call(operation, params, "123456789012", "us-east-1"))

    for number in range(1000):
        call("CreateModel", model(f"m-{number:04}"))
    said = request("CreateModel", model("m-0000"))
    here = Credential(said.headers["Authorization"], "", "")
    shown = call("DescribeModel", {"ModelName": "m-0000"})
    app, others = create_app(emulator), cycle(range(1000))  # more than the answers that are kept
    create, describe = request("CreateModel", model("n-NAME")), request("DescribeModel", ONE)
    other = request("DescribeModel", {"ModelName": "m-NAME"})
    return {
        "CreateModel": lambda: call("CreateModel", model(f"n-{next(names)}")),
        "DescribeModel": lambda: call("DescribeModel", ONE),
        "ListModels, a page of 100": lambda: call("ListModels", {"MaxResults": 100}),
        "AddTags": lambda: call("AddTags", {"ResourceArn": shown["ModelArn"], "Tags": [{"Key": "a", "Value": "b"}]}),
        "CreateModel, from WSGI's environ to the bytes": lambda: _answered(app, create, b"%d" % next(names)),
        "DescribeModel, the same, from WSGI's environ to the bytes": lambda: _answered(app, describe),
        "DescribeModel, another, from WSGI's environ to the bytes": lambda: _answered(
            app, other, b"%04d" % next(others)
        ),
        "decoding CreateModel": lambda: wire.decode(emulator.model, said.headers["X-Amz-Target"], here, said.body),
        "reading the credential": lambda: Credential(said.headers["Authorization"], "", ""),
        "encoding DescribeModel's answer": lambda: wire.encode(shown),
        MEASURE: lambda: json.dumps(json.loads(said.body)),
    }


def _answered(app: Application, one: Request, name: bytes = b"") -> bytes:
    """Return the body of an answer to what a server hands over."""
    body = one.body.replace(b"NAME", name)
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "CONTENT_TYPE": one.headers["Content-Type"],
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_X_AMZ_TARGET": one.headers["X-Amz-Target"],
        "HTTP_AUTHORIZATION": one.headers["Authorization"],
        "wsgi.input": BytesIO(body),
    }
    return b"".join(app.wsgi_app(environ, lambda *_: None))


if __name__ == "__main__":
    main()
