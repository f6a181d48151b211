"""Calls that a client makes again because it lost the answer: they are answered again, and not done twice.

An SDK gives each call an id, and tells which attempt at it a request is. Go's SDK drops an answer that is there before
it has noticed that its own request has left, which a quick server on a busy machine brings about now and then. AWS is
never that quick; here a create would be refused, because what it is to create is there already.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, NamedTuple

from emulator.aws import wire
from emulator.interfaces.way import Environ, StartResponse, Wsgi

KEPT = 1000  # answers; who lost one asks again within seconds
FIRST = "attempt=1"
READING = ("Describe", "List", "Get", "Search", "Query", "BatchDescribe", "BatchGet")  # which may be done twice


class Sent(NamedTuple):
    """An answer as it was sent."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


class Repeats:
    """The answers to the last calls that were done and may have changed something."""

    def __init__(self) -> None:
        self._sent: OrderedDict[tuple[str, str], Sent] = OrderedDict()

    def answer(self, wsgi: Wsgi, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Have a call be answered, unless it was done before; then what it was answered is sent again."""
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        if "HTTP_AMZ_SDK_INVOCATION_ID" not in environ or target.partition(".")[2].startswith(READING):
            return wsgi(environ, start_response)
        call = environ["HTTP_AMZ_SDK_INVOCATION_ID"], target
        attempt, _, _ = environ.get("HTTP_AMZ_SDK_REQUEST", FIRST).partition(";")
        if attempt.strip() != FIRST and (sent := self._sent.get(call)) is not None:
            start_response(sent.status, sent.headers)
            return [sent.body]
        return self._noted(call, wsgi, environ, start_response)

    def _noted(
        self, call: tuple[str, str], wsgi: Wsgi, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        said: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            said[:] = status, headers
            return start_response(status, headers, *more)

        body = wire.whole(wsgi(environ, start))
        status, headers = said
        if status.startswith("2"):
            self._sent[call] = Sent(status, headers, body)
            while len(self._sent) > KEPT:
                self._sent.popitem(last=False)
        return [body]
