"""Signatures of requests that stay in this process: all that somebody reads of one, but the digest that nobody checks.

botocore asks its ``choose-signer`` handlers which signature a request gets, and looks for it by name. The one here sets
the headers that SigV4 sets. To compute the digest would take as long as the emulator takes for the call.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from botocore.auth import AUTH_TYPE_MAPS, SIGNED_HEADERS_BLACKLIST, SIGV4_TIMESTAMP, SigV4Auth
from botocore.awsrequest import AWSRequest

VERSION, STANDS_FOR = "sagemaker-emulator-v4", "v4"
_STAYS = "sagemaker-emulator-stays"
_DIGEST = "0" * 64


def choose(stays: Callable[[str], bool], version: object, context: dict[str, Any]) -> str | None:
    """Choose this signature in place of SigV4's in a header, for what ``stays`` by its URL; None leaves the version."""
    if version != STANDS_FOR:
        return None
    context[_STAYS] = stays
    return VERSION


class Unchecked(SigV4Auth):  # type: ignore[misc] # botocore has no types
    """SigV4 without its digest; with it where a request is addressed elsewhere by the time that it is signed."""

    def add_auth(self, request: AWSRequest) -> None:
        """Sign a request."""
        if self.credentials is None or not request.context[_STAYS](request.url):
            AUTH_TYPE_MAPS[STANDS_FOR](self.credentials, self._service_name, self._region_name).add_auth(request)
            return
        request.context["timestamp"] = _timestamp(int(time.time()))
        self._modify_request_before_signing(request)
        self._inject_signature_to_request(request, _DIGEST)

    def headers_to_sign(self, request: AWSRequest) -> set[str]:
        """Return the names of the headers that are said to be signed; nothing else is asked of them."""
        return {"host", *map(str.lower, request.headers.keys())}.difference(SIGNED_HEADERS_BLACKLIST)


@lru_cache(1)
def _timestamp(second: int) -> str:
    return time.strftime(SIGV4_TIMESTAMP, time.gmtime(second))


AUTH_TYPE_MAPS[VERSION] = Unchecked
