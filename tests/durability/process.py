"""The emulator as a process of its own, on a directory, which can be ended in any way."""

from __future__ import annotations

import http.client
import json
import os
import re
import select
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.conftest import ACCOUNT, REGION

COMMAND = str(Path(sys.executable).with_name("sagemaker-emulator"))
PATIENCE = 30  # seconds, for what takes a fraction of one


class Ask(NamedTuple):
    """One request, in the protocol of whoever it is for."""

    method: str
    path: str
    said: Mapping[str, Any] | None = None
    account: str = ACCOUNT
    region: str = REGION
    operation: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """Its headers."""
        signed = f"AWS4-HMAC-SHA256 Credential={self.account}/20300101/{self.region}/sagemaker/aws4_request"
        named = {"X-Amz-Target": f"SageMaker.{self.operation}"} if self.operation else {}
        return {"Authorization": signed, "Content-Type": "application/x-amz-json-1.1", **named}

    @property
    def body(self) -> bytes:
        """Its body."""
        return b"" if self.said is None else json.dumps(self.said).encode()


def call(operation: str, account: str = ACCOUNT, region: str = REGION, **params: Any) -> Ask:
    """Return a call of SageMaker's."""
    return Ask("POST", "/", params, account, region, operation)


class Process:
    """A server that was started and is ready."""

    def __init__(self, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        kept = {name: one for name, one in os.environ.items() if not name.startswith(("AWS_", "SAGEMAKER_EMULATOR_"))}
        self.popen = subprocess.Popen(
            [COMMAND, "serve", "--port", "0", *arguments],
            env=kept | dict(env or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> Process:
        """Wait until it answers."""
        assert self.popen.stdout
        assert select.select([self.popen.stdout], [], [], PATIENCE)[0], "it says nothing"
        line = self.popen.stdout.readline()
        found = re.search(r"http://(\S+):(\d+): ", line)
        if not found:
            raise AssertionError(f"it does not serve: {line}{self.popen.communicate(timeout=PATIENCE)}")
        self.address = found[1], int(found[2])
        until = time.monotonic() + PATIENCE
        while not self._accepts():  # granian says where it will answer, a moment before
            assert time.monotonic() < until, "it does not answer"
            time.sleep(0.01)
        return self

    def _accepts(self) -> bool:
        with socket.socket() as one:
            return one.connect_ex(self.address) == 0

    def connect(self) -> http.client.HTTPConnection:
        """Return a connection to it."""
        return http.client.HTTPConnection(*self.address, timeout=PATIENCE)

    def ask(self, asked: Ask) -> tuple[int, Any]:
        """Send a request on a connection of its own; return the status and what the answer says."""
        connection = self.connect()
        try:
            return answered(connection, asked)
        finally:
            connection.close()

    def kill(self) -> None:
        """End it as the kernel does when memory is short: at once, in the middle of whatever it does."""
        self.popen.kill()
        self.popen.communicate(timeout=PATIENCE)

    def stop(self) -> int:
        """End it as a service manager does; return its exit code."""
        self.popen.terminate()
        self.popen.communicate(timeout=PATIENCE)
        return self.popen.returncode

    def refused(self) -> tuple[int, str]:
        """Return the exit code and what is said by one that does not come to serve."""
        _, said = self.popen.communicate(timeout=PATIENCE)
        return self.popen.returncode, said


def answered(connection: http.client.HTTPConnection, asked: Ask) -> tuple[int, Any]:
    """Send a request; return the status and what the answer says, once it is there to its end."""
    connection.request(asked.method, asked.path, asked.body, asked.headers)
    answer = connection.getresponse()
    content = answer.read()
    return answer.status, json.loads(content) if content else None
