"""What was called: the last so many calls as they came, with what they were answered.

A call costs what it takes to keep references to it, and is kept as small as it came: where it was JSON, its params are
read from that again. What a reader of the history wants to see is made when it is read.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from copy import deepcopy
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
        """The call as it came, which belongs to the caller."""
        params = deepcopy(self.said) if isinstance(self.said, dict) else jsontext.read(self.said)
        return Call(self.operation, params, self.account, self.region, self.caller)


class History:
    """The last so many calls, the oldest first."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._kept: deque[tuple[Any, ...]] = deque(maxlen=KEPT)
        self._lock = threading.Lock()

    @property
    def calls(self) -> list[Heard]:
        """The calls that are kept."""
        with self._lock:
            kept = list(self._kept)
        return list(map(Heard._make, kept))

    @property
    def size(self) -> int:
        """How many calls are kept at most."""
        return self._kept.maxlen or 0

    def keep(self, size: int) -> None:
        """Keep so many calls from now on; 0 keeps none and costs nothing."""
        with self._lock:
            self._kept = deque(self._kept, maxlen=size)

    def hear(
        self, call: Call, answer: Callable[[Call], Answer], clock: Timepiece, *, elsewhere: bool = False
    ) -> Answer:
        """Have a call answered, and remember both."""
        if not self._kept.maxlen:
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
            whose, took = (account, region, caller), perf_counter() - began
            end = clock.now(), took, answered, refused, elsewhere
            with self._lock:  # for what is kept may be another deque by now
                self._kept.append((next(self._numbers), operation, body or params, *whose, *end))
        return answered

    def forget(self, account: str | None = None, region: str | None = None) -> int:
        """Forget all calls, or those of one account, one region or both; return how many these were."""
        with self._lock:
            heard = list(map(Heard._make, self._kept))
            kept = [one for one in heard if account not in (None, one.account) or region not in (None, one.region)]
            self._kept = deque(kept, maxlen=self._kept.maxlen)
        return len(heard) - len(kept)


def _refused(error: BaseException) -> Refused:
    if isinstance(error, ServiceError):
        return Refused(error.code, error.message, error.status)
    return Refused(DROPPED, None, None) if isinstance(error, DroppedError) else Refused("InternalFailure", None, 500)
