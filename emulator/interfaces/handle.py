"""One SageMaker in a test's hand: where it answers, its clients, and what time and calls do to it.

Whatever needs boto3, Flask or a server is imported when it is asked for.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cached_property, partial, wraps
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, Generic, NoReturn, ParamSpec, TypeVar

from emulator.companions.services import installed
from emulator.engine.calls import Calls
from emulator.engine.clock import Chance, Clock
from emulator.engine.control import Control
from emulator.engine.emulator import Emulator
from emulator.engine.events import Events
from emulator.engine.lifecycle import PACES, Pace
from emulator.engine.scope import Settings, check_place
from emulator.interfaces.environment import variables
from emulator.sagemaker.service import sagemaker

TRANSPORTS = ("http", "inprocess")
LANES = ("wire", "fast")
GUARDS = ("sagemaker", "all", "off")
DROPPED = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")

Function = TypeVar("Function", bound=Callable[..., Any])
Said = ParamSpec("Said")
Told = TypeVar("Told")


class _Word(Generic[Said, Told]):
    """A word of the control surface, said to the emulator that is in hand."""

    def __init__(self, word: Callable[Concatenate[Control, Said], Told]) -> None:
        self.__doc__ = word.__doc__
        self._word = word

    def __get__(self, hand: SageMaker, _: type | None = None) -> Callable[Said, Told]:
        return wraps(self._word)(partial(self._word, hand.control))


class SageMaker:
    """A SageMaker of one's own, as a context manager, as a decorator, or started and stopped.

    ``transport`` says how this process's clients reach it: ``inprocess`` without a socket, also those that were made
    before or are addressed to AWS; ``http`` through a server, for those that are pointed at it. Other processes reach
    it at ``url`` in either case. In process, the ``fast`` lane leaves the wire out. With a ``state_dir`` it goes on
    from what is there, and keeps there what it changes.
    """

    def __init__(
        self,
        *,
        transport: str = "inprocess",
        lane: str = "wire",
        host: str = "127.0.0.1",
        port: int = 0,
        account: str = "123456789012",
        region: str = "us-east-1",
        pace: str = "instant",
        speed: float = 1.0,
        references: str = "strict",
        paging: str = "page-first",
        seed: int | None = None,
        guard: str = "sagemaker",
        state_dir: str | Path | None = None,
    ) -> None:
        for name, value, known in (
            ("transport", transport, TRANSPORTS),
            ("lane", lane, LANES),
            ("pace", pace, PACES),
            ("references", references, ("strict", "off")),
            ("paging", paging, ("page-first", "filter-first")),
            ("guard", guard, GUARDS),
        ):
            if value not in known:
                raise ValueError(f"{name} is {value!r} and not one of {', '.join(known)}.")
        check_place(account=account, region=region)
        if not speed > 0:
            raise ValueError(f"speed is {speed!r} and not above 0.")
        if not 0 <= port <= 65535:
            raise ValueError(f"port is {port!r} and not from 0 to 65535.")
        self.transport, self.lane, self.host, self.port = transport, lane, host, port
        self.account, self.region, self.guard = account, region, guard
        self.state_dir = state_dir
        self._begins = (pace, speed, references, paging, seed)
        self._running = ExitStack()
        self._entered: list[ExitStack] = []
        self._sessions: dict[tuple[str, str], Any] = {}
        self._clients: dict[tuple[str, str, str], Any] = {}

    # --- Its life -----------------------------------------------------------------------------------------------------

    @cached_property
    def emulator(self) -> Emulator:
        """The emulator itself."""
        *_, seed = self._begins
        emulator = sagemaker(self._settings(), Clock(), Chance(seed))
        if self.state_dir is not None:
            from emulator.engine import ledger

            self._running.callback(ledger.open(emulator, Path(self.state_dir)).close)
        return emulator

    def start(self) -> SageMaker:
        """Begin to answer; over HTTP the port is open when this returns."""
        if self.transport == "http":
            _ = self.url
        return self

    def stop(self) -> None:
        """Close the server, if there is one, and the clients that were handed out.

        What is in its directory, if it has one, is there when it is started again, or somebody else goes on from it.
        """
        for client in self._clients.values():
            client.close()
        self._clients.clear()
        self._sessions.clear()
        if "emulator" in self.__dict__ and self.emulator.neighbours is not None:
            self.emulator.neighbours.forget()  # they are the process's, and would be there for whoever comes next
        self._running.close()
        self.__dict__.pop("url", None)
        if self.state_dir is not None:
            for name in ("emulator", "_app"):
                self.__dict__.pop(name, None)

    def reset(self) -> None:
        """Begin anew: nothing in it, the settings it was made with, the seed's first identifiers."""
        *_, seed = self._begins
        self.emulator.control.reset()
        self.emulator.settings = self._settings()
        if seed is not None:
            self.emulator.chance = Chance(seed)

    @contextmanager
    def here(self, refuse: Callable[[str], NoReturn] | None = None) -> Iterator[SageMaker]:
        """Catch this process's calls if they are to stay in it, and guard the door, as long as this lasts."""
        from emulator.interfaces.guard import guarding, leave
        from emulator.interfaces.inprocess import InProcess, catching

        with ExitStack() as lasting:
            lasting.enter_context(guarding(self.guard, refuse or leave, self.host))
            if self.transport == "inprocess":
                lasting.enter_context(catching(InProcess(self._app, self._address, fast=self.lane == "fast")))
            yield self

    def __enter__(self) -> SageMaker:
        with ExitStack() as entered:  # what has begun ends if the rest cannot begin
            if not self._entered:
                entered.callback(self.stop)
                if self.state_dir is None:
                    self.reset()
                self.start()
                entered.enter_context(_environment(self.environment(endpoints=self.transport == "http")))
                entered.enter_context(self.here())
            self._entered.append(entered.pop_all())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._entered.pop().close()

    def __call__(self, function: Function) -> Function:
        """Return the function, plain, asynchronous or a generator, so that it finds a clean SageMaker when it runs."""
        if inspect.isclass(function):
            raise TypeError("A SageMaker decorates functions: of a class decorate the methods, or use it within them.")

        @wraps(function)
        def run(*args: Any, **more: Any) -> Any:
            with self:
                return function(*args, **more)

        @wraps(function)
        async def run_async(*args: Any, **more: Any) -> Any:
            with self:
                return await function(*args, **more)

        @wraps(function)
        def run_through(*args: Any, **more: Any) -> Any:
            with self:
                return (yield from function(*args, **more))

        @wraps(function)
        async def run_through_async(*args: Any, **more: Any) -> Any:
            with self:
                async for one in function(*args, **more):
                    yield one

        for is_such, runs in (
            (inspect.iscoroutinefunction, run_async),
            (inspect.isgeneratorfunction, run_through),
            (inspect.isasyncgenfunction, run_through_async),
        ):
            if is_such(function):
                return runs  # type: ignore[return-value]
        return run  # type: ignore[return-value]

    # --- Ways to it ---------------------------------------------------------------------------------------------------

    @cached_property
    def url(self) -> str:
        """Where it answers over HTTP. In process a server is started when somebody first asks."""
        from emulator.interfaces.background import Background

        server = Background(self._app, self.host, self.port)
        self._running.callback(server.stop)
        return server.url

    def client(
        self, service: str = "sagemaker", *, account: str | None = None, region: str | None = None, **more: Any
    ) -> Any:
        """Return a boto3 client, the same for the same words: making one takes longer than most tests.

        One with more said about it (``config=…``) is always new.
        """
        key = (service, account or self.account, region or self.region)
        if more:
            return self._session(*key[1:]).client(service, **more)
        if key not in self._clients:
            self._clients[key] = self._session(*key[1:]).client(service)
        return self._clients[key]

    def session(self, *, account: str | None = None, region: str | None = None) -> Any:
        """Return a new boto3 session whose calls stay on this machine, for whoever makes clients of its own.

        SageMaker's services and ``sts:GetCallerIdentity`` come here, and where the companions are installed all
        services do; what else would leave the machine is refused.
        """
        from emulator.interfaces.clients import LocalSession
        from emulator.interfaces.inprocess import InProcess, Route, ToServer

        account, region = account or self.account, region or self.region
        if self.transport == "inprocess":
            return LocalSession(
                InProcess(self._app, self._address, wherever=True, fast=self.lane == "fast"), account, region
            )
        route: Route = ToServer(self.url)
        return LocalSession(route, account, region, self.url)

    def environment(self, *, endpoints: bool = True) -> dict[str, str]:
        """Return the variables that point any AWS client at it; those in ``DROPPED`` should not be set beside them."""
        said = {
            "AWS_ACCESS_KEY_ID": self.account,
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        return said | (variables(self.url, everything=installed()) if endpoints else {})

    def _session(self, account: str, region: str) -> Any:
        if (account, region) not in self._sessions:
            self._sessions[account, region] = self.session(account=account, region=region)
        return self._sessions[account, region]

    def _address(self) -> str | None:
        """Return its address, if it has one."""
        return self.__dict__.get("url")

    @cached_property
    def _app(self) -> Any:
        from emulator.interfaces.http import create_app

        return create_app(self.emulator)

    # --- What is asked of it ------------------------------------------------------------------------------------------

    @property
    def control(self) -> Control:
        """The control surface, which knows the operations of every way in once these are there."""
        control: Control = self._app.emulator.control
        return control

    @property
    def clock(self) -> Clock:
        """The clock that all times come from: ``freeze``, ``set``, ``advance``, ``run``."""
        return self.emulator.clock

    @property
    def calls(self) -> Calls:
        """The calls that were made: ``query``, ``clear``, ``assert_called``, ``export``, ``replay``."""
        return self.control.calls

    @property
    def events(self) -> Events:
        """The events that were sent: ``query``, ``clear``, ``follow``, ``push``."""
        return self.control.events

    pace = _Word(Control.pace)
    step = _Word(Control.step)
    fail = _Word(Control.fail)
    error = _Word(Control.error)
    delay = _Word(Control.delay)
    drop = _Word(Control.drop)
    quota = _Word(Control.quota)
    rules = _Word(Control.rules)
    forget = _Word(Control.forget)
    state = _Word(Control.state)
    load = _Word(Control.load)

    def _settings(self) -> Settings:
        pace, speed, references, paging, _ = self._begins
        return Settings(self.account, self.region, Pace(pace, speed), paging == "filter-first", references == "strict")


@contextmanager
def _environment(said: Mapping[str, str]) -> Iterator[None]:
    """Set variables, and unset those that would mislead clients, as long as this lasts."""
    before = {name: os.environ.pop(name, None) for name in (*said, *DROPPED)}
    os.environ.update(said)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
