"""AWS's Query protocol: a form with flat names to a call's params, an answer or an error to XML.

The names of a form are paths: ``Tags.member.1.Key``, ``Labels.entry.2.value``. What a value is, text or a number, only
the model knows, so a form is read along the shapes, as XML is written along them. Lists and maps are never flattened,
and members are called on the wire what the model calls them: those are the services that are spoken here.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from emulator.aws import errors
from emulator.aws.errors import ServiceError
from emulator.aws.model import ServiceModel, Shape
from emulator.aws.wire import moment

CONTENT_TYPE = "text/xml"
MALFORMED = "MalformedInput"
INVALID_ACTION = "InvalidAction"
_COMMON = frozenset({"Action", "Version"})

Tree = dict[str, Any]


# --- A form to a call -------------------------------------------------------------------------------------------------


def fields(body: bytes) -> dict[str, str]:
    """Return the fields of a form; of one that is said twice, the last."""
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def decode(model: ServiceModel, said: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """Return the operation that a form names, and its params; ServiceError if there is none, or it cannot be read."""
    action, version = said.get("Action", ""), said.get("Version", model.metadata["version"])
    if not action:
        raise ServiceError("MissingAction", errors.NO_ACTION())
    if action not in model.operations or version != model.metadata["version"]:
        raise ServiceError(INVALID_ACTION, errors.INVALID_ACTION(action=action, version=version))
    params: dict[str, Any] = _read(model, model.input(action), _tree(said), "")
    return action, params


def _tree(said: Mapping[str, str]) -> Tree:
    """Return the fields of a form as what their names describe: text within what stands between the dots."""
    tree: Tree = {}
    for path, text in said.items():
        if path not in _COMMON:
            *way, last = path.split(".")
            node = tree
            for step in way:
                node = node.setdefault(step, {})
                if node.__class__ is not dict:
                    raise _malformed(path)
            if last in node:
                raise _malformed(path)
            node[last] = text
    return tree


def _read(model: ServiceModel, shape: Shape, found: Any, path: str) -> Any:
    """Return what a shape makes of what was found in its place; members that it does not know are passed over."""
    if shape.type in _SCALARS:
        if found.__class__ is dict:
            raise _malformed(path)
        try:
            return _SCALARS[shape.type](found)
        except (ValueError, OverflowError):
            raise _malformed(path) from None
    if found == "":
        return [] if shape.type == "list" else {}  # how a form says that there is nothing in it
    if found.__class__ is not dict:
        raise _malformed(path)
    if shape.type == "structure":
        return {
            name: _read(model, model.shape(inner), found[name], _within(path, name))
            for name, inner in shape.members.items()
            if name in found
        }
    if shape.type == "list":
        member = model.shape(shape.member)
        return [_read(model, member, inner, path) for inner in _numbered(found, "member", path)]
    key, value = model.shape(shape.key), model.shape(shape.value)
    entries = list(_numbered(found, "entry", path))
    if not all(entry.__class__ is dict and "key" in entry for entry in entries):
        raise _malformed(path)
    return {
        _read(model, key, entry["key"], path): _read(model, value, entry.get("value", ""), path) for entry in entries
    }


def _numbered(found: Tree, word: str, path: str) -> Iterator[Any]:
    """Yield what is numbered below a word, in the order of the numbers."""
    inside = found.get(word, {})
    if found.keys() - {word} or inside.__class__ is not dict or not all(map(_NUMBER.fullmatch, inside)):
        raise _malformed(path)
    return (inside[number] for number in sorted(inside, key=int))


def _boolean(text: str) -> bool:
    return {"true": True, "false": False}[text.lower()] if text.lower() in ("true", "false") else _refuse(text)


def _moment(text: str) -> float:
    if _DECIMAL.fullmatch(text):
        return float(text)
    return moment(text)


def _whole(text: str) -> int:
    return int(text) if _WHOLE.fullmatch(text) else _refuse(text)


def _number(text: str) -> float:
    return float(text) if _DECIMAL.fullmatch(text) else _refuse(text)


def _blob(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError(text) from None


def _refuse(text: str) -> Any:
    raise ValueError(text)


def _malformed(path: str) -> ServiceError:
    return ServiceError(MALFORMED, errors.MALFORMED_FORM(path=path))


def _within(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
_WHOLE = re.compile(r"[+-]?[0-9]{1,19}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,19}(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?")
_SCALARS: Mapping[str, Any] = {
    "string": str,
    "boolean": _boolean,
    "integer": _whole,
    "long": _whole,
    "float": _number,
    "double": _number,
    "timestamp": _moment,
    "blob": _blob,
}


# --- An answer to XML -------------------------------------------------------------------------------------------------


def encode(model: ServiceModel, operation: str, answer: Mapping[str, Any] | None, request: str) -> bytes:
    """Return the body of an answer."""
    shape = model.output(operation)
    result = "" if shape is None else f"<{operation}Result>{_written(model, shape, answer or {})}</{operation}Result>"
    metadata = f"<ResponseMetadata><RequestId>{request}</RequestId></ResponseMetadata>"
    return _document(model, f"{operation}Response", result + metadata)


def encode_error(model: ServiceModel, error: ServiceError, request: str) -> bytes:
    """Return the body of an error; whose fault it is follows from its status."""
    side = "Sender" if error.status < 500 else "Receiver"
    said = f"<Type>{side}</Type><Code>{escape(error.code)}</Code><Message>{_text(error.message or '')}</Message>"
    return _document(model, "ErrorResponse", f"<Error>{said}</Error><RequestId>{request}</RequestId>")


def _document(model: ServiceModel, name: str, inside: str) -> bytes:
    said = f'<{name} xmlns="{model.metadata["namespace"]}">{inside}</{name}>\n'
    return said.encode("utf-8", "replace")


def _written(model: ServiceModel, shape: Shape, value: Any) -> str:
    """Return what stands between the tags of a value; members that have none, or that the shape lacks, are left out."""
    if shape.type == "structure":
        return "".join(
            _tagged(name, _written(model, model.shape(inner), value[name]))
            for name, inner in shape.members.items()
            if value.get(name) is not None
        )
    if shape.type == "list":
        member = model.shape(shape.member)
        return "".join(_tagged("member", _written(model, member, inner)) for inner in value)
    if shape.type == "map":
        key, inside = model.shape(shape.key), model.shape(shape.value)
        return "".join(
            _tagged(
                "entry", _tagged("key", _written(model, key, name)) + _tagged("value", _written(model, inside, inner))
            )
            for name, inner in value.items()
        )
    return _scalar(shape.type, value)


def _scalar(kind: str, value: Any) -> str:
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "timestamp":
        time = datetime.fromtimestamp(value, timezone.utc)
        return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if kind == "blob":
        return base64.b64encode(value).decode()
    return _text(str(value))


def _tagged(name: str, inside: str) -> str:
    return f"<{name}>{inside}</{name}>" if inside else f"<{name}/>"


def _text(text: str) -> str:
    """Return text as XML carries it: what XML has no way to write becomes a question mark of its own."""
    return escape(_UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text), {"\r": "&#xD;"})


_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
