"""``sagemaker-emulator``: serve, env, coverage. Every flag is an environment variable too.

What a command needs is imported when it runs: asking for help should cost nothing.
"""

from __future__ import annotations

import gc
import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from emulator import __version__
from emulator.engine.lifecycle import PACES, Pace
from emulator.engine.scope import Settings, check_place
from emulator.interfaces import environment

if TYPE_CHECKING:
    from emulator.engine.emulator import Emulator
    from emulator.interfaces.http import Application

DEFAULTS = Settings()
PORT = click.IntRange(0, 65535)
CONTEXT = {"auto_envvar_prefix": "SAGEMAKER_EMULATOR", "max_content_width": 120, "show_default": True}


@click.group()
@click.version_option(__version__, message="%(version)s")
def main() -> None:
    """Run the SageMaker control plane on this machine."""


def account_id(text: str) -> str:
    """Return an account's id."""
    return _checked(account=text)


def region_name(text: str) -> str:
    """Return a region's name."""
    return _checked(region=text)


def _checked(**said: str) -> str:
    try:
        check_place(**said)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    return next(iter(said.values()))


def a_number(_: click.Context, __: click.Parameter, value: float) -> float:
    """Return a number; to click nan lies within every range."""
    if math.isnan(value):
        raise click.BadParameter(f"{value} is not above 0.")
    return value


def where(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the flags that say where the emulator is, and for whom it answers."""
    for flag, kind, default, text in (
        ("--account", account_id, DEFAULTS.account, "Account of calls whose access key id is not twelve digits."),
        ("--region", region_name, DEFAULTS.region, "Region of calls that are not signed."),
        ("--port", PORT, 4580, "Port to listen on; 0 takes a free one and prints it."),
        ("--host", str, "127.0.0.1", "Address to listen on."),
    ):
        command = click.option(flag, type=kind, default=default, show_envvar=True, help=text)(command)
    return command


@main.command(context_settings=CONTEXT)
@where
@click.option("--pace", type=click.Choice(PACES), default="instant", show_envvar=True, help="How statuses move.")
@click.option(
    "--speed",
    type=click.FloatRange(0, min_open=True),
    callback=a_number,
    default=1.0,
    show_envvar=True,
    help="Factor for pace real.",
)
@click.option(
    "--references",
    type=click.Choice(("strict", "off")),
    default="strict",
    show_envvar=True,
    help="Whether what a call refers to must exist.",
)
@click.option(
    "--paging",
    type=click.Choice(("page-first", "filter-first")),
    default="page-first",
    show_envvar=True,
    help="AWS cuts a page first and filters it then; filter-first gives full pages.",
)
@click.option("--seed", type=int, default=None, show_envvar=True, help="Seed of all random identifiers.")
@click.option(
    "--load",
    type=click.Path(path_type=Path),
    multiple=True,
    show_envvar=True,
    help="A seed or exported state to begin with, JSON or YAML; can be repeated.",
)
@click.option(
    "--state-dir",
    type=click.Path(path_type=Path),
    default=None,
    show_envvar=True,
    help="A directory to keep everything in, and to go on from; without it everything ends with the server.",
)
@click.option(
    "--server",
    type=click.Choice(("waitress", "granian")),
    default="waitress",
    show_envvar=True,
    help="What answers requests; granian, for heavy load, comes with the extra `fast`.",
)
@click.option("--events-url", default=None, show_envvar=True, help="URL to push events to.")
@click.option(
    "--events-bus", default=None, show_envvar=True, help="Bus to put them to, where that URL is an EventBridge's."
)
def serve(
    host: str,
    port: int,
    region: str,
    account: str,
    pace: str,
    speed: float,
    references: str,
    paging: str,
    seed: int | None,
    load: tuple[Path, ...],
    state_dir: Path | None,
    server: str,
    events_url: str | None,
    events_bus: str | None,
) -> None:
    """Serve until stopped."""
    gc.disable()  # nothing that is imported now is garbage; the server switches the collector on again
    from emulator.interfaces.server import CannotListenError

    settings = Settings(account, region, Pace(pace, speed), paging == "filter-first", references == "strict")

    def make() -> Application:
        from emulator.engine.clock import Chance
        from emulator.interfaces.http import create_app
        from emulator.sagemaker.service import sagemaker

        emulator = sagemaker(settings, chance=Chance(seed))
        _begin(emulator, state_dir, load)
        if events_url or events_bus:
            _push(emulator, events_url, events_bus)
        return create_app(emulator)

    try:
        _server(server)(make, host, port, _greet)
    except CannotListenError as error:
        raise click.ClickException(str(error)) from error


def _server(name: str) -> Callable[..., None]:
    """Return what serves; it is told how the application is made, where, and whom to tell that it is ready."""
    if name == "waitress":
        from emulator.interfaces.server import serve
    else:
        try:
            from emulator.interfaces.granian_server import serve
        except ImportError as error:
            raise click.ClickException('--server granian needs `pip install "sagemaker-emulator[fast]"`.') from error
    return serve


def _greet(url: str, app: Application) -> None:
    catalogue = app.emulator.catalogue
    coverage = catalogue.coverage().values()
    counts = f"{len(catalogue.kinds)} kinds, {sum(map(bool, coverage))} of {len(coverage)} operations"
    click.echo(f"sagemaker-emulator {__version__} on {url}: {counts}")


def _push(emulator: Emulator, url: str | None, bus: str | None) -> None:
    """Push events from the start."""
    try:
        emulator.control.events.begin(url, bus)
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def _begin(emulator: Emulator, state_dir: Path | None, load: tuple[Path, ...]) -> None:
    """Let an emulator begin with what is loaded, or go on from what is in a directory."""
    if state_dir is None:
        return _load(emulator, load)
    from emulator.aws.errors import ServiceError
    from emulator.engine import ledger

    try:
        kept = ledger.open(emulator, state_dir)
        click.get_current_context().call_on_close(kept.close)
        if kept.empty:
            with kept.writing():
                _load(emulator, load)
    except ledger.LedgerError as error:
        raise click.ClickException(str(error)) from error
    except ServiceError as error:
        raise click.ClickException(f"{state_dir}: {error.message}") from error
    return None


def _load(emulator: Emulator, files: tuple[Path, ...]) -> None:
    for file in files:
        try:
            emulator.control.load(file)
        except (OSError, ValueError) as error:
            raise click.ClickException(f"{file}: {getattr(error, 'strerror', error)}") from error


@main.command(context_settings=CONTEXT)
@where
@click.option("--shell", "form", flag_value="shell", default="shell", help="Lines for a shell (the default).")
@click.option("--profile", "form", flag_value="profile", help="A profile for ~/.aws/config.")
@click.option("--terraform", "form", flag_value="terraform", help="A provider block for Terraform.")
@click.option("--awscc", "form", flag_value="awscc", help="A provider block for Terraform's AWSCC provider.")
@click.option("--python", "form", flag_value="python", help="A client for boto3.")
@click.option(
    "--all-services/--own-services",
    "everything",
    default=None,
    show_default="all where the extra `aws` is installed",
    help="AWS's other services too, or SageMaker's own alone.",
)
def env(host: str, port: int, region: str, account: str, form: str, everything: bool | None) -> None:
    """Print what points a client at the emulator."""
    if everything is None:
        from emulator.companions.services import installed

        everything = installed()
    url = environment.url(host, port)
    click.echo(environment.text(form, url, region, account, everything=everything), nl=False)


class Words(click.Group):
    """The words of the control surface, loaded when one of them is asked for."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Return the names of the words."""
        return list(self._words())

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        """Return the command of a word; None if there is none."""
        return self._words().get(name)

    def _words(self) -> dict[str, click.Command]:
        from emulator.interfaces import control

        return control.commands()


@main.group(cls=Words, context_settings=CONTEXT)
@click.option(
    "--url",
    default="http://127.0.0.1:4580",
    envvar="SAGEMAKER_EMULATOR_URL",
    show_envvar=True,
    help="Where it answers.",
)
@click.pass_context
def control(context: click.Context, url: str) -> None:
    """Own a running emulator: its time, pace, failures, quotas, state, calls, events."""
    context.find_root().meta["url"] = url


@main.command()
@click.option("--missing", is_flag=True, help="Only the operations that are not answered yet.")
def coverage(missing: bool) -> None:
    """List every operation and how it is answered."""
    from emulator.sagemaker.service import sagemaker

    answered = sagemaker().catalogue.coverage()
    for name, how in answered.items():
        if not (missing and how):
            click.echo(f"{name:<52}{how or 'not yet'}")
    click.echo(f"{sum(map(bool, answered.values()))} of {len(answered)} operations are answered.")
