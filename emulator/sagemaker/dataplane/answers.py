"""What an endpoint answers when it is invoked: what its user said, for there is no model here.

A program is a list of answers, one for each invocation; the last one stays, or the first one follows again. An answer
is a fixed reply, an echo of what was sent, or what a server at some address says.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

JSON, TEXT = "application/json", "text/plain"
OWN = "x-amzn-sagemaker-"  # what all headers begin with that models and callers exchange
CHUNK = 8192  # bytes: the parts of a stream that comes from elsewhere are no larger
PATIENCE = 60.0  # seconds: what SageMaker gives a model to answer

_FORMS = ("body", "json", "base64", "parts", "echo", "forward")
_BESIDE = ("content_type", "headers", "status", "breaks")  # what else is said of a fixed reply
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # as HTTP has the names of headers
_LINE = re.compile("[ -~\xa0-\xff]*")  # what a header can say: Latin-1 without its control characters
_ADDRESS = re.compile("https?://[!-~]+")


class ProgramError(ValueError):
    """What was said is no program."""


class UnreachableError(Exception):
    """Nobody answers at the address that an invocation is forwarded to, or not to the end."""

    def __init__(self, url: str, reason: object) -> None:
        super().__init__(str(reason))
        self.url = url


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
    component, own = said.get("component"), {name: one for name, one in said.items() if name != "component"}
    if not isinstance(component, str | None) or component == "":
        raise ProgramError("component is the name of an inference component.")
    if "sequence" not in own:
        return Program(said, [_answer(own)])
    _refuse_unknown(own, ("sequence", "cycle"))
    cycles = own.get("cycle", False)
    if not isinstance(cycles, bool):
        raise ProgramError("cycle is true or false.")
    if not isinstance(said["sequence"], list) or not said["sequence"]:
        raise ProgramError("A sequence is a list of at least one answer.")
    return Program(said, [_answer(one) for one in said["sequence"]], cycles)


def _answer(said: Any) -> Answer:
    forms = [form for form in _FORMS if isinstance(said, dict) and form in said]
    if len(forms) != 1:
        raise ProgramError(f"An answer has one of {', '.join(_FORMS)}, or there is a sequence of answers.")
    [form] = forms
    _refuse_unknown(said, (form,) if form in ("echo", "forward") else (form, *_BESIDE))
    if form == "echo":
        if said["echo"] is not True:
            raise ProgramError("echo is true, or is not said.")
        return _echo
    return _forward(said["forward"]) if form == "forward" else _fixed(said, form)


def _refuse_unknown(said: Mapping[str, Any], known: Collection[str]) -> None:
    unknown = [name for name in said if name not in known]
    if unknown:
        raise ProgramError(f"Expected {', '.join(known)}; {', '.join(unknown)} is unknown.")


def _fixed(said: Mapping[str, Any], form: str) -> Answer:
    parts = _parts(said[form], form)
    status, headers, breaks = said.get("status", 200), said.get("headers", {}), said.get("breaks")
    given = said.get("content_type", JSON if form == "json" else None)
    if type(status) is not int or not 100 <= status <= 599:
        raise ProgramError("A status is a number from 100 to 599.")
    if not _is_texts(headers) or not (breaks is None or _is_texts(breaks)) or not isinstance(given, str | None):
        raise ProgramError("Headers, content_type and breaks are texts.")
    if not all(map(_TOKEN.fullmatch, headers)) or not all(map(_LINE.fullmatch, (given or "", *headers.values()))):
        raise ProgramError("Headers and content_type are of printable Latin-1, and the names of headers are tokens.")

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
    if not isinstance(url, str) or not _is_address(url):
        raise ProgramError("forward is an address that begins with http:// or https://, in ASCII without spaces.")
    opener = build_opener(ProxyHandler({}))  # the address is near: no proxy stands in between

    def answer(sent: Sent) -> Reply:
        headers = {"Content-Type": sent.content_type, "Accept": sent.accept, **_own(sent.headers)}
        given = {name: value for name, value in headers.items() if value}
        request = Request(url, sent.body, given, method="POST")  # noqa: S310 - the address is http, see above
        with _reaching(url):
            try:
                response = opener.open(request, timeout=PATIENCE)
            except HTTPError as refusal:
                with refusal:
                    return Reply(iter([refusal.read()]), refusal.headers.get_content_type(), refusal.code)
        headers = {name: " ".join(value.splitlines()) for name, value in _own(response.headers).items()}
        content_type = " ".join(response.headers.get("Content-Type", TEXT).splitlines())
        return Reply(_chunks(response, url), content_type, response.status, headers)

    return answer


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return bool(_ADDRESS.fullmatch(text) and parts.hostname and parts.port != 0)
    except ValueError:  # half an IPv6 address, or no port
        return False


@contextmanager
def _reaching(url: str) -> Iterator[None]:
    """Say of whatever goes wrong with a server that it cannot be reached."""
    try:
        yield
    except (URLError, HTTPException, OSError, ValueError) as error:  # ValueError: it is no HTTP
        raise UnreachableError(url, getattr(error, "reason", error)) from error


def _chunks(response: HTTPResponse, url: str) -> Iterator[bytes]:
    with _reaching(url), response:
        while part := response.read1(CHUNK):
            yield part
