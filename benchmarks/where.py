"""What figures are of: the day, the machine, and the versions of everything that was measured."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version

import psutil

PACKAGES = ("sagemaker-emulator", "moto", "Flask", "Werkzeug", "waitress", "granian", "orjson", "boto3", "pyperf")


def where() -> Iterator[str]:
    """Yield the lines of a list."""
    day, memory = datetime.now(timezone.utc).date(), psutil.virtual_memory().total / 2**30
    yield f"- {day}, {psutil.cpu_count()} processors, {memory:.0f} GiB, {platform.system()}"
    yield f"- {platform.python_implementation()} {platform.python_version()}, " + ", ".join(_versions())


def _versions() -> Iterator[str]:
    for name in PACKAGES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            continue
