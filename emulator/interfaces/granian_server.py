"""The application behind granian, for who loads it heavily: granian keeps connections in Rust, and Python only answers.

granian gives the application a process of its own, one, because what is stored is in it. The application is made there.
One thread answers the calls that wait for nothing, as waitress's loop does: several would take turns, and each turn
costs more than a call. What may wait is handed to other threads.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from typing import Any, Protocol

from click import ClickException
from granian import Granian
from granian.constants import Interfaces
from granian.server import mp
from granian.wsgi import Response, ResponseIterWrap

from emulator.aws.errors import DroppedError
from emulator.interfaces.environment import url
from emulator.interfaces.http import Application
from emulator.interfaces.server import CannotListenError, settle_down
from emulator.interfaces.way import LARGEST, Environ

log = logging.getLogger(__name__)

THREADS = 8  # as many calls can wait for something, such as a delay that was asked for, while others are answered
STOP = 5  # seconds that what is in flight has to end, a stream of events for one

# What a request's environment holds that is the same for all.
_SERVER = {
    "SCRIPT_NAME": "",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": False,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}


class Request(Protocol):
    """A request as granian hands it out, whose answer may come from any thread, whenever it is there."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes, /) -> None:
        """Answer it as a whole."""

    def response_iter(self, status: int, headers: list[tuple[str, str]], body: Any, /) -> None:
        """Answer it part by part."""


class Answering:
    """What granian calls for each request, in the place of what it would make of the application.

    That would have to answer before another request can be read.
    """

    def __init__(self, app: Application) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(THREADS)

    def __call__(self, request: Request, environ: Environ) -> int:
        """Answer a call that waits for nothing, or have a thread answer."""
        call = environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] == "/"
        small = int(environ.get("CONTENT_LENGTH", LARGEST + 1)) <= LARGEST  # a body in chunks does not say its length
        if call and small and self._app.prompt(environ.get("HTTP_X_AMZ_TARGET", "")):
            self._answer(request, environ)
        else:
            self._take_in(environ)
            self._threads.submit(self._answer_waiting, request, environ)
        return 200  # for an access log, which nobody keeps

    def _take_in(self, environ: Environ) -> None:
        """Have the whole body of a request at hand, which is gone when the callback returns, and its length said."""
        body = environ["wsgi.input"].read()
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(body), str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)

    def _answer_waiting(self, request: Request, environ: Environ) -> None:
        try:
            self._answer(request, environ)
        except DroppedError:
            pass  # a request that nobody answers is answered with 500
        except Exception:
            log.exception("%s %s", environ["REQUEST_METHOD"], environ["PATH_INFO"])

    def _answer(self, request: Request, environ: Environ) -> None:
        begin = Response()
        environ.update(_SERVER)
        parts = self._app.wsgi_app(environ, begin)
        if isinstance(parts, list):
            request.response_bytes(begin.status, begin.headers, b"".join(parts))
        else:
            request.response_iter(begin.status, begin.headers, ResponseIterWrap(parts))


def serve(make: Callable[[], Application], host: str, port: int, ready: Callable[[str, Application], None]) -> None:
    """Answer requests until SIGTERM or SIGINT; ``ready`` is called with the address once connections are accepted."""
    port, above = _free(host, port), os.pipe()

    def load(*_: object) -> Callable[..., object]:
        threading.Thread(target=_end_with, args=above, daemon=True).start()
        app = _made(make)
        settle_down()
        threading.Thread(target=_announce, args=(host, port, partial(ready, url(host, port), app)), daemon=True).start()
        mp._wsgi_call_wrap = lambda answering, *_: answering  # type: ignore[attr-defined] # noqa: SLF001 - see Answering
        return Answering(app)

    multiprocessing.set_start_method("fork", force=True)  # the other ways would have to carry the application over
    server = Granian(
        "emulator",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=1,
        workers_kill_timeout=STOP,
        log_enabled=False,
        websockets=False,
    )
    server.serve(target_loader=load)


def _announce(host: str, port: int, ready: Callable[[], None]) -> None:
    """Say that connections are accepted, once one is: granian begins to listen after the application was made."""
    while True:
        try:
            socket.create_connection((host, port)).close()
        except OSError:
            time.sleep(0.005)
        else:
            return ready()


def _end_with(reading: int, writing: int) -> None:
    """End this process when the one above has ended in whatever way: then nobody holds the other end of the pipe."""
    os.close(writing)
    os.read(reading, 1)
    os._exit(1)


def _made(make: Callable[[], Application]) -> Application:
    """Return the application; what keeps it from being made is said once, and ends this process and the one above."""
    try:
        return make()
    except ClickException as error:
        error.show()
        os._exit(error.exit_code)


def _free(host: str, port: int) -> int:
    """Return the port if it can be listened on, for 0 a free one: granian cannot be asked which one it took."""
    try:
        family, kind, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, kind) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(where)
            return int(one.getsockname()[1])
    except OSError as error:
        raise CannotListenError(f"Cannot listen on {url(host, port)}: {error}") from error
