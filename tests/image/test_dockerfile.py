"""What the Dockerfile repeats from elsewhere is what is said there."""

from __future__ import annotations

import re
from pathlib import Path

import emulator
from emulator.interfaces.cli import serve

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_its_version_is_the_package_s() -> None:
    assert re.findall(r"^ARG VERSION=(.+)$", DOCKERFILE, re.MULTILINE) == [emulator.__version__]


def test_its_port_is_the_one_that_serve_listens_on() -> None:
    port = next(str(option.default) for option in serve.params if option.name == "port")
    assert re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE) == [port]
    assert re.findall(r"SAGEMAKER_EMULATOR_PORT=(\d+)", DOCKERFILE) == [port]


def test_what_it_copies_is_sent_to_the_builder_and_nothing_else() -> None:
    copied = {name for line in re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE) for name in line.split()}
    sent = set(re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    assert copied == sent
    assert all((ROOT / name).exists() for name in copied)
