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
        """Wait until the thread has ended, and close all connections."""
        channels = getattr(self._server, "map", None) or self._server._map  # noqa: SLF001 - several sockets, or one
        trigger = next(one for one in channels.values() if hasattr(one, "pull_trigger") and hasattr(one, "thunks"))
        held: dict[int, Any] = {}

        def leave() -> None:  # in the thread of the loop, which ends when it has nothing to look after
            held.update(channels)
            channels.clear()

        trigger.pull_trigger(leave)
        self._thread.join()
        wasyncore.close_all({key: one for key, one in held.items() if one is not trigger}, ignore_all=True)
        self._server.task_dispatcher.shutdown()
        trigger.close()  # last: until then the threads that answer may pull it
