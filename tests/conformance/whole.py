"""One successful call of any operation: what it needs is made first, found by asking the catalogue.

Creates make what they refer to; all other verbs of a kind are called on a resource of it, brought to a state that
allows them; an operation that is no verb of a kind is called with the names of resources of the kinds that its members
name. What none of this can know stands in ``preparations.py``.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, NamedTuple

from emulator.engine.lifecycle import State
from tests.conformance import inputs
from tests.conformance.botocore_model import SHAPES, input_shape, members, output_shape
from tests.conformance.conftest import Reply
from tests.conformance.lives import AGREED, MOST_CHANGES, Lives, Made, Params, _called, _less, _more
from tests.conformance.preparations import PREPARED
from tests.conformance.test_every_kind import differences, echoed
from tests.conftest import ACCOUNT, REGION

Form = Callable[[str], Params]


class Called(NamedTuple):
    """A call that was made: what was sent in the end, what came back, and the resource that it was about."""

    sent: Params
    reply: Reply
    made: Made | None


def call(lives: Lives, operation: str, form: Form) -> Called:
    """Call an operation on what it needs; the reply is a refusal if nothing that was tried is taken."""
    verb, kind = place(lives, operation)
    if verb == "Create" and operation not in PREPARED:
        made = lives.make(kind, form)
        return Called(made.sent, made.reply, made)
    made_ = None
    if operation in PREPARED:
        given = PREPARED[operation](lives)
    elif kind and makable(lives, kind):
        made_ = lives.make(kind, form) if verb == "Update" else lives.needed(kind)
        given = lives.naming(made_, operation)
        given |= {name: value for name, value in family(made_).items() if name in members(input_shape(operation))}
        rest(lives, made_, verb)
    else:
        given = {}
    wanted = {**_wanted(operation, form), **given}
    wanted |= named(lives, operation, wanted.keys() - given.keys())
    wanted = {name: value for name, value in wanted.items() if value is not None}
    sent, reply = fitted(lives, operation, wanted, form, given.keys())
    return Called(sent, reply, made_)


def fitted(lives: Lives, operation: str, params: Params, form: Form, kept: Any = ()) -> tuple[Params, Reply]:
    """Send params, changed one member at a time until they are taken: a full input loses some, a minimal one gains."""
    sent, reply = params, lives.send(operation, params)
    seen: set[str] = set()
    while reply.status == 400 and len(seen) < MOST_CHANGES:
        seen.add(reply.message)
        less, more = _less(operation, sent, kept), _more(operation, sent, 0)
        for candidate in chain(less, more) if form is inputs.full else chain(more, less):
            answer = lives.send(operation, candidate)
            if answer.status != 400 or answer.message not in seen:
                sent, reply = candidate, answer
                break
        else:
            break
    return sent, reply


def rest(lives: Lives, made: Made, verb: str) -> None:
    """Bring a resource into a state that allows a verb, if its present one does not."""
    life = made.resource.lifecycle
    with lives.emulator.at(ACCOUNT, REGION) as scope:
        record = scope.find(made.resource, made.record.key)
        if life and record and record.state and life.move(verb, record.state.status) is None:
            status = next((one for one in life.calls[verb] if not life.moves(one)), next(iter(life.calls[verb])))
            scope.put(made.resource, record._replace(state=State(status, record.state.since)))


def named(lives: Lives, operation: str, wanted: Any) -> Params:
    """Return the names of resources that an operation's members ask for: of kinds that one such member names."""
    kinds = {}
    for resource in lives.emulator.catalogue.resources():
        if makable(lives, resource.name):
            kinds.setdefault(str(resource.arn_member), resource)
            if len(resource.keys[0]) == 1:
                kinds[resource.keys[0][0]] = resource
    shape = members(input_shape(operation))
    return {
        name: _called(lives.needed(kinds[name].name), shape[name], name)
        for name in wanted
        if name in kinds and SHAPES[shape[name]]["type"] == "string"
    }


def family(made: Made) -> Params:
    """Return the members by which what was made named its parents."""
    return {one.by: made.sent[one.by] for one in made.resource.kind.parents if one.by in made.sent}


def _wanted(operation: str, form: Form) -> Params:
    """Return a generated input whose values agree with each other; no page is asked for that nobody offered."""
    wanted = {**form(operation), **AGREED.get(operation, {})}
    return {name: value for name, value in copy.deepcopy(wanted).items() if value is not None and name != "NextToken"}


def place(lives: Lives, operation: str) -> tuple[str, str]:
    """Return the verb and the kind of an operation; empty ones if it is no verb of a kind."""
    for kind in sorted(lives.emulator.catalogue.kinds):
        resource = lives.emulator.catalogue.resource(kind)
        for verb in ("Create", "Describe", "Update", "Delete", "Start", "Stop"):
            if operation == resource.operation(verb):
                return verb, kind
    place = lives.emulator.catalogue._places.get(operation, ("", "", ""))
    return place[0], place[1]


def makable(lives: Lives, kind: str) -> bool:
    """Say whether a kind can be made by a call."""
    return lives.emulator.catalogue.how(lives.emulator.catalogue.resource(kind).operation("Create")) is not None


# --- What an answer repeats -------------------------------------------------------------------------------------------


def changed(called: Called, operation: str) -> Iterator[str]:
    """Yield the members of an answer that were sent otherwise: those of the same name and shape in both."""
    taken, given = members(input_shape(operation)), members(output_shape(operation))
    for name in called.sent.keys() & (called.reply.body or {}).keys():
        if taken[name] == given[name]:
            yield from _differences(called.sent[name], called.reply.body[name], name)


def forgotten(lives: Lives, called: Called, operation: str) -> Iterator[str]:
    """Yield the members that a create or an update sent and that Describe gives back otherwise, or not at all."""
    made = called.made
    if made is None or operation not in (made.resource.operation("Create"), made.resource.operation("Update")):
        return
    if not lives.answers(made.resource, "Describe"):
        return
    described = lives.describe(made)
    cleared = {gone for flag, gone in made.resource.kind.update.clears.items() if called.sent.get(flag)}
    for sent, value in called.sent.items():
        member = made.resource.kind.renamed.get(sent, sent)
        if member in echoed(made.resource) - made.resource.grown - made.resource.kind.update.merged - cleared:
            if member in described:
                yield from differences(value, described[member], made.resource.shown_members[member], member, made)
            else:
                yield f"{member} is not given back"


def _differences(sent: Any, shown: Any, path: str) -> Iterator[str]:
    """Yield where a shown value lacks or changes what was sent; what the service adds does not count."""
    if isinstance(sent, dict) and isinstance(shown, dict):
        for name, value in sent.items():
            if name in shown:
                yield from _differences(value, shown[name], f"{path}.{name}")
            else:
                yield f"{path}.{name} is not given back"
    elif isinstance(sent, list) and isinstance(shown, list) and len(sent) == len(shown):
        for one, other in zip(sent, shown, strict=True):
            yield from _differences(one, other, path)
    elif sent != shown:
        yield f"{path} is {shown!r}, not {sent!r}"
