"""The image, run by buildah in a chroot: `make image-test` builds it and starts these."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest

import emulator

pytestmark = pytest.mark.image

HOME = Path("opt/sagemaker-emulator")


class Running(NamedTuple):
    """A container whose entrypoint serves."""

    process: subprocess.Popen[str]
    url: str
    port: str


def buildah(*arguments: str) -> str:
    """Return what a buildah command printed."""
    done = subprocess.run(("buildah", *arguments), check=True, stdout=subprocess.PIPE, text=True, timeout=120)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def image() -> str:
    return os.environ["SAGEMAKER_EMULATOR_IMAGE"]


@pytest.fixture(scope="module")
def config(image: str) -> dict[str, Any]:
    """What the image says of itself."""
    told: dict[str, Any] = json.loads(buildah("inspect", "--type", "image", image))["Docker"]["config"]
    return told


@pytest.fixture(scope="module")
def container(image: str) -> Iterator[str]:
    name = buildah("from", "--pull-never", image)
    yield name
    buildah("rm", name)


@pytest.fixture(scope="module")
def root(container: str) -> Path:
    """The container's file system."""
    return Path(buildah("mount", container))


@pytest.fixture
def start(container: str, config: dict[str, Any]) -> Iterator[Callable[..., Running]]:
    """Return a function that starts the entrypoint with arguments, on a free port, and waits until it serves."""
    started = []

    def run(*arguments: str) -> Running:
        entrypoint = (*config["Entrypoint"], "--port", "0", *arguments)
        process = subprocess.Popen(("buildah", "run", container, "--", *entrypoint), stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        watchdog = threading.Timer(30, process.kill)
        watchdog.start()
        said = process.stdout.readline()
        watchdog.cancel()
        found = re.search(r"http://0\.0\.0\.0:(\d+)", said)
        assert found, f"it said {said!r}"
        return Running(process, f"http://127.0.0.1:{found[1]}", found[1])

    yield run
    for process in started:
        if process.poll() is None:
            os.kill(served(process), signal.SIGKILL)
        process.communicate(timeout=10)


def served(process: subprocess.Popen[str]) -> int:
    """Return the process id of the entrypoint, which runs somewhere below buildah's own processes."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
    below = {process.pid}
    while more := {pid for pid, parent in parents.items() if parent in below} - below:
        below |= more
    (found,) = (pid for pid in below if f"/{HOME}/bin/python" in command(pid)[0])
    return found


def command(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


def test_says_what_it_is(config: dict[str, Any]) -> None:
    labels = config["Labels"]
    assert labels["org.opencontainers.image.title"] == "sagemaker-emulator"
    assert labels["org.opencontainers.image.version"] == emulator.__version__
    assert labels["org.opencontainers.image.licenses"] == "Apache-2.0"


def test_listens_on_every_interface_at_one_port_and_stops_by_sigterm(config: dict[str, Any]) -> None:
    assert config["Entrypoint"] == ["sagemaker-emulator", "serve"]
    assert list(config["ExposedPorts"]) == ["4580/tcp"]
    assert "SAGEMAKER_EMULATOR_HOST=0.0.0.0" in config["Env"]
    assert config["StopSignal"] == "SIGTERM"


def test_its_user_is_a_number_and_not_root(config: dict[str, Any]) -> None:
    user, group = config["User"].split(":")
    assert int(user) > 0 < int(group)


def test_has_no_compiler(root: Path) -> None:
    assert [
        tool for tool in ("gcc", "cc", "make", "git") if any((root / at / tool).exists() for at in ("bin", "usr/bin"))
    ] == []


def test_its_environment_holds_what_serving_needs_and_no_build_tool(root: Path) -> None:
    installed = {path.name.partition("-")[0] for path in (root / HOME).glob("lib/python*/site-packages/*.dist-info")}
    assert {"flask", "moto", "waitress", "sagemaker_emulator"} <= installed
    assert {"pip", "setuptools", "wheel", "hatchling"} & installed == set()


def test_all_of_it_is_compiled(root: Path) -> None:
    sources = list((root / HOME / "lib").rglob("*.py"))
    compiled = {path.parent.parent / f"{path.name.partition('.')[0]}.py" for path in (root / HOME).rglob("*.pyc")}
    assert sources
    assert [path for path in sources if path not in compiled] == []


def test_what_it_imports_of_the_standard_library_is_compiled(root: Path) -> None:
    assert list((root / "usr").glob("l*/**/python3.*/json/__pycache__/decoder.*.pyc"))


def test_nothing_of_the_source_or_the_build_is_left(root: Path) -> None:
    assert [name for name in ("source", "etc/pip.conf", "root/.cache") if (root / name).exists()] == []
    assert list((root / HOME).glob("*/python*/site-packages/tests")) == []


def test_says_that_it_is_well(start: Callable[..., Running]) -> None:
    with urllib.request.urlopen(f"{start().url}/_emulator/health", timeout=5) as answer:
        assert json.load(answer)["status"] == "ok"


def test_a_client_creates_and_describes(start: Callable[..., Running]) -> None:
    client = boto3.client(
        "sagemaker",
        endpoint_url=start().url,
        region_name="us-east-1",
        aws_access_key_id="123456789012",
        aws_secret_access_key="local",  # noqa: S106 - the emulator checks no signature
    )
    arn = client.create_model_package_group(ModelPackageGroupName="churn")["ModelPackageGroupArn"]
    assert client.describe_model_package_group(ModelPackageGroupName="churn")["ModelPackageGroupArn"] == arn


def test_other_services_are_in_it(start: Callable[..., Running]) -> None:
    s3 = boto3.client(
        "s3",
        endpoint_url=start().url,
        region_name="us-east-1",
        aws_access_key_id="123456789012",
        aws_secret_access_key="local",  # noqa: S106 - likewise
    )
    s3.create_bucket(Bucket="artifacts")
    s3.put_object(Bucket="artifacts", Key="model.tar.gz", Body=b"here")
    assert s3.get_object(Bucket="artifacts", Key="model.tar.gz")["Body"].read() == b"here"


def test_what_follows_its_name_goes_to_serve(start: Callable[..., Running]) -> None:
    with urllib.request.urlopen(f"{start('--pace', 'manual').url}/_emulator/pace", timeout=5) as answer:
        assert json.load(answer)["pace"] == "manual"


def test_what_is_kept_in_its_directory_outlives_it(start: Callable[..., Running], root: Path) -> None:
    for groups in (1, 2):
        running = start("--state-dir", "/state")
        client = boto3.client(
            "sagemaker",
            endpoint_url=running.url,
            region_name="us-east-1",
            aws_access_key_id="123456789012",
            aws_secret_access_key="local",  # noqa: S106 - likewise
        )
        client.create_model_package_group(ModelPackageGroupName=f"churn-{groups}")
        assert len(client.list_model_package_groups()["ModelPackageGroupSummaryList"]) == groups
        os.kill(served(running.process), signal.SIGKILL)
        running.process.wait(10)
    assert list((root / "usr").glob("l*/**/python3.*/sqlite3/__pycache__/dbapi2.*.pyc"))


def test_runs_as_its_user(start: Callable[..., Running], config: dict[str, Any]) -> None:
    status = Path(f"/proc/{served(start().process)}/status").read_text()
    for name, number in zip(("Uid", "Gid"), config["User"].split(":"), strict=True):
        assert set(re.findall(rf"^{name}:\t(.*)$", status, re.MULTILINE)[0].split()) == {number}


def test_its_health_check_passes_while_it_serves_and_fails_when_it_does_not(
    start: Callable[..., Running], container: str, config: dict[str, Any]
) -> None:
    kind, *check = config["Healthcheck"]["Test"]
    assert kind == "CMD"
    running = start()
    look = ("run", "--env", f"SAGEMAKER_EMULATOR_PORT={running.port}", container, "--", *check)
    buildah(*look)
    os.kill(served(running.process), signal.SIGTERM)
    running.process.wait(10)
    with pytest.raises(subprocess.CalledProcessError):
        buildah(*look)


def test_sigterm_stops_it_at_once_and_without_complaint(start: Callable[..., Running]) -> None:
    process = start().process
    asked = time.monotonic()
    os.kill(served(process), signal.SIGTERM)
    assert process.wait(10) == 0
    assert time.monotonic() - asked < 5
