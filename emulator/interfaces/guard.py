"""The guard at the door: it refuses calls that would leave this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any, NoReturn
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest
from botocore.endpoint import Endpoint

from emulator.companions.services import installed

HERE = "Ask the emulator for the client, or point the client at it."
NOT_HERE = "Other services than SageMaker stay where the extra is: pip install 'sagemaker-emulator[aws]'."
_HERE = ("localhost", "localhost.localstack.cloud")  # names that stand for this machine, as those below them do


class LeakError(Exception):
    """A call would have left this machine."""


def leave(message: str) -> NoReturn:
    """Refuse a call as an exception."""
    raise LeakError(message)


@contextmanager
def guarding(which: str, refuse: Callable[[str], NoReturn] = leave, home: str | None = None) -> Iterator[None]:
    """Refuse what botocore is about to send off this machine.

    ``which`` is ``sagemaker`` for SageMaker's services only, ``all``, or ``off``. ``home`` is the host of the emulator,
    wherever that is. What another mock answers is never sent, and so never refused.
    """
    # Where nobody has answered and nothing has been sent. aiobotocore's own way to send is there where it is loaded.
    doors = [] if which == "off" else [one for one in (Endpoint, *_heirs(Endpoint)) if "_send" in vars(one)]
    before = [one._send for one in doors]  # noqa: SLF001

    def guarded(send: Callable[..., Any]) -> Callable[..., Any]:
        def checked(endpoint: Any, request: AWSPreparedRequest) -> Any:
            if which == "all" or endpoint._endpoint_prefix.endswith("sagemaker"):  # noqa: SLF001
                check(request, refuse, home)
            return send(endpoint, request)

        return checked

    for door, send in zip(doors, before, strict=True):
        door._send = guarded(send)  # noqa: SLF001
    try:
        yield
    finally:
        for door, send in zip(doors, before, strict=True):
            door._send = send  # noqa: SLF001


def _heirs(one: Any) -> list[Any]:
    """Return the classes that are made of one."""
    return [heir for made in one.__subclasses__() for heir in (made, *_heirs(made))]


def check(request: AWSPreparedRequest, refuse: Callable[[str], NoReturn] = leave, home: str | None = None) -> None:
    """Refuse one request if it would leave this machine."""
    parts = urlsplit(request.url)
    if parts.hostname != home and leaves(parts.hostname or ""):
        target = request.headers.get("X-Amz-Target", b"")
        what = target.decode() if isinstance(target, bytes) else target
        advice = HERE if installed() or "sagemaker" in parts.netloc else NOT_HERE
        refuse(f"{what or f'{request.method} {parts.path}'} would have left this machine for {parts.netloc}. {advice}")


def leaves(host: str) -> bool:
    """Say whether a request to a host leaves this machine; names without a dot are those of its containers."""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return "." in host and not any(host == here or host.endswith("." + here) for here in _HERE)
