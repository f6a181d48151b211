"""The page's recipe for Testcontainers starts, waits for and reaches a container, whose place a process takes here."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("testcontainers", reason="it brings Docker's client: make apart")

from testcontainers.core import container as testcontainers
from testcontainers.core.config import ConnectionMode

from tests.docs.pages import ROOT, blocks

COMMAND = str(Path(sys.executable).with_name("sagemaker-emulator"))
IMAGE_PORT = 4580


class Container:
    """What stands for a container: the command of the image, with its variables."""

    id = short_id = "1"
    status = "created"

    def __init__(self, image: str, environment: dict[str, str], ports: dict[str, Any]) -> None:
        assert image == "sagemaker-emulator"
        assert [int(str(port).partition("/")[0]) for port in ports] == [IMAGE_PORT]
        self._environment = environment

    def run(self) -> None:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("SAGEMAKER_EMULATOR_")}
        said = {**ours, **self._environment, "SAGEMAKER_EMULATOR_PORT": "0"}
        self._process = subprocess.Popen([COMMAND, "serve"], env=said, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        self.port = self._process.stdout.readline().partition("http://127.0.0.1:")[2].partition(":")[0]
        self.status = "running"

    def reload(self) -> None: ...

    def remove(self, **_: Any) -> None:
        self._process.terminate()
        self._process.communicate(timeout=10)


class Docker:
    """What stands for Docker."""

    def __init__(self, **_: Any) -> None:
        self.client = self

    def create(self, image: str, *, environment: dict[str, str], ports: dict[str, Any], **_: Any) -> Container:
        self._made = Container(image, environment, ports)
        return self._made

    def start(self, made: Container) -> None:
        made.run()

    def get_connection_mode(self) -> ConnectionMode:
        return ConnectionMode.docker_host

    def host(self) -> str:
        return "127.0.0.1"

    def port(self, _: str, port: int) -> str:
        assert port == IMAGE_PORT
        return self._made.port

    def close(self) -> None: ...


def test_the_page_s_recipe_works(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(testcontainers, "DockerClient", Docker)
    monkeypatch.setattr(testcontainers.c, "ryuk_disabled", True)
    monkeypatch.syspath_prepend(str(tmp_path))
    named = [one for one in blocks(ROOT / "docs" / "how-to" / "containers.md") if one.language == "python"]
    for block in named:
        (tmp_path / block.text.partition("\n")[0].removeprefix("# ")).write_text(block.text)
    recipe, example = import_module("sagemaker_container"), import_module("test_images")

    with recipe.SageMakerContainer().with_env("SAGEMAKER_EMULATOR_PACE", "step") as container:
        example.test_an_image_is_made(container)
