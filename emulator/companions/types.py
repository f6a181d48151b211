"""The resource types of other services, each by moto's class of it: what CloudFormation and Cloud Control create there.

moto's classes create and delete, some update; none of them reads. So what was wished is kept on a shelf, and read with
what moto says of it. A property that moto does nothing with is shown all the same.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cached_property
from importlib import import_module
from typing import Any

from emulator.companions.errors import NOT_ANSWERED, NOT_LISTED, NOT_THERE, NOT_UPDATED
from emulator.companions.services import Companions, installed
from emulator.companions.things import THINGS, Thing
from emulator.engine.emulator import Emulator
from emulator.engine.shelf import Shelf
from emulator.registry import schema as schemas
from emulator.registry.handler import SUCCESS, Caller, HandlerError, Page, Progress, Properties, Schema, Wish
from emulator.registry.registry import Registry

log = logging.getLogger(__name__)

SHELF = "resources of other services"
_CODES = (  # by what stands in a code of moto's
    ("AlreadyExist", "AlreadyExists"),
    ("Duplicate", "AlreadyExists"),
    ("BucketAlready", "AlreadyExists"),
    ("NoSuch", "NotFound"),
    ("DoesNotExist", "NotFound"),
    ("NotFound", "NotFound"),
    ("DeleteConflict", "ResourceConflict"),
    ("DependencyViolation", "ResourceConflict"),
    ("NotEmpty", "ResourceConflict"),
)


class Types:
    """The types of other services, for a registry."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._types: dict[str, MotoType] = {}

    def names(self) -> Iterable[str]:
        """Return the names of the types."""
        return THINGS

    def find(self, name: str) -> MotoType | None:
        """Return the type of that name; None if there is none."""
        if name not in THINGS:
            return None
        return self._types.setdefault(name, MotoType(self._emulator, name, THINGS[name]))


def supply(emulator: Emulator) -> bool:
    """Give an emulator's registry the types of other services, once (``emulator.beside``); say whether it has any."""
    if installed():
        emulator.beside(Registry).supply(lambda: Types(emulator))
    return installed()


class MotoType:
    """One resource type, served by moto's class of it."""

    def __init__(self, emulator: Emulator, name: str, thing: Thing) -> None:
        self.name = name
        self.schema: Schema = schemas.load("companions")[name]
        self._emulator = emulator
        self._thing = thing

    def create(self, caller: Caller, wish: Wish) -> Progress:
        """Create a resource."""
        self._use(caller)
        made, properties = self._class, dict(wish.properties)
        name = made.cloudformation_name_type()
        if name in self.schema["properties"]:
            properties.setdefault(name, wish.name.lower() if self._thing.lowers else wish.name)
        with self._refusing():
            made = made.create_from_cloudformation_json(
                properties.get(name, wish.name),
                self._said(properties),
                caller.account,
                caller.region,
                LogicalId=wish.name,
                StackId="",
                ResourceType=self.name,
            )
            identifier = str(getattr(made, "physical_resource_id", properties.get(name)))
        self._keep(caller, identifier, properties)
        return Progress(SUCCESS, identifier)

    def update(self, caller: Caller, identifier: str, previous: Properties, wish: Wish) -> Progress:  # noqa: ARG002
        """Make a resource what is wished, where moto can."""
        made, there = self._class, self._found(caller, identifier)
        if hasattr(made.update_from_cloudformation_json, "__isabstractmethod__"):
            raise HandlerError("NotUpdatable", NOT_UPDATED(type=self.name, identifier=identifier))
        properties = {**self._identifying(identifier), **wish.properties}
        name, known = made.cloudformation_name_type(), {**self._told(there), **self._kept(caller, identifier)}
        if name in known:  # it stays what it is, whoever made it up
            properties.setdefault(name, known[name])
        with self._refusing():
            made.update_from_cloudformation_json(
                original_resource=there,
                new_resource_name=properties.get(name, identifier),
                cloudformation_json=self._said(properties),
                account_id=caller.account,
                region_name=caller.region,
            )
        self._keep(caller, identifier, properties)
        return Progress(SUCCESS, identifier)

    def delete(self, caller: Caller, identifier: str) -> Progress:
        """Delete a resource."""
        there, made = self._found(caller, identifier), self._class
        kept = self._kept(caller, identifier)
        with self._refusing():
            if self._thing.delete is not None:
                self._thing.delete(self._backend(caller), identifier)
            elif hasattr(made.delete_from_cloudformation_json, "__isabstractmethod__"):
                there.delete(caller.account, caller.region)
            else:
                made.delete_from_cloudformation_json(identifier, self._said(kept), caller.account, caller.region)
        with self._emulator.at(caller.account, caller.region) as scope:
            scope.place.shelf(SHELF).remove(self._document(identifier))
        return Progress(SUCCESS, identifier)

    def look(self, caller: Caller, action: str, identifier: str) -> Progress:  # noqa: ARG002 - all is done at once
        """Return how far an action has come: to its end."""
        return Progress(SUCCESS, identifier)

    def read(self, caller: Caller, identifier: str) -> Properties:
        """Return what was wished of a resource, and what moto says of it."""
        there = self._found(caller, identifier)
        hidden = schemas.pointers(self.schema, schemas.WRITE_ONLY)
        kept: Properties = schemas.without_all(self._kept(caller, identifier), hidden)
        return {**self._identifying(identifier), **kept, **self._told(there)}

    def list(self, caller: Caller, model: Properties, token: str | None, size: int | None) -> Page:  # noqa: ARG002
        """Return the identifiers of all."""
        if self._thing.ids is None:
            raise HandlerError("InvalidRequest", NOT_LISTED(type=self.name))
        return Page([self._identifying(one) for one in self._thing.ids(self._backend(caller))])

    # --- moto ---------------------------------------------------------------------------------------------------------

    @cached_property
    def _class(self) -> Any:
        """The class that moto has for the type; of several the last has the say, as with moto."""
        if self._thing.lacks:
            module, _, name = self._thing.lacks.rpartition(".")
            return getattr(import_module(module), name)
        import_module(f"moto.{self._thing.service}.models")
        model = import_module("moto.core.common_models").CloudFormationModel
        return [one for one in model.__subclasses__() if one.cloudformation_type() == self.name][-1]

    def _use(self, caller: Caller) -> None:
        self._emulator.beside(Companions).use(self._thing.service, caller.account)

    def _backend(self, caller: Caller) -> Any:
        self._use(caller)
        backends = import_module("moto.backends").get_backend(self._thing.service)[caller.account]
        partition = import_module("moto.utilities.utils").get_partition(caller.region)
        return backends[caller.region if caller.region in backends else partition]

    def _found(self, caller: Caller, identifier: str) -> Any:
        with self._refusing():
            there = self._thing.find(self._backend(caller), identifier)
        if there is None:
            raise HandlerError("NotFound", NOT_THERE(type=self.name, identifier=identifier))
        return there

    def _told(self, there: Any) -> Properties:
        """Return what moto says of a resource."""
        told = {
            name: getattr(there, how, None) if isinstance(how, str) else how(there)
            for name, how in self._thing.told.items()
        }
        return {name: value for name, value in told.items() if value is not None}

    def _said(self, properties: Properties) -> dict[str, Any]:
        """Return properties as moto reads them: tags are a list for it, also where the schema has a map."""
        said = deepcopy(properties)  # moto writes into it
        tags = schemas.tags_property(self.schema)
        if tags is not None and isinstance(said.get(tags), dict):
            said[tags] = [{"Key": key, "Value": value} for key, value in said[tags].items()]
        return {"Type": self.name, "Properties": said}

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        """Turn what moto refuses into what a handler refuses; what it cannot do is refused too."""
        try:
            yield
        except HandlerError:
            raise
        except Exception as error:
            said = str(getattr(error, "error_type", None) or getattr(error, "code", "") or type(error).__name__)
            code = next((code for part, code in _CODES if part in said or part in type(error).__name__), None)
            message = str(getattr(error, "message", "") or error)
            if code is None and type(error).__module__.startswith("moto."):
                code = "InvalidRequest"
            if code is None:
                log.exception("moto failed on %s", self.name)
                code, message = "GeneralServiceException", NOT_ANSWERED(service=self.name, why=repr(error))
            raise HandlerError(code, message) from error

    # --- What was wished ----------------------------------------------------------------------------------------------

    def _identifying(self, identifier: str) -> Properties:
        name = schemas.pointers(self.schema, "primaryIdentifier")[0][0]
        return {name: identifier}

    def _document(self, identifier: str) -> str:
        return f"{self.name} {identifier}"

    def _shelf(self, scope: Any) -> Shelf:
        shelf: Shelf = scope.place.shelf(SHELF)
        return shelf

    def _keep(self, caller: Caller, identifier: str, properties: Properties) -> None:
        with self._emulator.at(caller.account, caller.region) as scope:
            self._shelf(scope).put(self._document(identifier), properties)

    def _kept(self, caller: Caller, identifier: str) -> Properties:
        with self._emulator.at(caller.account, caller.region) as scope:
            kept: Properties = self._shelf(scope).get(self._document(identifier)) or {}
            return kept
