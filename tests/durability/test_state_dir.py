"""A server with a directory goes on from it, and one that cannot says why and leaves it as it is."""

from __future__ import annotations

import resource
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from emulator.engine.ledger import FILE
from emulator.interfaces.handle import SageMaker
from tests.conftest import ROLE
from tests.durability.process import Ask, Process, call

Start = Callable[..., Process]
IMAGES = call("ListImages")


@pytest.fixture
def start() -> Iterator[Start]:
    """Return a function that starts a server; those that still live in the end are killed."""
    begun: list[Process] = []

    def start_(*arguments: str, **more: Any) -> Process:
        begun.append(Process(*arguments, **more))
        return begun[-1]

    yield start_
    for one in begun:
        one.popen.kill()
        one.popen.wait()
        for stream in (one.popen.stdout, one.popen.stderr):
            assert stream
            stream.close()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A directory that is not there yet."""
    return tmp_path / "deep" / "state"


def image(name: str) -> Ask:
    return call("CreateImage", ImageName=name, RoleArn=ROLE)


def names(server: Process) -> list[str]:
    _, listed = server.ask(IMAGES)
    return sorted(one["ImageName"] for one in listed["Images"])


@pytest.mark.parametrize(
    ("server", "end"),
    [("waitress", signal.SIGKILL), ("waitress", signal.SIGTERM), ("granian", signal.SIGKILL)],
    ids=["waitress killed", "waitress stopped", "granian killed"],
)
def test_a_server_goes_on_from_where_another_one_ended(
    server: str, end: signal.Signals, start: Start, directory: Path
) -> None:
    if server == "granian":
        pytest.importorskip("granian", reason="the extra `fast` is not installed")
    first = start("--state-dir", str(directory), "--server", server).ready()
    assert first.ask(image("a"))[0] == 200
    _, made = first.ask(call("DescribeImage", ImageName="a"))
    first.popen.send_signal(end)
    first.popen.communicate()  # until every process of it has ended

    again = start(env={"SAGEMAKER_EMULATOR_STATE_DIR": str(directory)}).ready()

    assert again.ask(call("DescribeImage", ImageName="a")) == (200, made)
    assert again.ask(image("b"))[0] == 200
    assert names(again) == ["a", "b"]


def test_identifiers_of_a_seed_are_not_given_twice(start: Start, directory: Path) -> None:
    apps = []
    for number in range(2):
        server = start("--state-dir", str(directory), "--seed", "7").ready()
        status, made = server.ask(
            call(
                "CreateDomain",
                DomainName=f"d{number}",
                AuthMode="IAM",
                DefaultUserSettings={"ExecutionRole": ROLE},
                SubnetIds=["subnet-12345678"],
                VpcId="vpc-12345678",
            )
        )
        assert status == 200, made
        apps.append(made["DomainArn"])
        server.kill()
    assert len(set(apps)) == 2


def test_a_second_server_is_refused_and_the_first_one_goes_on(start: Start, directory: Path) -> None:
    first = start("--state-dir", str(directory)).ready()

    code, said = start("--state-dir", str(directory)).refused()

    assert (code, said) == (1, f"Error: {directory / FILE}: this state is in use by another emulator.\n")
    assert first.ask(image("a"))[0] == 200


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA user_version = 2")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (newer, "this state has version 2; this emulator reads versions up to 1."),
        (lambda path: path.write_bytes(path.read_bytes()[:5000]), "damaged"),
        (lambda path: path.write_bytes(path.read_bytes().replace(b"studio", b"stupid")), "this state is damaged."),
        (lambda path: path.write_text("my diary"), "this is no state of an emulator"),
        (lambda path: path.write_bytes(b""), "this is no state of an emulator"),
    ],
    ids=["newer", "cut", "changed", "another file", "empty"],
)
def test_what_cannot_be_read_is_refused_in_one_line_and_left_alone(
    spoil: Callable[[Path], Any], sentence: str, start: Start, directory: Path
) -> None:
    with SageMaker(state_dir=directory) as hand:
        hand.client().create_image(ImageName="studio", RoleArn=ROLE)
    spoil(directory / FILE)
    before = (directory / FILE).read_bytes()

    code, said = start("--state-dir", str(directory)).refused()

    assert code == 1
    assert said.startswith(f"Error: {directory / FILE}: ")
    assert sentence in said
    assert said.count("\n") == 1
    assert (directory / FILE).read_bytes() == before


def test_a_place_that_is_no_directory_is_refused(start: Start, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    code, said = start("--state-dir", str(tmp_path / "file")).refused()

    assert (code, said.count("\n")) == (1, 1)
    assert "File exists" in said


def test_a_full_disk_refuses_what_is_to_be_written_and_nothing_else(start: Start, directory: Path) -> None:
    server = start("--state-dir", str(directory)).ready()
    server.ask(image("before"))
    server.ask(call("DescribeImage", ImageName="before"))
    full = (directory / f"{FILE}-wal").stat().st_size
    resource.prlimit(server.popen.pid, resource.RLIMIT_FSIZE, (full, resource.RLIM_INFINITY))

    status, said = server.ask(image("during"))
    assert (status, said["__type"]) == (500, "InternalFailure")
    assert said["message"].startswith("What the call changes cannot be written down, and so it has changed nothing: ")
    status, said = server.ask(Ask("POST", "/_emulator/clock/advance", {"days": 300}))
    assert (status, "cannot be written down" in said["message"]) == (500, True)
    status, said = server.ask(Ask("PUT", "/_emulator/endpoints/e/answers", {"body": "1"}))
    assert (status, "cannot be written down" in said["message"]) == (500, True)
    assert names(server) == ["before"]

    resource.prlimit(server.popen.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    assert server.ask(image("after"))[0] == 200
    server.kill()
    assert names(start("--state-dir", str(directory)).ready()) == ["after", "before"]


def test_seeds_are_taken_when_there_is_nothing_yet_and_then_no_more(
    start: Start, directory: Path, tmp_path: Path
) -> None:
    files = {name: tmp_path / f"{name}.json" for name in ("one", "two")}
    kept = ("--state-dir", str(directory), *(part for file in files.values() for part in ("--load", str(file))))
    files["one"].write_text(f'[{{"CreateImage": {{"ImageName": "one", "RoleArn": "{ROLE}"}}}}]')
    files["two"].write_text("[{}]")
    code, said = start(*kept).refused()
    assert (code, "two.json: Entry 1 is not one operation" in said) == (1, True)
    files["two"].write_text(files["one"].read_text().replace("one", "two"))

    first = start(*kept).ready()
    assert names(first) == ["one", "two"]
    first.ask(call("DeleteImage", ImageName="one"))
    first.kill()

    assert names(start(*kept).ready()) == ["two"]


# --- The handle of a test ---------------------------------------------------------------------------------------------


def test_a_handle_goes_on_from_its_directory(directory: Path) -> None:
    hand = SageMaker(state_dir=directory, seed=1)
    with hand:
        hand.client().create_image(ImageName="a", RoleArn=ROLE)
        hand.clock.advance(days=3)
        ahead = hand.clock.shown
    with hand:
        assert [one["ImageName"] for one in hand.client().list_images()["Images"]] == ["a"]
        assert hand.clock.shown == ahead
        hand.reset()
    with SageMaker(state_dir=str(directory), transport="http") as other:
        assert other.client().list_images()["Images"] == []


def test_a_handle_says_why_it_cannot_begin(directory: Path) -> None:
    with SageMaker(state_dir=directory), pytest.raises(ValueError, match="in use by another emulator"):
        _ = SageMaker(state_dir=directory).emulator
