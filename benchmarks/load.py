"""Loading a server: wrk where it is installed, else a generator in Python, which the quickest servers outrun."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from benchmarks.calls import model, request
from benchmarks.servers import Server, exchange

SCRIPT = Path(__file__).parent / "load.lua"
_prefixes = count(1)


class Load(NamedTuple):
    """What a server bore."""

    rate: float  # calls a second
    median: float  # latency in ms
    slowest: float  # latency in ms of the quickest 99 of 100
    failed: int
    cpu: float  # microseconds of the server's processor time for a call


def bear(server: Server, operation: str, connections: int, seconds: float) -> Load:
    """Have a server answer one kind of call over so many connections."""
    prefix = f"load-{next(_prefixes)}-"
    if operation != "CreateModel":
        server.ask(request("CreateModel", model(f"{prefix}one")))
    body = json.dumps(model("NAME") if operation == "CreateModel" else {"ModelName": f"{prefix}one"})
    before = server.cpu()
    generate = _wrk if shutil.which("wrk") else _threads
    rate, median, slowest, failed = generate(server, operation, body, prefix, connections, seconds)
    return Load(rate, median, slowest, failed, (server.cpu() - before) / max(1.0, rate * seconds) * 1e6)


def generator() -> str:
    """Return what generates the load."""
    return "wrk" if shutil.which("wrk") else "threads of Python"


Borne = tuple[float, float, float, int]


def _wrk(server: Server, operation: str, body: str, prefix: str, connections: int, seconds: float) -> Borne:
    url = f"http://127.0.0.1:{server.port}/"
    sized = ("-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--latency", f"-s{SCRIPT}")
    done = subprocess.run(
        ("wrk", *sized, url, "--", operation, body, prefix), capture_output=True, text=True, check=True
    )
    [line] = [line for line in done.stdout.splitlines() if line.startswith("RESULT")]
    rate, median, slowest, failed = map(float, line.split()[1:])
    return rate, median, slowest, int(failed)


def _threads(server: Server, operation: str, body: str, prefix: str, connections: int, seconds: float) -> Borne:
    took: list[float] = []
    failed = 0
    made = request(operation, json.loads(body))
    until = perf_counter() + seconds

    def call(number: int) -> None:
        nonlocal failed
        connection = HTTPConnection("127.0.0.1", server.port)
        for call in count():
            if perf_counter() >= until:
                connection.close()
                return
            one = made._replace(body=made.body.replace(b"NAME", f"{prefix}{number}-{call}".encode()))
            began = perf_counter()
            try:
                exchange(connection, one)
            except (OSError, RuntimeError):
                failed += 1
            took.append(perf_counter() - began)

    threads = [threading.Thread(target=call, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took.sort()
    return len(took) / seconds, took[len(took) // 2] * 1e3, took[int(len(took) * 0.99)] * 1e3, failed
