"""Run AWS's contract tests on several types: ``python suite.py TYPES ENDPOINT RESULTS``.

Runs where cloudformation-cli is installed, and imports nothing of ours.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from rpdk.core.contract import resource_client
from rpdk.core.contract.contract_plugin import ContractPlugin

INI = """[pytest]
addopts = --pyargs rpdk.core.contract.suite.resource -p no:cacheprovider -q --tb=short --no-header --no-summary
python_files = handler_*.py
python_functions = contract_*
markers =
    create:
    delete:
    read:
    update:
    list:
"""
ACTIONS = ("create", "read", "update", "delete", "list")


class Results:
    """What became of each test, and why it failed."""

    def __init__(self) -> None:
        self.outcomes: dict[str, list[str]] = {}

    def pytest_runtest_logreport(self, report: Any) -> None:
        name = report.nodeid.rpartition("::")[2]
        if report.when == "call" or report.outcome != "passed":
            said = "" if report.outcome == "passed" else str(getattr(report, "longreprtext", ""))[-3000:]
            self.outcomes[name] = [report.outcome, said]


def run(kind: str, said: dict[str, Any], endpoint: str, ini: Path) -> dict[str, list[str]]:
    """Run the suite on one type."""
    results = Results()
    client = resource_client.ResourceClient(
        kind, endpoint, "us-east-1", said["schema"], {}, said["inputs"], type_name=said["schema"]["typeName"]
    )
    cannot = [f"not {action}" for action in ACTIONS if action not in said["schema"]["handlers"]]
    marks = ["-m", " and ".join(cannot)] if cannot else []
    pytest.main(["-c", str(ini), *marks], plugins=[ContractPlugin({"resource_client": client}), results])
    return results.outcomes


def main() -> None:
    """Run the suite on all types of a file, and write what became of them."""
    types, endpoint, written = sys.argv[1:]
    ini = Path(written).with_suffix(".ini")
    ini.write_text(INI)
    # It would ask the real STS who calls.
    with (
        patch.object(resource_client, "get_temporary_credentials", return_value={}),
        patch.object(resource_client, "get_account", return_value="123456789012"),
    ):
        all_types = json.loads(Path(types).read_text()).items()
        results = {kind: run(kind, said, endpoint, ini) for kind, said in all_types}
    Path(written).write_text(json.dumps(results))


if __name__ == "__main__":
    main()
