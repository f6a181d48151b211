"""The way in for botocore's clients of this very process: no socket, but every byte as it would be on one.

Every byte but those of the signature's digest, which nobody checks. botocore asks its ``before-send`` handlers for an
answer before it sends a request. The handler here hands the request to the WSGI application that also stands behind the
server, and returns what that answers. Nothing of botocore is needed until somebody wants this.
"""

from __future__ import annotations

import inspect
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from io import BytesIO
from types import SimpleNamespace
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes, urlsplit
from weakref import WeakSet

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.endpoint import Endpoint
from botocore.exceptions import ConnectionClosedError
from botocore.loaders import create_loader
from waitress.utilities import build_http_date

from emulator.aws import wire
from emulator.aws.errors import DroppedError
from emulator.companions.services import installed
from emulator.interfaces import environment, signature
from emulator.interfaces.fastlane import Answered, FastLane
from emulator.interfaces.http import Application

try:
    from botocore.useragent import UserAgentComponent
except ImportError:  # botocore keeps it to itself, and may let it go; calls only take longer then
    UserAgentComponent = SimpleNamespace(to_string=str)

SERVICES = frozenset(name.replace("_", "-") for name in environment.SERVICES)  # as botocore's events spell their ids
ANSWERED = "emulator://answered"

# The events of botocore that are answered, with the marks that handlers have there.
_SEND, _SEND_MARK = "before-send", "sagemaker-emulator"
_CALL, _CALL_MARK = "before-call", "sagemaker-emulator-fast-lane"
_SIGN, _SIGN_MARK = "choose-signer", "sagemaker-emulator-signature"


class Route(Protocol):
    """Where requests go instead of out."""

    def __call__(self, request: AWSPreparedRequest, service: str, operation: str) -> AWSResponse | None:
        """Return the answer; None if the request may go on to where it is addressed by then."""


class InProcess:
    """The route to an application of this process.

    It takes what is addressed to AWS or to the application's own address. A client that is pointed elsewhere is left
    alone, unless the route is to take its calls ``wherever`` they are addressed. Some calls are ``fast``, if it is to.
    """

    def __init__(
        self, app: Application, address: Callable[[], str | None], *, wherever: bool = False, fast: bool = False
    ) -> None:
        self._app = app
        self._address = address
        self._wherever = wherever
        self.lane = FastLane(app.emulator) if fast else None

    def __call__(self, request: AWSPreparedRequest, service: str, operation: str) -> AWSResponse | None:
        """Answer what is for the emulator."""
        url = request.url
        if not emulated(service, operation) or url.startswith(ANSWERED) or not self.takes(url):
            return None
        response = exchange(self._app, request)
        # All handlers are asked, whoever has answered. Another one that answers in AWS's stead (moto's, or this route
        # on the client's session) is to see that the request is none of its business any more.
        request.url = ANSWERED
        return response

    def takes(self, url: str) -> bool:
        """Say whether it takes what is addressed to a URL."""
        own = self._address()
        return self._wherever or (own is not None and url.startswith(own)) or _to_aws(url)


class ToServer:
    """The route to a server: requests are addressed to it, also those of clients that have AWS's address built in."""

    def __init__(self, address: str) -> None:
        self._address = address

    def __call__(self, request: AWSPreparedRequest, service: str, operation: str) -> AWSResponse | None:
        """Address what is for the emulator to the server."""
        if emulated(service, operation):
            parts = urlsplit(request.url)
            request.url = self._address + parts.path + (f"?{parts.query}" if parts.query else "")
            request.headers["Host"] = parts.netloc  # which may begin with a bucket's name
        return None


def emulated(service: str, operation: str) -> bool:
    """Say whether calls of a service are answered here: where the companions are installed, of all services.

    Where they are not, it is our own alone, and of STS the one call that every client makes.
    """
    return (service in SERVICES and (service != "sts" or operation == "GetCallerIdentity")) or installed()


def of_aws(host: str) -> bool:
    """Say whether a host is one of AWS's, in any partition."""
    return host.endswith(_suffixes())


@lru_cache(256)
def _to_aws(url: str) -> bool:
    """Say whether a URL is at one of AWS's hosts."""
    return of_aws(urlsplit(url).hostname or "")


@contextmanager
def catching(route: InProcess) -> Iterator[None]:
    """Have all clients of this process ask a route first, whenever they were made; the last route comes first."""
    with _lock:
        if not _routes:
            Endpoint.make_request = _make_request
            UserAgentComponent.to_string = _spelt
        _routes.append(route)
    try:
        yield
    finally:
        with _lock:
            _routes.remove(route)
            if not _routes:
                Endpoint.make_request = _original
                UserAgentComponent.to_string = _spell
                for events in list(_hooked):
                    events.unregister(_SEND, unique_id=_SEND_MARK)
                    events.unregister(_CALL, unique_id=_CALL_MARK)
                    events.unregister(_SIGN, unique_id=_SIGN_MARK)
                _hooked.clear()


def attach(session: Any, route: Route) -> None:
    """Have the clients that a session makes from now on ask a route first."""

    def ask(request: AWSPreparedRequest, event_name: str, **_: Any) -> AWSResponse | None:
        service, operation = event_name.split(".")[1:]
        return route(request, service, operation)

    session.events.register_first(_SEND, ask)
    if isinstance(route, InProcess):
        session.events.register_last(_SIGN, partial(_choose_signature, route.takes))
        if route.lane is not None:
            session.events.register_last(_CALL, partial(_ask_lane, [route]))


def exchange(app: Application, request: AWSPreparedRequest) -> AWSResponse:
    """Return what an application answers to a request, as it would have come over a socket."""
    began: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> Callable[[bytes], object]:
        began[:] = status, headers
        return began.append  # the old way to write a body, which no application of ours goes

    try:
        answered = app.wsgi_app(_environ(request), start)
    except DroppedError as error:
        raise ConnectionClosedError(error=error, request=request, endpoint_url=request.url) from error
    body = wire.whole(answered)
    status, headers = began
    dated = [*headers, ("Date", _date(int(time.time())))]  # as the server adds it
    return AWSResponse(request.url, int(status[:3]), dated, _Raw(body))


class _Raw(BytesIO):
    """A body as botocore reads it from a connection."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        """Yield what is left of it."""
        if rest := self.read():
            yield rest


def _environ(request: AWSPreparedRequest) -> dict[str, Any]:
    """Return a request as a server hands it to a WSGI application."""
    body = _bytes(request.body)
    environ: dict[str, Any] = {
        **_addressed(request.url),
        "REQUEST_METHOD": request.method,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
    }
    for name, value in request.headers.items():
        environ[_variable(name)] = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ.pop("HTTP_CONTENT_LENGTH", None)
    environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ


@lru_cache(256)
def _addressed(url: str) -> Mapping[str, Any]:
    """Return what a server hands to a WSGI application with every request to a URL."""
    parts = urlsplit(url)
    return {
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(parts.path or "/").decode("latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": parts.netloc,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


_date = lru_cache(1)(build_http_date)


@lru_cache(256)
def _variable(name: str) -> str:
    """Return how WSGI spells a header."""
    return "HTTP_" + name.upper().replace("-", "_")


def _bytes(body: Any) -> bytes:
    """Return a request's body, which botocore has as text, as bytes or as a file."""
    if body is None:
        return b""
    if hasattr(body, "read"):
        body = body.read()
    return body.encode() if isinstance(body, str) else bytes(body)


@cache
def _suffixes() -> tuple[str, ...]:
    """Return how AWS's hosts end."""
    partitions = create_loader().load_data("partitions")["partitions"]
    kinds = ("dnsSuffix", "dualStackDnsSuffix")
    return tuple({"." + one["outputs"][kind] for one in partitions for kind in kinds if kind in one["outputs"]})


# --- Clients that are there already -----------------------------------------------------------------------------------

_lock = threading.Lock()
_routes: list[InProcess] = []
_hooked: WeakSet[Any] = WeakSet()  # the events of clients
_original = Endpoint.make_request
_spell = UserAgentComponent.to_string
_spelt = lru_cache(256)(_spell)  # each request spells the same user agent, character by character


def _make_request(endpoint: Any, operation_model: Any, request_dict: Any) -> Any:
    """Make a request as ever, after the client has learnt to ask the routes: it may be older than they are."""
    events = endpoint._event_emitter  # noqa: SLF001 - botocore has no other way from a call to its events
    if events not in _hooked:
        with _lock:
            if _routes:
                _hook(events, awaits=inspect.iscoroutinefunction(endpoint.create_request))
    return _original(endpoint, operation_model, request_dict)


def _hook(events: Any, *, awaits: bool) -> None:
    """Have a client ask from now on; one of aiobotocore's ``awaits`` its answers, and goes by the wire alone."""
    events.register_first(_SEND, _ask_awaiting if awaits else _ask, unique_id=_SEND_MARK)
    if not awaits:
        events.register_last(_CALL, partial(_ask_lane, _routes), unique_id=_CALL_MARK)
        events.register_last(_SIGN, partial(_choose_signature, _taken), unique_id=_SIGN_MARK)
    _hooked.add(events)


def _ask(request: AWSPreparedRequest, event_name: str, **_: Any) -> AWSResponse | None:
    service, operation = event_name.split(".")[1:]
    for route in reversed(_routes):
        response = route(request, service, operation)
        if response is not None:
            return response
    return None


def _ask_awaiting(request: AWSPreparedRequest, event_name: str, **_: Any) -> AWSResponse | None:
    response = _ask(request, event_name)
    if response is None:
        return None
    from emulator.interfaces.aio import awaited  # noqa: PLC0415 - who asks has aiobotocore

    return awaited(response)


def _ask_lane(
    routes: list[InProcess],
    event_name: str,
    model: Any,
    params: dict[str, Any],
    request_signer: Any,
    context: dict[str, Any],
    **_: Any,
) -> Answered | None:
    if event_name.startswith("before-call.sagemaker."):
        for route in reversed(routes):
            if route.takes(params["url"]):
                lane, config = route.lane, context["client_config"]
                return None if lane is None else lane(model, params, request_signer, config)
    return None


def _taken(url: str) -> bool:
    """Say whether a route takes what is addressed to a URL."""
    return any(route.takes(url) for route in _routes)


def _choose_signature(
    taken: Callable[[str], bool], event_name: str, signature_version: object, context: dict[str, Any], **_: Any
) -> str | None:
    """Leave out the digest of what is taken, if it is our own services': nobody here checks it."""
    service, operation = event_name.split(".", 2)[1:]
    ours = service in SERVICES and emulated(service, operation)
    return signature.choose(taken, signature_version, context) if ours else None
