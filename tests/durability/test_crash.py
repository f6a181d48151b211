"""Killed at any moment, under any load: what was acknowledged is there, and nothing is there by half."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.durability.load import BEGIN, Client, Twin, without_serials
from tests.durability.process import Ask, Process

CLIENTS = 4
FEW, MANY = 6, 200
SEED = 20_30


def survives(directory: Path, rounds: int) -> int:
    """Kill a server again and again while clients work; return how many calls were acknowledged."""
    by, twin = random.Random(SEED), Twin()  # noqa: S311 - no secret
    clients = [Client(f"{number}" * 12, SEED + number) for number in range(1, CLIENTS + 1)]
    acknowledged = 0
    for number in range(rounds):
        server = Process("--state-dir", str(directory))
        try:
            if number % 10 == 9:
                time.sleep(by.uniform(0, 0.4))  # it has hardly begun
                continue
            server.ready()
            if number == 0:
                server.ask(Ask("POST", "/_emulator/clock/freeze"))
                server.ask(Ask("POST", "/_emulator/clock/set", {"time": BEGIN}))
            check(server, twin, clients)
            twin.clock.advance(by.randrange(100))
            status, shown = server.ask(Ask("POST", "/_emulator/clock/set", {"time": twin.clock.now()}))
            assert (status, shown["seconds"]) == (200, twin.clock.now())
            load(server, clients, by.uniform(0.005, 0.15))
        finally:
            server.kill()
        assert not [one.failures for one in clients if one.failures]
        acknowledged += sum(len(one.acknowledged) for one in clients)
    with_all = Process("--state-dir", str(directory)).ready()
    check(with_all, twin, clients)
    assert with_all.stop() == 0
    return acknowledged


def load(server: Process, clients: list[Client], seconds: float) -> None:
    """Let all clients work, and kill the server in the middle of it."""
    over = threading.Event()
    threads = [threading.Thread(target=one.work, args=(server, over)) for one in clients]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    server.kill()
    over.set()
    for thread in threads:
        thread.join()


def check(server: Process, twin: Twin, clients: list[Client]) -> None:
    """Compare what is there with what was acknowledged; what was not may be there too, but whole."""
    _, shown = server.ask(Ask("GET", "/_emulator/clock"))
    assert (shown["seconds"], shown["frozen"]) == (twin.clock.now(), True)
    for client in clients:
        for asked in client.acknowledged:
            twin.ask(asked)
        found = holds(server, client.account)
        if client.unsure is not None and found != twin.holds(client.account):
            twin.ask(client.unsure)
        assert found == twin.holds(client.account), client.unsure
        client.acknowledged, client.unsure = [], None


def holds(server: Process, account: str) -> Any:
    status, told = server.ask(Ask("GET", f"/_emulator/state?account={account}"))
    assert status == 200
    return without_serials(told["places"])


@pytest.mark.parametrize("rounds", [FEW, pytest.param(MANY, marks=pytest.mark.crash)])
def test_nothing_acknowledged_is_lost_and_nothing_is_half_written(rounds: int, tmp_path: Path) -> None:
    assert survives(tmp_path, rounds) > rounds
