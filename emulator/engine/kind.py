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
    """What a computed member may look at: the members so far, the state in its life, the place, and the time."""

    members: Mapping[str, Any]
    state: State | None
    account: str
    region: str
    now: float = 0.0


Maker = Callable[[Mapping[str, Any], Making], Any]
Shower = Callable[[Making], Any]
View = Callable[[Any, dict[str, Any]], dict[str, Any]]


class Referred(NamedTuple):
    """What a call refers to: by which path, and the ARN and the members of what is there."""

    path: str
    arn: str
    members: Mapping[str, Any]


@dataclass(frozen=True)
class Reference:
    """A member that names another resource, by name or ARN; ``path`` may lead deep into the input.

    ``when`` says which values name one at all, where not all do.
    """

    path: str
    kind: str
    when: Callable[[str], bool] | None = None


@dataclass(frozen=True)
class Parent:
    """That the kind's resources live inside another: ``by`` is the input member that names the parent.

    ``ready`` lists the parent's statuses in which a child can be made; any, if none are given. A parent's end takes its
    children along, unless ``orphans`` refuses it.
    """

    kind: str
    by: str
    ready: frozenset[str] | None = None
    not_ready: Refusal | None = None
    orphans: Refusal | None = None


@dataclass(frozen=True)
class Minted:
    """An identifier that the service makes: a prefix and so many random characters."""

    prefix: str = ""
    length: int = 12
    alphabet: str = "abcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True)
class Versions:
    """That the kind's resources are numbered versions of their parent. Numbers begin at 1 and are never used again.

    ``number`` is the member that holds the version. With ``alone`` a resource may also stand under a name of its own,
    then ``both`` and ``neither`` refuse two names and none. ``alias`` and ``aliases`` are the members for one and for
    several names that point to versions.
    """

    number: str
    alone: str | None = None
    both: Refusal | None = None
    neither: Refusal | None = None
    alias: str | None = None
    aliases: str | None = None
    no_latest: Refusal | None = None
    no_alias: Refusal | None = None
    untagged: Refusal | None = None


@dataclass(frozen=True)
class Attribute:
    """Something put on, read from and taken off a resource by operations of its own: a policy."""

    member: str
    missing: Refusal  # the resource has none
    nobody: Refusal | None = None  # there is no such resource


@dataclass(frozen=True)
class Bond:
    """That a resource which is related to another does not end: ``relation`` is the name of the relation."""

    relation: str
    refusal: Refusal


@dataclass(frozen=True)
class Listing:
    """How a list departs from the rule.

    ``paths`` maps summary members, filters and sort keys to paths into the members, where names do not agree. ``page``
    is its size where the caller gives none. ``choose`` maps parameters that no rule covers to tests of
    (value, members). ``implied`` are filters that hold where the caller gives none, except beside the parameter
    ``implied_unless``.
    """

    paths: Mapping[str, str] = field(default_factory=dict)
    sort_by: str | None = None
    descending: bool = True
    page: int = 10
    before_is_inclusive: bool = False
    choose: Mapping[str, Callable[[Any, Mapping[str, Any]], bool]] = field(default_factory=dict)
    implied: Mapping[str, Any] = field(default_factory=dict)
    implied_unless: str | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of resource. ``Kind("Model")`` is complete: all else follows from the model.

    ``title`` and ``noun`` are its name in sentences: ``ModelPackageGroup``, ``model package group``. ``keys`` lists the
    ways to be identified, each a tuple of members; ``minted`` says how the service makes a member that no caller gives;
    names that differ only by case are one name where it ``folds`` them;
    ``arn`` is the resource part of the ARN. ``operations`` maps a verb to an operation whose name is not verb + kind.

    ``status`` is the member that shows the status, ``secondary`` one that shows the phase of the life behind it,
    ``history`` one that lists the phases so far, and ``moments`` maps members to phases: when one was last entered.

    ``defaults`` maps paths to values that the service fills in and echoes; ``made`` maps paths to functions that
    compute a member once, of the structure it stands in; ``shown`` maps members to functions that compute them whenever
    they are read; ``hidden`` ones are never shown. ``views`` maps parameters of Describe to functions of their value
    and the fields that give the fields to show. ``refusals`` maps verbs to what is answered where a status does not
    allow them, ``refused`` answers for all others. ``drops`` names the update member that lists members to remove,
    ``emptied`` the members that an update clears with empty text. ``check`` and ``check_update`` refuse what the model
    cannot say: of the params and what they refer to, of the present members and the params.

    ``unnamed`` refuses params that identify a resource in no way, or in two. ``missing_to`` maps verbs to what they
    answer where there is no such resource, if not the same as others. ``ended`` lists the statuses of what is over:
    shown for a while, but its name is free, and no parent waits for it. ``renamed`` maps input members to those they
    are kept as. To an ``appended`` member an update adds; of a ``merged`` one it changes what it gives, and leaves the
    rest; a ``replaced`` one it replaces, though single entries can be taken out of it. ``clears`` maps flags of an
    update to the members that they take away. ``within`` is the member of Describe's answer that holds all about the
    resource, where others stand beside it. ``uses`` counts the instances of each type that a resource uses, where they
    do not stand in its members as they are. ``arn_member`` is the one that holds the ARN, and ``taggable`` whether it
    carries tags, where names tell otherwise.
    """

    name: str
    title: str | None = None
    noun: str | None = None
    keys: tuple[tuple[str, ...], ...] = ()
    minted: Mapping[str, Minted] = field(default_factory=dict)
    folds: bool = False
    arn: str | None = None
    arn_member: str | None = None
    taggable: bool | None = None
    operations: Mapping[str, str] = field(default_factory=dict)
    status: str | None = None
    secondary: str | None = None
    history: str | None = None
    moments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lifecycle: Lifecycle | None = None
    missing: Refusal | None = None
    taken: Refusal | None = None
    refused: Refusal | None = None
    refusals: Mapping[str, Refusal] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    made: Mapping[str, Maker] = field(default_factory=dict)
    shown: Mapping[str, Shower] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    references: tuple[Reference, ...] = ()
    parents: tuple[Parent, ...] = ()
    bonds: tuple[Bond, ...] = ()
    versions: Versions | None = None
    unnamed: Refusal | None = None
    ended: frozenset[str] = frozenset()
    missing_to: Mapping[str, Refusal] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    merged: frozenset[str] = frozenset()
    appended: frozenset[str] = frozenset()
    replaced: frozenset[str] = frozenset()
    clears: Mapping[str, str] = field(default_factory=dict)
    views: Mapping[str, View] = field(default_factory=dict)
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    listing: Listing = Listing()
    drops: str | None = None
    emptied: frozenset[str] = frozenset()
    modified_at_birth: bool = True
    within: str | None = None
    uses: Callable[[Making], Mapping[str, int]] | None = None
    check: Callable[[Mapping[str, Any], list[Referred]], None] | None = None
    check_update: Callable[[Mapping[str, Any], Mapping[str, Any]], None] | None = None
