"""AWS's other services, as moto answers them: any request that is signed for one of them, in the same account.

moto is loaded with the first such request. What it keeps is the process's: several emulators in one process share it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import cache, cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from emulator.aws.wire import Credential
from emulator.companions.errors import NOT_ANSWERED, NOT_INSTALLED, NOT_SERVED, NotServedError
from emulator.engine.emulator import Emulator

if TYPE_CHECKING:
    from emulator.companions.application import Application

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]

log = logging.getLogger(__name__)

NEEDED = ("moto", "flask_cors")  # what the extra installs, and moto's application cannot do without
OURS = ("sagemaker", "cloudformation")  # moto has its own, which are never asked


class Companions:
    """The services that stand beside one emulator."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def answer(
        self, service: str, caller: Credential, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer a request that is signed for a service; NotServedError if nobody can."""
        if service in OURS:
            raise NotServedError(NOT_SERVED(service=service))
        if not installed():
            raise NotServedError(NOT_INSTALLED(service=service))
        application = self._application
        try:
            return application.answer(service, caller, environ, start_response)
        except NotServedError:
            raise
        except NotImplementedError as error:
            raise NotServedError(NOT_ANSWERED(service=service, why=error)) from error
        except Exception as error:
            log.exception("moto failed on a call of %s", service)
            raise NotServedError(NOT_ANSWERED(service=service, why=repr(error))) from error

    @cached_property
    def _application(self) -> Application:
        from emulator.companions.application import Application  # noqa: PLC0415 - this loads moto

        return Application()


@cache
def installed() -> bool:
    """Say whether the extra is installed, without loading it."""
    return all(find_spec(name) for name in NEEDED)
