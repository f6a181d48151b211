"""The application behind waitress in a thread of this process."""

from __future__ import annotations

import threading
from typing import Any

from waitress import wasyncore

from emulator.interfaces.http import Application
from emulator.interfaces.server import address, listen


class Background:
    """A server that answers from its making until it is stopped."""

    def __init__(self, app: Application, host: str, port: int) -> None:
        self._server: Any = listen(app, host, port)
        self.url = address(self._server)
        self._thread = threading.Thread(target=self._server.run, name="sagemaker-emulator", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close all connections, and wait until the thread has ended."""
        channels = getattr(self._server, "map", None) or self._server._map  # noqa: SLF001 - several sockets, or one
        trigger = next(one for one in channels.values() if hasattr(one, "pull_trigger") and hasattr(one, "thunks"))
        trigger.pull_trigger(lambda: wasyncore.close_all(channels, ignore_all=True))  # in the thread of the loop
        self._thread.join()
        self._server.task_dispatcher.shutdown()
