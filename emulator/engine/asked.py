"""All that was asked for and that calls meet: faults, outcomes, quotas; each with its name and how it was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from emulator.aws import arn
from emulator.aws.call import Call
from emulator.aws.errors import CONFLICT, IN_USE, ServiceError
from emulator.engine import quotas
from emulator.engine.catalogue import Catalogue
from emulator.engine.clock import Chance
from emulator.engine.faults import Fault, Known, Outcome
from emulator.engine.quotas import Quota
from emulator.engine.resource import Resource
from emulator.engine.scope import Answered, Scope
from emulator.engine.store import Record

Rule = Fault | Outcome | Quota


class Asked:
    """What was asked for, in the order in which it was."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.rules: Mapping[str, Rule] = {}
        self.faults: list[Fault] = []
        self.outcomes: list[Outcome] = []
        self.quotas: list[Quota] = []

    def put(self, rules: Mapping[str, Rule]) -> None:
        """Take some rules in the place of all."""
        self.rules = rules
        self.faults = [one for one in rules.values() if isinstance(one, Fault)]
        self.outcomes = [one for one in rules.values() if isinstance(one, Outcome)]
        self.quotas = [one for one in rules.values() if isinstance(one, Quota)]

    def meet(self, call: Call, chance: Chance) -> None:
        """Let happen to a call what was asked for; ServiceError or DroppedError if it is not to be answered."""
        names = partial(called, self.catalogue, call)
        for fault in self.faults:
            if fault.calls.holds(call, names) and fault.turns.come(chance):
                fault.happen(call)

    def why(self, scope: Scope, resource: Resource, record: Record, status: str) -> str | None:
        """Return why a resource that leaves a status fails; None if that was not asked for."""
        fields = partial(scope.fields, resource, record)
        for outcome in self.outcomes:
            if outcome.holds(resource, record, status, fields) and outcome.turns.come(scope.chance):
                scope.place.journal.append(outcome.turns.take_back)
                return outcome.reason
        return None

    def act(self, answered: Answered, scope: Scope, params: Mapping[str, Any]) -> dict[str, Any] | None:
        """Do what an operation does, within the quotas."""
        return quotas.act(self.quotas, answered, scope, params)


# --- What a call is about ---------------------------------------------------------------------------------------------


def called(catalogue: Catalogue, call: Call) -> Iterable[str]:
    """Yield the names of what a call is about, and those in the ARNs it gives for it."""
    for text in _given(catalogue, call):
        yield text
        known = arn.parse(text)
        if known:
            yield known.resource.partition("/")[2]
            yield known.resource.rpartition("/")[2]


def _given(catalogue: Catalogue, call: Call) -> list[str]:
    """Return what identifies the resource of a call: members of its key, or the first text that is required."""
    resource = catalogue.subject(call.operation)
    if resource is not None:
        members = {f"{resource.name}Name", *resource.identifying, *(parent.by for parent in resource.kind.parents)}
    else:
        operations = catalogue.model.operations
        shape = catalogue.model.input(call.operation) if call.operation in operations else None
        members = set(shape.required if shape else call.params)
    return [str(value) for name, value in call.params.items() if name in members and isinstance(value, (str, int))]


def refusal(
    catalogue: Catalogue, known: Known, message: str | None, status: int | None, caller: str | None, call: Call
) -> ServiceError:
    """Return what a call is answered, in the words that AWS would choose for it."""
    resource = catalogue.subject(call.operation)
    code, declared = known.code, _declared(catalogue, call.operation)
    if code == IN_USE and code not in declared and CONFLICT in declared:
        code = CONFLICT
    words = {
        "code": code,
        "caller": caller or str(arn.Arn(arn.partition(call.region), "iam", "", call.account, "root")),
        "action": f"{catalogue.model.metadata['service']}:{call.operation}",
        "arn": _arn(catalogue, resource, call),
        "words": resource.words if resource else call.operation,
    }
    return ServiceError(code, known.says(words) if message is None else message, status or known.status)


def _declared(catalogue: Catalogue, operation: str) -> Iterable[str]:
    known = catalogue.model.operations.get(operation)
    return known.errors if known else ()


def _arn(catalogue: Catalogue, resource: Resource | None, call: Call) -> str:
    """Return the ARN that a call is about, with a star for what it does not say."""
    given = _given(catalogue, call)
    arns = [text for text in given if text.startswith("arn:")]
    if arns or resource is None:
        return next(iter(arns), "*")
    for names in resource.keys:
        if all(name in call.params for name in names):
            return resource.arn(tuple(call.params[name] for name in names), call.account, call.region)
    start = resource.templates[0].start
    return arn.prefix(catalogue.model.metadata["service"], call.region, call.account) + start + "*"
