"""What every resource type can do, whoever supplies it: the contract between a type and those who act through it.

The words are those of CloudFormation's handler contract. A property is spelled as the type's schema spells it, never as
SageMaker's API does. An identifier is the text form of the primary identifier: its values joined by ``|`` in the order
of the schema. A client may write one as JSON, and so name an additional identifier of the schema; what a handler
answers is always the text form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

Properties = dict[str, Any]
Schema = Mapping[str, Any]

IN_PROGRESS, SUCCESS, FAILED = "IN_PROGRESS", "SUCCESS", "FAILED"
CREATE, UPDATE, DELETE = "CREATE", "UPDATE", "DELETE"


class Caller(NamedTuple):
    """For whom a handler acts: account, region, and the access key id where one is known."""

    account: str
    region: str
    key: str = ""


class Wish(NamedTuple):
    """What is to be: properties as a client wrote them, and what a type that needs a name or a token may take."""

    properties: Properties
    name: str  # for resources whose name the client may leave to the service
    token: str  # makes the call of the service idempotent


class Progress(NamedTuple):
    """How far a create, an update or a delete has come; a code and a message say why it failed.

    ``identifier`` is there as soon as it is known, also when a resource was created and failed afterwards.
    """

    status: str
    identifier: str | None = None
    code: str | None = None
    message: str | None = None


class Page(NamedTuple):
    """Some of what there is: properties that hold the primary identifier at least, and the token of the next page."""

    models: Sequence[Properties]
    token: str | None = None


class HandlerError(Exception):
    """What a type refuses at once: a ``HandlerErrorCode`` (``NotFound``, ``AlreadyExists``, …) and its sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


class ResourceType(Protocol):
    """One resource type.

    ``create``, ``update`` and ``delete`` begin; what they answer may be in progress, and ``look`` says how far it has
    come since. None of them waits. All raise HandlerError for what is refused at once.
    """

    name: str  # AWS::SageMaker::Image
    schema: Schema  # of the registry: properties, primaryIdentifier, readOnlyProperties, createOnlyProperties, …

    def create(self, caller: Caller, wish: Wish) -> Progress:
        """Begin to create a resource."""

    def update(self, caller: Caller, identifier: str, previous: Properties, wish: Wish) -> Progress:
        """Begin to make a resource what is wished; ``previous`` is what it was wished to be before.

        NotUpdatable says that only another resource could be what is wished: so much for properties that the schema
        calls conditionally create-only.
        """

    def delete(self, caller: Caller, identifier: str) -> Progress:
        """Begin to delete a resource."""

    def look(self, caller: Caller, action: str, identifier: str) -> Progress:
        """Return how far an action (``CREATE``, ``UPDATE``, ``DELETE``) on a resource has come by now."""

    def read(self, caller: Caller, identifier: str) -> Properties:
        """Return what a resource is: every property that is not write-only and has a value."""

    def list(self, caller: Caller, model: Properties, token: str | None, size: int | None) -> Page:
        """Return some of the resources there are; ``model`` narrows it for types whose schema allows that."""
