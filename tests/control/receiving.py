"""Where events are pushed to in tests: a server that keeps what it gets, and answers what the test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from typing import Any, NamedTuple

Answer = tuple[int, bytes]


class Received(NamedTuple):
    """One request."""

    headers: dict[str, str]
    said: Any


class Receiver(NamedTuple):
    """Its address, and what came to it."""

    url: str
    received: Queue[Received]

    def next(self) -> Received:
        return self.received.get(timeout=10)


def taken(_: Any) -> Answer:
    return 200, b'{"FailedEntryCount": 0, "Entries": []}'


@contextmanager
def receiving(answer: Callable[[Any], Answer] = taken) -> Iterator[Receiver]:
    """Serve on a free port as long as this lasts; an answer without a status is a closed connection."""
    received: Queue[Received] = Queue()

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            received.put(Received({name.lower(): value for name, value in self.headers.items()}, said))
            status, body = answer(said)
            if status:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Take)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield Receiver(f"http://127.0.0.1:{server.server_port}/events", received)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
