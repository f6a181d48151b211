"""Whether of many who create one name at once exactly one wins, and how soon a server stops that is in the middle."""

from __future__ import annotations

import signal
import socket
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from time import perf_counter, sleep

from benchmarks.calls import model, request
from benchmarks.rounds import Figure
from benchmarks.row import Row
from benchmarks.servers import Server, running
from emulator.aws.call import Call
from emulator.aws.errors import ServiceError
from emulator.sagemaker.service import sagemaker

SECTION = "Concurrency"
RACERS = 32
IDLE = 300


def measure(*, quick: bool) -> list[Row]:
    """Return in how many of so many races exactly one won, over HTTP and in one process; and how stopping went."""
    with running("emulator") as ours, running("moto") as moto:
        races = 3 if quick else 50
        here, there = (_won_once(server, races) for server in (ours, moto))
    inside = 100 if quick else 10_000
    return [
        _counted(f"one winner of {RACERS} in {races} races over HTTP", here, "moto", there, races),
        _counted(f"one winner of {RACERS} in {inside:,} races in one process", _won_inside(inside), "", None, inside),
        Row(SECTION, f"exit after the answer in flight, {IDLE} idle", "ms", _stopped(3 if quick else 7), aim="<= 200"),
    ]


def _counted(quantity: str, ours: int, beside: str, theirs: int | None, races: int) -> Row:
    other = None if theirs is None else Figure.of([theirs])
    return Row(SECTION, quantity, "races", Figure.of([ours]), beside, other, aim=f">= {races}")


def _raced(pool: ThreadPoolExecutor, create: Callable[[], bool]) -> int:
    """Return how many of the racers won."""
    line = threading.Barrier(RACERS)

    def race() -> bool:
        line.wait()
        return create()

    return sum(one.result() for one in [pool.submit(race) for _ in range(RACERS)])


def _won_once(server: Server, races: int) -> int:
    def create(name: str) -> bool:
        try:
            server.ask(request("CreateModel", model(name)))
        except RuntimeError:
            return False
        return True

    with ThreadPoolExecutor(RACERS) as pool:
        return sum(_raced(pool, lambda number=number: create(f"race-{number}")) == 1 for number in range(races))


def _won_inside(races: int) -> int:
    emulator = sagemaker()

    def create(name: str) -> bool:
        try:
            emulator.answer(Call("CreateModel", model(name), "123456789012", "us-east-1"))
        except ServiceError:
            return False
        return True

    switch = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(RACERS) as pool:
            return sum(_raced(pool, lambda number=number: create(f"race-{number}")) == 1 for number in range(races))
    finally:
        sys.setswitchinterval(switch)


def _stopped(rounds: int) -> Figure:
    """Return how many ms after answering what was in flight a server that is told to stop is gone."""
    return Figure.of([_stop_in_the_middle() for _ in range(rounds)])


def _stop_in_the_middle() -> float:
    with running("emulator") as server:
        idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(IDLE)]
        slowly = threading.Thread(target=lambda: server.ask(request("ListModels", {})))
        _say(server, "/_emulator/delay", b'{"seconds": 1, "operation": "ListModels"}')
        slowly.start()
        sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        slowly.join()
        answered = perf_counter()
        server.process.wait(30)
        for one in idle:
            one.close()
        return (perf_counter() - answered) * 1e3


def _say(server: Server, path: str, body: bytes) -> None:
    connection = HTTPConnection("127.0.0.1", server.port)
    connection.request("POST", path, body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    if response.read() and response.status != 200:
        raise RuntimeError(f"{path}: {response.status}")
    connection.close()
