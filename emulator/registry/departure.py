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
    """What a step of a type's own may do: call the service, about one resource."""

    call: Callable[..., Answer]  # an operation's name, and its params by name
    key: Mapping[str, Any]
    phase: str  # where in its life the resource is


class Step(NamedTuple):
    """One call to come: a verb, its operation, and its params."""

    verb: str
    operation: str
    params: dict[str, Any]


Members = dict[str, Any]
Properties = Mapping[str, Any]


@dataclass(frozen=True)
class Departure:
    """How one type departs. ``Departure()`` is complete: all else follows.

    Paths are as in kinds: ``MemberDefinitions[].CognitoMemberDefinition.CognitoUserPool``.
    """

    operations: Mapping[str, str] = field(default_factory=dict)  # by verb, where they are not the kind's

    # Paths of properties, to the members that take their place where there is none of the property's name. A member may
    # lie deeper; an empty one means the structure itself.
    names: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)  # properties that are parts of the key, which no call shows
    unsent: Mapping[str, str] = field(default_factory=dict)  # paths of properties that no call takes, and why
    unread: Mapping[str, str] = field(default_factory=dict)  # paths of properties that no call shows, and why
    attributes: Mapping[str, str] = field(default_factory=dict)  # properties that the kind keeps as its attributes
    # Whether what has some properties carries no tags, those of its stack neither: then they are not sent.
    untagged: Callable[[Properties], bool] | None = None
    late: frozenset[str] = frozenset()  # properties that only Update takes, so that it follows Create

    # Phases in which a resource has to be stopped before a verb; and after which verbs it is started again.
    stopped: Mapping[str, frozenset[str]] = field(default_factory=dict)
    restarted: frozenset[str] = frozenset()

    listed: Mapping[str, Any] = field(default_factory=dict)  # what is always sent to list

    # What is made of a verb's params after the rule is applied: given the properties wished for, and those there are;
    # for verbs that take no properties, what identifies the resource, and its members.
    sending: Callable[[str, Members, Properties, Properties], Members] | None = None
    # Properties that are computed of what Describe says.
    shown: Mapping[str, Callable[[Members], Any]] = field(default_factory=dict)
    # What else an update has to call, given the properties before and those wished for; and the properties that this
    # sees to.
    after: Callable[[Acting, Properties, Properties], list[Step]] | None = None
    seen_to: frozenset[str] = frozenset()

    failed: Mapping[str, tuple[str, Sentence]] = field(default_factory=dict)  # how an action that fails is told
    accepted: frozenset[str] = frozenset()  # phases that end an action well, whatever reason they give
