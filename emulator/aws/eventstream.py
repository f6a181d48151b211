"""AWS's event stream: messages with headers and a payload, each with its length and two checksums in front and behind.

``vnd.amazon.eventstream``: the total length, the length of the headers, the CRC32 of the two; the headers; the payload;
the CRC32 of everything before it. All numbers are big-endian.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any

CONTENT_TYPE = "application/vnd.amazon.eventstream"
_STRING = 7  # the type of a header whose value is text
_AROUND = 16  # bytes of a message that are neither headers nor payload


def event(kind: str, payload: bytes, content_type: str = "application/octet-stream") -> bytes:
    """Return the message of an event."""
    return message({":event-type": kind, ":content-type": content_type, ":message-type": "event"}, payload)


def failure(kind: str, members: Mapping[str, Any]) -> bytes:
    """Return the message of a modelled error in the middle of a stream."""
    headers = {":exception-type": kind, ":content-type": "application/json", ":message-type": "exception"}
    return message(headers, json.dumps(members).encode())


def message(headers: Mapping[str, str], payload: bytes) -> bytes:
    """Return the bytes of a message."""
    packed = b"".join(_header(name, value) for name, value in headers.items())
    prelude = struct.pack(">II", _AROUND + len(packed) + len(payload), len(packed))
    head = prelude + struct.pack(">I", zlib.crc32(prelude)) + packed
    return head + payload + struct.pack(">I", zlib.crc32(payload, zlib.crc32(head)))


def _header(name: str, value: str) -> bytes:
    key, text = name.encode(), value.encode()
    return struct.pack(">B", len(key)) + key + struct.pack(">BH", _STRING, len(text)) + text
