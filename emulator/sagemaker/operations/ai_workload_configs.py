"""DeleteAIWorkloadConfig."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws import errors
from emulator.aws.errors import IN_USE, Refusal
from emulator.engine import verbs
from emulator.engine.scope import Scope


def delete(scope: Scope, params: Mapping[str, Any]) -> dict[str, Any] | None:
    """Delete a workload configuration that no benchmark job uses any more."""
    resource = scope.resources.resource("AIWorkloadConfig")
    record = verbs.find(scope, resource, params)
    benchmarks = scope.resources.resource("AIBenchmarkJob")
    scope.settle(benchmarks)
    for job in scope.table(benchmarks).moving.values():
        if scope.identify(resource, job.members["AIWorkloadConfigIdentifier"]) == record.key:
            words = resource.called(record.arn, record.key) | {"job": job.key[-1]}
            raise Refusal(IN_USE, errors.CONFIG_IN_USE).error(**words)
    return verbs.delete(scope, resource, params)


OPERATIONS = {"DeleteAIWorkloadConfig": delete}
