"""Answers as aiobotocore's clients read them: the same, but awaited."""

from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

from aiobotocore.awsrequest import AioAWSResponse
from botocore.awsrequest import AWSResponse


def awaited(response: AWSResponse) -> AioAWSResponse:
    """Return an answer as aiobotocore has it from its connection."""
    return AioAWSResponse(response.url, response.status_code, response.headers, _Raw(response.url, response.raw))


class _Raw:
    """A body as aiobotocore reads it from a connection of aiohttp's."""

    def __init__(self, url: str, body: BytesIO) -> None:
        self.url = url
        self._body = body

    @property
    def content(self) -> _Raw:
        """What the body is read from."""
        return self

    async def read(self, amount: int = -1) -> bytes:
        """Return some of what is left, or all."""
        return self._body.read(amount)

    async def iter_chunks(self) -> AsyncIterator[tuple[bytes, bool]]:
        """Yield what is left."""
        yield self._body.read(), True

    def at_eof(self) -> bool:
        """Say whether nothing is left."""
        return self._body.tell() == len(self._body.getbuffer())

    def close(self) -> None:
        """Let the body go."""
        self._body.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._body, name)
