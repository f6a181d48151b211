"""The server for heavy load, where the extra is installed: the same emulator behind it."""

from __future__ import annotations

import json
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from emulator.interfaces.way import LARGEST
from tests.wire.raw import PATIENCE, head, headers_of, replies
from tests.wire.test_command_line import COMMAND, GREETING, environment, free_port, serving

pytest.importorskip("granian", reason="the extra `fast` is not installed")

GRANIAN = ("--server", "granian")


def test_calls_over_many_connections_reach_one_emulator() -> None:
    with serving(*GRANIAN, "--port", str(free_port())) as served:
        assert GREETING.fullmatch(served.line)
        container = {"Image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/serve:1"}

        def create(name: str) -> int:
            return served.wire.call("CreateModel", {"ModelName": name, "PrimaryContainer": container}).status

        with ThreadPoolExecutor(8) as pool:
            assert sorted(pool.map(create, ["same"] * 8)) == [200, *[400] * 7]
            assert set(pool.map(create, [f"m-{number}" for number in range(20)])) == {200}
        assert len(served.wire.call("ListModels", {"MaxResults": 100}).json["Models"]) == 21

        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(PATIENCE) == 0


def test_what_waits_keeps_nobody_else_waiting_and_is_answered_before_the_end() -> None:
    with serving(*GRANIAN, "--port", str(free_port())) as served, ExitStack() as stack:
        own = f"{GREETING.fullmatch(served.line)[1]}/_emulator"
        rule = json.dumps({"operation": "ListModels", "seconds": 2}).encode()
        stream = stack.enter_context(urlopen(f"{own}/events/stream", timeout=PATIENCE))
        assert stream.readline().startswith(b":")  # a thread waits for events from now on
        urlopen(Request(f"{own}/delay", rule, {"Content-Type": "application/json"})).close()

        pool = stack.enter_context(ThreadPoolExecutor(2))
        waiting = [pool.submit(served.wire.call, "ListModels", {}) for _ in range(2)]
        while json.load(urlopen(f"{own}/rules"))[0]["happened"] < 2:
            assert not any(one.done() for one in waiting)
        assert served.wire.call("ListImages", {}).status == 200
        assert not any(one.done() for one in waiting)

        stream.close()
        served.process.send_signal(signal.SIGTERM)
        assert [one.result().status for one in waiting] == [200, 200]
        assert served.process.wait(PATIENCE) == 0


def chunked(body: bytes, first: str, **headers: str) -> bytes:
    """Return a request that does not say how long its body is."""
    return head(headers | {"Transfer-Encoding": "chunked"}, first=first) + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def test_a_body_may_come_in_chunks_and_be_larger_than_any_call() -> None:
    with serving(*GRANIAN, "--port", str(free_port())) as served, served.wire.socket() as sock:
        create = headers_of("SageMaker.CreateModelPackageGroup")
        sock.sendall(chunked(b'{"ModelPackageGroupName":"g"}', "POST / HTTP/1.1", **create))
        [made] = replies(sock, 1)
        assert made.json["ModelPackageGroupArn"].endswith("/g")

        other = json.dumps({"account": "111122223333"}).encode()
        sock.sendall(chunked(other, "POST /_emulator/reset HTTP/1.1", **{"Content-Type": "application/json"}))
        assert replies(sock, 1)[0].status == 200
        assert len(served.wire.done("ListModelPackageGroups")["ModelPackageGroupSummaryList"]) == 1

        assert served.wire.post("SageMaker.ListModels", b" " * (LARGEST + 1)).status == 413


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--load", "missing.json"), "Error: missing.json: "),
        (("--host", "192.0.2.1"), "Error: Cannot listen on http://192.0.2.1:"),
    ],
)
def test_what_keeps_it_from_serving_is_said_in_one_line(flags: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = subprocess.run(
        (COMMAND, "serve", *GRANIAN, *flags),
        check=False,
        capture_output=True,
        text=True,
        env=environment({"SAGEMAKER_EMULATOR_PORT": str(free_port())}),
        timeout=PATIENCE,
        cwd=tmp_path,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1
    assert not done.stdout
