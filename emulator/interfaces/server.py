"""The application behind waitress, stopped as a service manager stops it: what is in flight is finished first."""

from __future__ import annotations

import gc
import logging
import signal
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from math import ceil
from types import FrameType
from typing import Any

from waitress import wasyncore
from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.server import TcpWSGIServer, create_server
from waitress.task import ThreadedTaskDispatcher

from emulator.aws.errors import DroppedError
from emulator.interfaces.environment import url
from emulator.interfaces.http import Application
from emulator.interfaces.way import Environ, StartResponse

THREADS = 8
CONNECTIONS = 2000  # boto3 keeps up to ten open per client; waitress's own limit of 100 would leave callers hanging


class CannotListenError(Exception):
    """The address is taken, forbidden, or none of this machine's."""


class Stop:
    """What ends waitress's loop, which then finishes what its threads have begun: not while the loop itself answers."""

    def __init__(self) -> None:
        self._held = self._wanted = False

    def __call__(self, _: int, __: FrameType | None) -> None:
        """End the loop, as a handler of signals."""
        self._wanted = True
        if not self._held:
            sys.exit(0)

    def __enter__(self) -> None:
        self._held = True

    def __exit__(self, *_: object) -> None:
        self._held = False
        if self._wanted:
            sys.exit(0)


class Connection(HTTPChannel):
    """A connection. Calls that wait for nothing are answered by the loop that reads them, and leave in one write.

    Handing them to a thread would cost more than answering them: threads of Python take turns anyway.
    """

    reads = False
    whole = False  # whether the next request is here, and nobody answers it yet
    _answer: list[bytes] | None = None

    def handle_read(self) -> None:
        """Take in what has come, and answer the calls that are whole by now and wait for nothing."""
        dispatcher: Any = self.server.task_dispatcher
        with dispatcher.stop:
            self.reads = True
            super().handle_read()
            while self.whole and not self.total_outbufs_len and dispatcher.prompt(self.requests[0]):
                self.whole = False
                self._answer_here()
            self.reads = False
            if self.whole:
                self.whole = False
                dispatcher.add_task(self)

    def _answer_here(self) -> None:
        answer = self._answer = []
        self.service()
        self._answer = None
        if self.connected:
            super().write_soon(b"".join(answer))

    def write_soon(self, data: Any) -> int:
        """Send a part of an answer, or keep it until the answer is whole."""
        if self._answer is None:
            return int(super().write_soon(data))
        self._answer.append(data)
        return len(data)


class Finishing(ThreadedTaskDispatcher):
    """Who answers: the loop, or one of the threads. Before these end, they answer what waits, and the answers leave."""

    def __init__(self, app: Application, sockets: Mapping[int, Any]) -> None:
        super().__init__()
        self.stop = Stop()
        self._app, self._sockets = app, sockets

    def add_task(self, task: Any) -> None:
        """Have the next request of a connection be answered; while it reads, that is to see to it itself."""
        if task.reads:
            task.whole = True
        else:
            super().add_task(task)

    def prompt(self, request: Any) -> bool:
        """Say whether a request is a call that waits for nothing."""
        return (
            request.error is None
            and (request.command, request.path) == ("POST", "/")
            and self._app.prompt(request.headers.get("X_AMZ_TARGET", ""))
        )

    @property
    def _unsent(self) -> dict[int, Any]:
        """The connections over which something is still to be sent."""
        return {number: one for number, one in list(self._sockets.items()) if getattr(one, "total_outbufs_len", 0)}

    def shutdown(self, cancel_pending: bool = True, timeout: int = 5) -> bool:
        """Let the threads end, and send what they answered; what is not answered or taken in time never is."""
        until = time.monotonic() + timeout
        while time.monotonic() < until and (self._unsent or self.queue or self.active_count > 0):
            if self._unsent:
                wasyncore.poll2(0.01, self._unsent)
            else:
                time.sleep(0.01)
        return bool(super().shutdown(cancel_pending, ceil(max(0, until - time.monotonic()))))


def listen(app: Application, host: str, port: int) -> Any:
    """Return a server that accepts connections for the application; its ``run`` answers them."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue is no news: clients wait their turn
    sockets: dict[int, Any] = {}
    threads = Finishing(app, sockets)
    try:
        server = create_server(
            _hanging_up(app),
            sockets,
            _dispatcher=threads,
            host=host,
            port=port,
            connection_limit=CONNECTIONS,
            backlog=1024,
            asyncore_use_poll=True,
            ident=None,
            channel_timeout=60,
        )
    except (OSError, ValueError) as error:  # waitress has a ValueError for a host that it cannot look up
        wasyncore.close_all(sockets, ignore_all=True)
        raise CannotListenError(f"Cannot listen on {url(host, port)}: {error}") from error
    for one in sockets.values():
        if isinstance(one, TcpWSGIServer):
            one.channel_class = Connection
    threads.set_thread_count(THREADS)
    return server


def _hanging_up(app: Application) -> Callable[..., Iterable[bytes]]:
    """Return the application; where a call is not to be answered, its connection is closed."""

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return app.wsgi_app(environ, start_response)
        except DroppedError as error:
            raise ClientDisconnected from error  # what waitress takes for a client that has gone

    return answer


def serve(make: Callable[[], Application], host: str, port: int, ready: Callable[[str, Application], None]) -> None:
    """Answer requests until SIGTERM or SIGINT; ``ready`` is called with the address once connections are accepted."""
    app = make()
    server = listen(app, host, port)
    signal.signal(signal.SIGTERM, server.task_dispatcher.stop)
    signal.signal(signal.SIGINT, server.task_dispatcher.stop)
    settle_down()
    ready(address(server), app)
    server.run()


def settle_down() -> None:
    """Switch the collector on. Nothing imported so far will ever be garbage: it need not look at that again."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    gc.enable()


def address(server: Any) -> str:
    """Return where a server listens: the first of its sockets, where a name stands for several."""
    listens = getattr(server, "effective_listen", None) or [(server.effective_host, server.effective_port)]
    host, port = listens[0]
    return url(host, port)
