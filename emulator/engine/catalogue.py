"""Which operation is answered by what.

An operation's name is a verb and a kind; a kind's declaration is asked for when the first of its operations is called.
Operations that are no verb of a kind come as functions of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Protocol

from emulator.aws.model import ServiceModel
from emulator.engine import verbs
from emulator.engine.kind import Kind
from emulator.engine.listing import List
from emulator.engine.resource import Resource
from emulator.engine.scope import Act, Answered, Scope
from emulator.engine.store import Record

Follow = Callable[[Scope, Resource, Record | None, Record | None], None]
Work = Callable[[Scope, Resource, Record], Record]
Beyond = Callable[[Scope, Resource, Mapping[str, Any]], None]

VERBS: Mapping[str, verbs.Verb] = {
    "Create": verbs.create,
    "Describe": verbs.standing,
    "Update": verbs.update,
    "Delete": verbs.delete,
    "Start": verbs.start,
    "Stop": verbs.stop,
}
ATTRIBUTE_VERBS = {"Put": verbs.put_attribute, "Get": verbs.get_attribute, "Delete": verbs.delete_attribute}


class Declarations(Protocol):
    """Where kinds and operations of their own are declared."""

    kinds: frozenset[str]
    declared: frozenset[str]  # those of the kinds that say something
    operations: frozenset[str]
    working: frozenset[str]  # those of the kinds that live by work of their own

    def kind(self, name: str) -> Kind:
        """Return the declaration of a kind."""

    def operation(self, name: str) -> Act:
        """Return the function that answers an operation."""

    def beyond(self) -> Beyond:
        """Return the function that refuses params which refer to what other services do not have."""

    def follows(self, kind: str) -> Iterable[Follow]:
        """Return the functions that do what follows from a kind's creation, change of state, or end."""

    def changes(self, kind: str) -> Iterable[Follow]:
        """Return the functions that do what follows from a change of members in an unchanged state."""

    def works(self, kind: str) -> Work:
        """Return the function that does the work of a kind whose life says that it works."""


class Catalogue:
    """The kinds and operations of one service."""

    def __init__(self, model: ServiceModel, declarations: Declarations) -> None:
        self.model = model
        self._declarations = declarations
        self._resources: dict[str, Resource] = {}
        self._answered: dict[str, Answered] = {}
        self._places = {name: place for name in model.operations if (place := self._place(name))}

    # --- Operations ---------------------------------------------------------------------------------------------------

    def find(self, name: str) -> Answered | None:
        """Return how an operation of the model is answered; None if it is not."""
        answered = self._answered.get(name)
        if answered is None and self.how(name):
            answered = self._answered[name] = self._answer(name)
        return answered

    def how(self, name: str) -> str | None:
        """Return how an operation is answered: coded, declared (its kind says something), derived, or None."""
        if name in self._declarations.operations:
            return "coded"
        if name not in self._places:
            return None
        _, kind, attribute = self._places[name]
        if attribute and attribute not in self.resource(kind).kind.attributes:
            return None
        return "declared" if kind in self._declarations.declared else "derived"

    def subject(self, name: str) -> Resource | None:
        """Return the kind that an operation is about by its name; None if that names none."""
        return self.resource(self._places[name][1]) if name in self._places else None

    def coverage(self) -> dict[str, str | None]:
        """Return every operation of the model, with how it is answered."""
        return {name: self.how(name) for name in self.model.operations}

    def _answer(self, name: str) -> Answered:
        operation = self.model.operations[name]
        act, emptied = (
            (self._declarations.operation(name), frozenset[str]())
            if name in self._declarations.operations
            else self._verb(name, *self._places[name])
        )
        return Answered(operation, self.model.input(name), self.model.output(name), act, emptied)

    def _verb(self, name: str, verb: str, kind: str, attribute: str) -> tuple[Act, frozenset[str]]:
        resource = self.resource(kind)
        if attribute:
            act = ATTRIBUTE_VERBS[verb]
            return lambda scope, params: act(scope, resource, params, attribute), frozenset()
        if verb == "List":
            return partial(_apply, List(resource, name), resource), frozenset()
        return partial(_apply, VERBS[verb], resource), resource.kind.update.emptied if verb == "Update" else frozenset()

    def _place(self, name: str) -> tuple[str, str, str] | None:
        """Return the verb, the kind and the attribute in an operation's name, if a declared kind is in it."""
        for verb in (*VERBS, "List", "Put", "Get"):
            noun = name.removeprefix(verb)
            if noun == name:
                continue
            if verb == "List":
                noun = next((kind for kind in singulars(noun) if kind in self._declarations.kinds), "")
            if noun in self._declarations.kinds:
                return (verb, noun, "") if verb not in ("Put", "Get") else None
            if verb in ATTRIBUTE_VERBS and f"Put{noun}" in self.model.operations:
                kind = max((kind for kind in self._declarations.kinds if noun.startswith(kind)), key=len, default="")
                if kind:
                    return verb, kind, noun.removeprefix(kind)
        return None

    # --- Kinds --------------------------------------------------------------------------------------------------------

    @property
    def kinds(self) -> frozenset[str]:
        """The names of all kinds."""
        return self._declarations.kinds

    def resource(self, name: str) -> Resource:
        """Return the kind of that name; LookupError if there is none."""
        resource = self._resources.get(name)
        if resource is None:
            if name not in self._declarations.kinds:
                raise LookupError(f"no kind is called {name}")
            resource = self._resources[name] = Resource(self._declarations.kind(name), self.model)
        return resource

    def resources(self) -> list[Resource]:
        """Return every kind: each is loaded, so no call asks for this."""
        return [self.resource(name) for name in sorted(self.kinds)]

    def beyond(self, scope: Scope, resource: Resource, params: Mapping[str, Any]) -> None:
        """Refuse params that refer to what other services do not have."""
        self._declarations.beyond()(scope, resource, params)

    # --- Consequences -------------------------------------------------------------------------------------------------

    def follow(self, scope: Scope, resource: Resource, old: Record | None, new: Record | None) -> None:
        """Do what follows from a resource's creation, change of state, or end."""
        for follow in self._declarations.follows(resource.name):
            follow(scope, resource, old, new)

    def changed(self, scope: Scope, resource: Resource, old: Record, new: Record) -> None:
        """Do what follows from a change of a resource's members in an unchanged state."""
        for changed in self._declarations.changes(resource.name):
            changed(scope, resource, old, new)

    @property
    def working(self) -> frozenset[str]:
        """The names of the kinds that live by work of their own."""
        return self._declarations.working

    def work(self, scope: Scope, resource: Resource, record: Record) -> Record:
        """Do the next work of a resource that is due by now; return the same record if there is none."""
        return self._declarations.works(resource.name)(scope, resource, record)


def _apply(act: verbs.Verb, resource: Resource, scope: Scope, params: Mapping[str, Any]) -> dict[str, Any] | None:
    return act(scope, resource, params)


def singulars(plural: str) -> tuple[str, ...]:
    """Return what a plural may be the plural of."""
    return plural.removesuffix("s"), plural.removesuffix("ies") + "y", plural.removesuffix("es")
