"""What an endpoint answers when it is invoked: what its user said, for there is no model here.

A program is a list of answers, one for each invocation; the last one stays, or the first one follows again. An answer
is a fixed reply, an echo of what was sent, or what a server at some address says.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

JSON, TEXT = "application/json", "text/plain"
OWN = "x-amzn-sagemaker-"  # what all headers begin with that models and callers exchange
CHUNK = 8192  # bytes: the parts of a stream that comes from elsewhere are no larger
PATIENCE = 60.0  # seconds: what SageMaker gives a model to answer

_FORMS = ("body", "json", "base64", "parts", "echo", "forward")


class ProgramError(ValueError):
    """What was said is no program."""


class UnreachableError(Exception):
    """Nobody answers at the address that an invocation is forwarded to."""


@dataclass(frozen=True)
class Sent:
    """What a caller sends: a body, its type, the type that is wanted, and SageMaker's own headers."""

    body: bytes
    content_type: str
    accept: str
    headers: Mapping[str, str]


@dataclass
class Reply:
    """What a model says: its status, its parts one by one, and how a stream of them breaks off, if it does."""

    parts: Iterator[bytes]
    content_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    breaks: Mapping[str, str] | None = None

    @property
    def body(self) -> bytes:
        """All parts in one."""
        return b"".join(self.parts)


Answer = Callable[[Sent], Reply]


@dataclass(frozen=True)
class Program:
    """The answers to one invocation after the other."""

    said: Mapping[str, Any]
    answers: list[Answer]
    cycles: bool = False

    def after(self, invoked: int) -> Answer:
        """Return the answer to the next invocation after so many."""
        last = len(self.answers) - 1
        return self.answers[invoked % (last + 1) if self.cycles else min(invoked, last)]


# --- What can be said -------------------------------------------------------------------------------------------------


def program(said: Any) -> Program:
    """Return the program that is said; ProgramError if it is none."""
    if not isinstance(said, dict):
        raise ProgramError("Expected a JSON object.")
    if "sequence" not in said:
        return Program(said, [_answer(said)])
    if not isinstance(said["sequence"], list) or not said["sequence"]:
        raise ProgramError("A sequence is a list of at least one answer.")
    return Program(said, [_answer(one) for one in said["sequence"]], said.get("cycle") is True)


def _answer(said: Any) -> Answer:
    forms = [form for form in _FORMS if isinstance(said, dict) and form in said]
    if len(forms) != 1:
        raise ProgramError(f"An answer has one of {', '.join(_FORMS)}, or there is a sequence of answers.")
    if forms == ["echo"]:
        return _echo
    if forms == ["forward"]:
        return _forward(said["forward"])
    return _fixed(said, forms[0])


def _fixed(said: Mapping[str, Any], form: str) -> Answer:
    parts = _parts(said[form], form)
    status, headers, breaks = said.get("status", 200), said.get("headers", {}), said.get("breaks")
    given = said.get("content_type", JSON if form == "json" else None)
    if type(status) is not int or not 100 <= status <= 599:
        raise ProgramError("A status is a number from 100 to 599.")
    if not _is_texts(headers) or not _is_texts(breaks or {}) or not isinstance(given or "", str):
        raise ProgramError("Headers, content_type and breaks are texts.")

    def answer(sent: Sent) -> Reply:
        accepted = sent.accept if sent.accept and "*" not in sent.accept and "," not in sent.accept else TEXT
        return Reply(iter(parts), given or accepted, status, _own(headers), breaks)

    return answer


def _parts(value: Any, form: str) -> list[bytes]:
    if form == "json":
        return [json.dumps(value).encode()]
    texts = value if form == "parts" else [value]
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ProgramError(f"Expected text in {form}.")
    try:
        return [base64.b64decode(text, validate=True) if form == "base64" else text.encode() for text in texts]
    except ValueError as error:  # no base64, or half a surrogate
        raise ProgramError(f"Cannot read {form}: {error}") from None


def _is_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _own(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower().startswith(OWN)}


# --- Answers that depend on what is sent ------------------------------------------------------------------------------


def _echo(sent: Sent) -> Reply:
    return Reply(iter([sent.body]), sent.content_type or TEXT, headers=_own(sent.headers))


def _forward(url: Any) -> Answer:
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise ProgramError("forward is an address that begins with http:// or https://.")
    opener = build_opener(ProxyHandler({}))  # the address is near: no proxy stands in between

    def answer(sent: Sent) -> Reply:
        headers = {"Content-Type": sent.content_type, "Accept": sent.accept, **_own(sent.headers)}
        given = {name: value for name, value in headers.items() if value}
        request = Request(url, sent.body, given, method="POST")  # noqa: S310 - the address is http, see above
        try:
            response = opener.open(request, timeout=PATIENCE)
        except HTTPError as refusal:
            with refusal:
                return Reply(iter([refusal.read()]), refusal.headers.get_content_type(), refusal.code)
        except (URLError, HTTPException, OSError) as error:
            raise UnreachableError(getattr(error, "reason", error)) from error
        content_type = response.headers.get("Content-Type", TEXT)
        return Reply(_chunks(response), content_type, response.status, _own(dict(response.headers.items())))

    return answer


def _chunks(response: HTTPResponse) -> Iterator[bytes]:
    with response:
        while part := response.read1(CHUNK):
            yield part
