"""``sagemaker-emulator control``: the words of the control surface, said to an emulator that runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TextIO
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

import click

from emulator.engine.control import WORDS, Word

PATIENCE = 60  # seconds

# What a parameter is, by its name, or by that of a word and its own.
MEANINGS = {
    "account": "Of this account.",
    "region": "Of this region.",
    "kind": "Pattern of the kind: Image, Model*.",
    "name": "Pattern of the name or ARN.",
    "where": "JMESPath that must find something: in a request, in what Describe shows, in an event.",
    "operation": "Pattern of the operation: CreateModel, Describe*. All where it is not said.",
    "verb": "What sent it on its way: Create (the default), Update, Delete, Start, ... or * for any.",
    "times": "How often at most.",
    "every": "3 for each third call.",
    "probability": "Share of the calls, from 0 to 1.",
    "message": "What the error says.",
    "status": "HTTP status of the error.",
    "caller": "Pattern of the access key id.",
    "error caller": "ARN of who is refused, for access-denied.",
    "error": "Pattern of the error's code; * for all that were refused.",
    "speed": "Factor for pace real.",
    "looks": "How often a status is seen at pace step.",
    "seconds": "So many seconds.",
    "minutes": "So many minutes.",
    "hours": "So many hours.",
    "days": "So many days.",
    "instance_type": "Limit the instances of this type: ml.m5.large.",
    "since": "Not before: seconds since 1970, or ISO 8601.",
    "until": "Not after.",
    "last": "The last so many.",
    "form": "jsonl (the default) or boto3.",
    "type": "Pattern of the detail-type.",
    "resource": "Pattern of the ARN.",
    "bus": "Put them to this bus of the EventBridge at the URL.",
}


def commands() -> dict[str, click.Command]:
    """Return the commands: one for each word, and a group where several begin with the same."""
    made: dict[str, click.Command] = {}
    first = [word.name.partition(" ")[0] for word in WORDS]
    for word in WORDS:
        name, _, second = word.name.partition(" ")
        if first.count(name) == 1:
            made[name] = _command(word, name)
        elif not second:
            made[name] = click.Group(
                name, params=_params(word), callback=_callback(word), invoke_without_command=True, help=_help(word)
            )
        else:
            group = made[name]
            assert isinstance(group, click.Group)  # its first word comes first
            group.add_command(_command(word, second))
    return made


def _command(word: Word, name: str) -> click.Command:
    return click.Command(name, callback=_callback(word), params=_params(word), help=_help(word))


def _params(word: Word) -> list[click.Parameter]:
    taken = word.parameters
    types = {one: click.File(encoding="utf-8") if one in word.files else taken[one].said_as for one in word.given}
    given: list[click.Parameter] = [
        click.Argument([one], type=types[one], required=taken[one].required) for one in word.given
    ]
    for one, parameter in taken.items():
        if one not in word.given:
            flag = f"--{one.replace('_', '-')}"
            said = MEANINGS.get(f"{word.name} {one}") or MEANINGS[one]
            given.append(click.Option([flag, one], type=parameter.said_as, required=parameter.required, help=said))
    return given


def _help(word: Word) -> str:
    return (word.does.__doc__ or "").partition("\n")[0]


def _callback(word: Word) -> Callable[..., None]:
    return click.pass_context(partial(_run, word))


def _run(word: Word, context: click.Context, **said: Any) -> None:
    if context.invoked_subcommand is None:
        read = {name: _read(said[name]) for name in word.files}
        answer = _send(context.find_root().meta["url"], word, said | read)
        click.echo(answer if isinstance(answer, str) else json.dumps(answer, indent=2), nl=not isinstance(answer, str))


def _read(file: TextIO) -> str:
    try:
        return file.read()
    except ValueError as error:
        raise click.ClickException(f"{file.name} is no text in UTF-8.") from error


def _send(url: str, word: Word, said: Mapping[str, Any]) -> Any:
    """Say a word to an emulator over HTTP and return its answer."""
    given = {name: value for name, value in said.items() if value is not None}
    method = "GET" if word.method == "PUT" and not given else word.method  # who puts nothing only looks
    body = None if method == "GET" else json.dumps(given).encode()
    query = f"?{urlencode(given)}" if method == "GET" and given else ""
    request = Request(url.rstrip("/") + word.path + query, body, {"Content-Type": "application/json"}, method=method)  # noqa: S310 - the user's own url
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=PATIENCE) as answer:
            is_json = answer.headers.get_content_type() == "application/json"
            return json.load(answer) if is_json else answer.read().decode()
    except HTTPError as error:
        raise click.ClickException(_message(error)) from error
    except (URLError, OSError, ValueError) as error:
        raise click.ClickException(f"No emulator answers at {url}: {getattr(error, 'reason', error)}") from error


def _message(error: HTTPError) -> str:
    text = error.read().decode("utf-8", "replace")
    try:
        return str(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError):
        return f"{error.code} {error.reason}"
