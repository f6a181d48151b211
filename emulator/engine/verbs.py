"""What can be done to any kind: create, describe, update, delete, start, stop, and put, get and delete its attributes.

Every verb looks at everything it may refuse for before it writes anything.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any

from emulator.aws import arn, errors
from emulator.engine import families, paths, tags, versions
from emulator.engine.kind import Making, Referred
from emulator.engine.lifecycle import State
from emulator.engine.resource import CHANGED, Resource
from emulator.engine.scope import Scope
from emulator.engine.standing import Standing
from emulator.engine.store import Key, Record, pack

NOT_NAMED = errors.Refusal(errors.VALIDATION, errors.NOT_IDENTIFIED)

Params = Mapping[str, Any]
Answer = dict[str, Any]
Verb = Callable[[Scope, Resource, Params], Answer | None]


def create(scope: Scope, resource: Resource, params: Params) -> Answer | None:
    """Make a resource."""
    return _answer(scope, resource, make(scope, resource, params))


def make(scope: Scope, resource: Resource, params: Params, more: Params = MappingProxyType({})) -> Record:
    """Make a resource and return its record; ServiceError if it exists, or what it refers to does not.

    ``more`` are members that an operation of its own adds to what was sent; they may stand in the ARN too.
    """
    if resource.kind.versions:
        versions.refuse_names(resource, params)
    parent = families.parent(scope, resource, params) if resource.kind.parents else None
    made = {name: scope.chance.mint(how) for name, how in resource.minted.items() if name not in params}
    names, called = _identified(resource, parent, {**params, **made} if made else params)
    key = resource.folded(called)
    its_arn = scope.arn(resource, key, {**more, **made})
    there = scope.find(resource, key)
    if there is not None and not families.ended(resource, there):
        raise resource.taken.error(**resource.called(its_arn, called))
    others = referred(scope, resource, params) if resource.kind.references or scope.neighbours else []
    if resource.kind.check:
        resource.kind.check(params, others)
    labels = tags.added({}, params.get("Tags", ()))
    if labels and parent and resource.kind.versions:
        versions.refuse_tags(resource)

    now = scope.now
    state = State(resource.lifecycle.begins, now) if resource.lifecycle else None
    aside, renamed = resource.set_aside, resource.kind.renamed
    kept = {
        renamed.get(name, name): value
        for name, value in params.items()
        if name not in aside and value != []  # an empty list says what none says
    }
    kept.update(made)
    kept.update(zip(names, called, strict=True))
    kept.update(more)
    if parent:
        families.note(resource, *parent, kept)
    paths.fill(kept, resource.filling)
    _make(scope, resource, kept, state)
    packed = pack(kept)
    family = families.family(parent[0], parent[1].key) if parent else ()
    record = Record(key, scope.place.serial(), its_arn, now, now, state, packed, family, labels)
    if there is not None:
        scope.remove(resource, there)
    if parent and resource.kind.versions:
        versions.born(scope, *parent, record, params.get(resource.versions.aliases or "", ()))
    return scope.put(resource, record) or record


def describe(scope: Scope, resource: Resource, params: Params) -> Answer:
    """Tell all about a resource, for who may have more to say of it."""
    return _told(scope, resource, params, scope.look(resource, find(scope, resource, params)))


def standing(scope: Scope, resource: Resource, params: Params) -> Answer:
    """Tell all about a resource, and how long that holds, where it follows from one record: nothing is added to it."""
    record = scope.look(resource, find(scope, resource, params))
    told = _told(scope, resource, params, record)
    return Standing(told, scope.place, resource.name, record) if resource.plain else told


def _told(scope: Scope, resource: Resource, params: Params, record: Record) -> Answer:
    assert scope.output is not None  # what is described has an output
    fields = scope.fields(resource, record)
    for name, view in resource.kind.views.items():
        if name in params:
            fields = view(params[name], fields)
    return resource.project(scope.output.name, fields)


def update(scope: Scope, resource: Resource, params: Params) -> Answer | None:
    """Change what the params name, and leave the rest."""
    record = _meant(scope, resource, params, "Update")
    state = moved(scope, resource, record, "Update")
    _refuse_strangers(scope, resource, params)
    members = record.members
    if resource.kind.check_update:
        resource.kind.check_update(members, params)
    for name, value in sorted(params.items(), key=lambda said: _order(resource, said[0])):
        _change(resource, members, resource.kind.renamed.get(name, name), value)
    _make(scope, resource, members, state, {name.partition("To")[0] for name in params})
    scope.validator.check(resource.shown_members, {name: members[name] for name in resource.grown if name in members})
    now = scope.now
    own = record.own if resource.kind.modified_at_birth else {**record.own, CHANGED: True}
    record = record._replace(packed=pack(members), modified=now, state=state, own=own)
    scope.put(resource, record)
    if resource.kind.versions:
        versions.renamed(scope, resource, record, params)
    return _answer(scope, resource, record)


def delete(scope: Scope, resource: Resource, params: Params) -> Answer | None:
    """Begin the end of a resource, or end it at once where it has no life."""
    record = _meant(scope, resource, params, "Delete")
    families.refuse_orphans(scope, resource, record)
    _refuse_bound(scope, resource, record)
    state = moved(scope, resource, record, "Delete")
    answer = _answer(scope, resource, record)
    if resource.kind.versions:
        versions.died(scope, record)
    if state is None or state == record.state:
        scope.remove(resource, record)
    else:
        scope.change(resource, record, state)
    return answer


def start(scope: Scope, resource: Resource, params: Params) -> Answer | None:
    """Start what stands still."""
    return _turn(scope, resource, params, "Start")


def stop(scope: Scope, resource: Resource, params: Params) -> Answer | None:
    """Stop what runs; what nobody has looked at since it began runs still, at pace ``instant`` too."""
    return _turn(scope, resource, params, "Stop")


def put_attribute(scope: Scope, resource: Resource, params: Params, name: str) -> Answer | None:
    """Put an attribute on a resource, or in its old one's place."""
    attribute = resource.kind.attributes[name]
    record = find(scope, resource, params, attribute.nobody)
    if attribute.check:
        attribute.check(params[attribute.member])
    scope.put(resource, record._replace(own={**record.own, name: params[attribute.member]}))
    return _answer(scope, resource, record)


def get_attribute(scope: Scope, resource: Resource, params: Params, name: str) -> Answer:
    """Read an attribute of a resource."""
    attribute = resource.kind.attributes[name]
    record = find(scope, resource, params, attribute.nobody)
    if name not in record.own:
        raise attribute.missing.error(**resource.called(record.arn, record.key))
    return {attribute.member: record.own[name]}


def delete_attribute(scope: Scope, resource: Resource, params: Params, name: str) -> None:
    """Take an attribute off a resource."""
    attribute = resource.kind.attributes[name]
    record = find(scope, resource, params, attribute.nobody)
    if name not in record.own:
        raise attribute.missing.error(**resource.called(record.arn, record.key))
    scope.put(resource, record._replace(own={one: value for one, value in record.own.items() if one != name}))


def _refuse_bound(scope: Scope, resource: Resource, record: Record) -> None:
    """Refuse the end of what is related to others that do not let it go."""
    for bond in resource.kind.bonds:
        if scope.place.relation(bond.relation).touches(record.arn):
            raise bond.refusal.error(**resource.called(record.arn, record.key))


# --- How a resource is found ------------------------------------------------------------------------------------------


def find(scope: Scope, resource: Resource, params: Params, missing: errors.Refusal | None = None) -> Record:
    """Return the record that the params name; ServiceError if there is none."""
    if resource.kind.versions and resource.kind.parents[0].by in params:
        return versions.find(scope, resource, params)
    names = _names(resource, params)
    if names is None:
        _refuse_unnamed(resource)
        called = resource.arn_member or resource.keys[0][-1]
        if called not in params:
            raise NOT_NAMED.error(title=resource.title, member=called)
        return found(scope, resource, params[called], missing)
    if len(names) == 1:
        return found(scope, resource, params[names[0]], missing)
    key = _key(scope, resource, names, params)
    record = scope.find(resource, key)
    if record is None:
        raise (missing or resource.missing).error(**resource.called(scope.arn(resource, key), key))
    return record


def _meant(scope: Scope, resource: Resource, params: Params, verb: str) -> Record:
    """Return the record that a call is to change or end; ServiceError if there is none, or none is named."""
    if resource.kind.versions:
        versions.refuse_unnamed(resource, params)
    return find(scope, resource, params, resource.kind.missing_to.get(verb))


def found(scope: Scope, resource: Resource, text: str, missing: errors.Refusal | None = None) -> Record:
    """Return the record that a name or an ARN stands for; ServiceError if there is none."""
    key = scope.identify(resource, text)
    record = scope.find(resource, key) if key else None
    if record is None:
        raise (missing or resource.missing).error(**scope.words(resource, text))
    return record


def _key(scope: Scope, resource: Resource, names: tuple[str, ...], params: Params) -> Key:
    """Return the key that the params hold in these members; a parent in it may be called by its ARN."""
    parts = {name: params[name] for name in names}
    for said in resource.kind.parents:
        if str(parts.get(said.by)).startswith("arn:"):
            kind = scope.resources.resource(said.kind)
            known = scope.identify(kind, parts[said.by]) if kind.keys[0] == (said.by,) else None
            parts |= {said.by: known[0]} if known else {}
    return tuple(parts.values())


def _names(resource: Resource, params: Params) -> tuple[str, ...] | None:
    """Return the members by which the params identify a resource; None if they do not."""
    found = None
    for names in resource.keys:
        if all(map(params.__contains__, names)):
            if found:
                _refuse_unnamed(resource)
            found = found or names
    return found


def _refuse_unnamed(resource: Resource) -> None:
    """Refuse params that identify a resource in no way, or in two, where a kind says how."""
    if resource.kind.unnamed:
        raise resource.kind.unnamed.error(title=resource.title)


def _identified(
    resource: Resource, parent: tuple[Resource, Record] | None, given: Params
) -> tuple[tuple[str, ...], Key]:
    """Return the members that identify a new resource, and the key in them."""
    if parent and resource.kind.versions:
        key = versions.next_key(parent[1])
        return next(names for names in resource.keys if len(names) == len(key)), key
    names = _names(resource, given)
    if names is None:
        _refuse_unnamed(resource)
    assert names is not None  # what identifies a resource is required or minted
    return names, tuple(given[name] for name in names)


def referred(scope: Scope, resource: Resource, params: Params) -> list[Referred]:
    """Return what the params refer to; ServiceError if it is not there. Other accounts are believed to have it."""
    _refuse_strangers(scope, resource, params)
    others = []
    for reference in resource.kind.references if scope.settings.strict else ():
        for text in paths.values(params, reference.path):
            known = arn.parse(text)
            if reference.when and not reference.when(text):
                continue
            if known is None or known.account == scope.place.account:
                record = found(scope, scope.resources.resource(reference.kind), text)
                others.append(Referred(reference.path, text, record.arn, record.members))
    return others


def _refuse_strangers(scope: Scope, resource: Resource, params: Params) -> None:
    """Refuse params that refer to what other services do not have."""
    if scope.neighbours is not None and scope.settings.strict:
        scope.resources.beyond(scope, resource, params)


# --- What is kept -----------------------------------------------------------------------------------------------------


def _make(
    scope: Scope, resource: Resource, members: Answer, state: State | None, inside: Collection[str] | None = None
) -> None:
    """Put in what the service makes and nobody gave: everywhere, or only inside some members."""
    if not resource.kind.made:
        return
    making = Making(members, state, scope.place.account, scope.place.region, scope.clock.now())
    for path, maker in resource.kind.made.items():
        first, *deeper = path.split(".")
        if inside is None or (deeper and first.removesuffix("[]") in inside):
            for holder, name in paths.opened(members, path):
                if name not in holder and (value := maker(holder, making)) is not None:
                    holder[name] = value


def _change(resource: Resource, members: dict[str, Any], name: str, value: Any) -> None:
    """Apply one parameter of an update to the members it is about."""
    base, _, how = name.rpartition("To")
    if dropped := _dropped(resource, name, value):
        for one in dropped:
            members.pop(one, None)
    elif name in resource.kind.update.merged:
        members[name] = {**members.get(name, {}), **value}
    elif base in resource.shown_members and how == "Add":
        members[base] = _joined(members.get(base), value)
    elif base in resource.shown_members and how in ("Remove", "Delete"):
        _take_out(members, base, value)
    elif name in resource.shown_members and name not in resource.identifying:
        members[name] = _joined(members.get(name), value) if name in resource.grown else value


def _order(resource: Resource, name: str) -> int:
    """Return when a parameter of an update has its turn, whatever its place in the JSON.

    What is dropped may be given anew in the same call, and of what is given single entries may be taken out.
    """
    update = resource.kind.update
    if name == update.drops or name in update.clears:
        return 0
    return 2 if name.endswith(("ToRemove", "ToDelete")) else 1


def _dropped(resource: Resource, name: str, value: Any) -> list[str]:
    """Return the members that one parameter of an update takes away."""
    kind = resource.kind
    if name == kind.update.drops:
        return list(value)
    if name in kind.update.clears and value:
        return [kind.update.clears[name]]
    return [name] if name in kind.update.emptied and value == "" else []


def _joined(old: Any, new: Any) -> Any:
    if old is None:
        return new
    return {**old, **new} if isinstance(old, dict) else [*old, *new]


def _take_out(members: dict[str, Any], name: str, unwanted: list[Any]) -> None:
    old = members.pop(name, None) or ()
    if isinstance(old, dict):
        left: Any = {key: value for key, value in old.items() if key not in unwanted}
    else:
        left = [one for one in old if one not in unwanted]
    if left:
        members[name] = left


# --- What becomes of it -----------------------------------------------------------------------------------------------


def _turn(scope: Scope, resource: Resource, params: Params, verb: str) -> Answer | None:
    record = find(scope.unseen, resource, params)
    if resource.lifecycle and record.state and resource.lifecycle.move(verb, record.state.status) is None:
        record = find(scope, resource, params)
    state = moved(scope, resource, record, verb)
    if state is not None:
        record = scope.change(resource, record, state) or record
    return _answer(scope, resource, record)


def moved(scope: Scope, resource: Resource, record: Record, verb: str) -> State | None:
    """Return the state that a call leads to; ServiceError if the present one does not allow it."""
    if record.state is None or resource.lifecycle is None:
        return None
    status = resource.lifecycle.move(verb, record.state.status)
    if status is None:
        raise resource.refused(verb, record)
    return record.state if status == record.state.status else State(status, scope.now)


def _answer(scope: Scope, resource: Resource, record: Record) -> Answer | None:
    """Return the output of the current operation about a record; mostly it is its ARN and no more."""
    if scope.output is None:
        return None
    if resource.arn_member and len(scope.output.members) == 1 and resource.arn_member in scope.output.members:
        return {resource.arn_member: record.arn}
    return resource.project(scope.output.name, scope.fields(resource, record))
