"""AWS's contract tests for handlers (cloudformation-cli), on every type. `make contract` sets them up."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from emulator.engine.clock import Chance, ManualClock
from emulator.sagemaker.service import sagemaker
from tests.contract.bridge import Bridge
from tests.registry.desired import SAGEMAKER, SERVED, States, full
from tests.registry.test_every_type import UNCHANGED, changed

pytestmark = pytest.mark.slow

PYTHON = os.environ.get("SAGEMAKER_EMULATOR_CONTRACT", "")

# Properties that are not changed with all the others, and why.
ALONE = {"Cluster": {"ClusterRole": "it can change once groups no longer scale by themselves"}}
# Tests that a type does not pass, and why.
EXPECTED: dict[str, dict[str, str]] = {
    "ModelPackage": dict.fromkeys(
        ("contract_create_taggable", "contract_update_tag_updatable"),
        "what is created is a version, which takes no tags",
    ),
}


def inputs(states: States) -> dict[str, Any]:
    """Return what the suite is to create, and what it is to make of that."""
    handler, before, after = states.type, states.desired(full), states.desired(full, 1)
    wished = before
    left = {**UNCHANGED.get(states.name, {}), **ALONE.get(states.name, {})}
    for name in sorted((before.keys() & after.keys()) - left.keys()):
        wished = changed(handler, wished, after, name)
    return {"CREATE": before, "UPDATE": wished, "INVALID": {}}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[str]]]:
    """What became of each test, by type; the suite runs once."""
    if not Path(PYTHON).is_file():
        pytest.skip("cloudformation-cli is not there; `make contract` installs it")
    served = {name: States(sagemaker(clock=ManualClock(), chance=Chance(0)), name) for name in SERVED}
    here = tmp_path_factory.mktemp("contract")
    types = {name: {"schema": states.type.schema, "inputs": inputs(states)} for name, states in served.items()}
    (here / "types.json").write_text(json.dumps(types))
    server = make_server("127.0.0.1", 0, Bridge({name: states.type for name, states in served.items()}), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    suite = Path(__file__).parent / "suite.py"
    files = [str(here / name) for name in ("types.json", "results.json")]
    environment = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1"}
    ran = subprocess.run(
        [PYTHON, suite, files[0], f"http://127.0.0.1:{server.port}", files[1]],
        env={**os.environ, **environment},
        cwd=here,  # our own conftest is none of its
        capture_output=True,
        text=True,
        check=False,
    )
    server.shutdown()
    server.server_close()
    assert ran.returncode == 0, ran.stdout + ran.stderr
    found: dict[str, dict[str, list[str]]] = json.loads(Path(files[1]).read_text())
    return found


@pytest.mark.parametrize("name", SERVED)
def test_a_type_passes_the_contract_tests(outcomes: dict[str, dict[str, list[str]]], name: str) -> None:
    went = outcomes[name]
    assert [test for test, (outcome, _) in went.items() if outcome == "passed"]
    failed = {test: why for test, (outcome, why) in went.items() if outcome == "failed"}
    assert failed.keys() == EXPECTED.get(name, {}).keys(), (SAGEMAKER + name, failed)
