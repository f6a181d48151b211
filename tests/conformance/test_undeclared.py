"""What a kind does though nobody has declared it: all of the service with its declarations and topics taken away.

A newer model brings kinds that have no file yet; on that day they are created, described, listed and deleted.
"""

from __future__ import annotations

from typing import Any

import pytest

from emulator.aws import model
from emulator.aws.call import Call
from emulator.aws.errors import ServiceError
from emulator.engine.clock import Chance, ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.lifecycle import GONE
from emulator.sagemaker.patterns import PRINTED
from emulator.sagemaker.service import Declarations, _nouns
from tests.conformance.conftest import Reply
from tests.conformance.lives import Lives, list_operation
from tests.conformance.shapes import misfits_of, value_misfits
from tests.conformance.whole import rest
from tests.conftest import ACCOUNT, REGION

# Declared kinds that the model does not let anybody derive, with the reason.
UNDERIVABLE: dict[str, str] = {
    "Association": "it is added, and has no Create and no Describe",
    "ClusterEvent": "it is made by what happens to a cluster",
    "ClusterNode": "it is made with its cluster",
    "ClusterOperation": "it is made by what is done to a cluster",
    "Device": "it is registered",
    "EdgeDeploymentStage": "nothing describes it but its plan",
    "FeatureMetadata": "it is made with its feature group",
    "HubContent": "it is imported",
    "HubContentVersion": "it is imported",
    "LineageGroup": "it is there from the beginning",
    "ModelCardVersion": "it is made by each change of a card",
    "MonitoringExecution": "it is made by its schedule",
    "PipelineExecution": "it is started",
    "PipelineVersion": "it is made by each change of a pipeline",
    "ReservedCapacity": "it is made with its training plan",
}

# Derived kinds that are made and cannot be called by what they were made under, until they are declared; the reason.
NAMELESS = {
    "ClusterExtension": "the name in its ARN begins with who offers it",
    "Domain": "the model has a prefix for the identifier that is made: d-",
    "ModelCardExportJob": "its ARN stands below that of its card",
    "ModelPackage": "it is named in one of two ways, and requires none",
    "PartnerApp": "the model has a prefix for the identifier that is made: app-",
}

# Derived kinds whose summaries name them otherwise than all else does, until it is declared; the reason.
LISTED_ANONYMOUSLY = dict.fromkeys(
    (f"{one}JobDefinition" for one in ("DataQuality", "ModelBias", "ModelExplainability", "ModelQuality")),
    "summaries of all four say MonitoringJobDefinitionName and …Arn",
)


class Undeclared(Declarations):
    """SageMaker's kinds, of which nobody has said anything."""

    def __init__(self) -> None:
        super().__init__()
        self.declared = self.operations = self.working = frozenset()
        self.kinds = frozenset(noun for noun, verbs in _nouns().items() if self._derivable(noun, verbs))

    def follows(self, kind: str) -> list[Any]:
        """Return nothing: nobody has said what follows."""
        return []

    changes = follows


KINDS = sorted(Undeclared().kinds)


@pytest.fixture(scope="module")
def emulator() -> Emulator:
    return Emulator(model.load("sagemaker"), Undeclared(), None, ManualClock(), Chance(0), PRINTED)


@pytest.fixture
def lives(emulator: Emulator) -> Lives:
    emulator.store.reset()

    def send(operation: str, params: dict[str, Any]) -> Reply:
        try:
            return Reply(200, emulator.answer(Call(operation, params, ACCOUNT, REGION)))
        except ServiceError as error:
            return Reply(400, {"__type": error.code, "message": error.message})

    return Lives(emulator, send)


def working(verb: str) -> list[str]:
    """Return the kinds that have a verb which works though nobody declared them."""
    operations = model.load("sagemaker").operations
    return [kind for kind in KINDS if verb + kind in operations and kind not in NAMELESS]


def test_every_kind_can_be_derived_but_those_that_nobody_creates() -> None:
    assert Declarations().kinds - set(KINDS) == UNDERIVABLE.keys()


@pytest.mark.parametrize("kind", NAMELESS)
def test_what_needs_a_declaration_to_be_named_does_need_it(kind: str, lives: Lives) -> None:
    with pytest.raises(AssertionError):
        lives.describe(lives.make(kind))


@pytest.mark.parametrize("kind", working("Create"))
def test_it_is_created(kind: str, lives: Lives) -> None:
    made = lives.make(kind)

    assert not [one for one in misfits_of(made.reply.body, made.resource.operation("Create")) if "missing" not in one]
    assert made.record.arn.startswith(f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:")


@pytest.mark.parametrize("kind", working("Describe"))
def test_it_is_described_as_it_was_sent(kind: str, lives: Lives) -> None:
    made = lives.make(kind)
    operation = made.resource.operation("Describe")

    reply = lives.send(operation, lives.naming(made, operation))

    assert reply.status == 200, reply.body
    assert not [one for one in misfits_of(reply.body, operation) if "missing" not in one]
    wrapped = made.resource.wrapped(lives.emulator.model.output(operation))
    described = reply.body[wrapped[0]] if wrapped else reply.body
    for member, value in {**made.sent, **made.keyed}.items():
        if member in made.resource.shown_members and not list(
            value_misfits(value, made.resource.shown_members[member], member)
        ):
            assert described[member] == value


@pytest.mark.parametrize("kind", working("Create"))
def test_it_is_listed_where_the_model_has_a_list(kind: str, lives: Lives) -> None:
    operation = list_operation(lives.emulator, kind)
    if operation:
        made = lives.make(kind)
        [listed] = lives.listed(made, operation)
        named = made.record.arn in listed.values() or made.keyed.items() & listed.items()
        assert bool(named) == (kind not in LISTED_ANONYMOUSLY)


@pytest.mark.parametrize("kind", working("Delete"))
def test_it_is_deleted(kind: str, lives: Lives) -> None:
    made = lives.make(kind)
    operation = made.resource.operation("Delete")
    rest(lives, made, "Delete")

    reply = lives.send(operation, lives.naming(made, operation))

    assert reply.status == 200, reply.body
    with lives.emulator.at(ACCOUNT, REGION) as scope:
        record = scope.find(made.resource, made.record.key)
    life = made.resource.lifecycle
    assert record is None or (life and record.state and record.state.status in ends(life))


def ends(life: Any) -> set[str]:
    """Return the statuses in which a deleted resource rests."""
    status = set(life.calls.get("Delete", {}).values())
    while moving := {one for one in status if one in life.times}:
        status = status - moving | {life.times[one].then for one in moving}
    return status - {GONE}
