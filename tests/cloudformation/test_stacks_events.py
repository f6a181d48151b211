"""Golden sequences: what CloudFormation tells of a stack, step by step, as people read it in the console."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.cloudformation.things import Thing, template

Events = Callable[[str], list[str]]

A_AND_B = template(A={"Value": "1"}, B={"Value": {"Ref": "A"}}, C={"Value": "1"})
FAULTS = "Properties validation failed for resource A with message: [#: extraneous key [Colour] is not permitted]"
REPLACING = "Requested update requires the creation of a new physical resource; hence creating one."

HANDLER = re.compile(
    r'Resource handler returned message: "([^"]*)" \(RequestToken: [0-9a-f-]{36}, HandlerErrorCode: (\w+)\)'
)

# What is done, one call after the other; what is told of the last one.
SEQUENCES: dict[str, tuple[list[tuple[str, dict[str, Any] | None, dict[str, Any]]], str]] = {
    "resources that do not wait for each other are created side by side": (
        [("create", A_AND_B, {})],
        """
        S CREATE_IN_PROGRESS User Initiated
        A CREATE_IN_PROGRESS
        C CREATE_IN_PROGRESS
        A CREATE_IN_PROGRESS Resource creation Initiated
        C CREATE_IN_PROGRESS Resource creation Initiated
        A CREATE_COMPLETE
        C CREATE_COMPLETE
        B CREATE_IN_PROGRESS
        B CREATE_IN_PROGRESS Resource creation Initiated
        B CREATE_COMPLETE
        S CREATE_COMPLETE
        """,
    ),
    "what is deleted goes in the opposite order": (
        [("create", A_AND_B, {}), ("delete", None, {})],
        """
        S DELETE_IN_PROGRESS User Initiated
        B DELETE_IN_PROGRESS
        C DELETE_IN_PROGRESS
        B DELETE_COMPLETE
        C DELETE_COMPLETE
        A DELETE_IN_PROGRESS
        A DELETE_COMPLETE
        S DELETE_COMPLETE
        """,
    ),
    "a creation that fails is rolled back and says why": (
        [("create", template(A={}, B={"Fails": "create", "After": "A"}, C={"After": "B"}), {})],
        """
        S CREATE_IN_PROGRESS User Initiated
        A CREATE_IN_PROGRESS
        A CREATE_IN_PROGRESS Resource creation Initiated
        A CREATE_COMPLETE
        B CREATE_IN_PROGRESS
        B CREATE_IN_PROGRESS Resource creation Initiated
        B CREATE_FAILED "It came to nothing." (NotStabilized)
        S ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [B]. Rollback requested by user.
        B DELETE_IN_PROGRESS
        B DELETE_COMPLETE
        A DELETE_IN_PROGRESS
        A DELETE_COMPLETE
        S ROLLBACK_COMPLETE
        """,
    ),
    "what is under way when something else fails is cancelled": (
        [("create", template(A={"Seconds": 60}, B={"Fails": "refuse"}), {})],
        """
        S CREATE_IN_PROGRESS User Initiated
        A CREATE_IN_PROGRESS
        B CREATE_IN_PROGRESS
        A CREATE_IN_PROGRESS Resource creation Initiated
        B CREATE_FAILED "No such thing." (InvalidRequest)
        A CREATE_FAILED Resource creation cancelled
        S ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [A, B]. Rollback requested by user.
        B DELETE_COMPLETE
        """,
    ),
    "a stack that is not to be rolled back keeps what failed": (
        [("create", template(A={}, B={"Fails": "create"}), {"OnFailure": "DO_NOTHING"})],
        """
        S CREATE_IN_PROGRESS User Initiated
        A CREATE_IN_PROGRESS
        B CREATE_IN_PROGRESS
        A CREATE_IN_PROGRESS Resource creation Initiated
        B CREATE_IN_PROGRESS Resource creation Initiated
        A CREATE_COMPLETE
        B CREATE_FAILED "It came to nothing." (NotStabilized)
        S CREATE_FAILED The following resource(s) failed to create: [B].
        """,
    ),
    "a stack that is to be deleted on failure is": (
        [("create", template(A={"Fails": "refuse"}), {"OnFailure": "DELETE"})],
        """
        S CREATE_IN_PROGRESS User Initiated
        A CREATE_IN_PROGRESS
        A CREATE_FAILED "No such thing." (InvalidRequest)
        S DELETE_IN_PROGRESS The following resource(s) failed to create: [A]. Delete requested by user.
        A DELETE_COMPLETE
        S DELETE_COMPLETE
        """,
    ),
    "an update touches what has changed, and deletes what is gone when all else is done": (
        [("create", A_AND_B, {}), ("update", template(A={"Value": "2"}, B={"Value": {"Ref": "A"}}), {})],
        """
        S UPDATE_IN_PROGRESS User Initiated
        A UPDATE_IN_PROGRESS
        A UPDATE_COMPLETE
        S UPDATE_COMPLETE_CLEANUP_IN_PROGRESS
        C DELETE_IN_PROGRESS
        C DELETE_COMPLETE
        S UPDATE_COMPLETE
        """,
    ),
    "a replacement is created before what it replaces is deleted, and those that refer to it follow": (
        [
            ("create", A_AND_B, {}),
            ("update", template(A={"Name": "n"}, B={"Value": {"Ref": "A"}}, C={"Value": "1"}), {}),
        ],
        f"""
        S UPDATE_IN_PROGRESS User Initiated
        A UPDATE_IN_PROGRESS {REPLACING}
        A UPDATE_IN_PROGRESS Resource creation Initiated
        A UPDATE_COMPLETE
        B UPDATE_IN_PROGRESS
        B UPDATE_COMPLETE
        S UPDATE_COMPLETE_CLEANUP_IN_PROGRESS
        A DELETE_IN_PROGRESS
        A DELETE_COMPLETE
        S UPDATE_COMPLETE
        """,
    ),
    "an update that fails goes back to what was there before": (
        [
            ("create", A_AND_B, {}),
            (
                "update",
                template(A={"Name": "n"}, B={"Fails": "update", "After": ["A", "C", "D"]}, C={"Value": "2"}, D={}),
                {},
            ),
        ],
        f"""
        S UPDATE_IN_PROGRESS User Initiated
        A UPDATE_IN_PROGRESS {REPLACING}
        C UPDATE_IN_PROGRESS
        D CREATE_IN_PROGRESS
        A UPDATE_IN_PROGRESS Resource creation Initiated
        D CREATE_IN_PROGRESS Resource creation Initiated
        A UPDATE_COMPLETE
        C UPDATE_COMPLETE
        D CREATE_COMPLETE
        B UPDATE_IN_PROGRESS
        B UPDATE_FAILED "It will not change." (NotStabilized)
        S UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to update: [B].
        A UPDATE_COMPLETE
        C UPDATE_IN_PROGRESS
        C UPDATE_COMPLETE
        B UPDATE_IN_PROGRESS
        B UPDATE_COMPLETE
        S UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS
        D DELETE_IN_PROGRESS
        A DELETE_IN_PROGRESS
        D DELETE_COMPLETE
        A DELETE_COMPLETE
        S UPDATE_ROLLBACK_COMPLETE
        """,
    ),
    "an update that is not to be rolled back keeps what failed": (
        [("create", template(A={}), {}), ("update", template(A={"Fails": "update"}), {"DisableRollback": True})],
        """
        S UPDATE_IN_PROGRESS User Initiated
        A UPDATE_IN_PROGRESS
        A UPDATE_FAILED "It will not change." (NotStabilized)
        S UPDATE_FAILED The following resource(s) failed to update: [A].
        """,
    ),
    "what cannot be deleted fails the deletion, and what it needs stays": (
        [("create", template(A={}, B={"Fails": "delete", "After": "A"}, C={}), {}), ("delete", None, {})],
        """
        S DELETE_IN_PROGRESS User Initiated
        B DELETE_IN_PROGRESS
        C DELETE_IN_PROGRESS
        B DELETE_FAILED "It will not go." (ResourceConflict)
        C DELETE_COMPLETE
        S DELETE_FAILED The following resource(s) failed to delete: [B].
        """,
    ),
    "a rollback that cannot delete fails, as does the deletion, until what is in the way is left": (
        [
            ("create", template(A={"Fails": "delete"}, B={"Fails": "refuse", "After": "A"}), {}),
            ("delete", None, {}),
            ("delete", None, {"RetainResources": ["A"]}),
        ],
        """
        S DELETE_IN_PROGRESS User Initiated
        A DELETE_SKIPPED
        S DELETE_COMPLETE
        """,
    ),
    "a rollback that cannot delete says what": (
        [("create", template(A={"Fails": "delete"}, B={"Fails": "refuse", "After": "A"}), {})],
        """
        S CREATE_IN_PROGRESS User Initiated
        A CREATE_IN_PROGRESS
        A CREATE_IN_PROGRESS Resource creation Initiated
        A CREATE_COMPLETE
        B CREATE_IN_PROGRESS
        B CREATE_FAILED "No such thing." (InvalidRequest)
        S ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [B]. Rollback requested by user.
        B DELETE_COMPLETE
        A DELETE_IN_PROGRESS
        A DELETE_FAILED "It will not go." (ResourceConflict)
        S ROLLBACK_FAILED The following resource(s) failed to delete: [A].
        """,
    ),
    "what is to be retained is left where it is": (
        [("create", template(A={"With": {"DeletionPolicy": "Retain"}}, B={}), {}), ("delete", None, {})],
        """
        S DELETE_IN_PROGRESS User Initiated
        B DELETE_IN_PROGRESS
        A DELETE_SKIPPED
        B DELETE_COMPLETE
        S DELETE_COMPLETE
        """,
    ),
    "what a type takes only sometimes is updated where it takes it": (
        [("create", template(A={"Perhaps": "one"}), {}), ("update", template(A={"Perhaps": "two"}), {})],
        """
        S UPDATE_IN_PROGRESS User Initiated
        A UPDATE_IN_PROGRESS
        A UPDATE_COMPLETE
        S UPDATE_COMPLETE_CLEANUP_IN_PROGRESS
        S UPDATE_COMPLETE
        """,
    ),
    "what a type takes only sometimes is replaced where it does not": (
        [("create", template(A={"Perhaps": "one"}), {}), ("update", template(A={"Perhaps": "another"}), {})],
        f"""
        S UPDATE_IN_PROGRESS User Initiated
        A UPDATE_IN_PROGRESS
        A UPDATE_IN_PROGRESS {REPLACING}
        A UPDATE_IN_PROGRESS Resource creation Initiated
        A UPDATE_COMPLETE
        S UPDATE_COMPLETE_CLEANUP_IN_PROGRESS
        A DELETE_IN_PROGRESS
        A DELETE_COMPLETE
        S UPDATE_COMPLETE
        """,
    ),
    "what a type should take but refuses is not replaced": (
        [("create", template(A={"Value": "one"}), {}), ("update", template(A={"Value": "another"}), {})],
        """
        S UPDATE_IN_PROGRESS User Initiated
        A UPDATE_IN_PROGRESS
        A UPDATE_FAILED "Another thing might be that." (NotUpdatable)
        S UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to update: [A].
        A UPDATE_IN_PROGRESS
        A UPDATE_COMPLETE
        S UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS
        S UPDATE_ROLLBACK_COMPLETE
        """,
    ),
    "a property that the type does not have fails its resource": (
        [("create", template(A={"Colour": "red"}), {"OnFailure": "DO_NOTHING"})],
        f"""
        S CREATE_IN_PROGRESS User Initiated
        A CREATE_FAILED {FAULTS}
        S CREATE_FAILED The following resource(s) failed to create: [A].
        """,
    ),
}


@pytest.mark.parametrize(("calls", "expected"), SEQUENCES.values(), ids=list(SEQUENCES))
def test_events_tell_what_happens(
    cfn: Any, stack: Any, update: Any, events: Events, calls: list[Any], expected: str
) -> None:
    before = 0
    ident = ""
    for verb, body, said in calls:
        before = len(events(ident)) if ident else 0
        if verb == "create":
            ident = stack("S", body, **said)
        elif verb == "update":
            update("S", body, **said)
        else:
            cfn.delete_stack(StackName="S", **said)
    told = [HANDLER.sub(r'"\1" (\2)', " ".join(one.split())) for one in events(ident)[before:]]
    assert told == [" ".join(one.split()) for one in expected.strip().splitlines()]


def test_every_event_has_an_id_of_its_own_and_its_time(cfn: Any, stack: Any, clock: Any, things: Thing) -> None:
    stack("S", template(A={"Seconds": 10}))
    clock.advance(30)
    found = cfn.describe_stack_events(StackName="S")["StackEvents"]
    assert len({one["EventId"] for one in found}) == len(found) == 5
    times = [one["Timestamp"] for one in reversed(found)]
    assert times == sorted(set(times)), "clients put events in order by their times"
    assert round((times[-1] - times[0]).total_seconds()) == 30
    initiated = found[2]
    assert initiated["PhysicalResourceId"] == next(iter(things.there))
    assert initiated["ResourceProperties"] == '{"Seconds":10}'
