"""Requests: what was asked for, and how far it has come.

A request lives from the call that makes it to its end, and is kept for a week. Nothing moves it but a look: it asks the
type's handler how far the resource has come by now, and so follows the resource's own life.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from emulator.aws.errors import DroppedError
from emulator.aws.wire import timestamp
from emulator.cloudcontrol import errors
from emulator.engine.scope import Scope
from emulator.engine.shelf import Shelf
from emulator.registry.handler import FAILED, IN_PROGRESS, SUCCESS, Caller, HandlerError, Progress, ResourceType

PENDING, CANCELLING, CANCELLED = "PENDING", "CANCEL_IN_PROGRESS", "CANCEL_COMPLETE"
ENDED = frozenset({SUCCESS, FAILED, CANCELLED})
KEPT = 7 * 86400.0  # seconds
MOST = 10_000  # requests that a place remembers: many more than anyone looks back on, and little memory
PAUSE = 5.0  # seconds that a client is asked to wait before it looks again

Find = Callable[[str], "ResourceType | None"]


@dataclass(frozen=True)
class Request:
    """One request. ``end`` is what the handler said at once, and the first look shows."""

    token: str
    type: str
    operation: str
    identifier: str | None
    status: str
    changed: float
    created: float
    client: str | None
    said: str
    end: tuple[str, str | None, str | None] | None = None
    code: str | None = None
    message: str | None = None

    def event(self) -> dict[str, Any]:
        """Return the request as clients see it."""
        told = {
            "TypeName": self.type,
            "Identifier": self.identifier,
            "RequestToken": self.token,
            "Operation": self.operation,
            "OperationStatus": self.status,
            "EventTime": timestamp(self.changed),
            "StatusMessage": self.message,
            "ErrorCode": self.code,
        }
        return {name: value for name, value in told.items() if value is not None}


class Requests:
    """The requests of a caller's place."""

    def __init__(self, scope: Scope, caller: Caller, find: Find) -> None:
        self._scope = scope
        self._caller = caller
        self._find = find

    def repeated(self, operation: str, params: Mapping[str, Any]) -> Request | None:
        """Return the request that was already made with a client's token, if it was the same; refuse if it was not."""
        client = params.get("ClientToken")
        token = self._clients.get(client) if client else None
        request = self._kept(token) if token else None
        if request and request.said != _digest(operation, params):
            raise errors.TOKEN_TAKEN.error(client=client, token=token)
        return self._looked(request) if request else None

    def refuse_concurrent(self, name: str, identifier: str | None) -> None:
        """Refuse to begin while another request is at work on the same resource."""
        token = self._busy.get(_key(name, identifier)) if identifier else None
        request = self._kept(token) if token else None
        if request and self._looked(request).status not in ENDED:
            raise errors.BUSY.error(type=name, identifier=identifier, token=token)

    def begin(
        self,
        operation: str,
        identifier: str | None,
        params: Mapping[str, Any],
        act: Callable[[str], Progress],
    ) -> Request:
        """Have a handler act, and return the request for it; what the handler refuses is how the request ends."""
        scope = self._scope
        token, now = scope.chance.uuid(), scope.clock.now()
        self._make_room()
        progress = _tried(partial(act, token), operation)
        request = Request(
            token,
            params["TypeName"],
            operation,
            progress.identifier or identifier,
            PENDING if scope.settings.pace.name == "step" else IN_PROGRESS,
            now,
            now,
            params.get("ClientToken"),
            _digest(operation, params),
            None if progress.status == IN_PROGRESS else (progress.status, progress.code, progress.message),
        )
        if request.client:
            self._clients.put(request.client, token)
        if request.identifier:
            self._busy.put(_key(request.type, request.identifier), token)
        self._keep(request)
        return replace(request, identifier=identifier)  # a client is told at once only what it could know itself

    def look(self, token: str) -> Request:
        """Return a request as it is by now; refuse if there is none."""
        request = self._kept(token)
        if request is None:
            raise errors.NO_REQUEST.error(token=token)
        return self._looked(request)

    def cancel(self, token: str) -> Request:
        """Stop following a request; what its handler has begun goes on."""
        request = self.look(token)
        if request.status in (SUCCESS, FAILED):
            raise errors.IS_OVER.error(token=token, status=request.status)
        return self._to(request, CANCELLING) if request.status in (PENDING, IN_PROGRESS) else request

    def all(self) -> list[Request]:
        """Return all requests as they are by now, the newest first."""
        kept = [self._kept(token) for token in self._requests]
        return [self._looked(one) for one in reversed(kept) if one]

    def place(self, request: Request) -> tuple[int, int]:
        """Return where a request stands among all, the newest first."""
        held = self._requests.held(request.token)
        return (-held[0], 0) if held else (0, 0)

    def waiting(self, request: Request) -> dict[str, Any]:
        """Return a request as those see it who come back for it: until it ends, they are told when to come again."""
        if request.status in ENDED:
            return request.event()
        return {**request.event(), "RetryAfter": timestamp(self._scope.clock.now() + PAUSE)}

    # --- What there is ------------------------------------------------------------------------------------------------

    @property
    def _requests(self) -> Shelf:
        return self._scope.place.shelf("cloudcontrol.requests")

    @property
    def _clients(self) -> Shelf:
        """The token of a request, by the token that its client chose."""
        return self._scope.place.shelf("cloudcontrol.clients")

    @property
    def _busy(self) -> Shelf:
        """The token of the request that was last at work on a resource, by type and identifier."""
        return self._scope.place.shelf("cloudcontrol.busy")

    def _kept(self, token: str) -> Request | None:
        """Return a request unless there is none any more."""
        said = self._requests.get(token)
        if said is None:
            return None
        request = Request(**said)
        if request.created + KEPT > self._scope.clock.now():
            return request
        self._forget(request)
        return None

    def _make_room(self) -> None:
        """Forget the oldest requests, if their time is over or they are too many."""
        while (oldest := self._requests.oldest) is not None:
            request = self._kept(oldest)
            if request and len(self._requests) < MOST:
                break
            if request:
                self._forget(request)

    def _forget(self, request: Request) -> None:
        self._requests.remove(request.token)
        self._release(request)
        if request.client:
            self._clients.remove(request.client)

    def _keep(self, request: Request) -> None:
        self._requests.put(request.token, asdict(request))

    def _release(self, request: Request) -> None:
        key = _key(request.type, request.identifier or "")
        if self._busy.get(key) == request.token:
            self._busy.remove(key)

    # --- Its life -----------------------------------------------------------------------------------------------------

    def _looked(self, request: Request) -> Request:
        """Return a request as it is by now; at pace ``step`` it first is no more than begun."""
        if request.status in ENDED:
            return request
        if request.status == PENDING:
            return self._to(request, IN_PROGRESS)
        if request.status == CANCELLING:
            return self._to(request, CANCELLED)
        status, code, message = request.end or self._progress(request)
        return request if status == IN_PROGRESS else self._to(request, status, code, message)

    def _progress(self, request: Request) -> tuple[str, str | None, str | None]:
        found = self._find(request.type)
        assert found is not None  # it was there when the request began
        look = partial(found.look, self._caller, request.operation, request.identifier or "")
        progress = _tried(look, request.operation)
        return progress.status, progress.code, progress.message

    def _to(self, request: Request, status: str, code: str | None = None, message: str | None = None) -> Request:
        changed = replace(request, status=status, changed=self._scope.clock.now(), code=code, message=message)
        self._keep(changed)
        if status in ENDED:
            self._release(changed)
        return changed


def _tried(act: Callable[[], Progress], operation: str) -> Progress:
    """Let a handler act; what it refuses is a progress that failed, and says why."""
    try:
        return act()
    except HandlerError as error:
        return Progress(FAILED, code=error.code, message=error.message)
    except DroppedError:
        return Progress(FAILED, code="NetworkFailure", message=errors.UNREACHED(operation=operation))


def _key(name: str, identifier: str) -> str:
    return f"{name} {identifier}"


def _digest(operation: str, params: Mapping[str, Any]) -> str:
    """Return what makes a request the same request."""
    said = json.dumps([operation, dict(params)], sort_keys=True)
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()
