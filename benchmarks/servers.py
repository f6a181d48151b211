"""The servers that are measured: how each is started, asked, weighed, and stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import perf_counter, sleep
from typing import Any, NamedTuple

import psutil

from benchmarks.calls import Request, request

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
PATIENCE = 30.0  # seconds until a server must have answered

COMMANDS = {
    "emulator": (str(BIN / "sagemaker-emulator"), "serve", "--port"),
    "emulator, granian": (str(BIN / "sagemaker-emulator"), "serve", "--server", "granian", "--port"),
    "moto": (str(BIN / "moto_server"), "-H", "127.0.0.1", "-p"),
    "bare Flask": (sys.executable, str(HERE / "apps" / "bare.py"), "waitress"),
    "bare Flask, granian": (sys.executable, str(HERE / "apps" / "bare.py"), "granian"),
}


class Server(NamedTuple):
    """A server that runs: its process, its port, and the seconds from its start to its first answer."""

    process: psutil.Process
    port: int
    started: float

    def ask(self, one: Request) -> bytes:
        """Return the body of an answer; RuntimeError if it is a refusal."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            return exchange(connection, one)
        finally:
            connection.close()

    def memory(self) -> float:
        """Return the MiB that it and its children hold in memory, what they share counted once."""
        everyone = [self.process, *self.process.children(recursive=True)]
        return float(sum(one.memory_full_info().pss for one in everyone)) / 2**20

    def cpu(self) -> float:
        """Return the seconds of processor time that it and its children have used."""
        everyone = [self.process, *self.process.children(recursive=True)]
        return float(sum(sum(one.cpu_times()[:2]) for one in everyone))


def exchange(connection: HTTPConnection, one: Request) -> bytes:
    """Return the body of an answer over a connection; RuntimeError if it is a refusal."""
    connection.request("POST", "/", one.body, one.headers)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f"{response.status}: {body[:200]!r}")
    return body


@contextmanager
def running(name: str) -> Iterator[Server]:
    """Run a server for as long as this lasts."""
    port = free_port()
    began = perf_counter()
    started = subprocess.Popen(
        (*COMMANDS[name], str(port)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment()
    )
    try:
        first = request("ListModels", {})
        while True:
            try:
                connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
                exchange(connection, first)
                break
            except (OSError, HTTPException):
                if started.poll() is not None or perf_counter() - began > PATIENCE:
                    raise RuntimeError(f"{name} does not answer") from None
                sleep(0.001)
            finally:
                connection.close()
        yield Server(psutil.Process(started.pid), port, perf_counter() - began)
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait(PATIENCE)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _environment() -> dict[str, Any]:
    """Return the environment of a server: bytecode is kept, as it is wherever a package was installed."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
