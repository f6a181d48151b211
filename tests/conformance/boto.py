"""boto3 as a way to send: what the client makes of the params goes out, and what comes back is kept as it came."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError

from tests.conformance.conftest import Reply


class Boto:
    """Sends operations through a boto3 client; a call is answered with the raw JSON of the answer."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self._raw: dict[str, Any] = {}
        client.meta.events.register("before-parse.sagemaker", self._keep)

    def __call__(self, operation: str, params: dict[str, Any]) -> Reply:
        """Call an operation; what it answers with, an error too, is returned as it came over the wire."""
        with suppress(ClientError):
            getattr(self.client, xform_name(operation))(**params)
        body = self._raw["body"]
        return Reply(self._raw["status_code"], json.loads(body) if body else None)

    def _keep(self, response_dict: dict[str, Any], **_: Any) -> None:
        self._raw = response_dict
