"""The three handles on one emulator, each a function that says a word and returns the answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner

from emulator.engine.control import WORDS, Word
from emulator.engine.emulator import Emulator
from emulator.interfaces.cli import main

Say = Callable[..., Any]


class RefusedError(Exception):
    """What was said makes no sense to the emulator."""


def word(name: str) -> Word:
    return next(one for one in WORDS if one.name == name)


def python(emulator: Emulator) -> Say:
    def say(name: str, /, **said: Any) -> Any:
        try:
            return word(name).does(emulator.control, **said)
        except (ValueError, TypeError) as error:
            raise RefusedError(str(error)) from error

    return say


def http(url: str) -> Say:
    def say(name: str, /, **said: Any) -> Any:
        one = word(name)
        method = "GET" if one.method == "PUT" and not said else one.method
        body = None if method == "GET" else json.dumps(said).encode()
        try:
            query = f"?{urlencode(said)}" if method == "GET" and said else ""
            with urlopen(Request(url + one.path + query, body, method=method)) as answer:
                text = answer.read().decode()
                return json.loads(text) if answer.headers.get_content_type() == "application/json" else text
        except HTTPError as error:
            with error:
                raise RefusedError(f"{error.code} {json.load(error)['message']}") from error

    return say


def command_line(url: str) -> Say:
    def say(name: str, /, **said: Any) -> Any:
        files = word(name).files
        given = ["-" if one in files else str(said.pop(one)) for one in word(name).given if one in said]
        read = "".join(said.pop(one) for one in files if one in said)
        options = [part for key, value in said.items() for part in (f"--{key.replace('_', '-')}", str(value))]
        ran = CliRunner().invoke(main, ["control", "--url", url, *name.split(), *options, "--", *given], read)
        if ran.exit_code:
            raise RefusedError(ran.output)
        return ran.output if name.endswith("export") else json.loads(ran.output)

    return say


@pytest.fixture(params=["python", "http", "command line"])
def say(request: pytest.FixtureRequest, emulator: Emulator, url: str) -> Say:
    """A handle: ``say("clock advance", minutes=5)``."""
    return (
        python(emulator)
        if request.param == "python"
        else {"http": http, "command line": command_line}[request.param](url)
    )


@pytest.fixture
def control(emulator: Emulator) -> Any:
    """The Python handle."""
    return emulator.control
