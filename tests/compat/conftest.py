"""Clients that are programs of their own: the emulator is one too, as its command starts it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

COMMAND = str(Path(sys.executable).with_name("sagemaker-emulator"))


def outside() -> dict[str, str]:
    """Return the environment without what the machine says of AWS or the emulator: no test may reach AWS itself."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SAGEMAKER_EMULATOR_"))}
    return {**kept, "AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": "127.0.0.1"}


@pytest.fixture(scope="module")
def port() -> Iterator[str]:
    """Where the emulator's own process listens, until the module's tests are done."""
    with subprocess.Popen(
        (COMMAND, "serve", "--port", "0"), stdout=subprocess.PIPE, text=True, env=outside()
    ) as process:
        assert process.stdout is not None
        watchdog = threading.Timer(30, process.kill)
        watchdog.start()
        said = process.stdout.readline()
        watchdog.cancel()
        yield said.partition("http://127.0.0.1:")[2].partition(":")[0]
        process.terminate()
        assert process.wait(10) == 0


def told(port: str, form: str) -> str:
    """Return what `sagemaker-emulator env` prints for a form."""
    command = (COMMAND, "env", "--port", port, f"--{form}")
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=outside(), timeout=30).stdout
