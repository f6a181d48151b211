"""What a type may say about how it departs from the rule: the vocabulary of declarations.

The rule: a type is a kind of SageMaker's by the same name, its handlers are the kind's verbs, and a property is the
member of its name. All of it follows from the type's schema and the service model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from emulator.aws.errors import Sentence

Answer = dict[str, Any] | None


class Acting(NamedTuple):
    """What a handler's step may do: call the service, with params that identify the resource."""

    call: Callable[..., Answer]  # an operation's name, and its params by name
    key: Mapping[str, Any]


Members = dict[str, Any]
Properties = Mapping[str, Any]


@dataclass(frozen=True)
class Departure:
    """How one type departs. ``Departure()`` is complete: all else follows.

    Paths are as in kinds: ``MemberDefinitions[].CognitoMemberDefinition.CognitoUserPool``.
    """

    kind: str | None = None  # SageMaker's name for it, where it is not the type's

    # Paths of properties, to the member that takes its place where there is none of the property's name; for the first
    # step it may lead deeper: ``EndpointMetadata.EndpointName``.
    names: Mapping[str, str] = field(default_factory=dict)
    unsent: Mapping[str, str] = field(default_factory=dict)  # paths of properties that no call takes, and why
    unread: Mapping[str, str] = field(default_factory=dict)  # paths of properties that no call shows, and why

    operations: Mapping[str, str] = field(default_factory=dict)  # by verb, where they are not the kind's
    attributes: Mapping[str, str] = field(default_factory=dict)  # properties that the kind keeps as its attributes
    listed: Mapping[str, Any] = field(default_factory=dict)  # what is always sent to list
    given: Mapping[str, Any] = field(default_factory=dict)  # what is sent to create unless a property says otherwise

    # What is made of a verb's params after the rule is applied, and of Describe's answer before it is.
    sending: Callable[[str, Members, Properties], Members] | None = None
    reading: Callable[[Members, Acting], Members] | None = None
    # What else there is to do when it was created or updated: with the properties before, and those wished for.
    after: Callable[[Acting, Properties, Properties], None] | None = None

    failed: Mapping[str, tuple[str, Sentence]] = field(default_factory=dict)  # how an action that fails is told
    accepted: frozenset[str] = frozenset()  # statuses that sound like failures, and end an action well
