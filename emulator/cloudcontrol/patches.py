"""What a patch makes of a resource, and whether a client may make that of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.aws.errors import ServiceError
from emulator.cloudcontrol import errors
from emulator.registry import validation
from emulator.registry.handler import Properties, Schema
from emulator.registry.schema import CREATE_ONLY, READ_ONLY, at, pointer

_PATHS = ("path", "from")


def patched(schema: Schema, present: Properties, patch: list[Any]) -> Properties:
    """Return what a resource is to be; ServiceError if the patch does not fit, or its outcome is not allowed.

    What was not read is not there: a write-only property that the patch does not give has no value.
    """
    wished: Any = present
    for operation in patch:
        wished = applied(wished, operation)
    faults = validation.validate(schema, wished)
    if faults:
        raise errors.invalid_model(faults)
    for keyword in (CREATE_ONLY, READ_ONLY):
        changed = [text for text in schema.get(keyword, ()) if at(present, pointer(text)) != at(wished, pointer(text))]
        if changed:
            raise errors.NOT_CHANGEABLE.error(keyword=keyword, names=", ".join(changed))
    return dict(wished)


def applied(value: Any, operation: Any) -> Any:
    """Return a value after one operation of a patch; the value itself stays as it is."""
    import jsonpatch  # noqa: PLC0415 - most emulators are never patched

    if not isinstance(operation, dict):
        raise errors.INVALID_PATCH.error(reason="an operation is not an object")
    operation = {**operation, **{name: _rooted(operation[name]) for name in _PATHS if name in operation}}
    try:
        return jsonpatch.JsonPatch([operation]).apply(value)
    except jsonpatch.InvalidJsonPatch as error:
        raise errors.INVALID_PATCH.error(reason=error) from None
    except jsonpatch.JsonPatchTestFailed:
        raise errors.TEST_FAILED.error(path=operation["path"]) from None
    except (jsonpatch.JsonPatchException, jsonpatch.JsonPointerException, TypeError, AttributeError, KeyError):
        raise _no_such_path(operation) from None


def _rooted(path: Any) -> Any:
    """Return a path from the root: AWS takes those that lack the first slash, as its own documentation does."""
    return f"/{path}" if isinstance(path, str) and path and not path.startswith("/") else path


def _no_such_path(operation: Mapping[str, Any]) -> ServiceError:
    return errors.NO_SUCH_PATH.error(op=str(operation["op"]).upper(), path=operation.get("path"))
