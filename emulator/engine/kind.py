"""What a kind of resource may say about itself: the vocabulary of declarations.

Every blank is filled from the service model (``resource.py``); a declaration names only what the model cannot know, or
where the service departs from its own rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from emulator.aws.errors import Refusal
from emulator.engine.lifecycle import Lifecycle, State


class Making(NamedTuple):
    """What a computed member may look at: the members so far, the state in its life, and where the resource is."""

    members: Mapping[str, Any]
    state: State | None
    account: str
    region: str


Maker = Callable[[Mapping[str, Any], Making], Any]
Shower = Callable[[Making], Any]


class Referred(NamedTuple):
    """What a call refers to: by which path, and the ARN and the members of what is there."""

    path: str
    arn: str
    members: Mapping[str, Any]


@dataclass(frozen=True)
class Reference:
    """A member that names another resource, by name or ARN; ``path`` may lead deep into the input."""

    path: str
    kind: str


@dataclass(frozen=True)
class Versions:
    """That the kind's resources are numbered versions of a parent. Numbers begin at 1 and are never used again.

    ``by`` is the input member that names the parent, ``number`` the one that holds the version. With ``alone`` a
    resource may also stand under a name of its own, then ``both`` and ``neither`` refuse two names and none.
    ``alias`` and ``aliases`` are the members for one and for several names that point to versions. ``ready`` lists the
    parent's statuses in which a version can be made. A parent's end takes its versions along, unless ``orphans``
    refuses it.
    """

    parent: str
    by: str
    number: str
    alone: str | None = None
    both: Refusal | None = None
    neither: Refusal | None = None
    alias: str | None = None
    aliases: str | None = None
    ready: frozenset[str] | None = None
    not_ready: Refusal | None = None
    no_latest: Refusal | None = None
    no_alias: Refusal | None = None
    untagged: Refusal | None = None
    orphans: Refusal | None = None


@dataclass(frozen=True)
class Attribute:
    """Something put on, read from and taken off a resource by operations of its own: a policy."""

    member: str
    missing: Refusal  # the resource has none
    nobody: Refusal | None = None  # there is no such resource


@dataclass(frozen=True)
class Listing:
    """How a list departs from the rule.

    ``page`` is its size where the caller gives none. ``choose`` maps parameters that no rule covers to tests of
    (value, key). ``implied`` are filters that hold where the caller gives none, except beside the parameter
    ``implied_unless``.
    """

    sort_by: str | None = None
    descending: bool = True
    page: int = 10
    before_is_inclusive: bool = False
    choose: Mapping[str, Callable[[Any, tuple[Any, ...]], bool]] = field(default_factory=dict)
    implied: Mapping[str, Any] = field(default_factory=dict)
    implied_unless: str | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of resource. ``Kind("Model")`` is complete: all else follows from the model.

    ``title``, ``noun`` and ``words`` are its name in sentences: ``ModelPackageGroup``, ``model package group``,
    ``Model Package Group``. ``key`` lists the members that identify one, ``arn`` is the resource part of its ARN.
    ``defaults`` maps paths to values that the service fills in and echoes; ``made`` maps paths to functions that
    compute a member once, of the structure it stands in; ``shown`` maps members to functions that compute them whenever
    they are read; ``hidden`` ones are never shown. ``drops`` names the update member that lists members to remove,
    ``emptied`` the members that an update clears with empty text. ``check`` and ``check_update`` refuse what the model
    cannot say: of the params and what they refer to, of the present members and the params.
    """

    name: str
    title: str | None = None
    noun: str | None = None
    key: tuple[str, ...] | None = None
    arn: str | None = None
    status: str | None = None
    lifecycle: Lifecycle | None = None
    missing: Refusal | None = None
    taken: Refusal | None = None
    refused: Refusal | None = None
    defaults: Mapping[str, Any] = field(default_factory=dict)
    made: Mapping[str, Maker] = field(default_factory=dict)
    shown: Mapping[str, Shower] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    references: tuple[Reference, ...] = ()
    versions: Versions | None = None
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    listing: Listing = Listing()
    drops: str | None = None
    emptied: frozenset[str] = frozenset()
    modified_at_birth: bool = True
    check: Callable[[Mapping[str, Any], list[Referred]], None] | None = None
    check_update: Callable[[Mapping[str, Any], Mapping[str, Any]], None] | None = None
