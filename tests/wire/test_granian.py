"""The server for heavy load, where the extra is installed: the same emulator behind it."""

from __future__ import annotations

import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.wire.raw import PATIENCE
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
