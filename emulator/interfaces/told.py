"""Calls of SageMaker's own, from bytes to bytes. Who asks the same again, as a poll does, is told the same bytes again.

Only as long as that holds: whatever was told follows from one record, and that is still the record. What is asked a
first time, or anew after a change, is read, checked and worked out as any call is.
"""

from __future__ import annotations

from typing import NamedTuple

from emulator.aws import wire
from emulator.aws.call import Call
from emulator.aws.wire import Credential
from emulator.engine.emulator import Emulator
from emulator.engine.standing import Standing
from emulator.interfaces.way import Answer

KEPT = 500  # answers
SHORT, LONG = 500, 50_000  # bytes of a question that is kept, a name or an ARN, and of its answer

Question = tuple[str, str, str, str, bytes]


class Known(NamedTuple):
    """A call, what was told, and that as it was sent."""

    call: Call
    told: Standing
    answer: Answer


class Told:
    """What an emulator answers, with the last answers that may still hold."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._known: dict[Question | None, Known] = {}

    def answer(self, target: str, credential: Credential, body: bytes) -> Answer:
        """Return the answer to a call; ServiceError if it is refused."""
        short = len(body) <= SHORT
        question = (target, credential.account, credential.region, credential.key, body) if short else None
        known = self._known.get(question)
        if known is not None and self._emulator.repeat(known.call, known.told):
            return known.answer
        call = wire.decode(self._emulator.model, target, credential, body)
        told = self._emulator.answer(call)
        answer = Answer(200, wire.CONTENT_TYPE, wire.encode(told))
        if question and told.__class__ is Standing and len(answer.body) <= LONG:
            self._keep(question, Known(call, told, answer))
        return answer

    def _keep(self, question: Question, known: Known) -> None:
        if len(self._known) >= KEPT:
            self._known.clear()
        self._known[question] = known
