"""What was called: the last so many calls as they came, with what they were answered.

A call costs what it takes to keep references to it, and is kept as small as it came: where it was JSON, its params are
read from that again. What a reader of the history wants to see is made when it is read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import count
from time import perf_counter
from typing import Any, NamedTuple

from emulator.aws import jsontext
from emulator.aws.call import Call
from emulator.aws.errors import DroppedError, ServiceError
from emulator.engine.clock import Timepiece

KEPT = 1000  # calls, where nobody says otherwise
DROPPED = "Dropped"  # the code that stands for the answer that never came

Answer = dict[str, Any] | None


class Refused(NamedTuple):
    """What a call was refused with; without a status it was never answered."""

    code: str
    message: str | None
    status: int | None


class Heard(NamedTuple):
    """One call: its number, when it was answered, how long that took, and the answer or the error."""

    number: int
    operation: str
    said: bytes | dict[str, Any]  # its params
    account: str
    region: str
    caller: str
    time: float  # of the emulator's clock
    took: float  # seconds of the machine's time
    answer: Answer
    error: Refused | None
    elsewhere: bool  # whether a way in answers it, and the answer is not known here

    @property
    def call(self) -> Call:
        """The call as it came."""
        params = jsontext.read(self.said) if isinstance(self.said, bytes) else self.said
        return Call(self.operation, params, self.account, self.region, self.caller)


class History:
    """The last so many calls, the oldest first."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._kept: deque[tuple[Any, ...]] = deque(maxlen=KEPT)

    @property
    def calls(self) -> list[Heard]:
        """The calls that are kept."""
        return list(map(Heard._make, list(self._kept)))

    @property
    def size(self) -> int:
        """How many calls are kept at most."""
        return self._kept.maxlen or 0

    def keep(self, size: int) -> None:
        """Keep so many calls from now on; 0 keeps none and costs nothing."""
        self._kept = deque(self._kept, maxlen=size)

    def hear(
        self, call: Call, answer: Callable[[Call], Answer], clock: Timepiece, *, elsewhere: bool = False
    ) -> Answer:
        """Have a call answered, and remember both."""
        kept = self._kept
        if not kept.maxlen:
            return answer(call)
        operation, params, account, region, caller, body = call
        answered = refused = None
        began = perf_counter()
        try:
            answered = answer(call)
        except BaseException as error:
            refused = _refused(error)  # and not the error itself, which holds on to all that it came through
            raise
        finally:
            took, number = perf_counter() - began, next(self._numbers)
            whose = account, region, caller
            kept.append((number, operation, body or params, *whose, clock.now(), took, answered, refused, elsewhere))
        return answered

    def forget(self, account: str | None = None, region: str | None = None) -> int:
        """Forget all calls, or those of one account, one region or both; return how many these were."""
        kept = [one for one in self.calls if account not in (None, one.account) or region not in (None, one.region)]
        gone = len(self._kept) - len(kept)
        self._kept = deque(kept, maxlen=self._kept.maxlen)
        return gone


def _refused(error: BaseException) -> Refused:
    if isinstance(error, ServiceError):
        return Refused(error.code, error.message, error.status)
    return Refused(DROPPED, None, None) if isinstance(error, DroppedError) else Refused("InternalFailure", None, 500)
