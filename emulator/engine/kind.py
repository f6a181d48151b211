"""What a kind of resource may say about itself: the vocabulary of declarations.

Every blank is filled from the service model (``resource.py``); a declaration names only what the model cannot know, or
where the service departs from its own rule.
"""

# Without ``annotations`` from the future: as texts, that many would each be compiled again at every start.
from collections.abc import Callable, Mapping
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
    """What a call refers to: by which path and text, and the ARN and the members of what is there."""

    path: str
    text: str
    arn: str
    members: Mapping[str, Any]


class Reference(NamedTuple):
    """A member that names another resource, by name or ARN; ``path`` may lead deep into the input.

    ``when`` says which values name one at all, where not all do.
    """

    path: str
    kind: str
    when: Callable[[str], bool] | None = None


class Parent(NamedTuple):
    """That the kind's resources live inside another: ``by`` is the input member that names the parent.

    ``ready`` lists the parent's statuses in which a child can be made; any, if none are given. A parent's end takes its
    children along, unless ``orphans`` refuses it.
    """

    kind: str
    by: str
    ready: frozenset[str] | None = None
    not_ready: Refusal | None = None
    orphans: Refusal | None = None


class Minted(NamedTuple):
    """An identifier that the service makes: a prefix and so many random characters."""

    prefix: str = ""
    length: int = 12
    alphabet: str = "abcdefghijklmnopqrstuvwxyz0123456789"


class Versions(NamedTuple):
    """That the kind's resources are numbered versions of their parent. Numbers begin at 1 and are never used again.

    ``number`` is the member that holds the version. With ``alone`` a resource may also stand under a name of its own,
    then ``both`` and ``neither`` refuse two names and none. ``alias`` and ``aliases`` are the members for one and for
    several names that point to versions. ``unnamed`` refuses a change that names no version; without it the latest is
    meant.
    """

    number: str
    alone: str | None = None
    both: Refusal | None = None
    neither: Refusal | None = None
    alias: str | None = None
    aliases: str | None = None
    no_latest: Refusal | None = None
    no_alias: Refusal | None = None
    unnamed: Refusal | None = None
    untagged: Refusal | None = None


class Attribute(NamedTuple):
    """Something put on, read from and taken off a resource by operations of its own: a policy."""

    member: str
    missing: Refusal  # the resource has none
    nobody: Refusal | None = None  # there is no such resource
    check: Callable[[str], None] | None = None  # refuses what it cannot be


class Bond(NamedTuple):
    """That a resource which is related to another does not end: ``relation`` is the name of the relation."""

    relation: str
    refusal: Refusal


class Update(NamedTuple):
    """How an update departs from the rule, by which what it gives takes the place of what was there.

    To an ``appended`` member it adds; of a ``merged`` one it changes what it gives and leaves the rest; a ``replaced``
    one it replaces, though single entries can be taken out of it. ``drops`` names the parameter that lists members to
    remove, ``clears`` maps flags to the members that they take away, and an ``emptied`` member goes with empty text.
    """

    appended: frozenset[str] = frozenset()
    merged: frozenset[str] = frozenset()
    replaced: frozenset[str] = frozenset()
    drops: str | None = None
    clears: Mapping[str, str] = {}
    emptied: frozenset[str] = frozenset()


class Listing(NamedTuple):
    """How a list departs from the rule.

    ``paths`` maps summary members, filters and sort keys to paths into the members, where names do not agree. ``page``
    is its size where the caller gives none. ``choose`` maps parameters that no rule covers to tests of
    (value, members). ``implied`` are filters that hold where the caller gives none, except beside the parameter
    ``implied_unless``.
    """

    paths: Mapping[str, str] = {}
    sort_by: str | None = None
    descending: bool = True
    page: int = 10
    before_is_inclusive: bool = False
    choose: Mapping[str, Callable[[Any, Mapping[str, Any]], bool]] = {}
    implied: Mapping[str, Any] = {}
    implied_unless: str | None = None


class Kind(NamedTuple):
    """One kind of resource. ``Kind("Model")`` is complete: all else follows from the model."""

    name: str  # the noun in the names of its operations

    # What it is called. In sentences: ModelPackageGroup, model package group.
    title: str | None = None
    noun: str | None = None
    keys: tuple[tuple[str, ...], ...] = ()  # the ways to be identified, each a tuple of members
    minted: Mapping[str, Minted] = {}  # identifying members that the service makes up
    folds: bool = False  # names that differ only by case are one name
    arn: str | None = None  # the resource part of the ARN
    arn_member: str | None = None  # the member that holds the ARN, where names tell otherwise
    taggable: bool | None = None  # whether it carries tags, where names tell otherwise
    operations: Mapping[str, str] = {}  # by verb, where it is not verb + kind

    # How it lives.
    lifecycle: Lifecycle | None = None
    status: str | None = None  # the member that shows the status
    secondary: str | None = None  # one that shows the phase of the life behind it
    history: str | None = None  # one that lists the phases so far
    moments: Mapping[str, tuple[str, ...]] = {}  # when one of some phases was last entered
    ended: frozenset[str] = frozenset()  # statuses of what is over: shown for a while, but the name is free
    modified_at_birth: bool = True  # whether a new one already has a time of modification

    # Whom it belongs to, and what it depends on.
    parents: tuple[Parent, ...] = ()
    versions: Versions | None = None
    references: tuple[Reference, ...] = ()
    bonds: tuple[Bond, ...] = ()

    # What it holds and shows. Paths lead to members; makers see the structure that the member stands in.
    renamed: Mapping[str, str] = {}  # input members, and what they are kept as
    defaults: Mapping[str, Any] = {}  # paths to what the service fills in and echoes
    made: Mapping[str, Maker] = {}  # paths to what is computed once
    shown: Mapping[str, Shower] = {}  # members that are computed whenever they are read
    views: Mapping[str, View] = {}  # parameters of Describe that show it otherwise
    within: str | None = None  # the member of Describe's answer that holds it, where others stand beside it
    attributes: Mapping[str, Attribute] = {}  # what Put, Get and Delete operations keep on it
    uses: Callable[[Making], Mapping[str, int]] | None = None  # the instances it uses, where its members do not say so
    update: Update = Update()
    listing: Listing = Listing()

    # What it refuses.
    missing: Refusal | None = None  # there is no such resource
    missing_to: Mapping[str, Refusal] = {}  # likewise, for verbs with words of their own
    unnamed: Refusal | None = None  # the params identify it in no way, or in two
    taken: Refusal | None = None  # the name is taken
    refused: Refusal | None = None  # its status does not allow a call
    refusals: Mapping[str, Refusal] = {}  # likewise, for verbs with words of their own
    check: Callable[[Mapping[str, Any], list[Referred]], None] | None = None  # rules between what is sent
    check_update: Callable[[Mapping[str, Any], Mapping[str, Any]], None] | None = None  # … and what is there
