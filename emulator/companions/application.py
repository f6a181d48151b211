"""moto's application, and what it takes to stand behind another door than its own. Importing this loads moto."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from moto.backends import list_of_moto_modules
from moto.core.config import default_user_config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from emulator.aws.wire import Credential
from emulator.companions.errors import NOT_SERVED, NotServedError

Environ = dict[str, Any]

default_user_config["iam"] = {"load_aws_managed_policies": True}  # AmazonSageMakerFullAccess is there, as on AWS

# Hosts that begin with a bucket's name: those of AWS, and those of this machine that take after them.
_BUCKET = re.compile(r"(?P<bucket>.+?)\.(?:s3[.-].+|localhost(?:\.localstack\.cloud)?(?::\d+)?)")
_FORM = "application/x-www-form-urlencoded"
_ASKED = "emulator.asked"  # in the environ of an unsigned request: the host that it would have been sent to


class Application(DomainDispatcherApplication):  # type: ignore[misc] # moto's types are not read
    """moto's application, which remembers what it has found: it would look through its folders for every request."""

    def __init__(self) -> None:
        super().__init__(create_backend_app)
        self._modules = frozenset(list_of_moto_modules())
        self._found: dict[str, str] = {}

    def answer(
        self, service: str, caller: Credential, environ: Environ, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer a request for a service."""
        answer: Iterable[bytes] = self(_prepared(environ, service, caller), start_response)
        return answer

    def infer_service_region_host(self, environ: Environ, path: str) -> str | None:
        """Return the host that a request would have been sent to."""
        asked: str | None = environ.get(_ASKED)
        return asked or super().infer_service_region_host(environ, path)

    def get_backend_for_host(self, host: str | None) -> str | None:
        """Return the name of the service at a host, None if the host is not known; NotServedError if there is none."""
        if host is None:
            return None
        if host not in self._found:
            named = [name for name, pattern in self.backend_url_patterns if pattern.match(f"http://{host}")]
            if not named and host not in self._modules:
                raise NotServedError(NOT_SERVED(service=host.partition(".")[0]))
            self._found[host] = named[0] if named else host
        return self._found[host]


def _prepared(environ: Environ, service: str, caller: Credential) -> Environ:
    """Return a request as moto reads it: with its account, with its path as it came, with one of S3's hosts."""
    more = {"HTTP_X_MOTO_ACCOUNT_ID": caller.account, "RAW_URI": environ.get("REQUEST_URI", "")}
    if "HTTP_AUTHORIZATION" not in environ:
        more[_ASKED] = f"{service}.{caller.region}.amazonaws.com"
    if service == "s3":
        virtual = _BUCKET.fullmatch(environ.get("HTTP_HOST", ""))
        more["HTTP_HOST"] = f"{virtual['bucket']}.s3.amazonaws.com" if virtual else "localhost"
        if environ["REQUEST_METHOD"] == "PUT" and environ.get("CONTENT_TYPE", "").startswith(_FORM):
            more["CONTENT_TYPE"] = "binary/octet-stream"  # some clients say so whatever they send
    return {**environ, **more}
