"""The installed command, as a user runs it: a process with flags, an environment, output and signals."""

from __future__ import annotations

import gc
import http.client
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import boto3
import pytest

from emulator import __version__
from emulator.engine.clock import Chance
from emulator.interfaces.http import create_app
from emulator.interfaces.server import THREADS, CannotListenError, listen
from emulator.sagemaker.service import sagemaker
from tests.conftest import ROLE
from tests.wire.raw import PATIENCE, Wire, ask, head, headers_of, replies, request

COMMAND = str(Path(sys.executable).with_name("sagemaker-emulator"))
GREETING = re.compile(
    rf"sagemaker-emulator {re.escape(__version__)} on (http://\S+:\d+): (\d+) kinds, (\d+) of (\d+) operations\n"
)
OTHER = "999988887777"


class Served(NamedTuple):
    """A process that serves, and what it said when it was ready."""

    process: subprocess.Popen[str]
    line: str

    @property
    def wire(self) -> Wire:
        found = re.search(r"http://\S+:\d+", self.line)
        assert found, self.line
        return Wire(found[0])

    def ended(self) -> tuple[int, str, str]:
        """Return the exit code and the rest of what it wrote, once it has ended."""
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out, err


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment without what could mislead the command or boto3."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SAGEMAKER_EMULATOR_"))}
    return kept | dict(more or {})


def run(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [COMMAND, *arguments], env=environment(env), capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def line_of(process: subprocess.Popen[str]) -> str:
    """Return the next line that a process writes."""
    assert process.stdout
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
    assert ready, "nothing was written in time"
    return process.stdout.readline()


@contextmanager
def started(arguments: Sequence[str], env: Mapping[str, str] | None = None) -> Iterator[Served]:
    """Start a process and wait for its first line."""
    with subprocess.Popen(
        arguments,
        env=environment(env),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as process:
        try:
            yield Served(process, line_of(process))
        finally:
            if process.poll() is None:
                process.kill()


def serving(*flags: str, env: Mapping[str, str] | None = None) -> Any:
    """Serve on a free port."""
    return started([COMMAND, "serve", "--port", "0", *flags], env)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


# --- serve ------------------------------------------------------------------------------------------------------------


def test_python_runs_it_as_a_module() -> None:
    done = subprocess.run((sys.executable, "-m", "emulator", "--version"), capture_output=True, text=True, check=True)
    assert done.stdout == f"{__version__}\n"


def test_serve_says_one_line_and_answers_where_it_says() -> None:
    with serving() as served:
        said = GREETING.fullmatch(served.line)
        assert said, served.line
        url, kinds, answered, of = said.groups()
        assert url.startswith("http://127.0.0.1:")
        health = served.wire.send("GET", "/_emulator/health").json
        assert health["operations"] == {"answered": int(answered), "of": int(of)}
        assert 0 < int(kinds) < int(answered) <= int(of)
        served.process.terminate()
        assert served.ended() == (0, "", "")


FLAGS = {
    "host": "localhost",
    "region": "eu-west-1",
    "account": OTHER,
    "pace": "real",
    "speed": "2.5",
    "references": "off",
    "paging": "filter-first",
    "seed": "7",
}


@pytest.mark.parametrize("how", ["flags", "environment", "flags over environment"])
def test_every_flag_is_an_environment_variable_too_and_wins_over_it(how: str) -> None:
    port = free_port()
    flags = [part for name, value in FLAGS.items() for part in (f"--{name}", value)] + ["--port", str(port)]
    variables = {f"SAGEMAKER_EMULATOR_{name.upper()}": value for name, value in FLAGS.items()}
    variables["SAGEMAKER_EMULATOR_PORT"] = str(port)
    if how == "flags":
        variables = {}
    elif how == "environment":
        flags = []
    else:
        variables |= {"SAGEMAKER_EMULATOR_REGION": "us-west-2", "SAGEMAKER_EMULATOR_PACE": "manual"}

    with started([COMMAND, "serve", *flags], variables) as served:
        wire = served.wire
        assert wire.address[1] == port
        first = wire.call("CreateModelPackageGroup", {"ModelPackageGroupName": "g"})
        assert first.headers["x-amzn-requestid"] == Chance(7).uuid()
        assert first.json["ModelPackageGroupArn"] == f"arn:aws:sagemaker:eu-west-1:{OTHER}:model-package-group/g"
        assert wire.send("GET", "/_emulator/pace").json == {"pace": "real", "speed": 2.5}
        for name in ("wanted", "other"):  # a package that is not there would be refused by strict references
            wire.done("CreateModel", ModelName=name, PrimaryContainer={"ModelPackageName": "missing"})
        page = wire.done("ListModels", NameContains="wanted", MaxResults=1)
        assert [model["ModelName"] for model in page["Models"]] == ["wanted"]


def test_without_flags_references_are_strict_and_pages_are_cut_first() -> None:
    with serving() as served:
        wire = served.wire
        refused = wire.call("CreateModel", {"ModelName": "m", "PrimaryContainer": {"ModelPackageName": "missing"}})
        assert refused.status == 400
        for name in ("wanted", "other"):
            wire.done("CreateModel", ModelName=name, PrimaryContainer={"Image": "i"})
        page = wire.done("ListModels", NameContains="wanted", MaxResults=1)  # the newest comes first
        assert page["Models"] == []
        assert "NextToken" in page


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_within_a_second_and_without_a_word_though_connections_are_open(stop: int, host: str) -> None:
    with serving("--host", host) as served, ExitStack() as stack:
        idle = [stack.enter_context(served.wire.socket()) for _ in range(5)]
        half = stack.enter_context(served.wire.socket())
        half.sendall(request("ListModels")[:40])
        connection = served.wire.connection()
        stack.callback(connection.close)
        assert ask(connection, "POST", "/", b"{}", headers_of("SageMaker.ListModels")).status == 200

        began = time.monotonic()
        served.process.send_signal(stop)
        assert served.ended() == (0, "", "")
        assert time.monotonic() - began < 1
        assert [sock.recv(1) for sock in idle] == [b""] * 5


# A server whose first call waits until it is told to go on.
HELD = """
import os
from emulator.aws.call import Call
from emulator.interfaces.http import create_app
from emulator.interfaces.server import serve
from emulator.sagemaker.service import sagemaker

emulator = sagemaker()
answer = emulator.answer
container = {"Image": "i", "Environment": {f"A{number}": "x" * 1024 for number in range(100)}}
answer(Call("CreateModel", {"ModelName": "large", "Containers": [container] * 15}, "123456789012", "us-east-1"))

def held(call):
    print("begun\\n", end="", flush=True)
    os.read(0, len("go on\\n"))
    return answer(call)

emulator.answer = held
serve(lambda: create_app(emulator), "127.0.0.1", 0, lambda url, _: print(url, flush=True))
"""

# Has its calls answered by threads, as calls are that may wait for something.
WAITING = """
from emulator.interfaces.http import Application

Application.prompt = lambda *_: False
"""


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(("name", "status", "size"), [("missing", 400, 100), ("large", 200, 1_500_000)])
@pytest.mark.parametrize("program", [HELD, WAITING + HELD], ids=["by the loop", "by a thread"])
def test_a_call_that_has_begun_is_answered_before_the_end(
    stop: int, name: str, status: int, size: int, program: str
) -> None:
    with started([sys.executable, "-c", program]) as served, socket.socket() as sock:
        sock.settimeout(PATIENCE)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)  # so that a large answer has to wait for the reader
        sock.connect(served.wire.address)
        sock.sendall(request("DescribeModel", json.dumps({"ModelName": name}).encode()))
        assert line_of(served.process) == "begun\n"
        served.process.send_signal(stop)
        with pytest.raises(subprocess.TimeoutExpired):
            served.process.wait(0.2)

        assert served.process.stdin
        served.process.stdin.write("go on\n")
        [reply] = replies(sock, 1)
        assert (reply.status, len(reply.body) > size) == (status, True)
        assert len(reply.body) == int(reply.headers["content-length"])
        assert served.ended() == (0, "", "")


def test_calls_sent_at_once_over_one_connection_are_answered_in_their_order(wire: Wire) -> None:
    names = [f"in-turn-{number}" for number in range(40)]
    with wire.socket() as sock:
        sock.sendall(b"".join(request("DescribeModel", json.dumps({"ModelName": name}).encode()) for name in names))
        said = [reply.json["message"] for reply in replies(sock, len(names))]
    assert all(one.endswith(f'/{name}".') for name, one in zip(names, said, strict=True))


def test_what_the_loop_and_what_threads_answer_stays_in_order_on_one_connection(wire: Wire) -> None:
    health = head({}, first="GET /_emulator/health HTTP/1.1")
    with wire.socket() as sock:
        sock.sendall((request("ListModels") + health) * 20)
        said = ["Models" in reply.json for reply in replies(sock, 40)]
    assert said == [True, False] * 20


LARGE = 1_000_000  # bytes of a pipeline's definition; forty of them are more than a connection may hold back


def make_large(wire: Wire, name: str) -> None:
    definition = json.dumps({"Version": "2020-12-01", "Steps": [], "Metadata": {"Text": "x" * LARGE}})
    said = {"PipelineDefinition": definition, "ClientRequestToken": name * 32, "RoleArn": ROLE}
    wire.done("CreatePipeline", PipelineName=name, **said)


def test_who_asks_for_much_at_once_and_reads_late_keeps_nobody_else_waiting(wire: Wire) -> None:
    make_large(wire, "p")
    with wire.socket() as sock:
        sock.sendall(request("DescribePipeline", b'{"PipelineName":"p"}') * 40)
        assert wire.alive()
        assert [len(reply.body) > LARGE for reply in replies(sock, 40)] == [True] * 40


def test_an_answer_that_is_being_sent_is_sent_to_its_end() -> None:
    with serving() as served, served.wire.socket() as sock:
        for name in "abcdefghij":
            make_large(served.wire, name)
        sock.sendall(head({}, first="GET /_emulator/state HTTP/1.1"))
        with sock.makefile("rb") as stream:
            assert stream.readline() == b"HTTP/1.1 200 OK\r\n"
            served.process.send_signal(signal.SIGTERM)
            with pytest.raises(subprocess.TimeoutExpired):
                served.process.wait(0.2)
            length = int(http.client.parse_headers(stream)["Content-Length"])
            assert len(stream.read(length)) == length > 10 * LARGE
        assert served.ended() == (0, "", "")


def test_a_call_that_waits_keeps_nobody_else_waiting() -> None:
    with started([sys.executable, "-c", WAITING + HELD]) as served, served.wire.socket() as sock:
        sock.sendall(request("ListModels"))
        assert line_of(served.process) == "begun\n"
        assert served.wire.send("GET", "/_emulator/health").status == 200
        assert served.process.stdin
        served.process.stdin.write("go on\n")
        assert replies(sock, 1)[0].status == 200


QUEUEING = """
from waitress.task import ThreadedTaskDispatcher

add = ThreadedTaskDispatcher.add_task

def added(self, task):
    add(self, task)
    print("added\\n", end="", flush=True)

ThreadedTaskDispatcher.add_task = added
"""


def test_calls_that_wait_for_a_thread_are_answered_before_the_end() -> None:
    calls = THREADS + 2
    with started([sys.executable, "-c", WAITING + QUEUEING + HELD]) as served, ExitStack() as open_sockets:
        sockets = [open_sockets.enter_context(socket.create_connection(served.wire.address)) for _ in range(calls)]
        for sock in sockets:
            sock.settimeout(PATIENCE)
            sock.sendall(request("DescribeModel", b'{"ModelName":"missing"}'))
        assert served.process.stdout
        said = [served.process.stdout.readline() for _ in range(calls + THREADS)]
        assert (said.count("added\n"), said.count("begun\n")) == (calls, THREADS)
        served.process.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            served.process.wait(0.2)

        assert served.process.stdin
        served.process.stdin.write("go on\n" * calls)
        assert [replies(sock, 1)[0].status for sock in sockets] == [400] * calls
        assert served.ended()[0] == 0


def test_a_port_that_cannot_be_listened_on_leaves_no_socket_and_no_thread_behind() -> None:
    before = threading.active_count()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with pytest.raises(CannotListenError):
            listen(create_app(sagemaker()), "127.0.0.1", taken.getsockname()[1])
        gc.collect()  # what is left open would warn now, and warnings are errors
    assert threading.active_count() == before


def test_a_port_in_use_is_named_and_no_stack_trace_shown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("serve", "--port", str(port))
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert re.fullmatch(
        rf"Error: Cannot listen on http://127\.0\.0\.1:{port}: .*Address already in use\n", ended.stderr
    )


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["serve", "--host", "192.0.2.1"], 1, "Cannot listen on http://192.0.2.1:4580"),
        (["serve", "--port", "65536"], 2, "65536 is not in the range 0<=x<=65535"),
        (["serve", "--port", "http"], 2, "'http' is not a valid integer"),
        (["serve", "--account", "12"], 2, "Invalid value for '--account': account is '12' and not twelve digits."),
        (["env", "--account", "12345678901a"], 2, "account is '12345678901a' and not twelve digits."),
        (["serve", "--region", ""], 2, "region is '' and not small letters, digits and hyphens."),
        (["serve", "--pace", "fast"], 2, "'fast' is not one of 'instant', 'step', 'real', 'manual'"),
        (["serve", "--speed", "0"], 2, "0.0 is not in the range x>0"),
        (["serve", "--speed", "nan"], 2, "Invalid value for '--speed': nan is not above 0."),
        (["serve", "--references", "maybe"], 2, "'maybe' is not one of 'strict', 'off'"),
        (["serve", "--nonsense"], 2, "No such option"),
        (["nonsense"], 2, "No such command 'nonsense'"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(arguments: list[str], code: int, said: str) -> None:
    ended = run(*arguments)
    assert (ended.returncode, ended.stdout) == (code, "")
    assert said in ended.stderr.splitlines()[-1]
    assert "Traceback" not in ended.stderr


# --- env --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment in which nothing points boto3 anywhere."""
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    return monkeypatch


def text(form: str, url: str, *more: str) -> str:
    """Return what ``env`` prints for the server of the tests, another account and another region."""
    parts = urlsplit(url)
    ended = run("env", form, *more, "--host", str(parts.hostname), "--port", str(parts.port), "--account", OTHER,
                "--region", "eu-west-1")  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


def reaches(sagemaker: Any, wire: Wire) -> bool:
    """Say whether a client's calls arrive at the server, for the other account and region."""
    sagemaker.create_model_package_group(ModelPackageGroupName="hello")
    groups = wire.call("ListModelPackageGroups", signed=(OTHER, "eu-west-1")).json["ModelPackageGroupSummaryList"]
    return [group["ModelPackageGroupName"] for group in groups] == ["hello"]


def test_the_lines_for_a_shell_point_boto3_at_the_emulator(wire: Wire, url: str, clean: pytest.MonkeyPatch) -> None:
    script = f"AWS_PROFILE=mine; AWS_SESSION_TOKEN=old; export AWS_PROFILE AWS_SESSION_TOKEN\n{text('--shell', url)}env"
    shell = subprocess.run(["/bin/sh", "-ec", script], env=environment(), capture_output=True, text=True, check=True)
    said = dict(line.split("=", 1) for line in shell.stdout.splitlines() if line.startswith("AWS_"))
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN"} & said.keys()
    for name, value in said.items():
        clean.setenv(name, value)
    session = boto3.Session()
    assert reaches(session.client("sagemaker"), wire)
    assert session.client("sts").get_caller_identity()["Account"] == OTHER


def test_the_profile_points_boto3_at_the_emulator(
    wire: Wire, url: str, clean: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    config.write_text(text("--profile", url))
    clean.setenv("AWS_CONFIG_FILE", str(config))
    session = boto3.Session(profile_name="sagemaker-emulator")
    assert reaches(session.client("sagemaker"), wire)
    assert session.client("sts").get_caller_identity()["Account"] == OTHER


def test_the_lines_of_python_make_a_client_of_the_emulator(wire: Wire, url: str, clean: pytest.MonkeyPatch) -> None:
    names: dict[str, Any] = {}
    exec(text("--python", url), names)  # noqa: S102 - it is what the reader is told to do
    assert reaches(names["sagemaker"], wire)


def test_the_block_for_terraform_names_every_endpoint_of_ours_and_the_account(url: str) -> None:
    assert text("--terraform", url, "--own-services") == (
        'provider "aws" {\n'
        '  region     = "eu-west-1"\n'
        f'  access_key = "{OTHER}"\n'
        '  secret_key = "local"\n'
        "\n"
        "  endpoints {\n"
        f'    cloudcontrol   = "{url}"\n'
        f'    cloudformation = "{url}"\n'
        f'    sagemaker      = "{url}"\n'
        f'    sts            = "{url}"\n'
        "  }\n"
        "}\n"
    )


def test_the_block_for_terraform_names_the_companions_too(url: str) -> None:
    block = text("--terraform", url, "--all-services")
    assert "  s3_use_path_style = true\n" in block
    named = {line.split()[0] for line in block.splitlines() if line.endswith(f'= "{url}"')}
    assert {"sagemaker", "sts", "iam", "s3", "ecr", "kms", "ec2", "sfn"} < named


@pytest.mark.parametrize(("scope", "there"), [("--all-services", True), ("--own-services", False)])
def test_one_line_leads_all_other_services_to_the_companions(url: str, scope: str, *, there: bool) -> None:
    assert (f"export AWS_ENDPOINT_URL={url}\n" in text("--shell", url, scope)) is there
    assert (f"local\nservices = sagemaker-emulator\nendpoint_url = {url}\n" in text("--profile", url, scope)) is there


def test_the_block_for_awscc_is_one_attribute_with_both_endpoints(url: str) -> None:
    assert text("--awscc", url) == (
        'provider "awscc" {\n'
        '  region     = "eu-west-1"\n'
        f'  access_key = "{OTHER}"\n'
        '  secret_key = "local"\n'
        "\n"
        "  endpoints = {\n"
        f'    cloudcontrolapi = "{url}"\n'
        f'    sts             = "{url}"\n'
        "  }\n"
        "}\n"
    )


def test_env_without_a_form_is_for_a_shell_and_listens_to_the_environment() -> None:
    assert run("env").stdout == run("env", "--shell").stdout
    variables = {"SAGEMAKER_EMULATOR_PORT": "1234", "SAGEMAKER_EMULATOR_HOST": "::1"}
    lines = run("env", env=variables).stdout.splitlines()
    assert lines[0] == "export AWS_ENDPOINT_URL_SAGEMAKER=http://[::1]:1234"


# --- The rest ---------------------------------------------------------------------------------------------------------


def test_coverage_lists_every_operation_and_counts_them() -> None:
    *lines, last = run("coverage").stdout.splitlines()
    listed = dict(line.split(maxsplit=1) for line in lines)
    counted = re.fullmatch(r"(\d+) of (\d+) operations are answered\.", last)
    assert counted
    answered = [name for name, how in listed.items() if how != "not yet"]
    assert (len(answered), len(listed)) == (int(counted[1]), int(counted[2]))
    assert (listed["CreateModel"], listed["AddTags"]) == ("declared", "coded")


def test_coverage_missing_lists_only_what_is_not_answered() -> None:
    everything = dict(line.split(maxsplit=1) for line in run("coverage").stdout.splitlines()[:-1])
    missing = dict(line.split(maxsplit=1) for line in run("coverage", "--missing").stdout.splitlines()[:-1])
    assert missing == {name: how for name, how in everything.items() if how == "not yet"}


def test_version_is_the_packages_version() -> None:
    ended = run("--version")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"{__version__}\n", "")


def test_help_names_every_command() -> None:
    ended = run("--help")
    assert ended.returncode == 0
    assert {"serve", "env", "coverage"} <= set(re.findall(r"^  (\w+) ", ended.stdout, re.MULTILINE))


def test_help_on_serve_names_every_flag_with_its_variable() -> None:
    said = re.sub(r"\s+", "", run("serve", "--help").stdout)
    for name in (*FLAGS, "port"):
        assert f"--{name}" in said
        assert f"SAGEMAKER_EMULATOR_{name.upper()}" in said
