"""The pytest plugin: a SageMaker for the session, clean for each test that asks for it.

pytest loads it in every project where the emulator is installed. So it imports nothing before a fixture is asked for,
and no fixture asks for itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import pytest

if TYPE_CHECKING:
    from emulator.interfaces.handle import SageMaker

_LEFT = pytest.StashKey[list[str]]()  # what is said of the calls of a test that would have left this machine


class Option(NamedTuple):
    """A choice that a project, an environment or a command line makes, the later before the earlier."""

    name: str
    kind: type
    default: str
    help: str

    @property
    def ini(self) -> str:
        """Its name in the ini file."""
        return f"sagemaker_emulator_{self.name}"

    @property
    def flag(self) -> str:
        """Its name on the command line."""
        return f"--sagemaker-emulator-{self.name}"

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return f"PYTEST_{self.ini.upper()}"

    def chosen(self, config: pytest.Config) -> Any:
        """Return what was chosen; UsageError if it cannot be read."""
        said = config.getoption(self.ini, default=None)
        text = said if said is not None else os.environ.get(self.variable) or config.getini(self.ini)
        try:
            return self.kind(text) if text else None
        except ValueError:
            raise pytest.UsageError(f"{self.flag} is {text!r} and not a number.") from None


OPTIONS = (
    Option("transport", str, "http", "how tests reach it: http or inprocess"),
    Option("lane", str, "wire", "how in-process calls are answered: by the wire, or fast without it"),
    Option("host", str, "127.0.0.1", "address to listen on"),
    Option("port", int, "0", "port to listen on; 0 takes a free one, and xdist's workers count on from another"),
    Option("account", str, "123456789012", "account of calls whose access key id is not twelve digits"),
    Option("region", str, "us-east-1", "region of its clients and of calls that are not signed"),
    Option("pace", str, "instant", "how statuses move: instant, step, real or manual"),
    Option("speed", float, "1.0", "factor for pace real"),
    Option("references", str, "strict", "whether what a call refers to must exist: strict or off"),
    Option("paging", str, "page-first", "page-first as AWS, or filter-first"),
    Option("seed", int, "", "seed of all random identifiers, which begin anew with each test"),
    Option("guard", str, "sagemaker", "calls off this machine that fail a test: sagemaker, all or off"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add every option as a flag and to the ini file."""
    group = parser.getgroup("sagemaker-emulator")
    for one in OPTIONS:
        group.addoption(one.flag, dest=one.ini, default=None, metavar=one.name.upper(), help=one.help)
        parser.addini(one.ini, f"{one.help} ({one.variable})", default=one.default)


@pytest.fixture(scope="session")
def sagemaker_emulator_options(pytestconfig: pytest.Config) -> dict[str, Any]:
    """Return what the session's SageMaker is made with; override it to decide that in code."""
    chosen = {one.name: one.chosen(pytestconfig) for one in OPTIONS}
    if chosen["port"]:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "")
        chosen["port"] += int("".join(filter(str.isdigit, worker)) or 0)
    return chosen


@pytest.fixture(scope="session")
def sagemaker_emulator(sagemaker_emulator_options: dict[str, Any]) -> Iterator[SageMaker]:
    """Give the session's SageMaker, with whatever tests have left in it; each worker of xdist has its own."""
    from emulator.interfaces.handle import SageMaker

    try:
        running = SageMaker(**sagemaker_emulator_options)
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None
    running.start()
    yield running
    running.stop()


@pytest.fixture
def sagemaker(sagemaker_emulator: SageMaker, request: pytest.FixtureRequest) -> Iterator[SageMaker]:
    """Give the session's SageMaker with nothing in it, and the door guarded while the test runs."""
    sagemaker_emulator.reset()
    with sagemaker_emulator.here(refuse=_failing(request)):
        yield sagemaker_emulator


@pytest.fixture
def sagemaker_client(sagemaker: SageMaker) -> Any:
    """Return a boto3 client of a clean SageMaker."""
    return sagemaker.client()


@pytest.fixture
def sagemaker_env(sagemaker: SageMaker, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Set the variables that lead any AWS client to a clean SageMaker, also those of processes that the test starts."""
    from emulator.interfaces.handle import DROPPED

    said = sagemaker.environment()
    for name in DROPPED:
        monkeypatch.delenv(name, raising=False)
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)  # it would remember who it was before
    return said


@pytest.fixture
def sagemaker_guard(sagemaker_emulator_options: dict[str, Any], request: pytest.FixtureRequest) -> Iterator[None]:
    """Guard the door alone, without a SageMaker: a call that would leave this machine fails the test."""
    from emulator.interfaces.guard import guarding

    options = sagemaker_emulator_options
    with guarding(options["guard"], _failing(request), options["host"]):
        yield


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> None:
    """Fail what goes well although a call would have left: in another thread, or where everything is caught."""
    left = item.stash.get(_LEFT, [])
    well = call.excinfo is None or call.excinfo.errisinstance(pytest.skip.Exception)
    if left and well:
        try:
            pytest.fail(left[0], pytrace=False)
        except pytest.fail.Exception:
            call.excinfo = pytest.ExceptionInfo.from_current()
    left.clear()


def _failing(request: pytest.FixtureRequest) -> Callable[[str], NoReturn]:
    """Return what fails a test at once where no ``except Exception`` stops it, and else when its report is made."""
    left = request.node.stash.setdefault(_LEFT, [])

    def fail(message: str) -> NoReturn:
        left.append(message)
        pytest.fail(message)

    return fail
