"""What AWS's contract tests call a Lambda function: one for each type, by plain HTTP, with an emulator of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

from emulator.registry import errors
from emulator.registry.handler import FAILED, IN_PROGRESS, HandlerError, Progress, Wish
from emulator.registry.identifiers import identifier, parsed
from emulator.registry.kind_type import KindType
from tests.registry.desired import CALLER, NAME

Event = dict[str, Any]


class Bridge:
    """A WSGI application that has types be called by their names."""

    def __init__(self, types: Mapping[str, KindType]) -> None:
        self._types = types

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        name = request.path.split("/")[3]  # /2015-03-31/functions/Image/invocations
        try:
            event = self._handle(self._types[name], json.loads(request.get_data()))
        except HandlerError as refused:
            event = {"status": FAILED, "errorCode": refused.code, "message": refused.message}
        return Response(json.dumps(event), mimetype="application/json")(environ, start_response)

    def _handle(self, handler: KindType, request: Event) -> Event:
        data = request["requestData"]
        desired, previous = data["resourceProperties"], data["previousResourceProperties"] or {}
        action, context = request["action"], request["callbackContext"]
        if context:
            return self._went(handler, action, handler.look(CALLER, action, context["identifier"]))
        if action == "LIST":
            page = handler.list(CALLER, desired, request.get("nextToken"), None)
            return {"status": "SUCCESS", "resourceModels": list(page.models), "nextToken": page.token}
        wish = Wish(desired, NAME, request["bearerToken"])
        if action == "CREATE":
            return self._went(handler, action, handler.create(CALLER, wish))
        named = identifier(handler.schema, desired)
        if named is None:
            raise errors.missing(handler.name, "")
        if action == "READ":
            return {"status": "SUCCESS", "resourceModel": handler.read(CALLER, named)}
        if action == "UPDATE":
            return self._went(handler, action, handler.update(CALLER, named, previous, wish))
        return self._went(handler, action, handler.delete(CALLER, named))

    def _went(self, handler: KindType, action: str, progress: Progress) -> Event:
        assert progress.identifier is not None
        if progress.status == FAILED:
            return {"status": FAILED, "errorCode": progress.code, "message": progress.message}
        if progress.status == IN_PROGRESS:
            model = parsed(handler.schema, progress.identifier)
            return {
                "status": IN_PROGRESS,
                "resourceModel": model,
                "callbackContext": {"identifier": progress.identifier},
                "callbackDelaySeconds": 0,
            }
        if action == "DELETE":
            return {"status": progress.status}
        return {"status": progress.status, "resourceModel": handler.read(CALLER, progress.identifier)}
