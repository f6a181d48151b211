"""What tests share: an emulator whose clock is in the test's hand, a server on a real socket, and boto3 clients."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import boto3
import pytest
from botocore.config import Config

from emulator.aws.call import Call
from emulator.companions import services
from emulator.engine.clock import Chance, ManualClock
from emulator.engine.emulator import Emulator
from emulator.engine.scope import Settings
from emulator.engine.standing import Standing
from emulator.interfaces.http import create_app
from emulator.interfaces.inprocess import InProcess, attach
from emulator.interfaces.server import address, listen
from emulator.sagemaker.service import sagemaker

ACCOUNT = "123456789012"
REGION = "us-east-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/SageMaker"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the answers in fixtures/wire anew")
    parser.addoption(
        "--transport", choices=("http", "inprocess", "fast"), default="http", help="how boto3 reaches the emulator"
    )


@pytest.fixture
def transport(pytestconfig: pytest.Config) -> str:
    """How boto3 reaches the emulator; tests/inprocess runs some of the suite the other way."""
    return str(pytestconfig.getoption("transport"))


def repeat_truly(emulator: Emulator, call: Call, told: Standing) -> bool:
    """Let an answer be given again only if working it out gives the same: every test looks for stale ones."""
    holds = Emulator.repeat(emulator, call, told)
    assert not holds or told == emulator._answer(call), f"what {call.operation} tells again has changed"
    assert emulator.catalogue.how(call.operation) != "coded", "what has code of its own may follow from more"
    return holds


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[Emulator, str]]:
    """One emulator behind waitress for the whole session; `emulator` gives it to each test clean."""
    emulator = sagemaker(clock=ManualClock(), chance=Chance(0))
    emulator.repeat = partial(repeat_truly, emulator)  # type: ignore[method-assign]
    server = listen(create_app(emulator), "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield emulator, address(server)
    server.close()


@pytest.fixture
def emulator(served: tuple[Emulator, str]) -> Emulator:
    """The served emulator with nothing in it, the default settings, and a clock that stands still until it is moved."""
    emulator, _ = served
    emulator.control.reset()
    emulator.settings = Settings()
    emulator.clock = ManualClock()
    return emulator


@pytest.fixture
def clock(emulator: Emulator) -> ManualClock:
    """The emulator's clock."""
    assert isinstance(emulator.clock, ManualClock)
    return emulator.clock


@pytest.fixture
def url(served: tuple[Emulator, str], emulator: Emulator) -> str:
    """Where the emulator answers."""
    return served[1]


@pytest.fixture(scope="session")
def session() -> boto3.Session:
    """One boto3 session: its loader reads the model once."""
    return boto3.Session()


@pytest.fixture(scope="session")
def sessions(session: boto3.Session, served: tuple[Emulator, str]) -> dict[str, boto3.Session]:
    """One boto3 session for each transport: its clients reach the served emulator with its server, or without."""
    emulator, url = served
    made = {"http": session, "inprocess": boto3.Session(), "fast": boto3.Session()}
    for name in ("inprocess", "fast"):
        attach(made[name], InProcess(create_app(emulator), lambda: url, fast=name == "fast"))
    return made


@pytest.fixture
def without_companions(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The extra is not installed, as far as the emulator can see."""
    monkeypatch.setattr(services, "NEEDED", ("nobody_has_this",))
    services.installed.cache_clear()
    yield
    services.installed.cache_clear()


@pytest.fixture
def connect(sessions: dict[str, boto3.Session], url: str, transport: str) -> Callable[..., Any]:
    """Return a function that makes a boto3 client: ``connect("sagemaker", account=…, region=…)``."""

    def make(service: str = "sagemaker", *, account: str = ACCOUNT, region: str = REGION, validate: bool = True) -> Any:
        config = Config(parameter_validation=validate, retries={"total_max_attempts": 1})
        return sessions[transport].client(
            service,
            endpoint_url=url,
            region_name=region,
            aws_access_key_id=account,
            aws_secret_access_key="local",  # noqa: S106 - the emulator checks no signature
            config=config,
        )

    return make


@pytest.fixture
def client(connect: Callable[..., Any]) -> Any:
    """A boto3 SageMaker client."""
    return connect()
