"""What was called: the last so many calls as they came, with what they were answered.

A call costs what it takes to keep references to it. What a reader of the history wants to see is made when it is read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import count
from time import perf_counter
from typing import Any, NamedTuple

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
    call: Call
    time: float  # of the emulator's clock
    took: float  # seconds of the machine's time
    answer: Answer
    error: Refused | None
    elsewhere: bool  # whether a way in answers it, and the answer is not known here


class History:
    """The last so many calls, the oldest first."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.calls: deque[Heard] = deque(maxlen=KEPT)

    @property
    def size(self) -> int:
        """How many calls are kept."""
        return self.calls.maxlen or 0

    def keep(self, size: int) -> None:
        """Keep so many calls from now on; 0 keeps none and costs nothing."""
        self.calls = deque(self.calls, maxlen=size)

    def hear(
        self, call: Call, answer: Callable[[Call], Answer], clock: Timepiece, *, elsewhere: bool = False
    ) -> Answer:
        """Have a call answered, and remember both."""
        if not self.calls.maxlen:
            return answer(call)
        began = perf_counter()
        answered: Answer = None
        refused: Refused | None = None
        try:
            answered = answer(call)
        except Exception as error:
            refused = _refused(error)  # and not the error itself, which holds on to all that it came through
            raise
        finally:
            took = perf_counter() - began
            self.calls.append(Heard(next(self._numbers), call, clock.now(), took, answered, refused, elsewhere))
        return answered

    def forget(self, account: str | None = None, region: str | None = None) -> int:
        """Forget all calls, or those of one account, one region or both; return how many these were."""
        kept = [
            one
            for one in list(self.calls)
            if account not in (None, one.call.account) or region not in (None, one.call.region)
        ]
        gone = len(self.calls) - len(kept)
        self.calls = deque(kept, maxlen=self.calls.maxlen)
        return gone


def _refused(error: Exception) -> Refused:
    if isinstance(error, ServiceError):
        return Refused(error.code, error.message, error.status)
    return Refused(DROPPED, None, None) if isinstance(error, DroppedError) else Refused("InternalFailure", None, 500)
