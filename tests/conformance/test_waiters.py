"""Every waiter of botocore: at the default pace its first poll is its last, and a failure is told as one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from botocore import xform_name
from botocore.exceptions import WaiterError
from botocore.loaders import Loader

from emulator.engine.lifecycle import State
from tests.conformance.boto import Boto
from tests.conformance.lives import Lives, Made
from tests.conftest import ACCOUNT, REGION

WAITERS: dict[str, dict[str, Any]] = Loader().load_service_model("sagemaker", "waiters-2")["waiters"]


class Life(NamedTuple):
    """What a waiter waits for: a kind, and the verb that leads there."""

    kind: str
    verb: str = "Create"


LIVES = {
    "EndpointDeleted": Life("Endpoint", "Delete"),
    "EndpointInService": Life("Endpoint"),
    "ImageCreated": Life("Image"),
    "ImageDeleted": Life("Image", "Delete"),
    "ImageUpdated": Life("Image", "Update"),
    "ImageVersionCreated": Life("ImageVersion"),
    "ImageVersionDeleted": Life("ImageVersion", "Delete"),
    "NotebookInstanceDeleted": Life("NotebookInstance", "Delete"),
    "NotebookInstanceInService": Life("NotebookInstance"),
    "NotebookInstanceStopped": Life("NotebookInstance", "Stop"),
    "ProcessingJobCompletedOrStopped": Life("ProcessingJob"),
    "TrainingJobCompletedOrStopped": Life("TrainingJob"),
    "TransformJobCompletedOrStopped": Life("TransformJob"),
}
STOPPED = [name for name in LIVES if name.endswith("CompletedOrStopped")]


def expected(name: str, state: str, matcher: str) -> list[str]:
    """Return what a waiter takes for the end: statuses or codes of errors."""
    said = [one for one in WAITERS[name]["acceptors"] if one["state"] == state and one["matcher"] == matcher]
    return [one["expected"] for one in said]


FAILING = [(name, status) for name in sorted(WAITERS) for status in expected(name, "failure", "path")]
REFUSED = [(name, code) for name in sorted(WAITERS) for code in expected(name, "failure", "error")]

# Waiters that take an error for a failure which SageMaker does not answer there, with the reason.
NEVER_ANSWERED: dict[str, str] = {
    "ImageCreated": "what is not there is ResourceNotFound, which the waiter passes on as it is",
    "ImageDeleted": "what is not there is ResourceNotFound: that is its success",
    "ImageUpdated": "what is not there is ResourceNotFound, which the waiter passes on as it is",
    "ImageVersionCreated": "what is not there is ResourceNotFound, which the waiter passes on as it is",
    "ImageVersionDeleted": "what is not there is ResourceNotFound: that is its success",
}


@pytest.fixture
def polls(client: Any) -> list[str]:
    """The operations that the client has called, in their order."""
    called: list[str] = []
    client.meta.events.register("before-call.sagemaker", lambda model, **_: called.append(model.name))
    return called


@pytest.fixture
def lives(emulator: Any, client: Any) -> Lives:
    return Lives(emulator, Boto(client))


def waited(client: Any, lives: Lives, polls: list[str], name: str, made: Made) -> list[str]:
    """Wait, and return the operations that were called meanwhile; there is no time to wait for a second one."""
    polls.clear()
    naming = lives.naming(made, WAITERS[name]["operation"])
    client.get_waiter(xform_name(name)).wait(**naming, WaiterConfig={"Delay": 0, "MaxAttempts": 1})
    return polls


def turn(lives: Lives, made: Made, verb: str) -> None:
    """Do a verb to a resource."""
    operation = made.resource.operation(verb)
    reply = lives.send(operation, lives.naming(made, operation))
    assert reply.status == 200, reply.body


def put(lives: Lives, made: Made, status: str) -> None:
    """Put a resource into a status of its life."""
    with lives.emulator.at(ACCOUNT, REGION) as scope:
        record = scope.find(made.resource, made.record.key)
        assert record
        scope.put(made.resource, record._replace(state=State(status, record.created, "it was asked to fail")))


def phases(made: Made, status: str) -> Iterator[str]:
    """Yield the phases of a life that show a status and last."""
    life = made.resource.lifecycle
    assert life
    entered = {stage.failed for stage in life.times.values()} | {stage.then for stage in life.times.values()}
    yield from (phase for phase in sorted(entered - {None}) if life.shown(phase) == status and not life.moves(phase))


def test_every_waiter_is_waited_for() -> None:
    assert LIVES.keys() == WAITERS.keys()
    assert len(LIVES) == 13


@pytest.mark.parametrize("name", LIVES)
def test_a_waiter_ends_at_its_first_poll(name: str, client: Any, lives: Lives, polls: list[str]) -> None:
    life = LIVES[name]
    made = lives.make(life.kind)
    if life.verb == "Delete" and life.kind == "NotebookInstance":
        turn(lives, made, "Stop")
    if life.verb != "Create":
        turn(lives, made, life.verb)

    assert waited(client, lives, polls, name, made) == [WAITERS[name]["operation"]]


@pytest.mark.parametrize("name", STOPPED)
def test_a_job_that_was_stopped_is_waited_for_as_well(name: str, client: Any, lives: Lives, polls: list[str]) -> None:
    made = lives.make(LIVES[name].kind)
    turn(lives, made, "Stop")

    assert waited(client, lives, polls, name, made) == [WAITERS[name]["operation"]]
    assert lives.describe(made)[str(made.resource.status_member)] == "Stopped"


@pytest.mark.parametrize(("name", "status"), FAILING)
def test_a_waiter_tells_a_failure_at_its_first_poll(
    name: str, status: str, client: Any, lives: Lives, polls: list[str]
) -> None:
    made = lives.make(LIVES[name].kind)
    put(lives, made, next(phases(made, status)))

    with pytest.raises(WaiterError, match=f'matched expected path: "{status}"') as failed:
        waited(client, lives, polls, name, made)

    assert polls == [WAITERS[name]["operation"]]
    response = failed.value.last_response
    assert response[str(made.resource.status_member)] == status
    assert response[str(made.resource.reason_member)] == "it was asked to fail"


@pytest.mark.parametrize(("name", "code"), REFUSED)
def test_a_waiter_tells_that_there_is_nothing_to_wait_for(
    name: str, code: str, client: Any, lives: Lives, polls: list[str]
) -> None:
    made = lives.make(LIVES[name].kind)
    lives.emulator.store.place(ACCOUNT, REGION).table(LIVES[name].kind).remove(made.record)

    if "ResourceNotFound" in expected(name, "success", "error"):
        assert waited(client, lives, polls, name, made)
    else:
        with pytest.raises(WaiterError) as failed:
            waited(client, lives, polls, name, made)
        answered = failed.value.last_response["Error"]["Code"]
        assert (answered == code) == (name not in NEVER_ANSWERED), answered
    assert polls == [WAITERS[name]["operation"]]
